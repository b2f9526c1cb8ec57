//! Fulfilling and refunding, with an answer for every single redemption.
//!
//! Twitch settles all ids of a request or none, and says only "404" when one of them was settled
//! before. After a 404, a 5xx or no answer at all, what Twitch holds is read back, so that nothing
//! is taken for settled, or for open, on a guess.

use super::failures::is_about_eligibility;
use super::translation;
use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::redemption::{Direction, SettleOutcome, StuckReason};
use http::StatusCode;
use std::collections::HashMap;
use std::slice;
use twitch_api::helix::points::{
    CustomRewardRedemptionStatus, GetCustomRewardRedemptionRequest, GetCustomRewardRequest,
    UpdateRedemptionStatusBody, UpdateRedemptionStatusRequest,
};
use twitch_api::helix::{Request, RequestPatch};

/// Redemptions in one request. Twitch allows 50, but requests of that size were seen to fail with
/// 500 and a part of them settled.
const BATCH: usize = 10;

/// How long to wait while the channel's login is dead: the points can still be given back when it
/// returns, so its redemptions are never given up here.
const LOGIN_WAIT_SECONDS: u32 = 60;

/// The settling of redemptions of one reward in one direction.
pub(super) struct Settlement<'a> {
    helix: &'a Helix,
    channel: &'a TwitchUserId,
    reward: &'a TwitchRewardId,
    direction: Direction,
    /// Set when Twitch is away or wants no more calls: the outcome of all that is left.
    setback: Option<SettleOutcome>,
}

/// What Twitch has of some redemptions.
struct Held {
    statuses: HashMap<String, CustomRewardRedemptionStatus>,
    /// Why the others are not there.
    absent: StuckReason,
}

impl<'a> Settlement<'a> {
    pub(super) const fn new(
        helix: &'a Helix,
        channel: &'a TwitchUserId,
        reward: &'a TwitchRewardId,
        direction: Direction,
    ) -> Self {
        Self { helix, channel, reward, direction, setback: None }
    }

    /// Settles; one outcome for each, in the order given.
    pub(super) async fn of(
        mut self,
        redemptions: &[RedemptionId],
    ) -> Vec<(RedemptionId, SettleOutcome)> {
        let mut outcomes = Vec::with_capacity(redemptions.len());
        for batch in redemptions.chunks(BATCH) {
            outcomes.extend(batch.iter().cloned().zip(self.batch(batch).await));
        }
        outcomes
    }

    async fn batch(&mut self, ids: &[RedemptionId]) -> Vec<SettleOutcome> {
        if let Some(setback) = &self.setback {
            return vec![setback.clone(); ids.len()];
        }
        let Err(failure) = self.tell(ids).await else {
            return vec![SettleOutcome::Done; ids.len()];
        };
        let mut outcomes = self.find_out(ids, &failure).await;
        if ids.len() > 1 && is_about_single_ids(&failure) {
            for (id, outcome) in ids.iter().zip(&mut outcomes) {
                if matches!(outcome, SettleOutcome::Retry { .. }) {
                    *outcome = self.single(id).await;
                }
            }
        }
        outcomes
    }

    /// One of a batch that failed because of another.
    async fn single(&mut self, id: &RedemptionId) -> SettleOutcome {
        if let Some(setback) = &self.setback {
            return setback.clone();
        }
        let ids = slice::from_ref(id);
        let Err(failure) = self.tell(ids).await else { return SettleOutcome::Done };
        let mut outcomes = self.find_out(ids, &failure).await;
        outcomes.pop().unwrap_or_else(|| outcome_of(&failure))
    }

    /// Tells Twitch to settle them, all or none.
    async fn tell(&self, ids: &[RedemptionId]) -> Result<(), CallFailure> {
        let [first, ..] = ids else { return Ok(()) };
        let one = UpdateRedemptionStatusRequest::new(
            self.channel.as_str(),
            self.reward.as_str(),
            first.as_str(),
        );
        let all = self.question(ids);
        let build = |token: &str, client: &str| {
            let body = UpdateRedemptionStatusBody::status(translation::status(self.direction));
            let mut request = one.create_request(body, token, client)?;
            // twitch_api knows the request for one id only; the question for many of them has
            // the same address and parameters.
            *request.uri_mut() = all.get_uri()?;
            Ok(request)
        };
        self.helix.call(Caller::Channel(self.channel), build).await.map(drop)
    }

    /// What a failure means for each; where it leaves a doubt, Twitch is asked.
    async fn find_out(
        &mut self,
        ids: &[RedemptionId],
        failure: &CallFailure,
    ) -> Vec<SettleOutcome> {
        if !leaves_doubt(failure) {
            return vec![self.note(failure); ids.len()];
        }
        match self.held(ids).await {
            Ok(held) => ids.iter().map(|id| held.outcome(id, failure)).collect(),
            Err(failure) => vec![self.note(&failure); ids.len()],
        }
    }

    fn note(&mut self, failure: &CallFailure) -> SettleOutcome {
        let outcome = outcome_of(failure);
        if !matches!(failure, CallFailure::Refused { .. }) {
            self.setback = Some(outcome.clone());
        }
        outcome
    }

    async fn held(&self, ids: &[RedemptionId]) -> Result<Held, CallFailure> {
        let found = match self.helix.get(self.caller(), &self.question(ids)).await {
            Ok(answer) => answer.data,
            Err(failure) if is_not_found(&failure) => Vec::new(),
            Err(failure) => return Err(failure),
        };
        let absent = if found.is_empty() && self.reward_is_gone().await? {
            StuckReason::RewardDeleted
        } else {
            StuckReason::RedemptionUnknown
        };
        let statuses = found.into_iter().map(|it| (it.id.as_str().to_owned(), it.status));
        Ok(Held { statuses: statuses.collect(), absent })
    }

    async fn reward_is_gone(&self) -> Result<bool, CallFailure> {
        let ids = [self.reward.as_str()];
        let request = GetCustomRewardRequest::broadcaster_id(self.channel.as_str()).ids(&ids[..]);
        match self.helix.get(self.caller(), &request).await {
            Ok(answer) => Ok(answer.data.is_empty()),
            Err(failure) if is_not_found(&failure) => Ok(true),
            Err(failure) => Err(failure),
        }
    }

    const fn caller(&self) -> Caller<'a> {
        Caller::Channel(self.channel)
    }

    fn question(&self, ids: &[RedemptionId]) -> GetCustomRewardRedemptionRequest<'a> {
        let ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
        GetCustomRewardRedemptionRequest::broadcaster_id(self.channel.as_str())
            .reward_id(self.reward.as_str())
            .ids(ids)
    }
}

impl Held {
    fn outcome(&self, id: &RedemptionId, failure: &CallFailure) -> SettleOutcome {
        match self.statuses.get(id.as_str()) {
            Some(CustomRewardRedemptionStatus::Fulfilled) => {
                SettleOutcome::AlreadyDone(Direction::Fulfil)
            }
            Some(CustomRewardRedemptionStatus::Canceled) => {
                SettleOutcome::AlreadyDone(Direction::Refund)
            }
            Some(_) => outcome_of(failure),
            None => SettleOutcome::Impossible(self.absent),
        }
    }
}

/// What a failure means for a redemption that is open all the same.
fn outcome_of(failure: &CallFailure) -> SettleOutcome {
    match failure {
        CallFailure::Refused { status: StatusCode::FORBIDDEN, message } => {
            SettleOutcome::Impossible(if is_about_eligibility(message) {
                StuckReason::ChannelNotEligible
            } else {
                StuckReason::NotOurs
            })
        }
        CallFailure::RateLimited { after_seconds } => {
            SettleOutcome::Retry { after_seconds: *after_seconds, reason: failure.to_string() }
        }
        CallFailure::LoginNeeded => SettleOutcome::Retry {
            after_seconds: Some(LOGIN_WAIT_SECONDS),
            reason: failure.to_string(),
        },
        _ => SettleOutcome::Retry { after_seconds: None, reason: failure.to_string() },
    }
}

/// Whether the request may have been carried out, or not because of what others did.
fn leaves_doubt(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Doubtful(_)) || is_not_found(failure)
}

fn is_not_found(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Refused { status: StatusCode::NOT_FOUND, .. })
}

/// Whether one id can have spoilt a request for the others: it is settled or unknown, or no id.
fn is_about_single_ids(failure: &CallFailure) -> bool {
    let is_invalid =
        matches!(failure, CallFailure::Refused { status: StatusCode::BAD_REQUEST, .. });
    is_invalid || is_not_found(failure)
}
