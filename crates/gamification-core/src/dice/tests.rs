#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::criticality::CriticalKind;

fn die(count: u32, faces: u32, values: &[i64]) -> RollTerm {
    let results = values.iter().map(|&value| DieResult::kept(value)).collect();
    DieTerm::plain(count, faces, results).into()
}

fn advantage(modifiers: &str, kept: i64, dropped: i64) -> RollTerm {
    let results = vec![DieResult::dropped(dropped), DieResult::kept(kept)];
    DieTerm { modifiers: modifiers.to_owned(), ..DieTerm::plain(2, 20, results) }.into()
}

fn op(sign: &str) -> RollTerm {
    RollTerm::Operator { operator: Operator::parse(sign).unwrap() }
}

fn number(value: i64) -> RollTerm {
    RollTerm::Number { value: value.into() }
}

fn forced(terms: &[RollTerm], term: usize) -> String {
    forced_formula(terms, DecidingDie { term, result: 0, faces: 20, value: 20 })
}

#[test]
fn the_deciding_die_comes_first_and_alone() {
    let d20 = || die(1, 20, &[20]);
    let d4 = || die(1, 4, &[3]);
    for (terms, deciding, expected) in [
        (vec![advantage("kh", 20, 4), op("+"), number(5)], 0, "1d20 + 5"),
        (vec![advantage("kl", 1, 20), op("+"), number(5)], 0, "1d20 + 5"),
        (vec![d4(), op("+"), d20()], 1, "1d20 + 1d4"),
        (vec![d20(), op("-"), number(1)], 0, "1d20 - 1"),
        (vec![d4(), op("-"), number(2), op("+"), d20()], 1, "1d20 + 1d4 - 2"),
        (vec![number(5), op("+"), d20()], 0, "1d20 + 5"),
        (vec![number(5), op("-"), d20()], 0, "5 - 1d20"),
        (vec![d4(), op("-"), d20()], 1, "0 - 1d20 + 1d4"),
        (vec![op("-"), d4(), op("-"), d20()], 1, "0 - 1d20 - 1d4"),
        (vec![number(2), op("*"), d20(), op("+"), d4()], 0, "1d20 * 2 + 1d4"),
        (vec![d4(), op("*"), d20(), op("/"), number(2)], 1, "1d20 * 1d4 / 2"),
        (vec![d4(), op("/"), d20()], 1, "3 / 1d20"),
        (vec![d20(), op("*"), op("-"), d4()], 0, "-1d20 * 1d4"),
        (vec![die(3, 10, &[10, 2, 4]), op("+"), number(1)], 0, "1d10 + 2d10 + 1"),
        (vec![die(2, 10, &[10, 2]), op("*"), number(3)], 0, "(1d10 + 1d10) * 3"),
    ] {
        assert_eq!(forced(&terms, deciding), expected);
    }
}

#[test]
fn parentheses_and_pools_are_opened_as_far_as_needed() {
    let inner =
        RollTerm::Parenthetical { terms: vec![die(1, 4, &[2]), op("+"), die(1, 20, &[20])] };
    let terms = [number(3), op("+"), inner, op("*"), number(2)];
    assert_eq!(forced(&terms, 1), "(1d20 + 1d4) * 2 + 3");

    let roll = |value, active| PoolRoll { terms: vec![die(1, 20, &[value])], active };
    let pool = |second| RollTerm::Pool {
        rolls: vec![roll(4, false), roll(second, true)],
        modifiers: "kh".to_owned(),
    };
    assert_eq!(forced(&[pool(20), op("+"), number(5)], 1), "1d20 + 5");
    let terms = [pool(11), op("+"), die(1, 100, &[100])];
    assert_eq!(forced(&terms, 2), "1d100 + {1d20, 1d20}kh");
}

#[test]
fn flavour_is_left_out_and_modifiers_of_other_dice_are_kept() {
    let fire = DieTerm {
        flavor: Some("fire".to_owned()),
        modifiers: "r1".to_owned(),
        ..DieTerm::plain(2, 6, vec![DieResult::kept(3); 2])
    };
    let lucky = DieTerm {
        flavor: Some("luck".to_owned()),
        modifiers: "r1=1".to_owned(),
        ..DieTerm::plain(1, 20, vec![DieResult::kept(20)])
    };
    let other = RollTerm::Other { expression: "floor(7[magic] / 2)".to_owned() };
    let terms = [fire.into(), op("+"), lucky.into(), op("+"), other];
    assert_eq!(forced(&terms, 1), "1d20 + 2d6r1 + floor(7 / 2)");
}

#[test]
fn special_dice_keep_their_letter() {
    let fate = DieTerm {
        denomination: Some("f".to_owned()),
        ..DieTerm::plain(4, 3, vec![DieResult::kept(1); 4])
    };
    let plain = DieTerm {
        denomination: Some("d".to_owned()),
        ..DieTerm::plain(1, 20, vec![DieResult::kept(20)])
    };
    assert_eq!(forced(&[fate.into(), op("+"), plain.into()], 1), "1d20 + 4df");
}

#[test]
fn a_success_becomes_the_worst_face_and_a_failure_the_best() {
    assert_eq!(forced_face(CriticalKind::Success, 20, false), 1);
    assert_eq!(forced_face(CriticalKind::Failure, 20, false), 20);
    assert_eq!(forced_face(CriticalKind::Success, 100, true), 100);
    assert_eq!(forced_face(CriticalKind::Failure, 100, true), 1);
}

#[test]
fn a_die_shows_whole_finite_numbers_only() {
    assert_eq!(DieResult::from_number(-1.0).unwrap().value, -1);
    assert_eq!(DieResult::from_number(20.0).unwrap(), DieResult::kept(20));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2.5, 1e10] {
        assert!(matches!(DieResult::from_number(value), Err(RollError::DieValue(_))), "{value}");
    }
}

fn report(terms: Vec<RollTerm>) -> RollReport {
    RollReport { terms, system: "dnd5e".to_owned(), ..RollReport::default() }
}

#[test]
fn a_roll_has_at_most_a_thousand_dice() {
    let many = |count: usize| report(vec![die(1, 6, &vec![3; count]), die(1, 6, &[2])]);
    assert!(RollInput::checked(many(999)).is_ok());
    assert_eq!(RollInput::checked(many(1000)), Err(RollError::TooManyDice(1001)));
}

#[test]
fn every_other_limit_is_checked_too() {
    let terms = vec![number(1); MAX_TERMS + 1];
    assert_eq!(RollInput::checked(report(terms)), Err(RollError::TooManyTerms(MAX_TERMS + 1)));

    let nested =
        |depth| (0..depth).fold(number(1), |term, _| RollTerm::Parenthetical { terms: vec![term] });
    assert!(RollInput::checked(report(vec![nested(MAX_DEPTH)])).is_ok());
    let too_deep = RollInput::checked(report(vec![nested(MAX_DEPTH + 1)]));
    assert_eq!(too_deep, Err(RollError::TooDeep));

    let huge = RollInput::checked(report(vec![die(1, 6, &[i64::MIN])]));
    assert!(matches!(huge, Err(RollError::DieValue(_))));

    let long = RollReport { formula: "1".repeat(MAX_TEXT_BYTES + 1), ..RollReport::default() };
    assert_eq!(RollInput::checked(long), Err(RollError::TextTooLong("formula")));

    let symbol = SymbolCount { name: "triumph".to_owned(), count: 1 };
    let symbols = RollReport { symbols: vec![symbol; MAX_SYMBOLS + 1], ..RollReport::default() };
    assert_eq!(RollInput::checked(symbols), Err(RollError::TooManySymbols(MAX_SYMBOLS + 1)));
}

#[test]
fn dice_of_a_dropped_pool_roll_do_not_count() {
    let roll = |value, active| PoolRoll { terms: vec![die(1, 20, &[value])], active };
    let pool =
        RollTerm::Pool { rolls: vec![roll(20, false), roll(7, true)], modifiers: "kl".to_owned() };
    let input = RollInput::checked(report(vec![pool])).unwrap();
    let active: Vec<usize> = input.dice().iter().map(|die| die.active().count()).collect();
    assert_eq!(active, [0, 1]);
}

#[test]
fn a_stored_roll_reads_back_the_same_and_is_checked_again() {
    let input = RollInput::checked(RollReport {
        terms: vec![advantage("kh", 20, 4), op("+"), number(5)],
        system: "dnd5e".to_owned(),
        total: Some(25),
        formula: "2d20kh + 5".to_owned(),
        roll_type: Some("attack".to_owned()),
        outcome: Some(Outcome::Success),
        ..RollReport::default()
    })
    .unwrap();
    let json = serde_json::to_value(&input).unwrap();
    assert_eq!(json["rollType"], "attack");
    assert_eq!(json["terms"][1]["operator"], "+");
    assert_eq!(serde_json::from_value::<RollInput>(json.clone()).unwrap(), input);

    let mut changed = json;
    changed["terms"][0]["results"][0]["value"] = serde_json::json!(i64::MAX);
    assert!(serde_json::from_value::<RollInput>(changed).is_err());
}

#[test]
fn the_role_of_a_die_is_read_from_its_names() {
    for (class, flavor, expected) in [
        ("Die", None, DieKind::Plain),
        ("AlienRPGStressDie", None, DieKind::Stress),
        ("AlienRPGBaseDie", None, DieKind::Base),
        ("GearDie", None, DieKind::Gear),
        ("VampireHungerDie", None, DieKind::Hunger),
        ("WildDie", None, DieKind::Wild),
        ("FateDie", None, DieKind::Fate),
        ("CoC7DecaderDie", None, DieKind::Tens),
        ("Die", Some("Wild Die"), DieKind::Wild),
        ("GearDie", Some("Stress"), DieKind::Gear),
    ] {
        assert_eq!(DieTerm::kind_from_names(class, flavor), expected, "{class} {flavor:?}");
    }
}

#[test]
fn extra_dice_of_an_explosion_are_not_dice_that_were_rolled() {
    let term = |results| DieTerm::plain(1, 6, results);
    assert_eq!(term(vec![DieResult::exploding(6), DieResult::kept(2)]).kept_count(), 1);
    assert_eq!(term(vec![DieResult::exploding(6)]).kept_count(), 1);
    assert_eq!(term(vec![DieResult::kept(5), DieResult::kept(2)]).kept_count(), 2);
    assert_eq!(term(vec![DieResult::dropped(5)]).kept_count(), 0);
}

#[test]
fn symbols_are_the_tables_sum_or_those_of_the_active_dice() {
    let symbol = |name: &str, count| SymbolCount { name: name.to_owned(), count };
    let shows = |symbols, active| DieResult { symbols, active, ..DieResult::kept(12) };
    let dice = DieTerm::plain(
        2,
        12,
        vec![shows(vec![symbol("Triumph", 1)], true), shows(vec![symbol("triumph", 3)], false)],
    );
    let mut own = report(vec![dice.into()]);
    assert_eq!(RollInput::checked(own.clone()).unwrap().symbol_count("triumph"), 1);
    own.symbols = vec![symbol("triumph", 2)];
    assert_eq!(RollInput::checked(own).unwrap().symbol_count("TRIUMPH"), 2);
}
