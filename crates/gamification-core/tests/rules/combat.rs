//! What becomes of a combat with each report.

use gamification_core::campaign::CharacterKind;
use gamification_core::vtt::{
    Combat, CombatNews, CombatProgress, CombatReport, ReportedCombatant, TurnOf,
};
use gamification_testkit::fixtures::{at, combat, combat_report, combat_sync, combatant};

fn after(known: &Combat, news: CombatNews) -> Combat {
    Combat::after(Some(known), &combat_report(1, news), at(50)).unwrap()
}

fn goes_on(round: Option<u32>, turn: Option<TurnOf>) -> CombatNews {
    CombatNews::Runs(CombatProgress { round, turn, combatants: None })
}

fn reported(n: u32) -> ReportedCombatant {
    let combatant = combatant(n, CharacterKind::Monster);
    ReportedCombatant { combatant, is_affected: None }
}

/// Three fighters; it is the second one's turn.
fn three() -> Combat {
    let mut three = Combat { turn: Some(1), ..combat(1) };
    three.combatants.push(combatant(3, CharacterKind::Npc));
    three
}

#[test]
fn the_first_sign_of_life_makes_a_combat() {
    let sync = combat_sync(1, 2, 1, &combat(1).combatants);
    let made = Combat::after(None, &sync, at(50)).unwrap();
    assert_eq!(made, Combat { round: 2, turn: Some(1), started_at: at(50), ..combat(1) });
    assert_eq!(Combat::after(Some(&made), &sync, at(60)), Some(made), "twice is once");
}

#[test]
fn a_sign_of_life_without_a_round_is_one_of_a_combat_that_has_begun() {
    let report = combat_report(1, goes_on(None, None));
    let made = Combat::after(None, &report, at(0)).unwrap();
    assert_eq!((made.round, made.turn), (1, None), "there is nobody whose turn it could be");
    assert_eq!(after(&Combat { round: 4, ..combat(1) }, goes_on(None, None)).round, 4);
    assert_eq!(after(&combat(1), goes_on(Some(0), None)).round, 1, "it does not unbegin");
}

#[test]
fn news_of_a_combat_that_is_not_kept_is_nothing() {
    for news in [
        CombatNews::Ends,
        CombatNews::Joined(reported(1)),
        CombatNews::Left("combatant-1".into()),
        CombatNews::Defeated { combatant: "combatant-1".into(), is_defeated: true },
    ] {
        let report = CombatReport { combat_id: "other".into(), news };
        assert_eq!(Combat::after(Some(&combat(1)), &report, at(0)), None);
        assert_eq!(Combat::after(None, &report, at(0)), None);
    }
}

#[test]
fn an_end_is_a_date_that_a_sign_of_life_takes_away() {
    let ending = after(&combat(1), CombatNews::Ends);
    assert_eq!(ending.ends_at, Some(at(55)));
    let again = Combat::after(Some(&ending), &combat_report(1, CombatNews::Ends), at(54));
    assert_eq!(again, Some(ending.clone()), "the first end counts");
    let joined = after(&ending, CombatNews::Joined(reported(3)));
    assert_eq!(joined.ends_at, Some(at(55)), "who joins says nothing of that");
    assert_eq!(after(&ending, goes_on(None, None)), combat(1));
}

#[test]
fn a_prepared_combat_does_not_take_the_place_of_one_that_is_fought() {
    let prepared = combat_sync(2, 0, 0, &[]);
    let mut fought = combat(1);
    fought.combatants[1].is_affected = true;
    let seems_over = Combat::after(Some(&fought), &prepared, at(50)).unwrap();
    assert_eq!(seems_over, Combat { ends_at: Some(at(55)), ..combat(1) });
    let other = Combat::after(Some(&Combat { round: 0, ..combat(1) }), &prepared, at(50)).unwrap();
    assert_eq!(other.id.as_str(), "combat-2");
    let begun = Combat::after(Some(&fought), &combat_sync(2, 1, 0, &[]), at(50)).unwrap();
    assert_eq!((begun.id.as_str(), begun.ends_at), ("combat-2", None));
}

#[test]
fn turns_are_told_by_place_or_by_name() {
    let three = three();
    let turn = |told: Option<TurnOf>| after(&three, goes_on(None, told)).turn;
    assert_eq!(turn(None), Some(1), "as before");
    assert_eq!(turn(Some(TurnOf::Nobody)), None);
    assert_eq!(turn(Some(TurnOf::Place(2))), Some(2));
    assert_eq!(turn(Some(TurnOf::Place(3))), None, "nobody stands there");
    assert_eq!(turn(Some(TurnOf::Combatant("combatant-1".into()))), Some(0));
    assert_eq!(turn(Some(TurnOf::Combatant("stranger".into()))), None);
    assert_eq!(after(&three, goes_on(Some(2), None)).turn, Some(0), "a round begins at the top");
}

#[test]
fn the_turn_stays_with_whose_it_is_when_the_order_changes() {
    let three = three();
    let reordered = [3, 1, 2].map(|n| ReportedCombatant {
        combatant: three.combatants[n - 1].clone(),
        is_affected: None,
    });
    let progress =
        CombatProgress { combatants: Some(reordered.to_vec()), ..CombatProgress::default() };
    let combat = after(&three, CombatNews::Runs(progress));
    assert_eq!(combat.turn, Some(2));
    assert_eq!(combat.combatants[2].id.as_str(), "combatant-2");
}

#[test]
fn who_leaves_leaves_the_turn_to_whose_it_is() {
    for (turn, left, expected) in [
        (Some(1), 1, Some(0)),
        (Some(1), 2, Some(1)),
        (Some(1), 3, Some(1)),
        (Some(2), 3, Some(0)),
        (None, 1, None),
    ] {
        let combat = Combat { turn, ..three() };
        let news = CombatNews::Left(format!("combatant-{left}").into());
        assert_eq!(after(&combat, news).turn, expected, "{turn:?} without {left}");
    }
    let alone = Combat { combatants: vec![combatant(1, CharacterKind::Pc)], ..combat(1) };
    let empty = after(&alone, CombatNews::Left("combatant-1".into()));
    assert_eq!((empty.turn, empty.combatants.len()), (None, 0));
}

#[test]
fn who_joins_again_is_told_anew_and_a_crowd_has_an_end() {
    let mut known = combat(1);
    known.combatants[1].is_affected = true;
    let mut told = reported(2);
    told.combatant.name = "The ogre".to_owned();
    let joined = after(&known, CombatNews::Joined(told.clone()));
    let ogre = &joined.combatants[1];
    assert_eq!((joined.combatants.len(), ogre.name.as_str()), (2, "The ogre"));
    assert!(ogre.is_affected, "it was not told, and stays");
    told.is_affected = Some(false);
    assert!(!after(&known, CombatNews::Joined(told)).combatants[1].is_affected);
    let crowd: Vec<_> = (1..=250).map(reported).collect();
    let mut twice = crowd[..5].to_vec();
    twice.extend_from_slice(&crowd[..5]);
    for (list, expected) in [(crowd, 200), (twice, 5)] {
        let progress = CombatProgress { combatants: Some(list), ..CombatProgress::default() };
        let combat = after(&known, CombatNews::Runs(progress));
        assert_eq!(combat.combatants.len(), expected);
        let joined = after(&combat, CombatNews::Joined(reported(300)));
        assert_eq!(joined.combatants.len(), (expected + 1).min(200));
    }
}
