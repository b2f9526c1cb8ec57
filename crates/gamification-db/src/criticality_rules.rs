//! The game masters' own rules of what is critical.

use crate::codec::{from_json, to_json};
use crate::error::{Stored, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::criticality::CampaignRule;
use gamification_core::ids::{CampaignId, CriticalityRuleId};
use gamification_core::ports::{CriticalityRuleRepository, StoreError};
use gamification_core::time::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

mod criticality_rule {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "criticality_rules")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) rule: String,
        pub(crate) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(rule: &CampaignRule) -> Stored<criticality_rule::Model> {
    Ok(criticality_rule::Model {
        id: rule.id.0,
        campaign_id: rule.campaign_id.0,
        rule: to_json(&rule.rule)?,
        created_at: rule.created_at.as_micros(),
    })
}

fn from_row(row: criticality_rule::Model) -> Stored<CampaignRule> {
    Ok(CampaignRule {
        id: CriticalityRuleId(row.id),
        campaign_id: CampaignId(row.campaign_id),
        rule: from_json("criticality_rules.rule", &row.rule)?,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

/// The campaign's rules, the highest priority first, then the oldest.
pub(crate) async fn of_campaign(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Stored<Vec<CampaignRule>> {
    let found = criticality_rule::Entity::find()
        .filter(criticality_rule::Column::CampaignId.eq(campaign.0));
    let found = rows::all(c, found).await?;
    let mut rules = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    CampaignRule::sort(&mut rules);
    Ok(rules)
}

#[async_trait]
impl CriticalityRuleRepository for Unit {
    async fn of_campaign(&mut self, campaign: CampaignId) -> Stored<Vec<CampaignRule>> {
        of_campaign(self.tx(), campaign).await
    }

    async fn insert(&mut self, rule: &CampaignRule) -> Stored<()> {
        let is_new = rows::insert_new::<criticality_rule::Entity, _>(self.tx(), to_row(rule)?);
        if is_new.await? {
            return Ok(());
        }
        Err(StoreError::AlreadyExists(format!("criticality rule {}", rule.id)))
    }

    async fn delete(&mut self, campaign: CampaignId, id: CriticalityRuleId) -> Stored<bool> {
        let deleted = criticality_rule::Entity::delete_by_id(id.0)
            .filter(criticality_rule::Column::CampaignId.eq(campaign.0))
            .exec(self.tx())
            .await
            .map_err(store_error)?;
        Ok(deleted.rows_affected == 1)
    }
}
