//! What Twitch never told. Missed events are not repeated, so Twitch's own list of unfulfilled
//! redemptions is compared with the ledger: at start, after each reconnection, and every minute.

use super::{Contribution, Gamification, Served, ServiceError};
use crate::campaign::User;
use crate::ids::{RedemptionId, TwitchRewardId, TwitchUserId, UserId};
use crate::ports::{PageRequest, RedemptionFilter, RewardError};
use crate::redemption::{IncomingRedemption, Redemption, RedemptionSource, Settlement};
use crate::reward::Reward;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// How many redemptions of a reward are compared: more than viewers click in a minute. What is
/// beyond is found when these are settled.
const LIST_MAX: u32 = 5_000;

/// How many stuck redemptions are read at once.
const PAGE_MAX: u32 = 200;

/// How many redemptions are taken in at once.
const BATCH_MAX: usize = 100;

/// How many redemptions are looked up at once.
const LOOK_UP_MAX: usize = 50;

/// What only the poll found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Missed {
    /// Redemptions that were never delivered, and are in the ledger now.
    pub found: u64,
    /// Redemptions that a moderator settled, which was never delivered, and is in the ledger now.
    pub settled_elsewhere: u64,
}

impl AddAssign for Missed {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.settled_elsewhere += other.settled_elsewhere;
    }
}

/// A reward on Twitch, with the redemptions that Twitch should hold unfulfilled: those that wait for
/// their goal or for a person. What is due is settled anyway.
struct Expected {
    reward: TwitchRewardId,
    waiting: Vec<RedemptionId>,
}

impl Gamification {
    /// Compares every reward that is not deleted with what Twitch holds. One channel's trouble
    /// holds up no other.
    ///
    /// # Errors
    /// The first failure of the store, after all channels were tried.
    pub async fn find_missed_redemptions(&self) -> Served<Missed> {
        let (mut missed, mut failure) = (Missed::default(), None);
        for (user, rewards) in self.managed(None).await? {
            match self.find_missed_on(&user, &rewards).await {
                Ok(found) => missed += found,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(missed), Err)
    }

    /// Compares the rewards of one channel with what Twitch holds; nothing when the channel has
    /// none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find_missed_redemptions_of(&self, channel: &TwitchUserId) -> Served<Missed> {
        let mut missed = Missed::default();
        for (user, rewards) in self.managed(Some(channel)).await? {
            missed += self.find_missed_on(&user, &rewards).await?;
        }
        Ok(missed)
    }

    /// Channels with the rewards there that may hold redemptions.
    async fn managed(&self, only: Option<&TwitchUserId>) -> Served<Vec<(User, Vec<Reward>)>> {
        let mut rewards: BTreeMap<_, Vec<Reward>> = BTreeMap::new();
        for reward in self.ports.queries.rewards_not_deleted().await? {
            if reward.twitch_id.is_some() {
                rewards.entry(UserId::from(reward.streamer_id)).or_default().push(reward);
            }
        }
        let users = self.ports.queries.channels_with_rewards().await?;
        let wanted = users.into_iter().filter(|user| only.is_none_or(|id| *id == user.twitch_id));
        Ok(wanted
            .filter_map(|user| rewards.remove(&user.id).map(|rewards| (user, rewards)))
            .collect())
    }

    async fn find_missed_on(&self, user: &User, rewards: &[Reward]) -> Served<Missed> {
        let channel = &user.twitch_id;
        let (mut missed, mut failure) = (Missed::default(), None);
        for expected in self.expected(rewards).await? {
            match self.compare(channel, &expected, &mut missed).await {
                Ok(()) => {}
                // That reward is gone or was never ours: it is noticed where rewards are inspected.
                Err(ServiceError::Twitch(RewardError::Missing | RewardError::NotOurs)) => {}
                // The next reward of the channel would meet the same.
                Err(ServiceError::Twitch(error)) => {
                    tracing::debug!(channel = %channel, %error, "cannot look for missed redemptions");
                    break;
                }
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        if missed != Missed::default() {
            let Missed { found, settled_elsewhere } = missed;
            tracing::info!(channel = %channel, found, settled_elsewhere, "redemptions were missed");
        }
        failure.map_or(Ok(missed), Err)
    }

    /// What the ledger expects. Read before Twitch is asked: what arrives in between is on Twitch's
    /// list and known to the ledger, which is no difference.
    async fn expected(&self, rewards: &[Reward]) -> Served<Vec<Expected>> {
        let mut expected = Vec::with_capacity(rewards.len());
        for reward in rewards {
            if let Some(id) = reward.twitch_id.clone() {
                let queries = &self.ports.queries;
                let mut waiting = queries.pending_of_reward(reward.key, LIST_MAX).await?;
                let stuck = self.stuck_rows_of(reward).await?;
                waiting.extend(stuck.into_iter().map(|row| row.id));
                expected.push(Expected { reward: id, waiting });
            }
        }
        Ok(expected)
    }

    /// The rows of a reward that wait for a person.
    pub(super) async fn stuck_rows_of(&self, reward: &Reward) -> Served<Vec<Redemption>> {
        let filter = || RedemptionFilter {
            settlement: Some(Settlement::Stuck),
            streamer: Some(reward.streamer_id),
            instance: None,
        };
        let (mut stuck, mut cursor) = (Vec::new(), None);
        loop {
            let request = PageRequest { limit: PAGE_MAX, cursor };
            let page =
                self.ports.queries.redemptions(reward.campaign_id, filter(), request).await?;
            stuck.extend(page.items.into_iter().filter(|row| row.reward_key == reward.key));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(stuck);
            }
        }
    }

    /// Takes in what the ledger lacks, and what Twitch says of what its list lacks.
    async fn compare(
        &self,
        channel: &TwitchUserId,
        expected: &Expected,
        missed: &mut Missed,
    ) -> Served<()> {
        let held = self.ports.rewards.unfulfilled(channel, &expected.reward, LIST_MAX).await?;
        let listed: BTreeSet<_> = held.iter().map(|redemption| redemption.id.clone()).collect();
        let waiting: BTreeSet<_> = expected.waiting.iter().collect();
        let others = held.into_iter().filter(|held| !waiting.contains(&held.id)).collect();
        let taken = self.take_in_missed(others, missed).await;
        // Absence proves nothing, so Twitch is asked for each.
        let absent: Vec<_> =
            expected.waiting.iter().filter(|id| !listed.contains(*id)).cloned().collect();
        for some in absent.chunks(LOOK_UP_MAX) {
            let found = self.ports.rewards.look_up(channel, &expected.reward, some).await?;
            for (id, status) in found {
                missed.settled_elsewhere += u64::from(self.take_word(&id, status).await?);
            }
        }
        taken
    }

    /// Takes in those that the ledger lacks. What it has, thousands that are due perhaps, costs a
    /// read and no transaction. One that cannot be stored holds up no other.
    async fn take_in_missed(
        &self,
        listed: Vec<IncomingRedemption>,
        missed: &mut Missed,
    ) -> Served<()> {
        let ids: Vec<_> = listed.iter().map(|redemption| redemption.id.clone()).collect();
        let known = self.ports.queries.known_redemptions(&ids).await?;
        let known: BTreeSet<_> = known.into_iter().collect();
        let unknown: Vec<_> = listed
            .into_iter()
            .filter(|redemption| !known.contains(&redemption.id))
            .map(|unknown| IncomingRedemption { source: RedemptionSource::Poll, ..unknown })
            .collect();
        let mut failure = None;
        for some in unknown.chunks(BATCH_MAX) {
            for outcome in self.contribute(some).await {
                match outcome {
                    Ok(Contribution::Counted(_) | Contribution::Refused(_)) => missed.found += 1,
                    Ok(Contribution::Duplicate | Contribution::NotOurs) => {}
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
        }
        failure.map_or(Ok(()), Err)
    }
}
