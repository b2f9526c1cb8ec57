//! Games, the people in them, their sessions and policies.

use crate::ids::{
    CampaignId, CharacterId, SessionId, StreamerId, TwitchUserId, UserId, VttActorId,
};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A person known by their Twitch account. A streamer is a user whose channel takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Our key.
    pub id: UserId,
    /// Twitch's key, unique.
    pub twitch_id: TwitchUserId,
    /// The lower-case name in the channel's address.
    pub login: String,
    /// The name as the person writes it.
    pub display_name: String,
    /// What kind of channel it is; only affiliates and partners have Channel Points.
    pub broadcaster_type: BroadcasterType,
    /// The channel's language, for titles and prompts of rewards (`en`, `fr`, …).
    pub language: String,
    /// May administer the installation.
    pub is_admin: bool,
    /// May make campaigns.
    pub may_create_campaigns: bool,
}

/// Twitch's kinds of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BroadcasterType {
    /// No Channel Points.
    Normal,
    /// Has Channel Points.
    Affiliate,
    /// Has Channel Points.
    Partner,
}

/// A game.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// Its key.
    pub id: CampaignId,
    /// The GM.
    pub owner_id: UserId,
    /// What people call it.
    pub name: String,
    /// The VTT's id of the game system, `dnd5e` for example.
    pub game_system: Option<String>,
    /// The actor that rolls for the GM at the moment.
    pub gm_character_id: Option<CharacterId>,
    /// Whether the game is being played.
    pub session: SessionState,
    /// The GM's choices for the whole game.
    pub policies: Policies,
    /// Nothing opens, counts, arms, is consumed or sent while this holds.
    pub is_panicked: bool,
    /// Being deleted: nothing new starts, what is open is settled.
    pub is_deleting: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Sessions are optional: a campaign that never started one counts as in session since its
/// creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SessionState {
    /// No session was ever started.
    Never,
    /// In session.
    Running {
        /// The session.
        id: SessionId,
        /// Cooldowns and viewer limits count from here.
        started_at: Timestamp,
    },
    /// The last session was ended: clicks are refused.
    Ended {
        /// The session that was ended.
        id: SessionId,
        /// When.
        ended_at: Timestamp,
    },
}

impl Campaign {
    /// Since when viewer limits count, or `None` when the session was ended.
    #[must_use]
    pub const fn in_session_since(&self) -> Option<Timestamp> {
        match self.session {
            SessionState::Never => Some(self.created_at),
            SessionState::Running { started_at, .. } => Some(started_at),
            SessionState::Ended { .. } => None,
        }
    }
}

/// What a click meets while the paired VTT is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VttAwayPolicy {
    /// Refused, and the rewards pause.
    #[default]
    Refuse,
    /// Counted; effects wait until their deadline.
    Accept,
}

/// A campaign's choices (2-domain §3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policies {
    /// What happens while the VTT is away.
    pub vtt_away: VttAwayPolicy,
    /// Whether rolls that players cannot see count.
    pub hidden_rolls_count: bool,
    /// How long the GM can still stop a completed goal before anything is sent to the table, in
    /// seconds; at most [`VETO_SECONDS_MAX`].
    pub veto_seconds: u32,
}

/// The longest veto window, in seconds.
pub const VETO_SECONDS_MAX: u32 = 600;

/// Where a streamer stands in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipStatus {
    /// Asked to join.
    Invited,
    /// Takes part.
    Active,
    /// Was removed or went.
    Left,
}

/// A streamer in a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The streamer.
    pub streamer_id: StreamerId,
    /// Where they stand.
    pub status: MembershipStatus,
    /// Until when the streamer lets rewards appear on the channel; `None` = withdrawn or never
    /// given.
    pub authorised_until: Option<Timestamp>,
    /// Whether goals are told in the channel's chat.
    pub has_chat_notices: bool,
}

/// How long an authorisation lasts when the streamer names no end, in seconds.
pub const AUTHORISATION_SECONDS_DEFAULT: u32 = 12 * 3600;

impl Membership {
    /// Whether rewards may be redeemed on the channel now.
    #[must_use]
    pub fn is_authorised(&self, now: Timestamp) -> bool {
        self.status == MembershipStatus::Active
            && self.authorised_until.is_some_and(|until| until > now)
    }
}

/// What kind of actor a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CharacterKind {
    /// A player's.
    Pc,
    /// The GM's.
    Npc,
    /// The GM's, hostile.
    Monster,
}

/// An actor of the VTT.
#[derive(Debug, Clone, PartialEq)]
pub struct Character {
    /// Our key.
    pub id: CharacterId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The VTT's key, unique in the campaign.
    pub vtt_actor_id: VttActorId,
    /// Its name at the table.
    pub name: String,
    /// What kind it is.
    pub kind: CharacterKind,
    /// The streamer whose rolls these are.
    pub assigned_streamer_id: Option<StreamerId>,
    /// What actions need of it, as the VTT reported it.
    pub details: CharacterDetails,
}

/// What the VTT told of a character.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CharacterDetails {
    /// The address of its picture.
    pub avatar_url: Option<String>,
    /// Its hit points.
    pub hit_points: Option<HitPoints>,
    /// Its spells.
    pub spells: Vec<Spell>,
}

/// Hit points; what the game system does not have is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HitPoints {
    /// As of now.
    pub current: Option<i64>,
    /// At best.
    pub max: Option<i64>,
    /// On top, until they are lost.
    pub temp: Option<i64>,
}

/// A spell of a character.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spell {
    /// The VTT's key, unique in the character.
    pub id: String,
    /// Its name at the table.
    pub name: String,
    /// The address of its picture.
    pub img: Option<String>,
    /// Its level; 0 is a cantrip, `None` where the system has none.
    pub level: Option<u8>,
    /// Its school.
    pub school: Option<String>,
    /// Whether it is prepared, where the system tells.
    pub prepared: Option<bool>,
    /// The effect of ours that lasts on it: `disable`, `buff` or `debuff`.
    pub active_effect: Option<String>,
}
