//! `/healthz`: the process answers. `/readyz`: it can do its work.

use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::validation::FieldError;
use poem::handler;
use poem::web::{Data, Json};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the store may take to answer a trivial question.
const STORE_TIME_MAX: Duration = Duration::from_secs(2);

/// The process answers.
#[handler]
pub(crate) fn healthz() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

/// Whether requests should be sent here, and if not, why.
#[handler]
pub(crate) async fn readyz(services: Data<&Shared>) -> Result<Json<Value>, Problem> {
    let mut reasons = Vec::new();
    if services.shutdown.is_cancelled() {
        reasons.push(FieldError::new("server", "shutting down"));
    }
    let ping = services.core.ports().queries.ping();
    match tokio::time::timeout(STORE_TIME_MAX, ping).await {
        Ok(Ok(())) => {}
        // The words of the database are for the log.
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store does not answer");
            reasons.push(FieldError::new("store", "does not answer"));
        }
        Err(_) => reasons.push(FieldError::new("store", "answers too slowly")),
    }
    if services.ingest.is_closed() {
        reasons.push(FieldError::new("ingest", "has stopped"));
    }
    if !reasons.is_empty() {
        return Err(Problem::not_ready(reasons));
    }
    Ok(Json(json!({ "status": "ready", "twitch": services.twitch })))
}
