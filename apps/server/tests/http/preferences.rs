use crate::support::World;
use gamification_core::access::Role;
use gamification_testkit::fixtures;
use serde_json::json;

const PREFERENCES: &str = "/api/v1/me/preferences";

#[tokio::test]
async fn who_chose_nothing_has_the_first_theme_and_no_language() {
    let world = World::new();
    let key = world.key(Role::Streamer, &fixtures::streamer(1)).await;
    let reply = world.get(PREFERENCES, &key).await;
    assert_eq!(
        (reply.status.as_u16(), reply.body),
        (200, json!({ "overlay": { "theme": "ember" } }))
    );
}

#[tokio::test]
async fn what_was_chosen_is_shown_to_its_owner_alone() {
    let world = World::new();
    let key = world.key(Role::Streamer, &fixtures::streamer(1)).await;
    let other = world.key(Role::Streamer, &fixtures::streamer(2)).await;
    let css = ".goal { color: gold }\n";
    let chosen = json!({
        "language": "fr",
        "overlay": { "language": "en", "theme": "contrast", "customCss": css },
    });
    assert_eq!(world.put(PREFERENCES, &key, chosen.clone()).await.status, 204);
    assert_eq!(world.get(PREFERENCES, &key).await.body, chosen);
    assert_eq!(
        world.get(PREFERENCES, &other).await.body,
        json!({ "overlay": { "theme": "ember" } })
    );

    let less = json!({ "overlay": { "theme": "parchment", "customCss": " \n" } });
    assert_eq!(world.put(PREFERENCES, &key, less).await.status, 204);
    let kept = json!({ "overlay": { "theme": "parchment" } });
    assert_eq!(world.get(PREFERENCES, &key).await.body, kept);
}

#[tokio::test]
async fn a_choice_without_sense_is_refused_by_field_and_changes_nothing() {
    let world = World::new();
    let key = world.key(Role::Streamer, &fixtures::streamer(1)).await;
    let with_css = |css: &str| json!({ "overlay": { "theme": "ember", "customCss": css } });
    let long = "a".repeat(70_000);
    for (body, status, field) in [
        (json!({}), 400, "overlay"),
        (json!({ "overlay": {} }), 400, "overlay.theme"),
        (json!({ "overlay": { "theme": "neon" } }), 400, "overlay.theme"),
        (json!({ "language": "de", "overlay": { "theme": "ember" } }), 400, "language"),
        (json!({ "overlay": { "theme": "ember" }, "sound": true }), 400, "sound"),
        (with_css("a{}\n@import 'x';"), 422, "overlay.customCss"),
        (with_css(&long), 422, "overlay.customCss"),
    ] {
        let reply = world.put(PREFERENCES, &key, body.clone()).await;
        assert_eq!(reply.problem(status), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
    let reply = world.put(PREFERENCES, &key, with_css("a{}\n@import 'x';")).await;
    assert_eq!(reply.body["errors"][0]["reason"], "line 2: @import is not allowed");
    assert_eq!(world.get(PREFERENCES, &key).await.body, json!({ "overlay": { "theme": "ember" } }));
}

#[tokio::test]
async fn a_key_of_one_campaign_does_not_choose_for_all() {
    let world = World::new();
    let streamer = fixtures::streamer(1);
    let only = Some(fixtures::campaign(1).id);
    world.save_user(&fixtures::gm()).await;
    world.save_campaign(&fixtures::campaign(1), &[]).await;
    let key = world.key_for(Role::Streamer, &streamer, only).await;
    let reply = world.put(PREFERENCES, &key, json!({ "overlay": { "theme": "ember" } })).await;
    assert_eq!(reply.problem(403), "forbidden");
}
