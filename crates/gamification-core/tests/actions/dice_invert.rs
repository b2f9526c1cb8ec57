use crate::rolls::{goal, one_die, pool, roll};
use crate::{NONE, assert_wrong, plan, report, steps, wrong_fields};
use gamification_core::criticality::CriticalKind::{Failure, Success};
use gamification_core::dice::{DecidingDie, DieResult, DieTerm};
use gamification_core::instance::ExecutionReport;
use gamification_core::vtt::CommandKind;
use serde_json::json;

#[test]
fn an_inversion_deletes_the_roll_and_rolls_it_again_with_the_die_forced() {
    let goal = goal(Some(one_die(20, 20, Success)));
    let expected = vec![
        (CommandKind::DeleteMessage, json!({ "messageId": "message-1" }), false),
        (
            CommandKind::RollDice,
            json!({
                "formula": "1d20 + 5",
                "forcedResult": 1,
                "flavor": "The viewers have turned the dice! Invert the dice, Hero 1: 20 → 1",
                "speaker": { "actorId": "actor-1" },
            }),
            true,
        ),
    ];
    assert_eq!(steps("dice_invert", &json!({}), &goal), expected);
}

#[test]
fn the_forced_face_is_the_opposite_of_the_critical() {
    let cases = [
        (one_die(20, 20, Success), false, 1),
        (one_die(20, 19, Success), false, 1),
        (one_die(20, 1, Failure), false, 20),
        (one_die(10, 10, Success), false, 1),
        (one_die(100, 1, Success), true, 100),
        (one_die(100, 100, Failure), true, 1),
    ];
    for (mut roll, roll_under, forced) in cases {
        roll.critical.roll_under = roll_under;
        let original = roll.critical.deciding_die.unwrap().value;
        let goal = goal(Some(roll));
        let planned = steps("dice_invert", &json!({ "deleteOriginal": false }), &goal);
        assert_eq!(planned[0].1["forcedResult"], json!(forced));
        let told = report("dice_invert", &json!({}), &goal, &[]);
        assert_eq!((told.original_value, told.inverted_value), (Some(original), Some(forced)));
        assert!(told.message.unwrap().ends_with(&format!("{original} → {forced}")));
    }
}

#[test]
fn with_advantage_only_the_kept_die_is_rolled_again() {
    let results = vec![DieResult::dropped(7), DieResult::kept(20)];
    let advantage = DieTerm { modifiers: "kh".to_owned(), ..DieTerm::plain(2, 20, results) };
    let deciding = DecidingDie { term: 0, result: 1, faces: 20, value: 20 };
    let goal = goal(Some(roll(vec![advantage.into()], 25, Success, Some(deciding))));
    let planned = steps("dice_invert", &json!({ "deleteOriginal": false }), &goal);
    assert_eq!(planned.len(), 1);
    assert_eq!(planned[0].1["formula"], json!("1d20 + 5"));
}

#[test]
fn the_flavour_is_text_that_comes_back_from_the_table_unchanged() {
    let mut roll = one_die(20, 20, Success);
    roll.character_name = "  <b>Tom</b>\n& \"Jerry\"  ".to_owned();
    roll.actor_id = None;
    let config = json!({ "trollMessage": " Don't  <look>", "deleteOriginal": false });
    let goal = goal(Some(roll));
    let (_, payload, _) = steps("dice_invert", &config, &goal).remove(0);
    let flavor =
        "Don't &lt;look&gt; Invert the dice, &lt;b&gt;Tom&lt;/b&gt; &amp; \"Jerry\": 20 → 1";
    assert_eq!(payload["flavor"], json!(flavor));
    assert_eq!(payload.get("speaker"), None);
    let told = report("dice_invert", &config, &goal, &[]).message.unwrap();
    assert_eq!(told, "Don't <look> Invert the dice, <b>Tom</b> & \"Jerry\": 20 → 1");
}

#[test]
fn a_roll_without_a_deciding_die_cannot_be_inverted() {
    let without_roll = plan("dice_invert", &json!({}), &goal(None)).unwrap_err();
    assert_eq!(without_roll.0, "there is no roll to invert");
    let of_pool = plan("dice_invert", &json!({}), &goal(Some(pool(&[6, 6], Success)))).unwrap_err();
    assert_eq!(of_pool.0, "no single die decided the roll");
    let unknown_faces = goal(Some(one_die(0, 3, Failure)));
    assert!(plan("dice_invert", &json!({}), &unknown_faces).is_err());
    assert_eq!(report("dice_invert", &json!({}), &goal(None), &[]), ExecutionReport::default());
}

#[test]
fn dice_invert_names_each_wrong_field() {
    assert_wrong(
        "dice_invert",
        vec![
            (json!({ "trollMessage": 1 }), "trollMessage"),
            (json!({ "trollMessage": "x".repeat(501) }), "trollMessage"),
            (json!({ "trollMessage": "a\nb" }), "trollMessage"),
            (json!({ "deleteOriginal": "no" }), "deleteOriginal"),
            (json!({ "troll": "x" }), "troll"),
        ],
    );
    let longest = json!({ "trollMessage": "é".repeat(500), "deleteOriginal": null });
    assert_eq!(wrong_fields("dice_invert", &longest), NONE);
}
