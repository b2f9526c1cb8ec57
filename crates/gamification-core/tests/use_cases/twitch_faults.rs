//! Twitch fails at each of its calls, before or after it did what was asked: nothing is settled
//! twice, nothing is lost, and in the end everything is as if it had not failed.

use crate::support::{OFF, ON, THREE, executing, gm, play_out, redeemed};
use gamification_core::ports::{Queries, RewardError, TwitchRewards};
use gamification_core::redemption::{IncomingRedemption, Settlement, TwitchRedemptionStatus};
use gamification_core::reward::RewardStatus;
use gamification_core::service::ServiceError;
use gamification_testkit::{TwitchCall, World};

/// What an evening asks of Twitch; only a reward that was never answered is looked for in its list.
const CALLS: [TwitchCall; 5] = [
    TwitchCall::Create,
    TwitchCall::Update,
    TwitchCall::Delete,
    TwitchCall::Unfulfilled,
    TwitchCall::Settle,
];

/// A failure that is to strike.
#[derive(Debug, Clone)]
struct Trouble {
    call: TwitchCall,
    error: RewardError,
    takes_effect: bool,
    times: u32,
}

impl Trouble {
    fn every_kind() -> Vec<Self> {
        let unavailable = |after_seconds| {
            let reason = "gateway timeout".to_owned();
            RewardError::Unavailable { after_seconds, reason }
        };
        let mut all = Vec::new();
        for call in CALLS {
            for takes_effect in [false, true] {
                for error in [unavailable(None), unavailable(Some(7)), RewardError::LoginNeeded] {
                    for times in [1, 3] {
                        all.push(Self { call, error: error.clone(), takes_effect, times });
                    }
                }
            }
        }
        all
    }

    fn plan(&self, world: &World) {
        for _ in 0..self.times {
            if self.takes_effect {
                world.twitch.fail_after_effect(self.call, self.error.clone());
            } else {
                world.twitch.fail_next(self.call, self.error.clone());
            }
        }
    }
}

/// The offers of the first channel are switched off and on again; Twitch's troubles may show.
async fn offered_anew(world: &World) {
    let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
    for wish in [OFF, ON] {
        match world.game.offer_event(&gm(), campaign, streamer, event, wish).await {
            Ok(_) | Err(ServiceError::Twitch(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// An evening: an inversion that is executed, a goal that runs out of time, a click that Twitch
/// never delivered on a reward that is replaced, a reward that is withdrawn.
async fn evening(world: &World, trouble: &Trouble) -> Vec<IncomingRedemption> {
    let [undelivered] = redeemed(world, 0, ["zoe"]).await;
    let mut clicks = vec![undelivered];
    trouble.plan(world);
    executing(world, 0).await;
    clicks.extend(redeemed(world, 1, ["dan"]).await);
    world.deliver(&clicks[1]).await.unwrap();
    play_out(world).await;
    world.advance(60).await;
    world.work_until_idle().await;
    trouble.plan(world);
    offered_anew(world).await;
    world.work_until_idle().await;
    trouble.plan(world);
    let streamer = world.streamer(1);
    world.game.withdraw_authorisation(&gm(), world.campaign.id, streamer).await.unwrap();
    clicks
}

/// Lets hours pass, then days, with the workers at work.
async fn days_later(world: &World) {
    for seconds in [[600; 12], [24 * 3_600; 12]].concat() {
        world.advance(seconds).await;
        world.work_until_idle().await;
        world.assert_balanced().await;
    }
}

#[tokio::test]
async fn an_evening_with_any_trouble_of_twitch_ends_balanced_with_everything_settled_once() {
    for trouble in Trouble::every_kind() {
        let world = World::new().await;
        let clicks = evening(&world, &trouble).await;
        days_later(&world).await;
        let rows = world.redemptions().await;
        assert_eq!(rows.len(), THREE.len() + clicks.len(), "{trouble:?}");
        for row in &rows {
            let expected = if THREE.contains(&row.viewer_name.as_str()) {
                Settlement::Fulfilled
            } else {
                Settlement::Refunded
            };
            assert_eq!(row.settlement, expected, "{} {trouble:?}", row.viewer_name);
        }
        world.assert_balanced().await;
        let withdrawn = world.store.rewards(world.campaign.id, world.streamer(1)).await.unwrap();
        assert_eq!(withdrawn, [], "{trouble:?}");
    }
}

#[tokio::test]
async fn what_viewers_see_is_in_the_end_what_is_written() {
    for trouble in Trouble::every_kind() {
        let world = World::new().await;
        evening(&world, &trouble).await;
        days_later(&world).await;
        let rewards = world.store.rewards(world.campaign.id, world.streamer(0)).await.unwrap();
        let there = world.twitch.list(&world.streamers[0].twitch_id).await.unwrap();
        for reward in rewards.iter().filter(|reward| reward.status.is_live()) {
            let Some(id) = &reward.twitch_id else { continue };
            let seen = there.iter().find(|seen| seen.id == *id);
            let seen = seen.unwrap_or_else(|| panic!("{reward:?} {trouble:?}"));
            assert_eq!(seen.spec, reward.spec, "{trouble:?}");
            assert_eq!(seen.is_paused, reward.status == RewardStatus::Paused, "{trouble:?}");
        }
    }
}

#[tokio::test]
async fn a_reward_that_twitch_made_without_saying_so_is_found_by_its_title_and_deleted() {
    let late = |after_seconds| {
        let reason = "late".to_owned();
        RewardError::Unavailable { after_seconds: Some(after_seconds), reason }
    };
    for times in [0, 1, 3] {
        let world = World::new().await;
        world.twitch.fail_after_effect(TwitchCall::Create, late(3_600));
        offered_anew(&world).await;
        let call = TwitchCall::List;
        Trouble { call, error: late(5), takes_effect: false, times }.plan(&world);
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
        days_later(&world).await;
        let there = world.twitch.list(&world.streamers[0].twitch_id).await;
        assert_eq!(there, Ok(Vec::new()), "after {times} failures");
    }
}

#[tokio::test]
async fn a_settlement_that_took_effect_unheard_is_not_made_again() {
    for times in 1..=4 {
        let world = World::new().await;
        let [click] = redeemed(&world, 0, ["ann"]).await;
        world.deliver(&click).await.unwrap();
        let goal = world.goal(0).await.unwrap();
        world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
        let error = RewardError::Unavailable { after_seconds: Some(1), reason: "late".to_owned() };
        let call = TwitchCall::Settle;
        Trouble { call, error, takes_effect: true, times }.plan(&world);
        for _ in 0..=times {
            world.work_until_idle().await;
            world.advance(1).await;
        }
        let channel = &world.streamers[0].twitch_id;
        let held = world.twitch.status_of(channel, &click.id);
        assert_eq!(held, Some(TwitchRedemptionStatus::Canceled));
        assert_eq!(world.ledger().await.total.refunded.count, 1);
        let ends = world.store.journal().into_iter().filter(|line| {
            use gamification_core::redemption::JournalFact::{Fulfilled, Refunded};
            matches!(line.fact, Fulfilled | Refunded)
        });
        assert_eq!(ends.count(), 1);
    }
}
