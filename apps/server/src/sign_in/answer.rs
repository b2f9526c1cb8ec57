//! How these pages answer: with a redirect, or with what went wrong.

use crate::http::RequestId;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response};

/// Leads the browser on, with these cookies.
pub(super) fn redirect(location: &str, cookies: &[String]) -> Response {
    let response = Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, location)
        .header(header::CACHE_CONTROL, "no-store")
        .finish();
    with_cookies(response, cookies)
}

/// Tells what went wrong: people by a page, programs by a problem.
pub(super) fn refuse(request: &Request, problem: &Problem, cookies: &[String]) -> Response {
    problem.log();
    let id = request.data::<RequestId>().map(|id| id.0.as_str());
    let services = request.data::<Shared>().filter(|_| wants_a_page(request));
    let response = match services {
        Some(services) => web::refused(services, request, problem),
        None => problem.render(id),
    };
    with_cookies(response, cookies)
}

/// Whether it is a browser that shows what it gets to a person.
pub(super) fn wants_a_page(request: &Request) -> bool {
    request.header(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

/// Adds the cookies.
pub(super) fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for cookie in cookies {
        // Names, base64 and numbers only: it can be a header.
        if let Ok(value) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
