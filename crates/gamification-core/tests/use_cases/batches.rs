//! Clicks that arrive together.

use crate::support::{counts, delivered, redeemed, row, write};
use gamification_core::campaign::Campaign;
use gamification_core::ids::TwitchRewardId;
use gamification_core::instance::InstanceStatus;
use gamification_core::ports::{Queries, StoreError};
use gamification_core::redemption::{IncomingRedemption, RefusalReason, Settlement};
use gamification_core::service::Contribution;
use gamification_testkit::{World, fixtures};

/// A second campaign, in which the second streamer offers the individual event too.
async fn second_campaign(world: &World) -> Campaign {
    let campaign = fixtures::campaign(2);
    let streamer = world.streamer(1);
    write(world, async |uow| {
        uow.campaigns().insert(&campaign).await.unwrap();
        let member = fixtures::membership(&campaign, streamer);
        uow.campaigns().save_membership(&member).await.unwrap();
        let config = fixtures::campaign_config(&campaign, world.invert.id);
        uow.configs().save_campaign_config(&config).await.unwrap();
        let opt_in = fixtures::streamer_config(&campaign, streamer, world.invert.id);
        uow.configs().save_streamer_config(&opt_in).await.unwrap();
    })
    .await;
    world.work_until_idle().await;
    campaign
}

/// The reward of a campaign that is not the world's own.
async fn reward_of(world: &World, campaign: &Campaign) -> TwitchRewardId {
    let rewards = world.store.rewards(campaign.id, world.streamer(1)).await.unwrap();
    rewards[0].twitch_id.clone().unwrap()
}

#[tokio::test]
async fn one_batch_feeds_goals_of_several_events_channels_and_campaigns() {
    let world = World::new().await;
    let other = second_campaign(&world).await;
    let [mine, second, third] = redeemed(&world, 0, ["ann", "ben", "cat"]).await;
    let [theirs] = redeemed(&world, 1, ["dan"]).await;
    let word = world.redeem(&world.chat, 1, "eve").await.unwrap();
    let channel = &world.streamers[1].twitch_id;
    let reward = reward_of(&world, &other).await;
    let elsewhere = world.twitch.redeem(channel, &reward, "fay", fixtures::NOW).unwrap();
    let foreign = IncomingRedemption { reward_id: "not-ours".into(), ..theirs.clone() };
    let batch = [mine, foreign, theirs, word, elsewhere, second, third.clone(), third];
    let outcomes = delivered(&world, &batch).await;

    let goal = world.goal(0).await.unwrap();
    assert_eq!((goal.progress, goal.status()), (3, InstanceStatus::Armed));
    for index in [0, 5, 6] {
        assert_eq!(outcomes[index], Contribution::Counted(goal.id));
    }
    assert_eq!(outcomes[1], Contribution::NotOurs);
    assert_eq!(outcomes[2], Contribution::Counted(world.goal(1).await.unwrap().id));
    assert_eq!(outcomes[3], Contribution::Counted(world.group_goal().await.unwrap().id));
    let there = world.store.open_instances(other.id).await.unwrap();
    assert_eq!(outcomes[4], Contribution::Counted(there[0].id));
    assert_eq!(outcomes[7], Contribution::Duplicate);
    world.assert_balanced().await;
    assert!(world.store.ledger(other.id, None).await.unwrap().is_balanced());
}

#[tokio::test]
async fn a_batch_fills_a_goal_and_refuses_the_rest() {
    let world = World::new().await;
    let batch = redeemed(&world, 0, ["ann", "ben", "cat", "dan", "eve"]).await;
    let outcomes = delivered(&world, &batch).await;
    assert!(outcomes[..3].iter().all(|outcome| counts(*outcome)));
    let armed = Contribution::Refused(RefusalReason::GoalArmed);
    assert_eq!(outcomes[3..], [armed, armed]);
    assert_eq!(world.goal(0).await.unwrap().progress, 3);
    world.work_until_idle().await;
    assert_eq!(row(&world, &batch[4]).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_batch_is_told_as_one_progress_with_the_newest_names_first() {
    let world = World::new().await;
    let batch = redeemed(&world, 0, ["ann", "ben"]).await;
    let before = world.store.log_range(world.campaign.id).await.unwrap().1;
    delivered(&world, &batch).await;
    let facts = world.store.events_after(world.campaign.id, before, 100).await.unwrap();
    let names: Vec<_> = facts.iter().map(|f| f.announcement.kind.wire_name()).collect();
    assert_eq!(names, ["gamification:instance_created", "gamification:progress"]);
    let payload = &facts[1].announcement.payload;
    assert_eq!(payload["contributors"], serde_json::json!(["ben", "ann"]));
}

#[tokio::test]
async fn a_batch_that_cannot_be_stored_together_is_stored_one_by_one() {
    let world = World::new().await;
    let batch = redeemed(&world, 0, ["ann", "ben"]).await;
    world.store.faults().fail_at_write(1, StoreError::Corrupt("a bad row".to_owned()));
    let outcomes = delivered(&world, &batch).await;
    assert!(outcomes.iter().all(|outcome| counts(*outcome)));
    assert_eq!(world.goal(0).await.unwrap().progress, 2);
}

#[tokio::test]
async fn an_empty_batch_is_nothing() {
    let world = World::new().await;
    assert_eq!(world.game.contribute(&[]).await.len(), 0);
}

#[tokio::test]
async fn a_click_of_a_campaign_that_is_gone_is_refused_and_refunded() {
    let world = World::new().await;
    let other = second_campaign(&world).await;
    let channel = &world.streamers[1].twitch_id;
    let reward = reward_of(&world, &other).await;
    let click = world.twitch.redeem(channel, &reward, "fay", fixtures::NOW).unwrap();
    write(&world, async |uow| uow.campaigns().delete(other.id).await.unwrap()).await;
    let outcome = world.deliver(&click).await.unwrap();
    assert_eq!(outcome, Contribution::Refused(RefusalReason::EventDisabled));
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
}
