//! What is known of subscriptions, for whoever asks.

use super::api::{ENABLED, Listed, Refusal};
use super::kinds::{NEEDED, Wanted};
use gamification_core::ids::TwitchUserId;
use gamification_core::time::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The reason of a subscription's end that ends all the others of the channel.
const AUTHORIZATION_REVOKED: &str = "authorization_revoked";

/// A subscription as Twitch last told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionState {
    /// Twitch's key; empty for one that Twitch would not make.
    pub id: String,
    /// What it is for, in Twitch's words.
    pub subscription_type: String,
    /// The channel, for types that have one.
    pub channel: Option<TwitchUserId>,
    /// `webhook`, `websocket` or `conduit`.
    pub transport: String,
    /// In Twitch's words, where there is a subscription: `enabled` delivers. For one that is not
    /// there `not_granted` (the channel's login does not cover it), `too_many_alike` (other
    /// installations under our client id have used up Twitch's three), or `refused`.
    pub status: String,
    /// When it was made, or refused.
    pub since: Timestamp,
}

impl SubscriptionState {
    /// Of a subscription that is there.
    pub(super) fn of(listed: &Listed, now: Timestamp) -> Self {
        Self {
            id: listed.id.clone(),
            subscription_type: listed.kind.clone(),
            channel: listed.channel(),
            transport: listed.transport.method.clone(),
            status: listed.status.clone(),
            since: Timestamp::parse(&listed.created_at).unwrap_or(now),
        }
    }

    /// Of one that Twitch would not make; `None` where it may yet be there.
    pub(super) fn refused(
        wanted: &Wanted,
        refusal: &Refusal,
        transport: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let status = match refusal {
            Refusal::NotGranted => "not_granted",
            Refusal::TooManyAlike => "too_many_alike",
            Refusal::Refused(_) => "refused",
            Refusal::Exists | Refusal::LoginNeeded | Refusal::Later(_) => return None,
        };
        Some(Self {
            id: String::new(),
            subscription_type: wanted.kind.name().to_owned(),
            channel: wanted.channel().cloned(),
            transport: transport.to_owned(),
            status: status.to_owned(),
            since: now,
        })
    }
}

/// How a channel is served.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not yet, or not at the moment.
    #[default]
    Waiting,
    /// Redemptions are delivered.
    Live,
    /// Not before it logs in again.
    LoginNeeded,
}

#[derive(Debug, Default)]
struct Channel {
    standing: Standing,
    subscriptions: Vec<SubscriptionState>,
}

#[derive(Debug, Default)]
struct Known {
    channels: HashMap<TwitchUserId, Channel>,
    general: Vec<SubscriptionState>,
}

/// What is known of subscriptions.
#[derive(Debug)]
pub(super) struct Board {
    known: Mutex<Known>,
    changes: watch::Sender<u64>,
}

impl Board {
    pub(super) fn new() -> Self {
        Self { known: Mutex::default(), changes: watch::Sender::new(0) }
    }

    /// What a channel has now.
    pub(super) fn set(
        &self,
        channel: &TwitchUserId,
        standing: Standing,
        subscriptions: Vec<SubscriptionState>,
    ) {
        self.known().channels.insert(channel.clone(), Channel { standing, subscriptions });
        self.tell();
    }

    /// How a channel stands now; what is known of its subscriptions stays.
    pub(super) fn stand(&self, channel: &TwitchUserId, standing: Standing) {
        self.known().channels.entry(channel.clone()).or_default().standing = standing;
        self.tell();
    }

    pub(super) fn is_live(&self, channel: &TwitchUserId) -> bool {
        self.known().channels.get(channel).is_some_and(|it| it.standing == Standing::Live)
    }

    /// What was said about a login is forgotten: it may have come back.
    pub(super) fn give_another_chance(&self, channel: &TwitchUserId) {
        if let Some(known) = self.known().channels.get_mut(channel)
            && known.standing == Standing::LoginNeeded
        {
            known.standing = Standing::Waiting;
        }
    }

    /// The connection of a channel is lost, and with it those of its subscriptions that lived.
    pub(super) fn disconnect(&self, channel: &TwitchUserId) {
        self.lose(channel, "websocket_disconnected");
    }

    /// The login of a channel is dead, and with it those of its subscriptions that lived: Twitch
    /// ends them all, and tells it one by one to a connection that may be gone by then.
    pub(super) fn revoke(&self, channel: &TwitchUserId) {
        self.lose(channel, AUTHORIZATION_REVOKED);
    }

    fn lose(&self, channel: &TwitchUserId, reason: &str) {
        if let Some(known) = self.known().channels.get_mut(channel) {
            known.standing = Standing::Waiting;
            for subscription in known.subscriptions.iter_mut().filter(|it| it.status == ENABLED) {
                reason.clone_into(&mut subscription.status);
            }
        }
        self.tell();
    }

    /// What is about no channel.
    pub(super) fn set_general(&self, subscriptions: Vec<SubscriptionState>) {
        self.known().general = subscriptions;
    }

    /// A subscription has ended, for that reason: with a needed one, or with the grant, the channel
    /// is not served until it is known again how it stands.
    pub(super) fn end(&self, subscription_id: &str, reason: &str) {
        let mut known = self.known();
        let Known { channels, general } = &mut *known;
        for channel in channels.values_mut() {
            for ended in channel.subscriptions.iter_mut().filter(|it| it.id == subscription_id) {
                reason.clone_into(&mut ended.status);
                let is_needed = NEEDED.iter().any(|kind| kind.name() == ended.subscription_type);
                if is_needed || reason == AUTHORIZATION_REVOKED {
                    channel.standing = Standing::Waiting;
                }
            }
        }
        for ended in general.iter_mut().filter(|it| it.id == subscription_id) {
            reason.clone_into(&mut ended.status);
        }
    }

    /// Forgets every other channel.
    pub(super) fn keep_only(&self, channels: &[TwitchUserId]) {
        let wanted: HashSet<&TwitchUserId> = channels.iter().collect();
        self.known().channels.retain(|channel, _| wanted.contains(channel));
    }

    pub(super) fn subscriptions(&self) -> Vec<SubscriptionState> {
        let known = self.known();
        let of_channels = known.channels.values().flat_map(|it| &it.subscriptions);
        let mut all: Vec<_> = of_channels.chain(&known.general).cloned().collect();
        drop(known);
        all.sort_by(|a, b| {
            (&a.channel, &a.subscription_type).cmp(&(&b.channel, &b.subscription_type))
        });
        all
    }

    /// Waits until it is settled whether the channel is served: `true` when it is live.
    pub(super) async fn settled(&self, channel: &TwitchUserId) -> bool {
        let mut changes = self.changes.subscribe();
        loop {
            changes.mark_unchanged();
            let standing = self.known().channels.get(channel).map(|it| it.standing);
            match standing {
                Some(Standing::Live) => return true,
                Some(Standing::LoginNeeded) => return false,
                Some(Standing::Waiting) | None => {}
            }
            // The sender lives as long as `self`.
            let _ = changes.changed().await;
        }
    }

    fn tell(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
