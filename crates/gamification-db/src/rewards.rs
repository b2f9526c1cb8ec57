//! What we put on Twitch.

use crate::codec::{
    from_json, from_word, from_word_opt, micros, to_json, to_moment, to_u32, to_word, to_word_opt,
};
use crate::error::{Stored, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{CampaignId, EventId, RewardKey, StreamerId, TwitchRewardId};
use gamification_core::ports::{Lock, RewardRepository};
use gamification_core::reward::Reward;
use gamification_core::time::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select,
    TryInsertResult,
};

pub(crate) mod reward {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "rewards")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key: Uuid,
        pub(crate) twitch_id: Option<String>,
        pub(crate) streamer_id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) event_id: Uuid,
        pub(crate) status: String,
        pub(crate) spec: String,
        pub(crate) paused_because: Option<String>,
        pub(crate) changed_at: i64,
        pub(crate) failed_attempts: i64,
        pub(crate) next_attempt_at: Option<i64>,
        pub(crate) last_error: Option<String>,
        pub(crate) deletion_failed_at: Option<i64>,
        pub(crate) empty_since: Option<i64>,
        pub(crate) created_at: i64,
        pub(crate) retired_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(reward: &Reward) -> Stored<reward::Model> {
    Ok(reward::Model {
        key: reward.key.0,
        twitch_id: reward.twitch_id.as_ref().map(|id| id.0.clone()),
        streamer_id: reward.streamer_id.0,
        campaign_id: reward.campaign_id.0,
        event_id: reward.event_id.0,
        status: to_word(&reward.status)?,
        spec: to_json(&reward.spec)?,
        paused_because: to_word_opt(reward.paused_because.as_ref())?,
        changed_at: reward.changed_at.as_micros(),
        failed_attempts: reward.failed_attempts.into(),
        next_attempt_at: micros(reward.next_attempt_at),
        last_error: reward.last_error.clone(),
        deletion_failed_at: micros(reward.deletion_failed_at),
        empty_since: micros(reward.empty_since),
        created_at: reward.created_at.as_micros(),
        retired_at: micros(reward.retired_at),
    })
}

fn from_row(row: reward::Model) -> Stored<Reward> {
    Ok(Reward {
        key: RewardKey(row.key),
        twitch_id: row.twitch_id.map(TwitchRewardId),
        streamer_id: StreamerId(row.streamer_id),
        campaign_id: CampaignId(row.campaign_id),
        event_id: EventId(row.event_id),
        status: from_word("rewards.status", &row.status)?,
        spec: from_json("rewards.spec", &row.spec)?,
        paused_because: from_word_opt("rewards.paused_because", row.paused_because.as_deref())?,
        changed_at: Timestamp::from_micros(row.changed_at),
        failed_attempts: to_u32("rewards.failed_attempts", row.failed_attempts)?,
        next_attempt_at: to_moment(row.next_attempt_at),
        last_error: row.last_error,
        deletion_failed_at: to_moment(row.deletion_failed_at),
        empty_since: to_moment(row.empty_since),
        created_at: Timestamp::from_micros(row.created_at),
        retired_at: to_moment(row.retired_at),
    })
}

/// The indexes of these rows want these very conditions, without parameters.
fn is_live() -> Expr {
    Expr::cust("status IN ('creating', 'active', 'paused')")
}

fn is_not_deleted() -> Expr {
    Expr::cust("status <> 'deleted'")
}

async fn rewards(c: &impl ConnectionTrait, found: Select<reward::Entity>) -> Stored<Vec<Reward>> {
    rows::all(c, found).await?.into_iter().map(from_row).collect()
}

/// The streamers who have a reward that is not deleted.
pub(crate) fn channels() -> SelectStatement {
    Query::select()
        .column(reward::Column::StreamerId)
        .from(reward::Entity)
        .and_where(is_not_deleted())
        .take()
}

/// Every reward that is not deleted, by key.
pub(crate) async fn not_deleted(c: &impl ConnectionTrait) -> Stored<Vec<Reward>> {
    let found = reward::Entity::find().filter(is_not_deleted()).order_by_asc(reward::Column::Key);
    rewards(c, found).await
}

/// A streamer's rewards of the campaign that are not deleted, oldest first.
pub(crate) async fn of_streamer(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    streamer: StreamerId,
) -> Stored<Vec<Reward>> {
    let found = reward::Entity::find()
        .filter(is_not_deleted())
        .filter(reward::Column::CampaignId.eq(campaign.0))
        .filter(reward::Column::StreamerId.eq(streamer.0))
        .order_by_asc(reward::Column::CreatedAt)
        .order_by_asc(reward::Column::Key);
    rewards(c, found).await
}

#[async_trait]
impl RewardRepository for Unit {
    async fn by_twitch_ids(&mut self, ids: &[TwitchRewardId]) -> Stored<Vec<Reward>> {
        let ids = ids.iter().map(TwitchRewardId::as_str);
        let found = reward::Entity::find().filter(reward::Column::TwitchId.is_in(ids));
        rewards(self.tx(), found).await
    }

    async fn lock(&mut self, key: RewardKey) -> Stored<Option<Reward>> {
        let found = rows::locked(reward::Entity::find_by_id(key.0), Lock::Exclusive);
        rows::first(self.tx(), found).await?.map(from_row).transpose()
    }

    async fn live(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Stored<Option<Reward>> {
        let found = reward::Entity::find()
            .filter(is_live())
            .filter(reward::Column::CampaignId.eq(campaign.0))
            .filter(reward::Column::StreamerId.eq(streamer.0))
            .filter(reward::Column::EventId.eq(event.0));
        rows::first(self.tx(), found).await?.map(from_row).transpose()
    }

    async fn insert(&mut self, reward: &Reward) -> Stored<bool> {
        let opt_in =
            [reward::Column::CampaignId, reward::Column::StreamerId, reward::Column::EventId];
        let only_one =
            OnConflict::columns(opt_in).target_and_where(is_live()).do_nothing().to_owned();
        let inserted = reward::Entity::insert(to_row(reward)?.into_active_model())
            .on_conflict(only_one)
            .try_insert()
            .exec_without_returning(self.tx())
            .await
            .map_err(store_error)?;
        Ok(matches!(inserted, TryInsertResult::Inserted(1)))
    }

    async fn update(&mut self, reward: &Reward) -> Stored<()> {
        rows::replace::<reward::Entity, _>(self.tx(), to_row(reward)?).await
    }
}
