//! What a click can meet, in the one order that everybody relies on (2-domain §3.2), and what an
//! opening by other means can meet: the same, minus what is about the click itself.

use crate::action::Needs;
use crate::campaign::{Campaign, Membership, VttAwayPolicy};
use crate::event::{CampaignConfig, StreamerConfig};
use crate::ids::StreamerId;
use crate::instance::{Instance, InstanceStatus};
use crate::redemption::{IncomingRedemption, RefusalReason, TwitchRedemptionStatus};
use crate::time::Timestamp;
use crate::vtt::VttPresence;

/// Everything about a goal's surroundings that decides whether it may open or count.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The game.
    pub campaign: &'a Campaign,
    /// The GM's setting of the event.
    pub config: Option<&'a CampaignConfig>,
    /// The streamer's opt-in; for a group goal that nobody clicked, that of any participant.
    pub streamer_config: Option<&'a StreamerConfig>,
    /// The streamer's place in the campaign; likewise.
    pub membership: Option<&'a Membership>,
    /// What the event's action cannot do without.
    pub needs: Needs,
    /// Whether the table can be reached.
    pub vtt: VttPresence,
    /// Whether a combat runs there.
    pub is_in_combat: bool,
    /// Whether the client that acts at the table knows what the action asks for.
    pub is_client_able: bool,
    /// Whether there is a character that the action can be about.
    pub has_character: bool,
    /// The open goal of the scope, not past its deadline.
    pub open_goal: Option<&'a Instance>,
    /// Whether the scope is cooling down.
    pub is_cooling_down: bool,
}

impl Circumstances<'_> {
    /// Whether the client at the table is not one that can do what the action asks for.
    #[must_use]
    pub const fn lacks_module(&self) -> bool {
        self.needs.client_feature.is_some() && !self.is_client_able
    }

    /// Whether nobody is there whom the action could be about. A campaign that never had a table
    /// has no characters either, and is not held to that (docs/decisions/0001).
    #[must_use]
    pub fn lacks_character(&self) -> bool {
        self.needs.character && !self.has_character && self.vtt != VttPresence::NotPaired
    }
}

/// What is about the click itself.
#[derive(Debug, Clone, Copy)]
pub struct ClickFacts<'a> {
    /// The redemption.
    pub redemption: &'a IncomingRedemption,
    /// On whose channel.
    pub streamer_id: StreamerId,
    /// Whether its reward is on its way out.
    pub is_reward_retired: bool,
    /// How long a goal of the event lasts, in seconds.
    pub duration_seconds: u32,
    /// How many clicks of this viewer count already this session.
    pub counted_before: u32,
    /// When it is decided.
    pub now: Timestamp,
}

/// A click that was made longer ago than this, and than a goal lasts, is too old; in seconds.
pub const TOO_OLD_SECONDS: u32 = 600;

/// Whether a click counts.
///
/// # Errors
/// The first reason against it, in the order of 2-domain §3.2.
pub fn admit_click(at: &Circumstances<'_>, click: &ClickFacts<'_>) -> Result<(), RefusalReason> {
    if click.redemption.status != TwitchRedemptionStatus::Unfulfilled {
        return Err(RefusalReason::AlreadyFulfilled);
    }
    if click.is_reward_retired {
        return Err(RefusalReason::RewardRetired);
    }
    check_permissions(at, click.now)?;
    let oldest = click.now.minus_seconds(TOO_OLD_SECONDS.max(click.duration_seconds));
    if click.redemption.redeemed_at < oldest {
        return Err(RefusalReason::TooOld);
    }
    check_table(at)?;
    check_open_goal(at, click.streamer_id)?;
    let limit = at.config.map_or(0, |config| config.max_contributions_per_viewer);
    if limit > 0 && click.counted_before >= limit {
        return Err(RefusalReason::ViewerLimit);
    }
    if at.open_goal.is_none() && at.is_cooling_down {
        return Err(RefusalReason::Cooldown);
    }
    Ok(())
}

/// Whether a goal may open without a click: by a roll, by the GM or by a trigger.
///
/// # Errors
/// The first reason against it. An open goal of the scope is [`RefusalReason::GoalFull`] when it
/// collects clicks or is being executed, [`RefusalReason::GoalArmed`] when it waits for its roll.
pub fn admit_opening(at: &Circumstances<'_>, now: Timestamp) -> Result<(), RefusalReason> {
    check_permissions(at, now)?;
    check_table(at)?;
    match at.open_goal.map(Instance::status) {
        Some(InstanceStatus::Armed) => Err(RefusalReason::GoalArmed),
        Some(_) => Err(RefusalReason::GoalFull),
        None if at.is_cooling_down => Err(RefusalReason::Cooldown),
        None => Ok(()),
    }
}

fn check_permissions(at: &Circumstances<'_>, now: Timestamp) -> Result<(), RefusalReason> {
    if at.campaign.is_panicked {
        return Err(RefusalReason::Panic);
    }
    if at.campaign.in_session_since().is_none() {
        return Err(RefusalReason::SessionEnded);
    }
    if at.campaign.is_deleting || !at.config.is_some_and(|config| config.is_enabled) {
        return Err(RefusalReason::EventDisabled);
    }
    if !at.streamer_config.is_some_and(|config| config.is_enabled) {
        return Err(RefusalReason::StreamerDisabled);
    }
    if !at.membership.is_some_and(|membership| membership.is_authorised(now)) {
        return Err(RefusalReason::NotAuthorised);
    }
    Ok(())
}

fn check_table(at: &Circumstances<'_>) -> Result<(), RefusalReason> {
    if at.needs.combat && !at.is_in_combat {
        return Err(RefusalReason::CombatRequired);
    }
    let refuses = at.campaign.policies.vtt_away == VttAwayPolicy::Refuse;
    if at.needs.vtt_connection && at.vtt == VttPresence::Away && refuses {
        return Err(RefusalReason::VttAway);
    }
    if at.lacks_module() {
        return Err(RefusalReason::ModuleRequired);
    }
    if at.lacks_character() {
        return Err(RefusalReason::CharacterRequired);
    }
    Ok(())
}

fn check_open_goal(at: &Circumstances<'_>, streamer: StreamerId) -> Result<(), RefusalReason> {
    let Some(goal) = at.open_goal else {
        return Ok(());
    };
    match goal.status() {
        InstanceStatus::Armed => Err(RefusalReason::GoalArmed),
        InstanceStatus::Active if goal.participant(streamer).is_none() => {
            Err(RefusalReason::NotParticipating)
        }
        InstanceStatus::Active => Ok(()),
        _ => Err(RefusalReason::GoalFull),
    }
}
