use super::{Seat, play};
use crate::evening::Evening;
use gamification_core::access::Actor;
use gamification_core::campaign::User;
use gamification_testkit::fixtures;

#[tokio::test]
async fn a_goal_is_listed_with_what_came_of_it() {
    let evening = Evening::new().await;
    let goal = play(&evening).await;
    let gm = Seat::gm(&evening).await;
    let list = gm.page("history").await;
    assert!(list.contains(&format!("/history/{goal}")), "{list}");
    assert!(list.contains("6 of 6 clicks") && list.contains("1,800 points spent"), "{list}");
    assert!(gm.page("history?status=cancelled").await.contains("There are no such goals."));
    let streamer = format!("history?streamer={}", evening.streamers[1].id);
    assert!(gm.page(&streamer).await.contains(&goal));
    let event = format!("history?event={}", evening.invert.id);
    assert!(!gm.page(&event).await.contains(&goal));
    assert!(gm.page("history?search=nothing-like-it").await.contains("There are no such goals."));
    let slug = format!("history?search={}", evening.chat.slug.to_uppercase());
    assert!(gm.page(&slug).await.contains(&goal));
    let long = format!("history?search={}", "a".repeat(101));
    assert_eq!(gm.get(&long).await.status.as_u16(), 400);
}

#[tokio::test]
async fn a_goals_page_shows_its_channels_points_and_commands() {
    let evening = Evening::new().await;
    let goal = play(&evening).await;
    let gm = Seat::gm(&evening).await;
    let page = gm.page(&format!("history/{goal}")).await;
    for expected in ["Write into the chat", "1,800 points", "<bdi>Streamer2</bdi>", "first click"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let elsewhere = format!("history/{}", fixtures::id::<uuid::Uuid>(4_711));
    assert_eq!(gm.get(&elsewhere).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_goals_page_says_when_an_effect_cannot_be_taken_back() {
    let evening = Evening::new().await;
    let goal = play(&evening).await;
    let gm = Seat::gm(&evening).await;
    let path = format!("history/{goal}");
    let page = gm.page(&path).await;
    let (_, rest) = page.split_once("name=\"commandId\" value=\"").expect("a button");
    let (id, _) = rest.split_once('"').unwrap();
    let reply = gm.post(&path, &[("commandId", id)]).await;
    // The published module did it, which takes no message back: the page says so.
    assert_eq!(reply.status.as_u16(), 409, "{}", reply.text);
    assert!(reply.text.contains("This cannot be undone."), "{}", reply.text);
    let wrong = gm.post(&path, &[("commandId", "all of them")]).await;
    assert_eq!(wrong.status.as_u16(), 400, "{}", wrong.text);
}

#[tokio::test]
async fn the_file_for_spreadsheets_holds_no_formula() {
    let evening = Evening::new().await;
    let name = "=HYPERLINK(\"http://evil.example\",\"a\nb\")".to_owned();
    let hostile = User { display_name: name.clone(), ..evening.streamers[0].clone() };
    evening.world.save_user(&hostile).await;
    let goal = evening.reach_group_goal().await;
    let actor = Actor::User { user_id: fixtures::gm().id };
    let note = Some("@SUM(1+1)*cmd|' /C calc'!A0".to_owned());
    evening.core().cancel_goal(&actor, goal.id, note).await.unwrap();
    evening.settle().await;
    let reply = Seat::gm(&evening).await.get("history.csv").await;
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"history.csv\""));
    let text = reply.text.strip_prefix('\u{feff}').expect("a byte order mark");
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("\"Began\",\"Ended\",\"Event\",\"Channels\""), "{text}");
    let cell = format!(",\"'{}, Streamer2\",", name.replace('"', "\"\""));
    assert!(lines[1].contains(&cell), "{text}");
    assert!(lines[1].contains(",\"6\",\"6\",") && lines[1].contains(",\"1800\","), "{text}");
    assert!(lines[1].ends_with(&format!("\"{}\"", goal.id)), "{text}");
    // The note is not at the beginning of its cell: there it calculates nothing.
    assert!(lines[1].contains("@SUM(1+1)") && !lines[1].contains("\"@SUM"), "{text}");
}
