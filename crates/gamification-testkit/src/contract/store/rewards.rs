use super::StoreUnderTest;
use super::support::{Game, begun, committed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::ids::RewardKey;
use gamification_core::ports::StoreError;
use gamification_core::reward::{PauseReason, Reward, RewardStatus};
use std::collections::BTreeSet;

async fn update(game: &Game, reward: &Reward) {
    committed!(game.store, |uow| uow.rewards().update(reward).await.unwrap());
}

async fn insert(game: &Game, reward: &Reward) -> bool {
    committed!(game.store, |uow| uow.rewards().insert(reward).await.unwrap())
}

async fn locked(game: &Game, key: RewardKey) -> Option<Reward> {
    committed!(game.store, |uow| uow.rewards().lock(key).await.unwrap())
}

/// The reward number `n` of the same opt-in as the first one.
fn successor(game: &Game, n: u32) -> Reward {
    fixtures::reward(n, &game.campaign, &game.invert, game.streamer(0))
}

fn retired(reward: &Reward, status: RewardStatus) -> Reward {
    Reward { status, retired_at: Some(at(50)), ..reward.clone() }
}

pub async fn a_reward_comes_back_as_it_was_stored(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let plain = &game.rewards[0];
    assert_eq!(locked(&game, plain.key).await.as_ref(), Some(plain));
    let orphaned = Reward {
        twitch_id: None,
        paused_because: Some(PauseReason::NotParticipating),
        changed_at: at(10),
        failed_attempts: 3,
        next_attempt_at: Some(at(4_000)),
        last_error: Some("Twitch refused: \"é\"".to_owned()),
        deletion_failed_at: Some(at(11)),
        empty_since: Some(at(12)),
        ..retired(plain, RewardStatus::Orphaned)
    };
    update(&game, &orphaned).await;
    assert_eq!(locked(&game, plain.key).await.as_ref(), Some(&orphaned));
    let listed = game.queries.rewards(game.campaign.id, game.streamer(0)).await.unwrap();
    assert!(listed.contains(&orphaned));
    assert_eq!(listed.len(), 2);
    assert_eq!(locked(&game, fixtures::id(1)).await, None);
}

pub async fn an_opt_in_has_one_live_reward(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (first, second) = (game.rewards[0].clone(), successor(&game, 21));
    for status in [RewardStatus::Creating, RewardStatus::Active, RewardStatus::Paused] {
        update(&game, &Reward { status, ..first.clone() }).await;
        assert!(!insert(&game, &second).await, "{status:?} is live");
        assert_eq!(locked(&game, second.key).await, None);
    }
    update(&game, &retired(&first, RewardStatus::Deleting)).await;
    assert!(insert(&game, &second).await);
    let live = committed!(game.store, |uow| {
        let (campaign, event) = (game.campaign.id, game.invert.id);
        uow.rewards().live(campaign, game.streamer(0), event).await.unwrap()
    });
    assert_eq!(live.as_ref(), Some(&second));
    update(&game, &retired(&second, RewardStatus::Orphaned)).await;
    let none = committed!(game.store, |uow| {
        let (campaign, event) = (game.campaign.id, game.invert.id);
        uow.rewards().live(campaign, game.streamer(0), event).await.unwrap()
    });
    assert_eq!(none, None);
}

pub async fn of_twenty_simultaneous_rewards_of_an_opt_in_one_is_inserted(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    update(&game, &retired(&game.rewards[0], RewardStatus::Deleted)).await;
    let answers = concurrently(20, |n| {
        let game = game.clone();
        async move {
            let reward = successor(&game, 30 + n);
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let inserted = uow.rewards().insert(&reward).await?;
                uow.commit().await.map(|()| inserted)
            })
            .await
        }
    })
    .await;
    assert_eq!(answers.into_iter().filter(|inserted| *inserted).count(), 1);
    let rewards = game.queries.rewards(game.campaign.id, game.streamer(0)).await.unwrap();
    assert_eq!(rewards.iter().filter(|r| r.event_id == game.invert.id).count(), 1);
}

pub async fn rewards_are_found_by_what_twitch_calls_them(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let gone = retired(&game.rewards[1], RewardStatus::Deleted);
    update(&game, &gone).await;
    let ids = ["reward-1", "unknown", "reward-2", "reward-1"].map(Into::into);
    let mut found = committed!(game.store, |uow| uow.rewards().by_twitch_ids(&ids).await.unwrap());
    found.sort_by_key(|reward| reward.key);
    assert_eq!(found, [game.rewards[0].clone(), gone]);
    let none = committed!(game.store, |uow| uow.rewards().by_twitch_ids(&[]).await.unwrap());
    assert_eq!(none, []);
}

pub async fn rewards_that_are_not_deleted_are_listed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let before = [RewardStatus::Deleted, RewardStatus::Deleting, RewardStatus::Orphaned];
    for (reward, status) in game.rewards.iter().zip(before) {
        update(&game, &retired(reward, status)).await;
    }
    let listed: BTreeSet<_> = game
        .queries
        .rewards_not_deleted()
        .await
        .unwrap()
        .into_iter()
        .map(|reward| reward.key)
        .collect();
    let all = game.rewards.iter().chain(&game.chat_rewards).map(|reward| reward.key);
    let expected: BTreeSet<_> = all.filter(|key| *key != game.rewards[0].key).collect();
    assert_eq!(listed, expected);
    let of_channel = game.queries.rewards(game.campaign.id, game.streamer(0)).await.unwrap();
    assert_eq!(of_channel, [game.chat_rewards[0].clone()]);
}

pub async fn channels_are_listed_while_a_reward_is_not_deleted(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let listed = async || {
        let mut users = game.queries.channels_with_rewards().await.unwrap();
        users.sort_by_key(|user| user.id);
        users
    };
    assert_eq!(listed().await, game.streamers, "each once, although it has two");
    for reward in [&game.rewards[0], &game.rewards[1], &game.chat_rewards[1]] {
        update(&game, &retired(reward, RewardStatus::Deleted)).await;
    }
    update(&game, &retired(&game.rewards[2], RewardStatus::Orphaned)).await;
    update(&game, &retired(&game.chat_rewards[2], RewardStatus::Deleted)).await;
    let expected = [0, 2, 3].map(|n: usize| game.streamers[n].clone());
    assert_eq!(listed().await, expected);
}

pub async fn changing_a_reward_that_is_not_there_is_contention(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut uow = begun(&game.store).await;
    let outcome = uow.rewards().update(&successor(&game, 40)).await;
    assert!(matches!(outcome, Err(StoreError::Contention(_))), "{outcome:?}");
}
