//! What Twitch should show, as a pure function of everything that would refuse a click (P8).

use super::{AbsenceReason, DesiredReward, PauseReason, RewardSpec};
use crate::admission::Circumstances;
use crate::campaign::{MembershipStatus, VttAwayPolicy};
use crate::ids::StreamerId;
use crate::instance::InstanceStatus;
use crate::time::Timestamp;
use crate::vtt::VttPresence;

/// What should be on a channel for one opt-in: redeemable exactly when a redemption would count.
#[must_use]
pub fn desired_reward(
    at: &Circumstances<'_>,
    streamer: StreamerId,
    spec: RewardSpec,
    now: Timestamp,
) -> DesiredReward {
    if let Some(reason) = absence(at) {
        return DesiredReward::Absent(reason);
    }
    match pause(at, streamer, now) {
        Some(reason) => DesiredReward::Paused(reason, spec),
        None => DesiredReward::Active(spec),
    }
}

fn absence(at: &Circumstances<'_>) -> Option<AbsenceReason> {
    if at.campaign.is_deleting {
        return Some(AbsenceReason::CampaignDeleted);
    }
    let Some(membership) = at.membership.filter(|m| m.status == MembershipStatus::Active) else {
        return Some(AbsenceReason::NotAMember);
    };
    if membership.authorised_until.is_none() {
        return Some(AbsenceReason::AuthorisationWithdrawn);
    }
    at.streamer_config.is_none().then_some(AbsenceReason::NeverOptedIn)
}

fn pause(at: &Circumstances<'_>, streamer: StreamerId, now: Timestamp) -> Option<PauseReason> {
    let away =
        at.vtt == VttPresence::Away && at.campaign.policies.vtt_away == VttAwayPolicy::Refuse;
    let reasons = [
        (at.campaign.is_panicked, PauseReason::Panic),
        (at.campaign.in_session_since().is_none(), PauseReason::SessionEnded),
        (!at.config.is_some_and(|c| c.is_enabled), PauseReason::EventDisabled),
        (!at.streamer_config.is_some_and(|c| c.is_enabled), PauseReason::StreamerDisabled),
        (!at.membership.is_some_and(|m| m.is_authorised(now)), PauseReason::AuthorisationNeeded),
        (at.needs.combat && !at.is_in_combat, PauseReason::NoCombat),
        (at.needs.vtt_connection && away, PauseReason::VttAway),
        (at.lacks_module(), PauseReason::ModuleRequired),
        (at.lacks_character(), PauseReason::CharacterRequired),
    ];
    if let Some((_, reason)) = reasons.into_iter().find(|(holds, _)| *holds) {
        return Some(reason);
    }
    match at.open_goal {
        None => at.is_cooling_down.then_some(PauseReason::Cooldown),
        Some(goal) => match goal.status() {
            InstanceStatus::Armed => Some(PauseReason::Armed),
            InstanceStatus::Active if goal.participant(streamer).is_some() => None,
            InstanceStatus::Active => Some(PauseReason::NotParticipating),
            _ => Some(PauseReason::Executing),
        },
    }
}
