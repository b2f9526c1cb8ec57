use crate::world::{SOON, World};
use gamification_core::ports::Queries;
use scripted_table::{Script, ScriptedTable};
use serde_json::{Value, json};

async fn table(world: &World) -> ScriptedTable {
    let handed = world.pair("the-sunken-keep").await;
    world.connect(&handed.session_token, Script::our_module()).await.unwrap()
}

async fn say(table: &mut ScriptedTable, event: &str, body: Value) -> Value {
    table.emit(event, body).unwrap();
    table.next_named(&format!("{event}:ack"), SOON).await.unwrap()
}

#[tokio::test]
async fn a_deleted_actor_is_known_no_longer() {
    let world = World::new().await;
    let mut table = table(&world).await;
    for actor in ["actor-1", "actor-1", "nobody"] {
        let ack = say(&mut table, "actor:delete", json!({ "actorId": actor })).await;
        assert_eq!(ack, json!({ "success": true }));
    }
    assert!(world.store.characters(world.campaign.id).await.unwrap().is_empty());
    assert_eq!(say(&mut table, "actor:delete", json!({})).await["success"], false);
}

#[tokio::test]
async fn an_effect_on_a_spell_lasts_until_the_table_says_otherwise() {
    let world = World::new().await;
    let mut table = table(&world).await;
    let spell = json!({ "id": "s1", "name": "Light", "activeEffect": { "type": "disabled" } });
    let update = json!({ "characterId": "actor-1", "name": "Elda", "characterType": "pc",
        "spells": [spell] });
    let effect = async || {
        let characters = world.store.characters(world.campaign.id).await.unwrap();
        characters[0].details.spells[0].active_effect.clone()
    };
    for (event, body) in [
        ("spell:effect:expired", json!({ "actorId": "actor-1", "spellId": "s1" })),
        ("spell:effect:consumed", json!({ "spellId": "s1" })),
    ] {
        say(&mut table, "character:update", update.clone()).await;
        assert_eq!(effect().await.as_deref(), Some("disable"));
        for _ in 0..2 {
            assert_eq!(say(&mut table, event, body.clone()).await, json!({ "success": true }));
        }
        assert_eq!(effect().await, None);
        assert_eq!(say(&mut table, event, json!({})).await["success"], false);
    }
    let told = world.told().await.into_iter().filter(|(name, _)| name == "vtt:effect_ended");
    let reasons: Vec<_> = told.map(|(_, payload)| payload["reason"].clone()).collect();
    assert_eq!(reasons, ["expired", "consumed"]);
}

#[tokio::test]
async fn a_name_of_a_character_is_kept_as_text_and_cut() {
    let world = World::new().await;
    let mut table = table(&world).await;
    let name = format!("<script>alert(1)</script>{}", "é".repeat(10_000));
    let update = json!({ "characterId": "actor-1", "name": name });
    assert_eq!(say(&mut table, "character:update", update).await["success"], true);
    let kept = world.store.characters(world.campaign.id).await.unwrap()[0].name.clone();
    assert!(name.starts_with(&kept) && kept.len() <= 256, "{kept}");
}
