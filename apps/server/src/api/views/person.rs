//! People, and where they stand in a campaign.

use crate::api::types::Moment;
use gamification_core::campaign::{BroadcasterType, Membership, MembershipStatus, User};
use gamification_core::time::Timestamp;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// A person known by their Twitch account.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(in crate::api) struct Person {
    /// Our key; also the streamer's id.
    id: Uuid,
    /// Twitch's key.
    twitch_id: String,
    /// The name in the channel's address.
    login: String,
    /// The name as the person writes it.
    display_name: String,
    /// What kind of channel it is.
    broadcaster_type: BroadcasterTypeName,
}

/// Twitch's kinds of channels; only affiliates and partners have Channel Points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum BroadcasterTypeName {
    /// No Channel Points.
    Normal,
    /// Has Channel Points.
    Affiliate,
    /// Has Channel Points.
    Partner,
}

/// A streamer's place in a campaign.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Member", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct MemberView {
    /// The streamer.
    streamer_id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The name in the channel's address.
    login: String,
    /// The name as the streamer writes it.
    display_name: String,
    /// What kind of channel it is.
    broadcaster_type: BroadcasterTypeName,
    /// Where the streamer stands.
    status: MembershipStatusName,
    /// Whether rewards may be redeemed on the channel now.
    is_authorised: bool,
    /// Until when the streamer lets rewards appear on the channel; absent when that was never given
    /// or was taken back.
    authorised_until: Option<Moment>,
    /// Whether goals are told in the channel's chat.
    has_chat_notices: bool,
}

/// Where a streamer stands in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "MembershipStatus", rename_all = "snake_case")]
enum MembershipStatusName {
    /// Asked to join.
    Invited,
    /// Takes part.
    Active,
    /// Was removed or went.
    Left,
}

impl MemberView {
    /// The membership of that person, as it is now.
    pub(in crate::api) fn new(membership: &Membership, user: &User, now: Timestamp) -> Self {
        Self {
            streamer_id: membership.streamer_id.0,
            campaign_id: membership.campaign_id.0,
            login: user.login.clone(),
            display_name: user.display_name.clone(),
            broadcaster_type: user.broadcaster_type.into(),
            status: membership.status.into(),
            is_authorised: membership.is_authorised(now),
            authorised_until: membership.authorised_until.map(Moment),
            has_chat_notices: membership.has_chat_notices,
        }
    }
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.0,
            twitch_id: user.twitch_id.to_string(),
            login: user.login.clone(),
            display_name: user.display_name.clone(),
            broadcaster_type: user.broadcaster_type.into(),
        }
    }
}

impl From<BroadcasterType> for BroadcasterTypeName {
    fn from(kind: BroadcasterType) -> Self {
        match kind {
            BroadcasterType::Normal => Self::Normal,
            BroadcasterType::Affiliate => Self::Affiliate,
            BroadcasterType::Partner => Self::Partner,
        }
    }
}

impl From<MembershipStatus> for MembershipStatusName {
    fn from(status: MembershipStatus) -> Self {
        match status {
            MembershipStatus::Invited => Self::Invited,
            MembershipStatus::Active => Self::Active,
            MembershipStatus::Left => Self::Left,
        }
    }
}
