//! Every transition of 2-domain §3.1, from every state.

use gamification_core::announcement::{Announcement, AnnouncementKind as Told};
use gamification_core::event::{Completion, CooldownRule};
use gamification_core::instance::{
    CancelReason, Click, Cooldown, Effect, ExecutionReport, ExecutionStatus, FailureReason,
    Instance, InstanceStatus, Transition, TransitionError,
};
use gamification_core::redemption::Direction;
use gamification_testkit::fixtures::{
    armed_goal, at, campaign, chat_event, critical_roll, executing_goal, goal, goal_with_target,
    group_goal, id, invert_event, streamer,
};

fn active() -> Instance {
    goal(1, &campaign(1), &invert_event(), &streamer(1))
}

fn click(n: u32) -> Click<'static> {
    Click { streamer_id: id(n), viewer_name: "viewer" }
}

fn kinds(transition: &Transition) -> Vec<Told> {
    transition.announcements.iter().map(|fact| fact.kind).collect()
}

fn every_state() -> Vec<(&'static str, Instance)> {
    let executing = executing_goal(active());
    vec![
        ("active", active()),
        ("armed", armed_goal(active())),
        ("executing", executing.clone()),
        (
            "executed",
            executing.clone().executed(ExecutionReport::default(), at(9)).unwrap().instance,
        ),
        ("failed", executing.fail(FailureReason::Table, "no".into(), at(9)).unwrap().instance),
        ("expired", active().expire(at(3600)).unwrap().instance),
        ("cancelled", active().cancel(CancelReason::Gm, None, at(9)).unwrap().instance),
    ]
}

#[test]
fn each_transition_is_allowed_in_exactly_its_states() {
    type Step = fn(Instance) -> Result<Transition, TransitionError>;
    let steps: [(&str, Step, &[&str]); 6] = [
        ("contribute", |goal| goal.contribute(click(1), at(2)), &["active"]),
        ("consume", |goal| goal.consume(critical_roll(1), at(2)), &["armed"]),
        ("cancel", |goal| goal.cancel(CancelReason::Gm, None, at(2)), &["active", "armed"]),
        ("executed", |goal| goal.executed(ExecutionReport::default(), at(2)), &["executing"]),
        ("fail", |goal| goal.fail(FailureReason::Table, String::new(), at(2)), &["executing"]),
        ("expire", |goal| goal.expire(at(9_000)), &["active", "armed", "executing"]),
    ];
    for (state, goal) in every_state() {
        for (name, step, allowed) in &steps {
            let outcome = step(goal.clone());
            assert_eq!(outcome.is_ok(), allowed.contains(&state), "{name} of {state}: {outcome:?}");
        }
    }
}

#[test]
fn the_click_that_reaches_the_objective_arms_a_goal_that_needs_a_roll() {
    let mut goal = active();
    for expected in 1..3 {
        let step = goal.contribute(click(1), at(2)).unwrap();
        assert_eq!(kinds(&step), [Told::Progress]);
        assert_eq!(step.instance.progress, expected);
        goal = step.instance;
    }
    let step = goal.contribute(click(1), at(30)).unwrap();
    assert_eq!(kinds(&step), [Told::Progress, Told::InstanceArmed]);
    assert_eq!(step.instance.status(), InstanceStatus::Armed);
    assert_eq!(step.instance.deadline(), Some(at(30 + 1_800)));
    assert_eq!(step.instance.cooldown, None);
    assert!(step.effects.is_empty());
}

#[test]
fn a_roll_completes_an_armed_goal_and_starts_clock_and_cooldown() {
    let step = armed_goal(active()).consume(critical_roll(1), at(40)).unwrap();
    assert_eq!(kinds(&step), [Told::InstanceConsumed, Told::InstanceCompleted]);
    assert_eq!(step.effects, [Effect::Execute]);
    let goal = step.instance;
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Pending));
    assert_eq!(goal.deadline(), Some(at(40 + 120)));
    assert_eq!(goal.cooldown, Some(Cooldown::Until(at(40 + 300))));
    assert_eq!(goal.trigger.dice_roll, Some(critical_roll(1)));
}

#[test]
fn each_end_decides_the_direction_once_and_only_failure_clears_the_cooldown() {
    let executing = executing_goal(active());
    let executed = executing.clone().executed(ExecutionReport::default(), at(50)).unwrap();
    assert_eq!(
        executed.effects,
        [Effect::Settle(Direction::Fulfil), Effect::ReleaseWaitingCooldowns]
    );
    assert!(executed.instance.cooldown.is_some());
    let failed = executing.fail(FailureReason::Table, "no such message".into(), at(50)).unwrap();
    assert_eq!(failed.effects, [Effect::Settle(Direction::Refund)]);
    assert_eq!(failed.instance.cooldown, None);
    for step in [
        active().expire(at(3600)).unwrap(),
        armed_goal(active()).expire(at(9_000)).unwrap(),
        active().cancel(CancelReason::Gm, None, at(2)).unwrap(),
        executing_goal(active()).expire(at(9_000)).unwrap(),
    ] {
        assert_eq!(step.effects, [Effect::Settle(Direction::Refund)]);
        assert_eq!(step.instance.cooldown, None);
        assert!(!step.instance.is_open());
        assert_eq!(step.announcements.len(), 1);
    }
}

#[test]
fn nothing_counts_at_or_after_the_deadline_and_nothing_expires_before_it() {
    let deadline = active().deadline().unwrap();
    assert_eq!(active().contribute(click(1), deadline), Err(TransitionError::PastDeadline));
    assert_eq!(active().expire(at(60)), Err(TransitionError::NotDue));
    let armed = armed_goal(active());
    let until = armed.deadline().unwrap();
    assert_eq!(armed.consume(critical_roll(1), until), Err(TransitionError::PastDeadline));
}

#[test]
fn a_confirmation_after_the_deadline_wins_if_it_is_the_first_to_lock() {
    let late = executing_goal(active()).executed(ExecutionReport::default(), at(9_000));
    assert_eq!(late.unwrap().instance.execution_status(), Some(ExecutionStatus::Executed));
}

#[test]
fn completion_modes_arm_or_execute() {
    let campaign = campaign(1);
    let mut event = chat_event();
    event.scope = gamification_core::event::Scope::Individual;
    for (mode, expected) in [
        (Completion::Auto, InstanceStatus::Completed),
        (Completion::Immediate, InstanceStatus::Completed),
        (Completion::Armed, InstanceStatus::Armed),
    ] {
        event.completion = mode;
        let reached = goal_with_target(1, &campaign, &event, &streamer(1), 1)
            .contribute(click(1), at(2))
            .unwrap();
        assert_eq!(reached.instance.status(), expected, "{mode:?}");
    }
}

#[test]
fn cooldown_kinds_start_at_completion() {
    let campaign = campaign(1);
    let mut event = invert_event();
    for (rule, expected) in [
        (CooldownRule::Time { duration_seconds: Some(0) }, None),
        (CooldownRule::GmValidation {}, Some(Cooldown::UntilReleased)),
        (
            CooldownRule::EventComplete { wait_for_event_id: id(77) },
            Some(Cooldown::UntilExecuted(id(77))),
        ),
    ] {
        event.cooldown = rule;
        let goal = executing_goal(goal(1, &campaign, &event, &streamer(1)));
        assert_eq!(goal.cooldown, expected);
    }
    assert!(!Cooldown::Until(at(5)).holds(at(5)) && Cooldown::Until(at(5)).holds(at(4)));
}

#[test]
fn a_group_goal_adds_up_the_objectives_and_counts_per_channel() {
    let goal = group_goal(1, &campaign(1), &chat_event(), &[&streamer(1), &streamer(2)]);
    assert_eq!(goal.target, 6);
    let goal = goal.contribute(click(2), at(2)).unwrap().instance;
    assert_eq!(goal.participant(id(2)).unwrap().contributions, 1);
    assert_eq!(goal.participant(id(1)).unwrap().contributions, 0);
    assert_eq!(goal.clone().contribute(click(3), at(2)), Err(TransitionError::NotAParticipant));
}

#[test]
fn who_leaves_a_group_goal_takes_only_what_was_still_owed() {
    let mut goal = group_goal(1, &campaign(1), &chat_event(), &[&streamer(1), &streamer(2)]);
    for streamer in [1, 1, 1, 2] {
        goal = goal.contribute(click(streamer), at(2)).unwrap().instance;
    }
    let step = goal.leave(id(2), at(3)).unwrap();
    assert_eq!(step.instance.target, 4);
    assert_eq!(step.instance.progress, 4);
    assert_eq!(kinds(&step), [Told::ObjectiveChanged, Told::InstanceCompleted]);
    assert_eq!(step.effects, [Effect::Execute]);
    assert!(step.instance.participant(id(2)).is_none());
}

#[test]
fn that_somebody_left_an_armed_goal_is_told_too() {
    let step = armed_goal(active()).leave(id(1), at(3)).unwrap();
    assert_eq!(kinds(&step), [Told::ObjectiveChanged]);
    assert_eq!(step.announcements[0].payload["streamers"][0]["hasLeft"], true);
}

#[test]
fn a_completion_tells_how_long_its_cooldown_lasts() {
    let completed = executing_goal(active());
    let told = Announcement::instance_completed(&completed).payload;
    let Some(Cooldown::Until(end)) = completed.cooldown else { panic!("there is no cooldown") };
    assert_eq!(told["cooldownUntil"], serde_json::json!(end));
}

#[test]
fn a_goal_may_be_retargeted_only_above_its_progress() {
    let goal = active().contribute(click(1), at(2)).unwrap().instance;
    assert!(goal.clone().retarget(1).is_err());
    let step = goal.retarget(9).unwrap();
    assert_eq!((step.instance.target, kinds(&step)), (9, vec![Told::ObjectiveChanged]));
    assert!(armed_goal(active()).retarget(99).is_err());
}

#[test]
fn a_run_of_progress_is_told_as_one_with_the_newest_names_first() {
    let (first, second) = ("ann", "bob");
    let goal = active();
    let one = goal.contribute(Click { viewer_name: first, ..click(1) }, at(2)).unwrap();
    let two = one.instance.contribute(Click { viewer_name: second, ..click(1) }, at(2)).unwrap();
    let mut newest = two.announcements[0].clone();
    assert!(newest.absorb(&one.announcements[0]));
    assert_eq!(newest.payload["contributors"], serde_json::json!(["bob", "ann"]));
    assert_eq!(newest.payload["currentProgress"], 2);
    let other = goal_with_target(2, &campaign(1), &invert_event(), &streamer(1), 5);
    let elsewhere = other.contribute(click(1), at(3)).unwrap();
    assert!(!newest.absorb(&elsewhere.announcements[0]));
}
