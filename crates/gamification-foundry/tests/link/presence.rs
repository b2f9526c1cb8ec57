use crate::world::{SOON, World, quick, until};
use scripted_table::Script;

const WORLD: &str = "the-sunken-keep";

async fn statuses(world: &World) -> Vec<String> {
    let told = world.told().await.into_iter();
    let statuses = told.filter(|(name, _)| name == "vtt:status");
    statuses.map(|(_, payload)| payload["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_table_is_present_while_sockets_live_and_away_thirty_seconds_later() {
    let world = World::with_timing(quick()).await;
    let handed = world.pair(WORLD).await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    table.next_named("connected", SOON).await.unwrap();
    until("its presence is told", async || statuses(&world).await == ["present"]).await;
    world.clock.advance(25);
    let renewed = world.clock_now().plus_seconds(30);
    until("its presence is renewed", async || {
        world.connection(handed.connection_id).await.present_until == Some(renewed)
    })
    .await;
    table.close().await;
    until("its socket is gone", async || world.link.socket_count() == 0).await;
    until("its lease is given up", async || {
        let acting = world.connection(handed.connection_id).await.acting.unwrap();
        acting.until <= world.clock_now()
    })
    .await;
    world.clock.advance(29);
    assert_eq!(world.game.sweep_absent_tables().await.unwrap(), 0);
    world.clock.advance(1);
    assert_eq!(world.game.sweep_absent_tables().await.unwrap(), 1);
    assert_eq!(world.game.sweep_absent_tables().await.unwrap(), 0, "told once");
    assert_eq!(statuses(&world).await, ["present", "away"]);
    let _back = world.connect(&handed.session_token, Script::published()).await.unwrap();
    until("it is back", async || statuses(&world).await == ["present", "away", "present"]).await;
}

#[tokio::test]
async fn a_campaign_that_is_deleted_takes_its_sockets_along() {
    let world = World::with_timing(quick()).await;
    let handed = world.pair(WORLD).await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    world.until_acting(handed.connection_id, false).await;
    world.delete_campaign().await;
    table.next_named("campaign:deleted", SOON).await.unwrap();
    until("its socket is gone", async || world.link.socket_count() == 0).await;
}

#[tokio::test]
async fn another_node_tells_its_sockets_of_a_revocation_when_it_renews() {
    let world = World::with_timing(quick()).await;
    let handed = world.pair(WORLD).await;
    let mut table = world.connect(&handed.session_token, Script::published()).await.unwrap();
    world.until_acting(handed.connection_id, false).await;
    world.revoke_behind_the_links_back(handed.connection_id).await;
    table.next_named("connection:revoked", SOON).await.unwrap();
}
