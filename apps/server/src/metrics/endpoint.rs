//! `GET /metrics`: for the machine itself, and for administrators from elsewhere.

use super::Metrics;
use crate::auth::authenticate;
use crate::problem::Problem;
use crate::services::Shared;
use poem::web::{Data, RemoteAddr};
use poem::{Addr, Request, Response, handler};
use prometheus_client::encoding::text::encode;

/// What a reverse proxy adds: then a loopback address is the proxy's, not the reader's.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// All counters.
#[handler]
pub(crate) async fn show_metrics(
    services: Data<&Shared>,
    request: &Request,
) -> Result<Response, Problem> {
    if !is_local(request) {
        authenticate(&services.core, request).await?.require_admin()?;
    }
    let text = services.metrics.encode(&services).await?;
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(Response::builder().content_type(media_type).body(text))
}

fn is_local(request: &Request) -> bool {
    let forwarded = FORWARDED.iter().any(|name| request.headers().contains_key(*name));
    let RemoteAddr(address) = request.remote_addr();
    let is_loopback = match address {
        Addr::SocketAddr(address) => address.ip().is_loopback(),
        Addr::Unix(_) | Addr::Custom(..) => false,
    };
    is_loopback && !forwarded
}

impl Metrics {
    async fn encode(&self, services: &Shared) -> Result<String, Problem> {
        self.store.refresh(&*services.core.ports().queries).await;
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(text)
    }
}
