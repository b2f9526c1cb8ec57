//! `/`: what this is, who is signed in, where to go on. `POST /language` chooses the language.

use super::language::set_cookie;
use super::page::{Page, address, go_to, show};
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::services::Shared;
use crate::sign_in::is_local_path;
use askama::Template;
use gamification_core::campaign::Campaign;
use gamification_core::ports::PageRequest;
use gamification_core::preferences::Language;
use gamification_core::preferences::Preferences;
use poem::http::{HeaderValue, header};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

/// How many campaigns are shown.
const CAMPAIGNS_SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    /// Who can be chosen in the sandbox.
    people: Vec<Somebody>,
    /// Where the visitor goes after the sign-in.
    return_to: String,
    /// Whether another page sent the visitor here to sign in.
    was_sent: bool,
    campaigns: Vec<Campaign>,
}

/// Somebody of the sandbox.
struct Somebody {
    login: String,
    name: String,
    is_streamer: bool,
}

#[derive(Deserialize)]
struct HomeQuery {
    #[serde(rename = "return")]
    return_to: Option<String>,
}

impl HomePage {
    /// Where that person of the sandbox signs in; who has a channel lets rewards be made there.
    fn sign_in_as(&self, somebody: &Somebody) -> String {
        let mut query = vec![("as", somebody.login.as_str()), ("return", &self.return_to)];
        if somebody.is_streamer {
            query.push(("for", "streamer"));
        }
        address("/auth/twitch", &query)
    }

    /// Where people sign in with Twitch.
    fn sign_in(&self) -> String {
        address("/auth/twitch", &[("return", &self.return_to)])
    }

    /// Where streamers sign in, who let this server make rewards.
    fn sign_in_as_streamer(&self) -> String {
        address("/auth/twitch", &[("for", "streamer"), ("return", &self.return_to)])
    }

    fn is_led(&self, campaign: &Campaign) -> bool {
        self.page.person.as_ref().is_some_and(|person| person.user.id == campaign.owner_id)
    }
}

/// `GET /`
#[handler]
pub(super) async fn home(
    services: Data<&Shared>,
    visitor: Visitor,
    Query(query): Query<HomeQuery>,
) -> Result<Response, Problem> {
    let return_to = query.return_to.filter(|path| is_local_path(path));
    let was_sent = return_to.is_some();
    let (mut people, mut campaigns) = (Vec::new(), Vec::new());
    match visitor.principal() {
        Some(person) => {
            let request = PageRequest { limit: CAMPAIGNS_SHOWN, cursor: None };
            let queries = &services.core.ports().queries;
            campaigns = queries.campaigns_of(person.user.id, request).await?.items;
        }
        None => people = sandbox_people(&services).await?,
    }
    let page = Page::new(&services, &visitor, visitor.texts.say("home-title"));
    let return_to = return_to.unwrap_or_else(|| "/".to_owned());
    show(&HomePage { page, people, return_to, was_sent, campaigns })
}

/// Who can be chosen; nobody with another Twitch.
#[cfg(feature = "sandbox")]
async fn sandbox_people(services: &Shared) -> Result<Vec<Somebody>, Problem> {
    let Some(sandbox) = &services.sandbox else { return Ok(Vec::new()) };
    let people = sandbox.people().await?.into_iter();
    let somebody = |person: crate::sandbox::SandboxPerson| Somebody {
        login: person.login,
        name: person.display_name,
        is_streamer: person.is_streamer,
    };
    Ok(people.map(somebody).collect())
}

#[cfg(not(feature = "sandbox"))]
async fn sandbox_people(_services: &Shared) -> Result<Vec<Somebody>, Problem> {
    Ok(Vec::new())
}

/// `POST /language`: the browser keeps the choice, and goes back to the page on which it was made. Of
/// who is signed in, we keep it too.
#[handler]
pub(super) async fn choose_language(
    services: Data<&Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let language = Language::of_tag(visitor.submission.text("language"));
    let language = language.ok_or_else(|| Problem::ill_formed_field("language", "en or fr"))?;
    if let Some(person) = visitor.principal() {
        let chosen = services.core.ports().queries.preferences(person.user.id).await?;
        let mut chosen = chosen.unwrap_or_else(|| Preferences::of(person.user.id));
        chosen.language = Some(language);
        services.core.save_preferences(&person.actor(), &chosen).await?;
    }
    let back = visitor.submission.text("return");
    let back = if is_local_path(back) { back } else { "/" };
    let mut response = go_to(back);
    let cookie = HeaderValue::from_str(&set_cookie(language, services.is_https()));
    let cookie = cookie.map_err(|error| Problem::internal(error.to_string()))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
