//! The application as one endpoint: every route with the layers around it.

use crate::api;
use crate::foundry_http;
use crate::foundry_module;
use crate::health::{healthz, readyz};
use crate::http::{BodyLimit, Front, RouteTable};
use crate::idempotency::Idempotent;
use crate::metrics::show_metrics;
use crate::overlay_sightings::overlay_seen;
use crate::services::Shared;
use crate::sign_in;
use crate::stream::overlay_stream;
use crate::web;
use crate::webhook::{EVENTSUB_PATH, eventsub};
use poem::endpoint::make_sync;
use poem::http::header;
use poem::middleware::AddData;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Response, Route, get, post};
use std::sync::Arc;

/// Everything that the server answers.
#[must_use]
pub fn app(services: &Shared) -> impl Endpoint<Output = Response> + 'static {
    let document = api::document_json();
    let routes = route_table(&document);
    let core = Arc::clone(&services.core);
    let api = Idempotent {
        inner: Arc::new(api::service().into_endpoint().map_to_response()),
        core: Arc::clone(&core),
        seal: services.seal.clone(),
        tasks: services.tasks.clone(),
    };
    let document = document.to_string();
    let docs = api::docs_html();
    let routed = web::pages(Route::new())
        .nest(api::PREFIX, api)
        .at("/api/openapi.json", get(page("application/json", document)))
        .at("/docs", get(page("text/html; charset=utf-8", docs)))
        .at("/healthz", get(healthz))
        .at("/readyz", get(readyz))
        .at("/metrics", get(show_metrics))
        .at(EVENTSUB_PATH, post(eventsub))
        .nest(sign_in::PREFIX, sign_in::pages())
        .at("/overlay/:token/stream", get(overlay_stream))
        .at("/overlay/:token/seen", post(overlay_seen))
        .nest(foundry_module::PREFIX, services.foundry_module.endpoint())
        .nest("/webhooks/foundry", foundry_http::webhooks())
        .nest("/mj/vtt-connections", foundry_http::tokens())
        .nest_no_strip("/socket.io", foundry_http::sockets())
        .with(AddData::new(core))
        .with(AddData::new(Arc::clone(services)))
        .map_to_response();
    Front { inner: BodyLimit(routed), routes, metrics: Arc::clone(&services.metrics) }
}

/// A page that never changes while the program runs.
fn page(media_type: &'static str, body: String) -> impl Endpoint<Output = Response> + 'static {
    make_sync(move |_| {
        Response::builder()
            .content_type(media_type)
            .header(header::CACHE_CONTROL, "no-cache")
            .body(body.clone())
    })
}

fn route_table(document: &serde_json::Value) -> RouteTable {
    let mut table = RouteTable::default();
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        let methods = operations.as_object().into_iter().flatten();
        table.add(path, methods.map(|(method, _)| method.as_str()));
    }
    let pages = ["/docs", "/api/openapi.json", "/healthz", "/readyz", "/metrics"];
    let module = ["/foundry/module.json", "/foundry/module.zip"];
    for path in pages.into_iter().chain(module).chain(["/overlay/{token}/stream"]) {
        table.add(path, ["get"]);
    }
    for path in [EVENTSUB_PATH, "/overlay/{token}/seen"] {
        table.add(path, ["post"]);
    }
    sign_in::add_routes(&mut table);
    web::add_routes(&mut table);
    foundry_http::add_routes(&mut table);
    table
}
