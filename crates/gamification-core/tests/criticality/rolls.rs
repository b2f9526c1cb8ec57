//! Rolls to classify, and the comparison with what the table of the design says.

use gamification_core::criticality::{Critical, CriticalKind, Severity, classify};
use gamification_core::dice::{
    DieKind, DieResult, DieTerm, Operator, RollInput, RollReport, RollTerm,
};

/// Kind, severity, category, and the value of the deciding die.
pub type Expected = Option<(CriticalKind, Severity, &'static str, Option<i64>)>;

pub fn dice(faces: u32, values: &[i64]) -> DieTerm {
    let count = u32::try_from(values.len()).unwrap();
    DieTerm::plain(count, faces, values.iter().map(|&value| DieResult::kept(value)).collect())
}

pub fn special(class: &str, faces: u32, values: &[i64]) -> DieTerm {
    DieTerm { class: class.to_owned(), kind: DieKind::from_class(class), ..dice(faces, values) }
}

pub fn with_dropped(modifiers: &str, faces: u32, kept: i64, dropped: i64) -> DieTerm {
    DieTerm {
        modifiers: modifiers.to_owned(),
        ..DieTerm::plain(2, faces, vec![DieResult::dropped(dropped), DieResult::kept(kept)])
    }
}

/// Every value but the last exploded.
pub fn exploding(class: &str, faces: u32, values: &[i64]) -> DieTerm {
    let mut term = special(class, faces, values);
    let last = term.results.len() - 1;
    term.results[..last].iter_mut().for_each(|result| result.exploded = true);
    DieTerm { count: 1, modifiers: "x".to_owned(), ..term }
}

/// The terms as a sum.
pub fn report(system: &str, terms: Vec<DieTerm>) -> RollReport {
    let mut sum = Vec::new();
    for term in terms {
        if !sum.is_empty() {
            sum.push(RollTerm::Operator { operator: Operator::Add });
        }
        sum.push(RollTerm::Die(term));
    }
    RollReport { terms: sum, system: system.to_owned(), ..RollReport::default() }
}

pub fn classified(report: RollReport) -> Option<Critical> {
    classify(&RollInput::checked(report).unwrap(), &[])
}

pub fn assert_roll(report: RollReport, expected: Expected) {
    let shown = format!("{report:?}");
    let found = classified(report);
    let found = found.as_ref().map(|critical| {
        let value = critical.deciding_die.map(|die| die.value);
        (critical.kind, critical.severity, critical.category.as_str(), value)
    });
    assert_eq!(found, expected, "{shown}");
}

pub fn assert_rolls(system: &str, rolls: Vec<(Vec<DieTerm>, Expected)>) {
    for (terms, expected) in rolls {
        assert_roll(report(system, terms), expected);
    }
}
