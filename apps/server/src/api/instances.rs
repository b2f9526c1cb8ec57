//! Goals: starting, watching, stopping and confirming them.

mod types;

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Listed, page_request, paged};
use super::views::instance::{InstanceStatusName, InstanceView};
use crate::auth::{Caller, CampaignRole, TableCaller};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::{CampaignId, InstanceId};
use gamification_core::instance::Instance;
use gamification_core::ports::InstanceFilter;
use gamification_core::text::single_spaced;
use gamification_core::validation::check_json;
use gamification_core::validation::limits::{MESSAGE_CHARS, SEARCH_CHARS, check_text};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use serde_json::Value;
use types::{CancelGoal, CancelGoals, CancelledGoals, ExecutionOutcome, FeedTrigger, StartGoal};
use uuid::Uuid;

/// The routes of goals.
pub(super) struct InstancesApi;

#[OpenApi]
impl InstancesApi {
    /// Starts a goal by hand.
    #[oai(
        path = "/campaigns/:campaign/instances",
        method = "post",
        tag = "Tag::Goals",
        operation_id = "startGoal"
    )]
    async fn start(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<StartGoal>,
    ) -> Result<Created<InstanceView>, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let StartGoal { event_id, streamer_id, data } = body.0;
        let (streamer, data) = (streamer_id.map(Into::into), free_json(data)?);
        let (actor, event) = (caller.actor(), event_id.into());
        let goal = services.core.start_goal(&actor, campaign, event, streamer, data).await?;
        Ok(Created::Created(Json(for_gm(&services, &goal))))
    }

    /// The campaign's goals, newest first.
    #[oai(
        path = "/campaigns/:campaign/instances",
        method = "get",
        tag = "Tag::Goals",
        operation_id = "listGoals"
    )]
    #[expect(clippy::too_many_arguments, reason = "one per parameter of the request")]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        /// Only those in that status.
        status: Query<Option<InstanceStatusName>>,
        /// Only those in which that channel takes or took part.
        streamer: Query<Option<Uuid>>,
        /// Only those whose event's slug or name has that in it, in any case of letters; at most
        /// 100 characters.
        search: Query<Option<String>>,
        /// At most that many, 1 to 200; 50 unless it is given.
        limit: Query<Option<u32>>,
        /// Where the last part ended.
        cursor: Query<Option<String>>,
    ) -> Answer<Listed<InstanceView>> {
        let seat = caller.require_member(campaign.0.into()).await?;
        let filter = InstanceFilter {
            status: status.0.map(Into::into),
            streamer: streamer.0.map(Into::into),
            event: None,
            search: searched(search.0)?,
        };
        let given = cursor.0.is_some();
        let request = page_request(limit.0, cursor.0)?;
        let queries = &services.core.ports().queries;
        let page = queries.instances(seat.campaign.id, filter, request).await;
        let shown = |goal: Instance| show(&services, seat.role, &goal);
        Ok(Json(Listed::from_page(paged(page, given)?, shown)))
    }

    /// A goal, with what the table was asked to do where the caller leads the campaign.
    #[oai(
        path = "/instances/:instance",
        method = "get",
        tag = "Tag::Goals",
        operation_id = "getGoal"
    )]
    async fn get(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        instance: Path<Uuid>,
    ) -> Answer<InstanceView> {
        let goal = known_goal(&services, instance.0.into()).await?;
        let seat = caller.require_member(goal.campaign_id).await;
        let seat = seat.map_err(|problem| problem.hide_as("goal"))?;
        let view = show(&services, seat.role, &goal);
        if seat.role != CampaignRole::Gm {
            return Ok(Json(view));
        }
        let queries = &services.core.ports().queries;
        let (commands, undos) =
            (queries.commands(goal.id).await?, queries.undos_of(goal.id).await?);
        Ok(Json(view.with_commands(commands, undos)))
    }

    /// Stops a goal and gives all points back; 409 once its effect was sent to the table.
    ///
    /// A completed goal is stopped too as long as nothing was sent: in the campaign's veto window,
    /// or while no client is at the table.
    #[oai(
        path = "/instances/:instance/cancel",
        method = "post",
        tag = "Tag::Goals",
        operation_id = "cancelGoal"
    )]
    async fn cancel(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        instance: Path<Uuid>,
        body: Input<CancelGoal>,
    ) -> Answer<InstanceView> {
        let goal = known_goal(&services, instance.0.into()).await?;
        let allowed = caller.require_gm(goal.campaign_id).await;
        allowed.map_err(|problem| problem.hide_as("goal"))?;
        let note = body.0.reason;
        if let Some(note) = &note {
            let checked = check_text("reason", note, &MESSAGE_CHARS);
            checked.map_err(|error| Problem::invalid(vec![error]))?;
        }
        let goal = services.core.cancel_goal(&caller.actor(), goal.id, note).await?;
        Ok(Json(for_gm(&services, &goal)))
    }

    /// Stops every goal of the campaign that still collects clicks or waits for its roll.
    #[oai(
        path = "/campaigns/:campaign/instances/cancel",
        method = "post",
        tag = "Tag::Goals",
        operation_id = "cancelGoals"
    )]
    async fn cancel_all(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<CancelGoals>,
    ) -> Answer<CancelledGoals> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let streamer = body.0.streamer_id.map(Into::into);
        let cancelled = services.core.cancel_goals(&caller.actor(), campaign, streamer).await?;
        Ok(Json(CancelledGoals { cancelled }))
    }

    /// Tells what came of a goal's effect, for tables that confirm over HTTP; 404 unless the effect
    /// is awaited of that table.
    #[oai(
        path = "/instances/:instance/execution",
        method = "post",
        tag = "Tag::Goals",
        operation_id = "confirmExecution"
    )]
    async fn confirm(
        &self,
        services: Data<&Shared>,
        table: TableCaller,
        instance: Path<Uuid>,
        body: Input<ExecutionOutcome>,
    ) -> Answer<InstanceView> {
        let ExecutionOutcome { success, message } = body.0;
        let message = message.as_deref().and_then(readable);
        let confirmed =
            services.core.confirm_execution(table.0, instance.0.into(), success, message);
        let goal = confirmed.await?;
        Ok(Json(InstanceView::for_member(&goal, services.core.ports().clock.now())))
    }

    /// Feeds a trigger: every enabled event with a trigger of that type that fires opens a goal.
    #[oai(
        path = "/campaigns/:campaign/triggers/:trigger",
        method = "post",
        tag = "Tag::Goals",
        operation_id = "feedTrigger"
    )]
    async fn feed(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        /// The trigger's type: `custom`, `poll_vote` or any other that is registered.
        trigger: Path<String>,
        body: Input<FeedTrigger>,
    ) -> Result<Created<Listed<InstanceView>>, Problem> {
        let campaign: CampaignId = caller.require_gm(campaign.0.into()).await?.id;
        let FeedTrigger { streamer_id, data } = body.0;
        let (streamer, data) = (streamer_id.map(Into::into), free_json(Some(data))?);
        let (actor, kind) = (caller.actor(), &trigger.0);
        let goals = services.core.feed_trigger(&actor, campaign, kind, streamer, data).await?;
        let goals = goals.iter().map(|goal| for_gm(&services, goal)).collect();
        Ok(Created::Created(Json(Listed::whole(goals))))
    }
}

async fn known_goal(services: &Shared, id: InstanceId) -> Result<Instance, Problem> {
    let goal = services.core.ports().queries.instance(id).await?;
    goal.ok_or_else(|| Problem::not_found("goal"))
}

/// What is looked for, if anything.
fn searched(text: Option<String>) -> Result<Option<String>, Problem> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(text) = &text {
        check_text("search", text, &SEARCH_CHARS)
            .map_err(|error| Problem::ill_formed(vec![error]))?;
    }
    Ok(text)
}

fn show(services: &Shared, role: CampaignRole, goal: &Instance) -> InstanceView {
    match role {
        CampaignRole::Gm => for_gm(services, goal),
        CampaignRole::Streamer | CampaignRole::Invited => {
            InstanceView::for_member(goal, services.core.ports().clock.now())
        }
    }
}

fn for_gm(services: &Shared, goal: &Instance) -> InstanceView {
    InstanceView::for_gm(goal, services.core.ports().clock.now())
}

fn free_json(data: Option<Value>) -> Result<Value, Problem> {
    let data = data.unwrap_or(Value::Null);
    check_json("data", &data).map_err(|error| Problem::invalid(vec![error]))?;
    Ok(data)
}

/// What a table says, as one line of bounded length: points must not hang on how it is written.
/// `None` when it says nothing.
fn readable(message: &str) -> Option<String> {
    let message: String =
        message.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let message: String = single_spaced(&message).chars().take(*MESSAGE_CHARS.end()).collect();
    (!message.is_empty()).then_some(message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn what_a_table_says_becomes_one_bounded_line() {
        assert_eq!(readable(" no\n\tsuch \u{0}actor "), Some("no such actor".to_owned()));
        assert_eq!(readable(" \n\u{7}"), None);
        assert_eq!(readable(&"é".repeat(600)).unwrap().chars().count(), 500);
    }
}
