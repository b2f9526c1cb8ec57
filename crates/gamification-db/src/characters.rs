//! Actors of the VTT.

use crate::codec::{from_json, from_word, to_json, to_word};
use crate::error::{Stored, store_error};
use crate::rows;
use gamification_core::campaign::Character;
use gamification_core::ids::{CampaignId, CharacterId, StreamerId, VttActorId};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

pub(crate) mod character {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "characters")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) vtt_actor_id: String,
        pub(crate) name: String,
        pub(crate) kind: String,
        pub(crate) assigned_streamer_id: Option<Uuid>,
        pub(crate) details: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn from_row(row: character::Model) -> Stored<Character> {
    Ok(Character {
        id: CharacterId(row.id),
        campaign_id: CampaignId(row.campaign_id),
        vtt_actor_id: VttActorId(row.vtt_actor_id),
        name: row.name,
        kind: from_word("characters.kind", &row.kind)?,
        assigned_streamer_id: row.assigned_streamer_id.map(StreamerId),
        details: from_json("characters.details", &row.details)?,
    })
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: CharacterId) -> Stored<Option<Character>> {
    rows::first(c, character::Entity::find_by_id(id.0)).await?.map(from_row).transpose()
}

pub(crate) async fn of_actor(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    actor: &VttActorId,
) -> Stored<Option<Character>> {
    let found = character::Entity::find()
        .filter(character::Column::CampaignId.eq(campaign.0))
        .filter(character::Column::VttActorId.eq(actor.as_str()));
    rows::first(c, found).await?.map(from_row).transpose()
}

/// The campaign's characters, ordered by name.
pub(crate) async fn of_campaign(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Stored<Vec<Character>> {
    let found = character::Entity::find().filter(character::Column::CampaignId.eq(campaign.0));
    let found = rows::all(c, found).await?;
    let mut characters = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    characters.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(characters)
}

/// Whether one is assigned to that streamer, or is that one of the GM's. Details are not read.
pub(crate) async fn has_character(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    streamer: StreamerId,
    gm_character: Option<CharacterId>,
) -> Stored<bool> {
    let mut is_wanted = Condition::any().add(character::Column::AssignedStreamerId.eq(streamer.0));
    if let Some(gm_character) = gm_character {
        is_wanted = is_wanted.add(character::Column::Id.eq(gm_character.0));
    }
    let found = character::Entity::find()
        .select_only()
        .column(character::Column::Id)
        .filter(character::Column::CampaignId.eq(campaign.0))
        .filter(is_wanted)
        .limit(1)
        .into_tuple::<uuid::Uuid>();
    Ok(found.one(c).await.map_err(store_error)?.is_some())
}

pub(crate) async fn delete(c: &impl ConnectionTrait, id: CharacterId) -> Stored<()> {
    let deleted = character::Entity::delete_by_id(id.0).exec(c).await;
    deleted.map(|_| ()).map_err(store_error)
}

pub(crate) async fn save(c: &impl ConnectionTrait, character: &Character) -> Stored<()> {
    let row = character::Model {
        id: character.id.0,
        campaign_id: character.campaign_id.0,
        vtt_actor_id: character.vtt_actor_id.0.clone(),
        name: character.name.clone(),
        kind: to_word(&character.kind)?,
        assigned_streamer_id: character.assigned_streamer_id.map(|id| id.0),
        details: to_json(&character.details)?,
    };
    rows::upsert::<character::Entity, _>(c, row).await
}
