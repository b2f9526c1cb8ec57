//! `POST /auth/logout`: the browser is signed out, here and in the store.

use super::answer::{redirect, refuse, wants_a_page, with_cookies};
use crate::auth::{
    CSRF_HEADER, SessionCookie, constant_time_eq, csrf_token, is_from_here, session_of,
};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::access::Actor;
use gamification_core::service::ServiceError;
use poem::http::{StatusCode, header};
use poem::web::{Data, Form};
use poem::{Request, Response, handler};
use serde::Deserialize;

/// What the form of a page shows, where programs send a header.
#[derive(Deserialize)]
struct LogoutForm {
    #[serde(rename = "csrfToken")]
    csrf_token: String,
}

/// Signs the browser out. Signing out twice is the same as once.
#[handler]
pub(super) async fn logout(
    services: Data<&Shared>,
    request: &Request,
    form: poem::Result<Form<LogoutForm>>,
) -> Response {
    let token = form.ok().map(|Form(form)| form.csrf_token);
    if let Err(problem) = end(&services, request, token).await {
        return refuse(request, &problem, &[]);
    }
    let forget = [SessionCookie::at(&services.public_url).clear()];
    if wants_a_page(request) {
        return redirect("/", &forget);
    }
    let done = Response::builder().status(StatusCode::NO_CONTENT);
    with_cookies(done.header(header::CACHE_CONTROL, "no-store").finish(), &forget)
}

async fn end(services: &Shared, request: &Request, token: Option<String>) -> Result<(), Problem> {
    let core = &services.core;
    let (session, secret) = match session_of(core, &services.public_url, request).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(()),
        // It lets nobody in any more: there is nothing to end.
        Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => return Ok(()),
        Err(problem) => return Err(problem),
    };
    if !is_from_here(request, &services.public_url) {
        return Err(Problem::forbidden("the request comes from another site's page"));
    }
    let expected = csrf_token(secret);
    let shown = request.header(CSRF_HEADER).or(token.as_deref());
    if !shown.is_some_and(|shown| constant_time_eq(shown, &expected)) {
        let reason = format!("send the session's token as {CSRF_HEADER}, or csrfToken in a form");
        return Err(Problem::forbidden(reason));
    }
    let actor = Actor::User { user_id: session.user_id };
    match core.end_login_session(&actor, session.id).await {
        // Another request of the browser was faster.
        Ok(()) | Err(ServiceError::NotFound(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
