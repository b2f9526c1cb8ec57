use super::StoreUnderTest;
use super::support::{Game, cancelled, committed, executed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::ids::{RedemptionId, TwitchUserId};
use gamification_core::redemption::{
    Disposition, Redemption, RedemptionSource, RefusalReason, SettledBy,
};
use std::collections::BTreeSet;

async fn record(game: &Game, rows: &[Redemption]) -> Vec<RedemptionId> {
    committed!(game.store, |uow| uow.redemptions().record(rows).await.unwrap())
}

fn ids(rows: &[Redemption]) -> BTreeSet<RedemptionId> {
    rows.iter().map(|row| row.id.clone()).collect()
}

pub async fn a_redemption_comes_back_as_it_was_recorded(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.goal(1, 0);
    game.insert(&goal).await;
    let counted = fixtures::counted(1, &game.rewards[0], goal.id);
    let refused = Redemption {
        source: RedemptionSource::Poll,
        disposition: Disposition::Refused(RefusalReason::NotParticipating),
        viewer_name: "Žofie \u{1f3b2} <b>".to_owned(),
        redeemed_at: at(0),
        received_at: at(700),
        ..fixtures::refused(2, &game.chat_rewards[3])
    };
    for row in [counted, refused] {
        game.record(std::slice::from_ref(&row)).await;
        assert_eq!(game.queries.redemption(&row.id).await.unwrap().as_ref(), Some(&row));
        let locked = committed!(game.store, |uow| uow.redemptions().lock(&row.id).await.unwrap());
        assert_eq!(locked, Some(row));
    }
    assert_eq!(game.queries.redemption(&"unknown".into()).await.unwrap(), None);
}

pub async fn a_redemption_is_recorded_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.goal(1, 0);
    game.insert(&goal).await;
    let first: Vec<_> = (1..=3).map(|n| fixtures::counted(n, &game.rewards[0], goal.id)).collect();
    assert_eq!(record(&game, &first).await.into_iter().collect::<BTreeSet<_>>(), ids(&first));
    // The same clicks again, judged otherwise, with a new one among them.
    let again: Vec<_> = (2..=4).map(|n| fixtures::refused(n, &game.rewards[0])).collect();
    assert_eq!(record(&game, &again).await, [again[2].id.clone()]);
    assert_eq!(record(&game, &again).await, []);
    assert_eq!(game.queries.redemption(&first[1].id).await.unwrap().as_ref(), Some(&first[1]));
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!((ledger.total.received.count, ledger.total.received.points), (4, 4_000));
    assert_eq!(record(&game, &[]).await, []);
}

pub async fn a_redemption_that_comes_twice_in_one_batch_is_recorded_once(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let rows = [1, 2, 1, 1, 2].map(|n| fixtures::refused(n, &game.rewards[0]));
    let new = record(&game, &rows).await;
    assert_eq!(new.len(), 2);
    assert_eq!(new.into_iter().collect::<BTreeSet<_>>(), ids(&rows));
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!(ledger.total.received.count, 2);
    assert_eq!(ledger.imbalances, []);
}

pub async fn fifty_simultaneous_deliveries_are_recorded_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let answers = concurrently(50, |n| {
        let game = game.clone();
        // Every delivery brings the same twenty clicks, each in another order.
        let order = (0..20).map(|position| 1 + (position + n) % 20);
        let rows: Vec<_> = order.map(|n| fixtures::refused(n, &game.rewards[0])).collect();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let new = uow.redemptions().record(&rows).await?;
                uow.commit().await.map(|()| new)
            })
            .await
        }
    })
    .await;
    let new: Vec<RedemptionId> = answers.into_iter().flatten().collect();
    assert_eq!(new.len(), 20, "each is new for one delivery alone");
    assert_eq!(new.iter().collect::<BTreeSet<_>>().len(), 20);
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!((ledger.total.received.count, ledger.is_balanced()), (20, true));
}

pub async fn known_redemptions_are_told_from_new_ones(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let rows: Vec<_> = (1..=4).map(|n| fixtures::refused(n, &game.rewards[0])).collect();
    record(&game, &rows[..2]).await;
    let asked: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    let known = committed!(game.store, |uow| uow.redemptions().known(&asked).await.unwrap());
    assert_eq!(known.into_iter().collect::<BTreeSet<_>>(), ids(&rows[..2]));
    let none = committed!(game.store, |uow| uow.redemptions().known(&[]).await.unwrap());
    assert_eq!(none, []);
    let read = game.queries.known_redemptions(&asked).await.unwrap();
    assert_eq!(read.into_iter().collect::<BTreeSet<_>>(), ids(&rows[..2]));
    assert_eq!(game.queries.known_redemptions(&[]).await, Ok(vec![]));
}

/// A click of that viewer.
fn by(viewer: &str, row: Redemption) -> Redemption {
    Redemption { viewer_id: viewer.into(), ..row }
}

pub async fn clicks_of_viewers_are_counted_over_all_channels(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goals = [game.goal(1, 0), game.goal(2, 1), game.goal(3, 2), game.group_goal(4)];
    for goal in &goals {
        game.insert(goal).await;
    }
    let [one, two, given_back, group] = &goals;
    let rewards = &game.rewards;
    game.record(&[
        by("ann", fixtures::counted(1, &rewards[0], one.id)),
        by("ann", fixtures::counted(20, &rewards[0], one.id)),
        by("ann", fixtures::counted(21, &rewards[1], two.id)),
        by("ann", fixtures::refused(22, &rewards[0])),
        by("ann", fixtures::counted(23, &rewards[2], given_back.id)),
        by("ann", fixtures::counted(24, &game.chat_rewards[0], group.id)),
        by("ben", fixtures::counted(25, &rewards[1], two.id)),
        by("cat", fixtures::refused(26, &rewards[1])),
    ])
    .await;
    game.end(&cancelled(given_back.clone(), at(30)), at(30)).await;
    game.end(&executed(two.clone(), at(31)), at(31)).await;
    let viewers: [TwitchUserId; 4] = ["ann", "ben", "cat", "dan"].map(Into::into);
    let count = async |since| {
        let mut counts = committed!(game.store, |uow| {
            let redemptions = uow.redemptions();
            let (campaign, event) = (game.campaign.id, game.invert.id);
            redemptions.counted_by_viewers(campaign, event, &viewers, since).await.unwrap()
        });
        counts.sort();
        counts
    };
    assert_eq!(count(at(0)).await, [("ann".into(), 3), ("ben".into(), 1)]);
    assert_eq!(count(at(2)).await, [("ann".into(), 2), ("ben".into(), 1)]);
    assert_eq!(count(at(500)).await, []);
}

pub async fn unsettled_rows_of_a_reward_are_counted(under_test: &StoreUnderTest) {
    use gamification_core::ports::SettlementUpdate;
    use gamification_core::redemption::Direction;
    let game = Game::set_up(under_test).await;
    let goal = game.goal(1, 0);
    game.insert(&goal).await;
    let unsettled = async |index: usize| {
        let key = game.rewards[index].key;
        game.queries.unsettled_of_reward(key).await.unwrap()
    };
    assert_eq!(unsettled(0).await, 0);
    let rows = [
        fixtures::counted(1, &game.rewards[0], goal.id),
        fixtures::refused(2, &game.rewards[0]),
        fixtures::refused(3, &game.rewards[1]),
    ];
    game.record(&rows).await;
    assert_eq!([unsettled(0).await, unsettled(1).await], [2, 1]);
    let done = SettlementUpdate::Settled { direction: Direction::Refund, by: SettledBy::Us };
    committed!(game.store, |uow| {
        uow.redemptions().apply(&[(rows[1].id.clone(), done)], at(9)).await.unwrap()
    });
    assert_eq!([unsettled(0).await, unsettled(1).await], [1, 1]);
}
