//! The game master's own rules of what is critical.

mod types;

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Done, Listed};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use types::{RuleInput, RuleView};
use uuid::Uuid;

/// The routes of criticality rules.
pub(super) struct CriticalityRulesApi;

#[OpenApi]
impl CriticalityRulesApi {
    /// The rules, in the order in which they are tried: the highest priority first, then the
    /// oldest.
    #[oai(
        path = "/campaigns/:campaign/criticality-rules",
        method = "get",
        tag = "Tag::Table",
        operation_id = "listCriticalityRules"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<Listed<RuleView>> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let rules = services.core.ports().queries.criticality_rules(campaign.id).await?;
        Ok(Json(Listed::whole(rules.into_iter().map(RuleView::from).collect())))
    }

    /// Adds a rule; it judges the rolls that come from now on.
    ///
    /// The first rule that matches decides, before the table of the game system; the system's own
    /// verdict goes before both. Damage rolls are never critical. At most 100 rules per campaign.
    #[oai(
        path = "/campaigns/:campaign/criticality-rules",
        method = "post",
        tag = "Tag::Table",
        operation_id = "addCriticalityRule"
    )]
    async fn add(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<RuleInput>,
    ) -> Result<Created<RuleView>, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let (actor, draft) = (caller.actor(), body.0.try_into()?);
        let rule = services.core.add_criticality_rule(&actor, campaign.id, draft).await?;
        Ok(Created::Created(Json(rule.into())))
    }

    /// Takes a rule away; what was made of rolls that came before stays.
    #[oai(
        path = "/campaigns/:campaign/criticality-rules/:rule",
        method = "delete",
        tag = "Tag::Table",
        operation_id = "removeCriticalityRule"
    )]
    async fn remove(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        rule: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let (actor, rule) = (caller.actor(), rule.0.into());
        services.core.remove_criticality_rule(&actor, campaign.id, rule).await?;
        Ok(Done::Done)
    }
}
