//! Who looks at a page.

use super::form::Submission;
use super::language::asked_for;
use super::texts::Texts;
use crate::auth::{Principal, signed_in};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::CampaignId;
use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody, Result};
use std::sync::Arc;
use uuid::Uuid;

/// A browser with the person behind it, as far as known. Attached to every request for a page.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Who is signed in.
    principal: Option<Principal>,
    /// What they read.
    pub(crate) texts: Texts,
    /// Path and query of what they asked for.
    pub(crate) address: String,
    /// What they sent with a form.
    pub(crate) submission: Arc<Submission>,
}

impl Visitor {
    /// The visitor that sent the request. A session that has ended counts as none. Who is signed
    /// in and has chosen a language reads that one in every browser.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn of(services: &Shared, request: &Request) -> Result<Self, Problem> {
        let principal = match signed_in(&services.core, request).await {
            Ok(principal) => principal,
            Err(problem) if problem.status() == StatusCode::UNAUTHORIZED => None,
            Err(problem) => return Err(problem),
        };
        let mut visitor = Self { principal, ..Self::unknown(request) };
        if let Some(person) = visitor.principal() {
            let chosen = services.core.ports().queries.preferences(person.user.id).await?;
            if let Some(language) = chosen.and_then(|chosen| chosen.language) {
                visitor.texts = Texts::of(language);
            }
        }
        Ok(visitor)
    }

    /// A visitor of whom nothing can be known now.
    pub(super) fn unknown(request: &Request) -> Self {
        let uri = request.uri();
        let address = uri.path_and_query().map_or("/", |address| address.as_str()).to_owned();
        let texts = Texts::of(asked_for(request));
        Self { principal: None, texts, address, submission: Arc::default() }
    }

    /// Who is signed in.
    pub(crate) const fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// Who is signed in, where somebody has to be.
    ///
    /// # Errors
    /// 401, which sends people to sign in.
    pub(crate) fn person(&self) -> Result<&Principal, Problem> {
        self.principal().ok_or_else(|| Problem::unauthenticated("sign in to see this page"))
    }

    /// Who is signed in, and the campaign, which has to be one that they lead.
    ///
    /// # Errors
    /// 401 as [`person`](Self::person); 403 for the campaign's members, 404 for everybody else.
    pub(crate) async fn game_master(
        &self,
        campaign: Uuid,
    ) -> Result<(&Principal, CampaignId), Problem> {
        let person = self.person()?;
        let campaign = person.require_gm(CampaignId(campaign)).await?;
        Ok((person, campaign.id))
    }
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> Result<Self> {
        let visitor = request.extensions().get::<Self>().cloned();
        visitor.ok_or_else(|| Problem::internal("a page is outside of the door").into())
    }
}
