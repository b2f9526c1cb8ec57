//! The tables themselves. Within a table the first matching case wins, so the rarer comes first.

use super::Dice::{Any, First, Kinds, Pool, Sole, Special, Trait};
use super::{Case, Condition, Dice, Table, symbol};
use crate::criticality::Comparison::{AtLeast, AtMost, Equal};
use crate::criticality::CriticalKind::{Failure, Success};
use crate::criticality::Severity::{Extreme, Major, Minor};
use crate::criticality::{Comparison, Field};
use crate::dice::DieKind;

/// One case a line: kind, severity, category, label, and the conditions that must all hold. A
/// macro, because a constant function may not take a slice of conditions by reference.
macro_rules! cases {
    ($($kind:ident $severity:ident $category:literal $label:literal
        when $($condition:expr),+;)*) => {
        &[$(Case {
            kind: $kind,
            severity: $severity,
            category: $category,
            label: $label,
            when: &[$($condition),+],
        }),*]
    };
}

pub(super) static ALL: &[Table] = &[
    table(&["CoC7"], CALL_OF_CTHULHU).rolling_under(),
    table(&["wfrp4e"], WARHAMMER).rolling_under(),
    table(&["swade"], SAVAGE_WORLDS),
    table(&["cyberpunk-red-core"], CYBERPUNK_RED),
    table(&["alienrpg"], ALIEN),
    table(&["forbidden-lands", "vaesen"], YEAR_ZERO),
    table(&["blades-in-the-dark"], BLADES),
    table(&["vtm5e", "wod5e"], WORLD_OF_DARKNESS),
    table(&["shadowrun5e", "shadowrun6", "shadowrun6-eden"], SHADOWRUN),
    table(&["starwarsffg", "genesys"], NARRATIVE),
    table(&["fate-core-official"], FATE),
];

/// A d100, or as the system itself rolls it: a d10 of units and a tens die. Bonus and penalty
/// dice are further tens dice, and the terms do not tell which of the two they are; so the number
/// is known only when all of them agree.
const CALL_OF_CTHULHU: &[Case] = cases! {
    Success Extreme "coc_critical" "Critical" when total(Sole(100), Equal, 1);
    Failure Extreme "coc_fumble" "Fumble" when total(Sole(100), Equal, 100);
    Success Extreme "coc_critical" "Critical" when ALL_TENS_ARE_00, total(UNITS, Equal, 1);
    Failure Extreme "coc_fumble" "Fumble" when ALL_TENS_ARE_00, total(UNITS, Equal, 10);
};
const ALL_TENS_ARE_00: Condition = lowest(Special(10, &[DieKind::Tens]), Equal, 10);
const UNITS: Dice = Special(10, &[DieKind::Plain]);

const WARHAMMER: &[Case] = cases! {
    Success Major "doubles_success" "Critical Doubles" when Condition::Succeeded(true), DOUBLES;
    Failure Major "doubles_failure" "Fumbled Doubles" when Condition::Succeeded(false), DOUBLES;
};
const DOUBLES: Condition = dice(Sole(100), Field::Doubles, Equal, 1);

/// Of two ones, the system's own pool keeps the wild die and drops the trait die.
const SAVAGE_WORLDS: &[Case] = cases! {
    Success Extreme "ace" "Triple Ace" when aces(AtLeast, 3);
    Success Major "ace" "Double Ace" when aces(Equal, 2);
    Success Minor "ace" "Ace" when aces(Equal, 1);
    Failure Major "snake_eyes" "Snake Eyes" when aces(Equal, 0), total(Trait, Equal, 1);
    Failure Major "snake_eyes" "Snake Eyes" when aces(Equal, 0), highest(Any, Equal, 1);
};

const CYBERPUNK_RED: &[Case] = cases! {
    Success Major "red_critical" "Critical Success" when total(First(10), Equal, 10);
    Failure Major "red_fumble" "Critical Failure" when total(First(10), Equal, 1);
};

const STRESS: Dice = Special(6, &[DieKind::Stress]);
const ALIEN: &[Case] = cases! {
    Success Major "year_zero_success" "Multiple Successes" when count(Pool(6), 6, AtLeast, 2);
    Success Minor "year_zero_success" "Success" when count(Pool(6), 6, Equal, 1);
    Failure Major "panic" "Panic" when NO_SIX, count(STRESS, 1, AtLeast, 1);
};
const NO_SIX: Condition = count(Pool(6), 6, Equal, 0);

const BANE: Dice = Special(6, &[DieKind::Gear, DieKind::Base]);
const YEAR_ZERO: &[Case] = cases! {
    Success Major "yz_triumph" "Multiple Successes" when count(Pool(6), 6, AtLeast, 2);
    Success Minor "yz_triumph" "Success" when count(Pool(6), 6, Equal, 1);
    Failure Major "yz_bane" "Double Bane" when NO_SIX, count(BANE, 1, AtLeast, 2);
    Failure Minor "yz_bane" "Bane" when NO_SIX, count(BANE, 1, Equal, 1);
};

const BLADES: &[Case] = cases! {
    Success Major "blades_critical" "Critical" when count(Pool(6), 6, AtLeast, 2);
    Failure Minor "blades_bad" "Bad Outcome" when highest(Pool(6), AtMost, 3);
};

const HUNGER: Dice = Special(10, &[DieKind::Hunger]);
const TWO_TENS: Condition = count(Pool(10), 10, AtLeast, 2);
const NO_HIT: Condition = highest(Pool(10), AtMost, 5);
const WORLD_OF_DARKNESS: &[Case] = cases! {
    Success Extreme "v5_critical" "Messy Critical" when TWO_TENS, count(HUNGER, 10, AtLeast, 1);
    Success Major "v5_critical" "Critical Success" when TWO_TENS;
    Failure Extreme "v5_bestial" "Bestial Failure" when NO_HIT, count(HUNGER, 1, AtLeast, 1);
    Failure Major "v5_bestial" "Total Failure" when NO_HIT, count(Pool(10), 1, AtLeast, 1);
};

const GLITCH: Condition = dice(Pool(6), Field::OnesShare, AtLeast, 50);
const SHADOWRUN: &[Case] = cases! {
    Failure Extreme "glitch" "Critical Glitch" when GLITCH, highest(Pool(6), AtMost, 4);
    Failure Major "glitch" "Glitch" when GLITCH;
};

const NARRATIVE: &[Case] = cases! {
    Success Extreme "triumph" "Triumph and Despair"
        when symbols("triumph", 1), symbols("despair", 1);
    Success Extreme "triumph" "Multiple Triumphs" when symbols("triumph", 2);
    Success Major "triumph" "Triumph" when symbols("triumph", 1);
    Failure Extreme "despair" "Multiple Despairs" when symbols("despair", 2);
    Failure Major "despair" "Despair" when symbols("despair", 1);
};

const FATE_DICE: Dice = Kinds(&[DieKind::Fate]);
const FATE: &[Case] = cases! {
    Success Major "fate_best" "Best Result" when total(FATE_DICE, Equal, 4);
    Failure Major "fate_worst" "Worst Result" when total(FATE_DICE, Equal, -4);
};

const fn table(ids: &'static [&'static str], cases: &'static [Case]) -> Table {
    Table { ids, is_roll_under: false, cases }
}

impl Table {
    const fn rolling_under(mut self) -> Self {
        self.is_roll_under = true;
        self
    }
}

const fn dice(of: Dice, field: Field, op: Comparison, value: i64) -> Condition {
    Condition::Dice { of, field, op, value }
}

const fn total(of: Dice, op: Comparison, value: i64) -> Condition {
    dice(of, Field::Total, op, value)
}

const fn highest(of: Dice, op: Comparison, value: i64) -> Condition {
    dice(of, Field::MaxDie, op, value)
}

const fn lowest(of: Dice, op: Comparison, value: i64) -> Condition {
    dice(of, Field::MinDie, op, value)
}

const fn count(of: Dice, face: i64, op: Comparison, value: i64) -> Condition {
    dice(of, Field::CountOf { face }, op, value)
}

const fn aces(op: Comparison, value: i64) -> Condition {
    dice(Any, Field::ExplodedCount, op, value)
}

const fn symbols(name: &'static str, at_least: i64) -> Condition {
    dice(Any, symbol(name), AtLeast, at_least)
}
