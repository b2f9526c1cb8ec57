//! The points that a retired reward still holds.

use super::super::{Contribution, Gamification, Served};
use super::LIST_MAX;
use crate::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use crate::ports::RewardError;
use crate::redemption::{IncomingRedemption, Redemption, StuckReason};
use crate::reward::Reward;

/// How long rows that were given up and tried again have, in seconds, before it is looked again.
const RETRIED_SECONDS: u32 = 60;

impl Gamification {
    /// The rows of a reward that did not end, if they are stuck for a reason that no login and no
    /// patience will change; `None` while one of them may still be settled.
    pub(super) async fn only_given_up(&self, reward: &Reward) -> Served<Option<Vec<RedemptionId>>> {
        let unsettled = self.ports.queries.unsettled_of_reward(reward.key).await?;
        if unsettled == 0 {
            return Ok(Some(Vec::new()));
        }
        let is_final = |row: &Redemption| {
            row.stuck_reason.is_some_and(|reason| reason != StuckReason::LoginNeeded)
        };
        let stuck = self.stuck_rows_of(reward).await?;
        let given_up: Vec<_> = stuck.into_iter().filter(is_final).map(|row| row.id).collect();
        Ok((given_up.len() as u64 >= unsettled).then_some(given_up))
    }

    /// Asks for the last time what Twitch holds of rows that were given up, and records what was
    /// settled there by somebody else.
    pub(super) async fn read_back(
        &self,
        channel: &TwitchUserId,
        id: &TwitchRewardId,
        given_up: &[RedemptionId],
    ) -> Served<Result<(), RewardError>> {
        for ids in given_up.chunks(LIST_MAX as usize) {
            let found = match self.ports.rewards.look_up(channel, id, ids).await {
                Ok(found) => found,
                // Nobody can tell any more.
                Err(RewardError::Missing) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            };
            for (id, status) in found {
                self.redemption_updated(&id, status).await?;
            }
        }
        Ok(Ok(()))
    }

    /// What Twitch still holds unfulfilled on a reward that seemed to be settled: clicks that were
    /// never delivered are recorded, and rows that were given up are tried again.
    pub(super) async fn take_in(
        &self,
        reward: Reward,
        found: &[IncomingRedemption],
    ) -> Served<bool> {
        let mut pause = 0;
        for (redemption, outcome) in found.iter().zip(self.contribute(found).await) {
            if outcome? == Contribution::Duplicate {
                let mut uow = self.ports.store.begin().await?;
                if uow.redemptions().retry(&redemption.id, self.now()).await? {
                    uow.commit().await?;
                }
                pause = RETRIED_SECONDS;
            }
        }
        let next_attempt_at = Some(self.now().plus_seconds(pause));
        let next = Reward { empty_since: None, next_attempt_at, ..reward.clone() };
        self.save(&reward, next).await
    }
}
