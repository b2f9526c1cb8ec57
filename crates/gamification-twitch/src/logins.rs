//! Access tokens: the application's own, and those of channels.

use crate::helix::CallFailure;
use gamification_core::ids::TwitchUserId;
use http::{StatusCode, header};
use reqwest::Url;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use twitch_oauth2::id::TwitchTokenResponse;
use twitch_oauth2::url::form_urlencoded;
use twitch_oauth2::{AccessToken, ClientSecret};

/// What a channel's token is needed for: its rewards and their redemptions.
const CHANNEL_SCOPES: &str = "channel:manage:redemptions";

/// With whose token Twitch is called.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller<'a> {
    /// The broadcaster's.
    Channel(&'a TwitchUserId),
    /// Our own: public data and webhook subscriptions.
    Application,
}

impl Caller<'_> {
    fn key(self) -> Option<TwitchUserId> {
        match self {
            Self::Channel(id) => Some(id.clone()),
            Self::Application => None,
        }
    }

    /// What it means when Twitch takes no token of this caller, not even a new one.
    pub(crate) fn refused(self) -> CallFailure {
        match self {
            Self::Channel(_) => CallFailure::LoginNeeded,
            Self::Application => CallFailure::Refused {
                status: StatusCode::UNAUTHORIZED,
                message: "our client id or its secret is wrong".to_owned(),
            },
        }
    }
}

type Slot = Arc<tokio::sync::Mutex<Option<AccessToken>>>;

/// Logins of the sandbox: every user of it grants access without being asked, so nothing has to be
/// kept over a restart. Tokens are held in memory; one request per caller is under way at a time.
pub(crate) struct SandboxLogins {
    http: reqwest::Client,
    token_url: Url,
    authorize_url: Url,
    client_id: String,
    client_secret: ClientSecret,
    slots: Mutex<HashMap<Option<TwitchUserId>, Slot>>,
}

impl SandboxLogins {
    /// `auth_url` is the root of the token service.
    pub(crate) fn new(
        http: reqwest::Client,
        auth_url: &Url,
        client_id: String,
        client_secret: &str,
    ) -> Self {
        let below = |path: &str| {
            let mut url = auth_url.clone();
            url.set_path(&format!("{}/{path}", auth_url.path().trim_end_matches('/')));
            url
        };
        Self {
            http,
            token_url: below("oauth2/token"),
            authorize_url: below("auth/authorize"),
            client_id,
            client_secret: ClientSecret::new(client_secret.to_owned()),
            slots: Mutex::default(),
        }
    }

    /// A token of the caller: the one at hand unless it is `refused`, else a new one.
    ///
    /// # Errors
    /// [`Caller::refused`] when the token service says no for good.
    pub(crate) async fn token(
        &self,
        caller: Caller<'_>,
        refused: Option<&AccessToken>,
    ) -> Result<AccessToken, CallFailure> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(caller.key()).or_default())
        };
        let mut held = slot.lock().await;
        if let Some(token) = held.as_ref().filter(|token| Some(*token) != refused) {
            return Ok(token.clone());
        }
        *held = None;
        let token = self.fetch(caller).await?;
        *held = Some(token.clone());
        Ok(token)
    }

    /// Where the caller's token comes from, and the form to send there.
    fn form_for(&self, caller: Caller<'_>) -> (Url, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_id", &self.client_id);
        form.append_pair("client_secret", self.client_secret.secret());
        let url = match caller {
            Caller::Channel(id) => {
                form.append_pair("grant_type", "user_token");
                form.append_pair("user_id", id.as_str());
                form.append_pair("scope", CHANNEL_SCOPES);
                self.authorize_url.clone()
            }
            Caller::Application => {
                form.append_pair("grant_type", "client_credentials");
                self.token_url.clone()
            }
        };
        (url, form.finish())
    }

    async fn fetch(&self, caller: Caller<'_>) -> Result<AccessToken, CallFailure> {
        let (url, form) = self.form_for(caller);
        let sent = self
            .http
            .post(url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let answer = sent.send().await.map_err(CallFailure::unreached)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(CallFailure::unreached)?;
        match status {
            _ if status.is_success() => serde_json::from_slice::<TwitchTokenResponse>(&body)
                .map(|tokens| tokens.access_token)
                .map_err(CallFailure::unreadable),
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                tracing::warn!(?caller, status = status.as_u16(), "Twitch refused a login");
                Err(caller.refused())
            }
            _ => {
                let reason = format!("the token service of Twitch answered {}", status.as_u16());
                Err(CallFailure::Doubtful(reason))
            }
        }
    }
}
