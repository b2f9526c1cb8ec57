//! Requests on their way to Helix: nothing but address, time limit and token.

use super::failure::CallFailure;
use crate::accounts::{TwitchAccount, User};
use crate::helix::{Page, failure};
use bytes::Bytes;
use gamification_core::ids::TwitchUserId;
use http::{StatusCode, Uri};
use reqwest::Url;
use std::slice;
use twitch_api::helix::RequestGet;
use twitch_api::helix::request::errors::CreateRequestError;
use twitch_api::helix::users::GetUsersRequest;

/// Sends requests below our own root.
pub(crate) struct Wire {
    http: reqwest::Client,
    api_url: Url,
    client_id: String,
}

impl Wire {
    pub(crate) const fn new(http: reqwest::Client, api_url: Url, client_id: String) -> Self {
        Self { http, api_url, client_id }
    }

    /// Sends a request that `build` makes of a token and the client id; any status comes back.
    pub(crate) async fn send<B>(
        &self,
        build: &B,
        token: &str,
    ) -> Result<http::Response<Bytes>, CallFailure>
    where
        B: Fn(&str, &str) -> Result<http::Request<Bytes>, CreateRequestError> + Sync,
    {
        let request = build(token, &self.client_id).map_err(CallFailure::unsendable)?;
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
            points_left = headers.get("ratelimit-remaining").and_then(|it| it.to_str().ok()),
            "Twitch answered"
        );
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    /// Whose access token this is. `person` is asked for where it is known: Twitch's mock tells
    /// nobody who they are themselves.
    pub(crate) async fn account_of(
        &self,
        access: &str,
        person: Option<&TwitchUserId>,
    ) -> Result<TwitchAccount, CallFailure> {
        let id = person.map(TwitchUserId::as_str);
        let request = match &id {
            Some(id) => GetUsersRequest::ids(slice::from_ref(id)),
            None => GetUsersRequest::new(),
        };
        let build = |token: &str, client: &str| request.create_request(token, client);
        let answer = self.send(&build, access).await?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(CallFailure::NotNow(format!("Twitch answered {}", status.as_u16())));
        }
        if !status.is_success() {
            return Err(CallFailure::Refused { status, message: failure::message(answer.body()) });
        }
        let mut users = Page::<User>::of(answer.body())?.data.into_iter();
        let user = users.find(|user| id.is_none_or(|id| user.id == id));
        user.map(TwitchAccount::from)
            .ok_or_else(|| CallFailure::NotNow("Twitch does not tell whose login it is".to_owned()))
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
}
