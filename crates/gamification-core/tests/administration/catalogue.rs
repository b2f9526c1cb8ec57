use crate::game::{Game, gm, refused_fields};
use gamification_core::event::{CooldownRule, Event, EventDraft, HandlerSpec};
use gamification_core::instance::Cooldown;
use gamification_core::ports::Queries;
use gamification_core::service::{ConfigChanges, Conflict, EventChanges, ServiceError};
use gamification_testkit::fixtures;
use serde_json::json;

fn draft(slug: &str) -> EventDraft {
    EventDraft { slug: slug.to_owned(), ..fixtures::invert_event().into() }
}

fn waiting_for(event: &Event) -> HandlerSpec {
    let rule = CooldownRule::EventComplete { wait_for_event_id: event.id };
    rule.into()
}

#[tokio::test]
async fn a_new_event_is_checked_as_a_whole_and_has_its_own_slug() {
    let game = Game::new().await;
    let author = fixtures::gm().id;
    let bad = EventDraft { cost: 0, duration_seconds: 9, ..draft("A") };
    let refused = game.service.create_event(&gm(), author, bad).await;
    assert_eq!(refused_fields(refused), ["slug", "cost", "duration"]);
    let made = game.service.create_event(&gm(), author, draft("my-event")).await.unwrap();
    assert_eq!((made.is_system, made.created_by), (false, Some(author)));
    assert_eq!(game.store.event(made.id).await.unwrap(), Some(made));
    let again = game.service.create_event(&gm(), author, draft("my-event")).await;
    assert_eq!(again, Err(Conflict::SlugTaken.into()));
}

#[tokio::test]
async fn an_event_waits_for_another_one_of_its_own_scope_only() {
    let game = Game::new().await;
    let author = fixtures::gm().id;
    let field = ["cooldown.config.waitForEventId"];
    let unknown = Event { id: fixtures::id(77), ..fixtures::invert_event() };
    for wrong in [&unknown, &game.chat] {
        let waits = EventDraft { cooldown: Some(waiting_for(wrong)), ..draft("it-waits") };
        assert_eq!(refused_fields(game.service.create_event(&gm(), author, waits).await), field);
    }
    let waits = EventDraft { cooldown: Some(waiting_for(&game.invert)), ..draft("it-waits") };
    let made = game.service.create_event(&gm(), author, waits).await.unwrap();
    let itself = EventChanges { cooldown: Some(waiting_for(&made)), ..EventChanges::default() };
    assert_eq!(refused_fields(game.service.change_event(&gm(), made.id, itself).await), field);
}

#[tokio::test]
async fn a_change_keeps_the_rest_and_is_checked_as_a_whole() {
    let game = Game::new().await;
    let wish = EventChanges { cost: Some(42), ..EventChanges::default() };
    let changed = game.service.change_event(&gm(), game.invert.id, wish).await.unwrap();
    let mut expected = game.invert.clone();
    expected.defaults.cost = changed.defaults.cost;
    assert_eq!((changed.defaults.cost.get(), &changed), (42, &expected));
    let wish = EventChanges { minimum_objective: Some(0), ..EventChanges::default() };
    let refused = game.service.change_event(&gm(), game.invert.id, wish).await;
    assert_eq!(refused_fields(refused), ["minimumObjective"]);
    let wish = EventChanges { slug: Some(game.chat.slug.clone()), ..EventChanges::default() };
    let taken = game.service.change_event(&gm(), game.invert.id, wish).await;
    assert_eq!(taken, Err(Conflict::SlugTaken.into()));
}

#[tokio::test]
async fn the_action_of_an_event_in_use_stays() {
    let game = Game::new().await;
    let config = json!({ "content": "Something else" }).as_object().cloned().unwrap();
    let action = HandlerSpec { kind: "chat_message".to_owned(), config };
    let wish = EventChanges { action: Some(action.clone()), ..EventChanges::default() };
    let refused = game.service.change_event(&gm(), game.chat.id, wish.clone()).await;
    assert_eq!(refused, Err(Conflict::EventInUse.into()));
    let disable = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
    let (campaign, chat) = (game.campaign.id, game.chat.id);
    game.service.configure_event(&gm(), campaign, chat, disable).await.unwrap();
    let changed = game.service.change_event(&gm(), chat, wish).await.unwrap();
    assert_eq!(changed.action, action);
}

#[tokio::test]
async fn builtin_events_are_read_only() {
    let game = Game::new().await;
    let builtin = Event {
        id: fixtures::id(2_012),
        slug: "test-builtin".to_owned(),
        is_system: true,
        created_by: None,
        ..fixtures::invert_event()
    };
    let mut uow = game.begin().await;
    uow.catalogue().insert(&builtin).await.unwrap();
    uow.commit().await.unwrap();
    let read_only = ServiceError::Conflict(Conflict::EventIsBuiltIn);
    let changed = game.service.change_event(&gm(), builtin.id, EventChanges::default()).await;
    assert_eq!(changed, Err(read_only.clone()));
    assert_eq!(game.service.delete_event(&gm(), builtin.id).await, Err(read_only));
}

#[tokio::test]
async fn an_event_goes_once_nothing_uses_it_and_frees_who_waits_for_it() {
    let game = Game::new().await;
    let goal = fixtures::goal(1, &game.campaign, &game.invert, &game.two);
    let open = game.put(fixtures::executing_goal(goal)).await;
    let author = fixtures::gm().id;
    let waits = EventDraft { cooldown: Some(waiting_for(&game.invert)), ..draft("it-waits") };
    let waits = game.service.create_event(&gm(), author, waits).await.unwrap();
    let in_use = ServiceError::Conflict(Conflict::EventInUse);
    let (campaign, event) = (game.campaign.id, game.invert.id);
    assert_eq!(game.service.delete_event(&gm(), event).await, Err(in_use.clone()));
    let disable = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
    game.service.configure_event(&gm(), campaign, event, disable).await.unwrap();
    assert_eq!(game.service.delete_event(&gm(), event).await, Err(in_use));
    let mut uow = game.begin().await;
    let done = open.executed(Default::default(), fixtures::NOW).unwrap().instance;
    uow.instances().update(&done).await.unwrap();
    uow.commit().await.unwrap();
    let waiting = game.cooling(2, &waits, Cooldown::UntilExecuted(event)).await;
    game.service.delete_event(&gm(), event).await.unwrap();
    assert_eq!(game.store.event(event).await.unwrap(), None);
    assert_eq!(game.goal(&waiting).await.cooldown, None);
    let gone = game.service.delete_event(&gm(), event).await;
    assert_eq!(gone, Err(ServiceError::NotFound("event")));
}
