//! The GM's settings of events and the streamers' opt-ins.

use crate::codec::{to_coefficient, to_cost_opt, to_u32, to_u32_opt};
use crate::error::Stored;
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::event::{CampaignConfig, StreamerConfig};
use gamification_core::ids::{CampaignId, EventId, StreamerId};
use gamification_core::ports::{ConfigRepository, Lock};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

pub(crate) mod campaign_config {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "campaign_configs")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) event_id: Uuid,
        pub(crate) is_enabled: bool,
        pub(crate) cost: Option<i64>,
        pub(crate) coefficient_hundredths: Option<i64>,
        pub(crate) minimum_objective: Option<i64>,
        pub(crate) duration_seconds: Option<i64>,
        pub(crate) cooldown_seconds: Option<i64>,
        pub(crate) max_contributions_per_viewer: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod streamer_config {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "streamer_configs")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) streamer_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) event_id: Uuid,
        pub(crate) is_enabled: bool,
        pub(crate) cost_override: Option<i64>,
        pub(crate) switched_off_reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_campaign_config(row: campaign_config::Model) -> Stored<CampaignConfig> {
    Ok(CampaignConfig {
        campaign_id: CampaignId(row.campaign_id),
        event_id: EventId(row.event_id),
        is_enabled: row.is_enabled,
        cost: to_cost_opt("campaign_configs.cost", row.cost)?,
        coefficient: row
            .coefficient_hundredths
            .map(|hundredths| to_coefficient("campaign_configs.coefficient", hundredths))
            .transpose()?,
        minimum_objective: to_u32_opt("campaign_configs.minimum", row.minimum_objective)?,
        duration_seconds: to_u32_opt("campaign_configs.duration", row.duration_seconds)?,
        cooldown_seconds: to_u32_opt("campaign_configs.cooldown", row.cooldown_seconds)?,
        max_contributions_per_viewer: to_u32(
            "campaign_configs.max_contributions_per_viewer",
            row.max_contributions_per_viewer,
        )?,
    })
}

fn to_streamer_config(row: streamer_config::Model) -> Stored<StreamerConfig> {
    Ok(StreamerConfig {
        campaign_id: CampaignId(row.campaign_id),
        streamer_id: StreamerId(row.streamer_id),
        event_id: EventId(row.event_id),
        is_enabled: row.is_enabled,
        cost_override: to_cost_opt("streamer_configs.cost_override", row.cost_override)?,
        switched_off_reason: row.switched_off_reason,
    })
}

/// Every opt-in, ordered by campaign and event.
pub(crate) async fn all_opt_ins(c: &impl ConnectionTrait) -> Stored<Vec<StreamerConfig>> {
    let found = streamer_config::Entity::find()
        .order_by_asc(streamer_config::Column::CampaignId)
        .order_by_asc(streamer_config::Column::EventId)
        .order_by_asc(streamer_config::Column::StreamerId);
    opt_ins(c, found).await
}

/// All settings of the campaign, ordered by event.
pub(crate) async fn of_campaign(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    lock: Lock,
) -> Stored<Vec<CampaignConfig>> {
    let found = campaign_config::Entity::find()
        .filter(campaign_config::Column::CampaignId.eq(campaign.0))
        .order_by_asc(campaign_config::Column::EventId);
    let found = rows::all(c, rows::locked(found, lock)).await?;
    found.into_iter().map(to_campaign_config).collect()
}

/// A streamer's opt-ins in the campaign, ordered by event.
pub(crate) async fn of_streamer(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    streamer: StreamerId,
) -> Stored<Vec<StreamerConfig>> {
    let found = streamer_config::Entity::find()
        .filter(streamer_config::Column::CampaignId.eq(campaign.0))
        .filter(streamer_config::Column::StreamerId.eq(streamer.0))
        .order_by_asc(streamer_config::Column::EventId);
    opt_ins(c, found).await
}

async fn opt_ins(
    c: &impl ConnectionTrait,
    found: Select<streamer_config::Entity>,
) -> Stored<Vec<StreamerConfig>> {
    rows::all(c, found).await?.into_iter().map(to_streamer_config).collect()
}

#[async_trait]
impl ConfigRepository for Unit {
    async fn campaign_config(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        lock: Lock,
    ) -> Stored<Option<CampaignConfig>> {
        let found = campaign_config::Entity::find_by_id((campaign.0, event.0));
        let found = rows::first(self.tx(), rows::locked(found, lock)).await?;
        found.map(to_campaign_config).transpose()
    }

    async fn campaign_configs(
        &mut self,
        campaign: CampaignId,
        lock: Lock,
    ) -> Stored<Vec<CampaignConfig>> {
        of_campaign(self.tx(), campaign, lock).await
    }

    async fn save_campaign_config(&mut self, config: &CampaignConfig) -> Stored<()> {
        let row = campaign_config::Model {
            campaign_id: config.campaign_id.0,
            event_id: config.event_id.0,
            is_enabled: config.is_enabled,
            cost: config.cost.map(|cost| cost.get().into()),
            coefficient_hundredths: config.coefficient.map(|share| share.hundredths().into()),
            minimum_objective: config.minimum_objective.map(Into::into),
            duration_seconds: config.duration_seconds.map(Into::into),
            cooldown_seconds: config.cooldown_seconds.map(Into::into),
            max_contributions_per_viewer: config.max_contributions_per_viewer.into(),
        };
        rows::upsert::<campaign_config::Entity, _>(self.tx(), row).await
    }

    async fn streamer_config(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Stored<Option<StreamerConfig>> {
        let found = streamer_config::Entity::find_by_id((campaign.0, streamer.0, event.0));
        rows::first(self.tx(), found).await?.map(to_streamer_config).transpose()
    }

    async fn streamer_configs(
        &mut self,
        campaign: CampaignId,
        event: EventId,
    ) -> Stored<Vec<StreamerConfig>> {
        let found = streamer_config::Entity::find()
            .filter(streamer_config::Column::CampaignId.eq(campaign.0))
            .filter(streamer_config::Column::EventId.eq(event.0))
            .order_by_asc(streamer_config::Column::StreamerId);
        opt_ins(self.tx(), found).await
    }

    async fn save_streamer_config(&mut self, config: &StreamerConfig) -> Stored<()> {
        let row = streamer_config::Model {
            campaign_id: config.campaign_id.0,
            streamer_id: config.streamer_id.0,
            event_id: config.event_id.0,
            is_enabled: config.is_enabled,
            cost_override: config.cost_override.map(|cost| cost.get().into()),
            switched_off_reason: config.switched_off_reason.clone(),
        };
        rows::upsert::<streamer_config::Entity, _>(self.tx(), row).await
    }
}
