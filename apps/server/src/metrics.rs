//! What is counted, in the text format of Prometheus.

mod endpoint;
mod gauges;

pub(crate) use endpoint::show_metrics;

use gamification_core::service::{Contribution, Missed, Served};
use gauges::StoreGauges;
use poem::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MissedLabels {
    what: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabels {
    step: &'static str,
}

/// All counters of the program.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Histogram,
    clicks: Family<OutcomeLabels, Counter>,
    batch_clicks: Histogram,
    missed: Family<MissedLabels, Counter>,
    worker_failures: Family<StepLabels, Counter>,
    /// Readers of event streams that are connected.
    pub stream_readers: Gauge,
    store: StoreGauges,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Registry::with_prefix("gamification"),
            requests: Family::default(),
            request_seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            clicks: Family::default(),
            missed: Family::default(),
            batch_clicks: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            worker_failures: Family::default(),
            stream_readers: Gauge::default(),
            store: StoreGauges::default(),
        };
        metrics.registered()
    }
}

impl Metrics {
    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register("http_requests", "HTTP requests answered", self.requests.clone());
        let help = "Time until an HTTP answer began";
        registry.register("http_request_seconds", help, self.request_seconds.clone());
        registry.register("clicks", "Clicks that were committed", self.clicks.clone());
        registry.register("click_batch", "Clicks per commit", self.batch_clicks.clone());
        let help = "Redemptions of which only the poll of Twitch's lists told";
        registry.register("redemptions_missed", help, self.missed.clone());
        let help = "Worker steps that failed";
        registry.register("worker_failures", help, self.worker_failures.clone());
        let help = "Readers of event streams";
        registry.register("stream_readers", help, self.stream_readers.clone());
        self.store.register(registry);
        self
    }

    /// A request was answered.
    pub fn observe_request(&self, method: &Method, status: StatusCode, elapsed: Duration) {
        // Anybody may invent a method: only the common ones get a series of their own.
        let method = match method.as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
            _ => "other",
        };
        let labels = RequestLabels { method: method.to_owned(), status: status.as_u16() };
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.observe(elapsed.as_secs_f64());
    }

    /// A batch of clicks is being committed.
    #[expect(clippy::cast_precision_loss, reason = "batches are small")]
    pub fn observe_batch(&self, clicks: usize) {
        self.batch_clicks.observe(clicks as f64);
    }

    /// A click was committed, or not.
    pub fn count_click(&self, outcome: &Served<Contribution>) {
        let outcome = match outcome {
            Ok(Contribution::NotOurs) => "not_ours",
            Ok(Contribution::Duplicate) => "duplicate",
            Ok(Contribution::Counted(_)) => "counted",
            Ok(Contribution::Refused(_)) => "refused",
            Err(_) => "failed",
        };
        self.clicks.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// Twitch's lists told what its events did not.
    pub fn count_missed(&self, missed: Missed) {
        for (what, count) in
            [("arrived", missed.found), ("settled_elsewhere", missed.settled_elsewhere)]
        {
            self.missed.get_or_create(&MissedLabels { what }).inc_by(count);
        }
    }

    /// A step of a worker failed.
    pub fn count_worker_failure(&self, step: &'static str) {
        self.worker_failures.get_or_create(&StepLabels { step }).inc();
    }
}
