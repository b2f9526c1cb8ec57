//! A proxy before the sandbox, which passes everything on until it is told to fail.

use crate::http_server::{Answer, HangUp, HttpServer, bytes_of};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, HOST};
use hyper::{Method, Request, Response, StatusCode};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// What happens to a call.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It is answered here, with these headers.
    Answer(u16, Vec<(&'static str, String)>),
    /// It is answered here, with this body.
    Body(u16, &'static str),
    /// It is never answered.
    Silence,
    /// It is passed on as soon as somebody says so.
    PassOnWhen(Arc<Notify>),
    /// Twitch carries it out, and the answer is this status.
    AnswerAfterEffect(u16),
    /// Twitch carries it out, and the connection breaks.
    HangUpAfterEffect,
}

#[derive(Debug)]
struct Planned {
    method: Method,
    path: &'static str,
    fault: Fault,
    times: u32,
}

#[derive(Debug, Default)]
struct Plan {
    faults: Mutex<Vec<Planned>>,
    bearers: Mutex<Vec<String>>,
    met: Mutex<u32>,
}

pub(crate) struct Proxy {
    server: HttpServer,
    plan: Arc<Plan>,
}

impl Proxy {
    pub(crate) async fn before(base_url: String) -> Self {
        let plan = Arc::new(Plan::default());
        let client = reqwest::Client::new();
        let shared = Arc::clone(&plan);
        let server = HttpServer::start(move |request| {
            pass_on(client.clone(), base_url.clone(), Arc::clone(&shared), request)
        });
        Self { server: server.await, plan }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// The next `times` calls of that method and exact path meet that fault.
    pub(crate) fn fail(&self, method: Method, path: &'static str, fault: Fault, times: u32) {
        self.plan.faults.lock().unwrap().push(Planned { method, path, fault, times });
    }

    /// How many calls met a fault so far.
    pub(crate) fn faults_met(&self) -> u32 {
        *self.plan.met.lock().unwrap()
    }

    /// Whether a call was made with that access token.
    pub(crate) fn has_seen(&self, token: &str) -> bool {
        self.plan.bearers.lock().unwrap().iter().any(|seen| seen == token)
    }

    /// The access token of the last call that had one.
    pub(crate) fn last_token(&self) -> String {
        self.plan.bearers.lock().unwrap().last().unwrap().clone()
    }
}

impl Plan {
    fn fault_for(&self, method: &Method, path: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let planned =
            faults.iter_mut().find(|it| it.times > 0 && it.method == *method && it.path == path)?;
        planned.times -= 1;
        *self.met.lock().unwrap() += 1;
        Some(planned.fault.clone())
    }
}

async fn pass_on(
    client: reqwest::Client,
    base_url: String,
    plan: Arc<Plan>,
    request: Request<Incoming>,
) -> Answer {
    let (mut parts, body) = request.into_parts();
    let body = bytes_of(body).await;
    if let Some(bearer) = parts.headers.get(AUTHORIZATION) {
        let token = bearer.to_str().unwrap().trim_start_matches("Bearer ").to_owned();
        plan.bearers.lock().unwrap().push(token);
    }
    let fault = plan.fault_for(&parts.method, parts.uri.path());
    match &fault {
        Some(Fault::Answer(status, headers)) => return Ok(answer(*status, "{}", headers)),
        Some(Fault::Body(status, body)) => return Ok(answer(*status, body, &[])),
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::PassOnWhen(told)) => told.notified().await,
        _ => {}
    }
    parts.headers.remove(HOST);
    parts.headers.remove(CONTENT_LENGTH);
    let url = format!("{base_url}{}", parts.uri);
    let sent = client.request(parts.method, url).headers(parts.headers).body(body);
    let response = sent.send().await.map_err(|_| HangUp)?;
    match fault {
        Some(Fault::HangUpAfterEffect) => Err(HangUp),
        Some(Fault::AnswerAfterEffect(status)) => Ok(answer(status, "{}", &[])),
        _ => Ok(response.into()),
    }
}

fn answer(
    status: u16,
    body: &'static str,
    headers: &[(&'static str, String)],
) -> Response<reqwest::Body> {
    let mut response = Response::new(reqwest::Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}
