//! What is to be made of a roll.

use gamification_core::criticality::CriticalKind::{Failure, Success};
use gamification_core::criticality::{Critical, CriticalKind, Severity, classify};
use gamification_foundry::wire::parse_roll;
use serde_json::Value;

/// The whole verdict; the deciding die as its faces and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    kind: CriticalKind,
    severity: Severity,
    category: &'static str,
    label: &'static str,
    die: Option<(u32, i64)>,
    is_roll_under: bool,
}

/// A critical; `None` is an ordinary roll.
pub(crate) type Expected = Option<Verdict>;

const fn verdict(
    kind: CriticalKind,
    severity: Severity,
    category: &'static str,
    label: &'static str,
) -> Verdict {
    Verdict { kind, severity, category, label, die: None, is_roll_under: false }
}

pub(crate) const fn success(
    severity: Severity,
    category: &'static str,
    label: &'static str,
) -> Verdict {
    verdict(Success, severity, category, label)
}

pub(crate) const fn failure(
    severity: Severity,
    category: &'static str,
    label: &'static str,
) -> Verdict {
    verdict(Failure, severity, category, label)
}

impl Verdict {
    /// Decided by that die.
    pub(crate) const fn by(mut self, faces: u32, value: i64) -> Self {
        self.die = Some((faces, value));
        self
    }

    /// In a system in which low numbers are good.
    pub(crate) const fn rolling_under(mut self) -> Self {
        self.is_roll_under = true;
        self
    }

    fn is(&self, critical: &Critical) -> bool {
        let die = critical.deciding_die.map(|die| (die.faces, die.value));
        (self.kind, self.severity, self.die, self.is_roll_under)
            == (critical.kind, critical.severity, die, critical.roll_under)
            && (self.category, self.label) == (&critical.category, &critical.label)
    }
}

/// Reads and judges each roll; the first text says what is special about it.
pub(crate) fn assert_rolls(rolls: Vec<(&str, Value, Expected)>) {
    for (about, event, expected) in rolls {
        let system = event["metadata"]["systemId"].clone();
        let roll = parse_roll(&event).unwrap();
        let found = classify(&roll.input, &[]);
        let is_as_expected = match (&found, expected) {
            (None, None) => true,
            (Some(critical), Some(verdict)) => verdict.is(critical),
            _ => false,
        };
        assert!(is_as_expected, "{system}, {about}: {found:?} and not {expected:?}");
        if let Some(die) = found.and_then(|critical| critical.deciding_die) {
            let shown = &roll.input.dice()[die.term].results[die.result];
            assert!(shown.active && shown.value == die.value, "{system}, {about}: {die:?}");
        }
    }
}
