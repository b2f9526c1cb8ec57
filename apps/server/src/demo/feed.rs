//! The campaign's event stream: what the demo knows, it knows from there.

use super::StoryError;
use super::door::Door;
use super::narrator::Narrator;
use super::timeline::Timeline;
use crate::door::DoorError;
use reqwest::Method;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// Something that became true.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fact {
    /// The event's type.
    pub(super) kind: String,
    /// What it carries.
    pub(super) data: Value,
}

/// Everything heard so far, and a bell for more. Dropping it hangs up.
pub(super) struct Feed {
    heard: Arc<Heard>,
    _listening: JoinSet<()>,
}

#[derive(Default)]
struct Heard {
    facts: Mutex<Vec<Fact>>,
    /// Why nothing more comes.
    ended: Mutex<Option<String>>,
    bell: Notify,
}

impl Feed {
    /// Listens at that path, and has everything told by the narrator as it comes.
    ///
    /// # Errors
    /// When the stream does not begin.
    pub(super) async fn listen(
        door: &Door,
        path: &str,
        narrator: Narrator,
        timeline: Arc<Timeline>,
    ) -> Result<Self, StoryError> {
        let request = door.request(Method::GET, path).header("accept", "text/event-stream");
        let response = request.send().await.map_err(DoorError::from)?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            let answer = response.text().await.map_err(DoorError::from)?;
            let call = format!("GET {path}");
            return Err(DoorError::Refused { call, status, answer }.into());
        }
        let heard = Arc::new(Heard::default());
        let mut listening = JoinSet::new();
        listening.spawn(follow(response, Arc::clone(&heard), narrator, timeline));
        let feed = Self { heard, _listening: listening };
        feed.wait("the stream's snapshot", Duration::from_secs(5), |fact| fact.kind == "snapshot")
            .await?;
        Ok(feed)
    }

    /// The first fact of which that holds, heard already or to come.
    ///
    /// # Errors
    /// [`StoryError::Waited`]; [`DoorError::Unreachable`] when the stream ended.
    pub(super) async fn wait(
        &self,
        what: &str,
        within: Duration,
        is_it: impl Fn(&Fact) -> bool,
    ) -> Result<Fact, StoryError> {
        let deadline = Instant::now() + within;
        loop {
            let bell = self.heard.bell.notified();
            tokio::pin!(bell);
            // Before looking, so that a fact that comes in between still rings.
            bell.as_mut().enable();
            if let Some(fact) = lock(&self.heard.facts).iter().find(|fact| is_it(fact)) {
                return Ok(fact.clone());
            }
            if let Some(reason) = lock(&self.heard.ended).clone() {
                let ended = format!("the event stream ended: {reason}");
                return Err(DoorError::Unreachable(ended).into());
            }
            let rang = timeout_at(deadline, bell).await;
            rang.map_err(|_| StoryError::Waited(what.to_owned()))?;
        }
    }

    /// The first fact of that type about that goal.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub(super) async fn of_goal(
        &self,
        kind: &str,
        goal: &str,
        within: Duration,
    ) -> Result<Fact, StoryError> {
        let what = format!("{kind} of goal {goal}");
        self.wait(&what, within, |fact| fact.kind == kind && fact.data["instanceId"] == goal).await
    }

    /// Forgets what was heard: a new round begins.
    pub(super) fn forget(&self) {
        lock(&self.heard.facts).clear();
    }
}

async fn follow(
    mut response: reqwest::Response,
    heard: Arc<Heard>,
    narrator: Narrator,
    timeline: Arc<Timeline>,
) {
    let mut frames = Frames::default();
    let reason = loop {
        match response.chunk().await {
            Ok(Some(bytes)) => {
                for fact in frames.feed(&bytes) {
                    if let Some((who, what)) = narrator.sentence(&fact) {
                        timeline.tell(&who, &what);
                    }
                    lock(&heard.facts).push(fact);
                }
                heard.bell.notify_waiters();
            }
            Ok(None) => break "the server closed it".to_owned(),
            Err(error) => break error.to_string(),
        }
    };
    *lock(&heard.ended) = Some(reason);
    heard.bell.notify_waiters();
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Server-sent events from bytes that come in any pieces.
#[derive(Default)]
struct Frames {
    rest: Vec<u8>,
    kind: String,
    data: String,
}

impl Frames {
    fn feed(&mut self, bytes: &[u8]) -> Vec<Fact> {
        self.rest.extend_from_slice(bytes);
        let mut facts = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            facts.extend(self.line(line.trim_end_matches(['\r', '\n'])));
        }
        facts
    }

    fn line(&mut self, line: &str) -> Option<Fact> {
        if line.is_empty() {
            let (kind, data) = (std::mem::take(&mut self.kind), std::mem::take(&mut self.data));
            let data = serde_json::from_str(&data).ok()?;
            return Some(Fact { kind, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.kind),
            "data" => self.data.push_str(value),
            // Comments, `id` and `retry` are for clients that come back.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn frames_are_read_however_the_bytes_are_cut() {
        let stream = b"retry: 2000\n\nevent: snapshot\ndata: {}\n\n: still here\n\n\
            id: 7\nevent: dice:roll\ndata: {\"result\":20}\n\n";
        for size in [1, 3, stream.len()] {
            let mut frames = Frames::default();
            let facts: Vec<Fact> = stream.chunks(size).flat_map(|some| frames.feed(some)).collect();
            let expected = [("snapshot", json!({})), ("dice:roll", json!({ "result": 20 }))]
                .map(|(kind, data)| Fact { kind: kind.to_owned(), data });
            assert_eq!(facts, expected);
        }
    }
}
