//! What was rolled at the tables.

use crate::codec::{from_json, to_json, to_u32};
use crate::error::{Stored, corrupt};
use crate::page::{self, Place};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{
    CampaignId, ConnectionId, RollId, StreamerId, VttActorId, VttMessageId,
};
use gamification_core::ports::{Lock, Page, PageRequest, RollFilter, RollRepository};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Attribution, DiceRoll};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

pub(crate) mod roll {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dice_rolls")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) connection_id: Uuid,
        pub(crate) message_id: String,
        pub(crate) roll_index: i64,
        pub(crate) actor_id: Option<String>,
        pub(crate) character_name: String,
        pub(crate) input: String,
        pub(crate) result: i64,
        pub(crate) critical: Option<String>,
        pub(crate) is_hidden: bool,
        pub(crate) attribution: String,
        pub(crate) streamer_id: Option<Uuid>,
        pub(crate) rolled_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const STREAMER: &str = "streamer";
const NOBODY: &str = "nobody";
const PENDING: &str = "pending";

fn from_attribution(attribution: Attribution) -> (&'static str, Option<uuid::Uuid>) {
    match attribution {
        Attribution::Streamer { streamer_id } => (STREAMER, Some(streamer_id.0)),
        Attribution::Nobody => (NOBODY, None),
        Attribution::Pending => (PENDING, None),
    }
}

fn to_attribution(word: &str, streamer: Option<uuid::Uuid>) -> Stored<Attribution> {
    match (word, streamer) {
        (STREAMER, Some(id)) => Ok(Attribution::Streamer { streamer_id: StreamerId(id) }),
        (NOBODY, None) => Ok(Attribution::Nobody),
        (PENDING, None) => Ok(Attribution::Pending),
        _ => Err(corrupt("dice_rolls.attribution", format!("{word:?} with {streamer:?}"))),
    }
}

fn to_row(roll: &DiceRoll) -> Stored<roll::Model> {
    let (attribution, streamer_id) = from_attribution(roll.attribution);
    Ok(roll::Model {
        id: roll.id.0,
        campaign_id: roll.campaign_id.0,
        connection_id: roll.connection_id.0,
        message_id: roll.message_id.0.clone(),
        roll_index: roll.index.into(),
        actor_id: roll.actor_id.as_ref().map(|id| id.0.clone()),
        character_name: roll.character_name.clone(),
        input: to_json(&roll.input)?,
        result: roll.result,
        critical: roll.critical.as_ref().map(to_json).transpose()?,
        is_hidden: roll.is_hidden,
        attribution: attribution.to_owned(),
        streamer_id,
        rolled_at: roll.rolled_at.as_micros(),
    })
}

fn from_row(row: roll::Model) -> Stored<DiceRoll> {
    Ok(DiceRoll {
        id: RollId(row.id),
        campaign_id: CampaignId(row.campaign_id),
        connection_id: ConnectionId(row.connection_id),
        message_id: VttMessageId(row.message_id),
        index: to_u32("dice_rolls.roll_index", row.roll_index)?,
        actor_id: row.actor_id.map(VttActorId),
        character_name: row.character_name,
        input: from_json("dice_rolls.input", &row.input)?,
        result: row.result,
        critical: row.critical.map(|text| from_json("dice_rolls.critical", &text)).transpose()?,
        is_hidden: row.is_hidden,
        attribution: to_attribution(&row.attribution, row.streamer_id)?,
        rolled_at: Timestamp::from_micros(row.rolled_at),
    })
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: RollId) -> Stored<Option<DiceRoll>> {
    rows::first(c, roll::Entity::find_by_id(id.0)).await?.map(from_row).transpose()
}

/// The campaign's rolls, newest first.
pub(crate) async fn list(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    filter: RollFilter,
    request: &PageRequest,
) -> Stored<Page<DiceRoll>> {
    let mut found = roll::Entity::find().filter(roll::Column::CampaignId.eq(campaign.0));
    found = match filter.pending {
        Some(true) => found.filter(roll::Column::Attribution.eq(PENDING)),
        Some(false) => found.filter(roll::Column::Attribution.ne(PENDING)),
        None => found,
    };
    if filter.only_public {
        found = found.filter(roll::Column::IsHidden.eq(false));
    }
    let list = format!("rolls.{campaign}");
    let after = match page::place(&list, request)? {
        Some(place) => Some((place.micros, page::uuid_of(&place)?.into())),
        None => None,
    };
    let order = (roll::Column::RolledAt, roll::Column::Id);
    let found = rows::newest(c, found, order, request, after).await?;
    let rolls = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    Ok(page::page_of(&list, request, rolls, |roll| Place {
        micros: roll.rolled_at.as_micros(),
        key: roll.id.to_string(),
    }))
}

#[async_trait]
impl RollRepository for Unit {
    async fn insert(&mut self, roll: &DiceRoll) -> Stored<bool> {
        rows::insert_new::<roll::Entity, _>(self.tx(), to_row(roll)?).await
    }

    async fn lock(&mut self, id: RollId) -> Stored<Option<DiceRoll>> {
        let found = rows::locked(roll::Entity::find_by_id(id.0), Lock::Exclusive);
        rows::first(self.tx(), found).await?.map(from_row).transpose()
    }

    async fn update(&mut self, roll: &DiceRoll) -> Stored<()> {
        rows::replace::<roll::Entity, _>(self.tx(), to_row(roll)?).await
    }
}
