use super::StoreUnderTest;
use super::support::{Game, cancelled, clicked, committed, executed};
use crate::fixtures::{self, at};
use gamification_core::instance::{
    CooldownTerms, EffectTarget, EffectType, ExecutionReport, FailureReason, GoalScope, Instance,
    InstanceStatus, TargetKind,
};
use gamification_core::ports::StoreError;
use serde_json::json;

/// The goal in each state that it can get into.
fn states(active: &Instance) -> Vec<Instance> {
    let armed = fixtures::armed_goal(active.clone());
    let executing = fixtures::executing_goal(active.clone());
    let report = ExecutionReport {
        message: Some("20 → 1".to_owned()),
        original_value: Some(20),
        inverted_value: Some(1),
        target: Some(EffectTarget {
            kind: TargetKind::Spell,
            name: "Fireball".to_owned(),
            character_name: Some("Elda".to_owned()),
            image_url: Some("icons/fire.webp".to_owned()),
        }),
        effect_type: Some(EffectType::Disable),
        duration_seconds: Some(600),
        partial_failures: vec!["the message stayed".to_owned()],
    };
    let failed = executing.clone().fail(FailureReason::Table, "no such message".into(), at(90));
    let late = at(1_000_000);
    vec![
        clicked(active.clone(), active.participants[0].streamer_id, 1),
        armed.clone(),
        executing.clone(),
        executing.executed(report, at(91)).unwrap().instance,
        failed.unwrap().instance,
        active.clone().expire(late).unwrap().instance,
        armed.expire(late).unwrap().instance,
        cancelled(active.clone(), at(5)),
    ]
}

pub async fn a_goal_comes_back_as_it_was_stored_in_every_state(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut goal = game.goal(1, 0);
    goal.trigger.custom = json!({ "poll": { "id": "p1", "votes": [1, 2.5, null, "é"] } });
    for (mut goal, clicks) in [(goal, 1), (game.group_goal(2), 12)] {
        goal.terms.cooldown = CooldownTerms::EventComplete(game.chat.id);
        game.insert(&goal).await;
        assert_eq!(game.stored(goal.id).await, goal);
        let streamer = goal.participants[0].streamer_id;
        for state in [clicked(goal.clone(), streamer, clicks)].into_iter().chain(states(&goal)) {
            game.update(&state).await;
            assert_eq!(game.stored(goal.id).await, state);
            let locked = committed!(game.store, |u| u.instances().lock(goal.id).await.unwrap());
            assert_eq!(locked, Some(state));
        }
    }
}

pub async fn a_second_goal_is_not_inserted_while_one_is_open(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let first = game.goal(1, 0);
    let second = game.goal(2, 0);
    game.insert(&first).await;
    let armed = fixtures::armed_goal(first.clone());
    let executing = fixtures::executing_goal(first.clone());
    for open in [first.clone(), armed, executing] {
        game.update(&open).await;
        let inserted = committed!(game.store, |uow| uow.instances().insert(&second).await.unwrap());
        assert!(!inserted, "{:?} is open", open.status());
        assert_eq!(game.queries.instance(second.id).await.unwrap(), None);
        assert_eq!(game.stored(first.id).await, open);
    }
    game.update(&executed(first, at(9))).await;
    game.insert(&second).await;
    game.update(&cancelled(second, at(10))).await;
    game.insert(&game.goal(3, 0)).await;
}

pub async fn other_scopes_events_and_campaigns_have_goals_of_their_own(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let other = fixtures::campaign(2);
    committed!(game.store, |uow| uow.campaigns().insert(&other).await.unwrap());
    let elsewhere = fixtures::goal(4, &other, &game.invert, &game.streamers[0]);
    for goal in [game.goal(1, 0), game.goal(2, 1), game.group_goal(3), elsewhere] {
        game.insert(&goal).await;
    }
}

pub async fn changing_a_goal_that_is_not_there_is_contention(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut uow = super::support::begun(&game.store).await;
    let outcome = uow.instances().update(&game.goal(1, 0)).await;
    assert!(matches!(outcome, Err(StoreError::Contention(_))), "{outcome:?}");
}

pub async fn the_open_goal_of_a_scope_is_found(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let over = game.goal(1, 0);
    game.insert(&over).await;
    game.update(&cancelled(over, at(1))).await;
    let (mine, other, group) = (game.goal(2, 0), game.goal(3, 1), game.group_goal(4));
    for goal in [&mine, &other, &group] {
        game.insert(goal).await;
    }
    let (invert, chat) = (game.invert.id, game.chat.id);
    let of = |streamer: usize| GoalScope::Streamer(game.streamer(streamer));
    for (event, scope, expected) in [
        (invert, of(0), Some(&mine)),
        (invert, of(1), Some(&other)),
        (invert, of(2), None),
        (invert, GoalScope::Group, None),
        (chat, GoalScope::Group, Some(&group)),
        (chat, of(0), None),
    ] {
        let found = committed!(game.store, |uow| {
            uow.instances().lock_open(game.campaign.id, event, scope).await.unwrap()
        });
        assert_eq!(found.as_ref(), expected);
    }
}

pub async fn open_goals_are_locked_in_the_order_of_their_keys(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let ended = cancelled(game.goal(5, 3), at(9));
    for goal in [game.goal(3, 0), game.goal(1, 1), game.group_goal(2), game.goal(4, 2), ended] {
        game.insert(&goal).await;
    }
    let all = committed!(game.store, |uow| {
        uow.instances().lock_all_open(game.campaign.id, None).await.unwrap()
    });
    let numbered =
        |numbers: &[u32]| -> Vec<_> { numbers.iter().map(|n| fixtures::id(3_000 + n)).collect() };
    assert_eq!(all.iter().map(|i| i.id).collect::<Vec<_>>(), numbered(&[1, 2, 3, 4]));
    let of_event = committed!(game.store, |uow| {
        uow.instances().lock_all_open(game.campaign.id, Some(game.invert.id)).await.unwrap()
    });
    assert_eq!(of_event.iter().map(|i| i.id).collect::<Vec<_>>(), numbered(&[1, 3, 4]));
    let elsewhere = committed!(game.store, |uow| {
        uow.instances().lock_all_open(fixtures::campaign(2).id, None).await.unwrap()
    });
    assert_eq!(elsewhere, []);
}

pub async fn the_most_overdue_goals_come_first(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    // Active until 61 s, executing until 2 s + 120 s, armed until 3 s + 1800 s.
    let active = game.goal(1, 0);
    let executing = fixtures::executing_goal(game.goal(2, 1));
    let armed = fixtures::armed_goal(game.goal(3, 2));
    for goal in [&active, &executing, &armed, &cancelled(game.goal(4, 3), at(4))] {
        game.insert(goal).await;
    }
    for (now, limit, expected) in [
        (at(60), 10, vec![]),
        (at(61), 10, vec![active.id]),
        (at(122), 10, vec![active.id, executing.id]),
        (at(10_000), 10, vec![active.id, executing.id, armed.id]),
        (at(10_000), 2, vec![active.id, executing.id]),
    ] {
        let overdue =
            committed!(game.store, |uow| uow.instances().overdue(now, limit).await.unwrap());
        assert_eq!(overdue, expected);
    }
}

pub async fn open_goals_are_read_oldest_first(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (oldest, newest) = (game.goal(1, 0), fixtures::executing_goal(game.goal(3, 1)));
    for goal in [&newest, &oldest, &cancelled(game.goal(2, 2), at(4))] {
        game.insert(goal).await;
    }
    let open = game.queries.open_instances(game.campaign.id).await.unwrap();
    assert_eq!(open, [oldest, newest]);
    assert!(open.iter().all(|goal| goal.status() != InstanceStatus::Cancelled));
    assert_eq!(game.queries.open_instances(fixtures::campaign(2).id).await.unwrap(), []);
}

pub async fn a_trigger_fires_once_per_key(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (invert, chat) = (game.invert.id, game.chat.id);
    for (event, key, is_new) in [
        (invert, "poll-1", true),
        (invert, "poll-1", false),
        (invert, "poll-2", true),
        (chat, "poll-1", true),
        (chat, "poll-1", false),
    ] {
        let claimed = committed!(game.store, |uow| {
            uow.instances().claim_trigger(game.campaign.id, event, key, at(1)).await.unwrap()
        });
        assert_eq!(claimed, is_new, "{key}");
    }
}
