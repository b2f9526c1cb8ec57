//! The short path from a new campaign to its first goal: what is done, and what is next.

use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::{Campaign, MembershipStatus};
use gamification_core::instance::InstanceStatus;
use gamification_core::ports::{InstanceFilter, MemberRow, PageRequest};
use gamification_core::vtt::{VttPresence, presence};

/// One step. Its texts are `step-<name>` and `step-<name>-hint`.
pub(super) struct Step {
    /// Which.
    pub(super) name: &'static str,
    /// Whether it is done.
    pub(super) is_done: bool,
    /// Where it is done.
    pub(super) address: String,
}

/// The path.
pub(super) struct Setup(Vec<Step>);

impl Setup {
    /// How far the campaign is.
    pub(super) async fn of(
        services: &Shared,
        campaign: &Campaign,
        members: &[MemberRow],
    ) -> Result<Self, Problem> {
        let (queries, now) = (&services.core.ports().queries, services.core.ports().clock.now());
        let configs = queries.campaign_configs(campaign.id).await?;
        let table = queries.connection_of(campaign.id).await?;
        let mut is_offered = false;
        for member in members {
            let streamer = member.membership.streamer_id;
            let offers = queries.streamer_configs(campaign.id, streamer).await?;
            is_offered |=
                offers.iter().any(|offer| offer.is_enabled) && member.membership.is_authorised(now);
        }
        let completed =
            InstanceFilter { status: Some(InstanceStatus::Completed), ..InstanceFilter::default() };
        let one = PageRequest { limit: 1, cursor: None };
        let has_goal = !queries.instances(campaign.id, completed, one).await?.items.is_empty();
        let is_active = |row: &MemberRow| row.membership.status == MembershipStatus::Active;
        let own_channel = members.iter().any(|row| row.user.id == campaign.owner_id);
        let console = format!("/console/{}", campaign.id);
        let channel = format!("/channel/{}", campaign.id);
        let step = |name, is_done, address| Step { name, is_done, address };
        Ok(Self(vec![
            step("people", members.iter().any(is_active), format!("{console}/people")),
            step("event", configs.iter().any(|c| c.is_enabled), format!("{console}/events")),
            step(
                "table",
                presence(table.as_ref(), now) == VttPresence::Present,
                format!("{console}/table"),
            ),
            step(
                "offer",
                is_offered,
                if own_channel { channel } else { format!("{console}/people") },
            ),
            step("goal", has_goal, format!("{console}/table")),
        ]))
    }

    /// Whether nothing is left to do.
    pub(super) fn is_complete(&self) -> bool {
        self.0.iter().all(|step| step.is_done)
    }

    /// The steps, each with whether it is the next one.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&Step, bool)> {
        let next = self.0.iter().position(|step| !step.is_done);
        self.0.iter().enumerate().map(move |(index, step)| (step, Some(index) == next))
    }
}
