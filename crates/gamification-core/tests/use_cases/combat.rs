//! Combats: from their first sign to their end, and what ends with them.

use crate::rally::{fight, rallying_world};
use crate::support::{THREE, counts, settlements, stored, told};
use gamification_core::campaign::CharacterKind;
use gamification_core::ids::VttActorId;
use gamification_core::instance::{CancelReason, InstanceState};
use gamification_core::ports::Queries;
use gamification_core::redemption::Settlement;
use gamification_core::reward::{PauseReason, RewardStatus};
use gamification_core::vtt::{Combat, CombatNews, CombatProgress};
use gamification_testkit::{World, fixtures};

async fn report(world: &World, n: u32, news: CombatNews) {
    let report = fixtures::combat_report(n, news);
    world.game.combat_reported(world.connection.id, &report).await.unwrap();
}

async fn goes_on(world: &World) {
    report(world, 1, CombatNews::Runs(CombatProgress::default())).await;
}

async fn combat(world: &World) -> Option<Combat> {
    world.store.combat(world.connection.id).await.unwrap()
}

async fn is_in_combat(world: &World) -> bool {
    world.store.connection(world.connection.id).await.unwrap().unwrap().is_in_combat
}

async fn reward_status(world: &World) -> (RewardStatus, Option<PauseReason>) {
    let reward = world.reward(&world.invert, 0).await.unwrap();
    (reward.status, reward.paused_because)
}

async fn combat_facts(world: &World) -> Vec<&'static str> {
    told(world).await.into_iter().filter(|name| name.starts_with("combat:")).collect()
}

#[tokio::test]
async fn a_reward_that_needs_combat_is_there_exactly_during_it() {
    let world = rallying_world().await;
    world.advance(2).await;
    world.work_until_idle().await;
    assert_eq!(reward_status(&world).await, (RewardStatus::Paused, Some(PauseReason::NoCombat)));
    world.advance(2).await;
    fight(&world).await;
    world.work_until_idle().await;
    assert_eq!(reward_status(&world).await, (RewardStatus::Active, None));
    report(&world, 1, CombatNews::Ends).await;
    world.advance(4).await;
    world.work_until_idle().await;
    assert_eq!(reward_status(&world).await, (RewardStatus::Active, None), "it may go on");
    world.advance(1).await;
    world.work_until_idle().await;
    assert_eq!(reward_status(&world).await, (RewardStatus::Paused, Some(PauseReason::NoCombat)));
    assert_eq!(combat_facts(&world).await, ["combat:start", "combat:end"]);
}

#[tokio::test]
async fn an_end_takes_the_goals_that_need_combat_along_and_refunds_them() {
    let world = rallying_world().await;
    fight(&world).await;
    world.advance(2).await;
    world.work_until_idle().await;
    assert!(counts(world.click(0, "ann").await));
    assert!(counts(world.click_on(&world.chat, 0, "ben").await));
    let goal = world.goal(0).await.unwrap();
    report(&world, 1, CombatNews::Ends).await;
    world.advance(5).await;
    assert_eq!(world.game.sweep_ended_combats().await.unwrap(), 1);
    let cancelled = stored(&world, goal.id).await;
    let InstanceState::Cancelled { reason, .. } = cancelled.state else { panic!("{cancelled:?}") };
    assert_eq!(reason, CancelReason::CombatEnded);
    assert!(world.group_goal().await.is_some(), "a chat message needs no combat");
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded, Settlement::Pending]);
    assert_eq!((is_in_combat(&world).await, combat(&world).await), (false, None));
    assert_eq!(world.game.sweep_ended_combats().await.unwrap(), 0);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_sign_of_life_within_five_seconds_was_a_change_of_scene() {
    let world = rallying_world().await;
    fight(&world).await;
    world.advance(2).await;
    world.work_until_idle().await;
    for viewer in &THREE[..2] {
        assert!(counts(world.click(0, viewer).await));
    }
    report(&world, 1, CombatNews::Ends).await;
    world.advance(3).await;
    goes_on(&world).await;
    world.advance(60).await;
    assert_eq!(world.game.sweep_ended_combats().await.unwrap(), 0);
    assert!(is_in_combat(&world).await && world.goal(0).await.is_some());
    assert_eq!(combat_facts(&world).await, ["combat:start"]);
}

#[tokio::test]
async fn what_a_second_browser_repeats_changes_nothing() {
    let world = rallying_world().await;
    fight(&world).await;
    fight(&world).await;
    let fallen = || {
        let combatant = "combatant-2".into();
        CombatNews::Defeated { combatant, is_defeated: true }
    };
    report(&world, 1, fallen()).await;
    report(&world, 1, fallen()).await;
    report(&world, 1, CombatNews::Ends).await;
    let end = combat(&world).await.unwrap().ends_at;
    world.advance(3).await;
    report(&world, 1, CombatNews::Ends).await;
    assert_eq!(combat(&world).await.unwrap().ends_at, end, "the first end counts");
    assert_eq!(combat_facts(&world).await, ["combat:start", "combat:defeated"]);
}

#[tokio::test]
async fn the_end_of_another_combat_is_ignored_and_a_new_combat_replaces_the_old_one() {
    let world = rallying_world().await;
    fight(&world).await;
    report(&world, 2, CombatNews::Ends).await;
    assert_eq!(combat(&world).await.unwrap().ends_at, None);
    let others = [fixtures::combatant(3, CharacterKind::Pc)];
    let report_2 = fixtures::combat_sync(2, 1, 0, &others);
    world.game.combat_reported(world.connection.id, &report_2).await.unwrap();
    report(&world, 1, CombatNews::Ends).await;
    let combat = combat(&world).await.unwrap();
    assert_eq!((combat.id.as_str(), combat.ends_at), ("combat-2", None));
    assert_eq!(combat_facts(&world).await, ["combat:start", "combat:start"]);
}

#[tokio::test]
async fn a_combat_that_is_only_prepared_is_none_for_viewers() {
    let world = rallying_world().await;
    let combatants = fixtures::combat(1).combatants;
    let prepared = fixtures::combat_sync(1, 0, 0, &combatants);
    world.game.combat_reported(world.connection.id, &prepared).await.unwrap();
    assert!(!is_in_combat(&world).await);
    assert_eq!(combat(&world).await.unwrap().combatants.len(), 2);
    fight(&world).await;
    assert!(is_in_combat(&world).await);
    // What a client tells late does not undo what was fought.
    world.game.combat_reported(world.connection.id, &prepared).await.unwrap();
    assert!(is_in_combat(&world).await);
}

#[tokio::test]
async fn a_table_that_stays_away_does_not_fight_for_ever() {
    let world = rallying_world().await;
    fight(&world).await;
    world.disconnect_table().await;
    world.advance(30).await;
    world.work_until_idle().await;
    assert!(is_in_combat(&world).await, "its absence was told just now");
    world.advance(4).await;
    world.work_until_idle().await;
    assert!(is_in_combat(&world).await);
    world.advance(1).await;
    world.work_until_idle().await;
    assert!(!is_in_combat(&world).await);
}

#[tokio::test]
async fn a_table_that_comes_back_and_says_so_fights_on() {
    let world = rallying_world().await;
    fight(&world).await;
    world.disconnect_table().await;
    world.advance(30).await;
    world.work_until_idle().await;
    world.advance(4).await;
    world.connect_table("socket-2", true).await;
    goes_on(&world).await;
    world.advance(60).await;
    world.work_until_idle().await;
    assert!(is_in_combat(&world).await);
}

#[tokio::test]
async fn a_first_client_that_says_nothing_of_the_combat_lets_it_end() {
    let world = rallying_world().await;
    fight(&world).await;
    world.game.combat_in_doubt(world.connection.id).await.unwrap();
    world.advance(5).await;
    world.work_until_idle().await;
    assert!(!is_in_combat(&world).await);
    world.game.combat_in_doubt(world.connection.id).await.unwrap();
    assert_eq!(combat(&world).await, None);
}

#[tokio::test]
async fn a_crash_between_an_end_and_its_time_neither_loses_nor_fakes_it() {
    let world = rallying_world().await;
    fight(&world).await;
    report(&world, 1, CombatNews::Ends).await;
    world.advance(5).await;
    world.store.faults().set_down(true);
    world.game.sweep_ended_combats().await.unwrap_err();
    world.store.faults().set_down(false);
    assert!(is_in_combat(&world).await);
    assert_eq!(world.game.sweep_ended_combats().await.unwrap(), 1);
    assert!(!is_in_combat(&world).await);
}

#[tokio::test]
async fn an_effect_on_an_actor_is_on_all_that_fight_as_it_until_the_combat_ends() {
    let world = rallying_world().await;
    let mut twin = fixtures::combatant(3, CharacterKind::Monster);
    twin.actor_id = Some("actor-2".into());
    let combatants = [fixtures::combatant(2, CharacterKind::Monster), twin];
    let sync = fixtures::combat_sync(1, 1, 0, &combatants);
    let (game, connection) = (&world.game, world.connection.id);
    game.combat_reported(connection, &sync).await.unwrap();
    let affected = async || {
        let combatants = combat(&world).await.unwrap().combatants;
        combatants.iter().map(|combatant| combatant.is_affected).collect::<Vec<_>>()
    };
    let actor = VttActorId::from("actor-2");
    game.effect_on_actor_reported(connection, &actor, true).await.unwrap();
    assert_eq!(affected().await, [true, true]);
    game.combat_reported(connection, &sync).await.unwrap();
    assert_eq!(affected().await, [true, true], "a list that does not say changes nothing");
    report(&world, 1, CombatNews::Ends).await;
    assert_eq!(affected().await, [false, false]);
}
