//! Characters that one client has told and that wait to be stored.

use crate::wire::{WireError, parse_character, parse_monster_effect};
use gamification_core::ids::VttActorId;
use gamification_core::service::CharacterReport;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// How many characters of one client may wait.
const CHARACTERS_MAX: usize = 5_000;

/// What a client told of a character.
pub(super) struct CharacterUpdate {
    pub(super) report: CharacterReport,
    /// Whether an effect lasts on it, where the client says so.
    pub(super) is_affected: Option<bool>,
}

/// The latest that was told of each character, in the order in which they were told first. A world
/// tells all its characters at once when it is loaded: they must neither crowd out rolls nor be
/// lost, and of what is told twice only the later counts.
#[derive(Default)]
pub(super) struct CharacterUpdates {
    waiting: Mutex<Waiting>,
    something_waits: Notify,
}

#[derive(Default)]
struct Waiting {
    latest: BTreeMap<VttActorId, CharacterUpdate>,
    order: VecDeque<VttActorId>,
}

impl CharacterUpdates {
    /// Takes what a client told; `false` when too many characters wait already.
    ///
    /// # Errors
    /// When it cannot be understood.
    pub(super) fn put(&self, body: &Value) -> Result<bool, WireError> {
        let report = parse_character(body)?;
        let update = CharacterUpdate { is_affected: parse_monster_effect(body), report };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let actor = update.report.actor_id.clone();
        if !waiting.latest.contains_key(&actor) {
            if waiting.order.len() >= CHARACTERS_MAX {
                return Ok(false);
            }
            waiting.order.push_back(actor.clone());
        }
        waiting.latest.insert(actor, update);
        drop(waiting);
        self.something_waits.notify_one();
        Ok(true)
    }

    /// The next one, as soon as there is one.
    pub(super) async fn next(&self) -> CharacterUpdate {
        loop {
            if let Some(update) = self.pop() {
                return update;
            }
            self.something_waits.notified().await;
        }
    }

    fn pop(&self) -> Option<CharacterUpdate> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let actor = waiting.order.pop_front()?;
        waiting.latest.remove(&actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn only_the_latest_of_each_character_is_kept_in_its_first_place() {
        let updates = CharacterUpdates::default();
        for (id, name) in [("a", "first"), ("b", "other"), ("a", "second")] {
            assert_eq!(updates.put(&json!({ "characterId": id, "name": name })), Ok(true));
        }
        let told = [updates.next().await, updates.next().await];
        assert_eq!(told.map(|update| update.report.name), ["second", "other"]);
        assert!(updates.pop().is_none());
    }

    #[test]
    fn memory_is_bounded_and_what_waits_already_can_still_change() {
        let updates = CharacterUpdates::default();
        let put = |n: usize| updates.put(&json!({ "characterId": n.to_string() })).unwrap();
        assert!((0..CHARACTERS_MAX).all(put));
        assert!(!put(CHARACTERS_MAX));
        assert!(put(0));
        assert_eq!(
            updates.put(&json!({ "name": "nobody" })),
            Err(WireError::Missing("characterId"))
        );
    }
}
