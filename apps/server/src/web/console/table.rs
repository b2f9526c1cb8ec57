//! `/console/{campaign}/table`: the world that plays the campaign, its characters and its rolls.

mod commands;

#[cfg(feature = "sandbox")]
pub(super) use commands::finish;
pub(super) use commands::{assign, attribute, clean_up, pair, reauthorize, revoke, synchronise};

use super::Frame;
use super::events::enabled_events;
#[cfg(feature = "sandbox")]
use super::practice::practice;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::Attempt;
use crate::web::page::{Page, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::campaign::{Character, CharacterKind};
use gamification_core::criticality::CriticalKind;
use gamification_core::event::Event;
#[cfg(not(feature = "sandbox"))]
use gamification_core::ids::CampaignId;
use gamification_core::ids::StreamerId;
use gamification_core::ports::{MemberRow, PageRequest, RollFilter};
use gamification_core::vtt::{
    Attribution, ClientKind, DiceRoll, VttClient, VttConnection, VttPresence, presence,
};
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// How many rolls are shown.
const ROLLS_SHOWN: u32 = 10;

#[derive(Template)]
#[template(path = "console/table.html")]
struct TablePage {
    page: Page,
    frame: Frame,
    world: Option<World>,
    characters: Vec<Character>,
    members: Vec<MemberRow>,
    rolls: Rolls,
    /// Where Foundry finds our module.
    manifest: String,
    /// A table for practice; `None` with a real Twitch.
    practice: Option<Practice>,
    /// What viewers can be made to click on for practice.
    enabled: Vec<Event>,
    attempt: Attempt,
}

/// A table for practice.
pub(super) struct Practice {
    /// Its last rolls, newest first; `None` while it is not set up.
    pub(super) rolls: Option<Vec<Rolled>>,
    pub(super) clicks_default: u32,
}

/// A roll at a table for practice.
pub(super) struct Rolled {
    pub(super) character_name: String,
    pub(super) formula: String,
    pub(super) original: i64,
    pub(super) shown: i64,
    pub(super) is_inverted: bool,
}

#[derive(Template)]
#[template(path = "console/rolls.html")]
struct RollsPart {
    page: Page,
    frame: Frame,
    members: Vec<MemberRow>,
    rolls: Rolls,
}

/// The campaign's world, and who is connected for it.
struct World {
    connection: VttConnection,
    clients: Vec<VttClient>,
    presence: VttPresence,
}

/// The rolls of the table.
struct Rolls {
    /// Criticals of which somebody has to say whose they are.
    pending: Vec<DiceRoll>,
    newest: Vec<DiceRoll>,
}

/// `GET /console/{campaign}/table`
#[handler]
pub(super) async fn show_table(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    show(&table_page(&services, &visitor, campaign, Attempt::default()).await?)
}

/// `GET /console/{campaign}/rolls`: the part that follows what is rolled.
#[handler]
pub(super) async fn show_rolls(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "table").await?;
    let members = services.core.ports().queries.members(frame.campaign.id).await?;
    let rolls = rolls(&services, &frame).await?;
    show(&RollsPart { page, frame, members, rolls })
}

async fn table_page(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    attempt: Attempt,
) -> Result<TablePage, Problem> {
    let (page, frame) = Frame::of(services, visitor, campaign, "table").await?;
    let (queries, now) = (&services.core.ports().queries, services.core.ports().clock.now());
    let world = match queries.connection_of(frame.campaign.id).await? {
        Some(connection) => Some(World {
            clients: queries.clients(connection.id, now).await?,
            presence: presence(Some(&connection), now),
            connection,
        }),
        None => None,
    };
    let characters = queries.characters(frame.campaign.id).await?;
    let members = queries.members(frame.campaign.id).await?;
    let rolls = rolls(services, &frame).await?;
    let manifest = format!("{}/foundry/module.json", services.public_url);
    let practice = practice(services, frame.campaign.id);
    let enabled = enabled_events(services, frame.campaign.id).await?;
    Ok(TablePage {
        page,
        frame,
        world,
        characters,
        members,
        rolls,
        manifest,
        practice,
        enabled,
        attempt,
    })
}

#[cfg(not(feature = "sandbox"))]
fn practice(_services: &Shared, _campaign: CampaignId) -> Option<Practice> {
    None
}

async fn rolls(services: &Shared, frame: &Frame) -> Result<Rolls, Problem> {
    let queries = &services.core.ports().queries;
    let list = |pending| {
        let filter = RollFilter { pending, only_public: false };
        let request = PageRequest { limit: ROLLS_SHOWN, cursor: None };
        queries.rolls(frame.campaign.id, filter, request)
    };
    Ok(Rolls { pending: list(Some(true)).await?.items, newest: list(None).await?.items })
}

/// The key of the text for what kind of roll it is; `None` for an ordinary one.
fn critical_key(roll: &DiceRoll) -> Option<&'static str> {
    roll.critical.as_ref().map(|critical| match critical.kind {
        CriticalKind::Success => "roll-success",
        CriticalKind::Failure => "roll-failure",
    })
}

/// Whose roll it is.
fn owner<'m>(roll: &DiceRoll, members: &'m [MemberRow]) -> Option<&'m str> {
    let Attribution::Streamer { streamer_id } = roll.attribution else { return None };
    name_of(Some(streamer_id), members)
}

fn name_of(streamer: Option<StreamerId>, members: &[MemberRow]) -> Option<&str> {
    let row = members.iter().find(|row| Some(row.membership.streamer_id) == streamer);
    row.map(|row| row.user.display_name.as_str())
}

impl World {
    /// Key and look of how the table can be reached.
    fn light(&self) -> (&'static str, &'static str) {
        match self.presence {
            _ if self.connection.is_revoked() => ("table-revoked", "bad"),
            VttPresence::Present => ("table-present", "good"),
            VttPresence::Away | VttPresence::NotPaired => ("table-away", "warn"),
        }
    }
}

fn client_key(client: &VttClient) -> &'static str {
    match client.kind {
        ClientKind::OurModule => "client-ours",
        ClientKind::Published => "client-published",
    }
}

fn kind_key(character: &Character) -> &'static str {
    match character.kind {
        CharacterKind::Pc => "character-pc",
        CharacterKind::Npc => "character-npc",
        CharacterKind::Monster => "character-monster",
    }
}
