use super::StoreUnderTest;
use super::support::{Game, begun, committed};
use crate::contract::{bounded, concurrently};
use crate::fixtures::{self, at};
use gamification_core::ports::{Lock, UnitOfWork};

/// One write of every kind that a click makes.
async fn write_a_click(game: &Game, uow: &mut dyn UnitOfWork) {
    let goal = game.goal(1, 0);
    assert!(uow.instances().insert(&goal).await.unwrap());
    let row = fixtures::counted(1, &game.rewards[0], goal.id);
    assert_eq!(uow.redemptions().record(&[row]).await.unwrap().len(), 1);
    let roll = fixtures::dice_roll(1, &game.connection, game.streamer(0));
    assert!(uow.rolls().insert(&roll).await.unwrap());
    let command = fixtures::command(1, &goal, game.connection.id, 0);
    uow.commands().insert(&[command]).await.unwrap();
    let mut reward = game.rewards[0].clone();
    reward.failed_attempts = 7;
    uow.rewards().update(&reward).await.unwrap();
    uow.users().save(&fixtures::streamer(9)).await.unwrap();
    uow.access().audit(&fixtures::audit_entry(1, &game.campaign)).await.unwrap();
    uow.log().append(game.campaign.id, &[fixtures::fact(1)], at(0)).await.unwrap();
}

async fn assert_no_click(game: &Game) {
    let queries = &game.queries;
    let row = fixtures::refused(1, &game.rewards[0]);
    assert_eq!(queries.instance(game.goal(1, 0).id).await.unwrap(), None);
    assert_eq!(queries.redemption(&row.id).await.unwrap(), None);
    let roll = fixtures::dice_roll(1, &game.connection, game.streamer(0));
    assert_eq!(queries.roll(roll.id).await.unwrap(), None);
    assert_eq!(queries.commands(game.goal(1, 0).id).await.unwrap(), []);
    let rewards = queries.rewards(game.campaign.id, game.streamer(0)).await.unwrap();
    assert!(rewards.iter().all(|reward| reward.failed_attempts == 0));
    assert_eq!(queries.user(fixtures::streamer(9).id).await.unwrap(), None);
    let request = super::support::first(10);
    assert_eq!(queries.audit(game.campaign.id, request).await.unwrap().items, []);
    assert_eq!(queries.events_after(game.campaign.id, 0, 10).await.unwrap(), []);
    let ledger = queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!((ledger.total.received.count, ledger.is_balanced()), (0, true));
}

pub async fn what_was_not_committed_never_was(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut uow = begun(&game.store).await;
    write_a_click(&game, &mut *uow).await;
    drop(uow);
    bounded(assert_no_click(&game)).await;
    let mut uow = begun(&game.store).await;
    assert_eq!(uow.instances().lock(game.goal(1, 0).id).await.unwrap(), None);
    write_a_click(&game, &mut *uow).await;
}

pub async fn what_is_not_committed_is_not_seen(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut uow = begun(&game.store).await;
    write_a_click(&game, &mut *uow).await;
    bounded(assert_no_click(&game)).await;
    bounded(uow.commit()).await.unwrap();
    assert_eq!(game.stored(game.goal(1, 0).id).await, game.goal(1, 0));
}

pub async fn what_was_committed_is_seen_by_every_later_transaction(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    for n in 1..=20 {
        let user = fixtures::streamer(100 + n);
        committed!(game.store, |uow| uow.users().save(&user).await.unwrap());
        assert_eq!(bounded(game.queries.user(user.id)).await.unwrap().as_ref(), Some(&user));
        let known = committed!(game.store, |uow| uow.users().get(user.id).await.unwrap());
        assert_eq!(known, Some(user));
    }
}

pub async fn a_transaction_that_was_dropped_does_not_block_the_next(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    concurrently(30, |n| {
        let game = game.clone();
        async move {
            let mut uow = begun(&game.store).await;
            let locked = uow.campaigns().get(game.campaign.id, Lock::Exclusive);
            let mut campaign = bounded(locked).await.unwrap().unwrap();
            campaign.name = format!("Named by {n}");
            uow.campaigns().update(&campaign).await.unwrap();
            if n % 2 == 0 {
                uow.commit().await.unwrap();
            }
        }
    })
    .await;
    let name = game.queries.campaign(game.campaign.id).await.unwrap().unwrap().name;
    let number: u32 = name.trim_start_matches("Named by ").parse().unwrap();
    assert_eq!(number % 2, 0, "{name} was not committed");
}

pub async fn a_transaction_sees_its_own_writes(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut uow = begun(&game.store).await;
    write_a_click(&game, &mut *uow).await;
    let goal = game.goal(1, 0);
    let open = uow.instances().lock_open(goal.campaign_id, goal.event_id, goal.scope);
    assert_eq!(open.await.unwrap(), Some(goal.clone()));
    let row = fixtures::counted(1, &game.rewards[0], goal.id);
    assert_eq!(uow.redemptions().lock(&row.id).await.unwrap(), Some(row));
    assert_eq!(uow.commands().of_instance(goal.id).await.unwrap().len(), 1);
    assert_eq!(
        uow.users().get(fixtures::streamer(9).id).await.unwrap().map(|u| u.id),
        Some(fixtures::streamer(9).id)
    );
}
