//! The connections of a session: the machine of [`session`](super::session), with I/O around it.

use super::address::Address;
use super::frame::Frame;
use super::session::{Action, Ended, Heard, Input, Session, SocketId};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(8);

/// Far more than any event has.
const LARGEST_MESSAGE: usize = 1 << 20;

/// Messages that were read and not yet looked at; further ones wait in the connection.
const READ_AHEAD: usize = 32;

/// Holds one session from connecting until it is over. `hear` is told everything in order. When
/// the future is dropped, all connections are.
pub(super) async fn hold(address: &Address, mut hear: impl FnMut(Heard) + Send) -> Ended {
    let (inputs, mut read) = mpsc::channel(READ_AHEAD);
    let mut connections = Connections { inputs, tasks: JoinSet::new(), open: HashMap::new() };
    let mut session = Session::new(Instant::now());
    connections.open(Session::FIRST, address.as_str().to_owned());
    loop {
        let input = tokio::select! {
            Some(input) = read.recv() => input,
            () = tokio::time::sleep_until(session.deadline()) => Input::Tick,
        };
        let now = Instant::now();
        for action in session.step(input, now, |url| address.is_followed_by(url)) {
            match action {
                Action::Open(socket, url) => connections.open(socket, url),
                Action::Leave(socket) => connections.leave(socket),
                Action::Tell(heard) => hear(heard),
                Action::End(ended) => return ended,
            }
        }
    }
}

/// One task for each connection, gone with this.
struct Connections {
    inputs: mpsc::Sender<Input>,
    tasks: JoinSet<()>,
    open: HashMap<SocketId, AbortHandle>,
}

impl Connections {
    fn open(&mut self, socket: SocketId, url: String) {
        while self.tasks.try_join_next().is_some() {}
        let inputs = self.inputs.clone();
        let task = self.tasks.spawn(async move {
            let code = read(socket, &url, &inputs).await;
            // Nobody listens when the session is over.
            let _ = inputs.send(Input::Closed(socket, code)).await;
        });
        self.open.insert(socket, task);
    }

    fn leave(&mut self, socket: SocketId) {
        if let Some(task) = self.open.remove(&socket) {
            task.abort();
        }
    }
}

/// Reads a connection to its end, and tells with which code it was closed. Nothing is ever sent but
/// what the protocol answers by itself: pongs, and the echo of a close.
async fn read(socket: SocketId, url: &str, inputs: &mpsc::Sender<Input>) -> Option<u16> {
    let mut stream = match tokio::time::timeout(CONNECT_WITHIN, connect(url)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::info!(%error, "Twitch's websocket cannot be connected to");
            return None;
        }
        Err(_) => {
            tracing::info!("Twitch's websocket did not answer in time");
            return None;
        }
    };
    let mut code = None;
    while let Some(message) = stream.next().await {
        match message {
            Ok(Message::Text(text)) => {
                let input = Input::Frame(socket, Frame::read(&text));
                inputs.send(input).await.ok()?;
            }
            Ok(Message::Close(close)) => code = close.map(|close| close.code.into()),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "a connection to Twitch's websocket broke");
                break;
            }
        }
    }
    code
}

async fn connect(url: &str) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    connect_async_with_config(url, Some(limits), true).await.map(|(stream, _)| stream)
}

#[cfg(test)]
mod tests;
