//! Compares what dice show: the one engine under the GM's rules and the systems' tables.

use super::{Comparison, DecidingDie, Field};
use crate::dice::{DieTerm, RollInput};

/// One active die of a roll.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picked<'a> {
    pub(super) die: &'a DieTerm,
    pub(super) term: usize,
    pub(super) result: usize,
    pub(super) value: i64,
    pub(super) exploded: bool,
}

impl Picked<'_> {
    pub(super) fn deciding(&self) -> DecidingDie {
        DecidingDie {
            term: self.term,
            result: self.result,
            faces: self.die.faces,
            value: self.value,
        }
    }
}

/// The active dice of the terms that `is_wanted`, in reading order.
pub(super) fn active_dice(
    roll: &RollInput,
    is_wanted: impl Fn(&DieTerm) -> bool,
) -> Vec<Picked<'_>> {
    let terms = roll.dice().into_iter().enumerate().filter(|(_, die)| is_wanted(die));
    terms
        .flat_map(|(term, die)| {
            die.active().map(move |(result, shown)| Picked {
                die,
                term,
                result,
                value: shown.value,
                exploded: shown.exploded,
            })
        })
        .collect()
}

/// The one die of this size that a check is rolled on: the roll has exactly one active term of it,
/// and that kept exactly one die (extra dice of an explosion do not count).
pub(super) fn sole_die(roll: &RollInput, faces: u32) -> Option<Picked<'_>> {
    let dice = active_dice(roll, |die| die.faces == faces);
    let first = *dice.first()?;
    let is_sole = dice.iter().all(|die| die.term == first.term) && first.die.kept_count() == 1;
    is_sole.then_some(first)
}

/// Whether a field of these dice compares as asked.
pub(super) fn holds(
    field: &Field,
    op: Comparison,
    value: i64,
    dice: &[Picked<'_>],
    roll: &RollInput,
) -> bool {
    if let Field::Symbol { name } = field {
        return op.holds(roll.symbol_count(name).into(), value);
    }
    if dice.is_empty() {
        return false;
    }
    let count = |is_wanted: &dyn Fn(&Picked<'_>) -> bool| {
        dice.iter().filter(|die| is_wanted(die)).count() as i64
    };
    let values = || dice.iter().map(|die| die.value);
    match field {
        Field::MaxDie => values().max().is_some_and(|max| op.holds(max, value)),
        Field::MinDie => values().min().is_some_and(|min| op.holds(min, value)),
        Field::Total => op.holds(values().sum(), value),
        Field::AnyDie => values().any(|shown| op.holds(shown, value)),
        Field::Doubles => op.holds(i64::from(has_doubles(dice)), value),
        Field::ExplodedCount => op.holds(count(&|die| die.exploded), value),
        Field::CountOf { face } => op.holds(count(&|die| die.value == *face), value),
        // Both sides times the number of dice: 1 of 3 is more than 33 percent.
        Field::OnesShare => op.holds(count(&|die| die.value == 1) * 100, value * dice.len() as i64),
        Field::Symbol { .. } => false,
    }
}

/// Two equal digits on a single d100 (100 reads as 00), or any two equal dice.
fn has_doubles(dice: &[Picked<'_>]) -> bool {
    if let [only] = dice {
        let is_percentile = only.die.faces == 100;
        return is_percentile && (11..=100).contains(&only.value) && is_doubled(only.value);
    }
    let mut values: Vec<i64> = dice.iter().map(|die| die.value).collect();
    values.sort_unstable();
    values.windows(2).any(|pair| pair[0] == pair[1])
}

const fn is_doubled(value: i64) -> bool {
    value == 100 || value % 11 == 0
}
