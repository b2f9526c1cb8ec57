//! One evening: what happened so far, and what happens next.

use crate::dice::Dice;
use crate::fights::with_feuds;
use gamification_core::access::Actor;
use gamification_core::ids::RedemptionId;
use gamification_core::instance::Instance;
use gamification_core::ports::{Store, StoreError};
use gamification_core::redemption::{IncomingRedemption, Redemption};
use gamification_core::service::{IncomingRoll, Missed, Served, ServiceError, TableSocket};
use gamification_testkit::{World, fixtures};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Everything that an evening remembers between its steps.
pub(crate) struct Evening {
    pub(crate) world: World,
    pub(crate) dice: Dice,
    diary: Arc<Mutex<Vec<String>>>,
    /// Every redemption that was made on Twitch.
    pub(crate) made: Vec<IncomingRedemption>,
    /// Which of them Twitch has not delivered yet.
    pub(crate) undelivered: Vec<IncomingRedemption>,
    /// Which of them Twitch will never deliver of itself.
    pub(crate) dropped: BTreeSet<RedemptionId>,
    /// What only the poll found.
    pub(crate) missed: Missed,
    /// Whether a redemption had to wait for a login.
    pub(crate) has_waited_for_login: bool,
    /// What a moderator settled on Twitch.
    pub(crate) moderated: BTreeSet<RedemptionId>,
    /// Every roll that was reported.
    pub(crate) rolled: Vec<IncomingRoll>,
    /// The client at the table.
    pub(crate) client: Option<TableSocket>,
    pub(crate) sockets: u32,
    /// What was seen to be final, and must stay as it is.
    pub(crate) ended_rows: BTreeMap<RedemptionId, Redemption>,
    pub(crate) ended_goals: BTreeMap<gamification_core::ids::InstanceId, Instance>,
    pub(crate) last_sequence: i64,
    /// Whether the individual event needs a combat, and the table fights now and then.
    pub(crate) has_feuds: bool,
}

/// From that seed on the individual event needs a combat.
pub(crate) const FEUDS_FROM: u64 = 64;

/// The game master does what nobody else does.
pub(crate) fn gm() -> Actor {
    Actor::User { user_id: fixtures::gm().id }
}

impl Evening {
    pub(crate) async fn new(seed: u64) -> Self {
        let mut world = World::with_seed(seed).await;
        world.game = with_feuds(&world);
        let mut evening = Self {
            world,
            dice: Dice::new(seed),
            diary: Arc::default(),
            made: Vec::new(),
            undelivered: Vec::new(),
            dropped: BTreeSet::new(),
            missed: Missed::default(),
            has_waited_for_login: false,
            moderated: BTreeSet::new(),
            rolled: Vec::new(),
            client: None,
            sockets: 1,
            ended_rows: BTreeMap::new(),
            ended_goals: BTreeMap::new(),
            last_sequence: 0,
            has_feuds: seed >= FEUDS_FROM,
        };
        evening.make_goals_small().await;
        for streamer in [0, 1] {
            evening.log_in(streamer).await;
        }
        evening.connect().await;
        if evening.has_feuds {
            evening.begin_fight().await;
        }
        evening
    }

    /// With few clicks needed, goals get far.
    async fn make_goals_small(&self) {
        let mut uow = self.world.store.begin().await.unwrap();
        for event in [&self.world.invert, &self.world.chat] {
            let mut small = event.clone();
            small.defaults.minimum_objective = 1;
            if self.has_feuds && event.id == self.world.invert.id {
                small.action.kind = "feud".to_owned();
            }
            uow.catalogue().update(&small).await.unwrap();
        }
        uow.commit().await.unwrap();
        for user in &self.world.streamers {
            self.world.twitch.set_viewers(&user.twitch_id, Some(5));
        }
    }

    pub(crate) fn diary(&self) -> Arc<Mutex<Vec<String>>> {
        Arc::clone(&self.diary)
    }

    /// Notes what is about to happen.
    pub(crate) fn note(&self, what: String) {
        self.diary.lock().unwrap().push(what);
    }

    /// Something happens, with some trouble now and then; what was going to fail in it and did not
    /// come to it, does not fail any more.
    pub(crate) async fn step(&mut self) {
        self.brew_trouble();
        match self.dice.below(100) {
            0..24 => self.redeem().await,
            24..32 => self.deliver().await,
            32..42 => self.roll().await,
            42..44 => self.manage_goals().await,
            44..48 => self.manage_offers().await,
            48..51 => self.manage_game().await,
            51..57 => self.moderate().await,
            57..68 => self.work().await,
            68..71 => self.poll().await,
            71..73 => self.manage_login().await,
            73..80 => self.answer().await,
            80..85 => self.come_and_go().await,
            85..96 if self.has_feuds => self.fight().await,
            _ => self.pass_time().await,
        }
        self.world.store.faults().clear();
        self.world.pending.set_away(false);
    }

    /// What came of a use case. Refusals are part of the game, and a store may fail; it must not
    /// hold anything that makes no sense.
    pub(crate) fn judge<T>(&self, what: &str, outcome: Served<T>) -> Option<T> {
        match outcome {
            Ok(outcome) => {
                self.note(format!("  {what}: done"));
                Some(outcome)
            }
            Err(ServiceError::Store(
                error @ (StoreError::AlreadyExists(_)
                | StoreError::Missing(_)
                | StoreError::Corrupt(_)),
            )) => panic!("{what}: {error}"),
            Err(error) => {
                self.note(format!("  {what}: {error}"));
                None
            }
        }
    }
}
