//! Logins with Twitch from a second machine.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use crate::sign_in::{DeviceProgress, asked_for};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

/// The routes about logins.
pub(super) struct LoginsApi;

#[OpenApi]
impl LoginsApi {
    /// Begins a login with Twitch by a code that is typed on another machine.
    ///
    /// It has to be the caller's own account. Nothing is stored before Twitch says whose it is.
    #[oai(
        path = "/logins/device",
        method = "post",
        tag = "Tag::Access",
        operation_id = "beginDeviceLogin"
    )]
    async fn begin(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<DeviceLoginInput>,
    ) -> Result<Created<DeviceLoginView>, Problem> {
        let DeviceLoginInput { purpose, chat, polls } = body.0;
        let purpose = purpose.map(|PurposeName::Streamer| "streamer");
        let (chat, polls) = (chat.unwrap_or_default(), polls.unwrap_or_default());
        let scopes = asked_for(purpose, chat, polls)?;
        let login = services.begin_device_login(caller.user.id, scopes).await?;
        Ok(Created::Created(Json(DeviceLoginView {
            login_id: login.id,
            user_code: login.user_code,
            verification_uri: login.verification_uri,
            expires_in_seconds: login.expires_in_seconds,
        })))
    }

    /// How far a login by code has got. Ask every few seconds.
    #[oai(
        path = "/logins/device/:login",
        method = "get",
        tag = "Tag::Access",
        operation_id = "getDeviceLogin"
    )]
    async fn progress(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        login: Path<Uuid>,
    ) -> Answer<DeviceProgressView> {
        let status = services.device_login(&caller.user, login.0).await?.into();
        Ok(Json(DeviceProgressView { status }))
    }
}

/// What a login by code is to allow.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewDeviceLogin", rename_all = "camelCase")]
struct DeviceLoginInput {
    /// What for; left out, Twitch only says who the person is.
    #[oai(rename = "for")]
    purpose: Option<PurposeName>,
    /// Whether goals are told in the channel's chat.
    chat: Option<bool>,
    /// Whether polls of the channel open goals.
    polls: Option<bool>,
}

/// What a login is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "LoginPurpose", rename_all = "snake_case")]
enum PurposeName {
    /// To take part with a channel: its rewards and redemptions.
    Streamer,
}

/// A login by code that was begun.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeviceLogin", rename_all = "camelCase")]
struct DeviceLoginView {
    /// Its key, to ask how far it has got.
    login_id: Uuid,
    /// What to type.
    user_code: String,
    /// Where to type it.
    verification_uri: String,
    /// How long the code lives, in seconds.
    expires_in_seconds: u32,
}

/// How far a login by code has got.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeviceLoginProgress", rename_all = "camelCase")]
struct DeviceProgressView {
    /// How far.
    status: DeviceStatusName,
}

/// How far a login by code has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "DeviceLoginStatus", rename_all = "snake_case")]
enum DeviceStatusName {
    /// The code was not typed yet.
    Pending,
    /// The person is logged in.
    Done,
    /// The code lives no more, or was used.
    Expired,
}

impl From<DeviceProgress> for DeviceStatusName {
    fn from(progress: DeviceProgress) -> Self {
        match progress {
            DeviceProgress::Pending => Self::Pending,
            DeviceProgress::Done => Self::Done,
            DeviceProgress::Expired => Self::Expired,
        }
    }
}
