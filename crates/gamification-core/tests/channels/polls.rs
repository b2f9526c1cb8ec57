//! Polls that open goals.

use crate::support::{change_campaign, change_event, gm};
use gamification_core::event::{HandlerSpec, Scope};
use gamification_core::instance::{GoalScope, Instance, OpenedBy};
use gamification_core::service::{PollChoice, PollState};
use gamification_testkit::World;
use serde_json::{Value, json};

fn poll(votes: &[(&str, u64)], has_ended: bool) -> PollState {
    let choice =
        |(title, votes): &(&str, u64)| PollChoice { title: (*title).into(), votes: *votes };
    let choices = votes.iter().map(choice).collect();
    PollState { poll_id: "poll-1".to_owned(), choices, has_ended }
}

/// A world in which polls open both events, as that configuration says.
async fn polled(config: Value) -> World {
    let world = World::new().await;
    for event in [&world.invert, &world.chat] {
        let trigger = json!({ "type": "poll_vote", "config": config });
        let trigger: HandlerSpec = serde_json::from_value(trigger).unwrap();
        change_event(&world, event, |event| event.trigger = trigger).await;
    }
    world
}

async fn told(world: &World, poll: &PollState) -> Vec<Instance> {
    world.game.poll_changed(&world.streamers[0].twitch_id, poll).await.unwrap()
}

#[tokio::test]
async fn an_option_with_enough_votes_opens_a_goal_of_each_event_once_for_that_poll() {
    let world = polled(json!({ "option": "Yes", "threshold": 5 })).await;
    assert_eq!(told(&world, &poll(&[("Yes", 4), ("No", 9)], false)).await, []);
    let opened = told(&world, &poll(&[("Yes", 5), ("No", 9)], false)).await;
    let mut scopes: Vec<_> = opened.iter().map(|goal| goal.scope).collect();
    scopes.sort_unstable();
    assert_eq!(scopes, [GoalScope::Streamer(world.streamer(0)), GoalScope::Group]);
    for goal in &opened {
        assert_eq!(goal.trigger.opened_by, OpenedBy::Trigger);
        let data = json!({ "pollId": "poll-1", "option": "Yes", "voteCount": 5, "totalVotes": 14 });
        assert_eq!(goal.trigger.custom, data);
        world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    }
    assert_eq!(told(&world, &poll(&[("Yes", 50), ("No", 9)], true)).await, []);
    let next = PollState { poll_id: "poll-2".to_owned(), ..poll(&[("Yes", 6)], true) };
    assert_eq!(told(&world, &next).await.len(), 2);
}

#[tokio::test]
async fn a_share_of_the_votes_is_looked_at_when_the_poll_has_ended() {
    let world = polled(json!({ "option": "Yes", "threshold": 50, "percentageMode": true })).await;
    assert_eq!(told(&world, &poll(&[("Yes", 1)], false)).await, [], "the first vote is 100 %");
    assert_eq!(told(&world, &poll(&[("Yes", 49), ("No", 51)], true)).await, []);
    let won = PollState { poll_id: "poll-2".to_owned(), ..poll(&[("Yes", 50), ("No", 50)], true) };
    assert_eq!(told(&world, &won).await.len(), 2);
}

#[tokio::test]
async fn an_event_that_takes_any_option_gets_the_one_with_the_most_votes() {
    let world = polled(json!({ "threshold": 3 })).await;
    let opened = told(&world, &poll(&[("A", 3), ("B", 7), ("C", 5)], true)).await;
    assert_eq!(opened.len(), 2);
    assert!(opened.iter().all(|goal| goal.trigger.custom["option"] == "B"));
}

#[tokio::test]
async fn a_poll_opens_nothing_where_a_click_would_not_count() {
    let yes = poll(&[("Yes", 10)], true);
    let world = polled(json!({})).await;
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    assert_eq!(told(&world, &yes).await, []);
    change_campaign(&world, |campaign| campaign.is_panicked = false).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
    assert_eq!(told(&world, &yes).await, [], "not even a goal of the others");
    assert_eq!(world.game.poll_changed(&"nobody".into(), &yes).await, Ok(Vec::new()));
    world.game.authorise(&gm(), campaign, streamer, None).await.unwrap();
    let opened = told(&world, &yes).await;
    assert_eq!(opened.len(), 2, "a refusal does not use the poll up");
    assert_eq!(world.chat.scope, Scope::Group);
}

#[tokio::test]
async fn a_poll_without_votes_is_no_news() {
    let world = polled(json!({ "threshold": 1 })).await;
    assert_eq!(told(&world, &poll(&[("Yes", 0), ("No", 0)], true)).await, []);
    assert_eq!(told(&world, &poll(&[], true)).await, []);
}
