//! One websocket connection, from its welcome to its end.

use std::io;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use poem::web::websocket::{Message, WebSocketStream};
use tokio::time::{Instant, sleep_until, timeout};

use super::{Command, Ending, Opened, frames};
use crate::error::ApiError;
use crate::eventsub::shards_gone;
use crate::state::State;
use crate::store::{conduits, subscriptions};

/// How long a client that was told goodbye may take to say it too.
const GOODBYE: Duration = Duration::from_secs(1);

/// A connection and what it is due to do.
struct Connection {
    state: State,
    socket: WebSocketStream,
    opened: Opened,
    keepalive: Duration,
    keepalive_at: Instant,
    ping_at: Instant,
    /// Set while a pong is awaited.
    pong_by: Option<Instant>,
    /// Set until the session is used.
    used_by: Option<Instant>,
    /// Set once the client was asked to reconnect.
    leave_by: Option<Instant>,
}

/// What is due next.
#[derive(Debug, Clone, Copy)]
enum Due {
    Keepalive,
    Ping,
    Pong,
    Use,
    Leave,
}

/// Serves a connection until it ends, and does what its end brings about. Without `opened`, the
/// client came with a reconnect URL that is none.
pub(in crate::eventsub) async fn serve(
    state: State,
    mut socket: WebSocketStream,
    opened: Option<Opened>,
) {
    let Some(opened) = opened else {
        say_goodbye(&mut socket, Ending::InvalidReconnect).await;
        return;
    };
    let mut connection = Connection::new(state, socket, opened);
    let ending = connection.run().await;
    let Connection { state, mut socket, opened, .. } = connection;
    let session_id = &opened.session_id;
    tracing::debug!(%session_id, ?ending, "a websocket connection ended");
    let is_over = state.sessions.hang_up(session_id, opened.number);
    // What was still queued is lost; it must not count as under way for longer.
    drop(opened.commands);
    if ending == Ending::Lost {
        drop(socket);
        if is_over {
            session_over(&state, session_id, ending).await;
        }
        return;
    }
    if is_over {
        session_over(&state, session_id, ending).await;
    }
    match ending {
        Ending::Silent => state.sessions.stop.cancelled().await,
        _ => say_goodbye(&mut socket, ending).await,
    }
}

async fn say_goodbye(socket: &mut WebSocketStream, ending: Ending) {
    let goodbye = async {
        if let Some(farewell) = ending.farewell() {
            socket.send(farewell).await?;
        }
        // Reading on sends the answer to the client's goodbye, or takes it.
        while let Some(Ok(_)) = socket.next().await {}
        io::Result::Ok(())
    };
    if !matches!(timeout(GOODBYE, goodbye).await, Ok(Ok(()))) {
        tracing::debug!(?ending, "a client did not take its goodbye");
    }
}

/// Disables what was bound to a session that is gone, as soon as this Twitch notices.
async fn session_over(state: &State, session_id: &str, ending: Ending) {
    let stop = &state.sessions.stop;
    if ending == Ending::Stopped {
        return;
    }
    if ending.goes_unnoticed() {
        let linger = tokio::time::sleep(state.sessions.config.unnoticed_for);
        if stop.run_until_cancelled(linger).await.is_none() {
            return;
        }
    }
    if let Err(error) = disable(state, session_id, ending.status()).await {
        tracing::error!(%error, session_id, "the end of a session broke off");
    }
}

async fn disable(state: &State, session_id: &str, status: &str) -> Result<(), ApiError> {
    let tx = state.store.begin().await?;
    subscriptions::end_session(&tx, session_id, status).await?;
    let shards = conduits::end_session(&tx, session_id, status).await?;
    tx.commit().await?;
    tracing::info!(session_id, status, shards = shards.len(), "a websocket session is over");
    shards_gone(state, &shards).await
}

impl Connection {
    fn new(state: State, socket: WebSocketStream, opened: Opened) -> Self {
        let config = &state.sessions.config;
        let now = Instant::now();
        let keepalive = Duration::from_secs(u64::from(opened.keepalive_s));
        Self {
            keepalive,
            keepalive_at: now + keepalive,
            ping_at: now + config.ping_every,
            pong_by: None,
            used_by: opened.is_new.then(|| now + config.subscribe_within),
            leave_by: None,
            state,
            socket,
            opened,
        }
    }

    async fn run(&mut self) -> Ending {
        let stop = self.state.sessions.stop.clone();
        let welcome = std::mem::take(&mut self.opened.welcome);
        let served = async {
            if let Some(ending) = self.write(Message::text(welcome)).await {
                return ending;
            }
            loop {
                if let Some(ending) = self.step().await {
                    return ending;
                }
            }
        };
        stop.run_until_cancelled(served).await.unwrap_or(Ending::Stopped)
    }

    async fn step(&mut self) -> Option<Ending> {
        let (at, due) = self.next_due();
        tokio::select! {
            biased;
            command = self.opened.commands.recv() => match command {
                Some(command) => self.obey(command).await,
                None => Some(Ending::Internal),
            },
            incoming = self.socket.next() => match incoming {
                Some(Ok(Message::Pong(_))) => {
                    self.pong_by = None;
                    None
                }
                Some(Ok(Message::Close(_))) => Some(Ending::ClosedByClient),
                Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_))) => {
                    Some(Ending::InboundTraffic)
                }
                Some(Err(_)) | None => Some(Ending::Lost),
            },
            () = sleep_until(at) => self.act(due).await,
        }
    }

    fn next_due(&self) -> (Instant, Due) {
        let mut next = (self.keepalive_at, Due::Keepalive);
        let others = [
            (self.pong_by.is_none().then_some(self.ping_at), Due::Ping),
            (self.pong_by, Due::Pong),
            (self.used_by, Due::Use),
            (self.leave_by, Due::Leave),
        ];
        for (at, due) in others {
            if let Some(at) = at.filter(|at| *at < next.0) {
                next = (at, due);
            }
        }
        next
    }

    async fn act(&mut self, due: Due) -> Option<Ending> {
        match due {
            Due::Keepalive => self.write(Message::text(frames::keepalive())).await,
            Due::Ping => {
                let config = &self.state.sessions.config;
                let now = Instant::now();
                self.ping_at = now + config.ping_every;
                self.pong_by = Some(now + config.pong_within);
                self.write_raw(Message::ping("twitch")).await
            }
            Due::Pong => Some(Ending::FailedPingPong),
            Due::Use => {
                self.used_by = None;
                let is_used = self.state.sessions.is_used(&self.opened.session_id);
                (!is_used).then_some(Ending::Unused)
            }
            Due::Leave => Some(Ending::ReconnectGraceOver),
        }
    }

    async fn obey(&mut self, command: Command) -> Option<Ending> {
        match command {
            Command::Write(frame, pending) => {
                let ending = self.write(Message::text(frame)).await;
                drop(pending);
                ending
            }
            Command::Reconnect(frame) => {
                let grace = self.state.sessions.config.reconnect_grace;
                self.leave_by = Some(Instant::now() + grace);
                self.write(Message::text(frame)).await
            }
            Command::End(ending) => Some(ending),
        }
    }

    /// Writes a message that the client sees, which puts the next keepalive off.
    async fn write(&mut self, message: Message) -> Option<Ending> {
        self.keepalive_at = Instant::now() + self.keepalive;
        self.write_raw(message).await
    }

    async fn write_raw(&mut self, message: Message) -> Option<Ending> {
        let within = self.state.config.delivery_timeout;
        match timeout(within, self.socket.send(message)).await {
            Ok(Ok(())) => None,
            Ok(Err(_)) => Some(Ending::Lost),
            Err(_) => Some(Ending::NetworkTimeout),
        }
    }
}
