//! Viewers who redeem whatever Twitch lets them.

use super::stage::Stage;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

/// The most that one viewer redeems at once.
const AT_ONCE_MAX: u32 = 25;
/// How many people watch.
const VIEWERS: u32 = 40;
/// The pause of who finds a reward paused.
const PATIENCE: Duration = Duration::from_millis(100);

/// Viewers who choose by the seed.
pub(super) struct Crowd {
    chances: StdRng,
    rewards: usize,
    accepted: usize,
}

impl Crowd {
    pub(super) fn new(seed: u64, stage: &Stage) -> Self {
        Self { chances: StdRng::seed_from_u64(seed), rewards: stage.offers(), accepted: 0 }
    }

    /// How many redemptions Twitch has accepted.
    pub(super) const fn accepted(&self) -> usize {
        self.accepted
    }

    /// Somebody redeems something, if Twitch lets them.
    pub(super) async fn click(&mut self, stage: &Stage) {
        let viewer = format!("viewer{}", self.chances.random_range(0..VIEWERS));
        let offer = self.chances.random_range(0..self.rewards);
        let count = self.chances.random_range(1..=AT_ONCE_MAX);
        let Some(reward) = stage.reward_of(offer).await else {
            return sleep(PATIENCE).await;
        };
        let body = json!({ "viewer": viewer, "rewardId": reward, "count": count });
        let answer = stage.twitch.try_call(Method::POST, "/sandbox/redeem", Some(body)).await;
        let (status, answer) = answer.unwrap();
        if status.is_success() {
            self.accepted += answer["redemptions"].as_array().unwrap().len();
        } else {
            // Paused, for example: viewers cannot redeem now.
            assert!(status.is_client_error(), "{status} {answer}");
            sleep(PATIENCE).await;
        }
    }
}
