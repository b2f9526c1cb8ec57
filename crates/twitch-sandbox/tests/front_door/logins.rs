//! Logins: in a browser, and of devices without one.

use reqwest::redirect::Policy;
use reqwest::{Client, Url, header};
use serde_json::{Value, json};
use twitch_sandbox::SandboxConfig;

use crate::harness::{ALICE, Answer, MANAGE, World, quick};

const BACK: &str = "http://localhost:9/callback?from=twitch";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A browser, which goes nowhere by itself.
struct Browser<'w> {
    world: &'w World,
    http: Client,
}

struct Page {
    status: u16,
    headers: header::HeaderMap,
    text: String,
}

impl Page {
    /// Where the browser is sent: the address without its query, and the query.
    fn location(&self) -> (String, Vec<(String, String)>) {
        assert_eq!(self.status, 302, "{}", self.text);
        let mut url = Url::parse(self.headers["Location"].to_str().unwrap()).unwrap();
        let query = url.query_pairs().into_owned().collect();
        url.set_query(None);
        (url.to_string(), query)
    }
}

impl<'w> Browser<'w> {
    fn new(world: &'w World) -> Self {
        let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { world, http }
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Page {
        let url = Url::parse_with_params(&self.world.url(path), query).unwrap();
        self.send(self.http.get(url)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let url = Url::parse_with_params("http://x", fields).unwrap();
        let form = "application/x-www-form-urlencoded";
        let request = self.http.post(self.world.url(path)).header(header::CONTENT_TYPE, form);
        self.send(request.body(url.query().unwrap().to_owned())).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page { status, headers, text: response.text().await.unwrap() }
    }
}

fn question<'a>(world: &'a World, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("client_id", world.config.client.client_id.as_str()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "channel:manage:redemptions  user:write:chat"),
        ("state", "a \"state\" & more"),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn redeem_code(world: &World, code: &str, redirect_uri: &str) -> Answer {
    let client = &world.config.client;
    let fields = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", client.client_secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
    ];
    world.form("/oauth2/token", &fields).await
}

async fn code_for(world: &World, more: &[(&str, &str)]) -> String {
    let page = Browser::new(world).post("/oauth2/authorize", &question(world, more)).await;
    let (_, query) = page.location();
    query.into_iter().find(|(name, _)| name == "code").unwrap().1
}

const YES: [(&str, &str); 2] = [("login", "alice"), ("decision", "authorize")];

#[tokio::test]
async fn a_client_may_name_who_says_yes_at_once() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let asked = question(&world, &[("answer_as", "alice")]);
    let (address, query) = browser.get("/oauth2/authorize", &asked).await.location();
    assert_eq!(address, "http://localhost:9/callback");
    let code = query.into_iter().find(|(name, _)| name == "code").unwrap().1;
    redeem_code(&world, &code, BACK).await.expect(200);

    let asked = question(&world, &[("answer_as", "nobody")]);
    assert_eq!(browser.get("/oauth2/authorize", &asked).await.status, 400);
    let elsewhere = [("answer_as", "alice"), ("redirect_uri", "http://evil.example/")];
    let asked = question(&world, &elsewhere);
    assert_eq!(browser.get("/oauth2/authorize", &asked).await.status, 400);
}

#[tokio::test]
async fn a_person_authorises_a_client_and_the_code_gives_tokens_once() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let page = browser.get("/oauth2/authorize", &question(&world, &[])).await;
    assert_eq!(page.status, 200);
    assert!(page.headers["Content-Type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.headers["Content-Security-Policy"].to_str().unwrap().contains("'none'"));
    assert!(page.text.contains("<option value=\"alice\">Alice (alice)</option>"), "{}", page.text);
    assert!(page.text.contains("value=\"a &quot;state&quot; &amp; more\""), "{}", page.text);
    assert!(page.text.contains("<li><code>user:write:chat</code></li>"), "{}", page.text);

    let page = browser.post("/oauth2/authorize", &question(&world, &YES)).await;
    let (address, query) = page.location();
    assert_eq!(address, "http://localhost:9/callback");
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["from", "code", "scope", "state"]);
    assert_eq!(query[2].1, "channel:manage:redemptions user:write:chat");
    assert_eq!(query[3].1, "a \"state\" & more");

    let tokens = redeem_code(&world, &query[1].1, BACK).await.expect(200).body;
    assert_eq!(tokens["scope"], json!([MANAGE, "user:write:chat"]));
    assert!(tokens["refresh_token"].is_string() && tokens["expires_in"].is_number());
    let token = format!("OAuth {}", tokens["access_token"].as_str().unwrap());
    let request = world.http.get(world.url("/oauth2/validate")).header("Authorization", token);
    assert_eq!(world.send(request).await.expect(200).body["user_id"], ALICE);

    let again = redeem_code(&world, &query[1].1, BACK).await.expect(400);
    assert_eq!(again.message(), "Invalid authorization code");
}

#[tokio::test]
async fn a_person_who_says_no_or_nobody_knows_gets_no_code() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let no = [("login", "alice"), ("decision", "deny")];
    let page = browser.post("/oauth2/authorize", &question(&world, &no)).await;
    let (_, query) = page.location();
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["from", "error", "error_description", "state"]);
    assert_eq!(query[1].1, "access_denied");
    let nobody = [("other_login", "nobody"), ("decision", "authorize")];
    let page = browser.post("/oauth2/authorize", &question(&world, &nobody)).await;
    assert_eq!(page.status, 400, "{}", page.text);
}

#[tokio::test]
async fn a_code_is_for_its_client_and_its_way_back_only() {
    let world = World::new().await;
    let code = code_for(&world, &YES).await;
    let other = redeem_code(&world, &code, "http://localhost:9/elsewhere").await.expect(400);
    assert_eq!(other.message(), "Parameter redirect_uri does not match registered URI");
    let taken = redeem_code(&world, &code, BACK).await.expect(400);
    assert_eq!(taken.message(), "Invalid authorization code", "shown once, worth nothing now");

    let code = code_for(&world, &YES).await;
    let stranger = &world.config.further_clients[0];
    let fields = [
        ("client_id", stranger.client_id.as_str()),
        ("client_secret", stranger.client_secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
    ];
    world.form("/oauth2/token", &fields).await.expect(400);
    redeem_code(&world, &code, BACK).await.expect(200);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let refused = async |more: &[(&str, &str)]| {
        let asked = browser.get("/oauth2/authorize", &question(&world, more)).await;
        let posted: Vec<_> = question(&world, more).into_iter().chain(YES).collect();
        let said = browser.post("/oauth2/authorize", &posted).await;
        assert_eq!((asked.status, said.status), (400, 400), "{more:?}");
        serde_json::from_str::<Value>(&asked.text).unwrap()["message"].as_str().unwrap().to_owned()
    };
    let mismatch = "Parameter redirect_uri does not match registered URI";
    for uri in ["https://example.com/", "http://localhost.example.com/", "javascript:alert(1)", "x"]
    {
        assert_eq!(refused(&[("redirect_uri", uri)]).await, mismatch);
    }
    assert_eq!(refused(&[("client_id", "nobody")]).await, "invalid client");
    assert_eq!(refused(&[("response_type", "token")]).await, "invalid response type");

    let only = SandboxConfig { redirect_urls: vec!["https://example.com/in".into()], ..quick() };
    let world = World::with(only).await;
    let browser = Browser::new(&world);
    let page = browser.get("/oauth2/authorize", &question(&world, &[])).await;
    assert_eq!(page.status, 400, "loopback is no longer good by itself");
    let registered = [("redirect_uri", "https://example.com/in")];
    let page = browser.get("/oauth2/authorize", &question(&world, &registered)).await;
    assert_eq!(page.status, 200);
}

async fn device_tokens(world: &World, device_code: &str) -> Answer {
    let fields = [
        ("client_id", world.config.client.client_id.as_str()),
        ("scopes", MANAGE),
        ("device_code", device_code),
        ("grant_type", DEVICE_GRANT),
    ];
    world.form("/oauth2/token", &fields).await
}

async fn begin_device(world: &World) -> (String, String, String) {
    let fields = [("client_id", world.config.client.client_id.as_str()), ("scopes", MANAGE)];
    let begun = world.form("/oauth2/device", &fields).await.expect(200).body;
    assert_eq!((&begun["interval"], &begun["expires_in"]), (&json!(5), &json!(1800)));
    let text = |name: &str| begun[name].as_str().unwrap().to_owned();
    (text("device_code"), text("user_code"), text("verification_uri"))
}

#[tokio::test]
async fn a_device_gets_its_tokens_when_its_person_typed_the_code() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let (device, user_code, uri) = begin_device(&world).await;
    let pending = device_tokens(&world, &device).await.expect(400);
    assert_eq!(pending.message(), "authorization_pending");

    let page = browser.send(browser.http.get(uri)).await;
    assert!(page.text.contains(&format!("value=\"{user_code}\"")), "{}", page.text);
    let typed = user_code.to_lowercase();
    let fields = [("user_code", typed.as_str()), YES[0], YES[1]];
    assert_eq!(browser.post("/activate", &fields).await.status, 200);
    assert_eq!(browser.post("/activate", &fields).await.status, 400, "it was typed already");

    let tokens = device_tokens(&world, &device).await.expect(200).body;
    assert_eq!(tokens["scope"], json!([MANAGE]));
    let again = device_tokens(&world, &device).await.expect(400);
    assert_eq!(again.message(), "invalid device code");
}

#[tokio::test]
async fn a_device_whose_person_says_no_gets_nothing() {
    let world = World::new().await;
    let (device, user_code, _) = begin_device(&world).await;
    let fields = [("user_code", user_code.as_str()), ("decision", "deny")];
    assert_eq!(Browser::new(&world).post("/activate", &fields).await.status, 200);
    let refused = device_tokens(&world, &device).await.expect(400);
    assert_eq!(refused.message(), "invalid device code");
}

#[tokio::test]
async fn rotating_refresh_tokens_are_good_once() {
    let world = World::with(SandboxConfig { rotate_refresh_tokens: true, ..quick() }).await;
    let client = &world.config.client;
    let old = world.log_in(client, ALICE, MANAGE).await;
    let refresh = async |token: &Value| {
        let fields = [
            ("client_id", client.client_id.as_str()),
            ("client_secret", client.client_secret.as_str()),
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str().unwrap()),
        ];
        world.form("/oauth2/token", &fields).await
    };
    let new = refresh(&old["refresh_token"]).await.expect(200).body;
    let used = refresh(&old["refresh_token"]).await.expect(400);
    assert_eq!(used.message(), "Invalid refresh token");
    refresh(&new["refresh_token"]).await.expect(200);
}
