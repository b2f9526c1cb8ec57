//! Subscriptions made with the application's own token: one of each kind for each channel.

use super::api::{Listed, PENDING, Refusal, Transport};
use super::board::{Standing, SubscriptionState};
use super::courier::Courier;
use super::kinds::{Kind, NEEDED, Wanted};
use super::link::{Refusals, Shared, log};
use super::plan::Plan;
use crate::helix::CallFailure;
use crate::logins::Caller;
use futures_util::StreamExt;
use futures_util::stream;
use gamification_core::ids::TwitchUserId;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Channels that are worked on at once.
const CHANNELS_AT_ONCE: usize = 8;

/// What there is to come back for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing.
    Settled,
    /// Webhooks are being challenged.
    Look,
    /// Something failed that may yet succeed.
    Retry,
}

/// What should be there.
pub(super) struct Target<'a> {
    pub(super) channels: &'a [TwitchUserId],
    /// What is wanted besides, about no channel.
    pub(super) general: &'a [Wanted],
    pub(super) transport: &'a Transport,
    /// Whether the transport delivers already.
    pub(super) is_ready: bool,
}

impl Target<'_> {
    fn wanted(&self) -> Vec<Wanted> {
        let of_channels = self.channels.iter().flat_map(Wanted::of_channel);
        of_channels.chain(self.general.iter().cloned()).collect()
    }
}

/// Makes what is there be what is wanted.
pub(super) struct Reconciler {
    link: Arc<Shared>,
    courier: Courier,
    refusals: Refusals,
    /// Channels that have been served since they were last polled.
    live: HashSet<TwitchUserId>,
}

/// What came of one channel, or of what is about none.
#[derive(Default)]
struct Made {
    channel: Option<TwitchUserId>,
    made: Vec<(Wanted, Listed)>,
    refused: Vec<(Wanted, SubscriptionState)>,
    is_login_needed: bool,
    has_failed: bool,
}

impl Reconciler {
    pub(super) fn new(link: Arc<Shared>, courier: Courier) -> Self {
        Self { link, courier, refusals: Refusals::default(), live: HashSet::new() }
    }

    /// The transport was interrupted: every channel may have missed something.
    pub(super) fn interrupted(&mut self) {
        self.live.clear();
    }

    /// Lists, deletes, makes. What has been refused is asked for again when `is_forced`.
    pub(super) async fn pass(
        &mut self,
        target: &Target<'_>,
        is_forced: bool,
    ) -> Result<Next, CallFailure> {
        let listed = self.link.api.subscriptions(Caller::Application).await?;
        let mut plan = Plan::of(&listed, &target.wanted(), target.transport);
        let is_clean = self.clean(&plan.surplus).await;
        for missing in plan.missing.iter().filter(|it| it.kind.is_needed()) {
            missing.channel().map(|channel| self.live.remove(channel));
        }
        plan.missing.retain(|wanted| self.refusals.may_ask(wanted, is_forced));
        let made = self.make(plan.missing, &listed, target.transport).await;
        let mut has_failed = !is_clean;
        let mut logins_needed = HashSet::new();
        let mut held = plan.held;
        for mut made in made {
            has_failed |= made.has_failed;
            held.append(&mut made.made);
            if let Some(channel) = made.channel.filter(|_| made.is_login_needed) {
                self.refusals.forget_channel(&channel);
                logins_needed.insert(channel);
            }
            for (wanted, state) in made.refused {
                self.refusals.note(&wanted, state);
            }
        }
        let next = self.publish(target, &held, &logins_needed);
        Ok(if has_failed { Next::Retry } else { next })
    }

    /// Lists, and changes nothing.
    pub(super) async fn look(&mut self, target: &Target<'_>) -> Result<Next, CallFailure> {
        let listed = self.link.api.subscriptions(Caller::Application).await?;
        let plan = Plan::of(&listed, &target.wanted(), target.transport);
        Ok(self.publish(target, &plan.held, &HashSet::new()))
    }

    async fn clean(&self, surplus: &[Listed]) -> bool {
        let mut is_clean = true;
        for dead in surplus {
            tracing::info!(
                subscription = dead.id,
                kind = dead.kind,
                status = dead.status,
                "deleting a subscription of ours that is dead, double or not wanted"
            );
            if let Err(failure) = self.link.api.unsubscribe(Caller::Application, &dead.id).await {
                tracing::warn!(subscription = dead.id, %failure, "it was not deleted");
                is_clean = false;
            }
        }
        is_clean
    }

    async fn make(
        &self,
        missing: Vec<Wanted>,
        listed: &[Listed],
        transport: &Transport,
    ) -> Vec<Made> {
        let mut groups: HashMap<Option<TwitchUserId>, Vec<Wanted>> = HashMap::new();
        for wanted in missing {
            groups.entry(wanted.channel().cloned()).or_default().push(wanted);
        }
        let makings =
            groups.into_iter().map(|(channel, all)| self.make_for(channel, all, listed, transport));
        stream::iter(makings).buffer_unordered(CHANNELS_AT_ONCE).collect().await
    }

    /// The first failure ends it: one channel's trouble must not take long.
    async fn make_for(
        &self,
        channel: Option<TwitchUserId>,
        missing: Vec<Wanted>,
        listed: &[Listed],
        transport: &Transport,
    ) -> Made {
        let mut made = Made { channel, ..Made::default() };
        if let Some(channel) = &made.channel {
            match self.link.api.log_in(channel).await {
                Ok(()) => {}
                Err(CallFailure::LoginNeeded) => {
                    made.is_login_needed = true;
                    return made;
                }
                Err(failure) => {
                    tracing::info!(%channel, %failure, "the channel's login cannot be read");
                    made.has_failed = true;
                    return made;
                }
            }
        }
        for wanted in missing {
            match self.link.api.subscribe(Caller::Application, &wanted, transport).await {
                Ok(listed) => made.made.push((wanted, listed)),
                Err(refusal) => {
                    let refusal = refusal.in_view_of(listed, &wanted);
                    if !self.note(&mut made, wanted, &refusal, transport) {
                        return made;
                    }
                }
            }
        }
        made
    }

    /// Keeps why one was not made; `false` when the channel's others need not be tried.
    fn note(
        &self,
        made: &mut Made,
        wanted: Wanted,
        refusal: &Refusal,
        transport: &Transport,
    ) -> bool {
        log(&wanted, refusal);
        let is_about_login = match refusal {
            Refusal::NotGranted => wanted.kind.is_needed(),
            Refusal::LoginNeeded => true,
            _ => false,
        };
        made.is_login_needed |= is_about_login && wanted.channel().is_some();
        made.has_failed |= matches!(refusal, Refusal::Later(_) | Refusal::Exists);
        let now = self.link.clock.now();
        let state = SubscriptionState::refused(&wanted, refusal, transport.method(), now);
        made.refused.extend(state.map(|state| (wanted, state)));
        !is_about_login && !matches!(refusal, Refusal::Later(_))
    }

    /// Tells what there is; channels that are served anew are to be polled.
    fn publish(
        &mut self,
        target: &Target<'_>,
        held: &[(Wanted, Listed)],
        logins_needed: &HashSet<TwitchUserId>,
    ) -> Next {
        let now = self.link.clock.now();
        let mut states: HashMap<Option<&TwitchUserId>, Vec<SubscriptionState>> = HashMap::new();
        let mut serving: HashMap<&TwitchUserId, HashSet<Kind>> = HashMap::new();
        for (wanted, listed) in held {
            self.refusals.forget(wanted);
            let state = SubscriptionState::of(listed, now);
            states.entry(wanted.channel()).or_default().push(state);
            if let Some(channel) = wanted.channel()
                && wanted.kind.is_needed()
                && listed.is_enabled()
            {
                serving.entry(channel).or_default().insert(wanted.kind);
            }
        }
        for channel in target.channels {
            let is_served = serving.get(channel).is_some_and(|kinds| kinds.len() == NEEDED.len());
            let standing = match is_served && target.is_ready {
                true => Standing::Live,
                false if logins_needed.contains(channel) => Standing::LoginNeeded,
                false => Standing::Waiting,
            };
            let mut subscriptions = states.remove(&Some(channel)).unwrap_or_default();
            subscriptions.extend(self.refusals.about(Some(channel)));
            self.stand(channel, standing);
            self.link.board.set(channel, standing, subscriptions);
        }
        let mut general = states.remove(&None).unwrap_or_default();
        general.extend(self.refusals.about(None));
        self.link.board.set_general(general);
        self.link.board.keep_only(target.channels);
        self.live.retain(|channel| target.channels.contains(channel));
        let is_pending = held.iter().any(|(_, listed)| listed.status == PENDING);
        if is_pending || !target.is_ready { Next::Look } else { Next::Settled }
    }

    fn stand(&mut self, channel: &TwitchUserId, standing: Standing) {
        if standing != Standing::Live {
            self.live.remove(channel);
        } else if self.live.insert(channel.clone()) {
            tracing::info!(%channel, "redemptions are delivered here");
            self.courier.reconnected(channel);
        }
    }
}
