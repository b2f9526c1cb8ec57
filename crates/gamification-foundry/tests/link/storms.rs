//! Sockets that come and go while effects are on their way, and the panic at several tables.

use crate::commands::executing_goal;
use crate::world::{SOON, World, quick, until};
use gamification_core::instance::InstanceState;
use gamification_core::ports::Queries;
use gamification_core::vtt::{CommandStatus, VttCommand};
use scripted_table::{Client, CommandMemory, PerformedCommand, Script};
use serde_json::json;
use std::time::Duration;

const WORLD: &str = "the-sunken-keep";
/// As fast as they can.
const RECONNECTS: usize = 50;

fn remembering(memory: &CommandMemory) -> Script {
    let client = Client::OurModule { is_active_gm: true, memory: memory.clone() };
    Script { client, ..Script::published() }
}

/// Connects and leaves again and again while the command is driven; how often it was acted on.
async fn reconnect(
    world: &World,
    token: &str,
    script: impl Fn() -> Script,
    is_over: impl AsyncFn() -> bool,
) -> usize {
    let mut acted = 0;
    for round in 0..RECONNECTS {
        let mut table = world.connect(token, script()).await.unwrap();
        table.next_named("connected", SOON).await.unwrap();
        world.game.drive_commands().await.unwrap();
        // Some browsers stay long enough to hear the command, some leave in the middle of it.
        let heard = Duration::from_millis(round as u64 % 4 * 5);
        let _heard_or_not = table.next_named("command:chat_message", heard).await;
        let done = if round % 2 == 0 { table.close().await } else { table.cut().await };
        acted += chat_messages(&done);
        if is_over().await {
            return acted;
        }
    }
    acted
}

fn chat_messages(done: &[PerformedCommand]) -> usize {
    done.iter().filter(|done| done.name == "chat_message").count()
}

async fn stored(world: &World, command: &VttCommand) -> VttCommand {
    world.store.commands(command.instance_id.unwrap()).await.unwrap().remove(0)
}

#[tokio::test]
async fn through_fifty_reconnects_our_module_acts_once_and_the_goal_is_executed() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let command = executing_goal(&world, handed.connection_id).await;
    let memory = CommandMemory::default();
    let script = || remembering(&memory);
    let is_confirmed = async || stored(&world, &command).await.status == CommandStatus::Confirmed;
    let acted = reconnect(&world, &handed.session_token, script, is_confirmed).await;
    let last = world.connect(&handed.session_token, remembering(&memory)).await.unwrap();
    until("the command is confirmed", async || {
        world.game.drive_commands().await.unwrap();
        is_confirmed().await
    })
    .await;
    assert_eq!(acted + chat_messages(&last.close().await), 1);
    let goal = world.store.instance(command.instance_id.unwrap()).await.unwrap().unwrap();
    assert!(matches!(goal.state, InstanceState::Executed { .. }), "{goal:?}");
}

#[tokio::test]
async fn through_fifty_reconnects_the_published_module_gets_a_command_at_most_once() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let command = executing_goal(&world, handed.connection_id).await;
    let never = async || false;
    let acted = reconnect(&world, &handed.session_token, Script::published, never).await;
    assert!(acted <= 1, "{acted}");
    let command = stored(&world, &command).await;
    assert!(command.attempts <= 1 || command.status == CommandStatus::Pending, "{command:?}");
}

#[tokio::test]
async fn a_panic_reaches_every_client_of_the_table_and_those_that_come_later() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let token = &handed.session_token;
    let mut presser = world.connect(token, Script::our_module()).await.unwrap();
    let mut other = world.connect(token, Script::published()).await.unwrap();
    other.next_named("connected", SOON).await.unwrap();
    presser.emit("panic", json!({ "active": true })).unwrap();
    let ack = presser.next_named("panic:ack", SOON).await.unwrap();
    assert_eq!(ack["success"], true, "{ack}");
    for table in [&mut presser, &mut other] {
        assert_eq!(table.next_named("panic", SOON).await.unwrap(), json!({ "active": true }));
    }
    let mut late = world.connect(token, Script::our_module()).await.unwrap();
    assert_eq!(late.next_named("panic", SOON).await.unwrap(), json!({ "active": true }));
    let gm = gamification_core::access::Actor::User { user_id: world.gm() };
    world.game.set_panic(&gm, world.campaign.id, false).await.unwrap();
    for table in [&mut presser, &mut other, &mut late] {
        assert_eq!(table.next_named("panic", SOON).await.unwrap(), json!({ "active": false }));
    }
}

#[tokio::test]
async fn a_panic_that_says_nothing_is_refused() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let mut table = world.connect(&handed.session_token, Script::our_module()).await.unwrap();
    for body in [json!({}), json!({ "active": "yes" }), json!(7)] {
        table.emit("panic", body).unwrap();
        let ack = table.next_named("panic:ack", SOON).await.unwrap();
        assert_eq!(ack["success"], false, "{ack}");
    }
    let campaign = world.store.campaign(world.campaign.id).await.unwrap().unwrap();
    assert!(!campaign.is_panicked);
}

#[tokio::test]
async fn a_published_client_that_acts_is_asked_for_its_characters_once_a_minute_at_most() {
    let world = World::with_timing(quick()).await;
    let handed = world.pair(WORLD).await;
    let token = &handed.session_token;
    let mut first = world.connect(token, Script::published()).await.unwrap();
    let asked = first.next_named("command:request_sync", SOON).await.unwrap();
    assert!(asked["requestId"].is_string(), "{asked}");
    drop(first);
    let mut second = world.connect(token, Script::published()).await.unwrap();
    world.until_acting(handed.connection_id, false).await;
    let again = second.next_named("command:request_sync", Duration::from_millis(100)).await;
    assert!(again.is_err(), "{again:?}");
    drop(second);
    world.clock.advance(60);
    let mut third = world.connect(token, Script::published()).await.unwrap();
    third.next_named("command:request_sync", SOON).await.unwrap();
    let mut ours = world.connect(token, Script::our_module()).await.unwrap();
    world.until_acting(handed.connection_id, true).await;
    let told = ours.next_named("command:request_sync", Duration::from_millis(100)).await;
    assert!(told.is_err(), "our module tells by itself");
}
