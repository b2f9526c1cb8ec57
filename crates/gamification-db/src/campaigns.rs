//! Games and who takes part in them.

use crate::characters;
use crate::codec::{from_json, from_word, micros, to_json, to_moment, to_word};
use crate::error::{Stored, contention, store_error};
use crate::page::{self, Place};
use crate::rows;
use crate::unit::Unit;
use crate::users;
use async_trait::async_trait;
use gamification_core::campaign::{Campaign, Character, Membership, MembershipStatus};
use gamification_core::ids::{CampaignId, CharacterId, StreamerId, UserId, VttActorId};
use gamification_core::ports::{
    CampaignRepository, Lock, MemberRow, Page, PageRequest, StoreError,
};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

pub(crate) mod campaign {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "campaigns")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) owner_id: Uuid,
        pub(crate) name: String,
        pub(crate) game_system: Option<String>,
        pub(crate) gm_character_id: Option<Uuid>,
        pub(crate) session: String,
        pub(crate) policies: String,
        pub(crate) is_panicked: bool,
        pub(crate) is_deleting: bool,
        pub(crate) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod membership {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) streamer_id: Uuid,
        pub(crate) status: String,
        pub(crate) authorised_until: Option<i64>,
        pub(crate) has_chat_notices: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(campaign: &Campaign) -> Stored<campaign::Model> {
    Ok(campaign::Model {
        id: campaign.id.0,
        owner_id: campaign.owner_id.0,
        name: campaign.name.clone(),
        game_system: campaign.game_system.clone(),
        gm_character_id: campaign.gm_character_id.map(|id| id.0),
        session: to_json(&campaign.session)?,
        policies: to_json(&campaign.policies)?,
        is_panicked: campaign.is_panicked,
        is_deleting: campaign.is_deleting,
        created_at: campaign.created_at.as_micros(),
    })
}

fn from_row(row: campaign::Model) -> Stored<Campaign> {
    Ok(Campaign {
        id: CampaignId(row.id),
        owner_id: UserId(row.owner_id),
        name: row.name,
        game_system: row.game_system,
        gm_character_id: row.gm_character_id.map(CharacterId),
        session: from_json("campaigns.session", &row.session)?,
        policies: from_json("campaigns.policies", &row.policies)?,
        is_panicked: row.is_panicked,
        is_deleting: row.is_deleting,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

fn to_membership(row: membership::Model) -> Stored<Membership> {
    Ok(Membership {
        campaign_id: CampaignId(row.campaign_id),
        streamer_id: StreamerId(row.streamer_id),
        status: from_word("memberships.status", &row.status)?,
        authorised_until: to_moment(row.authorised_until),
        has_chat_notices: row.has_chat_notices,
    })
}

pub(crate) async fn get(
    c: &impl ConnectionTrait,
    id: CampaignId,
    lock: Lock,
) -> Stored<Option<Campaign>> {
    let found = rows::locked(campaign::Entity::find_by_id(id.0), lock);
    rows::first(c, found).await?.map(from_row).transpose()
}

async fn ids_of(c: &impl ConnectionTrait, only_deleting: bool) -> Stored<Vec<CampaignId>> {
    let mut found = campaign::Entity::find().select_only().column(campaign::Column::Id);
    if only_deleting {
        found = found.filter(campaign::Column::IsDeleting.eq(true));
    }
    let ids = found.order_by_asc(campaign::Column::Id).into_tuple::<uuid::Uuid>();
    Ok(ids.all(c).await.map_err(store_error)?.into_iter().map(CampaignId).collect())
}

pub(crate) async fn all_ids(c: &impl ConnectionTrait) -> Stored<Vec<CampaignId>> {
    ids_of(c, false).await
}

/// The campaigns in which that person leads or takes part, newest first.
pub(crate) async fn of_user(
    c: &impl ConnectionTrait,
    user: UserId,
    request: &PageRequest,
) -> Stored<Page<Campaign>> {
    let joined = Query::select()
        .column(membership::Column::CampaignId)
        .from(membership::Entity)
        .and_where(membership::Column::StreamerId.eq(user.0))
        .and_where(membership::Column::Status.ne(to_word(&MembershipStatus::Left)?))
        .take();
    let theirs = Condition::any()
        .add(campaign::Column::OwnerId.eq(user.0))
        .add(campaign::Column::Id.in_subquery(joined));
    let list = format!("campaigns.{user}");
    let after = match page::place(&list, request)? {
        Some(place) => Some((place.micros, page::uuid_of(&place)?.into())),
        None => None,
    };
    let order = (campaign::Column::CreatedAt, campaign::Column::Id);
    let found = campaign::Entity::find().filter(theirs);
    let found = rows::newest(c, found, order, request, after).await?;
    let campaigns = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    Ok(page::page_of(&list, request, campaigns, |campaign| Place {
        micros: campaign.created_at.as_micros(),
        key: campaign.id.to_string(),
    }))
}

pub(crate) async fn membership(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    streamer: StreamerId,
) -> Stored<Option<Membership>> {
    let found = membership::Entity::find_by_id((campaign.0, streamer.0));
    rows::first(c, found).await?.map(to_membership).transpose()
}

async fn memberships(c: &impl ConnectionTrait, campaign: CampaignId) -> Stored<Vec<Membership>> {
    let found = membership::Entity::find()
        .filter(membership::Column::CampaignId.eq(campaign.0))
        .order_by_asc(membership::Column::StreamerId);
    rows::all(c, found).await?.into_iter().map(to_membership).collect()
}

/// The members who have not left, with who they are, ordered by login.
pub(crate) async fn members(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Stored<Vec<MemberRow>> {
    let mut memberships = memberships(c, campaign).await?;
    memberships.retain(|membership| membership.status != MembershipStatus::Left);
    let ids: Vec<UserId> = memberships.iter().map(|m| m.streamer_id.into()).collect();
    let people = users::get_many(c, &ids).await?;
    let mut people: HashMap<_, _> = people.into_iter().map(|user| (user.id, user)).collect();
    let mut members = Vec::with_capacity(memberships.len());
    for membership in memberships {
        let user = people
            .remove(&membership.streamer_id.into())
            .ok_or_else(|| StoreError::Corrupt(format!("no user {}", membership.streamer_id)))?;
        members.push(MemberRow { membership, user });
    }
    members.sort_by(|a, b| a.user.login.cmp(&b.user.login));
    Ok(members)
}

#[async_trait]
impl CampaignRepository for Unit {
    async fn get(&mut self, id: CampaignId, lock: Lock) -> Stored<Option<Campaign>> {
        get(self.tx(), id, lock).await
    }

    async fn insert(&mut self, campaign: &Campaign) -> Stored<()> {
        let row = to_row(campaign)?;
        if rows::insert_new::<campaign::Entity, _>(self.tx(), row).await? {
            return Ok(());
        }
        Err(StoreError::AlreadyExists(format!("campaign {}", campaign.id)))
    }

    async fn update(&mut self, campaign: &Campaign) -> Stored<()> {
        rows::replace::<campaign::Entity, _>(self.tx(), to_row(campaign)?).await
    }

    async fn delete(&mut self, id: CampaignId) -> Stored<()> {
        // What belongs to it goes with it, by the foreign keys.
        let deleted = campaign::Entity::delete_by_id(id.0).exec(self.tx()).await;
        if deleted.map_err(store_error)?.rows_affected == 1 {
            return Ok(());
        }
        Err(contention("the campaign"))
    }

    async fn deleting(&mut self) -> Stored<Vec<CampaignId>> {
        ids_of(self.tx(), true).await
    }

    async fn membership(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Stored<Option<Membership>> {
        membership(self.tx(), campaign, streamer).await
    }

    async fn memberships(&mut self, campaign: CampaignId) -> Stored<Vec<Membership>> {
        memberships(self.tx(), campaign).await
    }

    async fn save_membership(&mut self, membership: &Membership) -> Stored<()> {
        let row = membership::Model {
            campaign_id: membership.campaign_id.0,
            streamer_id: membership.streamer_id.0,
            status: to_word(&membership.status)?,
            authorised_until: micros(membership.authorised_until),
            has_chat_notices: membership.has_chat_notices,
        };
        rows::upsert::<membership::Entity, _>(self.tx(), row).await
    }

    async fn character(&mut self, id: CharacterId) -> Stored<Option<Character>> {
        characters::get(self.tx(), id).await
    }

    async fn character_of_actor(
        &mut self,
        campaign: CampaignId,
        actor: &VttActorId,
    ) -> Stored<Option<Character>> {
        characters::of_actor(self.tx(), campaign, actor).await
    }

    async fn characters(&mut self, campaign: CampaignId) -> Stored<Vec<Character>> {
        characters::of_campaign(self.tx(), campaign).await
    }

    async fn has_character(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> Stored<bool> {
        characters::has_character(self.tx(), campaign, streamer, gm_character).await
    }

    async fn delete_character(&mut self, id: CharacterId) -> Stored<()> {
        characters::delete(self.tx(), id).await
    }

    async fn save_character(&mut self, character: &Character) -> Stored<()> {
        characters::save(self.tx(), character).await
    }
}
