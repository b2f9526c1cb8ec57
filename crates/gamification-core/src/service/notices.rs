//! Lines in the chats of channels: queued with what they tell, said later, each at most once.

use super::{Gamification, Served};
use crate::campaign::{Membership, MembershipStatus};
use crate::ids::{CampaignId, TwitchUserId};
use crate::instance::Instance;
use crate::notice::Notice;
use crate::outbox::{OutboxEffect, OutboxEntry, OutboxStatus};
use crate::ports::{ChatOutcome, StoreError, UnitOfWork};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// How many channels are spoken to in one step.
const LINES_MAX: u32 = 10;

/// How long a line that was taken belongs to its worker, in seconds.
const LEASE_SECONDS: u32 = 30;

/// How much of the lease has to be left for a line to be begun, in seconds.
const LEASE_MARGIN_SECONDS: u32 = 15;

/// How long a channel is left in peace after a line, in seconds.
const QUIET_SECONDS: u32 = 5;

/// A line that is older than this is not worth saying any more, in seconds.
const STALE_SECONDS: u32 = 120;

impl Gamification {
    /// Says the lines that are due, at most one per channel; how many were dealt with. Nothing that
    /// Twitch answers is a failure of this step.
    ///
    /// # Errors
    /// When the store fails. A line whose outcome could not be written is not said again.
    pub async fn say_notices(&self) -> Served<u64> {
        let now = self.now();
        let lease_until = now.plus_seconds(LEASE_SECONDS);
        let mut uow = self.ports.store.begin().await?;
        let quiet_since = now.minus_seconds(QUIET_SECONDS);
        let taken = uow.outbox().take(now, lease_until, quiet_since, LINES_MAX).await?;
        let streamers: Vec<_> = taken.iter().map(|entry| entry.streamer_id.into()).collect();
        let users = uow.users().get_many(&streamers).await?;
        uow.commit().await?;
        let mut failure = None;
        for entry in &taken {
            let user = users.iter().find(|user| user.id == entry.streamer_id.into());
            let channel = user.map(|user| &user.twitch_id);
            let outcome = self.say(entry, channel, lease_until).await;
            failure = self.note_said(entry, outcome).await.err().or(failure);
        }
        failure.map_or(Ok(taken.len() as u64), Err)
    }

    async fn say(
        &self,
        entry: &OutboxEntry,
        channel: Option<&TwitchUserId>,
        lease_until: Timestamp,
    ) -> ChatOutcome {
        let now = self.now();
        let OutboxEffect::ChatNotice { text } = &entry.effect;
        let Some(channel) = channel else {
            return ChatOutcome::Dropped { reason: "the channel is not known".to_owned() };
        };
        if entry.created_at.plus_seconds(STALE_SECONDS) < now {
            return ChatOutcome::Dropped { reason: "too late".to_owned() };
        }
        if now.plus_seconds(LEASE_MARGIN_SECONDS) > lease_until {
            let reason = "the lines before it took too long".to_owned();
            return ChatOutcome::NotNow { after_seconds: None, reason };
        }
        self.ports.chat.say(channel, text).await
    }

    async fn note_said(&self, entry: &OutboxEntry, outcome: ChatOutcome) -> Served<()> {
        let (id, now) = (entry.id, self.now());
        let (campaign, streamer) = (entry.campaign_id, entry.streamer_id);
        let mut uow = self.ports.store.begin().await?;
        match outcome {
            ChatOutcome::Said => uow.outbox().complete(id, now).await?,
            ChatOutcome::NotNow { after_seconds, reason } => {
                let until = now.plus_seconds(after_seconds.unwrap_or(QUIET_SECONDS));
                uow.outbox().postpone(id, until, &reason).await?;
            }
            ChatOutcome::Dropped { reason } => {
                tracing::info!(%campaign, %streamer, reason, "a chat notice was not said");
                uow.outbox().park(id, now, &reason).await?;
            }
            ChatOutcome::Unknown { reason } => {
                tracing::info!(%campaign, %streamer, reason, "a chat notice may have been said");
                uow.outbox().park(id, now, &reason).await?;
            }
        }
        Ok(uow.commit().await?)
    }

    /// Queues the lines of a transaction for every channel of the goals that wants them.
    pub(super) async fn push_notices(
        &self,
        uow: &mut dyn UnitOfWork,
        notices: &[(Notice, Instance)],
    ) -> Result<(), StoreError> {
        let mut listening = BTreeMap::<CampaignId, Vec<Membership>>::new();
        let mut entries = Vec::new();
        for (notice, goal) in notices {
            let campaign = goal.campaign_id;
            if let Entry::Vacant(place) = listening.entry(campaign) {
                let mut members = uow.campaigns().memberships(campaign).await?;
                members.retain(|m| m.status == MembershipStatus::Active && m.has_chat_notices);
                place.insert(members);
            }
            for member in listening.get(&campaign).into_iter().flatten() {
                let streamer = member.streamer_id;
                if !goal.participants.iter().any(|p| p.streamer_id == streamer) {
                    continue;
                }
                if let Some(user) = uow.users().get(streamer.into()).await? {
                    entries.push(self.line(*notice, goal, member, &user.language));
                }
            }
        }
        if entries.is_empty() {
            return Ok(());
        }
        uow.outbox().push(&entries).await
    }

    fn line(
        &self,
        notice: Notice,
        goal: &Instance,
        member: &Membership,
        language: &str,
    ) -> OutboxEntry {
        let now = self.now();
        OutboxEntry {
            id: self.next_id(),
            campaign_id: goal.campaign_id,
            streamer_id: member.streamer_id,
            effect: OutboxEffect::ChatNotice { text: notice.text(goal, language) },
            created_at: now,
            status: OutboxStatus::Waiting,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
        }
    }
}
