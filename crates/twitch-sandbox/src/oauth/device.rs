//! Logins of devices that have no browser: `/oauth2/device`, and the page `/activate` on which
//! a person types the code that the device shows.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Response, handler};
use serde_json::{Value, json};

use super::authorize::person;
use super::{normalized, page, user_tokens};
use crate::error::OAuthError;
use crate::params::{FormParams, Params};
use crate::state::State;
use crate::store::{logins, users};

/// How often a device may ask, in seconds. Asking more often is not refused.
const INTERVAL_S: u32 = 5;

/// A device begins to wait.
#[handler]
pub(super) async fn begin(
    state: Data<&State>,
    params: FormParams,
) -> Result<Json<Value>, OAuthError> {
    let params = params.0;
    let client = params.one("client_id").ok_or(OAuthError::bad_request("missing client id"))?;
    state.config.client_of(client).ok_or(OAuthError::bad_request("invalid client"))?;
    let scopes = normalized(params.one("scopes"));
    let device = logins::issue_device_code(&state.store.db, client, &scopes).await?;
    let address = state.config.bind;
    Ok(Json(json!({
        "device_code": device.device_code,
        "expires_in": logins::DEVICE_LIFETIME_S,
        "interval": INTERVAL_S,
        "user_code": device.user_code,
        "verification_uri": format!("http://{address}/activate?device-code={}", device.user_code),
    })))
}

/// A device asks whether its person said yes. It gets its tokens once.
pub(super) async fn tokens(
    state: &State,
    client_id: &str,
    params: &Params,
) -> Result<Json<Value>, OAuthError> {
    let code = params.one("device_code").ok_or(OAuthError::bad_request("missing device code"))?;
    let tx = state.store.begin().await?;
    let device = logins::device(&tx, client_id, code)
        .await?
        .ok_or(OAuthError::bad_request("invalid device code"))?;
    let user_id = device.user_id.ok_or(OAuthError::bad_request("authorization_pending"))?;
    logins::forget_device(&tx, code).await?;
    let answer = user_tokens(state, &tx, client_id, &user_id, &device.scopes).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The page where the code is typed, and where who has it says yes or no.
#[handler]
pub(super) async fn ask(state: Data<&State>, params: Params) -> Result<Response, OAuthError> {
    let code = params.one("device-code").unwrap_or("");
    let everybody = users::all(&state.store.db).await?;
    let body = format!(
        "<form method=\"post\" action=\"/activate\"><p><label>The code that the device shows: \
         <input name=\"user_code\" size=\"8\" autocomplete=\"off\" value=\"{}\"></label></p>\
         {}</form>",
        page::escaped(code),
        page::decision(&everybody),
    );
    Ok(page::page(StatusCode::OK, "Activate a device", &body))
}

/// What the person said.
#[handler]
pub(super) async fn decide(
    state: Data<&State>,
    params: FormParams,
) -> Result<Response, OAuthError> {
    let params = params.0;
    let code = params.one("user_code").unwrap_or("");
    let Some(device) = logins::waiting_device(&state.store.db, code).await? else {
        let body = "<p>No device waits with this code. <a href=\"/activate\">Try again</a></p>";
        return Ok(page::page(StatusCode::BAD_REQUEST, "Unknown code", body));
    };
    if params.one("decision") != Some("authorize") {
        logins::forget_device(&state.store.db, &device.device_code).await?;
        return Ok(page::page(StatusCode::OK, "Denied", "<p>The device gets nothing.</p>"));
    }
    let user = person(&state, &params).await?;
    logins::allow_device(&state.store.db, device, &user.id).await?;
    let body = "<p>The device can go on. You can close this page.</p>";
    Ok(page::page(StatusCode::OK, "Activated", body))
}
