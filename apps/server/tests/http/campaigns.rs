use crate::lobby::{Lobby, person, stranger};
use crate::support::World;
use gamification_core::access::Role;
use gamification_core::campaign::User;
use gamification_testkit::fixtures;
use serde_json::{Value, json};

const CAMPAIGNS: &str = "/api/v1/campaigns";

#[tokio::test]
async fn a_campaign_is_made_with_its_defaults_and_found_again() {
    let world = World::on_sqlite().await;
    let gm = world.gm_key().await;
    let body = json!({ "name": "  The Sunken Keep ", "gameSystem": "dnd5e" });
    let made = world.post(CAMPAIGNS, &gm, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.body["id"].as_str().unwrap();
    let expected = json!({
        "id": id,
        "ownerId": fixtures::gm().id,
        "name": "The Sunken Keep",
        "gameSystem": "dnd5e",
        "session": { "state": "never" },
        "policies": { "vttAway": "refuse", "hiddenRollsCount": false, "vetoSeconds": 0 },
        "isPanicked": false,
        "isDeleting": false,
        "createdAt": "2026-01-01T20:00:00.000000Z",
    });
    assert_eq!(made.body, expected);
    assert_eq!(world.get(&format!("{CAMPAIGNS}/{id}"), &gm).await.body, expected);
    let listed = world.get(CAMPAIGNS, &gm).await;
    assert_eq!(listed.body, json!({ "items": [expected] }));
}

#[tokio::test]
async fn campaigns_are_listed_in_pages_newest_first_to_who_made_them() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    for name in ["Second", "Third"] {
        world.clock.advance(1);
        world.post(CAMPAIGNS, gm, json!({ "name": name })).await;
    }
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = world.get(&format!("{CAMPAIGNS}?limit=2"), gm).await.body;
    assert_eq!(names(&first), ["Third", "Second"]);
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = world.get(&format!("{CAMPAIGNS}?limit=2&cursor={cursor}"), gm).await.body;
    assert_eq!(names(&second), ["The Sunken Keep"]);
    assert_eq!(second["nextCursor"], Value::Null);

    assert_eq!(names(&world.get(CAMPAIGNS, &lobby.stranger).await.body), Vec::<String>::new());
    let scoped = world.key_for(Role::Gm, &fixtures::gm(), Some(lobby.campaign)).await;
    assert_eq!(names(&world.get(CAMPAIGNS, &scoped).await.body), ["The Sunken Keep"]);
    for query in ["limit=0", "limit=201", "limit=x", "cursor=bogus"] {
        let reply = world.get(&format!("{CAMPAIGNS}?{query}"), gm).await;
        assert_eq!(reply.problem(400), "invalid-input", "{query}");
        assert_eq!(reply.fields(), [query.split('=').next().unwrap()]);
    }
}

#[tokio::test]
async fn campaigns_are_made_by_admins_and_those_whom_they_admit_alone() {
    let world = World::on_sqlite().await;
    let nobody = User { may_create_campaigns: false, ..person(5) };
    let admin = User { is_admin: true, ..User { may_create_campaigns: false, ..person(6) } };
    let cases = [
        (Role::Gm, person(4), None, 201),
        (Role::Gm, nobody.clone(), None, 403),
        (Role::Admin, nobody, None, 403),
        (Role::Admin, admin, None, 201),
        (Role::Streamer, person(7), None, 403),
        (Role::Gm, person(8), Some(fixtures::campaign(1).id), 403),
    ];
    for (role, user, only, status) in cases {
        let key = world.key_for(role, &user, only).await;
        let reply = world.post(CAMPAIGNS, &key, json!({ "name": "A game" })).await;
        assert_eq!(reply.status, status, "{role:?} {} {}", user.login, reply.text);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_campaign_is_told_by_field() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    let long = "x".repeat(46);
    let cases = [
        (json!({}), 400, "name"),
        (json!({ "name": null }), 400, "name"),
        (json!({ "name": 7 }), 400, "name"),
        (json!({ "name": "A game", "owner": "me" }), 400, "owner"),
        (json!({ "name": "ab" }), 422, "name"),
        (json!({ "name": "  ab  " }), 422, "name"),
        (json!({ "name": long }), 422, "name"),
        (json!({ "name": "A\u{0}game" }), 422, "name"),
        (json!({ "name": "A game", "gameSystem": "" }), 422, "gameSystem"),
        (json!([]), 400, "body"),
    ];
    for (body, status, field) in cases {
        let reply = world.post(CAMPAIGNS, gm, body.clone()).await;
        assert_eq!(reply.problem(status), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
    let changes = [
        (json!({ "name": "ab" }), 422, "name"),
        (json!({ "gmCharacterId": "x" }), 400, "gmCharacterId"),
        (json!({ "gmCharacterId": fixtures::gm().id }), 422, "gmCharacterId"),
        (json!({ "policies": { "vttAway": "shrug" } }), 400, "policies.vttAway"),
        (json!({ "policies": { "combat": true } }), 400, "policies.combat"),
        (json!({ "isPanicked": true }), 400, "isPanicked"),
    ];
    for (body, status, field) in changes {
        let reply = world.patch(&lobby.path, gm, body.clone()).await;
        assert_eq!(reply.problem(status), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
}

#[tokio::test]
async fn a_change_sets_what_it_names_clears_with_null_and_leaves_the_rest() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    let hero = fixtures::character(1, &fixtures::campaign(1), None);
    let mut unit = world.begin().await;
    let hero = gamification_core::campaign::Character { campaign_id: lobby.campaign, ..hero };
    unit.campaigns().save_character(&hero).await.unwrap();
    unit.commit().await.unwrap();

    let body = json!({
        "gameSystem": "pf2e",
        "gmCharacterId": hero.id,
        "policies": { "vttAway": "accept" },
    });
    let changed = world.patch(&lobby.path, gm, body).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.body["name"], "The Sunken Keep");
    assert_eq!(changed.body["gameSystem"], "pf2e");
    assert_eq!(changed.body["gmCharacterId"], json!(hero.id));
    assert_eq!(
        changed.body["policies"],
        json!({ "vttAway": "accept", "hiddenRollsCount": false, "vetoSeconds": 0 })
    );
    let body = json!({ "gameSystem": null, "policies": { "hiddenRollsCount": true } });
    let changed = world.patch(&lobby.path, gm, body).await.body;
    assert_eq!(changed["gameSystem"], Value::Null);
    assert_eq!(changed["gmCharacterId"], json!(hero.id));
    assert_eq!(
        changed["policies"],
        json!({ "vttAway": "accept", "hiddenRollsCount": true, "vetoSeconds": 0 })
    );
    let untouched = world.patch(&lobby.path, gm, json!({})).await.body;
    assert_eq!(untouched, changed);
    assert_eq!(world.get(&lobby.path, gm).await.body, changed);
}

#[tokio::test]
async fn a_campaign_that_is_given_up_takes_nothing_new_until_it_is_gone() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    for _ in 0..2 {
        let reply = world.delete(&lobby.path, gm).await;
        assert_eq!(reply.status, 202, "{}", reply.text);
        assert_eq!(reply.body["isDeleting"], true);
    }
    assert_eq!(world.get(&lobby.path, gm).await.body["isDeleting"], true);
    let reply = world.patch(&lobby.path, gm, json!({ "name": "Again" })).await;
    assert_eq!(reply.problem(409), "campaign-deleting");

    world.services.core.delete_leaving_campaigns().await.unwrap();
    assert_eq!(world.get(&lobby.path, gm).await.problem(404), "not-found");
    assert_eq!(world.delete(&lobby.path, gm).await.problem(404), "not-found");
}

#[tokio::test]
async fn an_admin_may_see_any_campaign_with_a_key_that_says_so() {
    let lobby = Lobby::open().await;
    let user = User { is_admin: true, ..stranger() };
    let admin = lobby.world.key(Role::Admin, &user).await;
    assert_eq!(lobby.world.get(&lobby.path, &admin).await.status, 200);
    let gm_only = lobby.world.key(Role::Gm, &user).await;
    assert_eq!(lobby.world.get(&lobby.path, &gm_only).await.problem(404), "not-found");
}
