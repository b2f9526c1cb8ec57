use super::StoreUnderTest;
use super::support::{Game, committed, first, retried};
use crate::contract::concurrently;
use crate::fixtures;
use gamification_core::ports::RollFilter;
use gamification_core::vtt::{Attribution, DiceRoll};

async fn insert(game: &Game, roll: &DiceRoll) -> bool {
    committed!(game.store, |uow| uow.rolls().insert(roll).await.unwrap())
}

pub async fn a_roll_comes_back_as_it_was_seen(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let critical = fixtures::dice_roll(1, &game.connection, game.streamer(0));
    let nameless =
        DiceRoll { actor_id: None, is_hidden: true, ..fixtures::plain_roll(2, &game.connection) };
    for roll in [critical, nameless] {
        assert!(insert(&game, &roll).await);
        assert_eq!(game.queries.roll(roll.id).await.unwrap().as_ref(), Some(&roll));
        let locked = committed!(game.store, |uow| uow.rolls().lock(roll.id).await.unwrap());
        assert_eq!(locked, Some(roll));
    }
    assert_eq!(game.queries.roll(fixtures::id(1)).await.unwrap(), None);
}

pub async fn a_roll_of_a_message_is_seen_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let roll = fixtures::plain_roll(1, &game.connection);
    let again = DiceRoll { id: fixtures::id(4_900), result: 3, ..roll.clone() };
    let next = DiceRoll { id: fixtures::id(4_901), index: 1, ..roll.clone() };
    assert!(insert(&game, &roll).await);
    assert!(!insert(&game, &again).await);
    assert!(insert(&game, &next).await);
    assert_eq!(game.queries.roll(again.id).await.unwrap(), None);
    assert_eq!(game.queries.roll(roll.id).await.unwrap(), Some(roll));
}

pub async fn of_twenty_simultaneous_reports_of_a_roll_one_is_new(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let answers = concurrently(20, |n| {
        let game = game.clone();
        async move {
            let roll = fixtures::plain_roll(1, &game.connection);
            let roll = DiceRoll { id: fixtures::id(4_500 + n), ..roll };
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let is_new = uow.rolls().insert(&roll).await?;
                uow.commit().await.map(|()| is_new)
            })
            .await
        }
    })
    .await;
    assert_eq!(answers.into_iter().filter(|is_new| *is_new).count(), 1);
}

pub async fn an_attributed_roll_comes_back_changed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let streamer_id = game.streamer(0);
    let pending = DiceRoll {
        attribution: Attribution::Pending,
        ..fixtures::dice_roll(1, &game.connection, streamer_id)
    };
    insert(&game, &pending).await;
    let known = DiceRoll { attribution: Attribution::Streamer { streamer_id }, ..pending };
    committed!(game.store, |uow| uow.rolls().update(&known).await.unwrap());
    assert_eq!(game.queries.roll(known.id).await.unwrap(), Some(known));
}

pub async fn rolls_are_filtered(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let roll = |n, attribution, is_hidden| DiceRoll {
        attribution,
        is_hidden,
        ..fixtures::plain_roll(n, &game.connection)
    };
    let rolls = [
        roll(1, Attribution::Nobody, false),
        roll(2, Attribution::Pending, false),
        roll(3, Attribution::Pending, true),
        roll(4, Attribution::Streamer { streamer_id: game.streamer(0) }, true),
    ];
    for roll in &rolls {
        insert(&game, roll).await;
    }
    for (pending, only_public, expected) in [
        (None, false, vec![4, 3, 2, 1]),
        (Some(true), false, vec![3, 2]),
        (Some(false), false, vec![4, 1]),
        (None, true, vec![2, 1]),
        (Some(true), true, vec![2]),
    ] {
        let filter = RollFilter { pending, only_public };
        let page = game.queries.rolls(game.campaign.id, filter, first(10)).await.unwrap();
        let found: Vec<_> = page.items.into_iter().map(|roll| roll.id).collect();
        let expected: Vec<_> = expected.into_iter().map(|n: usize| rolls[n - 1].id).collect();
        assert_eq!((found, page.next_cursor), (expected, None));
    }
}
