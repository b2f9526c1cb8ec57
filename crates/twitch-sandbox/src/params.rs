//! Query parameters that may be given several times, and JSON bodies, read as Twitch does.

use poem::web::Form;
use poem::{Body, FromRequest, Request, RequestBody, Result};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// The largest body that is read, in bytes.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// The parameters of a request, in the order they came. An empty value counts as absent.
#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// The first value of this name.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.all(name).into_iter().next()
    }

    /// Every value of this name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// Every value of this name, each once; more than `limit` of them is a 400.
    pub(crate) fn up_to(&self, name: &str, limit: usize) -> Result<Vec<String>, ApiError> {
        let mut values: Vec<String> = Vec::new();
        for value in self.all(name) {
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
        if values.len() > limit {
            return Err(ApiError::bad_request(format!(
                "The number of {name} query parameters must not exceed {limit}"
            )));
        }
        Ok(values)
    }

    /// The first value of this name; its absence is a 400.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.one(name)
            .ok_or_else(|| ApiError::bad_request(format!("Missing required parameter \"{name}\"")))
    }

    /// The page size: `first`, within `1..=max`, or `default` when absent.
    pub(crate) fn first(&self, default: usize, max: usize) -> Result<usize, ApiError> {
        let Some(text) = self.one("first") else { return Ok(default) };
        text.parse().ok().filter(|first| (1..=max).contains(first)).ok_or_else(|| {
            ApiError::bad_request(format!("The parameter \"first\" must be between 1 and {max}"))
        })
    }
}

impl<'a> FromRequest<'a> for Params {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(Self(req.params().map_err(|_| ApiError::bad_request("The query is malformed"))?))
    }
}

/// Parameters of a token endpoint: of the query and of the form body, which wins.
#[derive(Debug)]
pub(crate) struct FormParams(pub(crate) Params);

impl<'a> FromRequest<'a> for FormParams {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let mut all = match Form::<Vec<(String, String)>>::from_request(req, body).await {
            Ok(Form(pairs)) => pairs,
            Err(_) => Vec::new(),
        };
        all.extend(Params::from_request(req, body).await?.0);
        Ok(Self(Params(all)))
    }
}

/// Reads a JSON body as [`json_body`] does; no body at all stands for the default.
pub(crate) async fn json_body_or_default<T>(body: Body) -> Result<T, ApiError>
where
    T: DeserializeOwned + Default,
{
    if body.is_empty() { Ok(T::default()) } else { json_body(body).await }
}

/// Reads a JSON body whatever its `Content-Type` says; anything unreadable is a 400.
pub(crate) async fn json_body<T: DeserializeOwned>(body: Body) -> Result<T, ApiError> {
    let bytes = body
        .into_bytes_limit(BODY_LIMIT_BYTES)
        .await
        .map_err(|_| ApiError::bad_request("The body cannot be read"))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::bad_request(format!("The body is malformed: {error}")))
}
