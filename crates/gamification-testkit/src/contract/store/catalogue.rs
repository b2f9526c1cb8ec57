use super::StoreUnderTest;
use super::support::{Game, begun, cancelled, committed};
use crate::fixtures::{self, at};
use gamification_core::campaign::Campaign;
use gamification_core::cost::Cost;
use gamification_core::event::{CampaignConfig, Completion, CooldownRule, Event, StreamerConfig};
use gamification_core::ids::EventId;
use gamification_core::objective::Coefficient;
use gamification_core::ports::{Lock, StoreError};
use gamification_core::reward::{Reward, RewardStatus};
use serde_json::json;

pub async fn an_event_comes_back_as_it_was_stored(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut special = Event {
        id: fixtures::id(2_050),
        slug: "test-special".to_owned(),
        completion: Completion::Immediate,
        recalculate_objective: true,
        ..fixtures::chat_event()
    };
    special.action.config.insert("free".into(), json!({ "deep": [1, null, "é", 0.5] }));
    committed!(game.store, |uow| uow.catalogue().insert(&special).await.unwrap());
    for cooldown in [
        CooldownRule::Time { duration_seconds: None },
        CooldownRule::GmValidation {},
        CooldownRule::EventComplete { wait_for_event_id: game.chat.id },
    ] {
        let event = Event { cooldown, ..special.clone() };
        committed!(game.store, |uow| uow.catalogue().update(&event).await.unwrap());
        let found = committed!(game.store, |uow| {
            let by_slug = uow.catalogue().by_slug("test-special").await.unwrap();
            [uow.catalogue().get(event.id).await.unwrap(), by_slug]
        });
        assert_eq!(found, [Some(event.clone()), Some(event.clone())]);
        assert_eq!(game.queries.event(event.id).await.unwrap(), Some(event));
    }
    assert_eq!(game.queries.event(game.invert.id).await.unwrap(), Some(game.invert));
    assert_eq!(game.queries.event(fixtures::id(1)).await.unwrap(), None);
}

pub async fn a_slug_is_taken_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let twin = Event { id: fixtures::id(2_050), ..game.invert.clone() };
    let mut uow = begun(&game.store).await;
    let taken = uow.catalogue().insert(&twin).await;
    assert!(matches!(taken, Err(StoreError::AlreadyExists(_))), "{taken:?}");
    drop(uow);
    assert_eq!(game.queries.event(twin.id).await.unwrap(), None);
    let mut uow = begun(&game.store).await;
    let unknown = Event { slug: "test-unknown".to_owned(), ..twin };
    let missing = uow.catalogue().update(&unknown).await;
    assert!(matches!(missing, Err(StoreError::Contention(_))), "{missing:?}");
}

pub async fn an_event_is_changed_and_deleted_with_its_settings(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let unused = Event {
        id: fixtures::id(2_050),
        slug: "test-unused".to_owned(),
        ..fixtures::invert_event()
    };
    let config = fixtures::campaign_config(&game.campaign, unused.id);
    let opt_in = fixtures::streamer_config(&game.campaign, game.streamer(0), unused.id);
    committed!(game.store, |uow| {
        uow.catalogue().insert(&unused).await.unwrap();
        uow.configs().save_campaign_config(&config).await.unwrap();
        uow.configs().save_streamer_config(&opt_in).await.unwrap();
    });
    committed!(game.store, |uow| uow.catalogue().delete(unused.id).await.unwrap());
    let queries = &game.queries;
    assert_eq!(queries.event(unused.id).await.unwrap(), None);
    let id = game.campaign.id;
    let configs = queries.campaign_configs(id).await.unwrap();
    assert!(configs.iter().all(|config| config.event_id != unused.id));
    assert_eq!(configs.len(), 2);
    let opt_ins = queries.streamer_configs(id, game.streamer(0)).await.unwrap();
    assert!(opt_ins.iter().all(|opt_in| opt_in.event_id != unused.id));
}

pub async fn an_event_is_in_use_while_anything_of_it_runs(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let in_use = async |event: EventId| {
        committed!(game.store, |uow| uow.catalogue().is_in_use(event).await.unwrap())
    };
    assert!(in_use(game.invert.id).await);
    let off = CampaignConfig {
        is_enabled: false,
        ..fixtures::campaign_config(&game.campaign, game.invert.id)
    };
    committed!(game.store, |uow| uow.configs().save_campaign_config(&off).await.unwrap());
    assert!(in_use(game.invert.id).await, "its rewards are there");
    for reward in &game.rewards {
        let gone = Reward { status: RewardStatus::Deleted, ..reward.clone() };
        committed!(game.store, |uow| uow.rewards().update(&gone).await.unwrap());
    }
    assert!(!in_use(game.invert.id).await);
    game.insert(&game.goal(1, 0)).await;
    assert!(in_use(game.invert.id).await, "a goal is open");
    game.update(&cancelled(game.goal(1, 0), at(2))).await;
    assert!(!in_use(game.invert.id).await);
    assert!(in_use(game.chat.id).await);
}

pub async fn a_setting_comes_back_as_it_was_stored(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (id, event) = (game.campaign.id, game.invert.id);
    let config = CampaignConfig {
        cost: Some(Cost::new(1_000_000).unwrap()),
        coefficient: Some(Coefficient::from_hundredths(1).unwrap()),
        minimum_objective: Some(1_000),
        duration_seconds: Some(3_600),
        cooldown_seconds: Some(0),
        max_contributions_per_viewer: 100,
        ..CampaignConfig::new(id, event)
    };
    let opt_in = StreamerConfig {
        is_enabled: false,
        cost_override: Some(Cost::new(1).unwrap()),
        switched_off_reason: Some("Twitch refused".to_owned()),
        ..fixtures::streamer_config(&game.campaign, game.streamer(0), event)
    };
    committed!(game.store, |uow| {
        uow.configs().save_campaign_config(&config).await.unwrap();
        uow.configs().save_streamer_config(&opt_in).await.unwrap();
    });
    for lock in [Lock::None, Lock::Shared, Lock::Exclusive] {
        let found = committed!(game.store, |uow| {
            uow.configs().campaign_config(id, event, lock).await.unwrap()
        });
        assert_eq!(found.as_ref(), Some(&config));
    }
    let found = committed!(game.store, |uow| {
        uow.configs().streamer_config(id, game.streamer(0), event).await.unwrap()
    });
    assert_eq!(found.as_ref(), Some(&opt_in));
    assert!(game.queries.campaign_configs(id).await.unwrap().contains(&config));
    let opt_ins = game.queries.streamer_configs(id, game.streamer(0)).await.unwrap();
    assert!(opt_ins.contains(&opt_in));
    let unknown = committed!(game.store, |uow| {
        let configs = uow.configs();
        let setting = configs.campaign_config(id, fixtures::id(1), Lock::Exclusive).await;
        (setting.unwrap(), configs.streamer_config(id, fixtures::id(77), event).await.unwrap())
    });
    assert_eq!(unknown, (None, None));
}

pub async fn settings_and_opt_ins_are_listed_in_order(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let other = Campaign { name: "Elsewhere".to_owned(), ..fixtures::campaign(2) };
    let elsewhere = fixtures::streamer_config(&other, game.streamer(0), game.invert.id);
    committed!(game.store, |uow| {
        uow.campaigns().insert(&other).await.unwrap();
        uow.configs().save_streamer_config(&elsewhere).await.unwrap();
    });
    let (configs, opt_ins) = committed!(game.store, |uow| {
        let (id, repository) = (game.campaign.id, uow.configs());
        (
            repository.campaign_configs(id, Lock::Exclusive).await.unwrap(),
            repository.streamer_configs(id, game.invert.id).await.unwrap(),
        )
    });
    let all = game.queries.all_streamer_configs().await.unwrap();
    let of = |event| fixtures::campaign_config(&game.campaign, event);
    assert_eq!(configs, [of(game.invert.id), of(game.chat.id)]);
    let expected: Vec<_> = (0..4)
        .map(|n| fixtures::streamer_config(&game.campaign, game.streamer(n), game.invert.id))
        .collect();
    assert_eq!(opt_ins, expected);
    assert_eq!(all.len(), 9);
    assert!(all.contains(&elsewhere));
}
