use crate::support::World;
use poem::http::Method;
use poem::{Body, Request};
use serde_json::json;

fn request(method: Method, path: &str) -> Request {
    Request::builder().method(method).uri(path.parse().unwrap()).body(Body::empty())
}

#[tokio::test]
async fn an_unknown_page_is_a_problem() {
    let world = World::new();
    assert_eq!(world.send(request(Method::GET, "/nowhere")).await.problem(404), "not-found");
    let below_the_api = world.send(request(Method::GET, "/api/v1/nowhere")).await;
    assert_eq!(below_the_api.problem(404), "not-found");
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_answered_with_those_that_it_has() {
    let world = World::new();
    for (path, allow) in [("/healthz", "GET, HEAD"), ("/webhooks/twitch/eventsub", "POST")] {
        let reply = world.send(request(Method::DELETE, path)).await;
        assert_eq!(reply.problem(405), "method-not-allowed", "{path}");
        assert_eq!(reply.header("allow"), Some(allow), "{path}");
    }
    let reply = world.send(request(Method::DELETE, "/api/v1/me")).await;
    assert_eq!(reply.problem(405), "method-not-allowed");
    assert_eq!(reply.header("allow"), Some("GET, HEAD"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_and_without_a_declared_length() {
    let world = World::new();
    let large = vec![b' '; 1024 * 1024];
    let declared = Request::builder()
        .method(Method::POST)
        .uri("/webhooks/twitch/eventsub".parse().unwrap())
        .header("content-length", large.len())
        .body(large.clone());
    assert_eq!(world.send(declared).await.problem(413), "too-large");
    let chunked = Request::builder().method(Method::GET).uri("/healthz".parse().unwrap());
    assert_eq!(world.send(chunked.body(large)).await.problem(413), "too-large");
}

#[tokio::test]
async fn a_harmless_request_id_is_kept_and_any_other_replaced() {
    let world = World::new();
    for (given, is_kept) in [("abc-1.2_3", true), ("a b", false), ("", false)] {
        let request = Request::builder().uri("/healthz".parse().unwrap());
        let reply = world.send(request.header("x-request-id", given).finish()).await;
        let id = reply.header("x-request-id").unwrap();
        assert_eq!(id == given, is_kept, "{given:?} became {id:?}");
        assert!(!id.is_empty());
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_a_503_that_says_nothing_and_when_to_come_back() {
    let world = World::new();
    let key = world.gm_key().await;
    world.store.faults().set_down(true);
    let reply = world.get("/api/v1/me", &key).await;
    assert_eq!(reply.problem(503), "unavailable");
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(reply.body["detail"], "try again soon");
}

#[tokio::test]
async fn a_head_request_is_answered_like_a_get_without_its_body() {
    let world = World::new();
    let reply = world.send(request(Method::HEAD, "/healthz")).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
    let get = world.send(request(Method::GET, "/healthz")).await;
    assert_eq!(get.body, json!({ "status": "alive" }));
}
