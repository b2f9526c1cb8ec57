//! The service on fakes: one campaign, two streamers, one table.

#![allow(
    clippy::expect_used,
    reason = "only tests use it, and a world that does not work has to fail them where it broke"
)]

mod setup;
mod twitch_view;

use crate::table::features;
use crate::{
    FakeChat, FakeTable, FakeTwitch, FlakyPending, ManualClock, MemoryBroadcast, MemoryStore,
    RedeemRefused,
};
use crate::{fixtures, locked};
use gamification_core::campaign::{Campaign, User};
use gamification_core::event::Event;
use gamification_core::ids::{CommandId, StreamerId};
use gamification_core::instance::{GoalScope, Instance};
use gamification_core::ledger::Ledger;
use gamification_core::ports::Queries;
use gamification_core::redemption::IncomingRedemption;
use gamification_core::reward::Reward;
use gamification_core::service::{
    Contribution, Fitness, Gamification, IncomingRoll, RollReceipt, Served, TableSocket,
};
use gamification_core::vtt::{CommandResult, VttConnection};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// More rounds than any work in a small world takes.
const ROUNDS_MAX: u32 = 200;

/// A wired service in which time stands still until it is moved. Both streamers are live, have
/// opted in to both events and are assigned a character each; the table is connected with a client
/// that remembers commands.
pub struct World {
    /// The service.
    pub game: Arc<Gamification>,
    /// Its time.
    pub clock: ManualClock,
    /// Its store, with the failures to inject.
    pub store: MemoryStore,
    /// Its Twitch.
    pub twitch: Arc<FakeTwitch>,
    /// The chats of its channels.
    pub notices: Arc<FakeChat>,
    /// Its table.
    pub table: Arc<FakeTable>,
    /// Its cache.
    pub pending: Arc<FlakyPending>,
    /// Its wake-ups.
    pub broadcast: MemoryBroadcast,
    /// The campaign.
    pub campaign: Campaign,
    /// The two streamers.
    pub streamers: [User; 2],
    /// The individual event: three clicks, then a critical, which is inverted.
    pub invert: Event,
    /// The group event: six clicks, then a chat message.
    pub chat: Event,
    /// The paired world, as it was when it was paired.
    pub connection: VttConnection,
    progress: Mutex<Progress>,
}

/// What the world's own actors have done.
#[derive(Default)]
struct Progress {
    messages: u32,
    answered: BTreeSet<CommandId>,
    socket: Option<TableSocket>,
}

impl World {
    /// The key of a streamer, 0 or 1.
    #[must_use]
    pub fn streamer(&self, index: usize) -> StreamerId {
        self.streamers[index].id.into()
    }

    /// The reward that a streamer's viewers see for that event, if there is one.
    pub async fn reward(&self, event: &Event, streamer: usize) -> Option<Reward> {
        let rewards = self.store.rewards(self.campaign.id, self.streamer(streamer)).await;
        let rewards = rewards.expect("the store answers");
        rewards.into_iter().find(|r| r.event_id == event.id && r.status.is_live())
    }

    /// A viewer redeems on Twitch; nothing is delivered yet.
    ///
    /// # Errors
    /// When Twitch does not let the viewer, because the reward is paused or not there.
    pub async fn redeem(
        &self,
        event: &Event,
        streamer: usize,
        viewer: &str,
    ) -> Result<IncomingRedemption, RedeemRefused> {
        use gamification_core::ports::Clock;
        let reward = self.reward(event, streamer).await.ok_or(RedeemRefused::NoSuchReward)?;
        let reward = reward.twitch_id.ok_or(RedeemRefused::NoSuchReward)?;
        let channel = &self.streamers[streamer].twitch_id;
        self.twitch.redeem(channel, &reward, viewer, self.clock.now())
    }

    /// Twitch delivers a redemption.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn deliver(&self, redemption: &IncomingRedemption) -> Served<Contribution> {
        let mut outcomes = self.game.contribute(std::slice::from_ref(redemption)).await;
        outcomes.remove(0)
    }

    /// A viewer redeems the individual event on a channel, and Twitch delivers it.
    pub async fn click(&self, streamer: usize, viewer: &str) -> Contribution {
        self.click_on(&self.invert, streamer, viewer).await
    }

    /// A viewer redeems that event on a channel, and Twitch delivers it.
    pub async fn click_on(&self, event: &Event, streamer: usize, viewer: &str) -> Contribution {
        let redemption = self.redeem(event, streamer, viewer).await;
        let redemption = redemption.expect("Twitch lets the viewer redeem");
        self.deliver(&redemption).await.expect("the click is stored")
    }

    /// The character of a streamer rolls that number on a d20.
    pub async fn crit(&self, streamer: usize, natural: i64) -> RollReceipt {
        let roll = self.roll(streamer, natural);
        self.game.record_roll(roll).await.expect("the roll is stored")
    }

    /// The same roll as the table reports it, in a message of its own, not reported yet.
    pub fn roll(&self, streamer: usize, natural: i64) -> IncomingRoll {
        let mut progress = locked(&self.progress);
        progress.messages += 1;
        IncomingRoll {
            connection_id: self.connection.id,
            message_id: format!("message-{}", progress.messages).into(),
            index: 0,
            actor_id: Some(format!("actor-{}", streamer + 1).into()),
            character_name: format!("Hero {}", streamer + 1),
            input: fixtures::natural(natural),
            result: natural,
            is_hidden: false,
            flavor: String::new(),
            command_id: None,
        }
    }

    /// Time passes; a connected table stays present.
    pub async fn advance(&self, seconds: u32) {
        self.clock.advance(seconds);
        let socket = locked(&self.progress).socket.clone();
        if let Some(socket) = socket {
            let renewed = self.game.table_renewed(self.connection.id, &socket).await;
            renewed.expect("the table is known");
        }
    }

    /// A client connects to the table and acts for it; our module, which remembers commands, or
    /// one that does not.
    pub async fn connect_table(&self, socket: &str, remembers_commands: bool) {
        self.table.connect(self.connection.id, socket, remembers_commands);
        let fitness = if remembers_commands { Fitness::ActiveGm } else { Fitness::Plain };
        let features = features(remembers_commands);
        let socket =
            TableSocket { node: "node".to_owned(), socket: socket.into(), fitness, features };
        let joined = self.game.table_joined(self.connection.id, &socket).await;
        joined.expect("the table is known");
        locked(&self.progress).socket = Some(socket);
    }

    /// The table's client goes away. The table counts as present for 30 s more.
    pub async fn disconnect_table(&self) {
        self.table.disconnect(self.connection.id);
        let socket = locked(&self.progress).socket.take();
        if let Some(TableSocket { socket, .. }) = socket {
            let (game, connection) = (&self.game, self.connection.id);
            game.socket_lost(connection, &socket).await.expect("the store answers");
            game.table_left(connection, &socket).await.expect("the store answers");
        }
    }

    /// The table answers every command that it has not answered yet; how many those were.
    pub async fn answer_commands(&self, outcome: Result<Value, String>) -> usize {
        let mut answers = 0;
        for sent in self.table.sent() {
            if !locked(&self.progress).answered.insert(sent.command.id) {
                continue;
            }
            let (command_id, outcome) = (sent.command.id, outcome.clone());
            let result = CommandResult { command_id, outcome };
            let taken = self.game.command_result(self.connection.id, &sent.socket, result).await;
            taken.expect("the command is known");
            answers += 1;
        }
        answers
    }

    /// Every step of the workers once; how much they moved.
    ///
    /// # Errors
    /// The first failure, after all were tried.
    pub async fn try_work(&self) -> Served<u64> {
        let game = &self.game;
        let steps = [
            game.sweep_overdue().await,
            game.drive_commands().await,
            game.settle_due().await,
            game.reconcile_rewards().await,
            game.sweep_absent_tables().await,
            game.sweep_ended_combats().await,
            game.delete_leaving_campaigns().await,
        ];
        steps.into_iter().sum()
    }

    /// Every step of the workers once; how much they moved.
    pub async fn work(&self) -> u64 {
        self.try_work().await.expect("the workers work")
    }

    /// The workers, until nothing moves any more at this moment.
    pub async fn work_until_idle(&self) {
        for _ in 0..ROUNDS_MAX {
            if self.work().await == 0 {
                return;
            }
        }
        assert_eq!(self.work().await, 0, "the workers never came to rest");
    }

    /// The open individual goal of a streamer.
    pub async fn goal(&self, streamer: usize) -> Option<Instance> {
        let scope = GoalScope::Streamer(self.streamer(streamer));
        self.open_goals().await.into_iter().find(|goal| goal.scope == scope)
    }

    /// The open group goal.
    pub async fn group_goal(&self) -> Option<Instance> {
        self.open_goals().await.into_iter().find(|goal| goal.scope == GoalScope::Group)
    }

    async fn open_goals(&self) -> Vec<Instance> {
        self.store.open_instances(self.campaign.id).await.expect("the store answers")
    }

    /// The campaign's ledger.
    pub async fn ledger(&self) -> Ledger {
        self.store.ledger(self.campaign.id, None).await.expect("the store answers")
    }
}
