use crate::support::World;
use gamification_core::access::Role;
use gamification_core::cost::Cost;
use gamification_core::ports::Store;
use gamification_testkit::fixtures;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Body, Request};

#[tokio::test]
async fn readiness_follows_the_store_and_liveness_does_not() {
    let world = World::new();
    let get = |path: &str| world.send(Request::builder().uri(path.parse().unwrap()).finish());
    assert_eq!(get("/readyz").await.body["status"], "ready");
    world.store.faults().set_down(true);
    let reply = get("/readyz").await;
    assert_eq!(reply.problem(503), "unavailable");
    assert_eq!(reply.fields(), ["store"]);
    assert_eq!(get("/healthz").await.status.as_u16(), 200);
    world.store.faults().set_down(false);
    world.services.shutdown.cancel();
    let reply = get("/readyz").await;
    assert!(reply.fields().contains(&"server"), "{}", reply.text);
}

#[tokio::test]
async fn metrics_are_for_the_machine_itself_and_for_administrators() {
    let world = World::new();
    let stranger = world.send(Request::builder().uri("/metrics".parse().unwrap()).finish()).await;
    assert_eq!(stranger.problem(401), "unauthenticated");
    let gm = world.key(Role::Gm, &fixtures::gm()).await;
    assert_eq!(world.get("/metrics", &gm).await.problem(403), "forbidden");
    let admin = world.key(Role::Admin, &fixtures::gm()).await;
    let reply = world.get("/metrics", &admin).await;
    assert!(reply.text.contains("gamification_ledger_imbalance 0"), "{}", reply.text);
    assert!(reply.text.contains("gamification_store_up 1"), "{}", reply.text);
}

#[tokio::test]
async fn a_reverse_proxy_on_this_machine_does_not_make_its_clients_local() {
    let world = World::new();
    let from_here = |headers: &[(&str, &str)]| {
        let mut request = http::Request::builder().uri("/metrics");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let here: std::net::SocketAddr = "127.0.0.1:50000".parse().unwrap();
        let (local, remote) = (LocalAddr::default(), RemoteAddr(Addr::SocketAddr(here)));
        Request::from_parts((parts, local, remote, Scheme::HTTP).into(), Body::empty())
    };
    assert_eq!(world.send(from_here(&[])).await.status.as_u16(), 200);
    let proxied = from_here(&[("x-forwarded-for", "203.0.113.9")]);
    assert_eq!(world.send(proxied).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn one_row_changed_by_hand_is_an_imbalance() {
    let world = World::new();
    let (campaign, event) = (fixtures::campaign(1), fixtures::invert_event());
    let streamer = fixtures::streamer(1).id.into();
    let admin = world.key(Role::Admin, &fixtures::gm()).await;
    world.save_user(&fixtures::streamer(1)).await;
    world.save_campaign(&campaign, &[fixtures::membership(&campaign, streamer)]).await;
    let reward = fixtures::reward(1, &campaign, &event, streamer);
    let row = fixtures::refused(1, &reward);
    let mut unit = world.store.begin().await.unwrap();
    unit.catalogue().insert(&event).await.unwrap();
    assert!(unit.rewards().insert(&reward).await.unwrap());
    assert_eq!(unit.redemptions().record(std::slice::from_ref(&row)).await.unwrap().len(), 1);
    unit.commit().await.unwrap();
    let cheaper = Cost::new(1).unwrap();
    assert!(world.store.tamper_redemption(&row.id, |row| row.cost = cheaper));
    let metrics = world.get("/metrics", &admin).await.text;
    let line = metrics.lines().find(|line| line.starts_with("gamification_ledger_imbalance "));
    let imbalance: u64 = line.unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!(imbalance > 0, "{metrics}");
}
