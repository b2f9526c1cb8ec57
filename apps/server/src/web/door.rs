//! The way into every page: who looks, whether a form comes from a page of ours, and what a person
//! sees when something is refused.

use super::form::{CSRF_FIELD, Submission};
use super::page::secure;
use super::refusal;
use super::visitor::Visitor;
use crate::auth::{constant_time_eq, is_from_here};
use crate::problem::Problem;
use crate::services::Shared;
use poem::http::{Method, StatusCode, header};
use poem::web::Form;
use poem::{Endpoint, FromRequest, Request, RequestBody, Response, Result};
use std::sync::Arc;

/// Wraps pages.
pub(super) struct Door<E>(pub(super) E);

impl<E: Endpoint<Output = Response>> Endpoint for Door<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let services = request.data::<Shared>().map(Arc::clone);
        let services = services.ok_or_else(|| Problem::internal("there are no services"))?;
        let mut visitor = match Visitor::of(&services, &request).await {
            Ok(visitor) => visitor,
            Err(problem) => {
                let visitor = Visitor::unknown(&request);
                return Ok(secure(refusal::page(&services, &visitor, &problem)));
            }
        };
        let entered = enter(&services, &mut request, &mut visitor).await;
        let answer = match entered {
            Ok(Entry::Open) => {
                let is_read = is_read(&request);
                request.set_data(visitor.clone());
                let answer = self.0.call(request).await;
                answer.map_err(|error| (Problem::from_poem(error), is_read))
            }
            Ok(Entry::AskAgain) => Ok(refusal::ask_again(&services, &visitor)),
            Err(problem) => Err((problem, false)),
        };
        let response = answer.unwrap_or_else(|(problem, is_read)| {
            problem.log();
            match problem.status() {
                StatusCode::UNAUTHORIZED if is_read => refusal::to_sign_in(&visitor),
                StatusCode::UNAUTHORIZED => refusal::ask_again(&services, &visitor),
                _ => refusal::page(&services, &visitor, &problem),
            }
        });
        Ok(secure(response))
    }
}

fn is_read(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

enum Entry {
    Open,
    /// The form comes from a page of ours, but of another sign-in.
    AskAgain,
}

/// Reads the form that came with the request, and lets it pass when one of our pages sent it.
async fn enter(
    services: &Shared,
    request: &mut Request,
    visitor: &mut Visitor,
) -> Result<Entry, Problem> {
    if is_read(request) {
        return Ok(Entry::Open);
    }
    let has_origin = request.headers().contains_key(header::ORIGIN);
    if !is_from_here(request, &services.public_url) {
        return Err(Problem::forbidden("the form comes from another site's page"));
    }
    let mut body = RequestBody::new(request.take_body());
    let form = Form::<Vec<(String, String)>>::from_request(request, &mut body).await;
    let Form(fields) = form.map_err(Problem::from_poem)?;
    visitor.submission = Arc::new(Submission::new(fields));
    let Some(expected) = visitor.principal().and_then(|person| person.csrf_token()) else {
        return Ok(Entry::Open);
    };
    if constant_time_eq(visitor.submission.text(CSRF_FIELD), expected) {
        return Ok(Entry::Open);
    }
    // The browser itself says that the page was ours: it was made before the person signed in
    // again. They look at it once more; without that word, it is refused.
    if has_origin { Ok(Entry::AskAgain) } else { Err(Problem::forbidden("the form is not ours")) }
}
