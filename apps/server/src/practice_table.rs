//! Practice tables: for game masters who try the program without Foundry, with the sandbox Twitch.
//!
//! A practice table is a scripted world in this process that knows the front doors only: it is
//! paired with a code, connects by the socket, tells characters and rolls, and carries out what it is
//! told. It survives no restart; the same world is paired again then.

mod rolls;
mod seat;
pub(crate) mod world;

pub(crate) use rolls::PracticeRoll;
pub(crate) use seat::Throw;

use crate::door::{Door, DoorError};
use crate::problem::Problem;
use crate::services::{Services, Shared};
use crate::tables::note_down;
use gamification_core::access::Actor;
use gamification_core::campaign::{Campaign, MembershipStatus};
use gamification_core::ids::{CampaignId, StreamerId};
use gamification_core::vtt::VttConnection;
use scripted_table::{Script, ScriptedTable};
use seat::{Hero, Seat};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use world::{SYSTEM, World};

/// What practice tables are called.
pub(crate) const WORLD_NAME: &str = "Practice table";
const HEROES: [&str; 6] =
    ["Elda Thornwick", "Brom Halfhand", "Sister Ivo", "Kestrel", "Ghent", "Mirabel"];

/// The practice tables of this process.
pub(crate) struct PracticeTables {
    server_url: String,
    server: Door,
    seats: Mutex<HashMap<CampaignId, Seat>>,
    /// One table is set up or taken down at a time.
    changing: tokio::sync::Mutex<()>,
}

impl PracticeTables {
    /// None yet. They reach this server at that address, without a slash at its end.
    pub(crate) fn at(server_url: &str) -> Result<Self, DoorError> {
        Ok(Self {
            server_url: server_url.to_owned(),
            server: Door::new(server_url, None)?,
            seats: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
        })
    }

    /// The last rolls of the campaign's table, newest first; `None` when it has none.
    pub(crate) fn rolls(&self, campaign: CampaignId) -> Option<Vec<PracticeRoll>> {
        self.seat(campaign).map(|seat| seat.rolls())
    }

    /// Sets a table up, paired as the campaign's game master would pair it, with a character for
    /// every streamer who has none. Where there is one already, it gets the characters that lack.
    ///
    /// # Errors
    /// 409 when another world serves the campaign, 503 when this server cannot be reached.
    pub(crate) async fn start(
        &self,
        services: &Shared,
        campaign: &Campaign,
        actor: &Actor,
    ) -> Result<(), Problem> {
        let _one_at_a_time = self.changing.lock().await;
        let seat = match self.seat(campaign.id) {
            Some(seat) => seat,
            None => self.sit_down(services, campaign, actor).await?,
        };
        introduce_all(services, &seat, campaign.id, actor).await
    }

    /// Gives a character to everybody who has joined since the campaign's table was set up. Without
    /// a table there is nothing to do.
    ///
    /// # Errors
    /// 503 when the store or the table does not answer.
    pub(crate) async fn welcome(
        &self,
        services: &Services,
        campaign: CampaignId,
        actor: &Actor,
    ) -> Result<(), Problem> {
        let _one_at_a_time = self.changing.lock().await;
        match self.seat(campaign) {
            Some(seat) => introduce_all(services, &seat, campaign, actor).await,
            None => Ok(()),
        }
    }

    async fn sit_down(
        &self,
        services: &Shared,
        campaign: &Campaign,
        actor: &Actor,
    ) -> Result<Seat, Problem> {
        let id = world_id(campaign.id);
        if let Some(other) = connection_of(services, campaign.id).await?
            && other.world_id.0 != id
        {
            let detail =
                format!("the campaign has a table: {}; take it off first", other.world_name);
            return Err(Problem::conflict("table-taken", detail));
        }
        let world = World { id: &id, name: WORLD_NAME };
        let code = world.ask(&self.server).await?;
        let paired = services.pairing.claim(&code, campaign.owner_id, Some(campaign.id)).await?;
        note_down(services, actor, &paired, "world.paired").await?;
        let token = world.session_token(&self.server, &code).await?;
        let script = Script::our_module().with_system(SYSTEM);
        let table = ScriptedTable::connect(&self.server_url, &token, script).await;
        let table = table.map_err(|error| Problem::unavailable(error.to_string()))?;
        let seat = Seat::take(table, &services.tasks, services.shutdown.clone());
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.retain(|_, seat| seat.is_connected());
        seats.insert(campaign.id, seat.clone());
        Ok(seat)
    }

    /// Takes the campaign's table down, and its pairing away. Doing it twice is the same as once.
    ///
    /// # Errors
    /// 503 when the store does not answer.
    pub(crate) async fn stop(
        &self,
        services: &Shared,
        campaign: CampaignId,
        actor: &Actor,
    ) -> Result<(), Problem> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(seat) = self.seat(campaign)
            && let Err(problem) = seat.leave().await
        {
            tracing::debug!(%problem, "the practice table had left already");
        }
        let ours = connection_of(services, campaign).await?;
        let Some(ours) = ours.filter(|found| found.world_id.0 == world_id(campaign)) else {
            return Ok(());
        };
        let reason = "the game master took the practice table down";
        services.pairing.revoke(ours.id, reason).await?;
        note_down(services, actor, &ours, "world.revoked").await
    }

    /// Has the campaign's table roll.
    ///
    /// # Errors
    /// 409 when there is no table or the server does not take the roll, 422 for a formula that
    /// cannot be rolled or a face that its first die does not have.
    pub(crate) async fn roll(
        &self,
        campaign: CampaignId,
        throw: Throw,
    ) -> Result<PracticeRoll, Problem> {
        let off = || Problem::conflict("practice-table-off", "set the practice table up first");
        self.seat(campaign).ok_or_else(off)?.roll(throw).await
    }

    fn seat(&self, campaign: CampaignId) -> Option<Seat> {
        let seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.get(&campaign).filter(|seat| seat.is_connected()).cloned()
    }
}

/// A world of its own for every campaign: paired again, it is the same connection.
fn world_id(campaign: CampaignId) -> String {
    format!("practice-{campaign}")
}

async fn connection_of(
    services: &Shared,
    campaign: CampaignId,
) -> Result<Option<VttConnection>, Problem> {
    let found = services.core.ports().queries.connection_of(campaign).await?;
    Ok(found.filter(|connection| !connection.is_revoked()))
}

/// Everybody who takes part and plays nobody gets a character.
async fn introduce_all(
    services: &Services,
    seat: &Seat,
    campaign: CampaignId,
    actor: &Actor,
) -> Result<(), Problem> {
    let queries = &services.core.ports().queries;
    let members = queries.members(campaign).await?;
    let active = members.iter().filter(|m| m.membership.status == MembershipStatus::Active);
    for (number, member) in active.enumerate() {
        let streamer: StreamerId = member.user.id.into();
        let known = queries.characters(campaign).await?;
        if known.iter().any(|character| character.assigned_streamer_id == Some(streamer)) {
            continue;
        }
        let hero = HEROES[number % HEROES.len()];
        let name = format!("{hero} ({})", member.user.display_name);
        let id = format!("practice-{streamer}");
        seat.introduce(Hero { actor: id.clone(), name }).await?;
        let told = queries.characters(campaign).await?;
        let told = told.into_iter().find(|character| character.vtt_actor_id.0 == id);
        let told =
            told.ok_or_else(|| Problem::internal("a character was told and is not there"))?;
        services.core.assign_character(actor, told.id, Some(streamer)).await?;
    }
    Ok(())
}
