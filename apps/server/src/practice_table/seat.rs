//! The table itself: one task with one socket, which does what it is told in turn.

use super::rolls::{PracticeRoll, RollLog};
use super::world::{SYSTEM, character};
use crate::problem::Problem;
use scripted_table::{RollError, ScriptedTable, TableError, TableEvent, formula_roll};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many orders may wait.
const ORDERS_MAX: usize = 16;
/// How long a character's acknowledgement may take.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(5);
/// The server's pings are events too: silence this long is a broken connection.
const SILENCE_MAX: Duration = Duration::from_secs(24 * 3_600);

/// Somebody who plays at the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hero {
    pub(super) actor: String,
    pub(super) name: String,
}

/// A roll that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Throw {
    /// The VTT's id of who rolls.
    pub(crate) actor: String,
    /// The name of who rolls.
    pub(crate) name: String,
    /// What is rolled.
    pub(crate) formula: String,
    /// What the first die shows.
    pub(crate) shows: i64,
    /// Whether only the game master sees it.
    pub(crate) is_hidden: bool,
}

type Reply<T> = oneshot::Sender<Result<T, Problem>>;

enum Order {
    Introduce(Hero, Reply<()>),
    Roll(Throw, Reply<PracticeRoll>),
    Leave(Reply<()>),
}

/// A table that is connected, or was.
#[derive(Clone)]
pub(super) struct Seat {
    orders: mpsc::Sender<Order>,
    log: Arc<Mutex<RollLog>>,
}

impl Seat {
    /// Has the table sit there until it is told to leave, loses its connection, or `stop` ends.
    pub(super) fn take(table: ScriptedTable, tasks: &TaskTracker, stop: CancellationToken) -> Self {
        let (orders, incoming) = mpsc::channel(ORDERS_MAX);
        let log = Arc::default();
        let sitting = Sitting { table, log: Arc::clone(&log), messages: 0 };
        tasks.spawn(sitting.run(incoming, stop));
        Self { orders, log }
    }

    pub(super) fn is_connected(&self) -> bool {
        !self.orders.is_closed()
    }

    pub(super) fn rolls(&self) -> Vec<PracticeRoll> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).rolls()
    }

    pub(super) async fn introduce(&self, hero: Hero) -> Result<(), Problem> {
        self.order(|reply| Order::Introduce(hero, reply)).await
    }

    pub(super) async fn roll(&self, throw: Throw) -> Result<PracticeRoll, Problem> {
        self.order(|reply| Order::Roll(throw, reply)).await
    }

    pub(super) async fn leave(&self) -> Result<(), Problem> {
        self.order(Order::Leave).await
    }

    async fn order<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Problem> {
        let gone = || Problem::unavailable("the practice table has left");
        let (reply, answered) = oneshot::channel();
        self.orders.send(order(reply)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

struct Sitting {
    table: ScriptedTable,
    log: Arc<Mutex<RollLog>>,
    messages: u32,
}

impl Sitting {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                order = orders.recv() => match order {
                    // Who asked may have hung up: that is no reason not to have done it.
                    Some(Order::Introduce(hero, reply)) => {
                        drop(reply.send(self.introduce(&hero).await));
                    }
                    Some(Order::Roll(throw, reply)) => drop(reply.send(self.roll(throw).await)),
                    Some(Order::Leave(reply)) => {
                        self.table.close().await;
                        drop(reply.send(Ok(())));
                        return;
                    }
                    None => break,
                },
                event = self.table.next_event(SILENCE_MAX) => match event {
                    Ok(TableEvent::Event { name, body }) => self.hear(&name, &body),
                    Ok(TableEvent::NamespaceDisconnected | TableEvent::TransportClosed)
                    | Err(_) => break,
                },
            }
        }
        tracing::info!("a practice table has left");
        self.table.close().await;
    }

    /// The script has carried out every command already; only what became of rolls is noted.
    fn hear(&self, name: &str, body: &Value) {
        if name == "command:roll_dice"
            && let Some(face) = body["forcedResult"].as_i64()
        {
            let actor = body["speaker"]["actorId"].as_str();
            self.log.lock().unwrap_or_else(PoisonError::into_inner).turn(actor, face);
        }
    }

    async fn introduce(&mut self, hero: &Hero) -> Result<(), Problem> {
        let told = character(&hero.actor, &hero.name, &spells());
        self.table.emit("character:update", told).map_err(lost)?;
        let ack = self.table.next_named("character:update:ack", ACKNOWLEDGED_WITHIN).await;
        accepted(&ack.map_err(lost)?)
    }

    async fn roll(&mut self, throw: Throw) -> Result<PracticeRoll, Problem> {
        self.messages += 1;
        // Different after every restart: what was rolled before is never rolled again.
        let message = format!("practice-{}-{}", self.table.socket_id(), self.messages);
        let Throw { actor, name, formula, shows, is_hidden } = throw;
        let roll = formula_roll(&message, (&actor, &name), SYSTEM, &formula, shows);
        let mut roll = roll.map_err(|error| unrollable(&error))?;
        roll["isHidden"] = json!(is_hidden);
        accepted(&self.table.roll(roll).await.map_err(lost)?)?;
        let (original, character_name) = (shows, name);
        let shown = original;
        let roll = PracticeRoll {
            formula,
            character_name,
            actor,
            original,
            shown,
            is_inverted: false,
            is_hidden,
        };
        self.log.lock().unwrap_or_else(PoisonError::into_inner).add(roll.clone());
        Ok(roll)
    }
}

/// What a hero of a practice table can cast.
fn spells() -> [Value; 3] {
    let spell = |id: &str, name: &str, level: u8| json!({ "id": id, "name": name, "level": level });
    [
        spell("practiceShield", "Shield", 1),
        spell("practiceMistyStep", "Misty Step", 2),
        spell("practiceFireball", "Fireball", 3),
    ]
}

fn unrollable(error: &RollError) -> Problem {
    let field = match error {
        RollError::Formula => "formula",
        RollError::Face(_) => "result",
    };
    Problem::invalid_field(field, error.to_string())
}

fn lost(error: TableError) -> Problem {
    Problem::unavailable(format!("the practice table: {error}"))
}

fn accepted(ack: &Value) -> Result<(), Problem> {
    if ack["success"] == true {
        return Ok(());
    }
    let reason = ack["error"].as_str().unwrap_or("the server did not take what the table said");
    Err(Problem::conflict("table-refused", reason))
}
