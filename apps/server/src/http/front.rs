//! The outermost layer: names the request, catches panics, turns every error into a problem,
//! counts.

use super::RouteTable;
use crate::metrics::Metrics;
use crate::problem::Problem;
use futures_util::FutureExt;
use poem::http::HeaderValue;
use poem::{Endpoint, Request, Response, Result};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// What the log and the client call a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

const REQUEST_ID: &str = "x-request-id";
const REQUEST_ID_LENGTH_MAX: usize = 64;

impl RequestId {
    /// The client's own name for it when that is harmless, else a fresh one.
    fn of(request: &Request) -> Self {
        let given = request.header(REQUEST_ID).filter(|id| {
            let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !id.is_empty() && id.len() <= REQUEST_ID_LENGTH_MAX && id.chars().all(harmless)
        });
        // Random, not from the ids port: it names a line of the log, not a row.
        Self(given.map_or_else(|| Uuid::new_v4().simple().to_string(), str::to_owned))
    }
}

/// Wraps the whole application.
pub struct Front<E> {
    /// What answers.
    pub inner: E,
    /// Which methods a path has.
    pub routes: RouteTable,
    /// Where requests are counted.
    pub metrics: Arc<Metrics>,
}

impl<E: Endpoint<Output = Response>> Endpoint for Front<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let id = RequestId::of(&request);
        request.set_data(id.clone());
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        // Without the query, which may hold secrets; the overlay's address is one.
        let shown = if path.starts_with("/overlay/") { "/overlay/…" } else { &path };
        let span = tracing::info_span!("request", id = %id.0, %method, path = shown);
        let started = Instant::now();
        let outcome = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        let outcome = outcome.instrument(span.clone()).await;
        let answered = match outcome {
            Ok(answered) => answered.map_err(Problem::from_poem),
            Err(panic) => Err(Problem::internal(panic_message(&*panic))),
        };
        let mut response = answered.unwrap_or_else(|problem| {
            let problem = problem
                .with_allow(|| self.routes.allow(&path))
                .with_parameter_names(|index| self.routes.parameter(&path, index));
            span.in_scope(|| problem.log());
            problem.render(Some(&id.0))
        });
        let elapsed = started.elapsed();
        self.metrics.observe_request(&method, response.status(), elapsed);
        span.in_scope(|| {
            let status = response.status().as_u16();
            tracing::debug!(status, micros = elapsed.as_micros(), "answered");
        });
        finish(&mut response, &id);
        Ok(response)
    }
}

fn finish(response: &mut Response, id: &RequestId) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.entry("referrer-policy").or_insert(HeaderValue::from_static("no-referrer"));
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_else(|| "of an unknown kind".into()))
}
