//! A browser that keeps cookies and follows redirects by hand, and the Twitch that it is led to.

use crate::support::{Reply, World};
use poem::http::{Method, header};
use poem::{Request, RequestBuilder};
use reqwest::Url;
use std::collections::BTreeMap;
use twitch_sandbox::{Sandbox, SandboxConfig};

/// A sandbox Twitch, and people on its pages.
pub(super) struct Twitch {
    sandbox: Sandbox,
    http: reqwest::Client,
}

impl Twitch {
    pub(super) async fn start() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { sandbox, http: http.build().unwrap() }
    }

    pub(super) fn base_url(&self) -> String {
        self.sandbox.base_url()
    }

    pub(super) async fn stop(self) {
        self.sandbox.shutdown().await.unwrap();
    }

    /// That person says yes on the page, and the browser is told where to go next.
    pub(super) async fn says_yes(&self, page: &Url, login: &str) -> String {
        self.decide(page, login, "authorize").await
    }

    pub(super) async fn decide(&self, page: &Url, login: &str, decision: &str) -> String {
        assert!(page.as_str().starts_with(&self.base_url()), "{page}");
        let shown = self.http.get(page.clone()).send().await.unwrap();
        assert_eq!(shown.status().as_u16(), 200, "{}", shown.text().await.unwrap());
        let mut form = page.clone();
        form.query_pairs_mut().append_pair("login", login).append_pair("decision", decision);
        let answer = self.post("/oauth2/authorize", form.query().unwrap()).await;
        assert_eq!(answer.status().as_u16(), 302);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// Types the code of a device as that person.
    pub(super) async fn types_code(&self, code: &str, login: &str) {
        let form = format!("user_code={code}&login={login}&decision=authorize");
        assert_eq!(self.post("/activate", &form).await.status().as_u16(), 200);
    }

    async fn post(&self, path: &str, form: &str) -> reqwest::Response {
        let request = self.http.post(format!("{}{path}", self.base_url()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form.to_owned()).send().await.unwrap()
    }
}

/// A browser at our door.
pub(super) struct Browser<'w> {
    world: &'w World,
    /// Each cookie with the path below which it is sent.
    pub(super) cookies: BTreeMap<String, (String, String)>,
}

impl<'w> Browser<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    pub(super) async fn get(&mut self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// A request with the cookies that belong to the path.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let sent = self.cookies.iter().filter(|(_, (_, below))| path.starts_with(below.as_str()));
        let sent: Vec<String> = sent.map(|(name, (value, _))| format!("{name}={value}")).collect();
        let request = Request::builder().method(method).uri(path.parse().unwrap());
        if sent.is_empty() { request } else { request.header(header::COOKIE, sent.join("; ")) }
    }

    /// Sends it, and keeps and forgets cookies as the answer says.
    pub(super) async fn send(&mut self, request: RequestBuilder) -> Reply {
        self.send_with(request, "").await
    }

    /// The same with a body.
    pub(super) async fn send_with(&mut self, request: RequestBuilder, body: &str) -> Reply {
        let reply = self.world.send(request.body(body.to_owned())).await;
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        reply
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let rules: Vec<&str> = parts.collect();
        assert!(rules.contains(&"HttpOnly") && rules.contains(&"SameSite=Lax"), "{cookie}");
        if rules.contains(&"Max-Age=0") {
            self.cookies.remove(name);
            return;
        }
        let path = rules.iter().find_map(|rule| rule.strip_prefix("Path=")).unwrap();
        self.cookies.insert(name.to_owned(), (value.to_owned(), path.to_owned()));
    }

    /// Asks to sign in: the page of Twitch to which the browser is led.
    pub(super) async fn begins(&mut self, query: &str) -> Url {
        let reply = self.get(&format!("/auth/twitch{query}")).await;
        led_to(&reply)
    }

    /// Follows Twitch back to us.
    pub(super) async fn comes_back(&mut self, location: &str) -> Reply {
        let public = &self.world.services.public_url;
        let path = location.strip_prefix(public.as_str()).expect("led back to us");
        assert!(path.starts_with("/auth/twitch/callback?"), "{path}");
        self.get(path).await
    }

    /// The whole way, with a yes.
    pub(super) async fn signs_in(&mut self, twitch: &Twitch, login: &str, query: &str) -> Reply {
        let page = self.begins(query).await;
        let back = twitch.says_yes(&page, login).await;
        self.comes_back(&back).await
    }

    /// What `/me` says.
    pub(super) async fn me(&mut self) -> Reply {
        self.get("/api/v1/me").await
    }

    /// What it has to show with unsafe requests.
    pub(super) async fn csrf_token(&mut self) -> String {
        let me = self.me().await;
        me.body["csrfToken"].as_str().expect("a session has a token").to_owned()
    }
}

/// Where an answer leads to, elsewhere.
pub(super) fn led_to(reply: &Reply) -> Url {
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    Url::parse(reply.header("location").unwrap()).unwrap()
}

/// A parameter of an address.
pub(super) fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(found, _)| found == name).expect("a parameter").1.into_owned()
}
