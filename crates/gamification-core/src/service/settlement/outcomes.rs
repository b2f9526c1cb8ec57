//! What Twitch's answers mean for the rows that were to be settled.
//!
//! Who did it: a claim counts as an attempt when it is made, before Twitch is called, so that a try
//! whose answer was lost in a crash is not forgotten. What Twitch says was settled already, in the
//! direction that we want, is ours when a try of ours went before, and a moderator's otherwise.
//! After a lost try nobody can know better; the points are where they have to be either way.

use super::super::Served;
use crate::backoff::retry_seconds;
use crate::campaign::MembershipStatus;
use crate::ids::{CampaignId, RedemptionId, StreamerId};
use crate::login::{LOGIN_WAIT_SECONDS_MAX, LoginStatus, TwitchLogin};
use crate::ports::{SettlementUpdate, UnitOfWork};
use crate::redemption::{Direction, Redemption, SettleOutcome, SettledBy, Settlement, StuckReason};
use crate::time::Timestamp;
use std::collections::HashMap;

/// How long the rows of a channel whose login is dead are left alone, in seconds; its return wakes
/// them before.
const LOGIN_WAIT_SECONDS: u32 = 60;

/// Rows of one reward that were claimed, and what Twitch said of them.
pub(super) struct Claim {
    pub(super) rows: Vec<Redemption>,
    pub(super) outcomes: HashMap<RedemptionId, SettleOutcome>,
    pub(super) claimed_at: Timestamp,
}

/// How rows go on whose channel's login is dead.
#[derive(Debug, Clone, Copy)]
pub(super) enum LoginWait {
    /// They wait until then.
    Until(Timestamp),
    /// They wait, but not for ever: those that came before then are given to a person.
    Since(Timestamp),
    /// Nobody expects the login to return: a person has to decide.
    Over,
}

impl Claim {
    /// How long the rows have to wait for the channel's login, if any of them does. The login is
    /// locked, so that it cannot return unseen between this answer and the commit.
    pub(super) async fn wait_for_login(
        &self,
        uow: &mut dyn UnitOfWork,
        now: Timestamp,
    ) -> Served<LoginWait> {
        let is_needed = self.outcomes.values().any(|o| *o == SettleOutcome::LoginNeeded);
        let Some(row) = self.rows.first().filter(|_| is_needed) else {
            return Ok(LoginWait::Until(now));
        };
        let login = uow.logins().lock(row.streamer_id.into()).await?;
        let has_returned =
            login.as_ref().is_some_and(|login| login.status() == LoginStatus::Connected);
        // Who left will hardly log in again; but who just did has nothing to do with that.
        if !has_returned && !takes_part(uow, row.campaign_id, row.streamer_id).await? {
            return Ok(LoginWait::Over);
        }
        Ok(login.map_or(LoginWait::Since(now.minus_seconds(LOGIN_WAIT_SECONDS_MAX)), |login| {
            self.wait_for(&login, now)
        }))
    }

    fn wait_for(&self, login: &TwitchLogin, now: Timestamp) -> LoginWait {
        if login.is_given_up(now) {
            LoginWait::Over
        } else if login.logged_in_at > self.claimed_at {
            // It returned while Twitch was being asked.
            LoginWait::Until(now)
        } else {
            LoginWait::Until(now.plus_seconds(LOGIN_WAIT_SECONDS))
        }
    }

    /// What its outcome means for a row. A row for which Twitch said nothing is tried again.
    pub(super) fn update_for(
        &self,
        row: &Redemption,
        wait: LoginWait,
        now: Timestamp,
    ) -> SettlementUpdate {
        match self.outcomes.get(&row.id) {
            Some(SettleOutcome::Done) => {
                let direction = row.direction.unwrap_or(Direction::Refund);
                SettlementUpdate::Settled { direction, by: SettledBy::Us }
            }
            Some(SettleOutcome::AlreadyDone(direction)) => {
                // What this claim itself did, it would have answered.
                let by = settled_by(row, row.attempts.saturating_sub(1), *direction);
                SettlementUpdate::Settled { direction: *direction, by }
            }
            Some(SettleOutcome::Impossible(reason)) => SettlementUpdate::Stuck { reason: *reason },
            Some(SettleOutcome::LoginNeeded) => without_login(row, wait, now),
            Some(SettleOutcome::Retry { after_seconds, reason }) => SettlementUpdate::Postponed {
                next_attempt_at: now.plus_seconds(after_seconds.unwrap_or_else(|| backoff(row))),
                error: reason.clone(),
            },
            None => SettlementUpdate::Postponed {
                next_attempt_at: now.plus_seconds(backoff(row)),
                error: "Twitch did not answer for this redemption".to_owned(),
            },
        }
    }
}

/// Whether the streamer is still in the campaign.
async fn takes_part(
    uow: &mut dyn UnitOfWork,
    campaign: CampaignId,
    streamer: StreamerId,
) -> Served<bool> {
    let member = uow.campaigns().membership(campaign, streamer).await?;
    Ok(member.is_some_and(|member| member.status != MembershipStatus::Left))
}

/// Who settled a redemption of which Twitch says that it was settled that way, after so many tries
/// of ours. Nobody here tries what waits for its goal or for a person.
pub(super) fn settled_by(row: &Redemption, tries: u32, direction: Direction) -> SettledBy {
    let is_due = row.settlement == Settlement::due(direction);
    if is_due && tries > 0 { SettledBy::Us } else { SettledBy::External }
}

fn without_login(row: &Redemption, wait: LoginWait, now: Timestamp) -> SettlementUpdate {
    let next_attempt_at = match wait {
        LoginWait::Until(then) => then,
        LoginWait::Since(since) if row.received_at > since => now.plus_seconds(LOGIN_WAIT_SECONDS),
        LoginWait::Since(_) | LoginWait::Over => {
            return SettlementUpdate::Stuck { reason: StuckReason::LoginNeeded };
        }
    };
    SettlementUpdate::Waiting { next_attempt_at, error: "login_needed".to_owned() }
}

/// Seconds until a failed try is repeated; the claim has counted it.
fn backoff(row: &Redemption) -> u32 {
    retry_seconds(row.attempts.saturating_sub(1))
}
