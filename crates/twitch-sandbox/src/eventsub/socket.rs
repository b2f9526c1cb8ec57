//! `/ws`: where websocket clients come in.

use poem::http::header;
use poem::web::Data;
use poem::web::websocket::WebSocket;
use poem::{IntoResponse, Request, Response, handler};

use super::sessions;
use crate::error::ApiError;
use crate::params::Params;
use crate::state::State;

/// Opens a session, or takes one over when the client comes with a `reconnect_url`: that has an
/// `id` and a `challenge`.
#[handler]
pub(crate) fn connect(
    websocket: WebSocket,
    request: &Request,
    state: Data<&State>,
    params: Params,
) -> Result<Response, ApiError> {
    let state = State::clone(&state);
    let asked_s = match params.one("keepalive_timeout_seconds") {
        None => None,
        Some(text) => Some(seconds(text)?),
    };
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default().to_owned();
    let claim = match (params.one("id"), params.one("challenge")) {
        (None, None) => None,
        (id, challenge) => {
            Some((id.unwrap_or_default().to_owned(), challenge.unwrap_or_default().to_owned()))
        }
    };
    let upgrade = websocket.on_upgrade(move |socket| async move {
        let opened = match claim {
            None => Some(state.sessions.begin(&host, asked_s)),
            Some((id, challenge)) => state.sessions.take_over(&id, &challenge),
        };
        let serving = sessions::serve(State::clone(&state), socket, opened);
        state.tasks.track_future(serving).await;
    });
    Ok(upgrade.into_response())
}

/// A number that is out of range is brought into it later; anything else is refused.
fn seconds(text: &str) -> Result<u32, ApiError> {
    let number: f64 = text
        .parse()
        .map_err(|_| ApiError::bad_request("keepalive_timeout_seconds must be a number"))?;
    // A saturating cast: what lies beyond is out of the range anyway.
    Ok(number as u32)
}
