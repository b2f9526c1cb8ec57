//! What was rolled at a practice table, and what became of it.

use std::collections::VecDeque;

/// How many rolls are remembered.
const ROLLS_MAX: usize = 10;

/// A roll that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PracticeRoll {
    /// What was rolled.
    pub(crate) formula: String,
    /// The name of the character who rolled.
    pub(crate) character_name: String,
    /// The VTT's id of the character.
    pub(crate) actor: String,
    /// What the first die showed.
    pub(crate) original: i64,
    /// What it shows now.
    pub(crate) shown: i64,
    /// Whether viewers have turned it.
    pub(crate) is_inverted: bool,
    /// Whether only the game master sees it.
    pub(crate) is_hidden: bool,
}

/// The last rolls, newest first.
#[derive(Debug, Default)]
pub(super) struct RollLog(VecDeque<PracticeRoll>);

impl RollLog {
    pub(super) fn add(&mut self, roll: PracticeRoll) {
        self.0.push_front(roll);
        self.0.truncate(ROLLS_MAX);
    }

    /// The table was told to roll again with that face; whose roll, where it was told.
    pub(super) fn turn(&mut self, actor: Option<&str>, face: i64) {
        let is_it = |roll: &&mut PracticeRoll| {
            !roll.is_inverted && actor.is_none_or(|actor| roll.actor == actor)
        };
        if let Some(roll) = self.0.iter_mut().find(is_it) {
            roll.shown = face;
            roll.is_inverted = true;
        }
    }

    pub(super) fn rolls(&self) -> Vec<PracticeRoll> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    fn roll(actor: &str, original: i64) -> PracticeRoll {
        PracticeRoll {
            formula: "1d20".to_owned(),
            character_name: "Elda".to_owned(),
            actor: actor.to_owned(),
            original,
            shown: original,
            is_inverted: false,
            is_hidden: false,
        }
    }

    #[test]
    fn the_newest_roll_of_the_character_is_turned_once() {
        let mut log = RollLog::default();
        for (actor, original) in [("a", 20), ("a", 19), ("b", 18)] {
            log.add(roll(actor, original));
        }
        log.turn(Some("a"), 1);
        log.turn(Some("c"), 1);
        let shown: Vec<i64> = log.rolls().iter().map(|roll| roll.shown).collect();
        assert_eq!(shown, [18, 1, 20]);
        log.turn(Some("a"), 2);
        let shown: Vec<i64> = log.rolls().iter().map(|roll| roll.shown).collect();
        assert_eq!(shown, [18, 1, 2]);
    }

    #[test]
    fn only_the_last_ten_rolls_are_remembered() {
        let mut log = RollLog::default();
        (1..=12).for_each(|face| log.add(roll("a", face)));
        assert_eq!((log.rolls().len(), log.rolls()[9].original), (10, 3));
    }
}
