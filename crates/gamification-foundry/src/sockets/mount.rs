//! How the sockets are built and mounted below an HTTP server.

use super::LinkTiming;
use super::cut_off::CutOff;
use super::desk::Desk;
use crate::link::FoundryLink;
use crate::pairing::{HandshakeRefused, Pairing};
use bytes::Bytes;
use gamification_core::ids::ConnectionId;
use gamification_core::service::Gamification;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::service::SocketIoService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// Largest message of a client and largest body of a polling request, in bytes: 4 MiB.
pub const MAX_PAYLOAD_BYTES: usize = 4 * 1024 * 1024;
/// Engine.IO's own heartbeat: a client that does not answer is gone after the sum of both.
const TRANSPORT_PING: Duration = Duration::from_secs(10);
const TRANSPORT_PONG: Duration = Duration::from_secs(20);
/// How long closing a transport may take at shutdown.
const CLOSE_SECONDS: Duration = Duration::from_secs(3);

type Sockets = SocketIoService<NotOurs>;

/// The tables' sockets, ready to be mounted at `/socket.io/`.
///
/// For every request below `/socket.io/` the HTTP server reads the body (at most
/// [`MAX_PAYLOAD_BYTES`]), takes the connection's upgrade if there is one, and calls
/// [`serve`](Self::serve) with both; it does not strip the path. Both transports of Engine.IO,
/// polling and websocket, go through that one call. With poem:
///
/// ```text
/// let upgrade = request.take_upgrade().ok();          // before the body is taken
/// let (parts, body) = …;                              // uri, method, headers as they came
/// let answer = tables.serve(http::Request::from_parts(parts, body), upgrade).await;
/// ```
#[derive(Clone)]
pub struct TableServer {
    sockets: Sockets,
    io: SocketIo,
    link: Arc<FoundryLink>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

/// Builds the socket server. Its tasks run until [`TableServer::shutdown`].
#[must_use]
pub fn socket_service(
    link: Arc<FoundryLink>,
    game: Arc<Gamification>,
    pairing: Arc<Pairing>,
    timing: LinkTiming,
) -> TableServer {
    let (sockets, io) = SocketIo::builder()
        .req_path("/socket.io")
        .max_payload(MAX_PAYLOAD_BYTES as u64)
        .ws_max_message_size(MAX_PAYLOAD_BYTES)
        .ws_max_frame_size(MAX_PAYLOAD_BYTES)
        .ping_interval(TRANSPORT_PING)
        .ping_timeout(TRANSPORT_PONG)
        .build_with_inner_svc(NotOurs);
    let (tasks, closing) = (TaskTracker::new(), CancellationToken::new());
    let desk = Arc::new(Desk::new(link.clone(), game, timing, tasks.clone(), closing.clone()));
    tasks.spawn(desk.clone().renew_until_closing());
    tasks.spawn(desk.clone().ping_until_closing());
    tasks.spawn(desk.clone().follow_until_closing());
    let seat = move |socket: SocketRef| {
        desk.clone().seat(socket);
        std::future::ready(())
    };
    let admit = move |socket: SocketRef, auth: TryData<Value>| admit(pairing.clone(), socket, auth);
    io.ns("/vtt", seat.with(admit));
    TableServer { sockets, io, link, tasks, closing }
}

/// Checks the token of a socket that wants to connect, and notes whose it is.
async fn admit(
    pairing: Arc<Pairing>,
    socket: SocketRef,
    TryData(auth): TryData<Value>,
) -> Result<(), HandshakeRefused> {
    let auth = auth.unwrap_or_default();
    let token = auth.get("token").and_then(Value::as_str).unwrap_or_default();
    let admitted = pairing.admit(token).await;
    match &admitted {
        Ok(connection) => drop(socket.extensions.insert::<ConnectionId>(*connection)),
        Err(HandshakeRefused::Unavailable(error)) => {
            tracing::error!(%error, "a table's socket could not be checked");
        }
        Err(refused) => tracing::info!(reason = %refused, "a table's socket was refused"),
    }
    admitted.map(|_| ())
}

impl TableServer {
    /// Answers one request below `/socket.io/`. When the answer is 101, the connection belongs to
    /// the sockets as soon as `upgrade` resolves.
    pub async fn serve<U, S, E>(
        &self,
        request: Request<Bytes>,
        upgrade: Option<U>,
    ) -> Response<Bytes>
    where
        U: Future<Output = Result<S, E>> + Send + 'static,
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        E: std::fmt::Display + Send + 'static,
    {
        let (head, body) = request.into_parts();
        let mut sockets = self.sockets.clone();
        let request = Request::from_parts(head.clone(), Full::new(body));
        let is_poll = head.method == Method::GET;
        let answering = Service::<Request<Full<Bytes>>>::call(&mut sockets, request);
        let answer = tokio::select! {
            biased;
            // A poll waits for news; the close packet would be some, and see `CutOff` for that.
            () = self.closing.cancelled(), if is_poll => return unavailable(),
            answer = answering => answer,
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (mut answer_head, answer_body) = answer.into_parts();
        if answer_head.status == StatusCode::SWITCHING_PROTOCOLS {
            let Some(upgrade) = upgrade else {
                answer_head.status = StatusCode::BAD_REQUEST;
                return Response::from_parts(answer_head, Bytes::new());
            };
            let request = Request::from_parts(head, ());
            let handed_over = hand_over(sockets, upgrade, request, self.closing.clone());
            self.tasks.spawn(self.closing.clone().run_until_cancelled_owned(handed_over));
        }
        // These bodies are in memory already, and none of them fails.
        let body = answer_body.collect().await.map(|body| body.to_bytes());
        Response::from_parts(answer_head, body.unwrap_or_default())
    }

    /// Breaks every transport off, without any packet that tells a client never to come back, and
    /// waits until what was received is worked off. No socket is accepted afterwards.
    pub async fn shutdown(&self) {
        self.closing.cancel();
        if tokio::time::timeout(CLOSE_SECONDS, self.io.close()).await.is_err() {
            tracing::warn!("some tables' sockets did not close in time");
        }
        self.link.leave_all();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn unavailable() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer
}

async fn hand_over<U, S, E>(
    mut sockets: Sockets,
    upgrade: U,
    request: Request<()>,
    closing: CancellationToken,
) where
    U: Future<Output = Result<S, E>> + Send,
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    E: std::fmt::Display + Send,
{
    match upgrade.await {
        Ok(stream) => {
            let stream = CutOff::new(stream, closing);
            let adopted =
                Service::<(CutOff<S>, Request<()>)>::call(&mut sockets, (stream, request));
            let adopted = adopted.await;
            if let Err(error) = adopted {
                tracing::info!(%error, "a websocket was refused");
            }
        }
        Err(error) => tracing::debug!(%error, "a websocket was gone before its upgrade"),
    }
}

/// Answers what is not Socket.IO's.
#[derive(Clone, Copy)]
struct NotOurs;

impl Service<Request<Full<Bytes>>> for NotOurs {
    type Response = Response<Full<Bytes>>;
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = StatusCode::NOT_FOUND;
        std::future::ready(Ok(answer))
    }
}
