use gamification_core::preview::{ChannelPreview, EventPreview, FillPoint, GroupPreview};
use poem_openapi::Object;
use uuid::Uuid;

/// What goals of an event would ask of the channels as they are now.
#[derive(Debug, Clone, Object)]
#[oai(rename = "EventPreview", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct PreviewView {
    /// The share of the audience that it was calculated with.
    objective_coefficient: f64,
    /// The minimum that it was calculated with.
    minimum_objective: u32,
    /// How long a goal stays open, in seconds.
    duration_seconds: u32,
    /// Each active member's channel, by login.
    channels: Vec<ChannelView>,
    /// The shared goal of a group event; absent for an individual one, or without members.
    group: Option<GroupView>,
}

/// A channel's goal, or its part in the shared one.
#[derive(Debug, Clone, Object)]
#[oai(rename = "ChannelPreview", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ChannelView {
    /// Whose channel.
    streamer_id: Uuid,
    /// The streamer's name.
    streamer_name: String,
    /// How many watch now; absent while it is offline, or Twitch cannot tell.
    audience: Option<u32>,
    /// Channel Points per click there.
    cost: u32,
    /// Clicks that its goal needs, or its part; absent when the shared goal leaves it out because
    /// it is offline.
    target: Option<u32>,
    /// Its part of the shared goal in percent; 100 for a goal of its own.
    share_percent: u8,
    /// What these clicks cost together.
    points: u64,
    /// How fast its own viewers would fill it.
    fill: Vec<FillView>,
}

/// The goal that channels share.
#[derive(Debug, Clone, Object)]
#[oai(rename = "GroupPreview", rename_all = "camelCase")]
struct GroupView {
    /// Clicks that it needs.
    target: u32,
    /// What its parts cost together.
    points: u64,
    /// How fast the viewers of all its channels would fill it.
    fill: Vec<FillView>,
}

/// How long a goal takes when that share of the audience takes part.
#[derive(Debug, Clone, Object)]
#[oai(rename = "FillPoint", rename_all = "camelCase", skip_serializing_if_is_none)]
struct FillView {
    /// The share of the audience that clicks, in percent.
    share_percent: u32,
    /// Until it is full, in seconds; absent when it never is.
    seconds: Option<u64>,
}

impl From<EventPreview> for PreviewView {
    fn from(preview: EventPreview) -> Self {
        Self {
            objective_coefficient: preview.settings.coefficient.into(),
            minimum_objective: preview.settings.minimum_objective,
            duration_seconds: preview.settings.duration_seconds,
            channels: preview.channels.into_iter().map(Into::into).collect(),
            group: preview.group.map(Into::into),
        }
    }
}

impl From<ChannelPreview> for ChannelView {
    fn from(preview: ChannelPreview) -> Self {
        Self {
            streamer_id: preview.channel.streamer_id.0,
            streamer_name: preview.channel.streamer_name,
            audience: preview.channel.audience,
            cost: preview.channel.cost.get(),
            target: preview.target,
            share_percent: preview.share_percent,
            points: preview.points,
            fill: preview.fill.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<GroupPreview> for GroupView {
    fn from(group: GroupPreview) -> Self {
        let GroupPreview { target, points, fill } = group;
        Self { target, points, fill: fill.into_iter().map(Into::into).collect() }
    }
}

impl From<FillPoint> for FillView {
    fn from(point: FillPoint) -> Self {
        let FillPoint { share_percent, seconds } = point;
        Self { share_percent, seconds }
    }
}
