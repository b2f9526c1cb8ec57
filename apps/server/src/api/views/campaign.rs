//! Campaigns and their sessions.

use crate::api::types::Moment;
use gamification_core::campaign::{Campaign, SessionState, VttAwayPolicy};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// A game.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Campaign", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct CampaignView {
    /// Its key.
    id: Uuid,
    /// The game master.
    owner_id: Uuid,
    /// What people call it.
    name: String,
    /// The VTT's id of the game system, `dnd5e` for example.
    game_system: Option<String>,
    /// The character that rolls for the game master at the moment.
    gm_character_id: Option<Uuid>,
    /// Whether the game is being played.
    session: SessionView,
    /// The game master's choices for the whole game.
    policies: PoliciesView,
    /// Nothing opens, counts, arms, is consumed or sent while this holds.
    is_panicked: bool,
    /// Being deleted: nothing new starts, what is open is settled.
    is_deleting: bool,
    /// When it was made.
    created_at: Moment,
}

/// A campaign's choices.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Policies", rename_all = "camelCase")]
struct PoliciesView {
    /// What a click meets while the VTT is away.
    vtt_away: VttAwayName,
    /// Whether rolls that players cannot see count.
    hidden_rolls_count: bool,
    /// How long a completed goal can still be stopped before anything is sent to the table, in
    /// seconds.
    veto_seconds: u32,
}

/// What a click meets while the paired VTT is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "VttAway", rename_all = "snake_case")]
pub(in crate::api) enum VttAwayName {
    /// Refused, and the rewards pause.
    Refuse,
    /// Counted; effects wait until their deadline.
    Accept,
}

/// The session of a campaign. One that never started a session counts as in session.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Session", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct SessionView {
    /// Where it stands.
    state: SessionStateName,
    /// The session; absent when none was ever started.
    id: Option<Uuid>,
    /// When it was started; absent unless it runs.
    started_at: Option<Moment>,
    /// When it was ended; absent unless it was.
    ended_at: Option<Moment>,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "SessionState", rename_all = "snake_case")]
enum SessionStateName {
    /// No session was ever started.
    Never,
    /// In session.
    Running,
    /// The last session was ended: clicks are refused.
    Ended,
}

impl From<Campaign> for CampaignView {
    fn from(campaign: Campaign) -> Self {
        Self {
            id: campaign.id.0,
            owner_id: campaign.owner_id.0,
            name: campaign.name,
            game_system: campaign.game_system,
            gm_character_id: campaign.gm_character_id.map(|id| id.0),
            session: campaign.session.into(),
            policies: PoliciesView {
                vtt_away: campaign.policies.vtt_away.into(),
                hidden_rolls_count: campaign.policies.hidden_rolls_count,
                veto_seconds: campaign.policies.veto_seconds,
            },
            is_panicked: campaign.is_panicked,
            is_deleting: campaign.is_deleting,
            created_at: campaign.created_at.into(),
        }
    }
}

impl From<SessionState> for SessionView {
    fn from(session: SessionState) -> Self {
        let (state, id, started_at, ended_at) = match session {
            SessionState::Never => (SessionStateName::Never, None, None, None),
            SessionState::Running { id, started_at } => {
                (SessionStateName::Running, Some(id.0), Some(started_at.into()), None)
            }
            SessionState::Ended { id, ended_at } => {
                (SessionStateName::Ended, Some(id.0), None, Some(ended_at.into()))
            }
        };
        Self { state, id, started_at, ended_at }
    }
}

impl From<VttAwayPolicy> for VttAwayName {
    fn from(policy: VttAwayPolicy) -> Self {
        match policy {
            VttAwayPolicy::Refuse => Self::Refuse,
            VttAwayPolicy::Accept => Self::Accept,
        }
    }
}

impl From<VttAwayName> for VttAwayPolicy {
    fn from(name: VttAwayName) -> Self {
        match name {
            VttAwayName::Refuse => Self::Refuse,
            VttAwayName::Accept => Self::Accept,
        }
    }
}
