//! The reward reconciler: the only writer of rewards. It makes Twitch agree with what is desired,
//! at most one change per reward every two seconds, and touches only rewards that it has a row for.

mod create;

use super::changes::Changes;
use super::context::{Channel, EventAtTable, Table};
use super::{Gamification, Served, ServiceError};
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::User;
use crate::event::Event;
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::instance::GoalScope;
use crate::ports::{Lock, RewardError, UnitOfWork};
use crate::reward::{DesiredReward, PauseReason, Reward, RewardSpec, RewardStatus, desired_reward};
use serde_json::json;

/// Twitch answered quick edits with errors: a reward rests that long between two, in seconds.
const REST_SECONDS: u32 = 2;

/// The longest pause between two tries, in seconds.
const BACKOFF_SECONDS_MAX: u32 = 300;

/// How many titles are tried when a channel already has a reward of that name.
const TITLES_MAX: u32 = 5;

/// The most characters that Twitch allows in a title.
const TITLE_LENGTH_MAX: usize = 45;

/// An opt-in, by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OptInKey {
    campaign: CampaignId,
    streamer: StreamerId,
    event: EventId,
}

/// What is desired for an opt-in, and what there is.
struct Situation {
    desired: DesiredReward,
    live: Option<Reward>,
    streamer: User,
    is_opted_in: bool,
}

impl Gamification {
    /// One step towards what is desired, for every opt-in and every reward on its way out; how many
    /// changes were made. One reward's trouble does not hold up the others.
    ///
    /// # Errors
    /// The first failure of the store, after all were tried.
    pub async fn reconcile_rewards(&self) -> Served<u64> {
        let mut uow = self.ports.store.begin().await?;
        let opt_ins = uow.configs().all_streamer_configs().await?;
        let rewards = uow.rewards().not_deleted().await?;
        drop(uow);
        let (mut changed, mut failure) = (0, None);
        for config in opt_ins {
            let (campaign, streamer, event) =
                (config.campaign_id, config.streamer_id, config.event_id);
            match self.reconcile(OptInKey { campaign, streamer, event }).await {
                Ok(was_changed) => changed += u64::from(was_changed),
                Err(ServiceError::Store(error)) => failure = failure.or(Some(error)),
                Err(_) => {}
            }
        }
        for reward in rewards.into_iter().filter(|reward| !reward.status.is_live()) {
            match self.retire_further(reward).await {
                Ok(was_changed) => changed += u64::from(was_changed),
                Err(ServiceError::Store(error)) => failure = failure.or(Some(error)),
                Err(_) => {}
            }
        }
        failure.map_or(Ok(changed), |error| Err(error.into()))
    }

    /// One step for one opt-in; the reward that viewers may see afterwards.
    ///
    /// # Errors
    /// [`ServiceError::Twitch`] when Twitch refused or could not be reached.
    pub async fn reconcile_reward_of(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Served<Option<Reward>> {
        self.reconcile(OptInKey { campaign, streamer, event }).await?;
        let mut uow = self.ports.store.begin().await?;
        Ok(uow.rewards().live(campaign, streamer, event).await?)
    }

    async fn reconcile(&self, key: OptInKey) -> Served<bool> {
        let Some(situation) = self.situation(key).await? else {
            return Ok(false);
        };
        match (&situation.desired, situation.live.clone()) {
            (DesiredReward::Absent(_), None) => Ok(false),
            (DesiredReward::Absent(_), Some(reward)) => self.begin_retirement(reward).await,
            (DesiredReward::Paused(..) | DesiredReward::Active(_), None) => {
                if !situation.is_opted_in {
                    return Ok(false);
                }
                self.free_title(key).await?;
                let reward = self.insert_row(key, &situation).await?;
                self.create(reward, &situation).await
            }
            (_, Some(reward)) if reward.twitch_id.is_none() => {
                if !self.may_try(&reward) {
                    return Ok(false);
                }
                self.create(reward, &situation).await
            }
            (_, Some(reward)) => self.change(reward, &situation).await,
        }
    }

    /// Rewards of the opt-in that are on their way out give up their title, for the next one.
    async fn free_title(&self, key: OptInKey) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let mut retired = uow.rewards().not_deleted().await?;
        drop(uow);
        retired.retain(|r| {
            let of =
                OptInKey { campaign: r.campaign_id, streamer: r.streamer_id, event: r.event_id };
            of == key && !r.status.is_live()
        });
        for reward in retired {
            self.retire_further(reward).await?;
        }
        Ok(())
    }

    async fn situation(&self, key: OptInKey) -> Served<Option<Situation>> {
        let mut uow = self.ports.store.begin().await?;
        let table = self.table(uow.as_mut(), key.campaign, Lock::None).await?;
        let at = self.event_at_table(uow.as_mut(), key.campaign, key.event, Lock::None).await?;
        let streamer = uow.users().get(key.streamer.into()).await?;
        let (Some(table), Some(at), Some(streamer)) = (table, at, streamer) else {
            return Ok(None);
        };
        let channel = self.channel(uow.as_mut(), key.campaign, key.event, key.streamer).await?;
        let live = uow.rewards().live(key.campaign, key.streamer, key.event).await?;
        let desired = self.desired(uow.as_mut(), key, &table, &at, &channel, &streamer).await?;
        let is_opted_in = channel.config.is_some_and(|config| config.is_enabled);
        Ok(Some(Situation { desired, live, streamer, is_opted_in }))
    }

    async fn desired(
        &self,
        uow: &mut dyn UnitOfWork,
        key: OptInKey,
        table: &Table,
        at: &EventAtTable,
        channel: &Channel,
        streamer: &User,
    ) -> Served<DesiredReward> {
        let now = self.now();
        let scope = GoalScope::of(at.event.scope, key.streamer);
        let goal = uow.instances().lock_open(key.campaign, key.event, scope).await?;
        let goal = goal.filter(|goal| goal.deadline().is_some_and(|deadline| deadline > now));
        let cooldown = uow.instances().cooldown(key.campaign, key.event, scope, now).await?;
        let here = table.circumstances(at, Some(channel), goal.as_ref(), cooldown.is_some());
        let spec = RewardSpec {
            title: at.event.name.in_language(&streamer.language).to_owned(),
            cost: at.event.cost_on(channel.config.as_ref(), at.config.as_ref()),
            prompt: at.event.description.in_language(&streamer.language).to_owned(),
            colour: at.event.reward_colour.clone(),
        };
        Ok(desired_reward(&here, key.streamer, spec, now))
    }

    fn may_try(&self, reward: &Reward) -> bool {
        let now = self.now();
        let is_rested = reward.changed_at.plus_seconds(REST_SECONDS) <= now;
        is_rested && reward.next_attempt_at.is_none_or(|next| next <= now)
    }

    async fn change(&self, reward: Reward, situation: &Situation) -> Served<bool> {
        let Some((spec, paused_because)) = wanted(&situation.desired) else {
            return Ok(false);
        };
        let is_numbered = (1..=TITLES_MAX).any(|n| numbered(&spec.title, n) == reward.spec.title);
        let title = if is_numbered { reward.spec.title.clone() } else { spec.title.clone() };
        let spec = RewardSpec { title, ..spec.clone() };
        let was_paused = reward.status == RewardStatus::Paused;
        // After a try that was not answered nobody knows what Twitch holds: it is told again.
        let is_same = spec == reward.spec
            && was_paused == paused_because.is_some()
            && reward.failed_attempts == 0;
        let Some(id) = reward.twitch_id.clone().filter(|_| self.may_try(&reward)) else {
            return Ok(false);
        };
        if is_same {
            if reward.paused_because == paused_because {
                return Ok(false);
            }
            return self.save(&reward, Reward { paused_because, ..reward.clone() }).await;
        }
        if !self.mark_tried(&reward).await? {
            return Ok(false);
        }
        let channel = &situation.streamer.twitch_id;
        let told = self.ports.rewards.update(channel, &id, &spec, paused_because.is_some()).await;
        if let Err(error) = told {
            self.note_failure(&reward, &error).await?;
            return Err(error.into());
        }
        let next = Reward {
            status: status_for(paused_because),
            spec,
            paused_because,
            changed_at: self.now(),
            failed_attempts: 0,
            next_attempt_at: None,
            last_error: None,
            ..reward.clone()
        };
        self.save(&reward, next).await
    }

    /// Counts a try before it is made, so that it counts as failed when its answer is lost in a
    /// crash. `false` when somebody else changed the row meanwhile.
    async fn mark_tried(&self, reward: &Reward) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        if uow.rewards().lock(reward.key).await?.as_ref() != Some(reward) {
            return Ok(false);
        }
        let failed_attempts = reward.failed_attempts + 1;
        let next_attempt_at = Some(self.now().plus_seconds(REST_SECONDS));
        let tried = Reward { failed_attempts, next_attempt_at, ..reward.clone() };
        uow.rewards().update(&tried).await?;
        uow.commit().await?;
        Ok(true)
    }

    async fn note_failure(&self, reward: &Reward, error: &RewardError) -> Served<()> {
        let now = self.now();
        let failed_attempts = reward.failed_attempts + 1;
        let pause = match error {
            RewardError::Unavailable { after_seconds: Some(seconds), .. } => *seconds,
            _ => 2_u32.saturating_pow(failed_attempts.min(16)).min(BACKOFF_SECONDS_MAX),
        };
        let next = Reward {
            failed_attempts,
            next_attempt_at: Some(now.plus_seconds(pause)),
            last_error: Some(error.to_string()),
            changed_at: now,
            ..reward.clone()
        };
        self.save(reward, next).await?;
        Ok(())
    }

    /// Writes a reward unless somebody else changed its row meanwhile, and tells it.
    pub(super) async fn save(&self, before: &Reward, after: Reward) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let current = uow.rewards().lock(after.key).await?;
        if current.is_none_or(|current| current.status != before.status) {
            return Ok(false);
        }
        uow.rewards().update(&after).await?;
        let event = uow.catalogue().get(after.event_id).await?;
        let mut changes = Changes::default();
        changes.tell(after.campaign_id, told(&after, event.as_ref()));
        self.finish(uow, changes).await?;
        Ok(true)
    }
}

/// What Twitch should be told, and why viewers cannot redeem it; `None` when it should not be
/// there.
fn wanted(desired: &DesiredReward) -> Option<(&RewardSpec, Option<PauseReason>)> {
    match desired {
        DesiredReward::Absent(_) => None,
        DesiredReward::Paused(reason, spec) => Some((spec, Some(*reason))),
        DesiredReward::Active(spec) => Some((spec, None)),
    }
}

const fn status_for(paused_because: Option<PauseReason>) -> RewardStatus {
    if paused_because.is_some() { RewardStatus::Paused } else { RewardStatus::Active }
}

/// A title with a number behind it from the second on, cut so that Twitch takes it.
fn numbered(title: &str, number: u32) -> String {
    if number <= 1 {
        return title.to_owned();
    }
    let suffix = format!(" {number}");
    let room = TITLE_LENGTH_MAX - suffix.chars().count();
    let kept: String = title.chars().take(room).collect();
    format!("{kept}{suffix}")
}

fn told(reward: &Reward, event: Option<&Event>) -> Announcement {
    Announcement::about_campaign(
        AnnouncementKind::RewardStatus,
        Visibility::Channels { streamer_ids: vec![reward.streamer_id] },
        json!({
            "streamerId": reward.streamer_id,
            "eventId": reward.event_id,
            "eventSlug": event.map(|event| event.slug.clone()),
            "rewardId": reward.twitch_id,
            "status": reward.status,
            "pausedBecause": reward.paused_because,
            "title": reward.spec.title,
            "cost": reward.spec.cost,
            "lastError": reward.last_error,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_numbered_title_fits_twitch() {
        assert_eq!(numbered("Invert a die", 1), "Invert a die");
        assert_eq!(numbered("Invert a die", 2), "Invert a die 2");
        assert_eq!(numbered(&"é".repeat(45), 3).chars().count(), 45);
    }
}
