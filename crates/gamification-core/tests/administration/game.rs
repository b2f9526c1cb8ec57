//! A game of two streamers who offer an individual and a group event.

use gamification_core::access::Actor;
use gamification_core::action::ActionRegistry;
use gamification_core::campaign::{Campaign, Membership, User};
use gamification_core::event::{Event, StreamerConfig};
use gamification_core::ids::StreamerId;
use gamification_core::instance::{Cooldown, ExecutionReport, Instance};
use gamification_core::ports::{PageRequest, Queries, Store, UnitOfWork};
use gamification_core::redemption::Settlement;
use gamification_core::reward::Reward;
use gamification_core::service::{Gamification, Ports, ServiceError};
use gamification_core::trigger::TriggerRegistry;
use gamification_testkit::{
    FakeChat, FakeTable, FakeTwitch, FlakyPending, ManualClock, MemoryBroadcast, MemoryStore,
    SeededRandom, SequentialIds, fixtures,
};
use std::sync::Arc;

pub(crate) struct Game {
    pub(crate) service: Gamification,
    pub(crate) store: MemoryStore,
    pub(crate) clock: ManualClock,
    pub(crate) campaign: Campaign,
    pub(crate) one: User,
    pub(crate) two: User,
    /// The individual event.
    pub(crate) invert: Event,
    /// The group event.
    pub(crate) chat: Event,
}

/// The game master, who acts in every test unless it says otherwise.
pub(crate) fn gm() -> Actor {
    Actor::User { user_id: fixtures::gm().id }
}

pub(crate) fn streamer_id(user: &User) -> StreamerId {
    user.id.into()
}

/// The fields that input was refused for.
pub(crate) fn refused_fields<T: std::fmt::Debug>(served: Result<T, ServiceError>) -> Vec<String> {
    match served {
        Err(ServiceError::Invalid(errors)) => errors.into_iter().map(|e| e.field).collect(),
        other => panic!("not refused because of fields: {other:?}"),
    }
}

impl Game {
    /// Both are active and authorised, both events enabled and offered; a world is paired.
    pub(crate) async fn new() -> Self {
        let game = Self::without_rows();
        let mut uow = game.begin().await;
        for user in [&fixtures::gm(), &game.one, &game.two] {
            uow.users().save(user).await.unwrap();
        }
        uow.campaigns().insert(&game.campaign).await.unwrap();
        for user in [&game.one, &game.two] {
            let member = fixtures::membership(&game.campaign, user.id.into());
            uow.campaigns().save_membership(&member).await.unwrap();
        }
        for event in [&game.invert, &game.chat] {
            uow.catalogue().insert(event).await.unwrap();
            let config = fixtures::campaign_config(&game.campaign, event.id);
            uow.configs().save_campaign_config(&config).await.unwrap();
            for user in [&game.one, &game.two] {
                let opt_in = fixtures::streamer_config(&game.campaign, user.id.into(), event.id);
                uow.configs().save_streamer_config(&opt_in).await.unwrap();
            }
        }
        let connection = fixtures::connection(1, &game.campaign);
        uow.vtt().save_connection(&connection).await.unwrap();
        uow.commit().await.unwrap();
        game
    }

    fn without_rows() -> Self {
        let (store, clock) = (MemoryStore::default(), ManualClock::default());
        let twitch = Arc::new(FakeTwitch::default());
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SequentialIds::default()),
            random: Arc::new(SeededRandom::new(1)),
            store: Arc::new(store.clone()),
            queries: Arc::new(store.clone()),
            rewards: twitch.clone(),
            audience: twitch,
            chat: Arc::new(FakeChat::default()),
            vtt: Arc::new(FakeTable::default()),
            pending: Arc::new(FlakyPending::default()),
            broadcaster: Arc::new(MemoryBroadcast::default()),
        };
        let (triggers, actions) = (TriggerRegistry::with_builtin(), ActionRegistry::with_builtin());
        Self {
            service: Gamification::new(ports, triggers, actions),
            store,
            clock,
            campaign: fixtures::campaign(1),
            one: fixtures::streamer(1),
            two: fixtures::streamer(2),
            invert: fixtures::invert_event(),
            chat: fixtures::chat_event(),
        }
    }

    pub(crate) async fn begin(&self) -> Box<dyn UnitOfWork> {
        self.store.begin().await.unwrap()
    }

    /// Stores a goal as it is.
    pub(crate) async fn put(&self, goal: Instance) -> Instance {
        let mut uow = self.begin().await;
        assert!(uow.instances().insert(&goal).await.unwrap());
        uow.commit().await.unwrap();
        goal
    }

    /// An active goal of the first streamer, with one counted click on their reward.
    pub(crate) async fn clicked_goal(&self) -> (Instance, Reward) {
        let goal = self.put(fixtures::goal(1, &self.campaign, &self.invert, &self.one)).await;
        let reward = fixtures::reward(1, &self.campaign, &self.invert, streamer_id(&self.one));
        let mut uow = self.begin().await;
        assert!(uow.rewards().insert(&reward).await.unwrap());
        uow.redemptions().record(&[fixtures::counted(1, &reward, goal.id)]).await.unwrap();
        uow.commit().await.unwrap();
        (goal, reward)
    }

    /// What became of the click of [`Game::clicked_goal`].
    pub(crate) async fn click(&self) -> Settlement {
        let row = self.store.redemption(&"redemption-1".into()).await.unwrap().unwrap();
        row.settlement
    }

    /// A goal of the first streamer that was executed and left that cooldown.
    pub(crate) async fn cooling(&self, n: u32, event: &Event, cooldown: Cooldown) -> Instance {
        let goal = fixtures::goal(n, &self.campaign, event, &self.one);
        let done =
            fixtures::executing_goal(goal).executed(ExecutionReport::default(), fixtures::NOW);
        let mut goal = done.unwrap().instance;
        goal.cooldown = Some(cooldown);
        self.put(goal).await
    }

    pub(crate) async fn goal(&self, goal: &Instance) -> Instance {
        self.store.instance(goal.id).await.unwrap().unwrap()
    }

    pub(crate) async fn stored_campaign(&self) -> Campaign {
        self.store.campaign(self.campaign.id).await.unwrap().unwrap()
    }

    pub(crate) async fn member(&self, user: &User) -> Membership {
        let member = self.store.membership(self.campaign.id, user.id.into()).await.unwrap();
        member.unwrap()
    }

    pub(crate) async fn opt_in_of(&self, user: &User, event: &Event) -> Option<StreamerConfig> {
        let configs = self.store.streamer_configs(self.campaign.id, user.id.into()).await.unwrap();
        configs.into_iter().find(|config| config.event_id == event.id)
    }

    /// What was done in the campaign, newest first.
    pub(crate) async fn audited(&self) -> Vec<String> {
        let page = PageRequest { limit: 50, cursor: None };
        let audit = self.store.audit(self.campaign.id, page).await.unwrap();
        audit.items.into_iter().map(|entry| entry.action).collect()
    }

    /// The types of the facts of the campaign, oldest first.
    pub(crate) async fn told(&self) -> Vec<&'static str> {
        let facts = self.store.events_after(self.campaign.id, 0, 100).await.unwrap();
        facts.iter().map(|fact| fact.announcement.kind.wire_name()).collect()
    }
}
