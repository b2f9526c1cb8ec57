//! Subscriptions, conduits and shards over Helix.
//!
//! With small types of our own: `twitch_api` fails on a whole page for one status or type that it
//! does not know, and cannot read the failures in an answer about shards.

mod shapes;

pub(super) use shapes::{Conduit, ENABLED, Listed, PENDING, Shard, Transport};

use super::kinds::Wanted;
use crate::helix::{CallFailure, Helix, Page};
use crate::logins::Caller;
use bytes::Bytes;
use gamification_core::ids::TwitchUserId;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use twitch_oauth2::url::form_urlencoded::Serializer;

/// Subscriptions of one type and condition that Twitch allows, wherever they deliver.
const MOST_ALIKE: usize = 3;

/// More pages than Twitch has subscriptions for: where the cursor goes round in circles.
const MOST_PAGES: usize = 500;

/// Why a subscription was not made.
#[derive(Debug)]
pub(super) enum Refusal {
    /// There is one already.
    Exists,
    /// There are three alike, none of them ours.
    TooManyAlike,
    /// The channel has not granted it.
    NotGranted,
    /// The channel's login is dead.
    LoginNeeded,
    /// For another reason, which will stay.
    Refused(String),
    /// Perhaps later.
    Later(CallFailure),
}

impl From<CallFailure> for Refusal {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::Refused { status: StatusCode::CONFLICT, .. } => Self::Exists,
            CallFailure::Refused { status: StatusCode::FORBIDDEN, .. }
            | CallFailure::ScopeMissing(_) => Self::NotGranted,
            // The bucket is not empty, so that it is about something else.
            CallFailure::RateLimited { after_seconds: None } => Self::TooManyAlike,
            CallFailure::LoginNeeded => Self::LoginNeeded,
            CallFailure::Refused { message, .. } => Self::Refused(message),
            other => Self::Later(other),
        }
    }
}

impl Refusal {
    /// Twitch says 429 for several reasons: that there are too many alike is believed only when
    /// they are there to be seen.
    pub(super) fn in_view_of(self, listed: &[Listed], wanted: &Wanted) -> Self {
        let alike = listed.iter().filter(|it| it.is_alive() && wanted.is_met_by(it)).count();
        match self {
            Self::TooManyAlike if alike < MOST_ALIKE => {
                Self::Later(CallFailure::RateLimited { after_seconds: None })
            }
            other => other,
        }
    }
}

/// The calls about EventSub.
pub(super) struct Api {
    helix: Arc<Helix>,
}

impl Api {
    pub(super) const fn new(helix: Arc<Helix>) -> Self {
        Self { helix }
    }

    pub(super) async fn log_in(&self, channel: &TwitchUserId) -> Result<(), CallFailure> {
        self.helix.log_in(Caller::Channel(channel)).await
    }

    /// Every subscription that the caller sees; those in an unknown shape are left out.
    pub(super) async fn subscriptions(
        &self,
        caller: Caller<'_>,
    ) -> Result<Vec<Listed>, CallFailure> {
        self.pages(caller, "eventsub/subscriptions", &[]).await
    }

    pub(super) async fn subscribe(
        &self,
        caller: Caller<'_>,
        wanted: &Wanted,
        transport: &Transport,
    ) -> Result<Listed, Refusal> {
        let body = json!({
            "type": wanted.kind.name(),
            "version": "1",
            "condition": wanted.condition(),
            "transport": transport.body(),
        });
        let answer = self.call(caller, Method::POST, "eventsub/subscriptions", &[], &body).await?;
        let made: Page<Listed> = Page::of(&answer)?;
        let unreadable = || CallFailure::unreadable("no subscription in the answer");
        Ok(made.data.into_iter().next().ok_or_else(unreadable)?)
    }

    /// One that is gone already is no failure.
    pub(super) async fn unsubscribe(
        &self,
        caller: Caller<'_>,
        id: &str,
    ) -> Result<(), CallFailure> {
        let query = [("id", id)];
        match self
            .call(caller, Method::DELETE, "eventsub/subscriptions", &query, &Value::Null)
            .await
        {
            Ok(_) | Err(CallFailure::Refused { status: StatusCode::NOT_FOUND, .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    pub(super) async fn conduits(&self) -> Result<Vec<Conduit>, CallFailure> {
        self.pages(Caller::Application, "eventsub/conduits", &[]).await
    }

    /// Makes a conduit with one shard.
    pub(super) async fn create_conduit(&self) -> Result<Conduit, CallFailure> {
        let body = json!({ "shard_count": 1 });
        let path = "eventsub/conduits";
        let answer = self.call(Caller::Application, Method::POST, path, &[], &body).await?;
        let made: Page<Conduit> = Page::of(&answer)?;
        let unreadable = || CallFailure::unreadable("no conduit in the answer");
        made.data.into_iter().next().ok_or_else(unreadable)
    }

    pub(super) async fn shards(&self, conduit_id: &str) -> Result<Vec<Shard>, CallFailure> {
        let query = [("conduit_id", conduit_id)];
        self.pages(Caller::Application, "eventsub/conduits/shards", &query).await
    }

    /// Leads a shard here. Twitch says 202 also when it does not do it.
    pub(super) async fn bind(
        &self,
        conduit_id: &str,
        shard_id: &str,
        transport: &Transport,
    ) -> Result<(), CallFailure> {
        #[derive(Default, Deserialize)]
        struct Outcome {
            #[serde(default)]
            errors: Vec<ShardError>,
        }
        #[derive(Deserialize)]
        struct ShardError {
            #[serde(default)]
            message: String,
        }
        let shard = json!({ "id": shard_id, "transport": transport.body() });
        let body = json!({ "conduit_id": conduit_id, "shards": [shard] });
        let path = "eventsub/conduits/shards";
        let answer = self.call(Caller::Application, Method::PATCH, path, &[], &body).await?;
        let outcome: Outcome = serde_json::from_slice(&answer).map_err(CallFailure::unreadable)?;
        match outcome.errors.into_iter().next() {
            None => Ok(()),
            Some(ShardError { message }) => {
                Err(CallFailure::Refused { status: StatusCode::ACCEPTED, message })
            }
        }
    }

    async fn pages<T: DeserializeOwned>(
        &self,
        caller: Caller<'_>,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, CallFailure> {
        let mut found = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.extend(cursor.as_deref().map(|cursor| ("after", cursor)));
            let answer = self.call(caller, Method::GET, path, &query, &Value::Null).await?;
            let page: Page<Value> = Page::of(&answer)?;
            let read = page.data.into_iter().map(serde_json::from_value);
            found.extend(read.filter_map(Result::ok));
            cursor = page.cursor;
            if cursor.is_none() {
                return Ok(found);
            }
        }
        Err(CallFailure::unreadable("the list does not end"))
    }

    async fn call(
        &self,
        caller: Caller<'_>,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: &Value,
    ) -> Result<Bytes, CallFailure> {
        let mut uri = format!("{}{path}", *twitch_api::TWITCH_HELIX_URL);
        if !query.is_empty() {
            uri.push('?');
            uri.push_str(&Serializer::new(String::new()).extend_pairs(query).finish());
        }
        let content = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let build = |token: &str, client: &str| {
            let request = http::Request::builder()
                .method(method.clone())
                .uri(&uri)
                .header("authorization", format!("Bearer {token}"))
                .header("client-id", client)
                .header("content-type", "application/json");
            Ok(request.body(content.clone())?)
        };
        self.helix.call(caller, build).await.map(http::Response::into_body)
    }
}
