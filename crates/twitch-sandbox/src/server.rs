//! Starting, serving, stopping.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::listener::TcpAcceptor;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, Server, get};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::chat_drops::ChatDrops;
use crate::config::SandboxConfig;
use crate::error::{SandboxError, shape_error};
use crate::eventsub::{self, Courier, Sessions};
use crate::faults::Faults;
use crate::rate_limit::RateLimiter;
use crate::request_log::RequestLog;
use crate::state::{AppState, State};
use crate::store::Store;
use crate::{control, helix, oauth};

/// How long open connections may go on after a shutdown was asked for.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// A running sandbox. Dropping it stops it without waiting; [`Sandbox::shutdown`] waits.
#[derive(Debug)]
pub struct Sandbox {
    addr: SocketAddr,
    state: State,
    stop: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
}

impl Sandbox {
    /// Opens the state, binds the port and serves in tasks of the current tokio runtime.
    ///
    /// On an empty database it makes the users `gm` (104205061, affiliate), `alice`
    /// (218640722, affiliate) and `bob` (361947183, partner). Webhooks that were waiting for
    /// their challenge are challenged again; subscriptions of websockets that a former process
    /// had are disabled. When the process has no rustls provider yet, ring
    /// is installed.
    ///
    /// # Errors
    ///
    /// When the address is not loopback or not free, or the database cannot be used.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        if !config.bind.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(config.bind));
        }
        let refused = |error| SandboxError::Bind(config.bind, error);
        let listener = TcpListener::bind(config.bind).await.map_err(refused)?;
        let addr = listener.local_addr().map_err(refused)?;
        let acceptor = TcpAcceptor::from_tokio(listener).map_err(refused)?;
        let store = Store::open(&config.database).await?;
        let stop = CancellationToken::new();
        let state = Arc::new(AppState {
            store,
            limiter: RateLimiter::new(config.rate_limit_points),
            log: RequestLog::default(),
            courier: Courier::new(&config, stop.clone())?,
            sessions: Sessions::new(config.websocket.clone(), stop.clone()),
            faults: Faults::new(config.faults.clone()).map_err(SandboxError::Faults)?,
            chat_drops: ChatDrops::default(),
            tasks: TaskTracker::new(),
            // Pages and messages name the port that it came to be.
            config: SandboxConfig { bind: addr, ..config },
        });
        eventsub::resume(&state).await?;
        let stopped = stop.clone().cancelled_owned();
        let server = Server::new_with_acceptor(acceptor);
        let serving = server.run_with_graceful_shutdown(app(&state), stopped, Some(SHUTDOWN_GRACE));
        let server = state.tasks.spawn(serving);
        tracing::info!(%addr, "the Twitch sandbox listens");
        Ok(Self { addr, state, stop, server })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://` and the address, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops it: no new calls, effects under way are finished, notifications that were not
    /// delivered yet are lost, as Twitch never replays what a webhook missed.
    ///
    /// # Errors
    ///
    /// When the server had failed, or the database does not close.
    pub async fn shutdown(mut self) -> Result<(), SandboxError> {
        self.stop.cancel();
        let served = (&mut self.server).await.map_err(std::io::Error::other);
        self.state.tasks.close();
        self.state.tasks.wait().await;
        self.state.courier.stopped().await;
        self.state.store.db.clone().close().await?;
        served.and_then(|result| result).map_err(SandboxError::Server)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn app(state: &State) -> impl Endpoint + 'static {
    let api = Route::new()
        .nest("/oauth2", oauth::routes())
        .nest("/auth", oauth::browserless_routes())
        .at("/activate", oauth::activation())
        .nest("/helix", helix::routes(state))
        .at("/ws", get(eventsub::connect))
        .catch_all_error(shape_error)
        .around(|api, request| async move { logged(&*api, request).await });
    Route::new()
        .nest("/sandbox", control::routes().catch_all_error(shape_error))
        .nest("/", api)
        .data(state.clone())
}

async fn logged(api: &impl Endpoint, request: Request) -> poem::Result<Response> {
    let state = request.data::<State>().cloned();
    let method = request.method().clone();
    let uri = request.original_uri().clone();
    let response = api.call(request).await?.into_response();
    if let Some(state) = state {
        let status = response.status().as_u16();
        state.log.record(method.as_str(), uri.path(), uri.query().unwrap_or(""), status);
        tracing::debug!(%method, path = uri.path(), status, "twitch call");
    }
    Ok(response)
}
