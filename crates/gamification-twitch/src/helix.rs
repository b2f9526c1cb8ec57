//! The one place where Helix is called: address, login, time limit, and what an answer means.

mod failure;

pub(crate) use failure::CallFailure;

use crate::logins::{Caller, SandboxLogins};
use bytes::Bytes;
use gamification_core::ports::Clock;
use http::{HeaderMap, StatusCode, Uri};
use reqwest::Url;
use std::sync::Arc;
use std::time::Duration;
use twitch_api::helix::request::errors::CreateRequestError;
use twitch_api::helix::{RequestDelete, RequestGet, RequestPatch, RequestPost, Response};
use twitch_oauth2::AccessToken;

/// The longest that one request may take; Twitch answers within a second or not at all.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// A bucket of rate-limit points is full again after a minute, so no wait is longer.
const LONGEST_WAIT_SECONDS: i64 = 60;

/// A client of Helix.
pub(crate) struct Helix {
    http: reqwest::Client,
    api_url: Url,
    client_id: String,
    logins: SandboxLogins,
    clock: Arc<dyn Clock>,
}

impl Helix {
    pub(crate) fn new(
        http: reqwest::Client,
        api_url: Url,
        client_id: String,
        logins: SandboxLogins,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { http, api_url, client_id, logins, clock }
    }

    /// Fails when the caller has no login to call with.
    pub(crate) async fn log_in(&self, caller: Caller<'_>) -> Result<(), CallFailure> {
        self.logins.token(caller, None).await.map(drop)
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

    pub(crate) async fn post<R>(
        &self,
        caller: Caller<'_>,
        request: &R,
        body: &R::Body,
    ) -> Result<R::Response, CallFailure>
    where
        R: RequestPost<Body: Clone + Sync> + Sync,
    {
        let build = |token: &str, client: &str| request.create_request(body.clone(), token, client);
        let answer = self.call(caller, build).await?;
        let answer = R::parse_response(None, &Uri::default(), answer);
        Ok(answer.map_err(CallFailure::unreadable)?.data)
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

    /// Sends a request that `build` makes of a token and the client id; on a 401 once more, with a
    /// new token. What comes back is a 2xx.
    pub(crate) async fn call<B>(
        &self,
        caller: Caller<'_>,
        build: B,
    ) -> Result<http::Response<Bytes>, CallFailure>
    where
        B: Fn(&str, &str) -> Result<http::Request<Bytes>, CreateRequestError> + Sync,
    {
        let token = self.logins.token(caller, None).await?;
        let mut answer = self.send(&build, &token).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            let renewed = self.logins.token(caller, Some(&token)).await?;
            answer = self.send(&build, &renewed).await?;
        }
        self.judge(caller, answer)
    }

    async fn send<B>(
        &self,
        build: &B,
        token: &AccessToken,
    ) -> Result<http::Response<Bytes>, CallFailure>
    where
        B: Fn(&str, &str) -> Result<http::Request<Bytes>, CreateRequestError> + Sync,
    {
        let request = build(token.secret(), &self.client_id).map_err(CallFailure::unsendable)?;
        let (parts, body) = request.into_parts();
        let url = self.address(&parts.uri);
        let sent = self.http.request(parts.method.clone(), url).headers(parts.headers).body(body);
        let mut answer = sent.send().await.map_err(CallFailure::unreached)?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let body = answer.bytes().await.map_err(CallFailure::unreached)?;
        tracing::debug!(
            method = %parts.method,
            path = parts.uri.path(),
            status = status.as_u16(),
            points_left = text(&headers, "ratelimit-remaining"),
            "Twitch answered"
        );
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// Puts the path and query of a request to the real Helix below our own root.
    fn address(&self, uri: &Uri) -> Url {
        let real_root = twitch_api::TWITCH_HELIX_URL.path();
        let path = uri.path().strip_prefix(real_root).unwrap_or_else(|| uri.path());
        let mut url = self.api_url.clone();
        url.set_path(&format!("{}/{path}", self.api_url.path().trim_end_matches('/')));
        url.set_query(uri.query());
        url
    }

    fn judge(
        &self,
        caller: Caller<'_>,
        answer: http::Response<Bytes>,
    ) -> Result<http::Response<Bytes>, CallFailure> {
        let status = answer.status();
        match status {
            _ if status.is_success() => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(caller.refused()),
            StatusCode::TOO_MANY_REQUESTS => {
                Err(CallFailure::RateLimited { after_seconds: self.wait(answer.headers()) })
            }
            _ if status.is_server_error() => {
                Err(CallFailure::Doubtful(format!("Twitch answered {}", status.as_u16())))
            }
            _ => Err(CallFailure::Refused { status, message: failure::message(answer.body()) }),
        }
    }

    /// How long to wait after a 429: until the bucket is full, when it is empty.
    fn wait(&self, headers: &HeaderMap) -> Option<u32> {
        let number = |name| text(headers, name)?.parse::<i64>().ok();
        if number("ratelimit-remaining") != Some(0) {
            return None;
        }
        let seconds = number("ratelimit-reset")?.saturating_sub(self.clock.now().as_seconds());
        u32::try_from(seconds.clamp(1, LONGEST_WAIT_SECONDS)).ok()
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
