use crate::support::{Fresh, Kind};
use gamification_core::campaign::{Campaign, User};
use gamification_core::event::Event;
use gamification_core::instance::{CancelReason, ExecutionReport, Instance};
use gamification_core::ports::{SettlementUpdate, Store, UnitOfWork};
use gamification_core::redemption::{Direction, Redemption, SettledBy, StuckReason};
use gamification_core::reward::Reward;
use gamification_db::Database;
use gamification_testkit::fixtures::{self, at};

/// A stored campaign of two streamers, with a reward each for both events.
pub(crate) struct Game {
    pub(crate) database: Database,
    pub(crate) campaign: Campaign,
    pub(crate) streamers: [User; 2],
    pub(crate) invert: Event,
    pub(crate) chat: Event,
    /// Of the individual event, in the order of the streamers.
    pub(crate) rewards: [Reward; 2],
    /// Of the group event, in the order of the streamers.
    pub(crate) chat_rewards: [Reward; 2],
    /// Goes last: it takes the database away.
    pub(crate) fresh: Fresh,
}

const REFUNDED: SettlementUpdate =
    SettlementUpdate::Settled { direction: Direction::Refund, by: SettledBy::Us };
const FULFILLED: SettlementUpdate =
    SettlementUpdate::Settled { direction: Direction::Fulfil, by: SettledBy::Us };

impl Game {
    pub(crate) async fn set_up(kind: Kind) -> Self {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        let campaign = fixtures::campaign(1);
        let (invert, chat) = (fixtures::invert_event(), fixtures::chat_event());
        let streamers = [fixtures::streamer(1), fixtures::streamer(2)];
        let of = |n, event, user: &User| fixtures::reward(n, &campaign, event, user.id.into());
        let rewards = [of(1, &invert, &streamers[0]), of(2, &invert, &streamers[1])];
        let chat_rewards = [of(3, &chat, &streamers[0]), of(4, &chat, &streamers[1])];
        let game =
            Self { database, campaign, streamers, invert, chat, rewards, chat_rewards, fresh };
        let mut uow = game.begin().await;
        uow.campaigns().insert(&game.campaign).await.unwrap();
        for reward in game.rewards.iter().chain(&game.chat_rewards) {
            assert!(uow.rewards().insert(reward).await.unwrap());
        }
        uow.commit().await.unwrap();
        game
    }

    pub(crate) async fn begin(&self) -> Box<dyn UnitOfWork> {
        self.database.begin().await.unwrap()
    }

    pub(crate) async fn record(&self, rows: &[Redemption]) -> usize {
        let mut uow = self.begin().await;
        let new = uow.redemptions().record(rows).await.unwrap();
        uow.commit().await.unwrap();
        new.len()
    }

    async fn decide(&self, goal: &Instance, direction: Direction) {
        let mut uow = self.begin().await;
        uow.instances().update(goal).await.unwrap();
        uow.redemptions().decide(goal.id, direction, at(50)).await.unwrap();
        uow.commit().await.unwrap();
    }

    pub(crate) async fn apply(&self, n: u32, update: SettlementUpdate) {
        let id = format!("redemption-{n}").into();
        let mut uow = self.begin().await;
        let changed = uow.redemptions().apply(&[(id, update)], at(60)).await.unwrap();
        assert_eq!(changed.len(), 1, "redemption-{n}");
        uow.commit().await.unwrap();
    }

    async fn open(&self, goal: &Instance, rows: &[Redemption]) {
        let mut uow = self.begin().await;
        assert!(uow.instances().insert(goal).await.unwrap());
        uow.commit().await.unwrap();
        assert_eq!(self.record(rows).await, rows.len());
    }

    /// A goal in every phase that matters, and redemptions in every state: 1 fulfilled, 2 stuck,
    /// 3 to be fulfilled, 4 refunded, 5 to be refunded, 6 and 7 pending, 8 settled by a moderator
    /// while its goal is open, 9 retried, 10 refused and refunded.
    pub(crate) async fn fill(&self) {
        self.fill_executed().await;
        self.fill_cancelled().await;
        self.fill_open().await;
        let refused = [9, 10].map(|n| fixtures::refused(n, &self.rewards[1]));
        assert_eq!(self.record(&refused).await, 2);
        self.apply(9, SettlementUpdate::Stuck { reason: StuckReason::LoginNeeded }).await;
        let mut uow = self.begin().await;
        assert!(uow.redemptions().retry(&refused[0].id, at(70)).await.unwrap());
        uow.commit().await.unwrap();
        self.apply(10, REFUNDED).await;
    }

    async fn fill_executed(&self) {
        let goal = fixtures::goal(1, &self.campaign, &self.invert, &self.streamers[0]);
        let goal = fixtures::executing_goal(goal);
        let rows = [1, 2, 3].map(|n| fixtures::counted(n, &self.rewards[0], goal.id));
        self.open(&goal, &rows).await;
        let goal = goal.executed(ExecutionReport::default(), at(40)).unwrap().instance;
        self.decide(&goal, Direction::Fulfil).await;
        self.apply(1, FULFILLED).await;
        self.apply(2, SettlementUpdate::Stuck { reason: StuckReason::NotOurs }).await;
    }

    async fn fill_cancelled(&self) {
        let goal = fixtures::goal(2, &self.campaign, &self.invert, &self.streamers[1]);
        let goal = clicked(goal, &[1, 1], &self.streamers);
        let rows = [4, 5].map(|n| fixtures::counted(n, &self.rewards[1], goal.id));
        self.open(&goal, &rows).await;
        let goal = goal.cancel(CancelReason::Gm, None, at(40)).unwrap().instance;
        self.decide(&goal, Direction::Refund).await;
        self.apply(4, REFUNDED).await;
    }

    async fn fill_open(&self) {
        let everybody = [&self.streamers[0], &self.streamers[1]];
        let goal = fixtures::group_goal(3, &self.campaign, &self.chat, &everybody);
        let goal = clicked(goal, &[0, 0, 1], &self.streamers);
        let rows = [
            fixtures::counted(6, &self.chat_rewards[0], goal.id),
            fixtures::counted(7, &self.chat_rewards[0], goal.id),
            fixtures::counted(8, &self.chat_rewards[1], goal.id),
        ];
        self.open(&goal, &rows).await;
        let by = SettledBy::External;
        self.apply(8, SettlementUpdate::Settled { direction: Direction::Refund, by }).await;
    }
}

/// The goal after a click on each of these streamers' channels.
fn clicked(goal: Instance, channels: &[usize], streamers: &[User]) -> Instance {
    channels.iter().fold(goal, |goal, channel| {
        let streamer_id = streamers[*channel].id.into();
        let click = gamification_core::instance::Click { streamer_id, viewer_name: "viewer" };
        let now = goal.started_at;
        goal.contribute(click, now).unwrap().instance
    })
}
