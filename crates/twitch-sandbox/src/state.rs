//! What every handler shares.

use std::sync::Arc;

use poem::http::StatusCode;
use tokio_util::task::TaskTracker;

use crate::chat_drops::ChatDrops;
use crate::config::SandboxConfig;
use crate::error::ApiError;
use crate::eventsub::{Courier, Sessions};
use crate::faults::Faults;
use crate::rate_limit::RateLimiter;
use crate::request_log::RequestLog;
use crate::store::Store;

/// What every handler shares; cheap to clone.
pub(crate) type State = Arc<AppState>;

#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) config: SandboxConfig,
    pub(crate) store: Store,
    pub(crate) limiter: RateLimiter,
    pub(crate) log: RequestLog,
    pub(crate) courier: Courier,
    /// The websockets of EventSub.
    pub(crate) sessions: Sessions,
    pub(crate) faults: Faults,
    /// What is done to the next chat messages.
    pub(crate) chat_drops: ChatDrops,
    /// The server and the effects under way, which a shutdown waits for.
    pub(crate) tasks: TaskTracker,
}

impl AppState {
    /// Runs an effect to its end even when the caller hangs up meanwhile: Twitch does not
    /// forget half of what it was told either, and a change and its event belong together.
    pub(crate) async fn to_the_end<T: Send + 'static>(
        &self,
        effect: impl Future<Output = Result<T, ApiError>> + Send + 'static,
    ) -> Result<T, ApiError> {
        self.tasks.spawn(effect).await.unwrap_or_else(|error| {
            tracing::error!(%error, "an effect ended early");
            Err(ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal server error"))
        })
    }
}
