use crate::world::{SOON, World, until};
use gamification_core::ids::{ConnectionId, InstanceId, SocketId};
use gamification_core::instance::InstanceState;
use gamification_core::ports::{PageRequest, Queries, RollFilter, SendOutcome, Store, VttCommands};
use gamification_core::vtt::{CommandStatus, VttCommand};
use gamification_testkit::fixtures;
use scripted_table::{Client, CommandMemory, Script, ScriptedTable, TableError, roll_message};
use serde_json::json;
use std::time::Duration;

const WORLD: &str = "the-sunken-keep";

fn our_module(is_active_gm: bool) -> Script {
    let client = Client::OurModule { is_active_gm, memory: CommandMemory::default() };
    Script { client, ..Script::published() }
}

/// A goal whose roll has come: its commands are due.
pub(crate) async fn executing_goal(world: &World, connection: ConnectionId) -> VttCommand {
    let (event, streamer) = (fixtures::chat_event(), fixtures::streamer(1));
    let goal = fixtures::goal(1, &world.campaign, &event, &streamer);
    let goal = fixtures::executing_goal(goal);
    let command = fixtures::command(1, &goal, connection, 0);
    let mut uow = world.store.begin().await.unwrap();
    uow.catalogue().insert(&event).await.unwrap();
    let config = fixtures::campaign_config(&world.campaign, event.id);
    uow.configs().save_campaign_config(&config).await.unwrap();
    uow.instances().insert(&goal).await.unwrap();
    uow.commands().insert(std::slice::from_ref(&command)).await.unwrap();
    uow.commit().await.unwrap();
    command
}

async fn quiet(table: &mut ScriptedTable) {
    let heard = table.next_named("command:chat_message", Duration::from_millis(100)).await;
    assert_eq!(heard, Err(TableError::TimedOut));
}

#[tokio::test]
async fn a_command_reaches_exactly_one_socket() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let token = &handed.session_token;
    let mut one = world.connect(token, Script::published()).await.unwrap();
    world.until_acting(handed.connection_id, false).await;
    let mut two = world.connect(token, Script::published()).await.unwrap();
    two.next_named("connected", SOON).await.unwrap();
    let command = executing_goal(&world, handed.connection_id).await;
    world.game.drive_commands().await.unwrap();
    let body = one.next_named("command:chat_message", SOON).await.unwrap();
    assert_eq!(body["content"], "The viewers greet you");
    assert_eq!(body["requestId"], command.id.to_string());
    assert_eq!(body["timestamp"], fixtures::NOW.as_millis());
    assert_eq!(body["expiresInSeconds"], fixtures::NOW.seconds_until(command.deadline));
    quiet(&mut two).await;
}

#[tokio::test]
async fn our_module_acts_at_the_active_gm_alone_and_another_socket_follows_when_it_leaves() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let token = &handed.session_token;
    let _plain = world.connect(token, Script::published()).await.unwrap();
    let first = world.until_acting(handed.connection_id, false).await;
    let mut bystander = world.connect(token, our_module(false)).await.unwrap();
    bystander.next_named("connected", SOON).await.unwrap();
    let active_gm = world.connect(token, our_module(true)).await.unwrap();
    let acting = async || world.link.acting_client(handed.connection_id).await.unwrap();
    world.until_acting(handed.connection_id, true).await;
    let epoch = async || world.connection(handed.connection_id).await.acting.unwrap().epoch;
    assert_eq!(epoch().await, 2, "the module at a GM who is not the active one never acted");
    active_gm.close().await;
    until("the plain client acts again", async || {
        let acting = world.link.acting_client(handed.connection_id).await;
        acting.is_some_and(|acting| acting.socket.0 == first)
    })
    .await;
    assert!(!acting().await.remembers_commands);
    assert_eq!(epoch().await, 3);
}

#[tokio::test]
async fn our_module_confirms_and_the_command_is_confirmed() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let table = world.connect(&handed.session_token, Script::our_module()).await.unwrap();
    world.until_acting(handed.connection_id, true).await;
    let command = executing_goal(&world, handed.connection_id).await;
    world.game.drive_commands().await.unwrap();
    until("the command is confirmed", async || {
        let commands = world.store.commands(command.instance_id.unwrap()).await.unwrap();
        commands[0].status == CommandStatus::Confirmed
    })
    .await;
    let performed: Vec<_> = table.performed().into_iter().map(|done| done.name).collect();
    assert_eq!(performed, ["chat_message"]);
}

#[tokio::test]
async fn results_that_make_no_sense_change_nothing() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    for result in [
        json!({}),
        json!({ "requestId": "x", "ok": true }),
        json!({
        "requestId": "01890a5d-ac96-774b-bcce-b302099a8057", "ok": true }),
        json!(null),
    ] {
        table.emit("command:result", result).unwrap();
    }
    table.emit("campaign:sync", json!({})).unwrap();
    table.next_named("campaign:sync:ack", SOON).await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_to_a_socket_that_is_gone_or_after_the_deadline() {
    let world = World::new().await;
    let handed = world.pair(WORLD).await;
    let table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    let socket = SocketId(world.until_acting(handed.connection_id, false).await);
    let command = executing_goal(&world, handed.connection_id).await;
    world.clock.set(command.deadline);
    assert_eq!(world.link.send(&command, &socket).await, SendOutcome::NotConnected);
    world.clock.set(fixtures::NOW);
    assert!(world.link.is_live(handed.connection_id, &socket).await);
    assert_eq!(world.link.send(&command, &socket).await, SendOutcome::Sent);
    table.close().await;
    until("its socket is gone", async || !world.link.is_live(handed.connection_id, &socket).await)
        .await;
    assert_eq!(world.link.send(&command, &socket).await, SendOutcome::NotConnected);
    assert_eq!(world.link.acting_client(handed.connection_id).await, None);
}

/// A goal that waits for a critical of the streamer's hero.
async fn armed_goal(world: &World) -> InstanceId {
    let (event, streamer) = (fixtures::invert_event(), fixtures::streamer(1));
    let goal = fixtures::armed_goal(fixtures::goal(1, &world.campaign, &event, &streamer));
    let mut uow = world.store.begin().await.unwrap();
    uow.catalogue().insert(&event).await.unwrap();
    let config = fixtures::campaign_config(&world.campaign, event.id);
    uow.configs().save_campaign_config(&config).await.unwrap();
    uow.instances().insert(&goal).await.unwrap();
    uow.commit().await.unwrap();
    goal.id
}

async fn execution(world: &World, goal: InstanceId) -> InstanceState {
    world.store.instance(goal).await.unwrap().unwrap().state
}

/// The whole way at the table: a natural 20 comes in, its message goes, the forced roll comes back
/// and confirms the goal, and is no trigger.
#[tokio::test]
async fn a_natural_20_is_inverted_at_the_table_of_either_client() {
    for (script, remembers) in [(Script::published(), false), (Script::our_module(), true)] {
        let world = World::new().await;
        let handed = world.pair(WORLD).await;
        let goal = armed_goal(&world).await;
        let mut table = world.connect(&handed.session_token, script).await.unwrap();
        world.until_acting(handed.connection_id, remembers).await;
        let roll = roll_message("m1", ("actor-1", "Hero 1"), "dnd5e", (20, 20), 5);
        assert_eq!(table.roll(roll).await.unwrap()["success"], true);
        let is_executed = async || {
            world.game.drive_commands().await.unwrap();
            matches!(execution(&world, goal).await, InstanceState::Executed { .. })
        };
        // A client that confirms nothing is believed after three seconds of a live socket.
        let mut steps = 0;
        until("the goal is executed", async || {
            steps += 1;
            if steps % 20 == 0 && steps <= 200 {
                world.clock.advance(1);
            }
            is_executed().await
        })
        .await;
        let done: Vec<_> = table.performed().into_iter().map(|command| command.name).collect();
        assert!(done.contains(&"delete_message".to_owned()), "{done:?}");
        let forced = table.performed().into_iter().find(|c| c.name == "roll_dice").unwrap();
        assert_eq!(forced.body["forcedResult"], 1);
        assert_eq!(forced.body["formula"], "1d20 + 5");
        let page = PageRequest { limit: 10, cursor: None };
        let rolls = world.store.rolls(world.campaign.id, RollFilter::default(), page).await;
        assert_eq!(rolls.unwrap().items.len(), 1, "our own roll is not recorded as a roll");
    }
}
