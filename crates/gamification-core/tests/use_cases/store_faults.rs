//! The store fails at each write of each use case in turn: nothing is half done, and repeating it
//! succeeds.

use crate::support::{OFF, ON, armed, executing, executing_group, gm, redeemed, stored};
use gamification_core::campaign::Campaign;
use gamification_core::event::StreamerConfig;
use gamification_core::ids::InstanceId;
use gamification_core::instance::{ExecutionStatus, Instance};
use gamification_core::ledger::Ledger;
use gamification_core::ports::{InstanceFilter, PageRequest, Queries, RollFilter, StoreError};
use gamification_core::redemption::{Redemption, TwitchRedemptionStatus};
use gamification_core::reward::Reward;
use gamification_core::service::{ConfigChanges, IncomingRoll, Served, ServiceError};
use gamification_core::vtt::{CommandResult, DiceRoll, VttCommand};
use gamification_testkit::World;
use serde_json::{Value, json};

/// Everything that a half done use case could have left behind.
#[derive(Debug, PartialEq)]
struct Stored {
    campaign: Option<Campaign>,
    goals: Vec<Instance>,
    commands: Vec<VttCommand>,
    redemptions: Vec<Redemption>,
    ledger: Ledger,
    journal_lines: usize,
    rolls: Vec<DiceRoll>,
    rewards: Vec<Reward>,
    opt_ins: Vec<StreamerConfig>,
    log: (i64, i64),
    audit_lines: usize,
}

impl Stored {
    async fn of(world: &World) -> Self {
        let (store, campaign) = (&world.store, world.campaign.id);
        let page = || PageRequest { limit: 200, cursor: None };
        let goals = store.instances(campaign, InstanceFilter::default(), page()).await;
        let goals = goals.unwrap().items;
        let (mut commands, mut rewards, mut opt_ins) = (Vec::new(), Vec::new(), Vec::new());
        for goal in &goals {
            commands.extend(store.commands(goal.id).await.unwrap());
        }
        for streamer in [world.streamer(0), world.streamer(1)] {
            rewards.extend(store.rewards(campaign, streamer).await.unwrap());
            opt_ins.extend(store.streamer_configs(campaign, streamer).await.unwrap());
        }
        Self {
            campaign: store.campaign(campaign).await.unwrap(),
            goals,
            commands,
            redemptions: world.redemptions().await,
            ledger: world.ledger().await,
            journal_lines: store.journal().len(),
            rolls: store.rolls(campaign, RollFilter::default(), page()).await.unwrap().items,
            rewards,
            opt_ins,
            log: store.log_range(campaign).await.unwrap(),
            audit_lines: store.audit(campaign, page()).await.unwrap().items.len(),
        }
    }
}

/// Lets a use case fail at each of its writes, on a fresh world each time: afterwards everything is
/// as before, and the same again succeeds. A store that was only contended is not even noticed.
async fn assert_all_or_nothing<C>(
    writes_min: u64,
    prepare: impl AsyncFn(&World) -> C,
    act: impl AsyncFn(&World, &C) -> Served<()>,
) {
    for k in 1.. {
        let world = World::new().await;
        let context = prepare(&world).await;
        let before = Stored::of(&world).await;
        let gone = StoreError::Unavailable("gone".to_owned());
        world.store.faults().fail_at_write(k, gone.clone());
        let outcome = act(&world, &context).await;
        if world.store.faults().is_armed() {
            outcome.unwrap();
            assert!(k > writes_min, "only {} writes were seen to fail", k - 1);
            return;
        }
        assert_eq!(outcome, Err(ServiceError::Store(gone)), "write {k}");
        assert_eq!(Stored::of(&world).await, before, "write {k}");
        let contended = StoreError::Contention("again".to_owned());
        world.store.faults().fail_at_write(k, contended);
        act(&world, &context).await.unwrap();
        assert!(!world.store.faults().is_armed());
        assert_ne!(Stored::of(&world).await, before);
        world.assert_balanced().await;
    }
}

#[tokio::test]
async fn a_click_that_opens_a_goal() {
    assert_all_or_nothing(
        5,
        async |world| redeemed(world, 0, ["ann"]).await,
        async |world, [click]| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_click_that_ends_an_overdue_goal_and_opens_the_next() {
    assert_all_or_nothing(
        8,
        async |world| {
            world.click(0, "ann").await;
            world.advance(60).await;
            redeemed(world, 0, ["ben"]).await
        },
        async |world, [click]| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_click_that_completes_a_group_goal() {
    assert_all_or_nothing(
        5,
        async |world| {
            for (streamer, viewer) in &crate::support::SIX[..5] {
                world.click_on(&world.chat, *streamer, viewer).await;
            }
            world.redeem(&world.chat, 1, "fay").await.unwrap()
        },
        async |world, click| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_click_that_arrives_settled() {
    assert_all_or_nothing(
        3,
        async |world| {
            let [mut click] = redeemed(world, 0, ["ann"]).await;
            click.status = TwitchRedemptionStatus::Fulfilled;
            click
        },
        async |world, click| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_roll_that_opens_a_goal() {
    assert_all_or_nothing(
        4,
        async |world| world.roll(0, 20),
        async |world, roll| world.game.record_roll(roll.clone()).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_roll_that_consumes_a_goal() {
    assert_all_or_nothing(
        5,
        async |world| {
            armed(world, 0).await;
            world.roll(0, 20)
        },
        async |world, roll| world.game.record_roll(roll.clone()).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_late_attribution() {
    assert_all_or_nothing(
        5,
        async |world| {
            let stranger = IncomingRoll { actor_id: None, ..world.roll(0, 20) };
            world.game.record_roll(stranger).await.unwrap().roll_id.unwrap()
        },
        async |world, roll| {
            world.game.attribute_roll(&gm(), *roll, world.streamer(0)).await.map(drop)
        },
    )
    .await;
}

/// A group goal whose only command was handed over.
async fn sent(world: &World) -> VttCommand {
    let goal = executing_group(world).await;
    world.work_until_idle().await;
    world.store.commands(goal.id).await.unwrap().remove(0)
}

async fn answer(world: &World, command: &VttCommand, outcome: Result<Value, String>) -> Served<()> {
    let result = CommandResult { command_id: command.id, outcome };
    world.game.command_result(world.connection.id, &"socket-1".into(), result).await
}

#[tokio::test]
async fn a_confirmed_command() {
    let act =
        async |world: &World, command: &VttCommand| answer(world, command, Ok(json!({}))).await;
    assert_all_or_nothing(7, sent, act).await;
}

#[tokio::test]
async fn a_failed_command() {
    let act = async |world: &World, command: &VttCommand| {
        answer(world, command, Err("no".to_owned())).await
    };
    assert_all_or_nothing(6, sent, act).await;
}

#[tokio::test]
async fn a_confirmation_over_http() {
    let act = async |world: &World, goal: &Instance| {
        let connection = world.connection.id;
        world.game.confirm_execution(connection, goal.id, true, None).await.map(drop)
    };
    assert_all_or_nothing(7, async |world| executing(world, 0).await, act).await;
}

#[tokio::test]
async fn a_sweep_of_an_expired_goal() {
    assert_all_or_nothing(
        5,
        async |world| {
            world.click(0, "ann").await;
            world.advance(60).await;
        },
        async |world, ()| world.game.sweep_overdue().await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_sweep_of_an_execution_that_nobody_confirmed() {
    assert_all_or_nothing(
        6,
        async |world| {
            let command = sent(world).await;
            world.advance(120).await;
            command
        },
        async |world, _| world.game.sweep_overdue().await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn switching_an_event_off() {
    let act = async |world: &World, _: &Instance| {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, OFF).await.map(drop)
    };
    assert_all_or_nothing(7, async |world| armed(world, 0).await, act).await;
}

#[tokio::test]
async fn switching_an_event_on_again() {
    let act = async |world: &World, (): &()| {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, ON).await.map(drop)
    };
    let prepare = async |world: &World| {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, OFF).await.unwrap();
    };
    assert_all_or_nothing(4, prepare, act).await;
}

#[tokio::test]
async fn a_start_and_a_stop_by_hand() {
    let start = async |world: &World, (): &()| {
        let (campaign, streamer) = (world.campaign.id, Some(world.streamer(0)));
        world
            .game
            .start_goal(&gm(), campaign, world.invert.id, streamer, Value::Null)
            .await
            .map(drop)
    };
    assert_all_or_nothing(4, async |_| (), start).await;
    let stop = async |world: &World, goal: &InstanceId| {
        world.game.cancel_goal(&gm(), *goal, None).await.map(drop)
    };
    assert_all_or_nothing(6, async |world| armed(world, 0).await.id, stop).await;
}

#[tokio::test]
async fn the_end_of_a_session_and_of_an_event_and_of_a_campaign() {
    let prepare = async |world: &World| {
        world.game.start_session(&gm(), world.campaign.id).await.unwrap();
        armed(world, 0).await;
        world.click_on(&world.chat, 1, "zoe").await;
    };
    let end = async |world: &World, (): &()| {
        world.game.end_session(&gm(), world.campaign.id).await.map(drop)
    };
    assert_all_or_nothing(10, prepare, end).await;
    let disable = async |world: &World, (): &()| {
        let off = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
        world.game.configure_event(&gm(), world.campaign.id, world.invert.id, off).await.map(drop)
    };
    assert_all_or_nothing(8, prepare, disable).await;
    let delete =
        async |world: &World, (): &()| world.game.delete_campaign(&gm(), world.campaign.id).await;
    assert_all_or_nothing(10, prepare, delete).await;
}

#[tokio::test]
async fn what_twitch_tells_of_a_redemption() {
    let prepare = async |world: &World| {
        let [click] = redeemed(world, 0, ["ann"]).await;
        world.deliver(&click).await.unwrap();
        let channel = &world.streamers[0].twitch_id;
        let refund = gamification_core::redemption::Direction::Refund;
        assert!(world.twitch.moderate(channel, &click.id, refund));
        click
    };
    let act = async |world: &World, click: &gamification_core::redemption::IncomingRedemption| {
        world.game.redemption_updated(&click.id, TwitchRedemptionStatus::Canceled).await
    };
    assert_all_or_nothing(2, prepare, act).await;
}

#[tokio::test]
async fn a_settlement_that_fails_at_any_write_settles_once_and_in_the_end() {
    for k in 1.. {
        let world = World::new().await;
        let goal = armed(&world, 0).await;
        world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
        let before = Stored::of(&world).await;
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        let outcome = world.game.settle_due().await;
        if world.store.faults().is_armed() {
            assert_eq!(outcome, Ok(3));
            assert!(k > 5, "claimed, written and told");
            return;
        }
        assert!(outcome.is_err(), "write {k}");
        assert_eq!(Stored::of(&world).await, before, "write {k}");
        world.advance(60).await;
        world.work_until_idle().await;
        let ledger = world.ledger().await.total;
        assert_eq!((ledger.refunded.count, ledger.pending.count), (3, 0), "write {k}");
        world.assert_balanced().await;
    }
}

#[tokio::test]
async fn handing_a_command_over_fails_at_any_write_and_it_acts_once() {
    for k in 1.. {
        let world = World::new().await;
        let goal = executing_group(&world).await;
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        let outcome = world.game.drive_commands().await;
        if world.store.faults().is_armed() {
            assert_eq!(outcome, Ok(1));
            assert!(k > 2, "sent is written and committed");
            return;
        }
        assert!(outcome.is_err(), "write {k}");
        assert_eq!(world.table.sent(), [], "what was not stored is not sent");
        crate::support::play_out(&world).await;
        let ended = stored(&world, goal.id).await;
        assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
        assert_eq!(world.table.performed_count(world.table.sent()[0].command.id), 1);
    }
}

#[tokio::test]
async fn an_offer_that_fails_at_any_write_is_made_in_the_end() {
    for k in 1.. {
        let world = World::new().await;
        let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
        world.game.opt_in(&gm(), campaign, streamer, event, OFF).await.unwrap();
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        let outcome = world.game.offer_event(&gm(), campaign, streamer, event, ON).await;
        if world.store.faults().is_armed() {
            outcome.unwrap();
            assert!(k > 6, "opt-in, row and answer are written");
            return;
        }
        assert!(outcome.is_err(), "write {k}");
        world.game.offer_event(&gm(), campaign, streamer, event, ON).await.unwrap();
        world.advance(2).await;
        world.work_until_idle().await;
        assert!(world.redeem(&world.invert, 0, "ann").await.is_ok(), "write {k}");
    }
}

#[tokio::test]
async fn a_store_that_is_down_changes_nothing_and_comes_back() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    let before = Stored::of(&world).await;
    world.store.faults().set_down(true);
    assert!(world.deliver(&click).await.is_err());
    assert!(world.game.record_roll(world.roll(0, 20)).await.is_err());
    assert!(world.try_work().await.is_err());
    world.store.faults().set_down(false);
    assert_eq!(Stored::of(&world).await, before);
    world.deliver(&click).await.unwrap();
    world.assert_balanced().await;
}
