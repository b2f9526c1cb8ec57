//! Who calls Helix, and what the caller may do.

use poem::http::{HeaderMap, header};
use poem::{FromRequest, Request, RequestBody, Result};
use sea_orm::ConnectionTrait;

use crate::error::ApiError;
use crate::params::Params;
use crate::state::State;
use crate::store::entities::{reward, user};
use crate::store::{rewards, tokens, users};

/// Reading rewards and redemptions needs one of these.
pub(super) const READ: [&str; 2] = ["channel:read:redemptions", "channel:manage:redemptions"];
/// Changing them needs this one.
pub(super) const MANAGE: [&str; 1] = ["channel:manage:redemptions"];

/// The holder of a valid token, sent by the client that it was given to.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) client_id: String,
    /// Absent for an application's own token.
    pub(super) user_id: Option<String>,
    scopes: Vec<String>,
}

impl Caller {
    /// Reads `Authorization: Bearer …` and `Client-Id`; anything wrong with them is a 401.
    pub(super) async fn identify(state: &State, headers: &HeaderMap) -> Result<Self, ApiError> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let token = text(header::AUTHORIZATION.as_str())
            .and_then(|value| value.split_once(' '))
            .filter(|(kind, _)| kind.eq_ignore_ascii_case("Bearer"))
            .ok_or_else(|| ApiError::unauthorized("OAuth token is missing"))?
            .1;
        let client_id = text("Client-Id")
            .ok_or_else(|| ApiError::unauthorized("Client ID is missing"))?
            .to_owned();
        let token = tokens::valid(&state.store.db, token)
            .await?
            .ok_or_else(|| ApiError::unauthorized("Invalid OAuth token"))?;
        if token.client_id != client_id {
            return Err(ApiError::unauthorized("Client ID and OAuth token do not match"));
        }
        let scopes = token.scopes.split_whitespace().map(str::to_owned).collect();
        Ok(Self { client_id, user_id: token.user_id, scopes })
    }

    /// Whether the user granted this scope with this token.
    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// The name of the rate-limit bucket that this caller spends from.
    pub(super) fn bucket(&self) -> String {
        format!("{}/{}", self.client_id, self.user_id.as_deref().unwrap_or(""))
    }

    /// The channel in `broadcaster_id`, when this caller is its broadcaster, granted one of
    /// the scopes, and has channel points at all.
    pub(super) async fn broadcaster(
        &self,
        db: &impl ConnectionTrait,
        params: &Params,
        scopes: &[&str],
    ) -> Result<user::Model, ApiError> {
        let user_id = self.user_id.as_deref().ok_or_else(|| {
            ApiError::unauthorized("The Authorization header must specify a user access token")
        })?;
        if !self.scopes.iter().any(|scope| scopes.contains(&scope.as_str())) {
            let missing = scopes.join(" or ");
            return Err(ApiError::unauthorized(format!("Missing scope: {missing}")));
        }
        if params.required("broadcaster_id")? != user_id {
            return Err(ApiError::unauthorized(
                "The ID in broadcaster_id must match the user ID found in the request's OAuth \
                 token",
            ));
        }
        let user = users::by_id(db, user_id).await?;
        let user = user.ok_or_else(|| ApiError::unauthorized("Invalid OAuth token"))?;
        if user.broadcaster_type.is_empty() {
            return Err(ApiError::forbidden(
                "The broadcaster must have partner or affiliate status",
            ));
        }
        Ok(user)
    }

    /// A reward of this channel that this caller's client made: only that one may change it,
    /// and see or settle its redemptions.
    pub(super) async fn own_reward(
        &self,
        db: &impl ConnectionTrait,
        broadcaster: &user::Model,
        reward_id: &str,
    ) -> Result<reward::Model, ApiError> {
        let reward = rewards::by_id(db, reward_id)
            .await?
            .filter(|reward| reward.broadcaster_id == broadcaster.id)
            .ok_or_else(|| ApiError::not_found("The custom reward was not found"))?;
        if reward.client_id != self.client_id {
            return Err(ApiError::forbidden(
                "The ID in the Client-Id header must match the client ID used to create the \
                 custom reward",
            ));
        }
        Ok(reward)
    }
}

impl<'a> FromRequest<'a> for Caller {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let caller = request.data::<Self>().cloned();
        Ok(caller.ok_or_else(|| ApiError::unauthorized("OAuth token is missing"))?)
    }
}
