//! The HTTP side of the VTT link (5-vtt-protocol): pairing, tokens, and the mount of the sockets.
//! Foundry runs in a browser on another origin, so every answer may be read from anywhere; nothing
//! here looks at cookies.

mod cors;
mod mount;

use crate::http::RouteTable;
use crate::problem::Problem;
use crate::services::Shared;
pub(crate) use cors::CrossOrigin;
use gamification_core::ids::VttWorldId;
use gamification_foundry::pairing::{PairingRequest, RefreshRequest, Requester, RevokeRequest};
use poem::http::{StatusCode, header};
use poem::web::{Data, RemoteAddr};
use poem::{
    Addr, Body, Endpoint, EndpointExt, IntoEndpoint, Request, Response, Route, get, handler, post,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

type Answered = Result<Response, Problem>;

/// Below `/webhooks/foundry`.
pub(crate) fn webhooks() -> impl Endpoint<Output = Response> + 'static {
    CrossOrigin(
        Route::new()
            .at("/request-pairing", post(request_pairing))
            .at("/pairing-status", get(pairing_status))
            .at("/connection-health", get(connection_health))
            .at("/reauthorization-status", get(reauthorization_status))
            .at("/revoke", post(revoke))
            .map_to_response(),
    )
}

/// Below `/mj/vtt-connections`.
pub(crate) fn tokens() -> impl Endpoint<Output = Response> + 'static {
    CrossOrigin(Route::new().at("/refresh-token", post(refresh_token)).map_to_response())
}

/// Below `/socket.io`, the path not stripped.
pub(crate) fn sockets() -> impl Endpoint<Output = Response> + 'static {
    CrossOrigin(mount::sockets.into_endpoint().map_to_response())
}

/// For the `Allow` header.
pub(crate) fn add_routes(table: &mut RouteTable) {
    for path in ["request-pairing", "revoke"] {
        table.add(&format!("/webhooks/foundry/{path}"), ["post", "options"]);
    }
    for path in ["pairing-status", "connection-health", "reauthorization-status"] {
        table.add(&format!("/webhooks/foundry/{path}"), ["get", "options"]);
    }
    table.add("/mj/vtt-connections/refresh-token", ["post", "options"]);
}

#[handler]
async fn request_pairing(services: Data<&Shared>, from: &RemoteAddr, body: Body) -> Answered {
    let request: PairingRequest = read(body).await?;
    answer(StatusCode::OK, &services.pairing.request(&request, &address(from)).await?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusQuery {
    world_id: String,
    code: String,
    poll_token: Option<String>,
}

#[handler]
async fn pairing_status(services: Data<&Shared>, from: &RemoteAddr, request: &Request) -> Answered {
    let query: StatusQuery = query(request)?;
    let address = address(from);
    let from = Requester { address: &address, poll_token: query.poll_token.as_deref() };
    let world = VttWorldId(query.world_id);
    answer(StatusCode::OK, &services.pairing.status(&world, &query.code, from).await?)
}

#[handler]
async fn connection_health(services: Data<&Shared>, request: &Request) -> Answered {
    let health = services.pairing.health(bearer(request)).await?;
    let status = StatusCode::from_u16(health.http_status());
    answer(status.map_err(|error| Problem::internal(error.to_string()))?, &health)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorldQuery {
    world_id: String,
}

#[handler]
async fn reauthorization_status(services: Data<&Shared>, request: &Request) -> Answered {
    let query: WorldQuery = query(request)?;
    let key = bearer(request).ok_or_else(|| Problem::unauthenticated("send the API key"))?;
    let world = VttWorldId(query.world_id);
    answer(StatusCode::OK, &services.pairing.reauthorization_status(key, &world).await?)
}

#[handler]
async fn refresh_token(services: Data<&Shared>, body: Body) -> Answered {
    let request: RefreshRequest = read(body).await?;
    answer(StatusCode::OK, &services.pairing.refresh(&request).await?)
}

#[handler]
async fn revoke(services: Data<&Shared>, body: Body) -> Answered {
    let request: RevokeRequest = read(body).await?;
    services.pairing.revoke_by_world(&request).await?;
    answer(StatusCode::OK, &json!({ "success": true }))
}

async fn read<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    let body = body.into_bytes().await.map_err(|error| Problem::malformed(error.to_string()))?;
    serde_json::from_slice(&body).map_err(|error| Problem::malformed(error.to_string()))
}

fn query<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    request.params().map_err(|error| Problem::malformed(error.to_string()))
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The client's address without its port, which changes from call to call.
fn address(RemoteAddr(address): &RemoteAddr) -> String {
    match address {
        Addr::SocketAddr(address) => address.ip().to_string(),
        Addr::Unix(_) | Addr::Custom(..) => String::new(),
    }
}

fn answer(status: StatusCode, body: &impl Serialize) -> Answered {
    let body = serde_json::to_string(body);
    let body = body.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(Response::builder()
        .status(status)
        .content_type("application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body))
}
