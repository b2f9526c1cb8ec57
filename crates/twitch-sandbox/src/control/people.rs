//! Users.

use poem::web::{Data, Json, Path};
use poem::{Body, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::rfc3339_s;
use crate::error::ApiError;
use crate::params::json_body;
use crate::state::State;
use crate::store::entities::{balance, user};
use crate::store::users;

/// What kind of channel a user has.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum BroadcasterType {
    #[serde(rename = "")]
    None,
    Affiliate,
    Partner,
}

impl BroadcasterType {
    fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Affiliate => "affiliate",
            Self::Partner => "partner",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserBody {
    display_name: Option<String>,
    broadcaster_type: Option<BroadcasterType>,
    language: Option<String>,
    points: Option<i64>,
}

/// Makes or changes a user. `points` are what they then have on every channel.
#[handler]
pub(super) async fn put_user(
    state: Data<&State>,
    Path(login): Path<String>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body: UserBody = json_body(body).await?;
    if !users::is_login(&login) {
        return Err(ApiError::bad_request("A login has 1 to 25 of a-z, 0-9 and _"));
    }
    if body.points.is_some_and(|points| points < 0) {
        return Err(ApiError::bad_request("Points cannot be negative"));
    }
    let tx = state.store.begin().await?;
    let mut user = users::get_or_create(&tx, &login).await?;
    if let Some(name) = body.display_name {
        user.display_name = name;
    }
    if let Some(kind) = body.broadcaster_type {
        user.broadcaster_type = kind.name().to_owned();
    }
    if let Some(language) = body.language {
        user.language = language;
    }
    if let Some(points) = body.points {
        user.starting_points = points;
        users::forget_balances(&tx, &user.id).await?;
    }
    let user = users::update(&tx, user).await?;
    let balances = users::balances(&tx).await?;
    tx.commit().await?;
    Ok(Json(shown(&user, &balances)))
}

#[handler]
pub(super) async fn list_users(state: Data<&State>) -> Result<Json<Value>, ApiError> {
    let tx = state.store.begin().await?;
    let balances = users::balances(&tx).await?;
    let everybody = users::all(&tx).await?;
    let shown: Vec<Value> = everybody.iter().map(|user| shown(user, &balances)).collect();
    Ok(Json(json!({ "users": shown })))
}

/// A user; `balances` lists the channels where the points differ from `points`.
fn shown(user: &user::Model, balances: &[balance::Model]) -> Value {
    let own: Vec<Value> = balances
        .iter()
        .filter(|balance| balance.user_id == user.id)
        .map(|balance| json!({ "broadcasterId": balance.broadcaster_id, "points": balance.points }))
        .collect();
    json!({
        "id": user.id,
        "login": user.login,
        "displayName": user.display_name,
        "broadcasterType": user.broadcaster_type,
        "language": user.language,
        "points": user.starting_points,
        "balances": own,
        "createdAt": rfc3339_s(user.created_at_ns),
    })
}

pub(super) async fn known(db: &impl ConnectionTrait, login: &str) -> Result<user::Model, ApiError> {
    let user = users::by_login(db, login).await?;
    user.ok_or_else(|| ApiError::not_found("There is no such user"))
}
