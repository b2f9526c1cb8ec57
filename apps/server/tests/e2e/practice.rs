//! The first evening of somebody with neither Twitch nor Foundry: a browser, the sandbox's people
//! and a practice table, from nothing to a die that viewers have turned.

use crate::program::{Place, Server, until};
use reqwest::{Method, StatusCode, Url, header};
use serde_json::{Value, json};

/// A browser that keeps one session, and goes where it is led.
struct Browser {
    http: reqwest::Client,
    base: String,
    cookies: Vec<(String, String)>,
    csrf_token: String,
}

impl Browser {
    /// Signs in as that person with one click.
    async fn signed_in(base: &str, login: &str, purpose: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let http =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let http = http.pool_max_idle_per_host(0).build().unwrap();
        let (base, csrf_token) = (base.to_owned(), String::new());
        let mut browser = Self { http, base, cookies: Vec::new(), csrf_token };
        let mut address = format!("{}/auth/twitch?as={login}{purpose}", browser.base);
        for _ in ["to Twitch", "back to us", "home"] {
            address = browser.follow(&address).await;
        }
        assert_eq!(address, format!("{}/", browser.base));
        let me = browser.get("/me").await;
        browser.csrf_token = me["csrfToken"].as_str().unwrap().to_owned();
        browser
    }

    async fn follow(&mut self, address: &str) -> String {
        let mut request = self.http.get(address);
        if address.starts_with(&self.base) {
            request = request.header(header::COOKIE, self.cookie());
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_redirection(), "{address}: {}", answer.status());
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let location = answer.headers()[header::LOCATION].to_str().unwrap();
        Url::parse(address).unwrap().join(location).unwrap().into()
    }

    fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    async fn try_call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        let request = request.header(header::COOKIE, self.cookie());
        let answer = request.header("X-CSRF-Token", &self.csrf_token).json(&body).send();
        let answer = answer.await.unwrap();
        let status = answer.status();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_call(method.clone(), path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, json!({})).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, body).await
    }

    async fn put(&self, path: &str, body: Value) -> Value {
        self.call(Method::PUT, path, body).await
    }
}

/// `gm` leads, `alice` offers the dice to her viewers, and a practice table is there.
struct FirstEvening {
    place: Place,
    /// Always there but while it is started again.
    server: Option<Server>,
    gm: Browser,
    alice: Browser,
    campaign: String,
    streamer: String,
    event: String,
}

impl FirstEvening {
    async fn begin() -> Self {
        let place = Place::new();
        let server = Some(place.serve().await);
        let gm = Browser::signed_in(&place.base(), "gm", "").await;
        let made = gm.post("/campaigns", json!({ "name": "First evening" })).await;
        let campaign = format!("/campaigns/{}", made["id"].as_str().unwrap());
        let member = gm.post(&format!("{campaign}/members"), json!({ "login": "alice" })).await;
        let streamer = member["streamerId"].as_str().unwrap().to_owned();
        let alice = Browser::signed_in(&place.base(), "alice", "&for=streamer").await;
        alice.post(&format!("{campaign}/members/{streamer}/accept"), json!({})).await;
        let events = gm.get("/events?limit=200").await;
        let mut events = events["items"].as_array().unwrap().iter();
        let event = events.find(|event| event["slug"] == "dice-invert").unwrap();
        let event = event["id"].as_str().unwrap().to_owned();
        gm.put(&format!("{campaign}/events/{event}"), json!({ "isEnabled": true })).await;
        let table = gm.post(&format!("{campaign}/practice-table"), json!({})).await;
        assert_eq!(table["state"], "connected", "{table}");
        let evening = Self { place, server, gm, alice, campaign, streamer, event };
        let offer = format!("/streamers/{}/events/{}", evening.streamer, evening.event);
        let offer = format!("{}{offer}", evening.campaign);
        evening.alice.put(&offer, json!({ "isEnabled": true })).await;
        evening.until_redeemable().await;
        evening
    }

    async fn restart(&mut self) {
        self.server.take().unwrap().stop().await;
        self.server = Some(self.place.serve().await);
    }

    async fn until_redeemable(&self) {
        let path = format!("{}/streamers/{}/events", self.campaign, self.streamer);
        until("the reward to be redeemable", async || {
            let offers = self.alice.get(&path).await;
            let mut offers = offers["items"].as_array().unwrap().iter();
            offers.any(|offer| offer["status"] == "active").then_some(())
        })
        .await;
    }

    async fn simulate(&self, who: &Browser, more: Value) -> (StatusCode, Value) {
        who.try_call(Method::POST, &format!("{}/simulate", self.campaign), more).await
    }

    fn clicks(&self, count: u32) -> Value {
        json!({
            "kind": "redemptions", "count": count,
            "eventId": self.event, "streamerId": self.streamer,
        })
    }

    /// The newest goal, as soon as that holds of it.
    async fn goal(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        until(&format!("a goal that is {what}"), async || {
            let goals = self.gm.get(&format!("{}/instances", self.campaign)).await;
            Some(goals["items"][0].clone()).filter(|goal| is_it(goal))
        })
        .await
    }
}

#[tokio::test]
async fn a_new_user_sees_viewers_click_and_a_critical_inverted() {
    let evening = FirstEvening::begin().await;
    let (gm, alice) = (&evening.gm, &evening.alice);
    // The streamer tries the own channel; nobody watches it, so three clicks are enough.
    let (status, clicked) = evening.simulate(alice, evening.clicks(2)).await;
    assert_eq!((status.as_u16(), &clicked["sent"]), (200, &json!(2)), "{clicked}");
    evening.goal("begun", |goal| goal["currentProgress"] == 2).await;
    evening.simulate(gm, evening.clicks(1)).await;
    evening.goal("armed", |goal| goal["status"] == "armed").await;

    let (status, rolled) = evening.simulate(gm, json!({ "kind": "roll" })).await;
    assert_eq!((status.as_u16(), &rolled["roll"]["original"]), (200, &json!(20)), "{rolled}");
    let goal = evening.goal("executed", |goal| goal["executionStatus"] == "executed").await;
    assert_eq!(goal["status"], "completed", "{goal}");
    let table = gm.get(&format!("{}/practice-table", evening.campaign)).await;
    let roll = &table["rolls"][0];
    assert_eq!((&roll["shown"], &roll["inverted"]), (&json!(1), &json!(true)), "{table}");
    let ledger = until("the points to be spent", async || {
        let ledger = gm.get(&format!("{}/ledger", evening.campaign)).await;
        (ledger["fulfilled"] == 3).then_some(ledger)
    })
    .await;
    assert_eq!((&ledger["received"], &ledger["balanced"]), (&json!(3), &json!(true)), "{ledger}");

    // The event cools down, so the reward pauses, and Twitch itself takes no more clicks.
    let refused = until("Twitch to refuse clicks", async || {
        let (_, clicked) = evening.simulate(gm, evening.clicks(1)).await;
        (clicked["sent"] == 0).then_some(clicked)
    })
    .await;
    assert_eq!(refused["refused"], json!([{ "reason": "paused", "count": 1 }]));
    evening.server.unwrap().stop().await;
}

#[tokio::test]
async fn a_practice_table_is_set_up_again_after_a_restart_and_taken_down() {
    let mut evening = FirstEvening::begin().await;
    let path = format!("{}/practice-table", evening.campaign);
    let (status, _) = evening.alice.try_call(Method::POST, &path, json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let roll = json!({ "kind": "roll", "formula": "1d20 + 4", "result": 7, "isHidden": true });
    for round in ["at first", "while it is there", "after a restart", "after it was taken down"] {
        match round {
            "after a restart" => evening.restart().await,
            "after it was taken down" => {
                evening.gm.call(Method::DELETE, &path, json!({})).await;
                evening.gm.call(Method::DELETE, &path, json!({})).await;
                let (status, problem) = evening.simulate(&evening.gm, roll.clone()).await;
                assert_eq!(status, StatusCode::CONFLICT, "{problem}");
            }
            _ => {}
        }
        let expected = if round.starts_with("after") { "off" } else { "connected" };
        assert_eq!(evening.gm.get(&path).await["state"], expected, "{round}");
        assert_eq!(evening.gm.post(&path, json!({})).await["state"], "connected", "{round}");
        let (status, rolled) = evening.simulate(&evening.gm, roll.clone()).await;
        assert_eq!(status, StatusCode::OK, "{round}: {rolled}");
        assert_eq!(evening.gm.get(&path).await["rolls"][0], rolled["roll"], "{round}");
        let worlds = evening.gm.get("/vtt/connections").await["items"].clone();
        assert_eq!(worlds.as_array().unwrap().len(), 1, "{round}: {worlds}");
    }
    evening.server.unwrap().stop().await;
}

#[tokio::test]
async fn what_cannot_be_simulated_is_refused_with_the_field_that_is_wrong() {
    let evening = FirstEvening::begin().await;
    for (wish, field) in [
        (json!({ "kind": "roll", "formula": "fireball" }), "formula"),
        (json!({ "kind": "roll", "formula": "1d6" }), "result"),
        (json!({ "kind": "roll", "count": 3 }), "count"),
        (json!({ "kind": "redemptions", "count": 3 }), "eventId"),
        (evening.clicks(201), "count"),
        (evening.clicks(0), "count"),
    ] {
        let (status, problem) = evening.simulate(&evening.gm, wish.clone()).await;
        assert!(status.is_client_error(), "{wish}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{wish}: {problem}");
    }
    let (status, problem) = evening.simulate(&evening.alice, json!({ "kind": "roll" })).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    evening.server.unwrap().stop().await;
}
