//! What happens at the table, the workers' steps, and time.

use crate::evening::Evening;
use gamification_core::dice::{RollInput, RollReport};
use gamification_core::service::{Fitness, TableSocket};
use gamification_core::vtt::{CommandKind, CommandResult, VttCommand};
use gamification_testkit::{SentCommand, features};
use serde_json::{Value, json};

/// What a client with a memory does with a command: always the same.
fn outcome_of(command: &VttCommand) -> Result<Value, String> {
    match command.id.0.as_bytes()[15] % 5 {
        0 => Err("the table could not".to_owned()),
        1 => Err("outcome_unknown".to_owned()),
        _ => Ok(json!({ "total": 1 })),
    }
}

impl Evening {
    /// A new client acts for the table: our module, or the published one.
    pub(crate) async fn connect(&mut self) {
        self.sockets += 1;
        let remembers = self.dice.chance(50);
        let name = format!("socket-{}", self.sockets);
        let fitness = if remembers { Fitness::ActiveGm } else { Fitness::Plain };
        let features = features(remembers);
        let connection = self.world.connection.id;
        self.note(format!("{name} connects, {fitness:?}"));
        self.leave().await;
        self.world.table.connect(connection, &name, remembers);
        let socket =
            TableSocket { node: "node".to_owned(), socket: name.into(), fitness, features };
        let joined = self.world.game.table_joined(connection, &socket).await;
        self.judge("the table joins", joined);
        self.client = Some(socket);
    }

    async fn leave(&mut self) {
        let connection = self.world.connection.id;
        self.world.table.disconnect(connection);
        if let Some(TableSocket { socket, .. }) = self.client.take() {
            self.note(format!("{socket} is gone"));
            let lost = self.world.game.socket_lost(connection, &socket).await;
            self.judge("the socket is lost", lost);
            let left = self.world.game.table_left(connection, &socket).await;
            self.judge("the table leaves", left);
        }
    }

    /// The client goes, or another one comes.
    pub(crate) async fn come_and_go(&mut self) {
        if self.client.is_some() && self.dice.chance(50) {
            self.leave().await;
        } else {
            self.connect().await;
        }
    }

    /// The table answers some of what it was ever asked: for the first time, again, or late.
    pub(crate) async fn answer(&mut self) {
        let sent = self.world.table.sent();
        for _ in 0..=self.dice.below(3) {
            // Mostly the newest.
            let newest = sent.len().saturating_sub(3);
            let from = if self.dice.chance(85) { &sent[newest..] } else { &sent[..] };
            let Some(sent) = self.dice.pick(from) else { return };
            if sent.command.is_repeatable {
                self.answer_for_itself(sent).await;
            } else if sent.command.command.kind == CommandKind::RollDice {
                self.report_forced_roll(&sent.command).await;
            }
        }
    }

    async fn answer_for_itself(&mut self, sent: &SentCommand) {
        let (command_id, outcome) = (sent.command.id, outcome_of(&sent.command));
        let socket = if self.dice.chance(10) { "socket-0".into() } else { sent.socket.clone() };
        self.note(format!("{socket} answers {command_id}: {outcome:?}"));
        let result = CommandResult { command_id, outcome };
        let connection = self.world.connection.id;
        let taken = self.world.game.command_result(connection, &socket, result).await;
        self.judge("the answer", taken);
    }

    /// The published client shows a forced roll as if somebody had rolled it.
    async fn report_forced_roll(&mut self, command: &VttCommand) {
        let payload = &command.command.payload;
        let mut roll = self.world.roll(0, payload["forcedResult"].as_i64().unwrap());
        roll.flavor = payload["flavor"].as_str().unwrap().to_owned();
        let formula = payload["formula"].as_str().unwrap().to_owned();
        let report = RollReport { formula, ..RollReport::clone(&roll.input) };
        roll.input = RollInput::checked(report).unwrap();
        self.note(format!("the table shows what {} forced", command.id));
        self.report(roll).await;
    }

    /// The workers take a step, or one of them does.
    pub(crate) async fn work(&mut self) {
        let game = self.world.game.clone();
        let moved = match self.dice.below(9) {
            0 => game.sweep_overdue().await,
            1 => game.drive_commands().await,
            2 if !self.world.store.faults().is_armed() => {
                self.world.table.refuse_next_sends(1);
                let moved = game.drive_commands().await;
                self.world.table.refuse_next_sends(0);
                moved
            }
            3 => game.settle_due().await,
            4 => game.reconcile_rewards().await,
            5 => game.sweep_absent_tables().await,
            6 if self.has_feuds => game.sweep_ended_combats().await,
            _ => self.world.try_work().await,
        };
        if let Some(moved) = self.judge("the workers work", moved) {
            self.note(format!("  {moved} moved"));
        }
    }

    /// Time passes, mostly little; a client that is there says so.
    pub(crate) async fn pass_time(&mut self) {
        let seconds = match self.dice.below(20) {
            0..10 => 1 + self.dice.below(5),
            10..16 => 10 + self.dice.below(30),
            16..19 => 60 + self.dice.below(200),
            _ => 700 + self.dice.below(1_500),
        };
        self.wait(u32::try_from(seconds).unwrap()).await;
        if self.dice.chance(50) {
            self.work().await;
        }
    }

    /// That much time passes.
    pub(crate) async fn wait(&mut self, seconds: u32) {
        self.note(format!("{seconds} s pass"));
        self.world.clock.advance(seconds);
        if let Some(socket) = self.client.clone() {
            let connection = self.world.connection.id;
            let renewed = self.world.game.table_renewed(connection, &socket).await;
            self.judge("the table is there", renewed);
        }
    }
}
