//! What a table reports about one roll, as checked data.
//!
//! A VTT adapter fills a [`RollReport`] from its own wire format and hands it to
//! [`RollInput::checked`]; everything behind that may rely on the limits of this module. Nothing
//! here says whether the roll was a critical: that is decided in [`crate::criticality`].

use serde::{Deserialize, Serialize};

mod die;
mod forced;
mod term;

pub use die::{DieKind, DieResult, DieTerm};
pub use forced::{forced_face, forced_formula};
pub use term::{Operator, PoolRoll, RollTerm, dice_terms};

/// Most single results (dice that fell) that one roll may hold; more are refused.
pub const MAX_DICE: usize = 1000;
/// Most terms that one roll may hold, those inside parentheses and pools included.
pub const MAX_TERMS: usize = 1000;
/// Deepest nesting of parentheses and pools.
pub const MAX_DEPTH: usize = 16;
/// Longest text of one field (formula, class, flavour …), in bytes.
pub const MAX_TEXT_BYTES: usize = 4096;
/// Largest absolute value that one die may show.
pub const MAX_DIE_VALUE: i64 = 1_000_000_000;
/// Most different symbols that one roll may report.
pub const MAX_SYMBOLS: usize = 100;

/// Why a reported roll was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RollError {
    /// More than [`MAX_DICE`] results.
    #[error("the roll has {0} dice, more than {MAX_DICE}")]
    TooManyDice(usize),
    /// More than [`MAX_TERMS`] terms.
    #[error("the roll has {0} terms, more than {MAX_TERMS}")]
    TooManyTerms(usize),
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("the roll is nested more than {MAX_DEPTH} deep")]
    TooDeep,
    /// A value that is not a whole number, not finite, or beyond [`MAX_DIE_VALUE`].
    #[error("{0} is not a value that a die can show")]
    DieValue(f64),
    /// A text longer than [`MAX_TEXT_BYTES`]; the name of the field.
    #[error("{0} is longer than {MAX_TEXT_BYTES} bytes")]
    TextTooLong(&'static str),
    /// More than [`MAX_SYMBOLS`] symbols.
    #[error("the roll has {0} symbols, more than {MAX_SYMBOLS}")]
    TooManySymbols(usize),
}

/// What the game system itself (not the module that reports it) made of a roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Better than a success.
    CriticalSuccess,
    /// The roll succeeded.
    Success,
    /// The roll failed.
    Failure,
    /// Worse than a failure.
    CriticalFailure,
}

impl Outcome {
    /// A success of any degree.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Success | Self::CriticalSuccess)
    }
}

/// Thresholds that the system attached to a d20 roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RollOptions {
    /// A d20 of at least this value is a critical success; absent means 20.
    pub critical_success: Option<i64>,
    /// A d20 of at most this value is a critical failure; absent means 1.
    pub critical_failure: Option<i64>,
}

/// A number of equal symbols on narrative dice, such as two triumphs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SymbolCount {
    /// Name of the symbol; compared without regard to case.
    pub name: String,
    /// How often it was rolled.
    pub count: u32,
}

/// A roll as an adapter read it from the wire, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RollReport {
    /// The terms in the order of the formula.
    pub terms: Vec<RollTerm>,
    /// The game system's id, such as `dnd5e`; compared without regard to case.
    pub system: String,
    /// The total with all modifiers, when it is a whole number.
    pub total: Option<i64>,
    /// The formula as the VTT shows it.
    pub formula: String,
    /// What the roll was for (`attack`, `damage` …), when the table says so.
    pub roll_type: Option<String>,
    /// Thresholds of the system.
    pub options: RollOptions,
    /// The system's degree of success, 0 (critical failure) to 3 (critical success).
    pub degree_of_success: Option<u8>,
    /// The system's own verdict.
    pub outcome: Option<Outcome>,
    /// Symbols summed over the whole roll. When empty, those of the single dice count.
    pub symbols: Vec<SymbolCount>,
}

/// A roll within the limits of this module, with the dice of dropped pool rolls marked inactive.
///
/// Its fields are read through [`RollReport`]; nothing can change them. JSON is that of
/// [`RollReport`] too; reading it back checks it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RollReport", into = "RollReport")]
pub struct RollInput(RollReport);

impl RollInput {
    /// Accepts a report within the limits; see [`RollError`] for what is refused.
    pub fn checked(mut report: RollReport) -> Result<Self, RollError> {
        check_texts(&report)?;
        if report.symbols.len() > MAX_SYMBOLS {
            return Err(RollError::TooManySymbols(report.symbols.len()));
        }
        let mut size = term::Size::default();
        size.add_terms(&report.terms, 0)?;
        if size.terms > MAX_TERMS {
            return Err(RollError::TooManyTerms(size.terms));
        }
        if size.dice > MAX_DICE {
            return Err(RollError::TooManyDice(size.dice));
        }
        term::drop_unkept_pool_rolls(&mut report.terms);
        Ok(Self(report))
    }

    /// The dice terms in reading order, those inside parentheses and pools included.
    /// [`DecidingDie::term`] is a position in this list.
    #[must_use]
    pub fn dice(&self) -> Vec<&DieTerm> {
        dice_terms(&self.0.terms)
    }

    /// The roll decides how much damage is done, not whether something succeeds.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let roll_type = self.0.roll_type.as_deref().unwrap_or_default();
        roll_type.to_lowercase().contains("damage")
    }

    /// How often a symbol was rolled: the table's own sum when there is one, else counted from
    /// the active dice.
    #[must_use]
    pub fn symbol_count(&self, name: &str) -> u32 {
        let of = |symbols: &[SymbolCount]| {
            symbols
                .iter()
                .filter(|symbol| symbol.name.eq_ignore_ascii_case(name))
                .fold(0_u32, |sum, symbol| sum.saturating_add(symbol.count))
        };
        if !self.0.symbols.is_empty() {
            return of(&self.0.symbols);
        }
        self.dice()
            .iter()
            .flat_map(|die| die.active())
            .fold(0, |sum, (_, result)| sum.saturating_add(of(&result.symbols)))
    }
}

impl std::ops::Deref for RollInput {
    type Target = RollReport;

    fn deref(&self) -> &RollReport {
        &self.0
    }
}

impl TryFrom<RollReport> for RollInput {
    type Error = RollError;

    fn try_from(report: RollReport) -> Result<Self, RollError> {
        Self::checked(report)
    }
}

impl From<RollInput> for RollReport {
    fn from(roll: RollInput) -> Self {
        roll.0
    }
}

/// The one die that made a roll a critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecidingDie {
    /// Position of its term among the dice terms of the roll, in reading order ([`dice_terms`]).
    pub term: usize,
    /// Position of the die among the results of its term, inactive ones counted.
    pub result: usize,
    /// Its number of faces.
    pub faces: u32,
    /// What it showed.
    pub value: i64,
}

fn check_texts(report: &RollReport) -> Result<(), RollError> {
    check_text("system", &report.system)?;
    check_text("formula", &report.formula)?;
    check_text("rollType", report.roll_type.as_deref().unwrap_or_default())?;
    report.symbols.iter().try_for_each(|symbol| check_text("symbols", &symbol.name))
}

fn check_text(field: &'static str, text: &str) -> Result<(), RollError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(RollError::TextTooLong(field));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
