//! The connection itself.

use crate::answers::Answers;
use crate::frames::{self, Packet};
use crate::{TableError, TableEvent};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Something to be sent.
pub(crate) enum Outgoing {
    /// An event: `[name, body]` as text.
    Event(String),
    /// The end.
    Close,
}

/// A connection whose namespace is open.
pub(crate) struct Opened {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) socket_id: String,
    /// Came before the namespace was open.
    early: Vec<Packet>,
}

/// Opens the transport and the namespace.
pub(crate) async fn open(base_url: &str, token: &str) -> Result<Opened, TableError> {
    let host = base_url.trim_end_matches('/').strip_prefix("http://");
    let host =
        host.ok_or_else(|| TableError::Connect("the address must begin with http://".into()))?;
    let address = format!("ws://{host}/socket.io/?EIO=4&transport=websocket");
    let failed =
        |error: tokio_tungstenite::tungstenite::Error| TableError::Connect(error.to_string());
    let (mut stream, _) = connect_async(address).await.map_err(failed)?;
    stream.send(Message::text(frames::connect(token))).await.map_err(failed)?;
    let mut early = Vec::new();
    loop {
        let Some(message) = stream.next().await else { return Err(TableError::Closed) };
        let Message::Text(text) = message.map_err(failed)? else { continue };
        match frames::parse(&text) {
            Packet::Connected(socket_id) => return Ok(Opened { stream, socket_id, early }),
            Packet::Refused(reason) => return Err(TableError::Refused(reason)),
            Packet::Ping => stream.send(Message::text(frames::PONG)).await.map_err(failed)?,
            Packet::Open => {}
            packet => early.push(packet),
        }
    }
}

/// Speaks and listens until either side closes.
pub(crate) async fn run(
    opened: Opened,
    mut answers: Answers,
    mut to_send: mpsc::UnboundedReceiver<Outgoing>,
    heard: mpsc::UnboundedSender<TableEvent>,
) {
    let Opened { mut stream, early, .. } = opened;
    let mut pending: Vec<String> = answers.greeting();
    for packet in early {
        pending.extend(listen(packet, &mut answers, &heard));
    }
    loop {
        for frame in pending.drain(..) {
            if stream.send(Message::text(frame)).await.is_err() {
                break;
            }
        }
        tokio::select! {
            outgoing = to_send.recv() => match outgoing {
                Some(Outgoing::Event(array)) => {
                    answers.note_own(&array);
                    pending.push(frames::event(&array));
                }
                Some(Outgoing::Close) => {
                    // Whether it still arrives makes no difference: the stream is closed next.
                    let _sent = stream.send(Message::text(frames::CLOSE)).await;
                    break;
                }
                None => break,
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => match frames::parse(&text) {
                    Packet::Close => break,
                    packet => pending.extend(listen(packet, &mut answers, &heard)),
                },
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    let _closed = stream.close(None).await;
    let _nobody_listens_any_more = heard.send(TableEvent::TransportClosed);
}

/// Passes a packet on, and gives the frames that answer it.
fn listen(
    packet: Packet,
    answers: &mut Answers,
    heard: &mpsc::UnboundedSender<TableEvent>,
) -> Vec<String> {
    let (event, frames) = match packet {
        Packet::Ping => return vec![frames::PONG.to_owned()],
        Packet::NamespaceDisconnected => (TableEvent::NamespaceDisconnected, Vec::new()),
        Packet::Event(name, body) => {
            let (is_for_caller, frames) = answers.answer(&name, &body);
            if !is_for_caller {
                return frames;
            }
            (TableEvent::Event { name, body }, frames)
        }
        _ => return Vec::new(),
    };
    // The caller may have dropped its end; the connection then ends with the next turn.
    let _nobody_listens_any_more = heard.send(event);
    frames
}
