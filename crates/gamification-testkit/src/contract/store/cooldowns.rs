use super::StoreUnderTest;
use super::support::{Game, committed};
use crate::fixtures::{self, at};
use gamification_core::ids::EventId;
use gamification_core::instance::{Cooldown, GoalScope, Instance};
use gamification_core::time::Timestamp;

/// Stores a completed goal with that pause.
async fn cooled(game: &Game, goal: Instance, cooldown: Cooldown) -> Instance {
    let goal = super::support::executed(goal, at(10));
    let goal = Instance { cooldown: Some(cooldown), ..goal };
    game.insert(&goal).await;
    goal
}

async fn cooldown(
    game: &Game,
    event: EventId,
    scope: GoalScope,
    now: Timestamp,
) -> Option<Cooldown> {
    committed!(game.store, |uow| {
        uow.instances().cooldown(game.campaign.id, event, scope, now).await.unwrap()
    })
}

pub async fn a_cooldown_holds_in_its_scope_until_its_end(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = cooled(&game, game.goal(1, 0), Cooldown::Until(at(300))).await;
    let (event, chat) = (game.invert.id, game.chat.id);
    let other = GoalScope::Streamer(game.streamer(1));
    let holds = Some(Cooldown::Until(at(300)));
    assert_eq!(cooldown(&game, event, goal.scope, at(299)).await, holds);
    assert_eq!(cooldown(&game, event, goal.scope, at(300)).await, None);
    assert_eq!(cooldown(&game, event, other, at(299)).await, None);
    assert_eq!(cooldown(&game, chat, goal.scope, at(299)).await, None);
    // The goal after it: an older pause must not hide a newer one, nor outlive it.
    cooled(&game, game.goal(2, 0), Cooldown::Until(at(700))).await;
    assert_eq!(cooldown(&game, event, goal.scope, at(500)).await, Some(Cooldown::Until(at(700))));
}

pub async fn a_cooldown_without_an_end_holds_until_it_is_cleared(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = cooled(&game, game.goal(1, 0), Cooldown::UntilReleased).await;
    let late = at(100_000_000);
    let found = cooldown(&game, goal.event_id, goal.scope, late).await;
    assert_eq!(found, Some(Cooldown::UntilReleased));
    let ended = committed!(game.store, |uow| {
        uow.instances().clear_cooldowns(game.campaign.id, None, None).await.unwrap()
    });
    assert_eq!(ended, 1);
    assert_eq!(cooldown(&game, goal.event_id, goal.scope, late).await, None);
    assert_eq!(game.stored(goal.id).await, Instance { cooldown: None, ..goal });
}

pub async fn cooldowns_that_wait_for_an_event_are_released_in_their_scope(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let waiting = Cooldown::UntilExecuted(game.chat.id);
    let mine = cooled(&game, game.goal(1, 0), waiting).await;
    let other = cooled(&game, game.goal(2, 1), waiting).await;
    let third = cooled(&game, game.goal(3, 2), Cooldown::UntilExecuted(game.invert.id)).await;
    let release = |scope| {
        let (game, chat) = (game.clone(), game.chat.id);
        async move {
            committed!(game.store, |uow| {
                let instances = uow.instances();
                instances.release_waiting_cooldowns(game.campaign.id, chat, scope).await.unwrap()
            })
        }
    };
    assert_eq!(release(Some(GoalScope::Group)).await, 0);
    assert_eq!(release(Some(mine.scope)).await, 1);
    assert_eq!(cooldown(&game, mine.event_id, mine.scope, at(11)).await, None);
    assert_eq!(cooldown(&game, other.event_id, other.scope, at(11)).await, Some(waiting));
    assert_eq!(release(None).await, 1);
    assert_eq!(cooldown(&game, other.event_id, other.scope, at(11)).await, None);
    let untouched = cooldown(&game, third.event_id, third.scope, at(11)).await;
    assert_eq!(untouched, Some(Cooldown::UntilExecuted(game.invert.id)));
}

pub async fn cooldowns_are_cleared_where_named(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let held = Cooldown::Until(at(5_000));
    let mine = cooled(&game, game.goal(1, 0), held).await;
    let other = cooled(&game, game.goal(2, 1), held).await;
    let group = cooled(&game, game.group_goal(3), held).await;
    let clear = |event, streamer| {
        let game = game.clone();
        async move {
            committed!(game.store, |uow| {
                let instances = uow.instances();
                instances.clear_cooldowns(game.campaign.id, event, streamer).await.unwrap()
            })
        }
    };
    let holds =
        async |goal: &Instance| cooldown(&game, goal.event_id, goal.scope, at(11)).await.is_some();
    assert_eq!(clear(Some(game.chat.id), Some(game.streamer(0))).await, 0);
    assert_eq!(clear(Some(game.invert.id), Some(game.streamer(0))).await, 1);
    assert_eq!([holds(&mine).await, holds(&other).await, holds(&group).await], [false, true, true]);
    assert_eq!(clear(Some(game.chat.id), None).await, 1);
    assert_eq!([holds(&other).await, holds(&group).await], [true, false]);
    assert_eq!(clear(None, None).await, 1);
    assert!(!holds(&other).await);
}

pub async fn cooling_goals_are_read(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let timed = cooled(&game, game.goal(1, 0), Cooldown::Until(at(300))).await;
    let held = cooled(&game, game.goal(2, 1), Cooldown::UntilReleased).await;
    game.insert(&fixtures::executing_goal(game.goal(3, 2))).await;
    game.update(&Instance { cooldown: None, ..fixtures::executing_goal(game.goal(3, 2)) }).await;
    let cooling = async |now| game.queries.cooling_instances(game.campaign.id, now).await.unwrap();
    assert_eq!(cooling(at(299)).await, [held.clone(), timed]);
    assert_eq!(cooling(at(300)).await, [held]);
}
