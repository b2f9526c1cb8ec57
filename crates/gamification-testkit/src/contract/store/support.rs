//! What the cases of the store share: a game that is already there, and a few short cuts.

use super::StoreUnderTest;
use crate::contract::bounded;
use crate::fixtures;
use gamification_core::campaign::{Campaign, User};
use gamification_core::event::Event;
use gamification_core::ids::{InstanceId, RedemptionId, StreamerId};
use gamification_core::instance::{CancelReason, Click, Instance, InstanceState};
use gamification_core::ports::{
    PageRequest, Queries, SettlementUpdate, Store, StoreError, UnitOfWork,
};
use gamification_core::redemption::{Direction, Redemption, SettledBy};
use gamification_core::reward::Reward;
use gamification_core::time::Timestamp;
use gamification_core::vtt::VttConnection;
use std::future::Future;
use std::sync::Arc;

/// How often a use case is tried when the store is contended.
const ATTEMPTS_MAX: u32 = 3;

/// Runs one expression in a transaction of its own and commits it.
macro_rules! committed {
    ($store:expr, |$uow:ident| $body:expr) => {{
        let mut $uow = $crate::contract::store::support::begun(&$store).await;
        let answer = $body;
        $crate::contract::bounded($uow.commit()).await.unwrap();
        answer
    }};
}
pub(super) use committed;

/// A game that is stored already: a campaign with four streamers, both events enabled and opted in
/// to, their rewards, a paired world.
#[derive(Clone)]
pub(super) struct Game {
    pub(super) store: Arc<dyn Store>,
    pub(super) queries: Arc<dyn Queries>,
    pub(super) campaign: Campaign,
    pub(super) streamers: Vec<User>,
    pub(super) invert: Event,
    pub(super) chat: Event,
    /// The rewards of the individual event, in the order of the streamers.
    pub(super) rewards: Vec<Reward>,
    /// The rewards of the group event, in the order of the streamers.
    pub(super) chat_rewards: Vec<Reward>,
    pub(super) connection: VttConnection,
}

/// A begun transaction.
pub(super) async fn begun(store: &Arc<dyn Store>) -> Box<dyn UnitOfWork> {
    bounded(store.begin()).await.unwrap()
}

/// The answer of a use case that is repeated when the store is contended, as the service does it.
pub(super) async fn retried<T, F>(attempt: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, StoreError>>,
{
    for _ in 1..ATTEMPTS_MAX {
        match bounded(attempt()).await {
            Err(StoreError::Contention(_)) => {}
            outcome => return outcome.unwrap(),
        }
    }
    bounded(attempt()).await.unwrap()
}

/// The first part of a list.
pub(super) fn first(limit: u32) -> PageRequest {
    PageRequest { limit, cursor: None }
}

impl Game {
    /// Stores the game.
    pub(super) async fn set_up(under_test: &StoreUnderTest) -> Self {
        let campaign = fixtures::campaign(1);
        let streamers: Vec<User> = (1..=4).map(fixtures::streamer).collect();
        let (invert, chat) = (fixtures::invert_event(), fixtures::chat_event());
        let rewards_of = |event: &Event, first: u32| {
            let numbered = (first..).zip(&streamers);
            numbered
                .map(|(n, user)| fixtures::reward(n, &campaign, event, user.id.into()))
                .collect()
        };
        let game = Self {
            store: Arc::clone(&under_test.store),
            queries: Arc::clone(&under_test.queries),
            rewards: rewards_of(&invert, 1),
            chat_rewards: rewards_of(&chat, 11),
            connection: fixtures::connection(1, &campaign),
            campaign,
            streamers,
            invert,
            chat,
        };
        committed!(game.store, |uow| game.write_all(&mut *uow).await.unwrap());
        game
    }

    async fn write_all(&self, uow: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        uow.users().save(&fixtures::gm()).await?;
        for user in &self.streamers {
            uow.users().save(user).await?;
        }
        uow.campaigns().insert(&self.campaign).await?;
        for user in &self.streamers {
            let membership = fixtures::membership(&self.campaign, user.id.into());
            uow.campaigns().save_membership(&membership).await?;
        }
        for event in [&self.invert, &self.chat] {
            uow.catalogue().insert(event).await?;
            let config = fixtures::campaign_config(&self.campaign, event.id);
            uow.configs().save_campaign_config(&config).await?;
            for user in &self.streamers {
                let opt_in = fixtures::streamer_config(&self.campaign, user.id.into(), event.id);
                uow.configs().save_streamer_config(&opt_in).await?;
            }
        }
        for reward in self.rewards.iter().chain(&self.chat_rewards) {
            assert!(uow.rewards().insert(reward).await?);
        }
        uow.vtt().save_connection(&self.connection).await
    }

    /// The key of the streamer number `index`, from 0.
    pub(super) fn streamer(&self, index: usize) -> StreamerId {
        self.streamers[index].id.into()
    }

    /// An active individual goal on the channel of that streamer.
    pub(super) fn goal(&self, n: u32, streamer: usize) -> Instance {
        fixtures::goal(n, &self.campaign, &self.invert, &self.streamers[streamer])
    }

    /// An active group goal of all streamers.
    pub(super) fn group_goal(&self, n: u32) -> Instance {
        let everybody: Vec<&User> = self.streamers.iter().collect();
        fixtures::group_goal(n, &self.campaign, &self.chat, &everybody)
    }

    /// Stores a goal that must be the only open one of its scope.
    pub(super) async fn insert(&self, goal: &Instance) {
        let inserted = committed!(self.store, |uow| uow.instances().insert(goal).await.unwrap());
        assert!(inserted, "no other goal is open in that scope");
    }

    /// Stores the goal's new state.
    pub(super) async fn update(&self, goal: &Instance) {
        committed!(self.store, |uow| uow.instances().update(goal).await.unwrap());
    }

    /// Stores rows of the ledger as they are.
    pub(super) async fn record(&self, rows: &[Redemption]) {
        let new = committed!(self.store, |uow| uow.redemptions().record(rows).await.unwrap());
        assert_eq!(new.len(), rows.len());
    }

    /// Opens that goal and counts that many clicks on it, with the redemptions number `first` and
    /// the following, all on the channel of its first participant; the goal after them.
    pub(super) async fn opened_with_clicks(
        &self,
        goal: Instance,
        reward: &Reward,
        first: u32,
        clicks: u32,
    ) -> Instance {
        self.insert(&goal).await;
        let rows: Vec<_> =
            (first..first + clicks).map(|n| fixtures::counted(n, reward, goal.id)).collect();
        self.record(&rows).await;
        let goal = clicked(goal, reward.streamer_id, clicks);
        self.update(&goal).await;
        goal
    }

    /// Ends that goal, which gives its pending redemptions their direction.
    pub(super) async fn end(&self, goal: &Instance, now: Timestamp) {
        let direction = match goal.state {
            InstanceState::Executed { .. } => Direction::Fulfil,
            _ => Direction::Refund,
        };
        committed!(self.store, |uow| {
            uow.instances().update(goal).await.unwrap();
            uow.redemptions().decide(goal.id, direction, now).await.unwrap()
        });
    }

    /// The goal as it is stored.
    pub(super) async fn stored(&self, goal: InstanceId) -> Instance {
        bounded(self.queries.instance(goal)).await.unwrap().unwrap()
    }
}

/// The goal after that many clicks on that channel.
pub(super) fn clicked(goal: Instance, streamer_id: StreamerId, clicks: u32) -> Instance {
    let click = Click { streamer_id, viewer_name: "viewer" };
    let now = goal.started_at;
    (0..clicks).fold(goal, |goal, _| goal.contribute(click, now).unwrap().instance)
}

/// The goal after its effect was confirmed; its clicks must be there.
pub(super) fn executed(goal: Instance, now: Timestamp) -> Instance {
    fixtures::executing_goal(goal).executed(Default::default(), now).unwrap().instance
}

/// The goal after the GM stopped it.
pub(super) fn cancelled(goal: Instance, now: Timestamp) -> Instance {
    goal.cancel(CancelReason::Gm, None, now).unwrap().instance
}

/// Refunded by us.
pub(super) const DONE: SettlementUpdate =
    SettlementUpdate::Settled { direction: Direction::Refund, by: SettledBy::Us };

/// Claims what is due, for a minute.
pub(super) async fn claim(game: &Game, now: Timestamp, limit: u32) -> Vec<Redemption> {
    let until = now.plus_seconds(60);
    committed!(game.store, |u| u.redemptions().claim_due(now, until, limit).await.unwrap())
}

/// Applies that outcome to rows; which of them changed.
pub(super) async fn apply(
    game: &Game,
    rows: &[&Redemption],
    update: &SettlementUpdate,
    now: Timestamp,
) -> Vec<RedemptionId> {
    let outcomes: Vec<_> = rows.iter().map(|row| (row.id.clone(), update.clone())).collect();
    committed!(game.store, |uow| uow.redemptions().apply(&outcomes, now).await.unwrap())
}
