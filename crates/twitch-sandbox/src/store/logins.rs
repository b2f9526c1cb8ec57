//! Logins that are under way, and their end.

use rand::Rng;
use sea_orm::prelude::*;

use super::entities::logins::{authorization_code, device_code};
use super::entities::{access_token, grant};
use super::tokens::new_token;
use crate::clock;

/// How long a code that a browser carries is good: five minutes.
const CODE_LIFETIME_NS: i64 = 300 * clock::SECOND_NS;

/// How long a device waits for its person, in seconds.
pub(crate) const DEVICE_LIFETIME_S: i64 = 1_800;

/// What a person types: no letters that look like others.
const USER_CODE_LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// How many letters a person types.
const USER_CODE_LENGTH: usize = 8;

/// Keeps that a user said yes, and gives the code for it.
pub(crate) async fn issue_code(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
    redirect_uri: &str,
    scopes: &str,
) -> Result<String, DbErr> {
    let code = new_token();
    let model = authorization_code::Model {
        code: code.clone(),
        client_id: client_id.to_owned(),
        user_id: user_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scopes: scopes.to_owned(),
        expires_at_ns: clock::now_ns() + CODE_LIFETIME_NS,
    };
    let row = authorization_code::ActiveModel::from(model);
    authorization_code::Entity::insert(row).exec_without_returning(db).await?;
    Ok(code)
}

/// Takes a code of this client, when there is a good one; nobody can take it again. Within the
/// caller's transaction.
pub(crate) async fn take_code(
    db: &impl ConnectionTrait,
    client_id: &str,
    code: &str,
) -> Result<Option<authorization_code::Model>, DbErr> {
    let found = authorization_code::Entity::find_by_id(code).one(db).await?;
    let Some(found) = found.filter(|found| found.client_id == client_id) else { return Ok(None) };
    authorization_code::Entity::delete_by_id(code).exec(db).await?;
    Ok(Some(found).filter(|found| found.expires_at_ns > clock::now_ns()))
}

/// Keeps that a device waits for its person.
pub(crate) async fn issue_device_code(
    db: &impl ConnectionTrait,
    client_id: &str,
    scopes: &str,
) -> Result<device_code::Model, DbErr> {
    let model = device_code::Model {
        device_code: new_token(),
        user_code: new_user_code(),
        client_id: client_id.to_owned(),
        scopes: scopes.to_owned(),
        user_id: None,
        expires_at_ns: clock::now_ns() + DEVICE_LIFETIME_S * clock::SECOND_NS,
    };
    let row = device_code::ActiveModel::from(model.clone());
    device_code::Entity::insert(row).exec_without_returning(db).await?;
    Ok(model)
}

fn new_user_code() -> String {
    let mut rng = rand::rng();
    let letter = |_| char::from(USER_CODE_LETTERS[rng.random_range(0..USER_CODE_LETTERS.len())]);
    (0..USER_CODE_LENGTH).map(letter).collect()
}

/// The device that waits with this code, unless it waited too long.
pub(crate) async fn device(
    db: &impl ConnectionTrait,
    client_id: &str,
    device_code: &str,
) -> Result<Option<device_code::Model>, DbErr> {
    let found = device_code::Entity::find_by_id(device_code).one(db).await?;
    Ok(found.filter(|found| found.client_id == client_id && found.expires_at_ns > clock::now_ns()))
}

/// The device whose person types this, unless somebody did already or it waited too long.
pub(crate) async fn waiting_device(
    db: &impl ConnectionTrait,
    user_code: &str,
) -> Result<Option<device_code::Model>, DbErr> {
    let by_code = device_code::Column::UserCode.eq(user_code.trim().to_ascii_uppercase());
    let found = device_code::Entity::find().filter(by_code).one(db).await?;
    Ok(found.filter(|found| found.user_id.is_none() && found.expires_at_ns > clock::now_ns()))
}

/// Keeps that this user said yes to a device.
pub(crate) async fn allow_device(
    db: &impl ConnectionTrait,
    mut device: device_code::Model,
    user_id: &str,
) -> Result<(), DbErr> {
    device.user_id = Some(user_id.to_owned());
    device_code::ActiveModel::from(device).reset_all().update(db).await?;
    Ok(())
}

/// Forgets a device: it has its tokens, or its person said no.
pub(crate) async fn forget_device(
    db: &impl ConnectionTrait,
    device_code: &str,
) -> Result<(), DbErr> {
    device_code::Entity::delete_by_id(device_code).exec(db).await?;
    Ok(())
}

/// How many tokens of each sort there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Withdrawn {
    pub(crate) access_tokens: u64,
    pub(crate) refresh_tokens: u64,
}

/// Takes every token away that this client has from this user.
pub(crate) async fn withdraw(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
) -> Result<Withdrawn, DbErr> {
    let access = access_token::Entity::delete_many()
        .filter(access_token::Column::ClientId.eq(client_id))
        .filter(access_token::Column::UserId.eq(user_id))
        .exec(db)
        .await?;
    let refresh = grant::Entity::delete_many()
        .filter(grant::Column::ClientId.eq(client_id))
        .filter(grant::Column::UserId.eq(user_id))
        .exec(db)
        .await?;
    Ok(Withdrawn { access_tokens: access.rows_affected, refresh_tokens: refresh.rows_affected })
}

/// Ends every access token from this user now, of one client or of all; how many were good.
/// Refresh tokens stay good.
pub(crate) async fn expire_access_tokens(
    db: &impl ConnectionTrait,
    client_id: Option<&str>,
    user_id: &str,
) -> Result<u64, DbErr> {
    let now_ns = clock::now_ns();
    let mut query = access_token::Entity::update_many()
        .col_expr(access_token::Column::ExpiresAtNs, Expr::value(now_ns))
        .filter(access_token::Column::UserId.eq(user_id))
        .filter(access_token::Column::ExpiresAtNs.gt(now_ns));
    if let Some(id) = client_id {
        query = query.filter(access_token::Column::ClientId.eq(id));
    }
    Ok(query.exec(db).await?.rows_affected)
}

/// Forgets a refresh token that was used.
pub(crate) async fn forget_grant(
    db: &impl ConnectionTrait,
    refresh_token: &str,
) -> Result<(), DbErr> {
    grant::Entity::delete_by_id(refresh_token).exec(db).await?;
    Ok(())
}
