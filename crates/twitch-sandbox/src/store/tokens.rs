//! Access tokens and grants.

use rand::Rng;
use rand::distr::Alphanumeric;
use sea_orm::prelude::*;

use super::entities::{access_token, grant};
use crate::clock;

/// How long a token is, in characters, like Twitch's.
const TOKEN_LENGTH: usize = 30;

/// A fresh token that nobody can guess.
pub(crate) fn new_token() -> String {
    let characters = rand::rng().sample_iter(Alphanumeric).take(TOKEN_LENGTH);
    characters.map(|byte| char::from(byte).to_ascii_lowercase()).collect()
}

/// Makes and keeps an access token; without a user it is the application's own.
pub(crate) async fn issue(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: Option<&str>,
    scopes: &str,
    lifetime_ns: i64,
) -> Result<access_token::Model, DbErr> {
    let model = access_token::Model {
        token: new_token(),
        client_id: client_id.to_owned(),
        user_id: user_id.map(str::to_owned),
        scopes: scopes.to_owned(),
        expires_at_ns: clock::now_ns() + lifetime_ns,
    };
    let row = access_token::ActiveModel::from(model.clone());
    access_token::Entity::insert(row).exec_without_returning(db).await?;
    Ok(model)
}

/// The access token, when it exists and has not expired.
pub(crate) async fn valid(
    db: &impl ConnectionTrait,
    token: &str,
) -> Result<Option<access_token::Model>, DbErr> {
    let found = access_token::Entity::find_by_id(token).one(db).await?;
    Ok(found.filter(|token| token.expires_at_ns > clock::now_ns()))
}

/// Forgets an access token of this client; `false` when there was none.
pub(crate) async fn revoke(
    db: &impl ConnectionTrait,
    client_id: &str,
    token: &str,
) -> Result<bool, DbErr> {
    let mine = access_token::Column::ClientId.eq(client_id);
    let gone = access_token::Entity::delete_by_id(token).filter(mine).exec(db).await?;
    Ok(gone.rows_affected > 0)
}

/// Keeps what a user granted, and gives the refresh token for it.
pub(crate) async fn grant(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
    scopes: &str,
) -> Result<grant::Model, DbErr> {
    let model = grant::Model {
        refresh_token: new_token(),
        client_id: client_id.to_owned(),
        user_id: user_id.to_owned(),
        scopes: scopes.to_owned(),
    };
    let row = grant::ActiveModel::from(model.clone());
    grant::Entity::insert(row).exec_without_returning(db).await?;
    Ok(model)
}

pub(crate) async fn grant_of(
    db: &impl ConnectionTrait,
    client_id: &str,
    refresh_token: &str,
) -> Result<Option<grant::Model>, DbErr> {
    let found = grant::Entity::find_by_id(refresh_token).one(db).await?;
    Ok(found.filter(|grant| grant.client_id == client_id))
}

/// Whether this user ever granted one of these scopes to this client.
pub(crate) async fn has_granted(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
    scopes: &[&str],
) -> Result<bool, DbErr> {
    let grants = grant::Entity::find()
        .filter(grant::Column::UserId.eq(user_id))
        .filter(grant::Column::ClientId.eq(client_id))
        .all(db)
        .await?;
    Ok(grants.iter().any(|grant| grant.scopes.split(' ').any(|scope| scopes.contains(&scope))))
}

/// Whether this user ever granted anything to this client.
pub(crate) async fn has_granted_anything(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
) -> Result<bool, DbErr> {
    let grants = grant::Entity::find()
        .filter(grant::Column::UserId.eq(user_id))
        .filter(grant::Column::ClientId.eq(client_id));
    Ok(grants.one(db).await?.is_some())
}
