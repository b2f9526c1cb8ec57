//! The last calls that the sandbox saw, for assertions.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::clock;

/// How many calls are remembered.
const CAPACITY: usize = 10_000;

/// Parameters whose value must not be shown.
const SECRETS: [&str; 3] = ["client_secret", "refresh_token", "token"];

/// One call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LoggedRequest {
    at: String,
    method: String,
    path: String,
    query: String,
    status: u16,
}

/// The calls, oldest first; the oldest is dropped when it is full.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<VecDeque<LoggedRequest>>);

impl RequestLog {
    pub(crate) fn record(&self, method: &str, path: &str, query: &str, status: u16) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() == CAPACITY {
            calls.pop_front();
        }
        calls.push_back(LoggedRequest {
            at: clock::rfc3339_ns(clock::now_ns()),
            method: method.to_owned(),
            path: path.to_owned(),
            query: without_secrets(query),
            status,
        });
    }

    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

fn without_secrets(query: &str) -> String {
    let shown = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if SECRETS.contains(&name) => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    shown.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_a_query_are_not_kept() {
        assert_eq!(
            without_secrets("a=1&client_secret=x&token=y"),
            "a=1&client_secret=***&token=***"
        );
    }

    #[test]
    fn the_oldest_call_is_dropped_first() {
        let log = RequestLog::default();
        for n in 0..=CAPACITY {
            log.record("GET", &format!("/{n}"), "", 200);
        }
        let calls = log.all();
        assert_eq!(calls.len(), CAPACITY);
        assert_eq!(calls[0].path, "/1");
    }
}
