//! Fulfilling and refunding, with an answer for every single redemption.
//!
//! Twitch settles all ids of a request or none, and says only "404" when one of them was settled
//! before. After a 404, a 5xx or no answer at all, what Twitch holds is read back, so that nothing
//! is taken for settled, or for open, on a guess.

use super::failures::is_about_eligibility;
use super::pace::Pace;
use super::question;
use super::translation::{self, HelixRedemption, HelixReward};
use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::redemption::{
    Direction, SettleOutcome, StuckReason, TwitchRedemptionStatus,
};
use http::StatusCode;
use std::collections::HashMap;
use std::slice;
use twitch_api::helix::points::{
    GetCustomRewardRequest, UpdateRedemptionStatusBody, UpdateRedemptionStatusRequest,
};
use twitch_api::helix::{Request, RequestPatch};

/// The settling of redemptions of one reward in one direction.
pub(super) struct Settlement<'a> {
    pub(super) helix: &'a Helix,
    pub(super) channel: &'a TwitchUserId,
    pub(super) reward: &'a TwitchRewardId,
    pub(super) direction: Direction,
    pub(super) pace: &'a mut Pace,
}

/// What became of a request, for each of its redemptions.
struct Found {
    outcomes: Vec<SettleOutcome>,
    /// Set when Twitch is away or wants no more calls: the outcome of all that is left.
    setback: Option<SettleOutcome>,
}

/// What Twitch has of some redemptions.
struct Held {
    statuses: HashMap<String, TwitchRedemptionStatus>,
    /// Why the others are not there.
    absent: StuckReason,
}

impl<'a> Settlement<'a> {
    /// Settles; one outcome for each, in the order given.
    pub(super) async fn of(
        mut self,
        redemptions: &[RedemptionId],
    ) -> Vec<(RedemptionId, SettleOutcome)> {
        let mut outcomes = Vec::with_capacity(redemptions.len());
        let (mut left, mut setback) = (redemptions, None);
        while !left.is_empty() && setback.is_none() {
            let (batch, rest) = left.split_at(left.len().min(self.pace.batch_size()));
            let found = self.batch(batch).await;
            outcomes.extend(batch.iter().cloned().zip(found.outcomes));
            (left, setback) = (rest, found.setback);
        }
        if let Some(setback) = setback {
            outcomes.extend(left.iter().map(|id| (id.clone(), setback.clone())));
        }
        outcomes
    }

    async fn batch(&mut self, ids: &[RedemptionId]) -> Found {
        let Err(failure) = self.tell(ids).await else {
            self.pace.went_well();
            return Found::all(ids, SettleOutcome::Done);
        };
        let mut found = self.find_out(ids, &failure).await;
        if ids.len() > 1 {
            for (id, outcome) in ids.iter().zip(&mut found.outcomes) {
                if !needs_a_try_of_its_own(&failure, outcome) {
                    continue;
                }
                if let Some(setback) = &found.setback {
                    outcome.clone_from(setback);
                    continue;
                }
                let alone = self.single(id).await;
                found.setback = alone.setback;
                *outcome = alone.outcomes.into_iter().next().unwrap_or(SettleOutcome::Done);
            }
        }
        found
    }

    /// One of a batch that failed because of another.
    async fn single(&mut self, id: &RedemptionId) -> Found {
        let ids = slice::from_ref(id);
        match self.tell(ids).await {
            Ok(()) => Found::all(ids, SettleOutcome::Done),
            Err(failure) => self.find_out(ids, &failure).await,
        }
    }

    /// Tells Twitch to settle them, all or none.
    async fn tell(&self, ids: &[RedemptionId]) -> Result<(), CallFailure> {
        let [first, ..] = ids else { return Ok(()) };
        let one = UpdateRedemptionStatusRequest::new(
            self.channel.as_str(),
            self.reward.as_str(),
            first.as_str(),
        );
        let all = question(self.channel, self.reward, ids);
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
    async fn find_out(&mut self, ids: &[RedemptionId], failure: &CallFailure) -> Found {
        if matches!(failure, CallFailure::Doubtful(_)) {
            self.pace.failed();
        }
        if !leaves_doubt(failure) {
            return self.without_asking(ids, failure);
        }
        match self.held(ids).await {
            Ok(held) => {
                let open = self.outcome_of(failure);
                let ours = matches!(failure, CallFailure::Doubtful(_)).then_some(self.direction);
                let outcomes = ids.iter().map(|id| held.outcome(id, ours, &open)).collect();
                Found { outcomes, setback: None }
            }
            Err(failure) => self.without_asking(ids, &failure),
        }
    }

    fn without_asking(&mut self, ids: &[RedemptionId], failure: &CallFailure) -> Found {
        let outcome = self.outcome_of(failure);
        let is_setback = !matches!(failure, CallFailure::Refused { .. });
        let setback = is_setback.then(|| outcome.clone());
        Found { setback, ..Found::all(ids, outcome) }
    }

    /// What a failure means for a redemption that is open all the same.
    fn outcome_of(&mut self, failure: &CallFailure) -> SettleOutcome {
        let after_seconds = match failure {
            CallFailure::Refused { status: StatusCode::FORBIDDEN, message } => {
                return SettleOutcome::Impossible(if is_about_eligibility(message) {
                    StuckReason::ChannelNotEligible
                } else {
                    StuckReason::NotOurs
                });
            }
            CallFailure::LoginNeeded => return SettleOutcome::LoginNeeded,
            CallFailure::RateLimited { after_seconds: Some(seconds) } => Some(*seconds),
            CallFailure::Refused { .. } | CallFailure::ScopeMissing(_) => None,
            CallFailure::RateLimited { after_seconds: None }
            | CallFailure::NotNow(_)
            | CallFailure::Doubtful(_) => Some(self.pace.pause_seconds()),
        };
        SettleOutcome::Retry { after_seconds, reason: failure.to_string() }
    }

    async fn held(&self, ids: &[RedemptionId]) -> Result<Held, CallFailure> {
        let request = question(self.channel, self.reward, ids);
        let found = match self.helix.read::<HelixRedemption>(self.caller(), &request).await {
            Ok(page) => page.data,
            Err(failure) if is_not_found(&failure) => Vec::new(),
            Err(failure) => return Err(failure),
        };
        let absent = if found.is_empty() && self.reward_is_gone().await? {
            StuckReason::RewardDeleted
        } else {
            StuckReason::RedemptionUnknown
        };
        let statuses = found.into_iter().filter_map(|it| Some((it.status()?, it.id)));
        Ok(Held { statuses: statuses.map(|(status, id)| (id, status)).collect(), absent })
    }

    async fn reward_is_gone(&self) -> Result<bool, CallFailure> {
        let ids = [self.reward.as_str()];
        let request = GetCustomRewardRequest::broadcaster_id(self.channel.as_str()).ids(&ids[..]);
        match self.helix.read::<HelixReward>(self.caller(), &request).await {
            Ok(page) => Ok(page.data.is_empty()),
            Err(failure) if is_not_found(&failure) => Ok(true),
            Err(failure) => Err(failure),
        }
    }

    const fn caller(&self) -> Caller<'a> {
        Caller::Channel(self.channel)
    }
}

impl Found {
    fn all(ids: &[RedemptionId], outcome: SettleOutcome) -> Self {
        Self { outcomes: vec![outcome; ids.len()], setback: None }
    }
}

impl Held {
    /// `ours`: the direction in which the request that was just made may have settled it; `open`:
    /// what becomes of it when it is not settled.
    fn outcome(
        &self,
        id: &RedemptionId,
        ours: Option<Direction>,
        open: &SettleOutcome,
    ) -> SettleOutcome {
        let direction = match self.statuses.get(id.as_str()) {
            Some(TwitchRedemptionStatus::Fulfilled) => Direction::Fulfil,
            Some(TwitchRedemptionStatus::Canceled) => Direction::Refund,
            Some(TwitchRedemptionStatus::Unfulfilled) => return open.clone(),
            None => return SettleOutcome::Impossible(self.absent),
        };
        if ours == Some(direction) {
            SettleOutcome::Done
        } else {
            SettleOutcome::AlreadyDone(direction)
        }
    }
}

/// Whether the request may have been carried out, in part perhaps, or not because of what others
/// did. Twitch's mock settles the ids before the one that it calls invalid.
fn leaves_doubt(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Doubtful(_)) || is_about_single_ids(failure)
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

/// Whether one of many is tried by itself: it is open, and the request failed because of another;
/// or it was not among what Twitch told of many, which by itself proves nothing.
fn needs_a_try_of_its_own(failure: &CallFailure, outcome: &SettleOutcome) -> bool {
    match outcome {
        SettleOutcome::Retry { .. } => is_about_single_ids(failure),
        SettleOutcome::Impossible(reason) => *reason == StuckReason::RedemptionUnknown,
        _ => false,
    }
}
