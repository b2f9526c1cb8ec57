//! The accept loop. poem's own server has no timeout for headers, no limit of connections, and
//! spins without a word when the process runs out of file descriptors.

use super::stall::StallGuard;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request, Response};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What one client may take of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// Connections at a time; more wait to be accepted. An upgraded one gives its place back.
    pub connections_max: usize,
    /// How long a request's headers may take, and how long an idle connection is kept.
    pub header_time_max: Duration,
    /// How long a client may refuse to take what is sent to it.
    pub stall_time_max: Duration,
    /// How long a shutdown waits for requests under way.
    pub shutdown_time_max: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections_max: 8_192,
            header_time_max: Duration::from_secs(5),
            stall_time_max: Duration::from_secs(20),
            shutdown_time_max: Duration::from_secs(6),
        }
    }
}

const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);

/// Serves until `shutdown`; then takes no more connections, finishes the requests under way, and
/// cuts off what is left after the time that the limits give.
pub async fn serve<E>(
    listener: TcpListener,
    app: E,
    limits: HttpLimits,
    shutdown: CancellationToken,
) where
    E: Endpoint<Output = Response> + 'static,
{
    let app = Arc::new(app);
    let connections = TaskTracker::new();
    let permits = Arc::new(Semaphore::new(limits.connections_max));
    let cut_off = CancellationToken::new();
    while let Some((stream, peer, permit)) = accept(&listener, &permits, &shutdown).await {
        let connection = Connection {
            app: Arc::clone(&app),
            peer,
            limits,
            shutdown: shutdown.clone(),
            cut_off: cut_off.clone(),
        };
        connections.spawn(connection.serve(stream, permit));
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.shutdown_time_max, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "cutting off what does not end");
        cut_off.cancel();
        connections.wait().await;
    }
}

/// The next connection with its place; `None` at shutdown.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let next = async {
        let permit = Arc::clone(permits).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, peer, permit)),
                Err(error) => {
                    // Out of file descriptors, most likely: trying again at once would spin.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_BACKOFF).await;
                }
            }
        }
    };
    tokio::select! {
        biased;
        () = shutdown.cancelled() => None,
        connection = next => connection,
    }
}

struct Connection<E> {
    app: Arc<E>,
    peer: SocketAddr,
    limits: HttpLimits,
    shutdown: CancellationToken,
    cut_off: CancellationToken,
}

impl<E: Endpoint<Output = Response> + 'static> Connection<E> {
    async fn serve(self, stream: TcpStream, _place: OwnedSemaphorePermit) {
        let Ok(local) = stream.local_addr() else { return };
        // Only latency is lost when it cannot be set.
        let _ = stream.set_nodelay(true);
        let (app, peer) = (self.app, self.peer);
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let app = Arc::clone(&app);
            let local = LocalAddr(Addr::SocketAddr(local));
            let remote = RemoteAddr(Addr::SocketAddr(peer));
            async move {
                let request =
                    Request::from((request, local, remote, poem::http::uri::Scheme::HTTP));
                Ok::<_, Infallible>(hyper::Response::from(app.get_response(request).await))
            }
        });
        let io = TokioIo::new(StallGuard::new(stream, self.limits.stall_time_max));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_time_max)
            .serve_connection(io, service)
            .with_upgrades();
        tokio::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = self.cut_off.cancelled() => return,
            () = self.shutdown.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            _ = connection => {}
            () = self.cut_off.cancelled() => {}
        }
    }
}
