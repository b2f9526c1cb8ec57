//! Rules tested with mocked ports only: what embedders do in their own unit tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gamification_core::action::ActionRegistry;
use gamification_core::ids::RedemptionId;
use gamification_core::ports::{
    MockAudience, MockChatNotices, MockClock, MockEventBroadcaster, MockIdGenerator,
    MockPendingExecutions, MockQueries, MockRandom, MockRedemptionRepository, MockRewardRepository,
    MockStore, MockTwitchRewards, MockUnitOfWork, MockUserRepository, MockVttCommands,
    SettlementUpdate, StoreError, UnitOfWork,
};
use gamification_core::redemption::{Direction, Redemption, SettleOutcome, SettledBy};
use gamification_core::service::{Gamification, Ports, ServiceError};
use gamification_core::trigger::TriggerRegistry;
use gamification_testkit::fixtures::{NOW, campaign, id, invert_event, refused, reward, streamer};
use std::sync::{Arc, Mutex};

/// What happened, in order, across all mocks.
type Diary = Arc<Mutex<Vec<&'static str>>>;

fn write(diary: &Diary, entry: &'static str) {
    diary.lock().unwrap().push(entry);
}

fn due_row() -> Redemption {
    let reward = reward(1, &campaign(1), &invert_event(), id(1));
    refused(1, &reward)
}

fn service(store: MockStore, rewards: MockTwitchRewards) -> Gamification {
    let mut clock = MockClock::new();
    clock.expect_now().return_const(NOW);
    let mut queries = MockQueries::new();
    queries.expect_is_settlement_due().returning(|_| Ok(true));
    Gamification::new(
        Ports {
            clock: Arc::new(clock),
            ids: Arc::new(MockIdGenerator::new()),
            random: Arc::new(MockRandom::new()),
            store: Arc::new(store),
            queries: Arc::new(queries),
            rewards: Arc::new(rewards),
            audience: Arc::new(MockAudience::new()),
            chat: Arc::new(MockChatNotices::new()),
            vtt: Arc::new(MockVttCommands::new()),
            pending: Arc::new(MockPendingExecutions::new()),
            broadcaster: Arc::new(MockEventBroadcaster::new()),
        },
        TriggerRegistry::default(),
        ActionRegistry::default(),
    )
}

fn claiming(diary: &Diary) -> Box<dyn UnitOfWork> {
    let mut redemptions = MockRedemptionRepository::new();
    redemptions.expect_claim_due().once().returning(|_, _, _| Ok(vec![due_row()]));
    let mut rewards = MockRewardRepository::new();
    rewards.expect_lock().returning(|_| Ok(Some(reward(1, &campaign(1), &invert_event(), id(1)))));
    let mut users = MockUserRepository::new();
    users.expect_get().returning(|_| Ok(Some(streamer(1))));
    let mut uow = MockUnitOfWork::new();
    uow.expect_redemptions().return_var(Box::new(redemptions));
    uow.expect_rewards().return_var(Box::new(rewards));
    uow.expect_users().return_var(Box::new(users));
    let diary = diary.clone();
    uow.expect_commit().once().returning(move || {
        write(&diary, "claim committed");
        Ok(())
    });
    Box::new(uow)
}

fn writing(diary: &Diary, expected: SettlementUpdate) -> Box<dyn UnitOfWork> {
    let mut redemptions = MockRedemptionRepository::new();
    redemptions.expect_apply().once().returning(move |outcomes, _| {
        assert_eq!(outcomes, [(due_row().id, expected.clone())]);
        Ok(vec![due_row().id])
    });
    let mut uow = MockUnitOfWork::new();
    uow.expect_redemptions().return_var(Box::new(redemptions));
    let diary = diary.clone();
    uow.expect_commit().once().returning(move || {
        write(&diary, "outcome committed");
        Ok(())
    });
    Box::new(uow)
}

fn two_transactions(diary: &Diary, expected: SettlementUpdate) -> MockStore {
    let diary = diary.clone();
    let begun = Mutex::new(0);
    let mut store = MockStore::new();
    store.expect_begin().times(2).returning(move || {
        let mut begun = begun.lock().unwrap();
        *begun += 1;
        Ok(if *begun == 1 { claiming(&diary) } else { writing(&diary, expected.clone()) })
    });
    store
}

fn twitch(diary: &Diary, outcome: SettleOutcome) -> MockTwitchRewards {
    let diary = diary.clone();
    let mut rewards = MockTwitchRewards::new();
    rewards.expect_settle().once().returning(move |_, _, ids: &[RedemptionId], direction| {
        assert_eq!(direction, Direction::Refund);
        write(&diary, "Twitch called");
        vec![(ids[0].clone(), outcome.clone())]
    });
    rewards
}

#[tokio::test]
async fn twitch_is_called_between_two_transactions_and_never_inside_one() {
    let diary = Diary::default();
    let settled = SettlementUpdate::Settled { direction: Direction::Refund, by: SettledBy::Us };
    let service = service(two_transactions(&diary, settled), twitch(&diary, SettleOutcome::Done));
    assert_eq!(service.settle_due().await, Ok(1));
    assert_eq!(*diary.lock().unwrap(), ["claim committed", "Twitch called", "outcome committed"]);
}

#[tokio::test]
async fn what_twitch_holds_is_recorded_even_when_it_is_the_opposite() {
    let diary = Diary::default();
    let by_moderator =
        SettlementUpdate::Settled { direction: Direction::Fulfil, by: SettledBy::External };
    let service = service(
        two_transactions(&diary, by_moderator),
        twitch(&diary, SettleOutcome::AlreadyDone(Direction::Fulfil)),
    );
    assert_eq!(service.settle_due().await, Ok(1));
}

#[tokio::test]
async fn a_refusal_for_now_waits_as_long_as_twitch_says() {
    let diary = Diary::default();
    let later = SettlementUpdate::Postponed {
        next_attempt_at: NOW.plus_seconds(17),
        error: "rate limit".to_owned(),
    };
    let retry = SettleOutcome::Retry { after_seconds: Some(17), reason: "rate limit".to_owned() };
    let service = service(two_transactions(&diary, later), twitch(&diary, retry));
    assert_eq!(service.settle_due().await, Ok(1));
}

#[tokio::test]
async fn a_contended_store_is_tried_three_times_and_then_told() {
    let mut store = MockStore::new();
    let contended = || StoreError::Contention("another writer".to_owned());
    store.expect_begin().times(3).returning(move || Err(contended()));
    let outcome = service(store, MockTwitchRewards::new())
        .cancel_goals(&gamification_core::access::Actor::Service, campaign(1).id, None)
        .await;
    assert_eq!(outcome, Err(ServiceError::Store(contended())));
}
