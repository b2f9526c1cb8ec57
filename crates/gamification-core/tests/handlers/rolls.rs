//! Rolls and goals to try handlers with.

use gamification_core::criticality::{Critical, CriticalKind, DecidingDie};
use gamification_core::dice::{DieResult, DieTerm, Operator, RollInput, RollReport, RollTerm};
use gamification_core::instance::Instance;
use gamification_core::vtt::GoalRoll;
use gamification_testkit::fixtures;

/// `1d<faces> + 5`, decided by that die.
pub fn one_die(faces: u32, value: i64, kind: CriticalKind) -> GoalRoll {
    let die = DieTerm::plain(1, faces, vec![DieResult::kept(value)]);
    let deciding_die = Some(DecidingDie { term: 0, result: 0, faces, value });
    roll(vec![RollTerm::Die(die)], value + 5, kind, deciding_die)
}

/// A pool of d6 plus 5, without a deciding die.
pub fn pool(values: &[i64], kind: CriticalKind) -> GoalRoll {
    let results = values.iter().map(|&value| DieResult::kept(value)).collect();
    let count = u32::try_from(values.len()).expect("a small pool");
    let total = values.iter().sum::<i64>() + 5;
    roll(vec![RollTerm::Die(DieTerm::plain(count, 6, results))], total, kind, None)
}

/// These terms plus 5.
pub fn roll(
    mut terms: Vec<RollTerm>,
    result: i64,
    kind: CriticalKind,
    deciding_die: Option<DecidingDie>,
) -> GoalRoll {
    terms.push(RollTerm::Operator { operator: Operator::Add });
    terms.push(RollTerm::Number { value: 5.into() });
    let report = RollReport { terms, total: Some(result), ..RollReport::default() };
    let usual = fixtures::critical_roll(1);
    GoalRoll {
        input: RollInput::checked(report).expect("within the limits"),
        result,
        critical: Critical { kind, deciding_die, ..usual.critical },
        ..usual
    }
}

/// A completed goal of the event `Invert the dice` with that roll.
pub fn goal(dice_roll: Option<GoalRoll>) -> Instance {
    let event = fixtures::invert_event();
    let goal = fixtures::goal(1, &fixtures::campaign(1), &event, &fixtures::streamer(1));
    let mut goal = fixtures::executing_goal(goal);
    goal.trigger.dice_roll = dice_roll;
    goal
}
