//! The store fails at each write of each use case in turn: nothing is half done, and repeating it
//! succeeds.

mod choices;
mod clicks_and_rolls;
mod executions;

use gamification_core::campaign::Campaign;
use gamification_core::event::StreamerConfig;
use gamification_core::instance::Instance;
use gamification_core::ledger::Ledger;
use gamification_core::ports::{InstanceFilter, PageRequest, Queries, RollFilter, StoreError};
use gamification_core::redemption::Redemption;
use gamification_core::reward::Reward;
use gamification_core::service::{Served, ServiceError};
use gamification_core::vtt::{DiceRoll, VttCommand};
use gamification_testkit::World;

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
