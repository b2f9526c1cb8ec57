//! Goals.

mod read;
mod row;

pub(crate) use read::{cooling, get, list, open};

use crate::error::{Stored, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{CampaignId, EventId, InstanceId, StreamerId};
use gamification_core::instance::{Cooldown, GoalScope, Instance};
use gamification_core::ports::{InstanceRepository, Lock};
use gamification_core::time::Timestamp;
use row::{fired_trigger, instance, participant};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
    TryInsertResult, UpdateMany,
};

/// The index that finds these rows wants this very condition, without a parameter.
pub(crate) fn is_open() -> Expr {
    Expr::cust("is_open")
}

fn open_of(campaign: CampaignId, event: Option<EventId>) -> Select<instance::Entity> {
    let open = instance::Entity::find()
        .filter(is_open())
        .filter(instance::Column::CampaignId.eq(campaign.0));
    match event {
        Some(event) => open.filter(instance::Column::EventId.eq(event.0)),
        None => open,
    }
}

/// Goals of the campaign that brought a pause.
fn with_cooldown(campaign: CampaignId) -> UpdateMany<instance::Entity> {
    instance::Entity::update_many()
        .filter(instance::Column::CampaignId.eq(campaign.0))
        .filter(instance::Column::CooldownKind.is_not_null())
        .col_expr(instance::Column::CooldownKind, Expr::val(Option::<String>::None))
        .col_expr(instance::Column::CooldownEndsAt, Expr::val(Option::<i64>::None))
        .col_expr(instance::Column::CooldownEventId, Expr::val(Option::<uuid::Uuid>::None))
}

impl Unit {
    async fn lock_goals(&self, found: Select<instance::Entity>) -> Stored<Vec<Instance>> {
        let found = rows::locked(found.order_by_asc(instance::Column::Id), Lock::Exclusive);
        rows::all(self.tx(), found).await?.into_iter().map(row::from_row).collect()
    }

    async fn end_cooldowns(&self, ended: UpdateMany<instance::Entity>) -> Stored<u64> {
        Ok(ended.exec(self.tx()).await.map_err(store_error)?.rows_affected)
    }
}

#[async_trait]
impl InstanceRepository for Unit {
    async fn insert(&mut self, instance: &Instance) -> Stored<bool> {
        let scope =
            [instance::Column::CampaignId, instance::Column::EventId, instance::Column::ScopeKey];
        let only_one =
            OnConflict::columns(scope).target_and_where(is_open()).do_nothing().to_owned();
        let inserted = instance::Entity::insert(row::to_row(instance)?.into_active_model())
            .on_conflict(only_one)
            .try_insert()
            .exec_without_returning(self.tx())
            .await
            .map_err(store_error)?;
        if !matches!(inserted, TryInsertResult::Inserted(1)) {
            return Ok(false);
        }
        let participants = instance.participants.iter().map(|participant| {
            let row = participant::Model {
                instance_id: instance.id.0,
                streamer_id: participant.streamer_id.0,
            };
            row.into_active_model()
        });
        participant::Entity::insert_many(participants)
            .exec_without_returning(self.tx())
            .await
            .map_err(store_error)?;
        Ok(true)
    }

    async fn lock(&mut self, id: InstanceId) -> Stored<Option<Instance>> {
        Ok(self.lock_goals(instance::Entity::find_by_id(id.0)).await?.pop())
    }

    async fn lock_open(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        scope: GoalScope,
    ) -> Stored<Option<Instance>> {
        let found =
            open_of(campaign, Some(event)).filter(instance::Column::ScopeKey.eq(scope.to_string()));
        Ok(self.lock_goals(found).await?.pop())
    }

    async fn lock_all_open(
        &mut self,
        campaign: CampaignId,
        event: Option<EventId>,
    ) -> Stored<Vec<Instance>> {
        self.lock_goals(open_of(campaign, event)).await
    }

    async fn update(&mut self, instance: &Instance) -> Stored<()> {
        rows::replace::<instance::Entity, _>(self.tx(), row::to_row(instance)?).await
    }

    async fn overdue(&mut self, now: Timestamp, limit: u32) -> Stored<Vec<InstanceId>> {
        let ids = instance::Entity::find()
            .select_only()
            .column(instance::Column::Id)
            .filter(is_open())
            .filter(instance::Column::DeadlineAt.lte(now.as_micros()))
            .order_by_asc(instance::Column::DeadlineAt)
            .order_by_asc(instance::Column::Id)
            .limit(u64::from(limit))
            .into_tuple::<uuid::Uuid>()
            .all(self.tx());
        Ok(ids.await.map_err(store_error)?.into_iter().map(InstanceId).collect())
    }

    async fn cooldown(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        scope: GoalScope,
        now: Timestamp,
    ) -> Stored<Option<Cooldown>> {
        let found = instance::Entity::find()
            .filter(instance::Column::CampaignId.eq(campaign.0))
            .filter(instance::Column::EventId.eq(event.0))
            .filter(instance::Column::ScopeKey.eq(scope.to_string()))
            .filter(row::is_cooling(now))
            .order_by_desc(instance::Column::CompletedAt)
            .order_by_desc(instance::Column::Id);
        let found = rows::first(self.tx(), found).await?;
        Ok(found.map(row::from_row).transpose()?.and_then(|goal| goal.cooldown))
    }

    async fn claim_trigger(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        once_key: &str,
        now: Timestamp,
    ) -> Stored<bool> {
        let fired = fired_trigger::Model {
            campaign_id: campaign.0,
            event_id: event.0,
            once_key: once_key.to_owned(),
            at: now.as_micros(),
        };
        rows::insert_new::<fired_trigger::Entity, _>(self.tx(), fired).await
    }

    async fn release_waiting_cooldowns(
        &mut self,
        campaign: CampaignId,
        waited_for: EventId,
        scope: Option<GoalScope>,
    ) -> Stored<u64> {
        let mut ended =
            with_cooldown(campaign).filter(instance::Column::CooldownEventId.eq(waited_for.0));
        if let Some(scope) = scope {
            ended = ended.filter(instance::Column::ScopeKey.eq(scope.to_string()));
        }
        self.end_cooldowns(ended).await
    }

    async fn clear_cooldowns(
        &mut self,
        campaign: CampaignId,
        event: Option<EventId>,
        streamer: Option<StreamerId>,
    ) -> Stored<u64> {
        let mut ended = with_cooldown(campaign);
        if let Some(event) = event {
            ended = ended.filter(instance::Column::EventId.eq(event.0));
        }
        if let Some(streamer) = streamer {
            let scope = GoalScope::Streamer(streamer).to_string();
            ended = ended.filter(instance::Column::ScopeKey.eq(scope));
        }
        self.end_cooldowns(ended).await
    }
}
