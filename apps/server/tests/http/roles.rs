//! Who may not do what: every route about campaigns and events, with every kind of key.

use crate::lobby::{DICE_INVERT, Lobby};
use crate::support::Reply;
use gamification_core::access::Role;
use gamification_testkit::fixtures;
use poem::Request;
use poem::http::Method;
use serde_json::{Value, json};

struct Route {
    method: Method,
    /// Below `/api/v1`; `{c}` is the campaign, `{s}` its first streamer, `{e}` an event.
    path: &'static str,
    body: Value,
}

fn route(method: Method, path: &'static str, body: Value) -> Route {
    Route { method, path, body }
}

/// What only the game master may do in a campaign.
fn gm_routes() -> Vec<Route> {
    let empty = || json!({});
    vec![
        route(Method::GET, "/campaigns/{c}", Value::Null),
        route(Method::PATCH, "/campaigns/{c}", empty()),
        route(Method::DELETE, "/campaigns/{c}", Value::Null),
        route(Method::POST, "/campaigns/{c}/sessions", empty()),
        route(Method::DELETE, "/campaigns/{c}/sessions/current", Value::Null),
        route(Method::POST, "/campaigns/{c}/members", json!({ "login": "somebody" })),
        route(Method::GET, "/campaigns/{c}/members", Value::Null),
        route(Method::DELETE, "/campaigns/{c}/members/{s}", Value::Null),
        route(Method::GET, "/campaigns/{c}/events", Value::Null),
        route(Method::PUT, "/campaigns/{c}/events/{e}", empty()),
        route(Method::POST, "/campaigns/{c}/events/{e}/cooldown/release", empty()),
        route(Method::POST, "/campaigns/{c}/cooldowns/reset", empty()),
        route(Method::GET, "/campaigns/{c}/characters", Value::Null),
        route(Method::GET, "/campaigns/{c}/criticality-rules", Value::Null),
        route(Method::DELETE, "/campaigns/{c}/criticality-rules/{e}", Value::Null),
        route(Method::GET, "/campaigns/{c}/combat", Value::Null),
        route(Method::GET, "/campaigns/{c}/events/{e}/preview", Value::Null),
    ]
}

/// What only that streamer may do in a campaign.
fn streamer_routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/campaigns/{c}/members/{s}/accept", json!({})),
        route(Method::PUT, "/campaigns/{c}/members/{s}/authorization", json!({})),
        route(Method::DELETE, "/campaigns/{c}/members/{s}/authorization", Value::Null),
        route(
            Method::PUT,
            "/campaigns/{c}/streamers/{s}/events/{e}",
            json!({ "isEnabled": false }),
        ),
    ]
}

fn shared_routes() -> Vec<Route> {
    vec![route(Method::GET, "/campaigns/{c}/streamers/{s}/events", Value::Null)]
}

/// What is about no campaign, but needs a key of the role `gm`.
fn leader_routes() -> Vec<Route> {
    vec![
        route(Method::POST, "/campaigns", json!({ "name": "Another" })),
        route(Method::GET, "/campaigns", Value::Null),
        route(Method::GET, "/events", Value::Null),
        route(
            Method::POST,
            "/events",
            json!({
                "slug": "greeting",
                "name": "Greet the table",
                "trigger": { "type": "manual" },
                "action": { "type": "chat_message", "config": { "content": "Hello!" } },
                "cost": 100,
                "objectiveCoefficient": 0.25,
                "minimumObjective": 2,
                "duration": 90,
            }),
        ),
        route(Method::GET, "/events/{e}", Value::Null),
        route(Method::PATCH, "/events/{e}", json!({})),
        route(Method::DELETE, "/events/{e}", Value::Null),
    ]
}

/// What looks at the body first, and then at whose thing it is.
fn other_routes() -> Vec<Route> {
    vec![
        route(Method::PUT, "/characters/{s}/assignment", json!({ "streamerId": null })),
        route(
            Method::POST,
            "/overlays",
            json!({ "campaignId": DICE_INVERT, "streamerId": DICE_INVERT }),
        ),
        route(Method::POST, "/overlays/{s}/rotate", json!({})),
        route(Method::DELETE, "/overlays/{s}", Value::Null),
        route(Method::GET, "/me/preferences", Value::Null),
    ]
}

fn all_routes() -> Vec<Route> {
    let parts = [gm_routes(), streamer_routes(), shared_routes(), leader_routes(), other_routes()];
    parts.into_iter().flatten().collect()
}

async fn ask(lobby: &Lobby, route: &Route, path: &str, key: Option<&str>) -> Reply {
    let mut request = Request::builder().method(route.method.clone()).uri(path.parse().unwrap());
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let request = match &route.body {
        Value::Null => request.finish(),
        body => request.content_type("application/json").body(body.to_string()),
    };
    lobby.world.send(request).await
}

fn path(lobby: &Lobby, route: &Route) -> String {
    let streamer = fixtures::streamer(1).id.to_string();
    let campaign = lobby.campaign.to_string();
    let path = route.path.replace("{c}", &campaign).replace("{s}", &streamer);
    format!("/api/v1{}", path.replace("{e}", DICE_INVERT))
}

async fn expect(lobby: &Lobby, routes: Vec<Route>, key: Option<&str>, status: u16, who: &str) {
    for route in routes {
        let path = path(lobby, &route);
        let reply = ask(lobby, &route, &path, key).await;
        assert_eq!(reply.status.as_u16(), status, "{who}: {} {path}: {}", route.method, reply.text);
        reply.problem(status);
    }
}

#[tokio::test]
async fn without_a_key_or_with_a_wrong_one_nothing_is_answered() {
    let lobby = Lobby::open().await;
    expect(&lobby, all_routes(), None, 401, "no key").await;
    expect(&lobby, all_routes(), Some("gk_wrong"), 401, "wrong key").await;
}

#[tokio::test]
async fn a_campaign_does_not_exist_for_keys_of_others() {
    let lobby = Lobby::open().await;
    let world = &lobby.world;
    let elsewhere = Some(fixtures::campaign(2).id);
    let scoped_gm = world.key_for(Role::Gm, &fixtures::gm(), elsewhere).await;
    let scoped_streamer = world.key_for(Role::Streamer, &fixtures::streamer(1), elsewhere).await;
    let outsider = world.key(Role::Streamer, &fixtures::streamer(9)).await;
    let keys = [&lobby.stranger, &scoped_gm, &scoped_streamer, &outsider];
    for (n, key) in keys.into_iter().enumerate() {
        for routes in [gm_routes(), streamer_routes(), shared_routes()] {
            expect(&lobby, routes, Some(key), 404, &format!("foreign key {n}")).await;
        }
    }
    assert_eq!(world.get(&lobby.path, &lobby.gm).await.body["isDeleting"], false);
}

#[tokio::test]
async fn streamers_may_not_do_what_is_the_game_masters() {
    let lobby = Lobby::open().await;
    let first = Some(lobby.streamers[0].as_str());
    expect(&lobby, gm_routes(), first, 403, "streamer").await;
    expect(&lobby, leader_routes(), first, 403, "streamer").await;
    // The owner with a key of a lesser role is what the key says: nobody in this campaign.
    let lesser = lobby.world.key(Role::Streamer, &fixtures::gm()).await;
    expect(&lobby, gm_routes(), Some(&lesser), 404, "the GM's streamer key").await;
    expect(&lobby, leader_routes(), Some(&lesser), 403, "the GM's streamer key").await;
}

#[tokio::test]
async fn nobody_else_may_do_what_is_a_streamers() {
    let lobby = Lobby::open().await;
    expect(&lobby, streamer_routes(), Some(&lobby.gm), 403, "gm").await;
    let second = Some(lobby.streamers[1].as_str());
    expect(&lobby, streamer_routes(), second, 403, "another streamer").await;
    expect(&lobby, shared_routes(), second, 403, "another streamer").await;
}

#[tokio::test]
async fn who_was_invited_may_join_and_nothing_else() {
    let lobby = Lobby::open().await;
    let key = Some(lobby.invited.as_str());
    for routes in [gm_routes(), streamer_routes(), shared_routes(), leader_routes()] {
        expect(&lobby, routes, key, 403, "invited").await;
    }
    // Nor for the own channel, but for joining.
    let own = fixtures::streamer(3).id.to_string();
    for route in streamer_routes().into_iter().chain(shared_routes()) {
        let path = route.path.replace("{c}", &lobby.campaign.to_string()).replace("{s}", &own);
        let path = format!("/api/v1{}", path.replace("{e}", DICE_INVERT));
        if !path.ends_with("/accept") {
            assert_eq!(ask(&lobby, &route, &path, key).await.problem(403), "forbidden", "{path}");
        }
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_refused_by_its_name() {
    let lobby = Lobby::open().await;
    let names = [("{c}", "campaign"), ("{s}", "streamer"), ("{e}", "event")];
    for route in all_routes() {
        for (place, name) in names {
            if !route.path.contains(place) {
                continue;
            }
            let broken =
                Route { path: route.path, method: route.method.clone(), body: route.body.clone() };
            let path = route.path.replace(place, "not-a-uuid");
            let path = path.replace("{c}", &lobby.campaign.to_string());
            let path = path.replace("{s}", DICE_INVERT).replace("{e}", DICE_INVERT);
            let name = match route.path {
                p if p.starts_with("/characters") => "character",
                p if p.starts_with("/overlays") => "overlay",
                p if p.contains("/criticality-rules/") && place == "{e}" => "rule",
                _ => name,
            };
            let reply = ask(&lobby, &broken, &format!("/api/v1{path}"), Some(&lobby.gm)).await;
            assert_eq!(reply.problem(400), "invalid-input", "{path}");
            assert_eq!(reply.fields(), [name], "{path}");
        }
    }
}
