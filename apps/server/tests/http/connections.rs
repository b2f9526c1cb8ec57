//! The accept loop, over real sockets.

use crate::support::World;
use futures_util::StreamExt;
use gamification_server::app::app;
use gamification_server::http::{HttpLimits, serve};
use poem::endpoint::make_sync;
use poem::{Body, Endpoint, EndpointExt, Response};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PATIENCE: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

fn quick() -> HttpLimits {
    HttpLimits {
        header_time_max: Duration::from_millis(300),
        stall_time_max: Duration::from_millis(300),
        shutdown_time_max: Duration::from_millis(500),
        ..HttpLimits::default()
    }
}

impl Server {
    async fn start(app: impl Endpoint<Output = Response> + 'static, limits: HttpLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let task = TaskTracker::new().spawn(serve(listener, app, limits, shutdown.clone()));
        Self { address, shutdown, task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("it does not stop").unwrap();
    }
}

fn hello() -> impl Endpoint<Output = Response> + 'static {
    make_sync(|_| "hello").map_to_response()
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut text)).await;
    // A connection that is cut off may end in a reset.
    drop(read.expect("the connection stays open"));
    text
}

#[tokio::test]
async fn who_says_nothing_or_only_half_a_header_is_cut_off() {
    let server = Server::start(hello(), quick()).await;
    for said in ["", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: "] {
        let mut stream = server.connect().await;
        stream.write_all(said.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(!answer.contains("hello"), "{answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn who_does_not_read_is_cut_off() {
    let endless = make_sync(|_| {
        let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![0; 65_536]));
        Response::builder().body(Body::from_bytes_stream(chunks))
    });
    let server = Server::start(endless.map_to_response(), quick()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // The server gives up while nothing is read here: its end of the connection is gone then, and
    // asking for more fails.
    let cut_off = async {
        while stream.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, cut_off).await.expect("the connection stays open");
    server.stop().await;
}

#[tokio::test]
async fn a_shutdown_lets_answers_end_and_cuts_off_those_that_do_not() {
    let endless = make_sync(|_| {
        let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        Response::builder().body(Body::from_bytes_stream(never))
    });
    let server = Server::start(endless.map_to_response(), quick()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut head = [0; 15];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let idle = server.connect().await;
    server.stop().await;
    drop(idle);
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let limits = HttpLimits { connections_max: 1, ..quick() };
    let server = Server::start(hello(), limits).await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(server.connect().await);
    }
    for stream in &mut streams {
        let request = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        assert!(rest(stream).await.ends_with("hello"));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_declared_too_large_is_refused_before_it_is_sent() {
    let world = World::new();
    let server = Server::start(app(&world.services), quick()).await;
    let mut stream = server.connect().await;
    let head = "POST /webhooks/twitch/eventsub HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                content-length: 1048576\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; 1_048_576]).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("too-large"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn tables_get_their_websocket_on_the_same_port() {
    let world = World::new();
    let server = Server::start(app(&world.services), HttpLimits::default()).await;
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", server.address);
    let (mut socket, answer) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert_eq!(answer.status().as_u16(), 101);
    let first = tokio::time::timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap();
    assert!(first.to_text().unwrap().starts_with("0{\"sid\""), "{first}");
    world.services.tables.shutdown().await;
    server.stop().await;
}
