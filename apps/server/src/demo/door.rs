//! The HTTP front doors: the server's API with a key, and the sandbox Twitch's people.

use super::StoryError;
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// How long one call may take.
const CALL_TIME_MAX: Duration = Duration::from_secs(12);
/// Between two looks at something that is not told on a stream.
const LOOK_PAUSE: Duration = Duration::from_millis(50);

/// One client at one door: a server and what it is asked with.
#[derive(Clone)]
pub(super) struct Door {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
}

impl Door {
    /// The door at that address (`http://host:port`, a path may follow), opened with that key.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub(super) fn new(base: &str, key: Option<&str>) -> Result<Self, StoryError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            // The server closes idle connections: a pooled one may be gone when it is used.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| StoryError::Unreachable(error.to_string()))?;
        Ok(Self { http, base: base.to_owned(), key: key.map(str::to_owned) })
    }

    /// The same door with another key.
    pub(super) fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, StoryError> {
        self.call(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, StoryError> {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Result<Value, StoryError> {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value, StoryError> {
        self.call(Method::DELETE, path, None).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, StoryError> {
        let mut request = self.request(method.clone(), path).timeout(CALL_TIME_MAX);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            let call = format!("{method} {path}");
            return Err(StoryError::Refused { call, status: status.as_u16(), answer: text });
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| StoryError::Unreadable(error.to_string()))
    }

    /// A request that the caller sends; without a time limit.
    pub(super) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// Every row of a list, page by page.
    pub(super) async fn all(&self, path: &str) -> Result<Vec<Value>, StoryError> {
        let mut rows = Vec::new();
        let mut page = format!("{path}?limit=200");
        loop {
            let mut answer = self.get(&page).await?;
            if let Value::Array(items) = answer["items"].take() {
                rows.extend(items);
            }
            match answer["nextCursor"].as_str() {
                Some(cursor) => page = format!("{path}?limit=200&cursor={cursor}"),
                None => return Ok(rows),
            }
        }
    }
}

/// Looks again and again until there is something to see.
///
/// # Errors
/// [`StoryError::Waited`] when there is nothing within that time; what `look` fails with.
pub(super) async fn until<T>(
    what: &str,
    within: Duration,
    look: impl AsyncFn() -> Result<Option<T>, StoryError>,
) -> Result<T, StoryError> {
    let deadline = Instant::now() + within;
    loop {
        if let Some(seen) = look().await? {
            return Ok(seen);
        }
        if Instant::now() >= deadline {
            return Err(StoryError::Waited(what.to_owned()));
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

/// The text of a field that has to be there.
///
/// # Errors
/// [`StoryError::Unreadable`].
pub(super) fn text(body: &Value, field: &str) -> Result<String, StoryError> {
    let text = body[field].as_str().map(str::to_owned);
    text.ok_or_else(|| StoryError::Unreadable(format!("there is no {field} in {body}")))
}
