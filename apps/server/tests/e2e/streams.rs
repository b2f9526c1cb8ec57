//! Event streams over a restart: nothing that became true is missed, nothing is told twice.

use crate::evening::{Evening, three_clicks};
use crate::eventsub::{deliver, redemption};
use crate::program::{Api, Place, SOON};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

#[derive(Debug, Clone, PartialEq)]
struct Frame {
    id: Option<i64>,
    kind: String,
    data: Value,
}

/// A stream that is being read.
struct Stream {
    response: reqwest::Response,
    text: String,
}

impl Stream {
    async fn open(api: &Api, path: &str, last_event_id: Option<i64>) -> Self {
        let mut request = api.request(Method::GET, path);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id.to_string());
        }
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-type").starts_with("text/event-stream"));
        assert_eq!(header("cache-control"), "no-store");
        Self { response, text: String::new() }
    }

    /// The next frame that is an event.
    async fn next(&mut self) -> Frame {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let frame: String = self.text.drain(..end + 2).collect();
                if let Some(frame) = parsed(&frame) {
                    return frame;
                }
            }
            let chunk = timeout(SOON, self.response.chunk()).await.expect("a frame in time");
            let chunk = chunk.unwrap().expect("the stream goes on");
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Frames up to and including the next one of that kind.
    async fn up_to(&mut self, kind: &str) -> Vec<Frame> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await;
            let is_it = frame.kind == kind;
            frames.push(frame);
            if is_it {
                return frames;
            }
        }
    }
}

fn parsed(frame: &str) -> Option<Frame> {
    let field = |name: &str| {
        let mut lines = frame.lines().filter_map(|line| line.strip_prefix(name));
        lines.next().map(|value| value.trim_start().to_owned())
    };
    let (kind, data) = (field("event:")?, field("data:")?);
    let id = field("id:").map(|id| id.parse().unwrap());
    Some(Frame { id, kind, data: serde_json::from_str(&data).unwrap() })
}

async fn click(evening: &Evening, id: &str) {
    let body = redemption(id, &evening.reward, &format!("viewer-of-{id}"));
    let taken = deliver(&evening.server, id, body.to_string().into_bytes()).await.unwrap();
    assert!(taken.is_success(), "{taken}");
}

#[tokio::test]
async fn a_stream_begins_with_a_snapshot_and_goes_on_after_a_restart_where_it_broke_off() {
    let place = Place::new();
    let server = place.serve().await;
    let evening = Evening::begin(&place, three_clicks()).await;
    let path = format!("{}/stream", evening.campaign);
    let mut stream = Stream::open(&evening.gm, &path, None).await;
    assert_eq!(stream.next().await.kind, "snapshot");
    click(&evening, "click-1").await;
    let first = stream.up_to("gamification:progress").await;
    assert!(first.iter().any(|frame| frame.kind == "gamification:instance_created"), "{first:?}");
    let sequences: Vec<i64> = first.iter().map(|frame| frame.id.expect("an id")).collect();
    assert!(sequences.is_sorted_by(|before, after| before < after), "{sequences:?}");
    for frame in &first {
        assert_eq!(frame.data["sequence"], frame.id.unwrap(), "{frame:?}");
        assert_eq!(frame.data["campaignId"], evening.id.as_str(), "{frame:?}");
    }
    let seen = *sequences.last().unwrap();
    drop(stream);
    click(&evening, "click-2").await;
    click(&evening, "click-3").await;
    evening.goal_that_is("armed").await;
    server.kill();

    let server = place.serve().await;
    let mut stream = Stream::open(&evening.gm, &path, Some(seen)).await;
    let snapshot = stream.next().await;
    assert_eq!((snapshot.kind.as_str(), snapshot.id), ("snapshot", None), "{snapshot:?}");
    let missed = stream.up_to("gamification:instance_armed").await;
    assert!(missed.iter().all(|frame| frame.id.unwrap() > seen), "{missed:?}");
    assert!(missed.iter().all(|frame| frame.data["replayed"] == true), "{missed:?}");
    let sequences: Vec<i64> = missed.iter().map(|frame| frame.id.unwrap()).collect();
    assert!(sequences.is_sorted_by(|before, after| before < after), "{sequences:?}");

    let mut ahead = Stream::open(&evening.gm, &path, Some(1_000_000)).await;
    let kinds = [ahead.next().await.kind, ahead.next().await.kind];
    assert!(kinds.contains(&"reset".to_owned()), "{kinds:?}");
    server.stop().await;
}

#[tokio::test]
async fn an_overlay_shows_an_armed_goal_at_once_and_nothing_without_its_token() {
    let place = Place::new();
    let server = place.serve().await;
    let evening = Evening::begin(&place, three_clicks()).await;
    let wish = json!({ "campaignId": evening.id, "streamerId": evening.streamer });
    let overlay = evening.alice.post("/api/v1/overlays", wish).await;
    let path = format!("/overlay/{}/stream", overlay["token"].as_str().unwrap());
    for id in ["click-1", "click-2", "click-3"] {
        click(&evening, id).await;
    }
    let armed = evening.goal_that_is("armed").await;
    let mut stream = Stream::open(&evening.server, &path, None).await;
    let snapshot = stream.next().await;
    assert_eq!(snapshot.kind, "snapshot");
    let text = snapshot.data.to_string();
    assert!(text.contains(armed["id"].as_str().unwrap()), "{text}");
    let wrong = evening.server.try_call(Method::GET, "/overlay/ov_wrong/stream", None).await;
    assert_eq!(wrong.unwrap().0, 404);
    server.stop().await;
}
