//! The token service: every way to a token is one post to it.

use super::addresses::{Addresses, Parameters};
use crate::helix::message;
use crate::vault::Tokens;
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::Clock;
use gamification_core::time::Timestamp;
use http::{StatusCode, header};
use reqwest::Url;
use serde::Deserialize;
use std::sync::Arc;
use twitch_oauth2::url::form_urlencoded;
use twitch_oauth2::{AccessToken, ClientSecret};

/// The longest answer that is read, in bytes: tokens are short.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantFailure {
    /// The token service says no.
    #[error("the token service refused: {} {message}", status.as_u16())]
    Refused { status: StatusCode, message: String },
    /// It says nothing that can be used.
    #[error("{0}")]
    Unavailable(String),
}

impl GrantFailure {
    /// Whether asking again with the same is in vain. A client that Twitch does not know is the
    /// operator's mistake, and no reason to give up what people granted.
    pub(crate) fn is_final(&self) -> bool {
        let Self::Refused { status, message } = self else { return false };
        let is_no = matches!(*status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED);
        is_no && !message.to_ascii_lowercase().contains("client")
    }
}

/// The application's own token.
#[derive(Debug, Clone)]
pub(crate) struct AppToken {
    pub(crate) access: AccessToken,
    pub(crate) expires_at: Timestamp,
}

/// What the token service says of an access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Validity {
    /// It is good until then.
    Good { expires_at: Timestamp },
    /// It is not, or belongs to another client.
    Bad,
}

/// The token service, and who we are there.
pub(crate) struct TokenEndpoint {
    http: reqwest::Client,
    pub(crate) addresses: Addresses,
    pub(crate) client_id: String,
    client_secret: ClientSecret,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    expires_in: u64,
    #[serde(default)]
    scope: Option<Scopes>,
}

/// Twitch sends a list; others send a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    Many(Vec<String>),
    One(String),
}

#[derive(Deserialize)]
struct Validated {
    client_id: String,
    expires_in: u64,
}

impl TokenEndpoint {
    pub(crate) fn new(
        http: reqwest::Client,
        addresses: Addresses,
        client_id: String,
        client_secret: String,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let client_secret = ClientSecret::new(client_secret);
        Self { http, addresses, client_id, client_secret, clock }
    }

    pub(crate) async fn for_application(&self) -> Result<AppToken, GrantFailure> {
        let pairs = [("grant_type", "client_credentials")];
        let answer = self.grant(&self.addresses.token, &pairs).await?;
        let expires_at = self.end_of(answer.expires_in);
        Ok(AppToken { access: AccessToken::new(answer.access_token), expires_at })
    }

    pub(crate) async fn for_code(
        &self,
        code: &str,
        redirect_url: &str,
    ) -> Result<Tokens, GrantFailure> {
        let pairs =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_url)];
        self.tokens(self.grant(&self.addresses.token, &pairs).await?)
    }

    /// A new pair for a refresh token. Whether the old refresh token stays good is unknown.
    pub(crate) async fn refreshed(&self, refresh: &str) -> Result<Tokens, GrantFailure> {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        self.tokens(self.grant(&self.addresses.token, &pairs).await?)
    }

    /// Tokens of a person of the sandbox or the mock, who is not asked.
    pub(crate) async fn without_people(
        &self,
        person: &TwitchUserId,
    ) -> Result<Tokens, GrantFailure> {
        use crate::scopes::{CHAT, POLLS, REWARDS};
        let scopes = match self.addresses.parameters {
            Parameters::InForm => [REWARDS, CHAT, POLLS].join(" "),
            // Twitch's mock knows no chat, and refuses scopes that it does not know.
            Parameters::InQuery => [REWARDS, POLLS].join(" "),
        };
        let pairs =
            [("grant_type", "user_token"), ("user_id", person.as_str()), ("scope", &scopes)];
        let answer = self.grant(&self.addresses.without_people, &pairs).await?;
        Ok(self.pair(answer))
    }

    /// Asks for a token as ourselves.
    async fn grant(&self, url: &Url, pairs: &[(&str, &str)]) -> Result<Answer, GrantFailure> {
        let ours = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.secret()),
        ];
        self.granted(url, &[&ours[..], pairs].concat()).await
    }

    /// Asks for a person's tokens as a device, which keeps no secret.
    pub(crate) async fn for_device(&self, pairs: &[(&str, &str)]) -> Result<Tokens, GrantFailure> {
        self.tokens(self.granted(&self.addresses.token, pairs).await?)
    }

    async fn granted(&self, url: &Url, pairs: &[(&str, &str)]) -> Result<Answer, GrantFailure> {
        let body = self.post(url, pairs).await?;
        match serde_json::from_slice::<Answer>(&body) {
            Ok(answer) if !answer.access_token.is_empty() => Ok(answer),
            // What serde says may quote a token.
            _ => Err(unreadable()),
        }
    }

    /// One post; what comes back is the body of a 2xx. Neither parameters nor answers are logged.
    pub(crate) async fn post(
        &self,
        url: &Url,
        pairs: &[(&str, &str)],
    ) -> Result<Vec<u8>, GrantFailure> {
        let parameters =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let sent = match self.addresses.parameters {
            Parameters::InForm => self
                .http
                .post(url.clone())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(parameters),
            Parameters::InQuery => {
                let mut url = url.clone();
                url.set_query(Some(&parameters));
                self.http.post(url)
            }
        };
        let (status, body) = read(sent).await?;
        match status {
            _ if status.is_success() => Ok(body),
            _ if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                Err(GrantFailure::Refused { status, message: message(&body) })
            }
            _ => Err(GrantFailure::Unavailable(format!(
                "the token service answered {}",
                status.as_u16()
            ))),
        }
    }

    /// Asks whether an access token is good.
    pub(crate) async fn validate(&self, access: &str) -> Result<Validity, GrantFailure> {
        let url = self.addresses.validate.clone();
        let sent = self.http.get(url).header(header::AUTHORIZATION, format!("OAuth {access}"));
        let (status, body) = read(sent).await?;
        if status == StatusCode::UNAUTHORIZED {
            return Ok(Validity::Bad);
        }
        if !status.is_success() {
            let reason = format!("the token service answered {}", status.as_u16());
            return Err(GrantFailure::Unavailable(reason));
        }
        let said: Validated = serde_json::from_slice(&body).map_err(|_| unreadable())?;
        if said.client_id != self.client_id {
            return Ok(Validity::Bad);
        }
        Ok(Validity::Good { expires_at: self.end_of(said.expires_in) })
    }

    /// A pair that is worth keeping has both.
    fn tokens(&self, answer: Answer) -> Result<Tokens, GrantFailure> {
        let tokens = self.pair(answer);
        if tokens.refresh.is_empty() { Err(unreadable()) } else { Ok(tokens) }
    }

    fn pair(&self, answer: Answer) -> Tokens {
        let scopes = match answer.scope {
            Some(Scopes::Many(scopes)) => scopes,
            Some(Scopes::One(scopes)) => scopes.split_whitespace().map(str::to_owned).collect(),
            None => Vec::new(),
        };
        Tokens {
            access: answer.access_token,
            refresh: answer.refresh_token.unwrap_or_default(),
            scopes,
            expires_at: self.end_of(answer.expires_in),
        }
    }

    fn end_of(&self, lifetime_seconds: u64) -> Timestamp {
        self.clock.now().plus_seconds(u32::try_from(lifetime_seconds).unwrap_or(u32::MAX))
    }
}

async fn read(sent: reqwest::RequestBuilder) -> Result<(StatusCode, Vec<u8>), GrantFailure> {
    let mut answer = sent.send().await.map_err(unreached)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreached)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err(unreadable());
        }
    }
    Ok((answer.status(), body))
}

fn unreached(error: reqwest::Error) -> GrantFailure {
    let reason = if error.is_timeout() {
        "the token service did not answer in time"
    } else {
        "the token service could not be reached"
    };
    tracing::debug!(error = %error.without_url(), reason, "a login could not be asked for");
    GrantFailure::Unavailable(reason.to_owned())
}

pub(super) fn unreadable() -> GrantFailure {
    GrantFailure::Unavailable("the token service's answer could not be read".to_owned())
}
