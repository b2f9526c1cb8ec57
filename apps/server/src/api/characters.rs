//! Characters, and whose rolls theirs are.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Listed};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::{Services, Shared};
use gamification_core::campaign::{Character, CharacterKind};
use gamification_core::ids::{CampaignId, CharacterId};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

/// The routes about characters.
pub(super) struct CharactersApi;

#[OpenApi]
impl CharactersApi {
    /// The characters that the table has reported, ordered by name.
    #[oai(
        path = "/campaigns/:campaign/characters",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "listCharacters"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<Listed<CharacterView>> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let characters = services.core.ports().queries.characters(campaign.id).await?;
        Ok(Json(Listed::whole(characters.into_iter().map(CharacterView::from).collect())))
    }

    /// Says which streamer a character's rolls belong to.
    ///
    /// Goals that are running and rolls that were seen stay as they are.
    #[oai(
        path = "/characters/:character/assignment",
        method = "put",
        tag = "Tag::Characters",
        operation_id = "assignCharacter"
    )]
    async fn assign(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        character: Path<Uuid>,
        body: Input<AssignmentInput>,
    ) -> Answer<CharacterView> {
        let character = character.0.into();
        let campaign = campaign_of(&services, character).await?;
        caller.require_gm(campaign).await.map_err(|problem| problem.hide_as("character"))?;
        let streamer: Option<Option<Uuid>> = body.0.streamer_id.into();
        let streamer = streamer.ok_or_else(|| {
            Problem::ill_formed_field("streamerId", "is missing; null takes the character back")
        })?;
        let (actor, streamer) = (caller.actor(), streamer.map(Into::into));
        let character = services.core.assign_character(&actor, character, streamer).await?;
        Ok(Json(character.into()))
    }
}

/// The campaign of a character. The transaction writes nothing; it is the only way to read one
/// character by its key.
async fn campaign_of(services: &Services, id: CharacterId) -> Result<CampaignId, Problem> {
    let mut unit = services.core.ports().store.begin().await?;
    let character = unit.campaigns().character(id).await?;
    let character = character.ok_or_else(|| Problem::not_found("character"))?;
    Ok(character.campaign_id)
}

/// Whose a character is.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Assignment", rename_all = "camelCase")]
struct AssignmentInput {
    /// The streamer whose rolls the character's are; `null` for nobody. It may not be left out.
    streamer_id: MaybeUndefined<Uuid>,
}

/// An actor of the VTT.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Character", rename_all = "camelCase", skip_serializing_if_is_none)]
struct CharacterView {
    /// Our key.
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The VTT's key.
    vtt_actor_id: String,
    /// Its name at the table.
    name: String,
    /// What kind it is.
    kind: CharacterKindName,
    /// The streamer whose rolls these are; absent when it is nobody's.
    assigned_streamer_id: Option<Uuid>,
    /// What the table told of it: hit points, spells.
    details: Value,
}

/// What kind of actor a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "CharacterKind", rename_all = "snake_case")]
pub(super) enum CharacterKindName {
    /// A player's.
    Pc,
    /// The game master's.
    Npc,
    /// The game master's, hostile.
    Monster,
}

impl From<CharacterKind> for CharacterKindName {
    fn from(kind: CharacterKind) -> Self {
        match kind {
            CharacterKind::Pc => Self::Pc,
            CharacterKind::Npc => Self::Npc,
            CharacterKind::Monster => Self::Monster,
        }
    }
}

impl From<Character> for CharacterView {
    fn from(character: Character) -> Self {
        Self {
            id: character.id.0,
            campaign_id: character.campaign_id.0,
            vtt_actor_id: character.vtt_actor_id.0,
            name: character.name,
            kind: character.kind.into(),
            assigned_streamer_id: character.assigned_streamer_id.map(|id| id.0),
            details: serde_json::to_value(character.details).unwrap_or_default(),
        }
    }
}
