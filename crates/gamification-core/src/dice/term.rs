//! The parts of a formula.

use serde::{Deserialize, Serialize};

use super::{DieTerm, MAX_DEPTH, RollError, check_text};

/// An arithmetic sign between two terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operator {
    /// Addition.
    #[serde(rename = "+")]
    Add,
    /// Subtraction, or a leading minus.
    #[serde(rename = "-")]
    Subtract,
    /// Multiplication.
    #[serde(rename = "*")]
    Multiply,
    /// Division.
    #[serde(rename = "/")]
    Divide,
    /// Remainder.
    #[serde(rename = "%")]
    Remainder,
}

impl Operator {
    /// Reads `+`, `-`, `*`, `/` or `%`; `None` for anything else.
    #[must_use]
    pub fn parse(sign: &str) -> Option<Self> {
        match sign.trim() {
            "+" => Some(Self::Add),
            "-" => Some(Self::Subtract),
            "*" => Some(Self::Multiply),
            "/" => Some(Self::Divide),
            "%" => Some(Self::Remainder),
            _ => None,
        }
    }

    /// The sign as it is written in a formula.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// One of the rolls between the braces of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolRoll {
    /// Its terms.
    pub terms: Vec<RollTerm>,
    /// The pool kept it.
    pub active: bool,
}

/// One part of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RollTerm {
    /// Dice.
    Die(DieTerm),
    /// A sign between two terms.
    Operator {
        /// Which one.
        operator: Operator,
    },
    /// A plain number.
    Number {
        /// Its value; a JSON number is always finite.
        value: serde_json::Number,
    },
    /// Terms between parentheses.
    Parenthetical {
        /// What is inside.
        terms: Vec<RollTerm>,
    },
    /// Several rolls of which some are kept, such as `{1d8x, 1d6x}kh`.
    Pool {
        /// The rolls between the braces.
        rolls: Vec<PoolRoll>,
        /// What follows the braces, such as `kh`.
        #[serde(default)]
        modifiers: String,
    },
    /// Anything else, such as a function call.
    Other {
        /// As written in the formula.
        expression: String,
    },
}

impl From<DieTerm> for RollTerm {
    fn from(die: DieTerm) -> Self {
        Self::Die(die)
    }
}

/// The dice terms in reading order, those inside parentheses and pools included.
#[must_use]
pub fn dice_terms(terms: &[RollTerm]) -> Vec<&DieTerm> {
    let mut found = Vec::new();
    collect_dice(terms, &mut found);
    found
}

fn collect_dice<'a>(terms: &'a [RollTerm], found: &mut Vec<&'a DieTerm>) {
    for term in terms {
        match term {
            RollTerm::Die(die) => found.push(die),
            RollTerm::Parenthetical { terms } => collect_dice(terms, found),
            RollTerm::Pool { rolls, .. } => {
                rolls.iter().for_each(|roll| collect_dice(&roll.terms, found));
            }
            RollTerm::Operator { .. } | RollTerm::Number { .. } | RollTerm::Other { .. } => {}
        }
    }
}

/// Number of terms and dice in a roll.
#[derive(Debug, Default)]
pub(super) struct Size {
    pub(super) terms: usize,
    pub(super) dice: usize,
}

impl Size {
    /// Counts, and checks each part on the way.
    pub(super) fn add_terms(&mut self, terms: &[RollTerm], depth: usize) -> Result<(), RollError> {
        if depth > MAX_DEPTH {
            return Err(RollError::TooDeep);
        }
        self.terms += terms.len();
        for term in terms {
            match term {
                RollTerm::Die(die) => {
                    self.dice += die.results.len();
                    die.check()?;
                }
                RollTerm::Parenthetical { terms } => self.add_terms(terms, depth + 1)?,
                RollTerm::Pool { rolls, modifiers } => {
                    check_text("modifiers", modifiers)?;
                    self.terms += rolls.len();
                    rolls.iter().try_for_each(|roll| self.add_terms(&roll.terms, depth + 1))?;
                }
                RollTerm::Other { expression } => check_text("expression", expression)?,
                RollTerm::Operator { .. } | RollTerm::Number { .. } => {}
            }
        }
        Ok(())
    }
}

/// Marks the dice of pool rolls that were not kept as inactive, so that later code has one flag
/// to look at.
pub(super) fn drop_unkept_pool_rolls(terms: &mut [RollTerm]) {
    for term in terms {
        match term {
            RollTerm::Parenthetical { terms } => drop_unkept_pool_rolls(terms),
            RollTerm::Pool { rolls, .. } => {
                for roll in rolls {
                    drop_unkept_pool_rolls(&mut roll.terms);
                    if !roll.active {
                        deactivate(&mut roll.terms);
                    }
                }
            }
            _ => {}
        }
    }
}

fn deactivate(terms: &mut [RollTerm]) {
    for term in terms {
        match term {
            RollTerm::Die(die) => {
                for result in &mut die.results {
                    result.active = false;
                    result.discarded = true;
                }
            }
            RollTerm::Parenthetical { terms } => deactivate(terms),
            RollTerm::Pool { rolls, .. } => {
                rolls.iter_mut().for_each(|roll| deactivate(&mut roll.terms));
            }
            _ => {}
        }
    }
}
