//! How a campaign's channels stand with Twitch: logins, subscriptions, rewards.

use super::Tag;
use super::types::{Answer, Listed, Moment};
use super::views::login::LoginView;
use super::views::reward::RewardView;
use crate::auth::{Caller, CampaignRole};
use crate::services::{Services, Shared};
use gamification_core::campaign::MembershipStatus;
use gamification_core::ports::{MemberRow, StoreError};
use gamification_core::reward::Reward;
use gamification_twitch::SubscriptionState;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes about Twitch.
pub(super) struct TwitchApi;

#[OpenApi]
impl TwitchApi {
    /// How the channels of the campaign stand with Twitch, ordered by login: the game master sees
    /// all that take part, a streamer their own.
    #[oai(
        path = "/campaigns/:campaign/twitch",
        method = "get",
        tag = "Tag::Twitch",
        operation_id = "listTwitchChannels"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<Listed<TwitchChannelView>> {
        let seat = caller.require_member(campaign.0.into()).await?;
        let queries = &services.core.ports().queries;
        let mut members = queries.members(seat.campaign.id).await?;
        members.retain(|row| {
            row.membership.status == MembershipStatus::Active
                && (seat.role == CampaignRole::Gm || row.user.id == caller.user.id)
        });
        let mut channels = Vec::with_capacity(members.len());
        for row in members {
            channels.push(channel(&services, &row).await?);
        }
        Ok(Json(Listed::whole(channels)))
    }
}

async fn channel(services: &Services, row: &MemberRow) -> Result<TwitchChannelView, StoreError> {
    let queries = &services.core.ports().queries;
    let logins = queries.logins(&[row.user.id]).await?;
    let rewards = queries.rewards(row.membership.campaign_id, row.membership.streamer_id).await?;
    let subscriptions = services.subscriptions.subscriptions().into_iter();
    let mine = subscriptions.filter(|it| it.channel.as_ref() == Some(&row.user.twitch_id));
    Ok(TwitchChannelView {
        streamer_id: row.user.id.0,
        twitch_id: row.user.twitch_id.to_string(),
        channel: row.user.login.clone(),
        login: LoginView::of(logins.first()),
        subscriptions: mine.map(Into::into).collect(),
        rewards: rewards.iter().map(Into::into).collect(),
    })
}

/// How a channel stands with Twitch.
#[derive(Debug, Clone, Object)]
#[oai(rename = "TwitchChannel", rename_all = "camelCase")]
struct TwitchChannelView {
    /// The streamer.
    streamer_id: Uuid,
    /// Twitch's id of the channel.
    twitch_id: String,
    /// The name in the channel's address.
    channel: String,
    /// Whether we may act for the streamer.
    login: LoginView,
    /// What Twitch sends us about the channel.
    subscriptions: Vec<SubscriptionView>,
    /// The rewards that the campaign has on the channel, those on their way out included.
    rewards: Vec<ChannelRewardView>,
}

/// An EventSub subscription, as Twitch last told of it.
#[derive(Debug, Clone, Object)]
#[oai(rename = "TwitchSubscription", rename_all = "camelCase")]
struct SubscriptionView {
    /// Twitch's id of it; empty for one that Twitch would not make.
    id: String,
    /// What it is for, in Twitch's words.
    subscription_type: String,
    /// How it stands, in Twitch's word: `enabled` delivers. `not_granted`, `too_many_alike` and
    /// `refused` are ours, for one that Twitch would not make.
    status: String,
    /// How its events come here: `websocket`, `webhook` or `conduit`.
    transport: String,
    /// When it was made, or refused.
    since: Moment,
}

/// A reward with what it is for.
#[derive(Debug, Clone, Object)]
#[oai(rename = "TwitchReward", rename_all = "camelCase")]
struct ChannelRewardView {
    /// The event.
    event_id: Uuid,
    /// The reward.
    #[oai(flatten)]
    reward: RewardView,
}

impl From<SubscriptionState> for SubscriptionView {
    fn from(state: SubscriptionState) -> Self {
        Self {
            id: state.id,
            subscription_type: state.subscription_type,
            status: state.status,
            transport: state.transport,
            since: Moment(state.since),
        }
    }
}

impl From<&Reward> for ChannelRewardView {
    fn from(reward: &Reward) -> Self {
        Self { event_id: reward.event_id.0, reward: reward.into() }
    }
}
