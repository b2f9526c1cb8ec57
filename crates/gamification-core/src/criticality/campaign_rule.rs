//! A rule in the campaign whose rolls it judges.

use super::CriticalityRule;
use crate::ids::{CampaignId, CriticalityRuleId};
use crate::time::Timestamp;
use std::cmp::Reverse;

/// A game master's rule, as their campaign keeps it. It is added and removed, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRule {
    /// Its key.
    pub id: CriticalityRuleId,
    /// The campaign; rolls of other ones are none of its business.
    pub campaign_id: CampaignId,
    /// What is critical.
    pub rule: CriticalityRule,
    /// When it was added.
    pub created_at: Timestamp,
}

impl CampaignRule {
    /// Puts rules in the order in which they are tried: the highest priority first, then the
    /// oldest.
    pub fn sort(rules: &mut [Self]) {
        rules.sort_by_key(|rule| (Reverse(rule.rule.priority), rule.created_at, rule.id));
    }
}
