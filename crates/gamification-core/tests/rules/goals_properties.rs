//! Whatever happens to a goal, in whatever order, it keeps its promises.

use gamification_core::instance::{
    CancelReason, Click, Effect, ExecutionReport, FailureReason, Instance, Transition,
};
use gamification_core::objective::percentage;
use gamification_testkit::fixtures::{
    at, campaign, chat_event, critical_roll, group_goal, id, streamer,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Click(u32),
    Consume,
    Expire,
    Cancel,
    Executed,
    Fail,
    Leave(u32),
    Retarget(u32),
}

fn steps() -> impl Strategy<Value = Vec<(Step, u32)>> {
    let step = prop_oneof![
        8 => (1_u32..4).prop_map(Step::Click),
        1 => Just(Step::Consume),
        1 => Just(Step::Expire),
        1 => Just(Step::Cancel),
        1 => Just(Step::Executed),
        1 => Just(Step::Fail),
        1 => (1_u32..4).prop_map(Step::Leave),
        1 => (0_u32..20).prop_map(Step::Retarget),
    ];
    prop::collection::vec((step, 0_u32..40), 1..80)
}

fn apply(goal: Instance, step: &Step, seconds: u32) -> Option<Transition> {
    let now = at(seconds);
    let outcome = match step {
        Step::Click(n) => {
            goal.contribute(Click { streamer_id: id(*n), viewer_name: "viewer" }, now)
        }
        Step::Consume => goal.consume(critical_roll(1), now),
        Step::Expire => goal.expire(now),
        Step::Cancel => goal.cancel(CancelReason::Gm, None, now),
        Step::Executed => goal.executed(ExecutionReport::default(), now),
        Step::Fail => goal.fail(FailureReason::Table, "no".to_owned(), now),
        Step::Leave(n) => goal.leave(id(*n), now),
        Step::Retarget(target) => goal.retarget(*target),
    };
    outcome.ok()
}

proptest! {
    #[test]
    fn a_goal_ends_at_most_once_and_never_counts_past_its_target(
        steps in steps(),
        arms in any::<bool>(),
    ) {
        let mut goal = group_goal(1, &campaign(1), &chat_event(), &[&streamer(1), &streamer(2)]);
        goal.terms.arms = arms;
        let (mut seconds, mut settled, mut executions) = (2, 0, 0);
        for (step, later) in steps {
            seconds += later;
            let Some(next) = apply(goal.clone(), &step, seconds) else { continue };
            prop_assert!(goal.is_open(), "a goal that has ended changed: {:?}", step);
            settled += next.effects.iter().filter(|e| matches!(e, Effect::Settle(_))).count();
            executions += next.effects.iter().filter(|e| **e == Effect::Execute).count();
            goal = next.instance;
            let counted: u32 = goal.participants.iter().map(|p| p.contributions).sum();
            prop_assert_eq!(counted, goal.progress);
            prop_assert!(goal.target >= 1);
            prop_assert!(percentage(goal.progress, goal.target) <= 100);
            prop_assert!(settled <= 1 && executions <= 1);
            prop_assert_eq!(settled == 1, !goal.is_open());
        }
        if !goal.participants.iter().any(|p| p.has_left) {
            prop_assert!(goal.progress <= goal.target);
        }
    }
}
