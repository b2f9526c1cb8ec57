//! Short cuts that the stories share.

use gamification_core::access::Actor;
use gamification_core::campaign::Campaign;
use gamification_core::event::{CampaignConfig, Event};
use gamification_core::ids::InstanceId;
use gamification_core::instance::{ExecutionStatus, Instance, InstanceStatus};
use gamification_core::ports::{Lock, Queries, Store, UnitOfWork};
use gamification_core::redemption::{IncomingRedemption, Redemption, RefusalReason, Settlement};
use gamification_core::service::{Contribution, OptIn};
use gamification_testkit::{World, fixtures};
use serde_json::json;

/// As many viewers as an individual goal needs.
pub(crate) const THREE: [&str; 3] = ["ann", "ben", "cat"];

/// What a group goal needs: clicks on both channels.
pub(crate) const SIX: [(usize, &str); 6] =
    [(0, "ann"), (1, "ben"), (0, "cat"), (1, "dan"), (0, "eve"), (1, "fay")];

pub(crate) const ON: OptIn = OptIn { is_enabled: true, cost_override: None };
pub(crate) const OFF: OptIn = OptIn { is_enabled: false, cost_override: None };

/// The game master, who does what nobody else is said to do.
pub(crate) fn gm() -> Actor {
    Actor::User { user_id: fixtures::gm().id }
}

/// Runs one piece of work in a transaction of its own and commits it.
pub(crate) async fn write<T>(world: &World, work: impl AsyncFnOnce(&mut dyn UnitOfWork) -> T) -> T {
    let mut uow = world.store.begin().await.unwrap();
    let answer = work(uow.as_mut()).await;
    uow.commit().await.unwrap();
    answer
}

/// Changes the campaign behind the back of every rule.
pub(crate) async fn change_campaign(world: &World, change: impl FnOnce(&mut Campaign)) {
    write(world, async |uow| {
        let campaign = uow.campaigns().get(world.campaign.id, Lock::Exclusive).await.unwrap();
        let mut campaign = campaign.unwrap();
        change(&mut campaign);
        uow.campaigns().update(&campaign).await.unwrap();
    })
    .await;
}

/// Changes the campaign's setting of an event behind the back of every rule.
pub(crate) async fn change_config(
    world: &World,
    event: &Event,
    change: impl FnOnce(&mut CampaignConfig),
) {
    write(world, async |uow| {
        let configs = uow.configs();
        let config = configs.campaign_config(world.campaign.id, event.id, Lock::Exclusive).await;
        let mut config = config.unwrap().unwrap();
        change(&mut config);
        configs.save_campaign_config(&config).await.unwrap();
    })
    .await;
}

/// Changes an event behind the back of every rule.
pub(crate) async fn change_event(world: &World, event: &Event, change: impl FnOnce(&mut Event)) {
    let mut event = event.clone();
    change(&mut event);
    write(world, async |uow| uow.catalogue().update(&event).await.unwrap()).await;
}

/// Redemptions that viewers made while they could, not delivered yet.
pub(crate) async fn redeemed<const N: usize>(
    world: &World,
    streamer: usize,
    viewers: [&str; N],
) -> [IncomingRedemption; N] {
    let mut redemptions = Vec::new();
    for viewer in viewers {
        redemptions.push(world.redeem(&world.invert, streamer, viewer).await.unwrap());
    }
    redemptions.try_into().unwrap()
}

/// What became of a batch that could be stored.
pub(crate) async fn delivered(world: &World, batch: &[IncomingRedemption]) -> Vec<Contribution> {
    world.game.contribute(batch).await.into_iter().map(Result::unwrap).collect()
}

/// Whether a click counted.
pub(crate) const fn counts(outcome: Contribution) -> bool {
    matches!(outcome, Contribution::Counted(_))
}

/// The individual goal of a streamer after all its clicks: it waits for its roll.
pub(crate) async fn armed(world: &World, streamer: usize) -> Instance {
    for viewer in THREE {
        assert!(counts(world.click(streamer, viewer).await));
    }
    let goal = world.goal(streamer).await.unwrap();
    assert_eq!(goal.status(), InstanceStatus::Armed);
    goal
}

/// The individual goal of a streamer after its clicks and its roll: the table has to act.
pub(crate) async fn executing(world: &World, streamer: usize) -> Instance {
    let goal = armed(world, streamer).await;
    world.crit(streamer, 20).await;
    let goal = stored(world, goal.id).await;
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Pending));
    goal
}

/// The group goal after all its clicks: the table has to write to the chat.
pub(crate) async fn executing_group(world: &World) -> Instance {
    for (streamer, viewer) in SIX {
        assert!(counts(world.click_on(&world.chat, streamer, viewer).await));
    }
    let goal = world.group_goal().await.unwrap();
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Pending));
    goal
}

/// Lets workers and table do all that they can at this moment; the table can do everything.
pub(crate) async fn play_out(world: &World) {
    loop {
        world.work_until_idle().await;
        if world.answer_commands(Ok(json!({ "total": 1 }))).await == 0 {
            return;
        }
    }
}

/// The goal as it is stored.
pub(crate) async fn stored(world: &World, goal: InstanceId) -> Instance {
    world.store.instance(goal).await.unwrap().unwrap()
}

/// The redemption as it is stored.
pub(crate) async fn row(world: &World, redemption: &IncomingRedemption) -> Redemption {
    world.store.redemption(&redemption.id).await.unwrap().unwrap()
}

/// The settlements of all redemptions, oldest first.
pub(crate) async fn settlements(world: &World) -> Vec<Settlement> {
    let rows = world.redemptions().await;
    rows.into_iter().rev().map(|row| row.settlement).collect()
}

/// The names of all facts that were told, oldest first.
pub(crate) async fn told(world: &World) -> Vec<&'static str> {
    let facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    facts.iter().map(|fact| fact.announcement.kind.wire_name()).collect()
}

/// Delivers a redemption that must be refused for that reason and refunded.
pub(crate) async fn assert_refused(
    world: &World,
    redemption: &IncomingRedemption,
    reason: RefusalReason,
) {
    use gamification_core::redemption::Disposition;
    let outcome = world.deliver(redemption).await.unwrap();
    assert_eq!(outcome, Contribution::Refused(reason));
    let refused = row(world, redemption).await;
    assert_eq!(refused.disposition, Disposition::Refused(reason));
    assert_eq!(refused.settlement, Settlement::RefundDue);
    world.assert_balanced().await;
    world.work_until_idle().await;
    assert_eq!(row(world, redemption).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}
