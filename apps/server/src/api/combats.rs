//! The fight at the table, as its game master sees it: with everybody who is hidden.

use super::Tag;
use super::characters::CharacterKindName;
use super::types::{Answer, Moment};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::HitPoints;
use gamification_core::vtt::{Combat, Combatant};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The route of combats.
pub(super) struct CombatsApi;

#[OpenApi]
impl CombatsApi {
    /// The combat that runs or is prepared at the campaign's table, with hidden combatants.
    ///
    /// 404 while there is none.
    #[oai(
        path = "/campaigns/:campaign/combat",
        method = "get",
        tag = "Tag::Table",
        operation_id = "getCombat"
    )]
    async fn get(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<CombatView> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let queries = &services.core.ports().queries;
        let none = || Problem::not_found("combat");
        let table = queries.connection_of(campaign.id).await?.ok_or_else(none)?;
        let combat = queries.combat(table.id).await?.ok_or_else(none)?;
        Ok(Json(combat.into()))
    }
}

/// A combat.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Combat", rename_all = "camelCase", skip_serializing_if_is_none)]
struct CombatView {
    /// The VTT's key.
    combat_id: String,
    /// The round, from 1; 0 while it is only prepared.
    round: u32,
    /// Whose turn it is: the place in `combatants`; absent while it is nobody's.
    turn: Option<u32>,
    /// Everybody, in the order of their turns.
    combatants: Vec<CombatantView>,
    /// When it was first heard of.
    started_at: Moment,
    /// When it is over, unless the table says that it goes on.
    ends_at: Option<Moment>,
}

/// Somebody who fights.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Combatant", rename_all = "camelCase", skip_serializing_if_is_none)]
struct CombatantView {
    /// The VTT's key.
    id: String,
    /// The VTT's key of the actor; several combatants may share it.
    actor_id: Option<String>,
    /// The name at the table.
    name: String,
    /// The address of the picture, as the table has it.
    image: Option<String>,
    /// Player's, game master's, or hostile.
    kind: CharacterKindName,
    /// Whether it is out of the fight.
    is_defeated: bool,
    /// Whether players can see it. The published module says so of everybody.
    is_visible: bool,
    /// Whether an effect of ours lasts on it.
    is_affected: bool,
    /// Its hit points, if the table told.
    hit_points: Option<HitPointsView>,
}

/// Hit points; what the game system does not have is absent.
#[derive(Debug, Clone, Object)]
#[oai(rename = "HitPoints", rename_all = "camelCase", skip_serializing_if_is_none)]
struct HitPointsView {
    /// As of now.
    current: Option<i64>,
    /// At best.
    max: Option<i64>,
    /// On top, until they are lost.
    temp: Option<i64>,
}

impl From<Combat> for CombatView {
    fn from(combat: Combat) -> Self {
        Self {
            combat_id: combat.id.0,
            round: combat.round,
            turn: combat.turn,
            combatants: combat.combatants.into_iter().map(CombatantView::from).collect(),
            started_at: combat.started_at.into(),
            ends_at: combat.ends_at.map(Into::into),
        }
    }
}

impl From<Combatant> for CombatantView {
    fn from(combatant: Combatant) -> Self {
        Self {
            id: combatant.id.0,
            actor_id: combatant.actor_id.map(|actor| actor.0),
            name: combatant.name,
            image: combatant.image,
            kind: combatant.kind.into(),
            is_defeated: combatant.is_defeated,
            is_visible: combatant.is_visible,
            is_affected: combatant.is_affected,
            hit_points: combatant.hit_points.map(HitPointsView::from),
        }
    }
}

impl From<HitPoints> for HitPointsView {
    fn from(points: HitPoints) -> Self {
        Self { current: points.current, max: points.max, temp: points.temp }
    }
}
