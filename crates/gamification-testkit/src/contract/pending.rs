//! The suite of [`PendingExecutions`].

use super::{bounded, concurrently};
use crate::fixtures::{at, id};
use gamification_core::ports::{PendingExecution, PendingExecutions};
use std::any::Any;
use std::sync::Arc;

/// A cache to test, empty or with keys that nobody else uses.
pub struct PendingUnderTest {
    /// The cache.
    pub pending: Arc<dyn PendingExecutions>,
    /// Kept until the case is over: a server, a directory.
    pub _guard: Box<dyn Any + Send>,
}

/// Expands to the tests of a [`PendingExecutions`]: `pending_contract!(make)`, where `make()` gives
/// a future of a [`PendingUnderTest`](crate::contract::pending::PendingUnderTest).
#[macro_export]
macro_rules! pending_contract {
    ($make:expr) => {
        $crate::contract_cases! {
            fresh_pending: $crate::contract::pending::PendingUnderTest, $make,
            $crate::contract::pending => pending_contract {
                an_entry_comes_back_exactly_as_it_was_put,
                an_unknown_goal_has_no_entry,
                a_second_put_replaces_the_first,
                a_removed_entry_is_gone_and_removing_it_again_is_no_error,
                entries_do_not_disturb_each_other_when_many_are_put_at_once,
            }
        }
    };
}

fn entry(n: u32) -> PendingExecution {
    PendingExecution {
        instance_id: id(n),
        campaign_id: id(1_000),
        event_id: id(2_000),
        streamer_id: Some(id(10)),
        action_type: "dice_invert".to_owned(),
        event_name: "Invert the dice \u{1f3b2} \"now\"".to_owned(),
        completed_at: at(n),
    }
}

pub async fn an_entry_comes_back_exactly_as_it_was_put(under_test: &PendingUnderTest) {
    let pending = &under_test.pending;
    let of_group = PendingExecution { streamer_id: None, ..entry(2) };
    bounded(pending.put(&entry(1))).await.unwrap();
    bounded(pending.put(&of_group)).await.unwrap();
    assert_eq!(bounded(pending.get(id(1))).await.unwrap(), Some(entry(1)));
    assert_eq!(bounded(pending.get(id(2))).await.unwrap(), Some(of_group));
}

pub async fn an_unknown_goal_has_no_entry(under_test: &PendingUnderTest) {
    bounded(under_test.pending.put(&entry(1))).await.unwrap();
    assert_eq!(bounded(under_test.pending.get(id(2))).await.unwrap(), None);
}

pub async fn a_second_put_replaces_the_first(under_test: &PendingUnderTest) {
    let newer = PendingExecution { completed_at: at(99), ..entry(1) };
    bounded(under_test.pending.put(&entry(1))).await.unwrap();
    bounded(under_test.pending.put(&newer)).await.unwrap();
    assert_eq!(bounded(under_test.pending.get(id(1))).await.unwrap(), Some(newer));
}

pub async fn a_removed_entry_is_gone_and_removing_it_again_is_no_error(
    under_test: &PendingUnderTest,
) {
    let pending = &under_test.pending;
    bounded(pending.put(&entry(1))).await.unwrap();
    bounded(pending.put(&entry(2))).await.unwrap();
    bounded(pending.remove(id(1))).await.unwrap();
    bounded(pending.remove(id(1))).await.unwrap();
    assert_eq!(bounded(pending.get(id(1))).await.unwrap(), None);
    assert_eq!(bounded(pending.get(id(2))).await.unwrap(), Some(entry(2)));
}

pub async fn entries_do_not_disturb_each_other_when_many_are_put_at_once(
    under_test: &PendingUnderTest,
) {
    concurrently(40, |n| {
        let pending = Arc::clone(&under_test.pending);
        async move {
            pending.put(&entry(n)).await.unwrap();
            assert_eq!(pending.get(id(n)).await.unwrap(), Some(entry(n)));
            if n % 2 == 0 {
                pending.remove(id(n)).await.unwrap();
            }
        }
    })
    .await;
    for n in 0..40 {
        let expected = (n % 2 == 1).then(|| entry(n));
        assert_eq!(bounded(under_test.pending.get(id(n))).await.unwrap(), expected);
    }
}
