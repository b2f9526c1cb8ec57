//! What things are called in Redis.

use gamification_core::ids::{CampaignId, InstanceId};
use gamification_core::ports::Wakeup;
use uuid::Uuid;

/// How long a pending execution is kept: 24 hours.
pub(crate) const PENDING_SECONDS: u32 = 86_400;

/// Keys and channels below one prefix.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    campaigns: String,
    work: String,
    all: String,
    pending: String,
    nodes: String,
}

impl Names {
    pub(crate) fn with_prefix(prefix: &str) -> Self {
        Self {
            campaigns: format!("{prefix}campaign:"),
            work: format!("{prefix}gamification:work"),
            all: format!("{prefix}gamification:all"),
            pending: format!("{prefix}gamification:pending:"),
            nodes: format!("{prefix}gamification:node:"),
        }
    }

    /// The key of a goal's pending execution.
    pub(crate) fn pending(&self, instance: InstanceId) -> String {
        format!("{}{instance}", self.pending)
    }

    /// The key by which a node shows that it lives and may write.
    pub(crate) fn node(&self, node: Uuid) -> String {
        format!("{}{node}", self.nodes)
    }

    /// The channel that carries that wake-up.
    pub(crate) fn channel(&self, wakeup: Wakeup) -> String {
        match wakeup {
            Wakeup::Campaign(campaign) => format!("{}{campaign}", self.campaigns),
            Wakeup::Work => self.work.clone(),
            Wakeup::All => self.all.clone(),
        }
    }

    /// What a channel tells; `None` when it is none of ours.
    pub(crate) fn wakeup(&self, channel: &str) -> Option<Wakeup> {
        if channel == self.work {
            return Some(Wakeup::Work);
        }
        if channel == self.all {
            return Some(Wakeup::All);
        }
        let campaign = channel.strip_prefix(&self.campaigns)?;
        campaign.parse().ok().map(|id| Wakeup::Campaign(CampaignId(id)))
    }

    /// The channels to listen to by name.
    pub(crate) fn channels(&self) -> Vec<String> {
        vec![self.work.clone(), self.all.clone()]
    }

    /// The pattern of the campaigns' channels.
    pub(crate) fn pattern(&self) -> String {
        format!("{}*", self.campaigns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_named_as_published_and_understood_again() {
        let names = Names::with_prefix("");
        let campaign = Uuid::from_u128(7);
        for (wakeup, channel) in [
            (Wakeup::Campaign(CampaignId(campaign)), format!("campaign:{campaign}")),
            (Wakeup::Work, "gamification:work".to_owned()),
            (Wakeup::All, "gamification:all".to_owned()),
        ] {
            assert_eq!(names.channel(wakeup), channel);
            assert_eq!(names.wakeup(&channel), Some(wakeup));
        }
        assert_eq!(names.pattern(), "campaign:*");
        assert_eq!(names.pending(InstanceId(campaign)), format!("gamification:pending:{campaign}"));
    }

    #[test]
    fn a_channel_of_somebody_else_is_not_understood() {
        let names = Names::with_prefix("ours:");
        for channel in ["", "campaign:", "ours:campaign:x", "theirs:gamification:work"] {
            assert_eq!(names.wakeup(channel), None, "{channel}");
        }
    }
}
