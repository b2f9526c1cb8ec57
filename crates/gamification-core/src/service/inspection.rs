//! What streamers did to our rewards on Twitch. A reward that was deleted or changed by hand is
//! never fought over: its event is switched off on that channel, with the reason.

use super::changes::Changes;
use super::rewards::status_fact;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::campaign::User;
use crate::event::{Event, StreamerConfig};
use crate::ids::TwitchUserId;
use crate::ports::{Lock, TwitchReward, UnitOfWork};
use crate::reward::{Reward, RewardStatus};
use crate::time::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

/// How long after we told Twitch something its list is believed, in seconds.
const BELIEVED_SECONDS: u32 = 5;

impl Gamification {
    /// Compares every reward with what Twitch holds; on how many the streamer's hand was noticed.
    /// One channel's trouble with Twitch does not hold up the others.
    ///
    /// # Errors
    /// The first failure of the store, after all were tried.
    pub async fn inspect_rewards(&self) -> Served<u64> {
        let channels = self.ports.queries.channels_with_rewards().await?;
        let rows = self.ports.queries.rewards_not_deleted().await?;
        let (mut noticed, mut failure) = (0, None);
        for channel in channels {
            match self.inspect_channel(&channel, &rows).await {
                Ok(found) => noticed += found,
                Err(ServiceError::Twitch(error)) => {
                    tracing::debug!(streamer = %channel.id, %error, "rewards were not inspected");
                }
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(noticed), Err)
    }

    /// Compares the rewards of one channel with what Twitch holds; on how many the streamer's hand
    /// was noticed. 0 for a channel that nobody knows.
    ///
    /// # Errors
    /// [`ServiceError::Twitch`] when Twitch could not be asked.
    pub async fn inspect_rewards_of(&self, channel: &TwitchUserId) -> Served<u64> {
        let Some(channel) = self.ports.queries.user_by_twitch_id(channel).await? else {
            return Ok(0);
        };
        let rows = self.ports.queries.rewards_not_deleted().await?;
        self.inspect_channel(&channel, &rows).await
    }

    async fn inspect_channel(&self, channel: &User, rows: &[Reward]) -> Served<u64> {
        let now = self.now();
        let of_channel = || rows.iter().filter(|row| row.streamer_id == channel.id.into());
        let resting: Vec<_> = of_channel().filter(|row| is_at_rest(row, now)).collect();
        if resting.is_empty() {
            return Ok(0);
        }
        let there = self.ports.rewards.list(&channel.twitch_id).await?;
        let known: BTreeSet<_> =
            of_channel().filter_map(|row| row.twitch_id.as_ref()).map(|id| id.as_str()).collect();
        for foreign in there.iter().filter(|held| !known.contains(held.id.as_str())) {
            let id = foreign.id.as_str();
            tracing::trace!(streamer = %channel.id, reward = id, "a reward without a row");
        }
        let mut noticed = 0;
        for row in resting {
            let held = there.iter().find(|held| Some(&held.id) == row.twitch_id.as_ref());
            if held.is_none_or(|held| !differences(row, held).is_empty()) {
                noticed += u64::from(self.respect_streamer(row, held).await?);
            }
        }
        Ok(noticed)
    }

    /// Gives way to what the streamer did to a reward: `None` when it is gone. `false`, and nothing
    /// written, when the row is not what it was any more, or says all that already.
    pub(super) async fn respect_streamer(
        &self,
        row: &Reward,
        held: Option<&TwitchReward>,
    ) -> Served<bool> {
        let noticed = self.retrying(|| Box::pin(self.try_respect(row, held))).await?;
        if noticed {
            let (streamer_id, reward) = (row.streamer_id, row.key);
            let is_there = held.is_some();
            tracing::info!(%streamer_id, %reward, is_there, "a reward was changed by hand");
        }
        Ok(noticed)
    }

    async fn try_respect(&self, row: &Reward, held: Option<&TwitchReward>) -> Served<bool> {
        let (campaign, streamer, event) = (row.campaign_id, row.streamer_id, row.event_id);
        let mut uow = self.ports.store.begin().await?;
        uow.configs().campaign_config(campaign, event, Lock::Exclusive).await?;
        if uow.rewards().lock(row.key).await?.as_ref() != Some(row) {
            return Ok(false);
        }
        let after = match held {
            Some(held) => taken_over(row, held),
            None => self.lost(row),
        };
        let opt_in = uow.configs().streamer_config(campaign, streamer, event).await?;
        let opt_in = opt_in.filter(|opt_in| opt_in.is_enabled);
        if opt_in.is_none() && after == *row {
            return Ok(false);
        }
        let known = uow.catalogue().get(event).await?;
        let reason = held.map_or_else(
            || "the reward was deleted on Twitch".to_owned(),
            |held| format!("changed on Twitch by hand: {}", differences(row, held).join(", ")),
        );
        let mut changes = Changes::default();
        if let (Some(opt_in), Some(known)) = (&opt_in, &known) {
            let uow = uow.as_mut();
            self.switch_off_for(uow, opt_in, known, &reason, &mut changes).await?;
        }
        uow.rewards().update(&after).await?;
        let told = opt_in.as_ref().map(|_| reason.as_str());
        changes.tell(campaign, status_fact(&after, known.as_ref(), told));
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(true)
    }

    async fn switch_off_for(
        &self,
        uow: &mut dyn UnitOfWork,
        opt_in: &StreamerConfig,
        event: &Event,
        reason: &str,
        changes: &mut Changes,
    ) -> Served<()> {
        let off = StreamerConfig {
            is_enabled: false,
            switched_off_reason: Some(reason.to_owned()),
            ..opt_in.clone()
        };
        uow.configs().save_streamer_config(&off).await?;
        self.withdraw_from(uow, event, &off, changes).await?;
        let details = json!({
            "eventId": off.event_id,
            "streamerId": off.streamer_id,
            "reason": reason,
        });
        let (campaign, actor) = (Some(off.campaign_id), Actor::Service);
        self.note_down(uow, campaign, &actor, "opt_in.switched_off", details).await
    }

    /// The row of a reward that is gone: it ends as any retired one does, and Twitch's "there is no
    /// such reward" is the proof.
    fn lost(&self, row: &Reward) -> Reward {
        Reward {
            status: RewardStatus::Deleting,
            retired_at: Some(self.now()),
            failed_attempts: 0,
            next_attempt_at: None,
            last_error: None,
            ..row.clone()
        }
    }
}

/// Whether Twitch was told everything about a live reward, and long enough ago.
fn is_at_rest(row: &Reward, now: Timestamp) -> bool {
    matches!(row.status, RewardStatus::Active | RewardStatus::Paused)
        && row.twitch_id.is_some()
        && row.failed_attempts == 0
        && row.changed_at.plus_seconds(BELIEVED_SECONDS) <= now
}

/// The row when it says what Twitch holds. A reward that viewers do not see needs no pause.
fn taken_over(row: &Reward, held: &TwitchReward) -> Reward {
    let is_closed = held.is_paused || !held.is_enabled;
    Reward {
        status: if is_closed { RewardStatus::Paused } else { RewardStatus::Active },
        paused_because: row.paused_because.filter(|_| is_closed),
        spec: held.spec.clone(),
        failed_attempts: 0,
        next_attempt_at: None,
        last_error: None,
        ..row.clone()
    }
}

/// What the streamer changed, in words; empty when Twitch holds what we told it.
fn differences(row: &Reward, held: &TwitchReward) -> Vec<&'static str> {
    let (told, there) = (&row.spec, &held.spec);
    let is_same_colour = told.colour.0.trim().eq_ignore_ascii_case(there.colour.0.trim());
    let is_closed = held.is_paused || !held.is_enabled;
    let was_paused = row.status == RewardStatus::Paused;
    let changes = [
        (told.title.trim() != there.title.trim(), "title"),
        (told.cost != there.cost, "price"),
        (told.prompt.trim() != there.prompt.trim(), "prompt"),
        (!is_same_colour, "colour"),
        (held.is_enabled && is_closed && !was_paused, "paused"),
        (!is_closed && was_paused, "resumed"),
        (!held.is_enabled, "hidden"),
        (held.skips_queue, "request queue switched off"),
        (held.has_limits, "limits set"),
    ];
    changes.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect()
}
