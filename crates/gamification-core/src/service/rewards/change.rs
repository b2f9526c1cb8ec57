//! Rewards that Twitch has to be told something else about, and what is written of each try.

use super::super::changes::Changes;
use super::super::{Gamification, Served};
use super::{REST_SECONDS, Situation, TITLES_MAX, numbered, wanted};
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::backoff::retry_seconds;
use crate::event::Event;
use crate::ids::TwitchUserId;
use crate::ports::{RewardChange, RewardError};
use crate::reward::{PauseReason, Reward, RewardSpec, RewardStatus};
use serde_json::{Value, json};

/// The longest pause while a login is dead, in seconds; its return ends it before.
pub(in super::super) const LOGIN_PAUSE_SECONDS: u32 = 60;

/// What a reward has to become, and what Twitch has to be told for it.
pub(super) struct Change {
    spec: RewardSpec,
    paused_because: Option<PauseReason>,
    call: RewardChange,
}

impl Change {
    /// `None` when reward and row are as they should be. While the event is switched off on the
    /// channel, whatever the streamer made of the reward stays: it is paused, and that is all.
    pub(super) fn of(reward: &Reward, situation: &Situation) -> Option<Self> {
        let (spec, paused_because) = wanted(&situation.desired)?;
        let is_paused = paused_because.is_some();
        let was_paused = reward.status == RewardStatus::Paused;
        let spec = if situation.is_opted_in {
            RewardSpec { title: title_for(reward, &spec.title), ..spec.clone() }
        } else {
            reward.spec.clone()
        };
        // After a try that was not answered nobody knows what Twitch holds: it is told again.
        let call = match (reward.failed_attempts, situation.is_opted_in) {
            (0, _) => RewardChange::between((&reward.spec, was_paused), (&spec, is_paused)),
            (_, true) => RewardChange::whole(&spec, is_paused),
            (_, false) => RewardChange::pause(is_paused),
        };
        // What failed and is not wanted any more is not shown for ever.
        let is_same = call.is_empty()
            && reward.paused_because == paused_because
            && reward.last_error.is_none();
        (!is_same).then_some(Self { spec, paused_because, call })
    }
}

/// The title that the reward keeps if it is the wanted one with a number, else the wanted one; one
/// more number each time that Twitch said that it is taken.
fn title_for(reward: &Reward, wanted: &str) -> String {
    let taken = RewardError::DuplicateTitle.to_string();
    if reward.last_error.as_ref() == Some(&taken) {
        return numbered(wanted, (reward.failed_attempts + 1).min(TITLES_MAX));
    }
    let is_numbered = (1..=TITLES_MAX).any(|n| numbered(wanted, n) == reward.spec.title);
    if is_numbered { reward.spec.title.clone() } else { wanted.to_owned() }
}

impl Gamification {
    pub(super) async fn change(
        &self,
        reward: &Reward,
        change: Change,
        channel: &TwitchUserId,
    ) -> Served<bool> {
        let Change { spec, paused_because, call } = change;
        let Some(id) = reward.twitch_id.as_ref() else {
            return Ok(false);
        };
        if call.is_empty() {
            let (last_error, next_attempt_at) = (None, None);
            let next = Reward { paused_because, last_error, next_attempt_at, ..reward.clone() };
            return self.save(reward, next).await;
        }
        let Some(tried) = self.mark_tried(reward).await? else {
            return Ok(false);
        };
        match self.ports.rewards.update(channel, id, &call).await {
            Ok(()) => {
                let next = Reward {
                    status: status_for(paused_because),
                    spec,
                    paused_because,
                    changed_at: self.now(),
                    failed_attempts: 0,
                    next_attempt_at: None,
                    last_error: None,
                    ..tried.clone()
                };
                self.save(&tried, next).await
            }
            Err(RewardError::Missing) => self.respect_streamer(&tried, None).await,
            Err(error) => {
                self.note_failure(&tried, &error).await?;
                Err(error.into())
            }
        }
    }

    /// Counts a try before it is made, so that it counts as failed when its answer is lost in a
    /// crash; the row after that. `None` when somebody else changed the row meanwhile.
    pub(super) async fn mark_tried(&self, reward: &Reward) -> Served<Option<Reward>> {
        let mut uow = self.ports.store.begin().await?;
        if uow.rewards().lock(reward.key).await?.as_ref() != Some(reward) {
            return Ok(None);
        }
        let now = self.now();
        let tried = Reward {
            changed_at: now,
            failed_attempts: reward.failed_attempts + 1,
            next_attempt_at: Some(now.plus_seconds(REST_SECONDS)),
            ..reward.clone()
        };
        uow.rewards().update(&tried).await?;
        uow.commit().await?;
        Ok(Some(tried))
    }

    /// Writes why a marked try failed, and when the next one may be made.
    pub(super) async fn note_failure(&self, tried: &Reward, error: &RewardError) -> Served<()> {
        let now = self.now();
        let failed = tried.failed_attempts;
        let (failed_attempts, pause) = match error {
            RewardError::Unavailable { after_seconds: Some(seconds), .. } => (failed, *seconds),
            // Nothing was tried, so what Twitch holds is as well known as before: what the streamer
            // does to it meanwhile is not written over.
            RewardError::LoginNeeded if failed == 1 => (0, LOGIN_PAUSE_SECONDS),
            RewardError::LoginNeeded => (failed, retry_seconds(failed).min(LOGIN_PAUSE_SECONDS)),
            _ => (failed, retry_seconds(failed)),
        };
        let next = Reward {
            failed_attempts,
            next_attempt_at: Some(now.plus_seconds(pause)),
            last_error: Some(error.to_string()),
            changed_at: now,
            ..tried.clone()
        };
        self.save(tried, next).await?;
        Ok(())
    }

    /// Writes a reward unless somebody else changed its row meanwhile, and tells what people see of
    /// that.
    pub(in super::super) async fn save(&self, before: &Reward, after: Reward) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        if uow.rewards().lock(after.key).await?.as_ref() != Some(before) {
            return Ok(false);
        }
        uow.rewards().update(&after).await?;
        let mut changes = Changes::default();
        let fact = status_fact(&after, None, None);
        if fact != status_fact(before, None, None) {
            let event = uow.catalogue().get(after.event_id).await?;
            changes.tell(after.campaign_id, status_fact(&after, event.as_ref(), None));
        }
        self.finish(uow, changes).await?;
        Ok(true)
    }
}

pub(super) const fn status_for(paused_because: Option<PauseReason>) -> RewardStatus {
    if paused_because.is_some() { RewardStatus::Paused } else { RewardStatus::Active }
}

/// What is told of a reward; with the reason when its event was switched off on the channel by
/// something else than the streamer's choice here.
pub(in super::super) fn status_fact(
    reward: &Reward,
    event: Option<&Event>,
    switched_off_reason: Option<&str>,
) -> Announcement {
    let mut payload = json!({
        "streamerId": reward.streamer_id,
        "eventId": reward.event_id,
        "eventSlug": event.map(|event| event.slug.clone()),
        "rewardId": reward.twitch_id,
        "status": reward.status,
        "pausedBecause": reward.paused_because,
        "title": reward.spec.title,
        "cost": reward.spec.cost,
        "lastError": reward.last_error,
    });
    if let Some(reason) = switched_off_reason {
        payload["switchedOffReason"] = Value::from(reason);
    }
    let streamer_ids = vec![reward.streamer_id];
    let visibility = Visibility::Channels { streamer_ids };
    Announcement::about_campaign(AnnouncementKind::RewardStatus, visibility, payload)
}
