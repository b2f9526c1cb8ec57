use crate::support::{Fresh, Kind};
use gamification_core::action::ActionRegistry;
use gamification_core::event::{Completion, CooldownRule, Scope};
use gamification_core::ports::{PageRequest, Queries};
use gamification_core::trigger::TriggerRegistry;
use gamification_db::{Database, DatabaseOptions};
use gamification_migrations::Migrator;
use sea_orm::ConnectionTrait;
use sea_orm_migration::MigratorTrait;
use tokio::task::JoinSet;

const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

/// The slugs of the built-in events, in their order.
const BUILT_IN: [&str; 7] = [
    "dice-invert",
    "group-chat-message",
    "monster-buff",
    "monster-debuff",
    "spell-buff",
    "spell-debuff",
    "spell-disable",
];

#[tokio::test]
async fn a_fresh_database_names_every_step_as_pending_until_it_is_migrated() {
    for kind in BOTH {
        let fresh = Fresh::of(kind).await;
        let database = fresh.connect().await;
        let pending = database.pending_migrations().await.unwrap();
        assert_eq!(pending.len(), Migrator::migrations().len(), "{kind:?}");
        assert!(!database.is_migrated().await.unwrap());
        database.migrate().await.unwrap();
        assert_eq!(database.pending_migrations().await.unwrap(), Vec::<String>::new());
        assert!(database.is_migrated().await.unwrap());
    }
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    for kind in BOTH {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        let before = events(&database).await;
        database.migrate().await.unwrap();
        database.migrate().await.unwrap();
        assert_eq!(events(&database).await, before, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_programs_that_migrate_at_once_all_succeed() {
    for kind in BOTH {
        let fresh = Fresh::of(kind).await;
        // SQLite's file mode is changed by whoever comes first; programs start one after the other.
        let mut programs = Vec::new();
        for _ in 0..3 {
            programs.push(fresh.connect().await);
        }
        let mut running: JoinSet<_> =
            programs.into_iter().map(|database| async move { database.migrate().await }).collect();
        while let Some(outcome) = running.join_next().await {
            assert_eq!(outcome.unwrap(), Ok(()), "{kind:?}");
        }
        assert_eq!(events(&fresh.connect().await).await.len(), BUILT_IN.len(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_schema_that_is_newer_than_the_program_is_left_as_it_is() {
    for kind in BOTH {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        let raw = fresh.raw().await;
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m_newer', 0)";
        raw.execute_unprepared(newer).await.unwrap();
        assert!(database.is_migrated().await.unwrap(), "{kind:?}");
        assert_eq!(database.migrate().await, Ok(()), "{kind:?}");
    }
}

#[tokio::test]
async fn the_schema_can_be_taken_down_and_put_up_again() {
    for kind in BOTH {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        let raw = fresh.raw().await;
        Migrator::down(&raw, None).await.unwrap();
        assert!(!database.is_migrated().await.unwrap(), "{kind:?}");
        assert!(raw.execute_unprepared("SELECT 1 FROM users").await.is_err(), "{kind:?}");
        let again = Database::connect(&fresh.url, DatabaseOptions::default()).await.unwrap();
        again.migrate().await.unwrap();
        assert_eq!(events(&again).await.len(), BUILT_IN.len(), "{kind:?}");
    }
}

async fn events(database: &Database) -> Vec<gamification_core::event::Event> {
    let page = PageRequest { limit: 100, cursor: None };
    database.events(None, page).await.unwrap().items
}

#[tokio::test]
async fn built_in_events_are_read_as_the_design_has_them() {
    for kind in BOTH {
        let fresh = Fresh::of(kind).await;
        let events = events(&fresh.migrated().await).await;
        let slugs: Vec<_> = events.iter().map(|event| event.slug.as_str()).collect();
        assert_eq!(slugs, BUILT_IN, "{kind:?}");
        let (invert, message) = (&events[0], &events[1]);
        assert_eq!((invert.slug.as_str(), invert.scope), ("dice-invert", Scope::Individual));
        assert_eq!(invert.trigger.kind, "dice_critical");
        assert_eq!(invert.trigger.config["criticalSuccess"]["enabled"], true);
        assert_eq!(invert.trigger.config["criticalFailure"]["enabled"], true);
        assert_eq!(invert.action.kind, "dice_invert");
        assert_eq!(invert.action.config["deleteOriginal"], true);
        assert_eq!((invert.defaults.cost.get(), invert.defaults.duration_seconds), (1_000, 60));
        assert_eq!(invert.defaults.coefficient.hundredths(), 30);
        assert_eq!(invert.reward_colour.0, "#FF6B6B");
        assert_eq!((message.slug.as_str(), message.scope), ("group-chat-message", Scope::Group));
        assert_eq!(message.trigger.kind, "manual");
        assert_eq!(message.action.kind, "chat_message");
        assert!(message.action.config["content"].is_string());
        assert_eq!((message.defaults.cost.get(), message.defaults.duration_seconds), (300, 120));
        assert_eq!(message.defaults.coefficient.hundredths(), 20);
        assert_eq!(message.reward_colour.0, "#9146FF");
        for (event, colour, number) in [
            (&events[2], "#10B981", 5),
            (&events[3], "#EF4444", 6),
            (&events[4], "#10B981", 3),
            (&events[5], "#EF4444", 4),
            (&events[6], "#8B5CF6", 2),
        ] {
            assert_eq!(event.id.0.as_u128() & 0xff, number, "{}", event.slug);
            assert_eq!((event.scope, event.trigger.kind.as_str()), (Scope::Individual, "manual"));
            assert_eq!(event.action.kind, event.slug.replace('-', "_"));
            assert_eq!(event.action.config["highlightColor"], colour);
            assert_eq!(event.reward_colour.0, colour);
            assert_eq!((event.defaults.cost.get(), event.defaults.duration_seconds), (500, 90));
            assert_eq!(event.defaults.coefficient.hundredths(), 20);
        }
        for event in &events {
            let trigger = TriggerRegistry::with_builtin();
            let trigger = trigger.get(&event.trigger.kind).unwrap();
            assert_eq!(trigger.validate_config(&event.trigger.config), Ok(()), "{}", event.slug);
            let action = ActionRegistry::with_builtin();
            let action = action.get(&event.action.kind).unwrap();
            assert_eq!(action.validate_config(&event.action.config), Ok(()), "{}", event.slug);
            assert!(event.is_system && event.created_by.is_none());
            assert_eq!(event.completion, Completion::Auto);
            assert_eq!(event.defaults.minimum_objective, 3);
            assert_eq!(event.armed_ttl_seconds, 1_800);
            let is_first = ["dice-invert", "group-chat-message"].contains(&event.slug.as_str());
            let duration_seconds = Some(if is_first { 300 } else { 180 });
            assert_eq!(event.cooldown, CooldownRule::Time { duration_seconds });
            assert_ne!(event.name.in_language("fr"), event.name.in_language("en"));
            assert_ne!(event.description.in_language("fr"), event.description.in_language("en"));
        }
    }
}
