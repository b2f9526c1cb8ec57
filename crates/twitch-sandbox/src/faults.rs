//! The plan that is followed, and what it did so far.

mod plan;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

pub use plan::{CallFault, CallFaults, EventFaults, FaultPlan};

/// How long a message waits for the one that is to overtake it.
const OVERTAKING_PATIENCE: Duration = Duration::from_secs(1);

/// The calls of which half can be done.
const SETTLEMENT: (&str, &str) = ("PATCH", "/channel_points/custom_rewards/redemptions");

/// The faults of this Twitch.
#[derive(Debug)]
pub(crate) struct Faults {
    running: Mutex<Running>,
    /// How many notifications were passed on, for those that wait to be overtaken.
    passed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Running {
    plan: Option<Arc<FaultPlan>>,
    /// How many of each kind of event and call there were since the plan was set.
    seen: HashMap<String, u64>,
    injected: Injected,
}

/// What went wrong since the plan was set, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Injected {
    events: BTreeMap<&'static str, u64>,
    calls: BTreeMap<&'static str, u64>,
}

/// One sending of a notification.
#[derive(Debug)]
pub(crate) struct EventCopy {
    pub(crate) has_new_id: bool,
    pub(crate) departure: Departure,
}

/// When a notification goes out.
#[derive(Debug)]
pub(crate) enum Departure {
    Now,
    /// So much later.
    After(Duration),
    /// When it was overtaken.
    Overtaken(Overtaking),
}

/// A place in the row of notifications.
#[derive(Debug)]
pub(crate) struct Overtaking {
    passed: watch::Receiver<u64>,
    until: u64,
}

impl Overtaking {
    /// Waits until the next notification was passed on, though not for ever.
    pub(crate) async fn wait(mut self) {
        let until = self.until;
        let next = self.passed.wait_for(|passed| *passed >= until);
        // Nobody overtook it, or nobody will any more: it goes out all the same.
        let _ = tokio::time::timeout(OVERTAKING_PATIENCE, next).await;
    }
}

/// The chances of the n-th of its kind: the same for the same seed, kind and n.
fn chances(seed: u64, kind: &str, nth: u64) -> StdRng {
    let digest = Sha256::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(nth.to_le_bytes())
        .chain_update(kind)
        .finalize();
    StdRng::from_seed(digest.into())
}

fn hits(chances: &mut StdRng, percent: u8) -> bool {
    chances.random_range(0..100) < percent
}

impl Running {
    fn nth(&mut self, kind: String) -> u64 {
        let seen = self.seen.entry(kind).or_default();
        *seen += 1;
        *seen
    }

    fn event(&mut self, name: &'static str) {
        *self.injected.events.entry(name).or_default() += 1;
    }
}

impl Faults {
    /// Faults after this plan, or none; a plan that cannot be followed is refused.
    pub(crate) fn new(plan: Option<FaultPlan>) -> Result<Self, &'static str> {
        let faults = Self { running: Mutex::default(), passed: watch::Sender::new(0) };
        faults.follow(plan)?;
        Ok(faults)
    }

    /// Follows this plan from now on, from its beginning; without one all goes right.
    pub(crate) fn follow(&self, plan: Option<FaultPlan>) -> Result<(), &'static str> {
        if let Some(plan) = &plan {
            plan.check()?;
        }
        *self.running() = Running { plan: plan.map(Arc::new), ..Running::default() };
        Ok(())
    }

    /// The plan, and what it did.
    pub(crate) fn shown(&self) -> (Option<Arc<FaultPlan>>, Injected) {
        let running = self.running();
        (running.plan.clone(), running.injected.clone())
    }

    /// What becomes of a notification of this type: none, one or two sendings. Call
    /// [`Faults::pass`] when they are on their way.
    pub(crate) fn copies(&self, kind: &str) -> Vec<EventCopy> {
        let straight = EventCopy { has_new_id: false, departure: Departure::Now };
        let mut running = self.running();
        let Some(plan) = running.plan.clone() else { return vec![straight] };
        let nth = running.nth(format!("event {kind}"));
        let mut chances = chances(plan.seed, kind, nth);
        let events = &plan.events;
        if hits(&mut chances, events.drop_percent) {
            running.event("dropped");
            return Vec::new();
        }
        let departure = if hits(&mut chances, events.delay_percent) {
            running.event("delayed");
            let late_ms = chances.random_range(1..=events.delay_max_ms.max(1));
            Departure::After(Duration::from_millis(late_ms))
        } else if hits(&mut chances, events.reorder_percent) {
            running.event("reordered");
            Departure::Overtaken(self.overtaking())
        } else {
            Departure::Now
        };
        let mut copies = vec![EventCopy { has_new_id: false, departure }];
        if hits(&mut chances, events.duplicate_percent) {
            let has_new_id = chances.random();
            running.event(if has_new_id { "duplicatedUnderNewId" } else { "duplicated" });
            copies.push(EventCopy { has_new_id, departure: Departure::Now });
        }
        copies
    }

    /// Notes that a notification went its way.
    pub(crate) fn pass(&self) {
        self.passed.send_modify(|passed| *passed += 1);
    }

    fn overtaking(&self) -> Overtaking {
        let passed = self.passed.subscribe();
        // Its own passing, and the one of the next.
        let until = *passed.borrow() + 2;
        Overtaking { passed, until }
    }

    /// What becomes of a call that was let in, and how long it takes when it runs out of time;
    /// `path` lies below `/helix`.
    pub(crate) fn call(&self, method: &str, path: &str) -> Option<(CallFault, Duration)> {
        let mut running = self.running();
        let plan = running.plan.clone()?;
        if !plan.is_about(method, path) {
            return None;
        }
        let kind = format!("{method} {path}");
        let nth = running.nth(kind.clone());
        let mut chances = chances(plan.seed, &kind, nth);
        if !hits(&mut chances, plan.calls.fail_percent) {
            return None;
        }
        let can_be_halved = (method, path) == SETTLEMENT;
        let suits = |fault: &CallFault| can_be_halved || *fault != CallFault::HalfBatch;
        let kinds: Vec<CallFault> = plan.calls.kinds.iter().copied().filter(suits).collect();
        if kinds.is_empty() {
            return None;
        }
        let fault = kinds[chances.random_range(0..kinds.len())];
        *running.injected.calls.entry(fault.name()).or_default() += 1;
        Some((fault, Duration::from_millis(plan.calls.timeout_ms)))
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADD: &str = "channel.channel_points_custom_reward_redemption.add";

    fn plan(seed: u64) -> FaultPlan {
        FaultPlan {
            seed,
            events: EventFaults {
                drop_percent: 10,
                duplicate_percent: 10,
                delay_percent: 10,
                delay_max_ms: 50,
                reorder_percent: 10,
            },
            calls: CallFaults { fail_percent: 20, ..CallFaults::default() },
            paths: None,
        }
    }

    fn story(faults: &Faults) -> String {
        (0..500).map(|_| format!("{:?}", faults.copies(ADD).len())).collect()
    }

    fn failures(faults: &Faults, path: &str) -> Vec<Option<CallFault>> {
        (0..500).map(|_| faults.call("PATCH", path).map(|(fault, _)| fault)).collect()
    }

    #[test]
    fn the_same_seed_tells_the_same_story_whatever_happens_besides() {
        let faults = Faults::new(Some(plan(1))).unwrap();
        let (events, calls) = (story(&faults), failures(&faults, SETTLEMENT.1));
        let again = Faults::new(Some(plan(1))).unwrap();
        failures(&again, "/users");
        assert_eq!((story(&again), failures(&again, SETTLEMENT.1)), (events.clone(), calls));
        let other = Faults::new(Some(plan(2))).unwrap();
        assert_ne!(story(&other), events);
    }

    #[test]
    fn about_as_much_goes_wrong_as_the_plan_says() {
        let faults = Faults::new(Some(plan(3))).unwrap();
        story(&faults);
        let failed = failures(&faults, SETTLEMENT.1).into_iter().flatten().count();
        assert!((60..140).contains(&failed), "{failed} of 500 is about 20 %");
        let (_, injected) = faults.shown();
        for name in ["dropped", "delayed", "reordered"] {
            let count = injected.events[name];
            assert!((25..80).contains(&count), "{name}: {count} of 500 is about 10 %");
        }
        let twice = ["duplicated", "duplicatedUnderNewId"].map(|name| injected.events[name]);
        assert!(twice.iter().all(|count| (8..45).contains(count)), "{twice:?}: about 5 % each");
        assert_eq!(injected.calls.values().sum::<u64>(), failed as u64);
        assert_eq!(injected.calls.len(), CallFaults::default().kinds.len(), "every kind came");
    }

    #[tokio::test]
    async fn a_reordered_event_waits_until_the_next_one_is_on_its_way() {
        let events = EventFaults { reorder_percent: 100, ..EventFaults::default() };
        let faults = Faults::new(Some(FaultPlan { events, ..FaultPlan::default() })).unwrap();
        let copy = faults.copies(ADD).remove(0);
        let Departure::Overtaken(overtaking) = copy.departure else { panic!("{copy:?}") };
        let mut wait = std::pin::pin!(overtaking.wait());
        for _ in ["its own sending", "the next one"] {
            tokio::select! {
                biased;
                () = &mut wait => panic!("nothing overtook it yet"),
                () = std::future::ready(()) => faults.pass(),
            }
        }
        let patience = OVERTAKING_PATIENCE / 2;
        tokio::time::timeout(patience, wait).await.expect("overtaken, not out of patience");
    }

    #[test]
    fn only_settlements_are_halved_and_without_a_plan_all_goes_right() {
        let half =
            CallFaults { fail_percent: 100, kinds: vec![CallFault::HalfBatch], timeout_ms: 1 };
        let faults = Faults::new(Some(FaultPlan { calls: half, ..FaultPlan::default() })).unwrap();
        assert!(failures(&faults, SETTLEMENT.1).iter().all(|f| *f == Some(CallFault::HalfBatch)));
        assert!(failures(&faults, "/users").iter().all(Option::is_none));
        faults.follow(None).unwrap();
        assert!(failures(&faults, SETTLEMENT.1).iter().all(Option::is_none));
        assert_eq!(faults.shown(), (None, Injected::default()));
    }
}
