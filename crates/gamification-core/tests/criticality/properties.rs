//! What holds for every roll.

use gamification_core::criticality::{Critical, classify};
use gamification_core::dice::{
    DecidingDie, DieKind, DieResult, DieTerm, Operator, Outcome, RollInput, RollOptions,
    RollReport, RollTerm, SymbolCount, forced_face, forced_formula,
};
use proptest::prelude::*;
use serde_json::json;

use crate::gm_rules::{roll, rule};

const SYSTEMS: [&str; 18] = [
    "",
    "dnd5e",
    "pf2e",
    "CoC7",
    "wfrp4e",
    "swade",
    "cyberpunk-red-core",
    "alienrpg",
    "forbidden-lands",
    "vaesen",
    "blades-in-the-dark",
    "vtm5e",
    "wod5e",
    "shadowrun5e",
    "shadowrun6",
    "starwarsffg",
    "genesys",
    "fate-core-official",
];

fn any_kind() -> impl Strategy<Value = DieKind> {
    prop::sample::select(vec![
        DieKind::Plain,
        DieKind::Stress,
        DieKind::Gear,
        DieKind::Base,
        DieKind::Hunger,
        DieKind::Wild,
        DieKind::Fate,
        DieKind::Tens,
    ])
}

fn any_die() -> impl Strategy<Value = DieResult> {
    (-1_000_000_000i64..=1_000_000_000, 1i64..=20, any::<[bool; 3]>()).prop_map(
        |(odd, usual, [is_odd, active, exploded])| {
            let value = if is_odd { odd } else { usual };
            DieResult { active, exploded, discarded: !active, ..DieResult::kept(value) }
        },
    )
}

fn any_term() -> impl Strategy<Value = DieTerm> {
    let faces = prop_oneof![Just(20u32), Just(100), Just(10), Just(6), any::<u32>()];
    (any::<u32>(), faces, any_kind(), prop::collection::vec(any_die(), 0..6)).prop_map(
        |(count, faces, kind, results)| DieTerm { kind, ..DieTerm::plain(count, faces, results) },
    )
}

fn any_operator() -> impl Strategy<Value = Operator> {
    prop::sample::select(["+", "-", "*", "/", "%"].to_vec())
        .prop_map(|sign| Operator::parse(sign).unwrap())
}

prop_compose! {
    fn any_report()(
        terms in prop::collection::vec(any_term().prop_map(RollTerm::from), 0..5),
        system in prop::sample::select(SYSTEMS.to_vec()),
        total: Option<i64>,
        roll_type: Option<String>,
        critical_success: Option<i64>,
        critical_failure: Option<i64>,
        degree_of_success: Option<u8>,
        succeeded: Option<bool>,
        triumphs: u32,
    ) -> RollReport {
        RollReport {
            terms,
            system: system.to_owned(),
            total,
            formula: String::new(),
            roll_type,
            options: RollOptions { critical_success, critical_failure },
            degree_of_success,
            outcome: succeeded.map(|yes| if yes { Outcome::Success } else { Outcome::Failure }),
            symbols: vec![SymbolCount { name: "triumph".to_owned(), count: triumphs }],
        }
    }
}

fn points_at_an_active_die(critical: &Critical, roll: &RollInput) -> bool {
    critical.deciding_die.is_none_or(|deciding| {
        let die = roll.dice()[deciding.term];
        let shown = &die.results[deciding.result];
        shown.active && shown.value == deciding.value && die.faces == deciding.faces
    })
}

proptest! {
    #[test]
    fn any_roll_is_classified_without_panic_and_its_deciding_die_counts(report in any_report()) {
        let rules = [
            rule(json!({"field": "doubles", "value": 1})),
            rule(json!({"field": "total", "value": 1_000_000})),
            rule(json!({"formula": "d6", "field": "ones_share", "value": 50})),
        ];
        let input = RollInput::checked(report).unwrap();
        for rules in [&rules[..], &[]] {
            if let Some(critical) = classify(&input, rules) {
                prop_assert!(points_at_an_active_die(&critical, &input));
                prop_assert!(!critical.category.is_empty() && !critical.label.is_empty());
            }
        }
    }

    #[test]
    fn inactive_dice_never_change_the_answer_of_a_d20_system(
        report in any_report(),
        extra in any_die(),
        extra_faces in prop::sample::select(vec![6u32, 20, 100]),
        system in prop::sample::select(vec!["generic", "dnd5e"]),
    ) {
        let dropped = DieResult { active: false, discarded: true, ..extra };
        let before = RollReport { system: system.to_owned(), ..report };
        let mut after = before.clone();
        after.terms.push(DieTerm::plain(1, extra_faces, vec![dropped.clone()]).into());
        for term in &mut after.terms {
            if let RollTerm::Die(die) = term {
                die.results.push(dropped.clone());
            }
        }
        let verdict = |report| classify(&RollInput::checked(report).unwrap(), &[]);
        prop_assert_eq!(verdict(before), verdict(after));
    }

    #[test]
    fn a_forced_extreme_shows_the_other_face(
        system in prop::sample::select(vec!["generic", "dnd5e", "pf2e", "CoC7"]),
        is_high: bool,
    ) {
        let faces = if system == "CoC7" { 100 } else { 20 };
        let value = if is_high { i64::from(faces) } else { 1 };
        let critical = classify(&roll(system, &[(faces, &[value])]), &[]).unwrap();
        let deciding = critical.deciding_die.unwrap();
        let forced = forced_face(critical.kind, deciding.faces, critical.roll_under);
        prop_assert_ne!(i64::from(forced), deciding.value);
        prop_assert_eq!(i64::from(forced), i64::from(faces) + 1 - value);
        let again = classify(&roll(system, &[(faces, &[i64::from(forced)])]), &[]).unwrap();
        prop_assert_ne!(again.kind, critical.kind);
    }

    #[test]
    fn a_forced_formula_begins_its_dice_with_the_deciding_die(
        others in prop::collection::vec((any_operator(), 2u32..=12), 0..6),
        place in 0usize..6,
        first_is_negative: bool,
    ) {
        let place = place.min(others.len());
        let mut terms = Vec::new();
        if first_is_negative {
            terms.push(RollTerm::Operator { operator: Operator::Subtract });
        }
        let mut faces: Vec<(Operator, u32)> = others;
        faces.insert(place, (Operator::Add, 20));
        for (index, (operator, faces)) in faces.into_iter().enumerate() {
            if index > 0 {
                terms.push(RollTerm::Operator { operator });
            }
            terms.push(DieTerm::plain(1, faces, vec![DieResult::kept(1)]).into());
        }
        let deciding = DecidingDie { term: place, result: 0, faces: 20, value: 1 };
        let formula = forced_formula(&terms, deciding);
        let first_die = formula.split(|c: char| " ()-".contains(c)).find(|s| s.contains('d'));
        prop_assert_eq!(first_die, Some("1d20"), "{}", formula);
    }
}
