#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn coefficient(hundredths: u16) -> Coefficient {
    Coefficient::from_hundredths(hundredths).unwrap()
}

#[test]
fn an_individual_objective_follows_the_vectors() {
    for (viewers, minimum, expected) in
        [(50, 3, 15), (5, 3, 3), (5, 1, 2), (100, 3, 30), (0, 3, 3), (0, 7, 7)]
    {
        let objective = individual(viewers, coefficient(30), minimum);
        assert_eq!(objective, expected, "{viewers} viewers, minimum {minimum}");
    }
}

#[test]
fn halves_round_up_and_never_to_even() {
    assert_eq!(individual(5, coefficient(50), 1), 3); // 2.5
    assert_eq!(individual(1, coefficient(50), 1), 1); // 0.5
    assert_eq!(individual(50, coefficient(29), 1), 15); // 14.5, a trap for floats
    assert_eq!(individual(149, coefficient(1), 1), 1); // 1.49
    assert_eq!(individual(150, coefficient(1), 1), 2); // 1.5
}

#[test]
fn an_objective_is_one_even_when_nothing_asks_for_it() {
    assert_eq!(individual(0, coefficient(1), 0), 1);
    assert_eq!(group(&[], coefficient(30), 0).target, 1);
}

#[test]
fn a_group_target_is_the_sum_of_the_parts() {
    let objective = group(&[50, 5], coefficient(30), 3);
    assert_eq!(objective, GroupObjective { local_objectives: vec![15, 3], target: 18 });
    assert_eq!(group(&[], coefficient(30), 3).target, 3);
    assert_eq!(group(&[u32::MAX, u32::MAX], coefficient(1000), 3).target, u32::MAX);
}

#[test]
fn recalculation_follows_the_vectors() {
    for (old, new, current, progress, expected) in [
        (100, 115, 30, 0, None),     // less than 20 %
        (100, 119, 30, 0, None),     // just less than 20 %
        (100, 120, 30, 0, Some(36)), // exactly 20 %
        (100, 81, 30, 0, None),      // 19 % fewer
        (100, 80, 30, 0, Some(24)),  // 20 % fewer
        (0, 40, 3, 0, Some(12)),     // from nobody
        (0, 0, 3, 0, None),          // nothing changed
        (5, 9, 3, 0, None),          // the same result
        (100, 20, 30, 25, Some(26)), // never below what was reached, plus one
        (100, 20, 30, 29, None),     // which is the target that it has
        (100, 0, 30, 0, Some(3)),    // the minimum still holds
    ] {
        let result = recalculated(old, new, coefficient(30), 3, current, progress);
        assert_eq!(result, expected, "{old} -> {new}, {progress} of {current}");
    }
}

#[test]
fn a_percentage_rounds_halves_up_and_stops_at_100() {
    for (progress, target, expected) in
        [(0, 0, 100), (5, 0, 100), (0, 7, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (9, 3, 100)]
    {
        assert_eq!(percentage(progress, target), expected, "{progress} of {target}");
    }
    assert_eq!(percentage(u32::MAX, 1), 100);
    assert_eq!(percentage(u32::MAX, u32::MAX), 100);
}

#[test]
fn a_coefficient_refuses_what_is_out_of_range_or_too_precise() {
    for text in ["0", "-0.3", "10.01", "0.305", "0.001", "0.30000000000000004", "1e300", "\"0.3\""]
    {
        assert!(serde_json::from_str::<Coefficient>(text).is_err(), "{text}");
    }
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(Coefficient::try_from(number).is_err(), "{number}");
    }
    assert_eq!(Coefficient::from_hundredths(1001).unwrap_err().value, 1001);
}

#[test]
fn every_coefficient_survives_json_as_a_short_number() {
    for hundredths in Coefficient::MIN_HUNDREDTHS..=Coefficient::MAX_HUNDREDTHS {
        let text = serde_json::to_string(&coefficient(hundredths)).unwrap();
        assert!(text.len() <= 4, "{text}");
        assert_eq!(serde_json::from_str::<Coefficient>(&text).unwrap().hundredths(), hundredths);
        assert_eq!(coefficient(hundredths).to_string().parse::<f64>(), text.parse::<f64>());
    }
    assert_eq!(serde_json::from_str::<Coefficient>("1").unwrap(), coefficient(100));
    assert_eq!(serde_json::to_string(&coefficient(30)).unwrap(), "0.3");
    assert_eq!(coefficient(5).to_string(), "0.05");
}

proptest! {
    #[test]
    fn an_objective_is_never_zero_and_never_below_its_minimum(
        viewers: u32, hundredths in 1u16..=1000, minimum in 0u32..=1000,
    ) {
        let objective = individual(viewers, coefficient(hundredths), minimum);
        prop_assert!(objective >= minimum.max(1));
    }

    #[test]
    fn an_objective_is_within_half_a_click_of_the_share(
        viewers in 0u32..=10_000_000, hundredths in 1u16..=1000,
    ) {
        let exact = i128::from(viewers) * i128::from(hundredths);
        let objective = individual(viewers, coefficient(hundredths), 1);
        prop_assume!(objective > 1);
        let difference = i128::from(objective) * 100 - exact;
        prop_assert!((-49..=50).contains(&difference));
    }

    #[test]
    fn a_recalculated_target_leaves_a_click_to_do(
        old in 0u32..=10_000_000, new in 0u32..=10_000_000, hundredths in 1u16..=1000,
        minimum in 1u32..=1000, current in 1u32..=1_000_000, progress in 0u32..=1_000_000,
    ) {
        let result = recalculated(old, new, coefficient(hundredths), minimum, current, progress);
        if let Some(target) = result {
            prop_assert!(target > progress);
            prop_assert!(target >= minimum);
            prop_assert_ne!(target, current);
        }
    }

    #[test]
    fn a_percentage_is_within_0_and_100_and_grows(progress: u32, target: u32) {
        let percent = percentage(progress, target);
        prop_assert!(percent <= 100);
        prop_assert!(percentage(progress.saturating_add(1), target) >= percent);
        if progress >= target {
            prop_assert_eq!(percent, 100);
        }
    }

    #[test]
    fn a_group_target_is_at_least_one_minimum_per_channel(
        viewers in proptest::collection::vec(0u32..=100_000, 1..20),
        hundredths in 1u16..=1000, minimum in 1u32..=1000,
    ) {
        let objective = group(&viewers, coefficient(hundredths), minimum);
        prop_assert_eq!(objective.local_objectives.len(), viewers.len());
        prop_assert_eq!(objective.local_objectives.iter().sum::<u32>(), objective.target);
        prop_assert!(objective.target as usize >= minimum as usize * viewers.len());
    }
}
