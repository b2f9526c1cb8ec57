//! Random evenings, by seed: clicks with duplicates and in any order, rolls, choices of people,
//! time, clients that come and go, workers, and everything that can fail, failing. After each step
//! the promises are checked; in the end everything works again, time passes, and nothing may be
//! left.
//!
//! A failure tells its seed and the steps that led to it. The same seed is the same evening.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(missing_docs)]

mod checks;
mod clients;
mod dice;
mod ending;
mod evening;
mod fights;
mod logins;
mod people;
mod troubles;

use evening::{Evening, FEUDS_FROM};

const STEPS: u32 = 200;

/// Tells the seed and the steps when the test dies before the evening is over.
struct Diary(u64, std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl Drop for Diary {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let steps = self.1.lock().map(|steps| steps.join("\n")).unwrap_or_default();
            eprintln!("{steps}\nthe seed was {}", self.0);
        }
    }
}

/// Plays the evenings of these seeds. They run in tests of their own, so that they run at once.
async fn play(seeds: std::ops::Range<u64>) {
    let always = if seeds.start < FEUDS_FROM { &checks::ALWAYS[..] } else { &checks::IN_FEUDS };
    let mut seen = checks::Coverage::default();
    for seed in seeds {
        let mut evening = Box::pin(Evening::new(seed)).await;
        let _diary = Diary(seed, evening.diary());
        for _ in 0..STEPS {
            evening.step().await;
            evening.check().await;
        }
        evening.end().await;
        seen.add(&evening).await;
    }
    seen.assert_has(always);
}

#[tokio::test]
async fn no_evening_breaks_a_promise_first_quarter() {
    play(0..16).await;
}

#[tokio::test]
async fn no_evening_breaks_a_promise_second_quarter() {
    play(16..32).await;
}

#[tokio::test]
async fn no_evening_breaks_a_promise_third_quarter() {
    play(32..48).await;
}

#[tokio::test]
async fn no_evening_breaks_a_promise_fourth_quarter() {
    play(48..64).await;
}

#[tokio::test]
async fn no_evening_with_combats_breaks_a_promise() {
    play(FEUDS_FROM..FEUDS_FROM + 16).await;
}

#[tokio::test]
async fn the_same_seed_is_the_same_evening() {
    let mut diaries = Vec::new();
    for _ in 0..2 {
        let mut evening = Evening::new(7).await;
        for _ in 0..STEPS {
            evening.step().await;
        }
        evening.end().await;
        let steps = evening.diary().lock().unwrap().clone();
        diaries.push((steps, evening.world.redemptions().await));
    }
    assert!(diaries[0] == diaries[1]);
}
