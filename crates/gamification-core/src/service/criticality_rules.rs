//! The game master's own rules of what is critical.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::criticality::{CampaignRule, CriticalityRule, RuleDraft, RuleError};
use crate::ids::{CampaignId, CriticalityRuleId};
use crate::ports::{Lock, UnitOfWork};
use crate::validation::limits::RULES_PER_CAMPAIGN;
use serde_json::json;

impl From<RuleError> for ServiceError {
    fn from(RuleError(errors): RuleError) -> Self {
        Self::Invalid(errors)
    }
}

impl Gamification {
    /// Adds a rule to a campaign. It judges the rolls that come from now on; what was made of
    /// earlier ones stays.
    ///
    /// # Errors
    /// All fields that are wrong; [`Conflict::TooManyRules`]; when the campaign is not there or
    /// being deleted.
    pub async fn add_criticality_rule(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        draft: RuleDraft,
    ) -> Served<CampaignRule> {
        let rule = CriticalityRule::new(draft)?;
        self.retrying(|| Box::pin(self.try_add_rule(actor, campaign, &rule))).await
    }

    async fn try_add_rule(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        rule: &CriticalityRule,
    ) -> Served<CampaignRule> {
        let mut uow = self.ports.store.begin().await?;
        // Two at once would both find room for the last rule.
        self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        if uow.criticality_rules().of_campaign(campaign).await?.len() >= RULES_PER_CAMPAIGN {
            return Err(Conflict::TooManyRules.into());
        }
        let added = CampaignRule {
            id: self.next_id(),
            campaign_id: campaign,
            rule: rule.clone(),
            created_at: self.now(),
        };
        uow.criticality_rules().insert(&added).await?;
        let details = json!({ "ruleId": added.id, "rule": added.rule });
        let action = "criticality_rule.added";
        self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(added)
    }

    /// Takes a rule away; what was made of rolls that came before stays.
    ///
    /// # Errors
    /// When the campaign has no such rule, is not there or being deleted.
    pub async fn remove_criticality_rule(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        rule: CriticalityRuleId,
    ) -> Served<()> {
        self.retrying(|| Box::pin(self.try_remove_rule(actor, campaign, rule))).await
    }

    async fn try_remove_rule(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        id: CriticalityRuleId,
    ) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        if !uow.criticality_rules().delete(campaign, id).await? {
            return Err(ServiceError::NotFound("criticality rule"));
        }
        let details = json!({ "ruleId": id });
        let action = "criticality_rule.removed";
        self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }

    /// The rules that a campaign's rolls are judged by.
    pub(super) async fn rules_of(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
    ) -> Served<Vec<CriticalityRule>> {
        let rules = uow.criticality_rules().of_campaign(campaign).await?;
        Ok(rules.into_iter().map(|rule| rule.rule).collect())
    }
}
