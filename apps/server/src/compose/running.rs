//! The program while it serves, and how it ends.

use super::stop_adapters;
use super::twitch::Twitch;
use crate::app::app;
use crate::config::Secret;
use crate::http::{HttpLimits, serve};
use crate::ingest::IngestTask;
use crate::services::Shared;
use crate::worker;
use gamification_db::Database;
use gamification_redis::RedisAdapter;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long what is under way without a client may take at the end.
const WORKERS_TIME_MAX: Duration = Duration::from_secs(2);

/// Everything, ready to serve.
pub struct App {
    pub(super) listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) services: Shared,
    pub(super) ingest_task: IngestTask,
    pub(super) twitch: Twitch,
    pub(super) redis: Option<Arc<RedisAdapter>>,
    pub(super) database: Database,
    pub(super) http: HttpLimits,
    pub(super) first_key: Option<Secret>,
}

impl App {
    /// The key that the first start made; shown once.
    #[must_use]
    pub const fn first_key(&self) -> Option<&Secret> {
        self.first_key.as_ref()
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the handlers share.
    #[must_use]
    pub const fn services(&self) -> &Shared {
        &self.services
    }

    /// Serves and works until `shutdown`; then takes nothing new, finishes what is under way and
    /// returns, within ten seconds. Being killed instead loses nothing.
    pub async fn run(self, shutdown: CancellationToken) {
        let Self {
            listener, address, services, ingest_task, twitch, redis, database, http, ..
        } = self;
        let stop = services.shutdown.clone();
        let (workers, ingest_stop) = (TaskTracker::new(), CancellationToken::new());
        workers.spawn(ingest_task.run(ingest_stop.clone()));
        worker::start(&services.core, &services.metrics, &workers, &stop);
        tracing::info!(%address, url = services.public_url, "serving");
        let served = serve(listener, app(&services), http, stop.clone());
        let ended = async {
            shutdown.cancelled().await;
            stop.cancel();
            // While answers are finished: a socket's long poll is one of them.
            services.tables.shutdown().await;
        };
        tokio::join!(served, ended);
        ingest_stop.cancel();
        workers.close();
        services.tasks.close();
        let ended = async { tokio::join!(workers.wait(), services.tasks.wait()) };
        if tokio::time::timeout(WORKERS_TIME_MAX, ended).await.is_err() {
            tracing::warn!("a step was left under way; its lease runs out");
        }
        stop_adapters(twitch, redis, database).await;
        tracing::info!("stopped");
    }
}
