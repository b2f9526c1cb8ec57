//! What goals of an event would ask of the channels as they are now, before a setting is saved.

use crate::cost::Cost;
use crate::event::{CampaignConfig, EffectiveSettings, Event, Scope};
use crate::ids::StreamerId;
use crate::objective::{self, percentage};

/// How often a viewer who takes part clicks, in the calculation of [`fill_curve`].
pub const SECONDS_PER_CLICK: u32 = 60;
/// The shares of the audience that [`fill_curve`] tells of, in percent.
pub const SHARES_PERCENT: std::ops::RangeInclusive<u32> = 1..=50;

/// A channel as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewedChannel {
    /// Whose.
    pub streamer_id: StreamerId,
    /// The streamer's name.
    pub streamer_name: String,
    /// How many watch; `None` while it is offline, or Twitch cannot tell.
    pub audience: Option<u32>,
    /// What a click costs there.
    pub cost: Cost,
}

/// A channel's goal, or its part in the shared one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelPreview {
    /// The channel as it is now.
    pub channel: PreviewedChannel,
    /// Clicks that its goal needs, or its part; `None` when it is left out of the shared goal,
    /// offline while others are live.
    pub target: Option<u32>,
    /// Its part of the shared goal in percent; 100 for a goal of its own, 0 when it is left out.
    pub share_percent: u8,
    /// What these clicks cost together.
    pub points: u64,
    /// How fast its own viewers would fill it.
    pub fill: Vec<FillPoint>,
}

/// The goal that channels share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPreview {
    /// Clicks that it needs.
    pub target: u32,
    /// What its parts cost together.
    pub points: u64,
    /// How fast the viewers of all its channels would fill it.
    pub fill: Vec<FillPoint>,
}

/// What goals of an event would ask of the channels as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPreview {
    /// The settings that it was calculated with.
    pub settings: EffectiveSettings,
    /// Each channel, in the order given.
    pub channels: Vec<ChannelPreview>,
    /// The shared goal of a group event; `None` for an individual one, or without channels.
    pub group: Option<GroupPreview>,
}

/// How long a goal takes when that share of the audience takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillPoint {
    /// The share of the audience that clicks, in percent.
    pub share_percent: u32,
    /// Until it is full, in seconds, rounded up; `None` when it never is.
    pub seconds: Option<u64>,
}

/// How fast a goal would fill, for each share of the audience from 1 to 50 %.
///
/// The model: that share of the viewers click once every [`SECONDS_PER_CLICK`], spread evenly over
/// that time, from the moment in which the goal opens; nobody joins or leaves. So `target` clicks
/// take `target × SECONDS_PER_CLICK ÷ clickers` seconds. A share of less than one viewer never fills
/// it, and neither do viewers who may not click often enough (`clicks_per_viewer_max`, 0: as often
/// as they like). Real viewers come in bursts; the curve tells which shares are out of reach, not
/// the second.
#[must_use]
pub fn fill_curve(target: u32, audience: u32, clicks_per_viewer_max: u32) -> Vec<FillPoint> {
    let point = |share_percent: u32| {
        // In hundredths of a viewer, so that nothing is rounded before the end.
        let clickers = u64::from(audience) * u64::from(share_percent);
        let wanted = u64::from(target) * 100;
        let is_reachable = clicks_per_viewer_max == 0
            || clickers.saturating_mul(clicks_per_viewer_max.into()) >= wanted;
        let fills = clickers >= 100 && is_reachable;
        let seconds = fills.then(|| (wanted * u64::from(SECONDS_PER_CLICK)).div_ceil(clickers));
        FillPoint { share_percent, seconds }
    };
    SHARES_PERCENT.map(point).collect()
}

/// The preview of an event with that setting on those channels, by the calculation that real goals
/// are opened with.
#[must_use]
pub fn preview(
    event: &Event,
    config: &CampaignConfig,
    channels: Vec<PreviewedChannel>,
) -> EventPreview {
    let settings = event.settings(Some(config));
    let limit = config.max_contributions_per_viewer;
    match event.scope {
        Scope::Individual => {
            let channels = channels.into_iter().map(|channel| alone(channel, settings, limit));
            EventPreview { settings, channels: channels.collect(), group: None }
        }
        Scope::Group => shared(channels, settings, limit),
    }
}

fn alone(channel: PreviewedChannel, settings: EffectiveSettings, limit: u32) -> ChannelPreview {
    let audience = channel.audience.unwrap_or(0);
    let (coefficient, minimum) = (settings.coefficient, settings.minimum_objective);
    let target = objective::individual(audience, coefficient, minimum);
    ChannelPreview {
        target: Some(target),
        share_percent: 100,
        points: points(target, channel.cost),
        fill: fill_curve(target, audience, limit),
        channel,
    }
}

fn shared(
    channels: Vec<PreviewedChannel>,
    settings: EffectiveSettings,
    limit: u32,
) -> EventPreview {
    let is_anyone_live = channels.iter().any(|channel| channel.audience.is_some());
    let takes_part = |channel: &PreviewedChannel| channel.audience.is_some() || !is_anyone_live;
    let part = channels.iter().filter(|channel| takes_part(channel));
    let audiences: Vec<u32> = part.map(|channel| channel.audience.unwrap_or(0)).collect();
    let objective = objective::group(&audiences, settings.coefficient, settings.minimum_objective);
    let mut locals = objective.local_objectives.into_iter();
    let shown = channels.into_iter().map(|channel| {
        let target = if takes_part(&channel) { locals.next() } else { None };
        let audience = channel.audience.unwrap_or(0);
        ChannelPreview {
            target,
            share_percent: target.map_or(0, |target| percentage(target, objective.target)),
            points: target.map_or(0, |target| points(target, channel.cost)),
            fill: target.map_or_else(Vec::new, |target| fill_curve(target, audience, limit)),
            channel,
        }
    });
    let channels: Vec<ChannelPreview> = shown.collect();
    let audience = audiences.iter().fold(0_u32, |sum, audience| sum.saturating_add(*audience));
    let group = (!channels.is_empty()).then(|| GroupPreview {
        target: objective.target,
        points: channels.iter().map(|channel| channel.points).sum(),
        fill: fill_curve(objective.target, audience, limit),
    });
    EventPreview { settings, channels, group }
}

fn points(clicks: u32, cost: Cost) -> u64 {
    u64::from(clicks) * u64::from(cost.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(target: u32, audience: u32, limit: u32, share: u32) -> Option<u64> {
        let curve = fill_curve(target, audience, limit);
        let point = curve.iter().find(|point| point.share_percent == share);
        point.and_then(|point| point.seconds)
    }

    #[test]
    fn a_goal_takes_its_clicks_over_the_clicks_per_minute() {
        for (target, audience, limit, share, expected) in [
            (30, 100, 0, 30, Some(60)),
            (30, 100, 0, 10, Some(180)),
            (30, 100, 0, 7, Some(258)),
            (3, 5, 0, 20, Some(180)),
            (3, 5, 0, 19, None),
            (3, 0, 0, 50, None),
            (1, 1_000_000, 0, 50, Some(1)),
            (30, 100, 1, 30, Some(60)),
            (30, 100, 1, 29, None),
            (30, 100, 3, 10, Some(180)),
            (30, 100, 3, 9, None),
            (u32::MAX, u32::MAX, u32::MAX, 1, Some(6_000)),
        ] {
            let found = seconds(target, audience, limit, share);
            assert_eq!(found, expected, "{target} of {audience} at {share} %, limit {limit}");
        }
    }

    #[test]
    fn a_curve_has_every_share_once_and_never_rises() {
        let curve = fill_curve(15, 50, 0);
        let shares: Vec<u32> = curve.iter().map(|point| point.share_percent).collect();
        assert_eq!(shares, SHARES_PERCENT.collect::<Vec<_>>());
        let told: Vec<u64> = curve.iter().filter_map(|point| point.seconds).collect();
        assert_eq!(told.len(), 49, "1 % of 50 viewers is nobody");
        assert!(told.windows(2).all(|pair| pair[0] >= pair[1]));
    }
}
