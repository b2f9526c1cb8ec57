use super::StoreUnderTest;
use super::support::{Game, begun, cancelled, clicked, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::ids::InstanceId;
use gamification_core::instance::{Click, Instance};
use gamification_core::ports::{Lock, StoreError, UnitOfWork};

pub async fn of_twenty_simultaneous_goals_one_opens_and_the_others_find_it(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    for (round, scope_of) in [(0, 0_usize), (1, 1), (2, 2)] {
        let answers = concurrently(20, |n| {
            let game = game.clone();
            async move { retried(|| open_or_find(&game, 100 * round + n, scope_of)).await }
        })
        .await;
        assert_eq!(answers.iter().filter(|(opened, _)| *opened).count(), 1);
        let winner = answers.iter().find(|(opened, _)| *opened).unwrap().1;
        assert!(answers.iter().all(|(_, found)| *found == winner));
    }
    assert_eq!(game.queries.open_instances(game.campaign.id).await.unwrap().len(), 3);
}

/// Whether the goal was opened, and the key of the one that is open then.
async fn open_or_find(
    game: &Game,
    n: u32,
    streamer: usize,
) -> Result<(bool, InstanceId), StoreError> {
    let goal = game.goal(n, streamer);
    let mut uow = game.store.begin().await?;
    let opened = uow.instances().insert(&goal).await?;
    let open = uow.instances().lock_open(goal.campaign_id, goal.event_id, goal.scope).await?;
    uow.commit().await?;
    Ok((opened, open.expect("who loses finds the winner").id))
}

/// Counts one click on a goal that was locked.
async fn count(mut uow: Box<dyn UnitOfWork>, goal: Option<Instance>) -> Result<(), StoreError> {
    let goal = goal.expect("the goal is open");
    let click = Click { streamer_id: goal.participants[0].streamer_id, viewer_name: "viewer" };
    let now = goal.started_at;
    let goal = goal.contribute(click, now).unwrap().instance;
    uow.instances().update(&goal).await?;
    uow.commit().await
}

async fn fifty_clicks(game: &Game, by_key: bool) {
    let goal = fixtures::goal_with_target(1, &game.campaign, &game.invert, &game.streamers[0], 100);
    game.insert(&goal).await;
    concurrently(50, |_| {
        let (game, goal) = (game.clone(), goal.clone());
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let instances = uow.instances();
                let locked = if by_key {
                    instances.lock(goal.id).await?
                } else {
                    instances.lock_open(goal.campaign_id, goal.event_id, goal.scope).await?
                };
                count(uow, locked).await
            })
            .await;
        }
    })
    .await;
    assert_eq!(game.stored(goal.id).await, clicked(goal, game.streamer(0), 50));
}

pub async fn fifty_simultaneous_clicks_on_one_scope_all_count(under_test: &StoreUnderTest) {
    fifty_clicks(&Game::set_up(under_test).await, false).await;
}

pub async fn fifty_simultaneous_clicks_on_one_goal_all_count(under_test: &StoreUnderTest) {
    fifty_clicks(&Game::set_up(under_test).await, true).await;
}

pub async fn a_trigger_that_fires_twenty_times_at_once_fires_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let answers = concurrently(20, |_| {
        let game = game.clone();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let (campaign, event) = (game.campaign.id, game.invert.id);
                let is_new = uow.instances().claim_trigger(campaign, event, "poll", at(1)).await?;
                uow.commit().await.map(|()| is_new)
            })
            .await
        }
    })
    .await;
    assert_eq!(answers.into_iter().filter(|is_new| *is_new).count(), 1);
}

/// Opens a goal if its event is enabled, as every opening does.
async fn open_if_enabled(game: &Game, n: u32, streamer: usize) -> Result<(), StoreError> {
    let goal = game.goal(n, streamer);
    let mut uow = game.store.begin().await?;
    let config =
        uow.configs().campaign_config(goal.campaign_id, goal.event_id, Lock::Shared).await?;
    if config.is_some_and(|config| config.is_enabled) {
        uow.instances().insert(&goal).await?;
    }
    uow.commit().await
}

/// Switches the event off, which cancels its open goals, or on.
async fn set_enabled(game: &Game, is_enabled: bool) -> Result<(), StoreError> {
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let mut uow = game.store.begin().await?;
    let config = uow.configs().campaign_config(campaign, event, Lock::Exclusive).await?;
    let mut config = config.expect("the setting is there");
    config.is_enabled = is_enabled;
    uow.configs().save_campaign_config(&config).await?;
    if !is_enabled {
        for goal in uow.instances().lock_all_open(campaign, Some(event)).await? {
            uow.instances().update(&cancelled(goal, at(500))).await?;
        }
    }
    uow.commit().await
}

pub async fn no_goal_stays_open_when_its_event_is_disabled_meanwhile(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    for round in 0..15 {
        retried(|| set_enabled(&game, true)).await;
        concurrently(5, |n| {
            let game = game.clone();
            async move {
                match n {
                    2 => retried(|| set_enabled(&game, false)).await,
                    _ => {
                        let streamer = [0, 1, 2, 2, 3][n as usize];
                        retried(|| open_if_enabled(&game, 10 * round + n, streamer)).await;
                    }
                }
            }
        })
        .await;
        let open = game.queries.open_instances(game.campaign.id).await.unwrap();
        assert_eq!(open, [], "round {round}");
    }
}

pub async fn simultaneous_changes_of_a_campaign_all_count(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    concurrently(30, |_| {
        let game = game.clone();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let campaign = uow.campaigns().get(game.campaign.id, Lock::Exclusive).await?;
                let mut campaign = campaign.expect("the campaign is there");
                campaign.name.push('+');
                uow.campaigns().update(&campaign).await?;
                uow.commit().await
            })
            .await;
        }
    })
    .await;
    let campaign = game.queries.campaign(game.campaign.id).await.unwrap().unwrap();
    assert_eq!(campaign.name.matches('+').count(), 30);
}

pub async fn simultaneous_changes_of_a_setting_all_count(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    concurrently(30, |_| {
        let game = game.clone();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let config =
                    uow.configs().campaign_config(campaign, event, Lock::Exclusive).await?;
                let mut config = config.expect("the setting is there");
                config.max_contributions_per_viewer += 1;
                uow.configs().save_campaign_config(&config).await?;
                uow.commit().await
            })
            .await;
        }
    })
    .await;
    let mut uow = begun(&game.store).await;
    let config = uow.configs().campaign_config(campaign, event, Lock::None).await.unwrap();
    assert_eq!(config.unwrap().max_contributions_per_viewer, 30);
}
