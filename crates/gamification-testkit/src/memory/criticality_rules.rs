use super::state::State;
use super::unit::{MemoryUnit, insert_new};
use async_trait::async_trait;
use gamification_core::criticality::CampaignRule;
use gamification_core::ids::{CampaignId, CriticalityRuleId};
use gamification_core::ports::{CriticalityRuleRepository, StoreError};

type Stored<T> = Result<T, StoreError>;

impl State {
    /// The campaign's rules, in the order in which they are tried.
    pub(super) fn criticality_rules_of(&self, campaign: CampaignId) -> Vec<CampaignRule> {
        let rules = self.criticality_rules.values().filter(|rule| rule.campaign_id == campaign);
        let mut rules: Vec<_> = rules.cloned().collect();
        CampaignRule::sort(&mut rules);
        rules
    }
}

#[async_trait]
impl CriticalityRuleRepository for MemoryUnit {
    async fn of_campaign(&mut self, campaign: CampaignId) -> Stored<Vec<CampaignRule>> {
        Ok(self.read()?.criticality_rules_of(campaign))
    }

    async fn insert(&mut self, rule: &CampaignRule) -> Stored<()> {
        insert_new(&mut self.write()?.criticality_rules, rule.id, rule)
    }

    async fn delete(&mut self, campaign: CampaignId, id: CriticalityRuleId) -> Stored<bool> {
        let rules = &mut self.write()?.criticality_rules;
        let is_there = rules.get(&id).is_some_and(|rule| rule.campaign_id == campaign);
        if is_there {
            rules.remove(&id);
        }
        Ok(is_there)
    }
}
