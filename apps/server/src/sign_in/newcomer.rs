//! `POST /auth/sandbox/people`, a form with `login` and, as sign-in has them, `return` and `for`:
//! makes somebody at the sandbox Twitch and signs the browser in as that person.

use super::answer::{redirect, refuse};
use crate::auth::is_from_here;
use crate::problem::Problem;
use crate::services::Shared;
use poem::web::{Data, Form};
use poem::{Request, Response, handler};
use serde::Deserialize;

#[derive(Deserialize)]
struct NewcomerForm {
    login: String,
    #[serde(rename = "return")]
    return_to: Option<String>,
    #[serde(rename = "for")]
    purpose: Option<String>,
}

/// Leads on to sign-in, which checks the rest of the form.
#[handler]
pub(super) async fn newcomer(
    services: Data<&Shared>,
    request: &Request,
    form: poem::Result<Form<NewcomerForm>>,
) -> Response {
    let made = match form {
        Ok(Form(form)) => make(&services, request, form).await,
        Err(error) => Err(Problem::malformed(error.to_string())),
    };
    match made {
        Ok(address) => redirect(&address, &[]),
        Err(problem) => refuse(request, &problem, &[]),
    }
}

async fn make(services: &Shared, request: &Request, form: NewcomerForm) -> Result<String, Problem> {
    let sandbox = services.sandbox.as_ref().ok_or_else(|| Problem::not_found("page"))?;
    if !is_from_here(request, &services.public_url) {
        return Err(Problem::forbidden("the request comes from another site's page"));
    }
    let login = sandbox.invent(&form.login).await?;
    let mut query = reqwest::Url::parse(&format!("{}/auth/twitch", services.public_url))
        .map_err(|error| Problem::internal(error.to_string()))?;
    query.query_pairs_mut().append_pair("as", &login);
    for (name, value) in [("return", form.return_to), ("for", form.purpose)] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            query.query_pairs_mut().append_pair(name, &value);
        }
    }
    Ok(query.into())
}
