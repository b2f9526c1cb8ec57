use super::StoreUnderTest;
use super::support::{DONE, Game, apply, cancelled, claim, executed};
use crate::fixtures::{self, NOW, at};
use gamification_core::ids::StreamerId;
use gamification_core::instance::Instance;
use gamification_core::redemption::Redemption;
use gamification_core::stats::{CampaignStats, DAYS, GoalCounts};
use gamification_core::time::Timestamp;

const DAY_SECONDS: u32 = 86_400;

async fn stats(game: &Game, now: Timestamp) -> CampaignStats {
    game.queries.stats(game.campaign.id, now).await.unwrap()
}

pub async fn a_campaign_without_goals_has_empty_statistics(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let stats = stats(&game, NOW).await;
    assert_eq!(stats.goals, GoalCounts::default());
    assert_eq!((stats.top_contributors, stats.fill_times), (vec![], vec![]));
    assert_eq!(stats.days.len(), DAYS as usize);
    assert!(stats.days.iter().all(|day| (day.received, day.fulfilled, day.refunded) == (0, 0, 0)));
}

pub async fn goals_are_counted_by_where_they_stand(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let ended = [executed(game.goal(1, 0), at(9)), cancelled(game.goal(2, 0), at(9))];
    let open = [fixtures::armed_goal(game.goal(3, 0)), fixtures::executing_goal(game.goal(4, 1))];
    for goal in ended.iter().chain(&open).chain([&game.goal(5, 2)]) {
        game.insert(goal).await;
    }
    let expected = GoalCounts {
        active: 1,
        armed: 1,
        executing: 1,
        executed: 1,
        cancelled: 1,
        ..Default::default()
    };
    assert_eq!(stats(&game, NOW).await.goals, expected);
    let elsewhere = game.queries.stats(fixtures::campaign(2).id, NOW).await.unwrap();
    assert_eq!(elsewhere.goals, GoalCounts::default());
}

pub async fn who_gave_most_is_told_without_what_was_given_back(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (first, second) = (game.goal(1, 0), game.goal(2, 1));
    for goal in [&first, &second] {
        game.insert(goal).await;
    }
    let of = |n: u32, viewer: u32, reward: usize| Redemption {
        viewer_id: format!("viewer-{viewer}").into(),
        viewer_name: format!("Viewer{viewer}"),
        ..fixtures::counted(n, &game.rewards[reward], [&first, &second][reward].id)
    };
    let refused = fixtures::refused(20, &game.rewards[0]);
    let rows = [of(1, 7, 0), of(2, 8, 0), of(3, 8, 1), of(4, 9, 1), of(5, 9, 1), refused];
    game.record(&rows).await;
    let cost = u64::from(game.rewards[0].spec.cost.get());
    let told = stats(&game, NOW).await.top_contributors;
    let told: Vec<_> = told.iter().map(|c| (c.viewer_name.as_str(), c.clicks, c.points)).collect();
    assert_eq!(told, [("Viewer8", 2, 2 * cost), ("Viewer9", 2, 2 * cost), ("Viewer7", 1, cost)]);

    game.end(&cancelled(second.clone(), at(30)), at(30)).await;
    let told = stats(&game, NOW).await.top_contributors;
    let told: Vec<_> = told.iter().map(|c| (c.viewer_name.as_str(), c.clicks)).collect();
    assert_eq!(told, [("Viewer7", 1), ("Viewer8", 1)]);

    let many: Vec<_> = (30..45).map(|n| of(n, n, 0)).collect();
    game.record(&many).await;
    assert_eq!(stats(&game, NOW).await.top_contributors.len(), 10);
}

pub async fn a_goal_filled_with_its_last_click(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let clicked = async |goal: &Instance, seconds: [u32; 2]| {
        game.insert(goal).await;
        let reward = &game.rewards[goal_streamer(&game, goal.participants[0].streamer_id)];
        game.record(&seconds.map(|n| fixtures::counted(n, reward, goal.id))).await;
    };
    // Goal n opens n seconds after the evening began, and redemption n comes then too.
    clicked(&executed(game.goal(1, 0), at(500)), [11, 21]).await;
    clicked(&fixtures::armed_goal(game.goal(2, 1)), [12, 52]).await;
    clicked(&game.goal(3, 2), [13, 23]).await;
    let times = stats(&game, NOW).await.fill_times;
    assert_eq!(times.len(), 1, "a goal that collects clicks did not fill: {times:?}");
    let time = &times[0];
    assert_eq!((time.event_id, time.slug.as_str()), (game.invert.id, "test-invert"));
    assert_eq!((time.count, time.fastest_seconds, time.median_seconds), (2, 20, 35));
}

fn goal_streamer(game: &Game, streamer: StreamerId) -> usize {
    (0..game.streamers.len()).find(|index| game.streamer(*index) == streamer).unwrap()
}

pub async fn points_are_told_for_the_day_on_which_something_became_of_them(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let refused = [fixtures::refused(1, &game.rewards[0]), fixtures::refused(2, &game.rewards[0])];
    game.record(&refused).await;
    let tomorrow = at(DAY_SECONDS);
    let due = claim(&game, tomorrow, 10).await;
    assert_eq!(due.len(), 2);
    apply(&game, &[&due[0]], &DONE, tomorrow).await;
    let cost = u64::from(game.rewards[0].spec.cost.get());
    let days = stats(&game, tomorrow).await.days;
    let [.., today, next] = days.as_slice() else { panic!("thirty days") };
    assert_eq!((today.received, today.fulfilled, today.refunded), (2 * cost, 0, 0));
    assert_eq!((next.received, next.fulfilled, next.refunded), (0, 0, cost));
    let later = stats(&game, at(DAYS * DAY_SECONDS)).await.days;
    assert_eq!((later[0].received, later[0].refunded), (0, cost), "the first day is not told");
}
