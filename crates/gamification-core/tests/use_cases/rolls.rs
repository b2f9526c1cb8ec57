//! Rolls: seen once, attributed, and what a critical opens.

use crate::support::{change_campaign, counts, gm, stored, told, write};
use gamification_core::announcement::Visibility;
use gamification_core::dice::{DieResult, DieTerm, RollInput, RollReport};
use gamification_core::instance::{InstanceState, InstanceStatus, OpenedBy};
use gamification_core::ports::{PageRequest, Queries, RollFilter};
use gamification_core::service::{Conflict, IncomingRoll, ServiceError};
use gamification_core::vtt::{Attribution, CommandKind, DiceRoll};
use gamification_testkit::{World, fixtures};

async fn rolls(world: &World) -> Vec<DiceRoll> {
    let page = PageRequest { limit: 100, cursor: None };
    let filter = RollFilter::default();
    world.store.rolls(world.campaign.id, filter, page).await.unwrap().items
}

/// A natural 20 of an actor that the campaign does not know.
fn strangers_critical(world: &World) -> IncomingRoll {
    IncomingRoll { actor_id: Some("actor-9".into()), ..world.roll(0, 20) }
}

#[tokio::test]
async fn a_critical_opens_a_goal_and_the_clicks_then_execute_it_on_that_roll() {
    let world = World::new().await;
    let receipt = world.crit(0, 20).await;
    let goal = world.goal(0).await.unwrap();
    assert_eq!((goal.trigger.opened_by, goal.progress), (OpenedBy::Critical, 0));
    assert_eq!(goal.trigger.dice_roll.as_ref().unwrap().roll_id, receipt.roll_id.unwrap());
    for viewer in ["ann", "ben", "cat"] {
        assert!(counts(world.click(0, viewer).await));
    }
    let goal = stored(&world, goal.id).await;
    assert!(matches!(goal.state, InstanceState::Executing { .. }), "it never armed");
    let steps = world.store.commands(goal.id).await.unwrap();
    let kinds: Vec<_> = steps.iter().map(|step| step.command.kind).collect();
    assert_eq!(kinds, [CommandKind::DeleteMessage, CommandKind::RollDice]);
    assert_eq!(steps[0].command.payload["messageId"], "message-1");
    assert_eq!(steps[1].command.payload["forcedResult"], 1);
    assert!(!told(&world).await.contains(&"gamification:instance_armed"));
}

#[tokio::test]
async fn a_roll_that_is_reported_by_every_client_is_one_roll() {
    let world = World::new().await;
    let roll = world.roll(0, 20);
    let first = world.game.record_roll(roll.clone()).await.unwrap();
    assert!(!first.is_duplicate);
    for _ in 0..3 {
        let again = world.game.record_roll(roll.clone()).await.unwrap();
        assert!(again.is_duplicate);
        assert_eq!(again.roll_id, None);
    }
    let second = IncomingRoll { index: 1, ..roll };
    assert!(!world.game.record_roll(second).await.unwrap().is_duplicate, "another one of it");
    assert_eq!(rolls(&world).await.len(), 2);
    assert_eq!(told(&world).await.iter().filter(|fact| **fact == "dice:roll").count(), 2);
}

#[tokio::test]
async fn a_plain_roll_is_recorded_and_does_nothing() {
    let world = World::new().await;
    let receipt = world.crit(0, 12).await;
    assert!(receipt.roll_id.is_some() && !receipt.pending_attribution);
    assert_eq!(world.goal(0).await, None);
    assert_eq!(rolls(&world).await[0].critical, None);
}

#[tokio::test]
async fn a_hidden_roll_does_not_count_and_is_the_gms_alone() {
    let world = World::new().await;
    let hidden = IncomingRoll { is_hidden: true, ..world.roll(0, 20) };
    world.game.record_roll(hidden).await.unwrap();
    assert_eq!(world.goal(0).await, None);
    let facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    let told = &facts.last().unwrap().announcement;
    assert_eq!((told.kind.wire_name(), &told.visibility), ("dice:roll", &Visibility::GmOnly));
}

#[tokio::test]
async fn a_hidden_roll_counts_when_the_campaign_wants_it() {
    let world = World::new().await;
    change_campaign(&world, |campaign| campaign.policies.hidden_rolls_count = true).await;
    let hidden = IncomingRoll { is_hidden: true, ..world.roll(0, 20) };
    world.game.record_roll(hidden).await.unwrap();
    assert!(world.goal(0).await.is_some());
}

#[tokio::test]
async fn a_critical_of_an_unknown_actor_waits_for_the_gm_and_then_acts() {
    let world = World::new().await;
    let receipt = world.game.record_roll(strangers_critical(&world)).await.unwrap();
    assert!(receipt.pending_attribution);
    assert_eq!((world.goal(0).await, world.goal(1).await), (None, None));
    let (roll, second) = (receipt.roll_id.unwrap(), world.streamer(1));
    world.advance(600).await;
    let attributed = world.game.attribute_roll(&gm(), roll, second).await.unwrap();
    assert_eq!(attributed.attribution, Attribution::Streamer { streamer_id: second });
    assert!(world.goal(1).await.is_some());
    let again = world.game.attribute_roll(&gm(), roll, world.streamer(0)).await;
    assert_eq!(again, Err(Conflict::NotPending.into()));
    assert_eq!(world.goal(0).await, None);
}

#[tokio::test]
async fn an_attribution_after_ten_minutes_is_only_recorded() {
    let world = World::new().await;
    let receipt = world.game.record_roll(strangers_critical(&world)).await.unwrap();
    world.advance(601).await;
    let (roll, streamer) = (receipt.roll_id.unwrap(), world.streamer(0));
    world.game.attribute_roll(&gm(), roll, streamer).await.unwrap();
    assert_eq!(world.goal(0).await, None);
    let recorded = world.store.roll(roll).await.unwrap().unwrap();
    assert_eq!(recorded.attribution, Attribution::Streamer { streamer_id: streamer });
}

#[tokio::test]
async fn a_roll_is_not_attributed_to_a_stranger() {
    let world = World::new().await;
    let receipt = world.game.record_roll(strangers_critical(&world)).await.unwrap();
    let stranger = fixtures::streamer(7).id.into();
    let refused = world.game.attribute_roll(&gm(), receipt.roll_id.unwrap(), stranger).await;
    assert_eq!(refused, Err(ServiceError::NotFound("member")));
    let unknown = world.game.attribute_roll(&gm(), fixtures::id(1), world.streamer(0)).await;
    assert_eq!(unknown, Err(ServiceError::NotFound("roll")));
}

#[tokio::test]
async fn a_plain_roll_of_an_unknown_actor_is_nobodys() {
    let world = World::new().await;
    let roll = IncomingRoll { actor_id: None, ..world.roll(0, 12) };
    let receipt = world.game.record_roll(roll).await.unwrap();
    assert!(!receipt.pending_attribution);
    assert_eq!(rolls(&world).await[0].attribution, Attribution::Nobody);
}

#[tokio::test]
async fn the_gms_active_character_rolls_for_the_gms_own_channel() {
    let world = World::new().await;
    let owner = fixtures::gm().id;
    let villain = fixtures::character(9, &world.campaign, None);
    write(&world, async |uow| {
        let member = fixtures::membership(&world.campaign, owner.into());
        uow.campaigns().save_membership(&member).await.unwrap();
        uow.campaigns().save_character(&villain).await.unwrap();
        let opt_in = fixtures::streamer_config(&world.campaign, owner.into(), world.invert.id);
        uow.configs().save_streamer_config(&opt_in).await.unwrap();
    })
    .await;
    change_campaign(&world, |campaign| campaign.gm_character_id = Some(villain.id)).await;
    world.game.record_roll(strangers_critical(&world)).await.unwrap();
    let open = world.store.open_instances(world.campaign.id).await.unwrap();
    assert_eq!(open[0].scope.streamer(), Some(owner.into()));
}

#[tokio::test]
async fn a_critical_opens_nothing_while_a_goal_is_open_or_cooling_down_or_after_the_session() {
    let world = World::new().await;
    world.crit(0, 20).await;
    let first = world.goal(0).await.unwrap();
    world.crit(0, 1).await;
    assert_eq!(world.goal(0).await, Some(first), "a second one does not replace it");
    world.game.start_session(&gm(), world.campaign.id).await.unwrap();
    world.game.end_session(&gm(), world.campaign.id).await.unwrap();
    world.crit(1, 20).await;
    assert_eq!(world.goal(1).await, None);
    assert_eq!(rolls(&world).await.len(), 3, "all were seen all the same");
}

/// A pool of five d6 of a Year Zero game, all sixes: a critical without a deciding die.
fn pool() -> RollInput {
    RollInput::checked(RollReport {
        terms: vec![DieTerm::plain(5, 6, (0..5).map(|_| DieResult::kept(6)).collect()).into()],
        system: "alienrpg".to_owned(),
        total: Some(5),
        formula: "5d6".to_owned(),
        roll_type: Some("check".to_owned()),
        ..RollReport::default()
    })
    .unwrap()
}

#[tokio::test]
async fn a_pool_is_a_critical_that_no_inversion_can_use() {
    let world = World::new().await;
    let roll = IncomingRoll { input: pool(), ..world.roll(0, 5) };
    world.game.record_roll(roll.clone()).await.unwrap();
    let seen = rolls(&world).await;
    assert_eq!(seen[0].critical.as_ref().unwrap().deciding_die, None);
    assert_eq!(world.goal(0).await, None);
    for viewer in ["ann", "ben", "cat"] {
        world.click(0, viewer).await;
    }
    let second = IncomingRoll { input: pool(), ..world.roll(0, 5) };
    world.game.record_roll(second).await.unwrap();
    assert_eq!(world.goal(0).await.unwrap().status(), InstanceStatus::Armed);
}

#[tokio::test]
async fn a_roll_of_an_unpaired_world_is_refused() {
    let world = World::new().await;
    let roll = IncomingRoll { connection_id: fixtures::id(1), ..world.roll(0, 20) };
    let refused = world.game.record_roll(roll).await;
    assert_eq!(refused, Err(ServiceError::NotFound("connection")));
}
