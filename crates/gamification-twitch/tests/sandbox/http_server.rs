//! A small HTTP server for tests, on a loopback port of its own, gone when it is dropped.

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Breaks the connection instead of answering.
#[derive(Debug, thiserror::Error)]
#[error("the server hangs up")]
pub(crate) struct HangUp;

pub(crate) type Answer = Result<Response<reqwest::Body>, HangUp>;

pub(crate) struct HttpServer {
    addr: SocketAddr,
    _tasks: JoinSet<()>,
}

impl HttpServer {
    pub(crate) async fn start<H, F>(handler: H) -> Self
    where
        H: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
        F: Future<Output = Answer> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let handler = Arc::new(handler);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&handler)));
            }
        });
        Self { addr, _tasks: tasks }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}

async fn serve<H, F>(stream: TcpStream, handler: Arc<H>)
where
    H: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let service = service_fn(move |request| handler(request));
    // An error here is the hanging up that a test asked for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// The whole body of a request.
pub(crate) async fn bytes_of(body: Incoming) -> Vec<u8> {
    let response = reqwest::Response::from(http::Response::new(reqwest::Body::wrap(body)));
    response.bytes().await.unwrap().to_vec()
}
