//! What every adapter of a port has to do, as tests that each of them runs through a macro.
//!
//! A macro takes a function (or closure) that makes a fresh adapter and expands to one
//! `#[tokio::test]` per case; the crate that calls it needs `tokio` with `macros` and
//! `rt-multi-thread`. Cases wait for conditions with a limit, never for a time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "these are tests; they live in the library so that every adapter can run them"
)]

pub mod broadcast;
pub mod pending;
pub mod store;
pub mod twitch_rewards;

use std::future::Future;
use std::time::Duration;
use tokio::task::JoinSet;

/// No case takes nearly that long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The answer, unless it takes so long that it will never come.
async fn bounded<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("nothing waits for ever")
}

/// Runs that many tasks at the same time; their answers, in any order.
async fn concurrently<T, F>(tasks: u32, task: impl Fn(u32) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut running: JoinSet<T> = (0..tasks).map(task).collect();
    let mut answers = Vec::new();
    while let Some(answer) = bounded(running.join_next()).await {
        answers.push(answer.unwrap());
    }
    answers
}

/// One `#[tokio::test]` per case of a suite. Used by the suites' own macros.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_cases {
    (
        $fresh:ident: $under_test:ty, $make:expr,
        $($suite:path => $module:ident { $($case:ident),+ $(,)? })+
    ) => {
        async fn $fresh() -> $under_test {
            ($make)().await
        }

        $(mod $module {
            use $suite as suite;

            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    let under_test = super::$fresh().await;
                    suite::$case(&under_test).await;
                }
            )+
        })+
    };
}
