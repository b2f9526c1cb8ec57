//! The dice that fell for one term.

use serde::{Deserialize, Serialize};

use super::{MAX_DIE_VALUE, MAX_SYMBOLS, RollError, SymbolCount, check_text};

/// The role that a die has in the pools of some systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DieKind {
    /// No special role.
    #[default]
    Plain,
    /// Year Zero stress die.
    Stress,
    /// Year Zero gear die.
    Gear,
    /// Year Zero base (attribute) die.
    Base,
    /// World of Darkness hunger die.
    Hunger,
    /// Savage Worlds wild die.
    Wild,
    /// Fate die, showing −1, 0 or +1.
    Fate,
    /// Tens die of a percentile roll that is made of two d10; a 10 stands for 00.
    Tens,
}

impl DieKind {
    /// Reads the role from a die's class name (`AlienRPGStressDie`, `GearDie`, `WildDie` …) or
    /// from its flavour (`Hunger Dice`), whatever the case. Both are names chosen by systems: the
    /// first role whose English name occurs in the text wins, anything else is [`Self::Plain`].
    #[must_use]
    pub fn from_class(name: &str) -> Self {
        let name = name.to_lowercase();
        [
            ("stress", Self::Stress),
            ("gear", Self::Gear),
            ("base", Self::Base),
            ("hunger", Self::Hunger),
            ("wild", Self::Wild),
            ("fate", Self::Fate),
            ("decader", Self::Tens),
        ]
        .into_iter()
        .find(|(word, _)| name.contains(word))
        .map_or(Self::Plain, |(_, kind)| kind)
    }
}

/// One die that fell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DieResult {
    /// The number it shows.
    pub value: i64,
    /// It counts for the result; dropped and rerolled dice do not.
    #[serde(default = "yes")]
    pub active: bool,
    /// It was rolled on: the next result of the term is the extra die.
    #[serde(default)]
    pub exploded: bool,
    /// It was replaced by another roll.
    #[serde(default)]
    pub rerolled: bool,
    /// It was dropped, as the lower die of an advantage is.
    #[serde(default)]
    pub discarded: bool,
    /// Symbols on the face, for narrative dice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<SymbolCount>,
}

const fn yes() -> bool {
    true
}

impl DieResult {
    /// A die that counts.
    #[must_use]
    pub const fn kept(value: i64) -> Self {
        Self {
            value,
            active: true,
            exploded: false,
            rerolled: false,
            discarded: false,
            symbols: Vec::new(),
        }
    }

    /// A die that was dropped and does not count.
    #[must_use]
    pub const fn dropped(value: i64) -> Self {
        let mut result = Self::kept(value);
        result.active = false;
        result.discarded = true;
        result
    }

    /// A die that counts and was rolled on.
    #[must_use]
    pub const fn exploding(value: i64) -> Self {
        let mut result = Self::kept(value);
        result.exploded = true;
        result
    }

    /// A die that counts, from a JSON number. Refuses NaN, infinities, fractions and values
    /// beyond [`MAX_DIE_VALUE`].
    pub fn from_number(value: f64) -> Result<Self, RollError> {
        if value.fract() != 0.0 || value.abs() > MAX_DIE_VALUE as f64 {
            return Err(RollError::DieValue(value));
        }
        Ok(Self::kept(value as i64))
    }
}

/// One dice term such as `2d20kh`, with the dice that fell for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DieTerm {
    /// Number of dice as written: 2 in `2d20kh`.
    pub count: u32,
    /// Faces of each die: 20 in `2d20kh`; 0 when the table does not say.
    pub faces: u32,
    /// The letter that stands for the faces in the formula of a special die: `f` in `4df`.
    pub denomination: Option<String>,
    /// What follows the faces, such as `kh`.
    pub modifiers: String,
    /// Class of the die in the VTT, such as `Die`.
    pub class: String,
    /// Text that the formula attaches to the die.
    pub flavor: Option<String>,
    /// Role of the die; fill it with [`DieTerm::kind_from_names`] or by knowledge of the system.
    pub kind: DieKind,
    /// The dice that fell, inactive ones and extra ones of explosions included.
    pub results: Vec<DieResult>,
}

impl DieTerm {
    /// A plain term: `count` dice of `faces`, class `Die`, no modifiers.
    #[must_use]
    pub fn plain(count: u32, faces: u32, results: Vec<DieResult>) -> Self {
        Self { count, faces, class: "Die".to_owned(), results, ..Self::default() }
    }

    /// The role told by the class, else by the flavour.
    #[must_use]
    pub fn kind_from_names(class: &str, flavor: Option<&str>) -> DieKind {
        match DieKind::from_class(class) {
            DieKind::Plain => flavor.map_or(DieKind::Plain, DieKind::from_class),
            kind => kind,
        }
    }

    /// The dice that count, with their positions in [`DieTerm::results`].
    pub fn active(&self) -> impl Iterator<Item = (usize, &DieResult)> {
        self.results.iter().enumerate().filter(|(_, result)| result.active)
    }

    /// How many dice count, the extra dice of explosions left out: 1 for `2d20kh`, and for an
    /// exploding `1d6x` that shows 6 and 2.
    #[must_use]
    pub fn kept_count(&self) -> usize {
        let active = self.active().count();
        let extra = self.active().filter(|(_, result)| result.exploded).count();
        // A VTT that caps explosions may flag the last die too; one die was rolled all the same.
        if active == 0 { 0 } else { active.saturating_sub(extra).max(1) }
    }

    /// Count and faces without the modifiers and the flavour: `2d20`, `4df`.
    #[must_use]
    pub fn written(&self, count: usize) -> String {
        match self.special_letter() {
            Some(letter) => format!("{count}d{letter}"),
            None => format!("{count}d{}", self.faces),
        }
    }

    /// The denomination of a special die; plain dice have none, or `d`.
    #[must_use]
    pub fn special_letter(&self) -> Option<&str> {
        self.denomination.as_deref().filter(|letter| !letter.eq_ignore_ascii_case("d"))
    }

    /// Texts and values within the limits of this module.
    pub(super) fn check(&self) -> Result<(), RollError> {
        check_text("class", &self.class)?;
        check_text("modifiers", &self.modifiers)?;
        check_text("denomination", self.denomination.as_deref().unwrap_or_default())?;
        check_text("flavor", self.flavor.as_deref().unwrap_or_default())?;
        for result in &self.results {
            if result.value.unsigned_abs() > MAX_DIE_VALUE.unsigned_abs() {
                return Err(RollError::DieValue(result.value as f64));
            }
            if result.symbols.len() > MAX_SYMBOLS {
                return Err(RollError::TooManySymbols(result.symbols.len()));
            }
            result.symbols.iter().try_for_each(|symbol| check_text("symbols", &symbol.name))?;
        }
        Ok(())
    }
}
