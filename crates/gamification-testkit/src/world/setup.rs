use super::{Progress, World};
use crate::{
    FakeChat, FakeTable, FakeTwitch, FlakyPending, ManualClock, MemoryBroadcast, MemoryStore,
    SeededRandom, SequentialIds, fixtures,
};
use gamification_core::action::ActionRegistry;
use gamification_core::ports::{Store, StoreError, UnitOfWork};
use gamification_core::service::{Gamification, Ports};
use gamification_core::trigger::TriggerRegistry;
use gamification_core::vtt::VttConnection;
use std::sync::{Arc, Mutex};

/// With so few viewers every goal needs its event's minimum.
const VIEWERS: u32 = 10;

impl World {
    /// The world as it is when the evening begins: both events on, all rewards redeemable.
    pub async fn new() -> Self {
        Self::with_seed(0).await
    }

    /// The same with that seed for everything that is left to chance.
    pub async fn with_seed(seed: u64) -> Self {
        let world = Self::wired(seed);
        world.populate().await.expect("the fake store works");
        world.connect_table("socket-1", true).await;
        world.work_until_idle().await;
        world
    }

    fn wired(seed: u64) -> Self {
        let (clock, store) = (ManualClock::default(), MemoryStore::default());
        let (twitch, table) = (Arc::<FakeTwitch>::default(), Arc::<FakeTable>::default());
        let (pending, broadcast) = (Arc::<FlakyPending>::default(), MemoryBroadcast::default());
        let notices = Arc::<FakeChat>::default();
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SequentialIds::default()),
            random: Arc::new(SeededRandom::new(seed)),
            store: Arc::new(store.clone()),
            queries: Arc::new(store.clone()),
            rewards: twitch.clone(),
            audience: twitch.clone(),
            chat: notices.clone(),
            vtt: table.clone(),
            pending: pending.clone(),
            broadcaster: Arc::new(broadcast.clone()),
        };
        let (triggers, actions) = (TriggerRegistry::with_builtin(), ActionRegistry::with_builtin());
        let campaign = fixtures::campaign(1);
        let connection = fixtures::connection(1, &campaign);
        Self {
            game: Arc::new(Gamification::new(ports, triggers, actions)),
            clock,
            store,
            twitch,
            notices,
            table,
            pending,
            broadcast,
            streamers: [fixtures::streamer(1), fixtures::streamer(2)],
            invert: fixtures::invert_event(),
            chat: fixtures::chat_event(),
            connection: VttConnection { present_until: None, ..connection },
            campaign,
            progress: Mutex::new(Progress::default()),
        }
    }

    async fn populate(&self) -> Result<(), StoreError> {
        let mut uow = self.store.begin().await?;
        self.write_game(uow.as_mut()).await?;
        for (number, user) in (1..).zip(&self.streamers) {
            self.twitch.add_channel(&user.twitch_id, true, Some(VIEWERS));
            let streamer = user.id.into();
            uow.users().save(user).await?;
            let membership = fixtures::membership(&self.campaign, streamer);
            uow.campaigns().save_membership(&membership).await?;
            let character = fixtures::character(number, &self.campaign, Some(streamer));
            uow.campaigns().save_character(&character).await?;
            for event in [&self.invert, &self.chat] {
                let opt_in = fixtures::streamer_config(&self.campaign, streamer, event.id);
                uow.configs().save_streamer_config(&opt_in).await?;
            }
        }
        uow.commit().await
    }

    async fn write_game(&self, uow: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        uow.users().save(&fixtures::gm()).await?;
        uow.campaigns().insert(&self.campaign).await?;
        for event in [&self.invert, &self.chat] {
            uow.catalogue().insert(event).await?;
            let config = fixtures::campaign_config(&self.campaign, event.id);
            uow.configs().save_campaign_config(&config).await?;
        }
        uow.vtt().save_connection(&self.connection).await
    }
}
