//! A client of our own HTTP front doors, and of the sandbox Twitch's: what the demo and practice use.

use reqwest::Method;
use serde_json::Value;
use std::time::Duration;

/// How long one call may take.
const CALL_TIME_MAX: Duration = Duration::from_secs(12);

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The door is closed.
    #[error("{0}")]
    Unreachable(String),
    /// The call was answered with a refusal.
    #[error("{call} was answered with {status}: {answer}")]
    Refused {
        /// Method and path.
        call: String,
        /// The status.
        status: u16,
        /// The body.
        answer: String,
    },
    /// The answer is not what was agreed.
    #[error("an answer cannot be read: {0}")]
    Unreadable(String),
}

impl From<reqwest::Error> for DoorError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// One client at one door: a server and what it is asked with.
#[derive(Clone)]
pub(crate) struct Door {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
}

impl Door {
    /// The door at that address (`http://host:port`, a path may follow), opened with that key.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub(crate) fn new(base: &str, key: Option<&str>) -> Result<Self, DoorError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            // The server closes idle connections: a pooled one may be gone when it is used.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| DoorError::Unreachable(error.to_string()))?;
        Ok(Self { http, base: base.to_owned(), key: key.map(str::to_owned) })
    }

    /// The same door with another key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value, DoorError> {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value, DoorError> {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Result<Value, DoorError> {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<Value, DoorError> {
        self.call(Method::DELETE, path, None).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, DoorError> {
        let mut request = self.request(method.clone(), path).timeout(CALL_TIME_MAX);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            let call = format!("{method} {path}");
            return Err(DoorError::Refused { call, status: status.as_u16(), answer: text });
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| DoorError::Unreadable(error.to_string()))
    }

    /// A request that the caller sends; without a time limit.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// Every row of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Result<Vec<Value>, DoorError> {
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

/// The text of a field that has to be there.
///
/// # Errors
/// [`DoorError::Unreadable`].
pub(crate) fn text(body: &Value, field: &str) -> Result<String, DoorError> {
    let text = body[field].as_str().map(str::to_owned);
    text.ok_or_else(|| DoorError::Unreadable(format!("there is no {field} in {body}")))
}
