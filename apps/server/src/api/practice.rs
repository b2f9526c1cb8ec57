//! Trying a campaign out with the sandbox Twitch: viewers who click, a table that rolls.

mod simulation;

use super::Tag;
use super::input::Input;
use super::types::{Answer, Done};
use crate::auth::Caller;
use crate::practice_table::{PracticeRoll, WORLD_NAME};
use crate::problem::Problem;
use crate::services::{Services, Shared};
use crate::simulate::{self, sandbox};
use gamification_core::ids::CampaignId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use simulation::{Simulated, SimulationInput, Wish};
use uuid::Uuid;

/// The routes of practice.
pub(super) struct PracticeApi;

#[OpenApi]
impl PracticeApi {
    /// Has viewers redeem at the sandbox Twitch, or the practice table roll. What comes of it shows
    /// where it always shows: a click that Twitch took may still be refused by the rules.
    ///
    /// Clicks on the own channel are for its streamer too. 404 with another Twitch.
    #[oai(
        path = "/campaigns/:campaign/simulate",
        method = "post",
        tag = "Tag::Practice",
        operation_id = "simulate"
    )]
    async fn simulate(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<SimulationInput>,
    ) -> Answer<Simulated> {
        let campaign: CampaignId = campaign.0.into();
        let seat = caller.require_member(campaign).await?;
        sandbox(&services)?;
        match body.0.wish()? {
            Wish::Clicks(clicks) => {
                caller.require_gm_or_streamer(campaign, clicks.streamer).await?;
                let clicked = simulate::click(&services, seat.campaign.id, clicks).await?;
                Ok(Json(clicked.into()))
            }
            Wish::Roll(roll) => {
                caller.require_gm(campaign).await?;
                let rolled = simulate::roll(&services, campaign, &caller.actor(), roll).await?;
                Ok(Json(rolled.into()))
            }
        }
    }

    /// The practice table and its last rolls.
    #[oai(
        path = "/campaigns/:campaign/practice-table",
        method = "get",
        tag = "Tag::Practice",
        operation_id = "getPracticeTable"
    )]
    async fn get(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<PracticeTableView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        shown(&services, campaign.id)
    }

    /// Sets up a scripted table that is paired with the campaign, plays a character for every
    /// streamer and carries commands out. It is gone when the server ends; ask again then.
    ///
    /// 404 with another Twitch than the sandbox, 409 when another world serves the campaign.
    #[oai(
        path = "/campaigns/:campaign/practice-table",
        method = "post",
        tag = "Tag::Practice",
        operation_id = "startPracticeTable"
    )]
    async fn start(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<PracticeTableView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let tables = sandbox(&services)?.practice_tables();
        tables.start(&services, &campaign, &caller.actor()).await?;
        shown(&services, campaign.id)
    }

    /// Takes the practice table down, and its pairing away. Doing it twice is the same as once.
    #[oai(
        path = "/campaigns/:campaign/practice-table",
        method = "delete",
        tag = "Tag::Practice",
        operation_id = "stopPracticeTable"
    )]
    async fn stop(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let tables = sandbox(&services)?.practice_tables();
        tables.stop(&services, campaign.id, &caller.actor()).await?;
        Ok(Done::Done)
    }
}

fn shown(services: &Services, campaign: CampaignId) -> Answer<PracticeTableView> {
    let rolls = sandbox(services)?.practice_tables().rolls(campaign);
    let state = match &rolls {
        Some(_) => PracticeTableState::Connected,
        None => PracticeTableState::Off,
    };
    let rolls = rolls.unwrap_or_default().into_iter().map(PracticeRollView::from).collect();
    Ok(Json(PracticeTableView { state, world_name: WORLD_NAME.to_owned(), rolls }))
}

/// A scripted table, for practice.
#[derive(Debug, Clone, Object)]
#[oai(rename = "PracticeTable", rename_all = "camelCase")]
struct PracticeTableView {
    /// Whether it is there.
    state: PracticeTableState,
    /// What its world is called.
    world_name: String,
    /// Its last ten rolls since it was set up, newest first.
    rolls: Vec<PracticeRollView>,
}

/// Whether a practice table is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum PracticeTableState {
    /// It is not.
    Off,
    /// It is connected.
    Connected,
}

/// A roll at the practice table.
#[derive(Debug, Clone, Object)]
#[oai(rename = "PracticeRoll", rename_all = "camelCase")]
pub(super) struct PracticeRollView {
    /// What was rolled.
    formula: String,
    /// Who rolled.
    character_name: String,
    /// What the first die showed.
    original: i64,
    /// What it shows now.
    shown: i64,
    /// Whether viewers have turned it.
    inverted: bool,
    /// Whether only the game master sees it.
    is_hidden: bool,
}

impl From<PracticeRoll> for PracticeRollView {
    fn from(roll: PracticeRoll) -> Self {
        let PracticeRoll {
            formula, character_name, original, shown, is_inverted, is_hidden, ..
        } = roll;
        Self { formula, character_name, original, shown, inverted: is_inverted, is_hidden }
    }
}
