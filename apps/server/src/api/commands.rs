//! What a game master asks the table for directly, and stopping everything.

use super::Tag;
use super::input::Input;
use super::types::{Accepted, Answer};
use super::views::campaign::CampaignView;
use super::views::command::CommandView;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::CommandId;
use gamification_core::validation::limits::{VTT_ID_CHARS, check_text};
use gamification_core::vtt::VttCommand;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes of commands and of panic.
pub(super) struct CommandsApi;

#[OpenApi]
impl CommandsApi {
    /// Stops everything at once: nothing opens, counts, arms, is consumed or sent, and rewards
    /// pause. Clocks run on, and so do refunds and confirmations of what was sent.
    #[oai(
        path = "/campaigns/:campaign/panic",
        method = "post",
        tag = "Tag::Table",
        operation_id = "startPanic"
    )]
    async fn panic(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<CampaignView> {
        set_panic(&services, &caller, campaign.0, true).await
    }

    /// Lets everything go on.
    #[oai(
        path = "/campaigns/:campaign/panic",
        method = "delete",
        tag = "Tag::Table",
        operation_id = "endPanic"
    )]
    async fn resume(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<CampaignView> {
        set_panic(&services, &caller, campaign.0, false).await
    }

    /// Takes every effect at the table away. It works in a panic too.
    #[oai(
        path = "/campaigns/:campaign/vtt/cleanup",
        method = "post",
        tag = "Tag::Table",
        operation_id = "cleanUpTable"
    )]
    async fn clean_up(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<CleanUp>,
    ) -> Result<Accepted<CommandView>, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let cleans_chat = body.0.clean_chat.unwrap_or_default();
        let command = services.core.clean_up_table(&caller.actor(), campaign, cleans_chat).await?;
        Ok(Accepted::Accepted(Json(command.into())))
    }

    /// Has the table tell its characters anew.
    #[oai(
        path = "/campaigns/:campaign/vtt/sync",
        method = "post",
        tag = "Tag::Table",
        operation_id = "synchroniseTable"
    )]
    async fn synchronise(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<Synchronise>,
    ) -> Result<Accepted<CommandView>, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?.id;
        let actor_id = body.0.actor_id;
        if let Some(actor_id) = &actor_id {
            let checked = check_text("actorId", actor_id, &VTT_ID_CHARS);
            checked.map_err(|error| Problem::invalid(vec![error]))?;
        }
        let character = actor_id.map(Into::into);
        let command =
            services.core.request_table_sync(&caller.actor(), campaign, character).await?;
        Ok(Accepted::Accepted(Json(command.into())))
    }

    /// What the table was asked to do, and what it answered.
    #[oai(
        path = "/commands/:command",
        method = "get",
        tag = "Tag::Table",
        operation_id = "getCommand"
    )]
    async fn get(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        command: Path<Uuid>,
    ) -> Answer<CommandView> {
        Ok(Json(own_command(&services, &caller, command.0.into()).await?.into()))
    }

    /// Takes an effect back, with its exact inverse where our module did it. The redemptions stay
    /// as they are.
    #[oai(
        path = "/commands/:command/undo",
        method = "post",
        tag = "Tag::Table",
        operation_id = "undoCommand"
    )]
    async fn undo(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        command: Path<Uuid>,
    ) -> Result<Accepted<CommandView>, Problem> {
        let command = own_command(&services, &caller, command.0.into()).await?;
        let undo = services.core.undo_command(&caller.actor(), command.id).await?;
        Ok(Accepted::Accepted(Json(undo.into())))
    }
}

async fn set_panic(
    services: &Shared,
    caller: &Caller,
    campaign: Uuid,
    is_panicked: bool,
) -> Answer<CampaignView> {
    let campaign = caller.require_gm(campaign.into()).await?.id;
    let campaign = services.core.set_panic(&caller.actor(), campaign, is_panicked).await?;
    Ok(Json(campaign.into()))
}

/// The command, for who leads its campaign.
async fn own_command(
    services: &Shared,
    caller: &Caller,
    id: CommandId,
) -> Result<VttCommand, Problem> {
    let command = services.core.ports().queries.command(id).await?;
    let command = command.ok_or_else(|| Problem::not_found("command"))?;
    let allowed = caller.require_gm(command.campaign_id).await;
    allowed.map_err(|problem| problem.hide_as("command"))?;
    Ok(command)
}

/// What is to be cleaned.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct CleanUp {
    /// Whether our chat messages go too; not unless it is asked for.
    clean_chat: Option<bool>,
}

/// What is to be told anew.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct Synchronise {
    /// Only that actor; all unless it is given.
    actor_id: Option<String>,
}
