//! `/overlay/{token}`: what a streamer shows on the stream, for whoever knows its address. Nobody
//! signs in. Whatever goes wrong, the page stays transparent: it lies over somebody's video.

use super::assets;
use super::language::Language;
use super::page::{secure, show_as};
use super::texts::{Said, Texts};
use crate::problem::Problem;
use crate::services::Shared;
use crate::stream::Viewer;
use askama::Template;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Data, Path, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;

/// The looks that there are, the one for whoever asks for none first.
const THEMES: [&str; 3] = ["ember", "parchment", "contrast"];

#[derive(Template)]
#[template(path = "overlay.html")]
struct OverlayPage {
    texts: Texts,
    theme: &'static str,
}

#[derive(Template)]
#[template(path = "overlay-absent.html")]
struct AbsentPage {
    texts: Texts,
    /// Whether the server cannot tell just now, so that the page comes back by itself.
    comes_back: bool,
}

impl OverlayPage {
    fn say(&self, key: &str) -> Said {
        self.texts.say(key)
    }

    /// The style sheets, in their order.
    fn styles(&self) -> Vec<String> {
        let parts = ["overlay", "cards", "scenes", "dice", "motion"];
        let theme = format!("overlay/themes/{}.css", self.theme);
        let parts = parts.into_iter().map(|part| format!("overlay/{part}.css"));
        parts.chain([theme]).map(|name| assets::address(&name)).collect()
    }

    fn script(&self) -> String {
        assets::address("overlay/overlay.js")
    }
}

impl AbsentPage {
    fn say(&self, key: &str) -> Said {
        self.texts.say(key)
    }

    fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

/// What the address asks for. Wrong values count as none: nobody on air could be told.
#[derive(Deserialize)]
struct LookQuery {
    lang: Option<String>,
    theme: Option<String>,
}

/// `GET /overlay/{token}`
#[handler]
pub(super) async fn overlay(
    services: Data<&Shared>,
    request: &Request,
    Path(token): Path<String>,
    Query(query): Query<LookQuery>,
) -> Result<Response, Problem> {
    let asked = query.lang.as_deref().and_then(Language::of_code);
    let texts = Texts::of(asked.unwrap_or_else(|| Language::of(request)));
    let known = Viewer::overlay(&*services.core.ports().queries, &token).await;
    let response = match known {
        Ok(_) => {
            let theme = THEMES.into_iter().find(|theme| Some(*theme) == query.theme.as_deref());
            show_as(StatusCode::OK, &OverlayPage { texts, theme: theme.unwrap_or(THEMES[0]) })?
        }
        Err(problem) => absent(texts, &problem)?,
    };
    Ok(private(response))
}

/// The page of an address that does not work, or of which nothing can be known now.
fn absent(texts: Texts, problem: &Problem) -> Result<Response, Problem> {
    problem.log();
    let status = problem.status();
    show_as(status, &AbsentPage { texts, comes_back: status != StatusCode::NOT_FOUND })
}

/// The address is a secret: it is neither kept nor told to anybody.
fn private(response: Response) -> Response {
    let mut response = secure(response);
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}
