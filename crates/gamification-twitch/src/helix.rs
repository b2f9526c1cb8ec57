//! The one place where Helix is called: login, rate limit, and what an answer means.

mod buckets;
mod failure;
mod page;
mod wire;

pub(crate) use failure::{CallFailure, message};
pub(crate) use page::Page;
pub(crate) use wire::Wire;

use crate::logins::{Caller, Lease, Logins};
use crate::scopes;
use buckets::Buckets;
use bytes::Bytes;
use gamification_core::login::LoginLoss;
use gamification_core::ports::Clock;
use http::{StatusCode, Uri};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use twitch_api::helix::request::errors::CreateRequestError;
use twitch_api::helix::{RequestDelete, RequestGet, RequestPatch, Response};

/// The longest that one request may take; Twitch answers within a second or not at all.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// A client of Helix.
pub(crate) struct Helix {
    wire: Arc<Wire>,
    logins: Arc<Logins>,
    buckets: Buckets,
    clock: Arc<dyn Clock>,
}

impl Helix {
    pub(crate) fn new(wire: Arc<Wire>, logins: Arc<Logins>, clock: Arc<dyn Clock>) -> Self {
        Self { wire, logins, buckets: Buckets::default(), clock }
    }

    /// Fails when the caller has no login to call with, as the vault has it now.
    pub(crate) async fn log_in(&self, caller: Caller<'_>) -> Result<(), CallFailure> {
        self.logins.forget(caller).await;
        self.logins.token(caller, None).await.map(drop)
    }

    /// Fails while Twitch allows so few calls that settlements need them all. Whatever can wait
    /// asks this first.
    pub(crate) fn spare(&self, caller: Caller<'_>) -> Result<(), CallFailure> {
        self.buckets.check_reserve(caller, self.clock.now())
    }

    /// A list, read as `T` and not as `twitch_api` knows it.
    pub(crate) async fn read<T>(
        &self,
        caller: Caller<'_>,
        request: &(impl RequestGet + Sync),
    ) -> Result<Page<T>, CallFailure>
    where
        T: DeserializeOwned,
    {
        let build = |token: &str, client: &str| request.create_request(token, client);
        Page::of(self.call(caller, build).await?.body())
    }

    pub(crate) async fn get<R>(
        &self,
        caller: Caller<'_>,
        request: &R,
    ) -> Result<Response<R, R::Response>, CallFailure>
    where
        R: RequestGet + Sync,
    {
        let answer =
            self.call(caller, |token, client| request.create_request(token, client)).await?;
        R::parse_response(None, &Uri::default(), answer).map_err(CallFailure::unreadable)
    }

    /// The answer is not read: a 2xx says all.
    pub(crate) async fn patch<R>(
        &self,
        caller: Caller<'_>,
        request: &R,
        body: &R::Body,
    ) -> Result<(), CallFailure>
    where
        R: RequestPatch<Body: Clone + Sync> + Sync,
    {
        let build = |token: &str, client: &str| request.create_request(body.clone(), token, client);
        self.call(caller, build).await.map(drop)
    }

    /// The answer has no body.
    pub(crate) async fn delete<R>(&self, caller: Caller<'_>, request: &R) -> Result<(), CallFailure>
    where
        R: RequestDelete + Sync,
    {
        let build = |token: &str, client: &str| request.create_request(token, client);
        self.call(caller, build).await.map(drop)
    }

    /// Sends a request that `build` makes of a token and the client id; when the token is refused,
    /// once more with a new one. What comes back is a 2xx.
    pub(crate) async fn call<B>(
        &self,
        caller: Caller<'_>,
        build: B,
    ) -> Result<http::Response<Bytes>, CallFailure>
    where
        B: Fn(&str, &str) -> Result<http::Request<Bytes>, CreateRequestError> + Sync,
    {
        self.buckets.check(caller, self.clock.now())?;
        let mut lease = self.logins.token(caller, None).await?;
        let mut answer = self.send(caller, &build, &lease).await?;
        let other = if failure::missing_scope(answer.status(), answer.body()).is_some() {
            self.logins.later(caller, &lease).await?
        } else if answer.status() == StatusCode::UNAUTHORIZED {
            Some(self.logins.token(caller, Some(&lease)).await?)
        } else {
            None
        };
        if let Some(other) = other {
            lease = other;
            answer = self.send(caller, &build, &lease).await?;
        }
        self.judge(caller, &lease, answer).await
    }

    async fn send<B>(
        &self,
        caller: Caller<'_>,
        build: &B,
        lease: &Lease,
    ) -> Result<http::Response<Bytes>, CallFailure>
    where
        B: Fn(&str, &str) -> Result<http::Request<Bytes>, CreateRequestError> + Sync,
    {
        let answer = self.wire.send(build, &lease.access).await?;
        self.buckets.note(caller, answer.headers(), self.clock.now());
        Ok(answer)
    }

    async fn judge(
        &self,
        caller: Caller<'_>,
        lease: &Lease,
        answer: http::Response<Bytes>,
    ) -> Result<http::Response<Bytes>, CallFailure> {
        let status = answer.status();
        if let Some(message) = failure::missing_scope(status, answer.body()) {
            return Err(self.without_scope(caller, lease, message).await);
        }
        match status {
            _ if status.is_success() => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(self.logins.refused_again(caller, lease).await),
            StatusCode::TOO_MANY_REQUESTS => Err(CallFailure::RateLimited {
                after_seconds: self.buckets.wait(caller, self.clock.now()),
            }),
            _ if status.is_server_error() => {
                Err(CallFailure::Doubtful(format!("Twitch answered {}", status.as_u16())))
            }
            _ => Err(CallFailure::Refused { status, message: failure::message(answer.body()) }),
        }
    }

    /// A login that cannot do what all is about is as good as none. What is missing for something
    /// further is that something's trouble.
    async fn without_scope(
        &self,
        caller: Caller<'_>,
        lease: &Lease,
        message: String,
    ) -> CallFailure {
        match caller {
            Caller::Channel(person) if message.contains(scopes::REWARDS) => {
                self.logins.lose(person, lease, LoginLoss::ScopeMissing).await
            }
            _ => CallFailure::ScopeMissing(message),
        }
    }
}
