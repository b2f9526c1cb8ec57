//! `/overlay/{token}`: what a streamer shows on the stream, for whoever knows its address. Nobody
//! signs in. Whatever goes wrong, the page stays transparent: it lies over somebody's video.

use super::assets;
use super::language::asked_for;
use super::page::{address, secure, show_as};
use super::texts::{Said, Texts};
use crate::auth::sha256_hex;
use crate::problem::Problem;
use crate::services::Shared;
use crate::stream::working_overlay;
use askama::Template;
use gamification_core::ports::Queries;
use gamification_core::preferences::{Language, OverlayLook, OverlayTheme};
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Data, Path, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "overlay.html")]
struct OverlayPage {
    texts: Texts,
    theme: OverlayTheme,
    /// Where the streamer's own rules are, which come last.
    own_style: Option<String>,
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
        let theme = format!("overlay/themes/{}.css", self.theme.name());
        let parts = parts.into_iter().map(|part| format!("overlay/{part}.css"));
        let ours = parts.chain([theme]).map(|name| assets::address(&name));
        ours.chain(self.own_style.clone()).collect()
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
pub(super) async fn show_overlay(
    services: Data<&Shared>,
    request: &Request,
    Path(token): Path<String>,
    Query(query): Query<LookQuery>,
) -> Result<Response, Problem> {
    let queries = &services.core.ports().queries;
    let asked = query.lang.as_deref().and_then(Language::of_tag);
    let response = match look_of(&**queries, &token).await {
        Ok(look) => {
            let language = asked.or(look.language).unwrap_or_else(|| asked_for(request));
            let theme = query.theme.as_deref().and_then(OverlayTheme::of_name);
            let page = OverlayPage {
                texts: Texts::of(language),
                theme: theme.unwrap_or(look.theme),
                own_style: look.custom_css.map(|css| style_address(&token, &css)),
            };
            show_as(StatusCode::OK, &page)?
        }
        Err(problem) => absent(Texts::of(asked.unwrap_or_else(|| asked_for(request))), &problem)?,
    };
    Ok(private(response))
}

/// `GET /overlay/{token}/style.css`: the streamer's own rules, which were checked when they were
/// saved; they can load nothing.
#[handler]
pub(super) async fn show_style(
    services: Data<&Shared>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let look = look_of(&*services.core.ports().queries, &token).await?;
    let css = look.custom_css.ok_or_else(|| Problem::not_found("style"))?;
    let answer = Response::builder().content_type("text/css; charset=utf-8");
    Ok(private(answer.body(css)))
}

/// How the streamer of that overlay wants it to look.
///
/// # Errors
/// 404 when the address does not work (any more).
async fn look_of(queries: &dyn Queries, token: &str) -> Result<OverlayLook, Problem> {
    let overlay = working_overlay(queries, token).await?;
    let chosen = queries.preferences(overlay.streamer_id.into()).await?;
    Ok(chosen.map(|chosen| chosen.overlay).unwrap_or_default())
}

/// The address of the streamer's rules; it changes with them.
fn style_address(token: &str, css: &str) -> String {
    address(&format!("/overlay/{token}/style.css"), &[("v", &sha256_hex(css.as_bytes())[..16])])
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
