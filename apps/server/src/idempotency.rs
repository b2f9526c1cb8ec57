//! `Idempotency-Key`: a `POST` that is sent again gets the same answer again, and nothing happens
//! twice.
//!
//! Only successes are kept: whatever else is answered has changed nothing, so the same key may be
//! used for the corrected request. A request goes on when its client hangs up, so that the client
//! finds the answer when it asks again. One that died with the program keeps its claim, since nobody
//! can tell what it has done; its key answers 409 until it is forgotten after a day.
//!
//! Answers may hold secrets that are shown once (an overlay's token), so they are kept sealed.

use crate::auth::{authenticate, sha256_hex};
use crate::problem::Problem;
use crate::seal::Seal;
use gamification_core::access::IdempotentAnswer;
use gamification_core::service::{Claim, Gamification};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response, Result};
use std::sync::Arc;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// The header.
pub const HEADER: &str = "Idempotency-Key";
/// The longest key.
pub const KEY_LENGTH_MAX: usize = 255;
/// What kept answers are sealed for.
const PURPOSE: &str = "idempotent answer";
/// Set on an answer that is repeated.
const REPLAYED: &str = "idempotency-replayed";

/// Wraps the API.
pub struct Idempotent<E> {
    /// What answers.
    pub inner: Arc<E>,
    /// Who keeps the answers.
    pub core: Arc<Gamification>,
    /// Seals the answers.
    pub seal: Seal,
    /// Where requests go on without their clients.
    pub tasks: TaskTracker,
}

impl<E: Endpoint<Output = Response> + 'static> Endpoint for Idempotent<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let key = request.headers().get(HEADER).filter(|_| keeps_answers(&request));
        let Some(key) = key else {
            return self.inner.call(request).await;
        };
        let key = readable(key.to_str().ok())?;
        let principal = authenticate(&self.core, &request).await?;
        let hash = hash_of(&mut request).await?;
        let claim = self.core.claim_idempotency(principal.user.id, key, hash.clone()).await;
        request.extensions_mut().insert(principal);
        let claim = match claim.map_err(Problem::from)? {
            Claim::Ours(claim) => claim,
            Claim::Known(known) => return Ok(repeat(&self.seal, &hash, known)?),
        };
        let (inner, core, seal) = (&self.inner, &self.core, self.seal.clone());
        let work = to_the_end(Arc::clone(inner), Arc::clone(core), seal, claim, request);
        let ended = self.tasks.spawn(work.in_current_span()).await;
        ended.map_err(|panicked| Problem::internal(panicked.to_string()))?
    }
}

async fn to_the_end<E: Endpoint<Output = Response>>(
    inner: Arc<E>,
    core: Arc<Gamification>,
    seal: Seal,
    claim: IdempotentAnswer,
    request: Request,
) -> Result<Response> {
    match inner.call(request).await {
        Ok(response) if response.status().is_success() => keep(&core, &seal, claim, response).await,
        other => {
            let forgotten = core.forget_idempotency(claim.user_id, &claim.key).await;
            forgotten.map_err(Problem::from)?;
            other
        }
    }
}

async fn keep(
    core: &Gamification,
    seal: &Seal,
    claim: IdempotentAnswer,
    mut response: Response,
) -> Result<Response> {
    let body = response.take_body().into_string().await?;
    let status = response.status().as_u16();
    // It happened: the answer stands even when it could not be kept, and a repetition meets the
    // claim, so it still does not happen twice.
    let sealed =
        seal.close(&body, PURPOSE).map_err(|error| Problem::internal(error.to_string()))?;
    if let Err(error) = core.answer_idempotency(claim, status, sealed).await {
        tracing::warn!(%error, "the answer of an idempotent request was not kept");
    }
    response.set_body(body);
    Ok(response)
}

/// Whether answers to this request are kept: those to people who post. A table confirms with a key of
/// its own, which is nobody's, and confirming twice is the same as once.
fn keeps_answers(request: &Request) -> bool {
    request.method() == Method::POST && !request.uri().path().ends_with("/execution")
}

/// What tells one request from another: method, address and body.
async fn hash_of(request: &mut Request) -> Result<String, Problem> {
    let body = request.take_body().into_vec().await;
    let body = body.map_err(|error| Problem::malformed(error.to_string()))?;
    let head = format!("{} {}\n", request.method(), request.uri());
    let hash = sha256_hex(&[head.as_bytes(), &body].concat());
    request.set_body(body);
    Ok(hash)
}

fn readable(key: Option<&str>) -> Result<String, Problem> {
    match key {
        Some(key) if !key.is_empty() && key.len() <= KEY_LENGTH_MAX => Ok(key.to_owned()),
        _ => {
            let reason = format!("must be 1 to {KEY_LENGTH_MAX} visible ASCII characters");
            Err(Problem::ill_formed_field(HEADER, reason))
        }
    }
}

fn repeat(seal: &Seal, hash: &str, known: IdempotentAnswer) -> Result<Response, Problem> {
    if known.request_hash != hash {
        return Err(Problem::idempotency_key_reused());
    }
    let Some(status) = known.status.and_then(|status| StatusCode::from_u16(status).ok()) else {
        return Err(Problem::conflict(
            "request-in-progress",
            "a request with this Idempotency-Key is still being worked on",
        ));
    };
    let response = Response::builder().status(status).header(REPLAYED, "true");
    let body = seal.open(&known.body, PURPOSE);
    let body = body.map_err(|error| Problem::internal(format!("a kept answer: {error}")))?;
    if body.is_empty() {
        return Ok(response.finish());
    }
    Ok(response.content_type("application/json; charset=utf-8").body(body))
}
