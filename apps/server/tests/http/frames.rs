//! Reading a stream of events.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use poem::Response;
use serde_json::Value;
use std::time::Duration;

/// The longest that anything here may take: longer than the period of the checks.
const PATIENCE: Duration = Duration::from_secs(8);

/// An event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: Option<i64>,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

/// A stream that is being read.
pub(crate) struct Frames {
    pub(crate) bytes: BoxStream<'static, Vec<u8>>,
    read: String,
}

impl Frames {
    pub(crate) fn of(mut response: Response) -> Self {
        assert_eq!(response.status().as_u16(), 200);
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),
        ] {
            assert_eq!(response.header(name), Some(value));
        }
        let bytes = response.take_body().into_bytes_stream();
        Self { bytes: bytes.map(|bytes| bytes.unwrap().to_vec()).boxed(), read: String::new() }
    }

    /// The next block of lines; `None` at the end of the stream.
    pub(crate) async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let block = block.to_owned();
                self.read = rest.to_owned();
                return Some(block);
            }
            let more = tokio::time::timeout(PATIENCE, self.bytes.next()).await;
            let more = more.expect("nothing more came, nor the end");
            self.read.push_str(std::str::from_utf8(&more?).unwrap());
        }
    }

    /// The next event; `None` at the end of the stream.
    pub(crate) async fn event(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned)
            };
            if let Some(kind) = field("event: ") {
                let id = field("id: ").map(|id| id.parse().unwrap());
                let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                return Some(Event { id, kind, data });
            }
        }
    }

    pub(crate) async fn next(&mut self) -> Event {
        self.event().await.expect("the stream has ended")
    }
}
