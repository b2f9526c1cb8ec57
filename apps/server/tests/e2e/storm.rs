//! Two thousand redemptions over two channels while Twitch loses, doubles and delays events, fails
//! one call in five, goes silent, and takes a login back in the middle of a goal shared by both: in
//! the end every redemption has ended exactly once, as Twitch's own record has it.

mod neighbour;
mod people;
mod stage;
mod verdict;

use crate::program::until_within;
use people::Crowd;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use stage::{House, Stage};
use std::time::Duration;
use tokio::time::sleep;

/// Redemptions that Twitch accepts in one storm.
const CLICKS: usize = 2_000;
/// After so many of them, alice's login is taken back.
const REVOKED_AFTER: usize = 700;
/// Twitch fails one call in five and lets us wait for many of them: settling takes its time.
const PATIENCE: Duration = Duration::from_secs(240);
/// How often the server is killed in the storm in which it is.
const KILLS: usize = 50;

async fn weather(seed: u64, kills: usize, house: House) {
    let mut stage = Stage::build(seed, house).await;
    stage.foul_weather().await;
    let mut crowd = Crowd::new(seed, &stage);
    let mut chances = StdRng::seed_from_u64(seed);
    let mut killed = 0;
    let mut is_revoked = false;
    while crowd.accepted() < CLICKS {
        crowd.click(&stage).await;
        if !is_revoked && crowd.accepted() >= REVOKED_AFTER {
            is_revoked = true;
            stage.silence_sockets().await;
            stage.revoke("alice").await;
        }
        // The kills are spread over the storm, at moments that the seed chooses.
        if killed < kills && crowd.accepted() * kills >= killed * CLICKS {
            sleep(Duration::from_millis(chances.random_range(0..400))).await;
            stage.kill_and_restart().await;
            killed += 1;
        }
    }
    assert_eq!(killed, kills);
    stage.until_known_dead("alice").await;
    until_within(PATIENCE, "everything to be settled but what the dead login holds", async || {
        stage.only_held_by("alice").await.then_some(())
    })
    .await;
    stage.log_in("alice").await;
    until_within(PATIENCE, "every redemption to have ended", async || {
        let ledger = stage.ledger().await;
        let total = stage.accepted_by_twitch().await;
        (ledger["pending"] == 0 && ledger["received"] == total).then_some(())
    })
    .await;
    stage.clear_weather().await;
    verdict::pronounce(&stage).await;
    stage.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_redemption_of_a_storm_ends_once() {
    weather(1, 0, House::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_redemption_of_a_storm_ends_once_on_postgresql_and_redis() {
    weather(2, 0, House::PostgresAndRedis).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_redemption_of_a_storm_ends_once_when_the_server_is_killed_fifty_times() {
    weather(3, KILLS, House::Sqlite).await;
}
