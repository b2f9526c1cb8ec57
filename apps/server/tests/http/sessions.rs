use crate::lobby::{DICE_INVERT, GROUP_CHAT, Lobby};
use gamification_core::ids::EventId;
use gamification_core::instance::{CancelReason, Cooldown, Instance};
use gamification_core::ports::Clock;
use gamification_testkit::fixtures;
use serde_json::json;

#[tokio::test]
async fn a_session_is_started_and_ended_once_each() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    let (sessions, current) = (lobby.at("/sessions"), lobby.at("/sessions/current"));
    assert_eq!(world.delete(&current, gm).await.problem(409), "no-session");

    let started = world.post(&sessions, gm, json!({})).await;
    assert_eq!(started.status, 201, "{}", started.text);
    assert_eq!(started.body["state"], "running");
    assert_eq!(started.body["startedAt"], "2026-01-01T20:00:00.000000Z");
    assert_eq!(world.post(&sessions, gm, json!({})).await.problem(409), "session-running");
    assert_eq!(world.get(&lobby.path, gm).await.body["session"], started.body);

    world.clock.advance(60);
    let ended = world.delete(&current, gm).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_eq!(
        ended.body,
        json!({
            "state": "ended",
            "id": started.body["id"],
            "endedAt": "2026-01-01T20:01:00.000000Z",
        })
    );
    let next = world.post(&sessions, gm, json!({})).await;
    assert_eq!(next.status, 201);
    assert_ne!(next.body["id"], started.body["id"]);
}

/// A goal of the first streamer that ended and left a cooldown.
async fn cool_down(lobby: &Lobby, n: u32, event: &str) {
    let id: uuid::Uuid = event.parse().unwrap();
    let event = lobby.world.queries().event(EventId(id)).await.unwrap().unwrap();
    let campaign = lobby.world.queries().campaign(lobby.campaign).await.unwrap().unwrap();
    let goal = fixtures::goal(n, &campaign, &event, &fixtures::streamer(1));
    let ended = goal.cancel(CancelReason::Gm, None, lobby.world.clock.now()).unwrap().instance;
    let ended = Instance { cooldown: Some(Cooldown::UntilReleased), ..ended };
    let mut unit = lobby.world.begin().await;
    assert!(unit.instances().insert(&ended).await.unwrap());
    unit.commit().await.unwrap();
}

async fn cooling(lobby: &Lobby) -> usize {
    let now = lobby.world.clock.now();
    lobby.world.queries().cooling_instances(lobby.campaign, now).await.unwrap().len()
}

#[tokio::test]
async fn the_cooldown_of_one_event_is_released() {
    let lobby = Lobby::open().await;
    for (n, event) in [(1, DICE_INVERT), (2, GROUP_CHAT)] {
        lobby.configure(event, json!({ "isEnabled": true })).await;
        cool_down(&lobby, n, event).await;
    }
    let release = lobby.at(&format!("/events/{DICE_INVERT}/cooldown/release"));
    let reply = lobby.world.post(&release, &lobby.gm, json!({})).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({ "ended": 1 })));
    assert_eq!(cooling(&lobby).await, 1);
    let again = lobby.world.post(&release, &lobby.gm, json!({})).await;
    assert_eq!(again.body, json!({ "ended": 0 }));
    let unknown = lobby.at(&format!("/events/{}/cooldown/release", fixtures::gm().id));
    let reply = lobby.world.post(&unknown, &lobby.gm, json!({})).await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn all_cooldowns_are_reset_or_those_of_one_streamer() {
    let lobby = Lobby::open().await;
    for (n, event) in [(1, DICE_INVERT), (2, GROUP_CHAT)] {
        lobby.configure(event, json!({ "isEnabled": true })).await;
        cool_down(&lobby, n, event).await;
    }
    let reset = lobby.at("/cooldowns/reset");
    let other = json!({ "streamerId": fixtures::streamer(2).id });
    let reply = lobby.world.post(&reset, &lobby.gm, other).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({ "ended": 0 })));
    let nobody = json!({ "streamerId": fixtures::gm().id });
    assert_eq!(lobby.world.post(&reset, &lobby.gm, nobody).await.problem(404), "not-found");
    let first = json!({ "streamerId": fixtures::streamer(1).id });
    let ended = lobby.world.post(&reset, &lobby.gm, first).await;
    assert_eq!(ended.body, json!({ "ended": 1 }), "the group's goal is not the streamer's");
    let rest = lobby.world.post(&reset, &lobby.gm, json!({})).await;
    assert_eq!(rest.body, json!({ "ended": 1 }));
    assert_eq!(cooling(&lobby).await, 0);
    for body in [json!({ "streamerId": "x" }), json!({ "streamer": null })] {
        let reply = lobby.world.post(&reset, &lobby.gm, body).await;
        assert_eq!(reply.problem(400), "invalid-input");
    }
}
