use gamification_core::cost::Cost;
use gamification_core::event::{CampaignConfig, Event};
use gamification_core::preview::{EventPreview, PreviewedChannel, preview};
use gamification_testkit::fixtures;

fn channel(n: u32, audience: Option<u32>, cost: u32) -> PreviewedChannel {
    PreviewedChannel {
        streamer_id: fixtures::streamer(n).id.into(),
        streamer_name: format!("Streamer{n}"),
        audience,
        cost: Cost::new(cost).unwrap(),
    }
}

fn previewed(event: &Event, channels: Vec<PreviewedChannel>) -> EventPreview {
    let config = CampaignConfig::new(fixtures::campaign(1).id, event.id);
    preview(event, &config, channels)
}

fn targets(preview: &EventPreview) -> Vec<Option<u32>> {
    preview.channels.iter().map(|channel| channel.target).collect()
}

#[test]
fn each_channel_of_an_individual_event_has_a_goal_of_its_own() {
    let event = fixtures::invert_event();
    let channels = vec![channel(1, Some(50), 100), channel(2, Some(5), 7), channel(3, None, 1)];
    let preview = previewed(&event, channels);
    // 30 % and at least 3; an offline channel needs the minimum.
    assert_eq!(targets(&preview), [Some(15), Some(3), Some(3)]);
    let points: Vec<_> = preview.channels.iter().map(|channel| channel.points).collect();
    assert_eq!(points, [1_500, 21, 3]);
    assert!(preview.channels.iter().all(|channel| channel.share_percent == 100));
    assert_eq!(preview.group, None);
    assert_eq!(preview.channels[0].fill[29].seconds, Some(60), "30 % click once a minute");
    assert!(preview.channels[2].fill.iter().all(|point| point.seconds.is_none()));
}

#[test]
fn channels_of_a_group_event_share_a_goal_from_which_offline_ones_are_left_out() {
    let event = fixtures::chat_event();
    let channels = vec![channel(1, Some(75), 10), channel(2, None, 10), channel(3, Some(5), 20)];
    let preview = previewed(&event, channels);
    // 20 % and at least 3 each.
    assert_eq!(targets(&preview), [Some(15), None, Some(3)]);
    let shares: Vec<_> = preview.channels.iter().map(|channel| channel.share_percent).collect();
    assert_eq!(shares, [83, 0, 17]);
    let group = preview.group.unwrap();
    assert_eq!((group.target, group.points), (18, 210));
    assert_eq!(group.fill[49].seconds, Some(27), "18 clicks of 40 viewers");
    assert_eq!(preview.channels[1].fill, []);
}

#[test]
fn while_all_are_offline_all_take_part_in_the_shared_goal() {
    let event = fixtures::chat_event();
    let preview = previewed(&event, vec![channel(1, None, 10), channel(2, None, 10)]);
    assert_eq!(targets(&preview), [Some(3), Some(3)]);
    assert_eq!(preview.group.unwrap().target, 6);
    assert_eq!(previewed(&event, vec![]).group, None);
}
