//! What streamers offer, and the rewards that viewers see of it.

use crate::api::views::event::ScopeName;
use gamification_core::event::{CampaignConfig, Event, StreamerConfig};
use gamification_core::objective;
use gamification_core::reward::{PauseReason, Reward, RewardStatus};
use gamification_core::service::OfferState;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// An event as one channel offers it, or could.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Offer", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct OfferView {
    /// The event.
    event_id: Uuid,
    /// The event's readable key.
    slug: String,
    /// The event's name.
    name: String,
    /// What the event does.
    description: String,
    /// One goal per channel, or one for all.
    scope: ScopeName,
    /// Whether the game master lets streamers offer it.
    is_available: bool,
    /// Whether the channel offers it.
    is_enabled: bool,
    /// The channel's own price; absent when it has none.
    cost_override: Option<u32>,
    /// What one click costs here.
    effective_cost: u32,
    /// How hard a goal would be here, if it opened now.
    difficulty: DifficultyView,
    /// What came of it.
    status: OfferStatus,
    /// Twitch's id of the reward; absent while there is none.
    reward_id: Option<String>,
    /// The reward that viewers see; absent while there is none.
    reward: Option<RewardView>,
    /// Why it was switched off by something else than the streamer's own choice.
    switched_off_reason: Option<String>,
}

/// What came of an opt-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum OfferStatus {
    /// Viewers can redeem the reward.
    Active,
    /// Viewers see the reward but cannot redeem it now.
    Paused,
    /// Twitch has not answered yet; it is tried again.
    Pending,
    /// Stored, but the streamer has to authorise rewards first.
    AuthorisationNeeded,
    /// Switched off.
    Off,
}

/// How hard a goal is. For a goal of the whole campaign this is the channel's own part.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Difficulty", rename_all = "camelCase", skip_serializing_if_is_none)]
struct DifficultyView {
    /// How many people watch; absent when the channel is offline or Twitch does not tell.
    viewers: Option<u32>,
    /// Share of the audience that has to click.
    objective_coefficient: f64,
    /// Clicks that are needed however small the audience is.
    minimum_objective: u32,
    /// How many clicks that makes.
    objective: u32,
    /// What all of them cost together, in Channel Points.
    total_cost: u64,
    /// How long viewers have for it, in seconds.
    duration: u32,
}

/// A custom reward on Twitch.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Reward", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct RewardView {
    /// Twitch's id of it; absent until Twitch has made it.
    id: Option<String>,
    /// Its title on the channel.
    title: String,
    /// The price that Twitch was last told.
    cost: u32,
    /// Where it stands.
    status: RewardStatusName,
    /// Why viewers cannot redeem it now.
    paused_because: Option<PauseReasonName>,
    /// What Twitch said against it the last time.
    last_error: Option<String>,
}

/// Where a reward stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "RewardStatus", rename_all = "snake_case")]
enum RewardStatusName {
    /// Twitch has not answered yet.
    Creating,
    /// Viewers can redeem it.
    Active,
    /// Visible, but Twitch refuses redemptions.
    Paused,
    /// On its way out.
    Deleting,
    /// Deleting failed; tried again later.
    Orphaned,
    /// Gone.
    Deleted,
}

/// Why a reward cannot be redeemed at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "PauseReason", rename_all = "snake_case")]
enum PauseReasonName {
    /// The game master stopped everything.
    Panic,
    /// The session was ended.
    SessionEnded,
    /// The game master switched the event off.
    EventDisabled,
    /// The streamer switched the event off.
    StreamerDisabled,
    /// The streamer's authorisation ran out.
    AuthorisationNeeded,
    /// The event needs a running combat.
    NoCombat,
    /// The paired VTT is not connected.
    VttAway,
    /// The client at the table cannot do what the event's action asks for; our module can.
    ModuleRequired,
    /// The event's action needs a character, and the streamer has none.
    CharacterRequired,
    /// The goal waits for its roll.
    Armed,
    /// The goal is being executed.
    Executing,
    /// A group goal runs without this channel.
    NotParticipating,
    /// The event is cooling down.
    Cooldown,
}

/// Everything that an offer is shown from.
#[derive(Debug, Clone, Copy)]
pub(in crate::api) struct OfferParts<'a> {
    /// The event.
    pub(in crate::api) event: &'a Event,
    /// The game master's setting of it.
    pub(in crate::api) setting: Option<&'a CampaignConfig>,
    /// The channel's opt-in.
    pub(in crate::api) opt_in: Option<&'a StreamerConfig>,
    /// The reward that is not on its way out.
    pub(in crate::api) reward: Option<&'a Reward>,
    /// How many people watch, when that is known.
    pub(in crate::api) viewers: Option<u32>,
    /// What came of the opt-in.
    pub(in crate::api) state: OfferState,
}

impl From<OfferParts<'_>> for OfferView {
    fn from(parts: OfferParts<'_>) -> Self {
        let OfferParts { event, setting, opt_in, reward, state, .. } = parts;
        Self {
            event_id: event.id.0,
            slug: event.slug.clone(),
            name: event.name.en.clone(),
            description: event.description.en.clone(),
            scope: event.scope.into(),
            is_available: setting.is_some_and(|setting| setting.is_enabled),
            is_enabled: opt_in.is_some_and(|opt_in| opt_in.is_enabled),
            cost_override: opt_in.and_then(|opt_in| opt_in.cost_override).map(Into::into),
            effective_cost: event.cost_on(opt_in, setting).get(),
            difficulty: difficulty(&parts),
            status: status(state, reward),
            reward_id: reward.and_then(|reward| reward.twitch_id.as_ref()).map(|id| id.0.clone()),
            reward: reward.map(RewardView::from),
            switched_off_reason: opt_in.and_then(|opt_in| opt_in.switched_off_reason.clone()),
        }
    }
}

fn difficulty(parts: &OfferParts<'_>) -> DifficultyView {
    let settings = parts.event.settings(parts.setting);
    let objective = objective::individual(
        parts.viewers.unwrap_or(0),
        settings.coefficient,
        settings.minimum_objective,
    );
    let cost = parts.event.cost_on(parts.opt_in, parts.setting);
    DifficultyView {
        viewers: parts.viewers,
        objective_coefficient: settings.coefficient.into(),
        minimum_objective: settings.minimum_objective,
        objective,
        total_cost: u64::from(objective) * u64::from(cost.get()),
        duration: settings.duration_seconds,
    }
}

fn status(state: OfferState, reward: Option<&Reward>) -> OfferStatus {
    match state {
        OfferState::Off => OfferStatus::Off,
        OfferState::AuthorisationNeeded => OfferStatus::AuthorisationNeeded,
        OfferState::Pending => OfferStatus::Pending,
        OfferState::OnTwitch if reward.is_some_and(|r| r.status == RewardStatus::Active) => {
            OfferStatus::Active
        }
        OfferState::OnTwitch => OfferStatus::Paused,
    }
}

impl From<&Reward> for RewardView {
    fn from(reward: &Reward) -> Self {
        Self {
            id: reward.twitch_id.as_ref().map(|id| id.0.clone()),
            title: reward.spec.title.clone(),
            cost: reward.spec.cost.get(),
            status: reward.status.into(),
            paused_because: reward.paused_because.map(Into::into),
            last_error: reward.last_error.clone(),
        }
    }
}

impl From<RewardStatus> for RewardStatusName {
    fn from(status: RewardStatus) -> Self {
        match status {
            RewardStatus::Creating => Self::Creating,
            RewardStatus::Active => Self::Active,
            RewardStatus::Paused => Self::Paused,
            RewardStatus::Deleting => Self::Deleting,
            RewardStatus::Orphaned => Self::Orphaned,
            RewardStatus::Deleted => Self::Deleted,
        }
    }
}

impl From<PauseReason> for PauseReasonName {
    fn from(reason: PauseReason) -> Self {
        match reason {
            PauseReason::Panic => Self::Panic,
            PauseReason::SessionEnded => Self::SessionEnded,
            PauseReason::EventDisabled => Self::EventDisabled,
            PauseReason::StreamerDisabled => Self::StreamerDisabled,
            PauseReason::AuthorisationNeeded => Self::AuthorisationNeeded,
            PauseReason::NoCombat => Self::NoCombat,
            PauseReason::VttAway => Self::VttAway,
            PauseReason::ModuleRequired => Self::ModuleRequired,
            PauseReason::CharacterRequired => Self::CharacterRequired,
            PauseReason::Armed => Self::Armed,
            PauseReason::Executing => Self::Executing,
            PauseReason::NotParticipating => Self::NotParticipating,
            PauseReason::Cooldown => Self::Cooldown,
        }
    }
}
