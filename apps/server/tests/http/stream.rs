use crate::frames::Frames;
use crate::support::World;
use futures_util::{FutureExt, StreamExt};
use gamification_core::access::Role;
use gamification_core::announcement::{Announcement, AnnouncementKind, Visibility};
use gamification_core::ids::StreamerId;
use gamification_core::ports::{Clock, Store, Wakeup};
use gamification_server::auth::new_secret;
use gamification_testkit::fixtures;
use poem::Request;
use serde_json::{Value, json};
use std::time::Duration;

/// A campaign with a GM, a streamer and an overlay of that streamer.
struct Stage {
    world: World,
    overlay: String,
    gm: String,
    streamer: String,
}

fn first() -> StreamerId {
    fixtures::streamer(1).id.into()
}

impl Stage {
    async fn new() -> Self {
        let world = World::new();
        let (campaign, streamer) = (fixtures::campaign(1), fixtures::streamer(1));
        let gm = world.gm_key().await;
        world.save_campaign(&campaign, &[fixtures::membership(&campaign, first())]).await;
        let streamer = world.key(Role::Streamer, &streamer).await;
        let token = new_secret("ov_");
        let mut overlay = fixtures::overlay(1, &campaign, first());
        overlay.hash = token.hash;
        let mut unit = world.store.begin().await.unwrap();
        unit.access().save_overlay(&overlay).await.unwrap();
        unit.commit().await.unwrap();
        Self { world, overlay: token.text, gm, streamer }
    }

    /// Tells that number as a fact, for those whom it concerns.
    async fn tell(&self, number: u32, visibility: Visibility) -> i64 {
        self.tell_kind(AnnouncementKind::DiceRoll, number, visibility).await
    }

    async fn tell_kind(&self, kind: AnnouncementKind, number: u32, visibility: Visibility) -> i64 {
        let payload = json!({ "number": number, "contributors": [format!("v{number}")] });
        let mut fact = Announcement::about_campaign(kind, visibility, payload);
        fact.instance_id = Some(fixtures::id(1));
        let campaign = fixtures::campaign(1).id;
        let mut unit = self.world.store.begin().await.unwrap();
        let now = self.world.clock.now();
        let sequence = unit.log().append(campaign, &[fact], now).await.unwrap();
        unit.commit().await.unwrap();
        self.world.services.core.ports().broadcaster.wake(Wakeup::Campaign(campaign));
        sequence
    }

    async fn read(&self, key: &str, last: Option<&str>) -> Frames {
        let path = format!("/api/v1/campaigns/{}/stream", fixtures::campaign(1).id);
        let mut request = Request::builder().uri(path.parse().unwrap());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.header("authorization", format!("Bearer {key}")).finish();
        Frames::of(self.world.open(request).await)
    }

    async fn watch(&self) -> Frames {
        let path = format!("/overlay/{}/stream", self.overlay);
        let request = Request::builder().uri(path.parse().unwrap()).finish();
        Frames::of(self.world.open(request).await)
    }
}

#[tokio::test]
async fn a_reader_gets_a_snapshot_and_then_what_happens() {
    let stage = Stage::new().await;
    let before = stage.tell(1, Visibility::Everyone).await;
    let mut frames = stage.read(&stage.gm, None).await;
    assert_eq!(frames.block().await.as_deref(), Some("retry: 2000"));
    let snapshot = frames.next().await;
    assert_eq!((snapshot.kind.as_str(), snapshot.id), ("snapshot", Some(before)));
    assert_eq!(snapshot.data["sequence"], json!(before));
    assert_eq!(snapshot.data["campaignId"], json!(fixtures::campaign(1).id));
    assert_eq!(snapshot.data["instances"], json!([]));
    let after = stage.tell(2, Visibility::Everyone).await;
    let event = frames.next().await;
    assert_eq!((event.kind.as_str(), event.id), ("dice:roll", Some(after)));
    assert_eq!((&event.data["number"], &event.data["replayed"]), (&json!(2), &Value::Null));
    assert_eq!(event.data["at"], json!(fixtures::NOW));
}

#[tokio::test]
async fn a_snapshot_holds_every_open_goal_armed_ones_included() {
    let stage = Stage::new().await;
    let (campaign, event) = (fixtures::campaign(1), fixtures::invert_event());
    let mut unit = stage.world.store.begin().await.unwrap();
    unit.catalogue().insert(&event).await.unwrap();
    let goal = fixtures::armed_goal(fixtures::goal(1, &campaign, &event, &fixtures::streamer(1)));
    assert!(unit.instances().insert(&goal).await.unwrap());
    unit.commit().await.unwrap();
    for mut frames in [stage.read(&stage.streamer, None).await, stage.watch().await] {
        let goals = frames.next().await.data["instances"].clone();
        assert_eq!(goals.as_array().unwrap().len(), 1);
        assert_eq!(goals[0]["instanceId"], json!(goal.id));
        assert_eq!(goals[0]["status"], "armed");
        assert!(goals[0]["armedUntil"].is_string(), "{goals}");
        assert_eq!(goals[0]["progressPercentage"], 100);
    }
}

#[tokio::test]
async fn a_snapshot_holds_the_pauses_that_end_by_themselves_and_are_the_readers() {
    let stage = Stage::new().await;
    let (campaign, event) = (fixtures::campaign(1), fixtures::invert_event());
    let completed = |n, streamer| {
        fixtures::executing_goal(fixtures::goal(
            n,
            &campaign,
            &event,
            &fixtures::streamer(streamer),
        ))
    };
    let (mine, of_another) = (completed(1, 1), completed(2, 2));
    let mut unit = stage.world.store.begin().await.unwrap();
    unit.catalogue().insert(&event).await.unwrap();
    for goal in [&mine, &of_another] {
        assert!(unit.instances().insert(goal).await.unwrap());
    }
    unit.commit().await.unwrap();
    stage.world.clock.advance(101);
    let snapshot = stage.watch().await.next().await.data;
    let shown = &snapshot["cooldowns"];
    assert_eq!(shown.as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown[0]["eventId"], json!(event.id));
    assert_eq!(shown[0]["eventSlug"], "test-invert");
    assert_eq!(shown[0]["eventNames"]["en"], json!(event.name.en));
    assert_eq!(
        (&shown[0]["type"], &shown[0]["streamerId"]),
        (&json!("individual"), &json!(first()))
    );
    assert_eq!(shown[0]["until"], json!(fixtures::at(301)));
    assert_eq!(shown[0]["remainingSeconds"], 200);
    let all = stage.read(&stage.gm, None).await.next().await.data["cooldowns"].clone();
    assert_eq!(all.as_array().unwrap().len(), 2);
    stage.world.clock.advance(300);
    assert_eq!(stage.watch().await.next().await.data["cooldowns"], json!([]));
}

#[tokio::test]
async fn a_snapshot_names_the_session_as_the_rest_of_the_api_does() {
    let stage = Stage::new().await;
    let sessions = format!("/api/v1/campaigns/{}/sessions", fixtures::campaign(1).id);
    let started = stage.world.post(&sessions, &stage.gm, json!({})).await.body;
    let snapshot = stage.read(&stage.gm, None).await.next().await;
    assert_eq!(snapshot.data["session"]["state"], "running");
    let session = if started["session"].is_object() { &started["session"] } else { &started };
    assert_eq!(snapshot.data["session"]["startedAt"], session["startedAt"]);
    assert!(snapshot.data["session"]["startedAt"].is_string(), "{}", snapshot.data);
}

#[tokio::test]
async fn a_reader_that_comes_back_is_told_what_it_missed_and_then_what_is_new() {
    let stage = Stage::new().await;
    let mut told = Vec::new();
    for number in 1..=4 {
        told.push(stage.tell(number, Visibility::Everyone).await);
    }
    let mut frames = stage.read(&stage.gm, Some(&told[1].to_string())).await;
    let snapshot = frames.next().await;
    assert_eq!((snapshot.kind.as_str(), snapshot.id), ("snapshot", None));
    for (number, sequence) in [(3, told[2]), (4, told[3])] {
        let event = frames.next().await;
        assert_eq!(event.id, Some(sequence));
        assert_eq!(
            (&event.data["number"], &event.data["replayed"]),
            (&json!(number), &json!(true))
        );
    }
    let after = stage.tell(5, Visibility::Everyone).await;
    let event = frames.next().await;
    assert_eq!((event.id, &event.data["replayed"]), (Some(after), &Value::Null));

    let mut current = stage.read(&stage.gm, Some(&after.to_string())).await;
    assert_eq!(current.next().await.id, Some(after));
}

#[tokio::test]
async fn a_reader_that_the_log_cannot_help_is_told_to_begin_anew() {
    let stage = Stage::new().await;
    for number in 1..=3 {
        stage.tell(number, Visibility::Everyone).await;
    }
    for last in ["999999", "not a number"] {
        let mut frames = stage.read(&stage.gm, Some(last)).await;
        let reset = frames.next().await;
        assert_eq!((reset.kind.as_str(), &reset.data["reason"]), ("reset", &json!("ahead")));
        let snapshot = frames.next().await;
        assert_eq!((snapshot.kind.as_str(), snapshot.id), ("snapshot", Some(3)));
    }
    let mut unit = stage.world.store.begin().await.unwrap();
    unit.log().prune(fixtures::at(60), 1).await.unwrap();
    unit.commit().await.unwrap();
    let mut frames = stage.read(&stage.gm, Some("1")).await;
    let reset = frames.next().await;
    assert_eq!((reset.kind.as_str(), &reset.data["reason"]), ("reset", &json!("too_old")));
    assert_eq!(frames.next().await.kind, "snapshot");
}

#[tokio::test]
async fn everybody_sees_what_is_for_them() {
    let stage = Stage::new().await;
    let (mut gm, mut streamer) =
        (stage.read(&stage.gm, None).await, stage.read(&stage.streamer, None).await);
    let mut overlay = stage.watch().await;
    for frames in [&mut gm, &mut streamer, &mut overlay] {
        assert_eq!(frames.next().await.kind, "snapshot");
    }
    let other = vec![fixtures::streamer(2).id.into()];
    stage.tell(1, Visibility::GmOnly).await;
    stage.tell(2, Visibility::Channels { streamer_ids: other }).await;
    stage.tell(3, Visibility::Channels { streamer_ids: vec![first()] }).await;
    stage.tell(4, Visibility::Everyone).await;
    for (frames, expected) in
        [(&mut gm, vec![1, 2, 3, 4]), (&mut streamer, vec![2, 3, 4]), (&mut overlay, vec![3, 4])]
    {
        for number in expected {
            assert_eq!(frames.next().await.data["number"], json!(number));
        }
    }
}

#[tokio::test]
async fn a_burst_of_progress_is_told_a_few_times_and_the_last_one_always() {
    let stage = Stage::new().await;
    let mut frames = stage.read(&stage.gm, None).await;
    frames.next().await;
    let started = tokio::time::Instant::now();
    for number in 1..=300 {
        stage.tell_kind(AnnouncementKind::Progress, number, Visibility::Everyone).await;
    }
    let mut told = 0_u128;
    loop {
        let event = frames.next().await;
        assert_eq!(event.kind, "gamification:progress");
        told += 1;
        if event.data["number"] == json!(300) {
            break;
        }
    }
    let tenths = started.elapsed().as_millis() / 100;
    assert!(told <= tenths + 2, "{told} in {tenths} tenths of a second");
}

#[tokio::test]
async fn a_lost_wake_up_costs_seconds_and_nothing_else() {
    let stage = Stage::new().await;
    let mut frames = stage.read(&stage.gm, None).await;
    frames.next().await;
    let fact = Announcement::about_campaign(
        AnnouncementKind::DiceRoll,
        Visibility::Everyone,
        json!({ "number": 1 }),
    );
    let mut unit = stage.world.store.begin().await.unwrap();
    let campaign = fixtures::campaign(1).id;
    unit.log().append(campaign, &[fact], fixtures::NOW).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(frames.next().await.data["number"], json!(1));
}

#[tokio::test]
async fn a_stream_ends_when_its_key_or_address_is_taken_back_or_the_member_leaves() {
    let stage = Stage::new().await;
    let mut by_key = stage.read(&stage.gm, None).await;
    let mut by_address = stage.watch().await;
    let mut by_member = stage.read(&stage.streamer, None).await;
    let queries = stage.world.queries();
    let now = stage.world.clock.now();
    let gm = fixtures::gm().id;
    let keys = queries.keys().await.unwrap();
    let key = keys.into_iter().find(|key| key.user_id == gm).unwrap();
    let mut overlay = fixtures::overlay(1, &fixtures::campaign(1), first());
    overlay.hash = gamification_server::auth::sha256_hex(stage.overlay.as_bytes());
    overlay.revoked_at = Some(now);
    let mut membership = fixtures::membership(&fixtures::campaign(1), first());
    membership.status = gamification_core::campaign::MembershipStatus::Left;
    let mut unit = stage.world.store.begin().await.unwrap();
    unit.access().revoke_key(key.id, now).await.unwrap();
    unit.access().save_overlay(&overlay).await.unwrap();
    unit.campaigns().save_membership(&membership).await.unwrap();
    unit.commit().await.unwrap();
    let end = |frames: &mut Frames| {
        let frames = std::mem::replace(&mut frames.bytes, futures_util::stream::empty().boxed());
        frames.for_each(|_| std::future::ready(())).boxed()
    };
    let ends = [end(&mut by_key), end(&mut by_address), end(&mut by_member)];
    let ended = tokio::time::timeout(Duration::from_secs(5), futures_util::future::join_all(ends));
    assert!(ended.await.is_ok(), "a stream went on for five seconds");
    let unknown = Request::builder().uri("/overlay/ov_wrong/stream".parse().unwrap()).finish();
    assert_eq!(stage.world.send(unknown).await.problem(404), "not-found");
    let path = format!("/overlay/{}/stream", stage.overlay);
    let revoked = Request::builder().uri(path.parse().unwrap()).finish();
    assert_eq!(stage.world.send(revoked).await.problem(404), "not-found");
}

#[tokio::test]
async fn a_shutdown_ends_every_stream() {
    let stage = Stage::new().await;
    let mut frames = stage.read(&stage.gm, None).await;
    assert_eq!(frames.next().await.kind, "snapshot");
    stage.world.services.shutdown.cancel();
    assert_eq!(frames.event().await, None);
}

#[tokio::test]
async fn a_stranger_gets_no_stream() {
    let stage = Stage::new().await;
    let stranger = stage.world.key(Role::Streamer, &fixtures::streamer(2)).await;
    let path = format!("/api/v1/campaigns/{}/stream", fixtures::campaign(1).id);
    assert_eq!(stage.world.get(&path, &stranger).await.problem(404), "not-found");
    assert_eq!(stage.world.get(&path, "gk_wrong").await.problem(401), "unauthenticated");
}
