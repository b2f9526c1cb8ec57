//! One at a time per channel.

use gamification_core::ids::TwitchUserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// Lets work on one channel wait for the work before it, and hands on what is known of the channel.
/// One lock per channel ever seen: as many as there are streamers.
#[derive(Debug)]
pub(crate) struct Turns<T = ()>(Mutex<HashMap<TwitchUserId, Arc<tokio::sync::Mutex<T>>>>);

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Default> Turns<T> {
    /// Waits for the channel's turn, in order of asking; it ends when the guard is dropped.
    pub(crate) async fn turn(&self, channel: &TwitchUserId) -> OwnedMutexGuard<T> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(channel.clone()).or_default())
        };
        lock.lock_owned().await
    }
}
