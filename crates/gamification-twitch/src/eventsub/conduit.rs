//! Our conduit, and its one shard.

use super::api::{Api, ENABLED, Shard, Transport};
use crate::helix::CallFailure;
use http::StatusCode;
use std::collections::HashSet;

/// The shard that is used here.
const SHARD: &str = "0";

/// A shard whose webhook has not yet answered its challenge.
const PENDING: &str = "webhook_callback_verification_pending";

/// How the shard was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    /// It had to be led here: what came before is missed.
    pub(super) is_new: bool,
    /// It delivers.
    pub(super) is_ready: bool,
}

/// Finds, makes and keeps the conduit.
#[derive(Default)]
pub(super) struct Keeper {
    id: Option<String>,
    /// The websockets that the shard was led into by us.
    sessions: HashSet<String>,
    /// Conduits that another installation uses.
    foreign: HashSet<String>,
}

impl Keeper {
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Sees to it that the shard of our conduit leads to `transport`. A conduit outlives the
    /// process, so that after a crash there is nothing to do but to lead its shard here again.
    pub(super) async fn bind(
        &mut self,
        api: &Api,
        transport: &Transport,
    ) -> Result<Bound, CallFailure> {
        let (mut id, mut shards) = self.find(api, transport).await?;
        if shards.iter().any(|shard| self.was_taken(shard)) {
            tracing::warn!(conduit = id, "another installation uses the conduit: taking another");
            self.foreign.insert(id);
            self.id = None;
            (id, shards) = self.find(api, transport).await?;
        }
        let shard = shards.iter().find(|shard| shard.id == SHARD);
        if let Some(shard) = shard.filter(|shard| transport.is_that_of(&shard.transport)) {
            let is_ready = shard.status == ENABLED;
            if is_ready || shard.status == PENDING {
                return Ok(Bound { is_new: false, is_ready });
            }
        }
        tracing::info!(
            conduit = id,
            status = shard.map(|shard| shard.status.as_str()),
            "leading the shard of the conduit here"
        );
        api.bind(&id, SHARD, transport).await?;
        if let Transport::Websocket { sessions } = transport {
            self.sessions.extend(sessions.iter().cloned());
        }
        Ok(Bound { is_new: true, is_ready: matches!(transport, Transport::Websocket { .. }) })
    }

    async fn find(
        &mut self,
        api: &Api,
        transport: &Transport,
    ) -> Result<(String, Vec<Shard>), CallFailure> {
        if let Some(id) = &self.id {
            match api.shards(id).await {
                Err(CallFailure::Refused { status: StatusCode::NOT_FOUND, .. }) => self.id = None,
                shards => return shards.map(|shards| (id.clone(), shards)),
            }
        }
        let mut known = Vec::new();
        let conduits = api.conduits().await?.into_iter();
        for conduit in conduits.filter(|conduit| !self.foreign.contains(&conduit.id)) {
            let shards = api.shards(&conduit.id).await?;
            known.push((conduit.id, shards));
        }
        let found = match choose(&known, transport) {
            Some(place) => known.swap_remove(place),
            None => {
                let made = api.create_conduit().await?;
                tracing::info!(conduit = made.id, "a conduit was made");
                (made.id, Vec::new())
            }
        };
        self.id = Some(found.0.clone());
        Ok(found)
    }

    /// Whether somebody has led our shard into a websocket that was never ours, as another
    /// installation does that takes ours for its own from before a crash. One of the two has to
    /// give way, or they would take it from each other for ever.
    fn was_taken(&self, shard: &Shard) -> bool {
        let session = shard.transport.session_id.as_ref();
        !self.sessions.is_empty()
            && shard.id == SHARD
            && shard.status == ENABLED
            && session.is_some_and(|session| !self.sessions.contains(session))
    }
}

/// Which of the conduits of our client id is ours: the one that leads here, else the first that was
/// never led anywhere, else, for websockets, the first that led into one which is gone, else the
/// first that leads into one: that was ours before a crash which Twitch has not noticed. One that
/// leads to another webhook is another installation's, which has its subscriptions there, also
/// while that webhook fails.
fn choose(known: &[(String, Vec<Shard>)], transport: &Transport) -> Option<usize> {
    let shard = |shards: &[Shard]| shards.iter().find(|shard| shard.id == SHARD).cloned();
    let place = |is_it: &dyn Fn(Option<Shard>) -> bool| {
        known.iter().position(|(_, shards)| is_it(shard(shards)))
    };
    let socket = |is_it: &dyn Fn(&Shard) -> bool| {
        let is_socket = |it: Shard| it.transport.method == "websocket" && is_it(&it);
        let found = place(&|shard| shard.is_some_and(is_socket));
        found.filter(|_| matches!(transport, Transport::Websocket { .. }))
    };
    place(&|shard| shard.is_some_and(|it| transport.is_that_of(&it.transport)))
        .or_else(|| place(&|shard| shard.is_none_or(|it| was_never_led(&it))))
        .or_else(|| socket(&|shard| !leads_somewhere(shard)))
        .or_else(|| socket(&|_| true))
}

fn leads_somewhere(shard: &Shard) -> bool {
    shard.status == ENABLED || shard.status == PENDING
}

fn was_never_led(shard: &Shard) -> bool {
    let is_empty = |text: &Option<String>| text.as_ref().is_none_or(String::is_empty);
    let transport = &shard.transport;
    !leads_somewhere(shard) && is_empty(&transport.callback) && is_empty(&transport.session_id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use serde_json::{Value, json};

    fn conduits(shards: &[Value]) -> Vec<(String, Vec<Shard>)> {
        let shard = |it: &Value| serde_json::from_value(it.clone()).unwrap();
        shards.iter().map(|it| (String::new(), vec![shard(it)])).collect()
    }

    fn hook(callback: &str, status: &str) -> Value {
        json!({ "id": "0", "status": status,
                "transport": { "method": "webhook", "callback": callback } })
    }

    fn socket(session: &str, status: &str) -> Value {
        json!({ "id": "0", "status": status,
                "transport": { "method": "websocket", "session_id": session } })
    }

    #[test]
    fn the_conduit_that_leads_here_is_ours_and_one_that_leads_elsewhere_is_not() {
        let here = Transport::Webhook { callback: "here".into(), secret: String::new() };
        let session = Transport::Websocket { sessions: vec!["now".into()] };
        let there = hook("there", ENABLED);
        let failed = hook("there", "notification_failures_exceeded");
        let gone = socket("gone", "websocket_disconnected");
        let never = json!({ "id": "0", "status": "", "transport": { "method": "" } });
        let cases = [
            (vec![], &here, None),
            (
                vec![there.clone(), hook("here", "webhook_callback_verification_failed")],
                &here,
                Some(1),
            ),
            (vec![there.clone(), failed.clone(), hook("here", ENABLED)], &here, Some(2)),
            (vec![there.clone(), failed.clone()], &here, None),
            (vec![failed.clone()], &session, None),
            (vec![failed, never], &here, Some(1)),
            (vec![there.clone()], &here, None),
            (vec![socket("old", ENABLED)], &here, None),
            (vec![gone.clone()], &here, None),
            (vec![there.clone()], &session, None),
            (vec![there.clone(), socket("old", ENABLED)], &session, Some(1)),
            (vec![socket("old", ENABLED), gone], &session, Some(1)),
            (vec![socket("old", ENABLED), socket("now", ENABLED)], &session, Some(1)),
        ];
        for (place, (known, transport, expected)) in cases.into_iter().enumerate() {
            assert_eq!(choose(&conduits(&known), transport), expected, "case {place}");
        }
        let bare = [(String::new(), vec![])];
        assert_eq!(choose(&bare, &here), Some(0));
    }
}
