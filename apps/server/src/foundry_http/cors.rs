//! Answers that a browser may read on any origin, refusals included.

use crate::http::RequestId;
use crate::problem::Problem;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

/// Lets every origin read what the endpoint answers; nobody's cookies are involved.
pub(crate) struct CrossOrigin<E>(pub(crate) E);

impl<E: Endpoint<Output = Response>> Endpoint for CrossOrigin<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let is_preflight = request.method() == Method::OPTIONS;
        if is_preflight {
            let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
            allow(response.headers_mut());
            return Ok(response);
        }
        let id = request.data::<RequestId>().map(|id| id.0.clone());
        let mut response = match self.0.call(request).await {
            Ok(response) => response,
            Err(error) => {
                let problem = Problem::from_poem(error);
                // Only its own methods are unknown here; the outermost layer knows them.
                if problem.status() == StatusCode::METHOD_NOT_ALLOWED {
                    return Err(problem.into());
                }
                problem.log();
                problem.with_error_member().render(id.as_deref())
            }
        };
        allow(response.headers_mut());
        Ok(response)
    }
}

fn allow(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
