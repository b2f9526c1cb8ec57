//! What is critical in each game system (design §5), as data where the table allows it.

use std::borrow::Cow;

use super::engine::{self, Picked, sole_die};
use super::{Comparison, Critical, CriticalKind, Field, Severity};
use crate::dice::{DieKind, Outcome, RollInput};

mod tables;

/// A game system, by what is known of its criticals.
#[derive(Debug, Clone, Copy)]
pub(super) enum System {
    Dnd5e,
    Pf2e,
    /// A system whose whole rule is a table.
    Table(&'static Table),
    /// Any other system.
    Unknown,
}

/// What a system said of a roll, without a look at its dice.
#[derive(Debug)]
pub(super) enum Verdict {
    Critical(Critical),
    /// It said that the roll is an ordinary one.
    Ordinary,
}

impl System {
    /// By the id that the VTT gives it, whatever the case.
    pub(super) fn of(id: &str) -> Self {
        let is = |name: &&str| id.eq_ignore_ascii_case(name);
        if is(&"dnd5e") {
            return Self::Dnd5e;
        }
        if is(&"pf2e") {
            return Self::Pf2e;
        }
        tables::ALL.iter().find(|table| table.ids.iter().any(is)).map_or(Self::Unknown, Self::Table)
    }

    /// Low numbers are good.
    pub(super) const fn is_roll_under(self) -> bool {
        matches!(self, Self::Table(Table { is_roll_under: true, .. }))
    }

    pub(super) fn explicit_verdict(self, roll: &RollInput) -> Option<Verdict> {
        match self {
            Self::Pf2e => pf2e_degree(roll).map(|degree| pf2e_verdict(degree, roll)),
            Self::Dnd5e | Self::Table(_) | Self::Unknown => None,
        }
    }

    pub(super) fn classify_dice(self, roll: &RollInput) -> Option<Critical> {
        match self {
            Self::Dnd5e => natural(
                roll,
                roll.options.critical_success.unwrap_or(20),
                roll.options.critical_failure.unwrap_or(1),
            ),
            Self::Pf2e | Self::Unknown => natural(roll, 20, 1),
            Self::Table(table) => table.apply(roll),
        }
    }
}

/// The one d20 of the roll against two thresholds.
fn natural(roll: &RollInput, success_at_least: i64, failure_at_most: i64) -> Option<Critical> {
    let die = sole_die(roll, 20)?;
    let (kind, category) = if die.value >= success_at_least {
        (CriticalKind::Success, "nat20")
    } else if die.value <= failure_at_most {
        (CriticalKind::Failure, "nat1")
    } else {
        return None;
    };
    Some(Critical {
        kind,
        severity: Severity::Major,
        category: category.to_owned(),
        label: format!("Natural {}", die.value),
        deciding_die: Some(die.deciding()),
        roll_under: false,
    })
}

/// The degree of success as the system gives it, else as its outcome says it.
fn pf2e_degree(roll: &RollInput) -> Option<u8> {
    let told = roll.outcome.map(|outcome| match outcome {
        Outcome::CriticalSuccess => 3,
        Outcome::Success => 2,
        Outcome::Failure => 1,
        Outcome::CriticalFailure => 0,
    });
    roll.degree_of_success.or(told)
}

fn pf2e_verdict(degree: u8, roll: &RollInput) -> Verdict {
    let (kind, category, label) = match degree {
        3 => (CriticalKind::Success, "degree_3", "Critical Success"),
        0 => (CriticalKind::Failure, "degree_0", "Critical Failure"),
        _ => return Verdict::Ordinary,
    };
    Verdict::Critical(Critical {
        kind,
        severity: Severity::Major,
        category: category.to_owned(),
        label: label.to_owned(),
        deciding_die: sole_die(roll, 20).map(|die| die.deciding()),
        roll_under: false,
    })
}

/// A system's criticals: the first case whose conditions all hold wins.
#[derive(Debug)]
pub(super) struct Table {
    ids: &'static [&'static str],
    is_roll_under: bool,
    cases: &'static [Case],
}

#[derive(Debug)]
struct Case {
    kind: CriticalKind,
    severity: Severity,
    category: &'static str,
    label: &'static str,
    when: &'static [Condition],
}

#[derive(Debug)]
enum Condition {
    /// The system's own verdict says whether the roll succeeded.
    Succeeded(bool),
    /// A field of some dice; with one die picked, that die decides.
    Dice { of: Dice, field: Field, op: Comparison, value: i64 },
}

/// Which active dice a condition is about.
#[derive(Debug, Clone, Copy)]
enum Dice {
    /// All of this size.
    Pool(u32),
    /// All of this size with one of these roles.
    Special(u32, &'static [DieKind]),
    /// All that have one of these roles, whatever their size.
    Kinds(&'static [DieKind]),
    /// All of the roll.
    Any,
    /// The first of this size.
    First(u32),
    /// The one that a check is rolled on.
    Sole(u32),
    /// The first that is neither a wild die nor a special one.
    Trait,
}

impl Dice {
    fn pick(self, roll: &RollInput) -> Vec<Picked<'_>> {
        let mut dice = match self {
            Self::Pool(faces) | Self::First(faces) => {
                engine::active_dice(roll, |die| die.faces == faces)
            }
            Self::Special(faces, kinds) => {
                engine::active_dice(roll, |die| die.faces == faces && kinds.contains(&die.kind))
            }
            Self::Kinds(kinds) => engine::active_dice(roll, |die| kinds.contains(&die.kind)),
            Self::Any => engine::active_dice(roll, |_| true),
            Self::Sole(faces) => sole_die(roll, faces).into_iter().collect(),
            Self::Trait => engine::active_dice(roll, |die| die.kind == DieKind::Plain),
        };
        if matches!(self, Self::First(_) | Self::Trait) {
            dice.truncate(1);
        }
        dice
    }

    /// One die, so that the verdict is this die's.
    const fn decides(self) -> bool {
        matches!(self, Self::First(_) | Self::Sole(_))
    }
}

impl Condition {
    fn holds(&self, roll: &RollInput) -> bool {
        match self {
            Self::Succeeded(wanted) => {
                roll.outcome.is_some_and(|outcome| outcome.is_success() == *wanted)
            }
            Self::Dice { of, field, op, value } => {
                engine::holds(field, *op, *value, &of.pick(roll), roll)
            }
        }
    }
}

impl Table {
    fn apply(&self, roll: &RollInput) -> Option<Critical> {
        let case = self
            .cases
            .iter()
            .find(|case| case.when.iter().all(|condition| condition.holds(roll)))?;
        let deciding_die = case.when.iter().find_map(|condition| match condition {
            Condition::Dice { of, .. } if of.decides() => {
                of.pick(roll).first().map(Picked::deciding)
            }
            _ => None,
        });
        Some(Critical {
            kind: case.kind,
            severity: case.severity,
            category: case.category.to_owned(),
            label: case.label.to_owned(),
            deciding_die,
            roll_under: self.is_roll_under,
        })
    }
}

const fn symbol(name: &'static str) -> Field {
    Field::Symbol { name: Cow::Borrowed(name) }
}
