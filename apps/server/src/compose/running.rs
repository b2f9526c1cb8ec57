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
use gamification_twitch::{EventSubLink, TwitchLogins};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long what is under way without a client may take at the end.
const WORKERS_TIME_MAX: Duration = Duration::from_secs(2);

/// How often Twitch is asked whether logins are good, as it wants to be asked.
const VALIDATION_PERIOD: Duration = Duration::from_secs(3600);

/// Twitch, with what works on it beside the use cases.
pub(super) struct TwitchLink {
    pub(super) twitch: Twitch,
    pub(super) logins: Arc<TwitchLogins>,
    pub(super) eventsub: Arc<EventSubLink>,
}

impl TwitchLink {
    /// Listens to Twitch's events, and has logins validated now and every hour.
    fn start(&self, services: &Shared, tasks: &TaskTracker, stop: &CancellationToken) {
        let eventsub = Arc::clone(&self.eventsub);
        let events = Arc::new(services.twitch_events.clone());
        let stopped = stop.clone().cancelled_owned();
        tasks.spawn(async move { eventsub.run(events, stopped).await });
        let (logins, stop) = (Arc::clone(&self.logins), stop.clone());
        tasks.spawn(async move {
            let mut hours = tokio::time::interval(VALIDATION_PERIOD);
            loop {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    _ = hours.tick() => {}
                }
                logins.validate_all().await;
            }
        });
    }
}

/// Everything, ready to serve.
pub struct App {
    pub(super) listener: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) services: Shared,
    pub(super) ingest_task: IngestTask,
    pub(super) link: TwitchLink,
    pub(super) twitch_poll: Duration,
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
            listener,
            address,
            services,
            ingest_task,
            link,
            twitch_poll,
            redis,
            database,
            http,
            ..
        } = self;
        let stop = services.shutdown.clone();
        let (workers, ingest_stop) = (TaskTracker::new(), CancellationToken::new());
        workers.spawn(ingest_task.run(ingest_stop.clone()));
        let (core, metrics, sightings) = (&services.core, &services.metrics, &services.sightings);
        worker::start(core, metrics, sightings, twitch_poll, &workers, &stop);
        link.start(&services, &workers, &stop);
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
        // A renewed login that is not stored yet would be a lost one.
        let ended =
            async { tokio::join!(workers.wait(), services.tasks.wait(), link.logins.finish()) };
        if tokio::time::timeout(WORKERS_TIME_MAX, ended).await.is_err() {
            tracing::warn!("a step was left under way; its lease runs out");
        }
        stop_adapters(link.twitch, redis, database).await;
        tracing::info!("stopped");
    }
}
