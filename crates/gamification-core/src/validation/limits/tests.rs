#![allow(clippy::unwrap_used)]

use super::*;

type Check = fn(&str, i64) -> Result<u32, FieldError>;

#[test]
fn each_number_has_inclusive_limits_and_its_field_is_named() {
    let points: Check = |field, value| cost(field, value).map(Cost::get);
    let checks: [(&str, Check, i64, i64); 7] = [
        ("cost", points, 1, 1_000_000),
        ("minimumObjective", minimum_objective, 1, 1000),
        ("duration", duration_seconds, 10, 3600),
        ("cooldown", cooldown_seconds, 0, 86_400),
        ("armedTtlSeconds", armed_ttl_seconds, 60, 86_400),
        ("maxContributionsPerViewer", contributions_per_viewer, 0, 100),
        ("viewerCount", viewers, 0, 10_000_000),
    ];
    for (field, check, min, max) in checks {
        for value in [min, max] {
            assert_eq!(check(field, value), Ok(u32::try_from(value).unwrap()), "{field}");
        }
        for value in [min - 1, max + 1, i64::MIN, i64::MAX, i64::from(u32::MAX) + 1 + min] {
            let reason = format!("must be between {min} and {max}");
            assert_eq!(check(field, value), Err(FieldError::new(field, reason)), "{value}");
        }
    }
}

#[test]
fn a_coefficient_has_two_decimal_places() {
    let hundredths =
        |share| coefficient("objectiveCoefficient", share).map(Coefficient::hundredths);
    assert_eq!([hundredths(0.01), hundredths(0.3), hundredths(10.0)], [Ok(1), Ok(30), Ok(1000)]);
    for (share, reason) in [
        (0.0, "must be between 0.01 and 10"),
        (-0.3, "must be between 0.01 and 10"),
        (10.01, "must be between 0.01 and 10"),
        (0.305, "must have at most two decimal places"),
        (f64::NAN, "must have at most two decimal places"),
        (f64::INFINITY, "must have at most two decimal places"),
    ] {
        let error = FieldError::new("objectiveCoefficient", reason);
        assert_eq!(hundredths(share), Err(error), "{share}");
    }
}

#[test]
fn a_slug_is_short_lower_case_and_plain() {
    for good in ["abc", "dice-invert", "a1-", &"a".repeat(50)] {
        assert_eq!(slug("slug", good), Ok(()), "{good}");
    }
    for bad in ["", "ab", &"a".repeat(51), "Abc", "a_b", "a b", "abé", "abc\n"] {
        assert_eq!(slug("slug", bad).unwrap_err().field, "slug", "{bad}");
    }
}

#[test]
fn texts_are_counted_in_characters_and_trimmed() {
    assert_eq!(name("name", "  Éà! \n"), Ok("Éà!".to_owned()));
    assert_eq!(name("name", &"é".repeat(45)), Ok("é".repeat(45)));
    assert_eq!(
        name("name", &"é".repeat(46)),
        Err(FieldError::new("name", "must have 3 to 45 characters"))
    );
    assert!(name("name", "  ab  ").is_err());
    assert_eq!(
        name("name", "a\u{7}bc"),
        Err(FieldError::new("name", "must not contain control characters"))
    );
    assert_eq!(description("description", " "), Ok(String::new()));
    assert_eq!(
        description("description", &"x".repeat(201)),
        Err(FieldError::new("description", "must have at most 200 characters"))
    );
}

#[test]
fn a_colour_has_six_digits() {
    assert_eq!(colour("rewardColor", "#9146fF"), Ok(Colour("#9146fF".to_owned())));
    for bad in ["", "9146FF", "#9146F", "#9146FFF", "#9146FG", "red", "#é1é1é"] {
        assert_eq!(colour("rewardColor", bad).unwrap_err().field, "rewardColor", "{bad}");
    }
}
