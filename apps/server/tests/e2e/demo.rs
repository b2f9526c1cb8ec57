//! `demo --once`: the whole loop with a verdict.

use crate::program::Place;
use std::time::{Duration, Instant};

fn played(seed: &str) -> String {
    let (place, began) = (Place::new(), Instant::now());
    let mut command = place.command(&["demo", "--once", "--seed", seed]);
    // On a port of its own, as it does without any configuration.
    let output = command.env_remove("GAMIFICATION_BIND").output().unwrap();
    let (told, complaints) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{told}\n{complaints}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().collect();
    assert!(left.is_empty(), "it has left {left:?}");
    told
}

#[test]
fn the_demo_ends_with_a_balanced_ledger_and_the_same_seed_tells_the_same() {
    let told = played("7");
    for what in [
        "20 became 1",
        "is confirmed by the table: The viewers of all channels",
        "expires at",
        "is cancelled",
        "has failed",
        "refused (viewer limit)",
        "a duplicate",
    ] {
        assert!(told.contains(what), "{what} is missing:\n{told}");
    }
    let last = told.lines().last().unwrap();
    assert!(last.starts_with("ledger: received "), "{last}");
    assert!(last.ends_with(" + pending 0 + stuck 0"), "{last}");
    assert_eq!(played("7").lines().last().unwrap(), last);
}
