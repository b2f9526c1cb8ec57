use crate::support::World;
use gamification_core::access::Role;
use gamification_core::service::Claim;
use gamification_server::idempotency::Idempotent;
use gamification_server::problem::Problem;
use gamification_testkit::fixtures;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, EndpointExt, Request, Response, endpoint::make};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::Notify;

fn post(key: &str, idempotency_key: &str, body: &str) -> Request {
    Request::builder()
        .method(Method::POST)
        .uri("/things".parse().unwrap())
        .header("authorization", format!("Bearer {key}"))
        .header("idempotency-key", idempotency_key)
        .body(body.to_owned())
}

fn idempotent<E>(world: &World, inner: E) -> Idempotent<E> {
    let (core, tasks) = (Arc::clone(&world.services.core), world.services.tasks.clone());
    Idempotent { inner: Arc::new(inner), core, seal: world.services.seal.clone(), tasks }
}

/// Answers with how often it was called; a body `bad` is refused.
fn counting(world: &World, calls: &Arc<AtomicU32>) -> impl Endpoint<Output = Response> + use<> {
    let calls = Arc::clone(calls);
    let inner = make(move |mut request: Request| {
        let calls = Arc::clone(&calls);
        async move {
            let body = request.take_body().into_string().await?;
            if body == "bad" {
                return Err(poem::Error::from(Problem::conflict("bad", "no")));
            }
            let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
            let response = Response::builder().status(StatusCode::CREATED);
            Ok(response.body(format!("{call} {body}")))
        }
    });
    idempotent(world, inner.map_to_response())
}

async fn answer(endpoint: &impl Endpoint<Output = Response>, request: Request) -> (u16, String) {
    let mut response = endpoint.get_response(request).await;
    (response.status().as_u16(), response.take_body().into_string().await.unwrap())
}

#[tokio::test]
async fn a_kept_answer_cannot_be_read_from_the_store() {
    let world = World::new();
    let key = world.gm_key().await;
    let endpoint = counting(&world, &Arc::default());
    let first = answer(&endpoint, post(&key, "k", "a secret that is shown once")).await;
    assert_eq!(first.1, "1 a secret that is shown once");
    let gm = fixtures::gm().id;
    let again = world.services.core.claim_idempotency(gm, "k".into(), "another".into()).await;
    let Ok(Claim::Known(kept)) = again else { panic!("the key is not known: {again:?}") };
    assert!(!kept.body.is_empty() && !kept.body.contains("secret"), "{}", kept.body);
}

#[tokio::test]
async fn a_request_that_is_sent_again_gets_the_same_answer_and_happens_once() {
    let world = World::new();
    let key = world.gm_key().await;
    let calls = Arc::default();
    let endpoint = counting(&world, &calls);
    let first = answer(&endpoint, post(&key, "k", "x")).await;
    assert_eq!(first, (201, "1 x".to_owned()));
    assert_eq!(answer(&endpoint, post(&key, "k", "x")).await, first);
    assert_eq!(answer(&endpoint, post(&key, "other", "x")).await, (201, "2 x".to_owned()));
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let world = World::new();
    let key = world.gm_key().await;
    let calls = Arc::default();
    let endpoint = counting(&world, &calls);
    answer(&endpoint, post(&key, "k", "x")).await;
    let (status, body) = answer(&endpoint, post(&key, "k", "y")).await;
    assert_eq!(status, 422);
    assert!(body.contains("idempotency-key-reused"), "{body}");
}

#[tokio::test]
async fn keys_of_two_people_do_not_meet() {
    let world = World::new();
    let gm = world.gm_key().await;
    let streamer = world.key(Role::Streamer, &fixtures::streamer(1)).await;
    let calls = Arc::default();
    let endpoint = counting(&world, &calls);
    answer(&endpoint, post(&gm, "k", "x")).await;
    assert_eq!(answer(&endpoint, post(&streamer, "k", "y")).await, (201, "2 y".to_owned()));
}

#[tokio::test]
async fn a_refused_request_may_be_corrected_under_the_same_key() {
    let world = World::new();
    let key = world.gm_key().await;
    let calls = Arc::default();
    let endpoint = counting(&world, &calls);
    assert_eq!(answer(&endpoint, post(&key, "k", "bad")).await.0, 409);
    assert_eq!(answer(&endpoint, post(&key, "k", "good")).await, (201, "1 good".to_owned()));
}

#[tokio::test]
async fn while_the_first_request_is_worked_on_its_repetition_is_told_so() {
    let world = World::new();
    let key = world.gm_key().await;
    let (began, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let inner = {
        let (began, may_end) = (Arc::clone(&began), Arc::clone(&may_end));
        make(move |_| {
            let (began, may_end) = (Arc::clone(&began), Arc::clone(&may_end));
            async move {
                began.notify_one();
                may_end.notified().await;
                Ok::<_, poem::Error>("done")
            }
        })
    };
    let endpoint = idempotent(&world, inner.map_to_response());
    let first = answer(&endpoint, post(&key, "k", "x"));
    let second = async {
        began.notified().await;
        let second = answer(&endpoint, post(&key, "k", "x")).await;
        may_end.notify_one();
        second
    };
    let (first, (status, body)) = tokio::join!(first, second);
    assert_eq!(first, (200, "done".to_owned()));
    assert_eq!(status, 409);
    assert!(body.contains("request-in-progress"), "{body}");
}

#[tokio::test]
async fn a_key_that_is_empty_or_too_long_is_refused() {
    let world = World::new();
    let key = world.gm_key().await;
    let calls = Arc::default();
    let endpoint = counting(&world, &calls);
    for bad in [String::new(), "x".repeat(256)] {
        assert_eq!(answer(&endpoint, post(&key, &bad, "x")).await.0, 400);
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_hangs_up_finds_the_answer_when_it_asks_again() {
    let world = World::new();
    let key = world.gm_key().await;
    let (began, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let calls = Arc::new(AtomicU32::new(0));
    let inner = {
        let (began, may_end) = (Arc::clone(&began), Arc::clone(&may_end));
        let calls = Arc::clone(&calls);
        make(move |_| {
            let (began, may_end) = (Arc::clone(&began), Arc::clone(&may_end));
            let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                began.notify_one();
                may_end.notified().await;
                Ok::<_, poem::Error>(format!("done {call}"))
            }
        })
    };
    let endpoint = idempotent(&world, inner.map_to_response());
    tokio::select! {
        _ = answer(&endpoint, post(&key, "k", "x")) => panic!("it was not to end"),
        () = began.notified() => {}
    }
    may_end.notify_one();
    world.services.tasks.close();
    world.services.shutdown.cancel();
    world.services.tasks.wait().await;
    assert_eq!(answer(&endpoint, post(&key, "k", "x")).await, (200, "done 1".to_owned()));
}
