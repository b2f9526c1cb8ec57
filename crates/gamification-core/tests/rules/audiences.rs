//! Goals that follow their audience, and the lines that tell of goals.

use gamification_core::announcement::AnnouncementKind as Told;
use gamification_core::event::LocalizedText;
use gamification_core::instance::{CancelReason, ExecutionReport, FailureReason, Instance};
use gamification_core::notice::{NOTICE_LENGTH_MAX, Notice};
use gamification_core::objective::Coefficient;
use gamification_testkit::fixtures::{
    armed_goal, at, campaign, chat_event, executing_goal, goal, group_goal, id, invert_event,
    streamer,
};

fn share() -> Coefficient {
    Coefficient::from_hundredths(30).unwrap()
}

/// A goal that was opened with that many viewers.
fn watched(viewers: u32, target: u32) -> Instance {
    let mut goal = goal(1, &campaign(1), &invert_event(), &streamer(1));
    goal.participants[0].viewer_count = viewers;
    goal.participants[0].local_objective = target;
    goal.target = target;
    goal
}

#[test]
fn the_normative_vectors_of_a_recalculation_hold() {
    for (old, new, before, after) in
        [(100, 115, 30, 30), (100, 120, 30, 36), (0, 40, 3, 12), (5, 9, 3, 3)]
    {
        let next =
            watched(old, before).follow_audiences(&[(id(1), Some(new))], share(), 3).unwrap();
        let told = next.as_ref().map_or(0, |next| next.announcements.len());
        assert_eq!(told, usize::from(before != after), "{old} → {new}");
        assert_eq!(next.map_or(before, |next| next.instance.target), after, "{old} → {new}");
    }
}

#[test]
fn a_count_that_is_taken_over_is_the_next_old_one_even_if_the_target_stays() {
    let next = watched(5, 3).follow_audiences(&[(id(1), Some(9))], share(), 3).unwrap().unwrap();
    assert_eq!(next.instance.participants[0].viewer_count, 9);
    assert_eq!(next.instance.follow_audiences(&[(id(1), Some(10))], share(), 3).unwrap(), None);
}

#[test]
fn who_left_a_group_goal_counts_with_what_was_clicked() {
    let users = [&streamer(1), &streamer(2)];
    let mut goal = group_goal(1, &campaign(1), &chat_event(), &users);
    for _ in 0..2 {
        let click = gamification_core::instance::Click { streamer_id: id(1), viewer_name: "ann" };
        goal = goal.contribute(click, at(2)).unwrap().instance;
    }
    goal = goal.leave(id(1), at(3)).unwrap().instance;
    assert_eq!(goal.target, 2 + 3);
    let counts = [(id(1), Some(1_000)), (id(2), Some(20))];
    let next = goal.follow_audiences(&counts, share(), 3).unwrap().unwrap();
    assert_eq!(next.instance.target, 2 + 6);
}

#[test]
fn shares_that_move_are_told_although_the_target_stays() {
    let goal = group_goal(1, &campaign(1), &chat_event(), &[&streamer(1), &streamer(2)]);
    let follow = |goal: gamification_core::instance::Instance, one, two| {
        let counts = [(id(1), Some(one)), (id(2), Some(two))];
        goal.follow_audiences(&counts, share(), 3).unwrap().unwrap()
    };
    let before = follow(goal, 100, 40).instance;
    let after = follow(before.clone(), 40, 100);
    assert_eq!((after.instance.target, after.announcements.len()), (before.target, 1));
}

#[test]
fn only_an_active_goal_follows_its_audience() {
    let counts = [(id(1), Some(1_000))];
    assert!(armed_goal(watched(5, 3)).follow_audiences(&counts, share(), 3).is_err());
    assert_eq!(watched(5, 3).follow_audiences(&[(id(1), None)], share(), 3).unwrap(), None);
    assert_eq!(watched(5, 3).follow_audiences(&[(id(9), Some(90))], share(), 3).unwrap(), None);
}

#[test]
fn every_line_exists_in_both_languages_and_counts_as_they_do() {
    let open = watched(5, 3);
    let expired = watched(5, 1).expire(at(3_600)).unwrap().instance;
    let failed = executing_goal(watched(5, 1));
    let failed = failed.fail(FailureReason::Table, "no".to_owned(), at(9)).unwrap().instance;
    let cases = [
        (Notice::Opened, &open, "3 clicks within 1 minute!", "3 clics en 1 minute !"),
        (
            Notice::Armed,
            &watched(5, 1),
            "1 click is in. Now for the right roll!",
            "1 clic au compteur. Place au bon jet !",
        ),
        (Notice::Executed, &open, "it happened at the table.", "c'est arrivé à la table."),
        (
            Notice::Failed,
            &failed,
            "it did not work out at the table. The points are on their way back.",
            "cela n'a pas marché à la table. Les points vous sont rendus.",
        ),
        (Notice::Expired, &expired, "time is up at 0 of 1 click.", "temps écoulé à 0 sur 1 clic."),
        (Notice::Cancelled, &open, "the goal was stopped.", "l'objectif a été arrêté."),
    ];
    for (notice, goal, english, french) in cases {
        assert_eq!(notice.text(goal, "en"), format!("🎲 Invert the dice: {english}"));
        assert_eq!(notice.text(goal, "de"), format!("🎲 Invert the dice: {english}"));
        assert_eq!(notice.text(goal, "fr-CA"), format!("🎲 Inverser les dés : {french}"));
    }
}

#[test]
fn a_line_fits_the_chat_and_cannot_be_a_command_whatever_the_event_is_called() {
    let mut goal = watched(5, 3);
    goal.label.name = LocalizedText::plain(format!("/ban everybody\n{}", "é".repeat(600)));
    let line = Notice::Opened.text(&goal, "en");
    assert_eq!(line.chars().count(), NOTICE_LENGTH_MAX);
    assert!(line.starts_with("🎲 /ban everybody é"));
}

#[test]
fn an_odd_duration_is_told_in_seconds() {
    let mut event = invert_event();
    for (seconds, english, french) in
        [(90, "90 seconds", "90 secondes"), (120, "2 minutes", "2 minutes")]
    {
        event.defaults.duration_seconds = seconds;
        let goal = goal(1, &campaign(1), &event, &streamer(1));
        assert!(Notice::Opened.text(&goal, "en").contains(english));
        assert!(Notice::Opened.text(&goal, "fr").contains(french));
    }
}

#[test]
fn what_is_worth_a_line_is_known_from_fact_and_goal() {
    let executing = executing_goal(watched(5, 1));
    let executed = executing.clone().executed(ExecutionReport::default(), at(9)).unwrap().instance;
    let failed = executing.fail(FailureReason::Table, String::new(), at(9)).unwrap().instance;
    let cancelled = watched(5, 3).cancel(CancelReason::Gm, None, at(9)).unwrap().instance;
    for (fact, goal, notice) in [
        (Told::InstanceCreated, &watched(5, 3), Some(Notice::Opened)),
        (Told::InstanceArmed, &armed_goal(watched(5, 3)), Some(Notice::Armed)),
        (Told::ActionExecuted, &executed, Some(Notice::Executed)),
        (Told::ActionExecuted, &failed, Some(Notice::Failed)),
        (Told::InstanceCancelled, &cancelled, Some(Notice::Cancelled)),
        (Told::Progress, &watched(5, 3), None),
        (Told::InstanceCompleted, &executed, None),
    ] {
        assert_eq!(Notice::of(fact, goal), notice, "{fact:?}");
    }
}
