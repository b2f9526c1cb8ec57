//! Websockets: one connection for each channel, subscribed to with the channel's own token.

use super::EventSubSink;
use super::address::Address;
use super::api::{Listed, Refusal, Transport};
use super::board::{Standing, SubscriptionState};
use super::courier::Courier;
use super::kinds::Wanted;
use super::link::{EVERY, Nudges, Refusals, Shared, log};
use super::pauses::Pauses;
use super::plan::Plan;
use super::session::{Heard, Retry};
use super::socket;
use crate::logins::Caller;
use gamification_core::ids::TwitchUserId;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

/// Serves each wanted channel in a task of its own.
pub(super) async fn run(link: Arc<Shared>, sink: Arc<dyn EventSubSink>, url: String) {
    let address = Address::new(url);
    let mut tasks = JoinSet::new();
    let mut served: HashMap<TwitchUserId, AbortHandle> = HashMap::new();
    let mut nudges = link.nudges();
    loop {
        nudges.answer();
        let channels = link.wanted(&*sink).await;
        while tasks.try_join_next().is_some() {}
        served.retain(|channel, task| {
            let is_wanted = channels.contains(channel);
            if !is_wanted {
                task.abort();
            }
            is_wanted && !task.is_finished()
        });
        for channel in &channels {
            served.entry(channel.clone()).or_insert_with(|| {
                let (courier, deliveries) = Courier::to(Arc::clone(&sink));
                let server = Server::new(Arc::clone(&link), channel.clone(), courier);
                let address = address.clone();
                tasks.spawn(async move {
                    tokio::join!(server.run(&address), deliveries);
                })
            });
        }
        link.board.keep_only(&channels);
        nudges.wait(EVERY).await;
    }
}

/// Serves one channel.
struct Server {
    link: Arc<Shared>,
    channel: TwitchUserId,
    courier: Courier,
}

impl Server {
    const fn new(link: Arc<Shared>, channel: TwitchUserId, courier: Courier) -> Self {
        Self { link, channel, courier }
    }

    async fn run(self, address: &Address) {
        let mut nudges = self.link.nudges();
        let mut pauses = Pauses::new();
        loop {
            nudges.answer();
            let since = Instant::now();
            match self.serve(address).await {
                Refusal::LoginNeeded => {
                    self.link.board.stand(&self.channel, Standing::LoginNeeded);
                    nudges.wait(EVERY).await;
                }
                // A session may be gone before it is subscribed to.
                Refusal::Later(_) | Refusal::Refused(_) => {
                    tokio::time::sleep(pauses.after(Retry::AtOnce, since.elapsed())).await;
                }
                _ => tokio::time::sleep(pauses.after(Retry::Slowly, since.elapsed())).await,
            }
        }
    }

    /// Holds sessions until something is wrong with subscribing.
    async fn serve(&self, address: &Address) -> Refusal {
        let mut pauses = Pauses::new();
        loop {
            if let Err(failure) = self.link.api.log_in(&self.channel).await {
                return failure.into();
            }
            let since = Instant::now();
            let sessions = watch::Sender::new(Vec::new());
            let ended = tokio::select! {
                ended = socket::hold(address, |heard| self.hear(&sessions, heard)) => ended,
                refusal = self.subscribed(sessions.subscribe()) => {
                    match refusal {
                        Refusal::LoginNeeded => self.link.board.revoke(&self.channel),
                        _ => self.link.board.disconnect(&self.channel),
                    }
                    return refusal;
                }
            };
            self.link.board.disconnect(&self.channel);
            let pause = pauses.after(ended.retry, since.elapsed());
            tracing::info!(
                channel = %self.channel,
                reason = ended.reason,
                pause_seconds = pause.as_secs_f32(),
                "a session with Twitch is over"
            );
            tokio::time::sleep(pause).await;
        }
    }

    fn hear(&self, sessions: &watch::Sender<Vec<String>>, heard: Heard) {
        match heard {
            Heard::Welcome { session_id } => sessions.send_modify(|ids| ids.push(session_id)),
            Heard::Moved { session_id } => {
                sessions.send_modify(|ids| ids.push(session_id));
                self.courier.reconnected(&self.channel);
            }
            Heard::Notification(notification) => self.courier.notification(notification),
            Heard::Revocation(revocation) => {
                self.link.board.end(&revocation.subscription_id, &revocation.reason);
                self.courier.revocation(revocation);
                // To look at once what is left.
                sessions.send_modify(|_| {});
            }
        }
    }

    /// Subscribes when there is a session, and sees to it that it stays so. Returns only when the
    /// channel cannot be served.
    async fn subscribed(&self, mut sessions: watch::Receiver<Vec<String>>) -> Refusal {
        let mut nudges = self.link.nudges();
        let mut refusals = Refusals::default();
        let mut is_forced = true;
        let mut is_new = true;
        if sessions.wait_for(|ids| !ids.is_empty()).await.is_err() {
            return std::future::pending().await;
        }
        loop {
            nudges.answer();
            let transport = Transport::Websocket { sessions: sessions.borrow_and_update().clone() };
            match self.pass(&transport, &mut refusals, is_forced, is_new).await {
                Err(Refusal::Later(failure)) if !is_new => {
                    tracing::info!(channel = %self.channel, %failure, "subscriptions not compared");
                }
                Err(refusal) => return refusal,
                Ok(()) if is_new => {
                    // Now there is the time to look what former sessions have left.
                    (is_new, is_forced) = (false, false);
                    continue;
                }
                Ok(()) => {}
            }
            is_forced = self.next_turn(&mut sessions, &mut nudges).await;
        }
    }

    async fn next_turn(
        &self,
        sessions: &mut watch::Receiver<Vec<String>>,
        nudges: &mut Nudges,
    ) -> bool {
        tokio::select! {
            was_nudged = nudges.wait(EVERY) => was_nudged,
            Ok(()) = sessions.changed() => false,
        }
    }

    /// Makes what is missing. A new session has nothing, and little time: it does not list.
    async fn pass(
        &self,
        transport: &Transport,
        refusals: &mut Refusals,
        is_forced: bool,
        is_new: bool,
    ) -> Result<(), Refusal> {
        let caller = Caller::Channel(&self.channel);
        let listed = if is_new { Vec::new() } else { self.link.api.subscriptions(caller).await? };
        let wanted: Vec<Wanted> = Wanted::of_channel(&self.channel).collect();
        let plan = Plan::of(&listed, &wanted, transport);
        let is_left = |it: &&Listed| {
            !it.is_alive()
                && it.transport.method == transport.method()
                && !transport.is_that_of(&it.transport)
                && wanted.iter().any(|wanted| wanted.is_met_by(it))
        };
        for dead in plan.surplus.iter().chain(listed.iter().filter(is_left)) {
            if let Err(failure) = self.link.api.unsubscribe(caller, &dead.id).await {
                tracing::info!(channel = %self.channel, %failure, "a dead subscription stays");
            }
        }
        let mut held = plan.held;
        let mut is_served_anew = false;
        for wanted in plan.missing {
            if !refusals.may_ask(&wanted, is_forced) {
                continue;
            }
            match self.subscribe(&wanted, transport).await {
                Ok(listed) => {
                    is_served_anew |= wanted.kind.is_needed();
                    refusals.forget(&wanted);
                    held.push((wanted, listed));
                }
                Err(refusal) => self.note(&wanted, refusal, refusals)?,
            }
        }
        self.publish(&held, refusals);
        if is_served_anew {
            tracing::info!(channel = %self.channel, "redemptions are delivered here");
            self.courier.reconnected(&self.channel);
        }
        Ok(())
    }

    /// Without a needed one there is no point in the session.
    fn note(
        &self,
        wanted: &Wanted,
        refusal: Refusal,
        refusals: &mut Refusals,
    ) -> Result<(), Refusal> {
        log(wanted, &refusal);
        let now = self.link.clock.now();
        if let Some(state) = SubscriptionState::refused(wanted, &refusal, "websocket", now) {
            if wanted.kind.is_needed() {
                self.link.board.set(&self.channel, Standing::Waiting, vec![state.clone()]);
            }
            refusals.note(wanted, state);
        }
        match refusal {
            Refusal::NotGranted if wanted.kind.is_needed() => Err(Refusal::LoginNeeded),
            Refusal::LoginNeeded => Err(refusal),
            _ if wanted.kind.is_needed() => Err(refusal),
            _ => Ok(()),
        }
    }

    fn publish(&self, held: &[(Wanted, Listed)], refusals: &Refusals) {
        let now = self.link.clock.now();
        let states = held.iter().map(|(_, listed)| SubscriptionState::of(listed, now));
        let states = states.chain(refusals.about(Some(&self.channel))).collect();
        let is_live =
            |wanted: &Wanted, listed: &Listed| !wanted.kind.is_needed() || listed.is_enabled();
        let is_served = held.iter().all(|(wanted, listed)| is_live(wanted, listed));
        let standing = if is_served { Standing::Live } else { Standing::Waiting };
        self.link.board.set(&self.channel, standing, states);
    }

    /// Subscribes; what is left of sessions that Twitch has not yet noticed to be dead, and stands
    /// in the way, is deleted first.
    async fn subscribe(&self, wanted: &Wanted, transport: &Transport) -> Result<Listed, Refusal> {
        let caller = Caller::Channel(&self.channel);
        let refused = match self.link.api.subscribe(caller, wanted, transport).await {
            Err(refusal @ (Refusal::Exists | Refusal::TooManyAlike)) => refusal,
            made => return made,
        };
        let listed = self.link.api.subscriptions(caller).await?;
        let mut is_cleared = false;
        for alike in listed.iter().filter(|it| wanted.is_met_by(it)) {
            if transport.is_that_of(&alike.transport) && alike.is_alive() {
                return Ok(alike.clone());
            }
            if alike.transport.method == "websocket" {
                tracing::info!(
                    channel = %self.channel,
                    subscription = alike.id,
                    kind = alike.kind,
                    "deleting a subscription of a former session"
                );
                self.link.api.unsubscribe(caller, &alike.id).await?;
                is_cleared = true;
            }
        }
        if !is_cleared {
            return Err(refused.in_view_of(&listed, wanted));
        }
        self.link.api.subscribe(caller, wanted, transport).await
    }
}
