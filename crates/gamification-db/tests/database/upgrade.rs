//! A database that an earlier release has filled.

use crate::support::{Fresh, Kind};
use gamification_core::ports::{Queries, Store};
use gamification_db::Database;
use gamification_migrations::Migrator;
use gamification_testkit::fixtures::{self, NOW, at};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use sea_orm_migration::MigratorTrait;

/// How many steps the release before logins had.
const STEPS_BEFORE_LOGINS: u32 = 2;

async fn insert<const N: usize>(raw: &DatabaseConnection, sql: &str, values: [Value; N]) {
    let statement = Statement::from_sql_and_values(raw.get_database_backend(), sql, values);
    raw.execute_raw(statement).await.unwrap();
}

/// Writes a person, a campaign and a membership with the columns of that time.
async fn fill(raw: &DatabaseConnection) {
    let (user, campaign) = (fixtures::streamer(1), fixtures::campaign(1));
    insert(
        raw,
        "INSERT INTO users (id, twitch_id, login, display_name, broadcaster_type, language, \
         is_admin, may_create_campaigns) VALUES ($1, $2, $3, $4, 'affiliate', 'en', $5, $5)",
        [
            user.id.0.into(),
            user.twitch_id.0.into(),
            user.login.into(),
            user.display_name.into(),
            false.into(),
        ],
    )
    .await;
    insert(
        raw,
        "INSERT INTO campaigns (id, owner_id, name, game_system, session, policies, is_panicked, \
         is_deleting, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        [
            campaign.id.0.into(),
            campaign.owner_id.0.into(),
            campaign.name.into(),
            campaign.game_system.into(),
            serde_json::to_string(&campaign.session).unwrap().into(),
            serde_json::to_string(&campaign.policies).unwrap().into(),
            false.into(),
            campaign.created_at.as_micros().into(),
        ],
    )
    .await;
    let member = fixtures::membership(&fixtures::campaign(1), user.id.into());
    insert(
        raw,
        "INSERT INTO memberships (campaign_id, streamer_id, status, authorised_until) \
         VALUES ($1, $2, 'active', $3)",
        [
            member.campaign_id.0.into(),
            member.streamer_id.0.into(),
            member.authorised_until.unwrap().as_micros().into(),
        ],
    )
    .await;
}

/// Everything that the new steps brought works.
async fn use_what_is_new(database: &Database) {
    let (user, campaign) = (fixtures::streamer(1), fixtures::campaign(1));
    let mut uow = database.begin().await.unwrap();
    uow.logins().save(&fixtures::login(&user)).await.unwrap();
    let notice = fixtures::chat_notice(1, &campaign, user.id.into());
    uow.outbox().push(&[notice]).await.unwrap();
    let taken = uow.outbox().take(at(10), at(70), NOW, 5).await.unwrap();
    uow.commit().await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(database.all_logins().await.unwrap(), [fixtures::login(&user)]);
}

#[tokio::test]
async fn a_database_with_rows_of_the_release_before_logins_is_brought_up_to_date() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let fresh = Fresh::of(kind).await;
        let raw = fresh.raw().await;
        Migrator::up(&raw, Some(STEPS_BEFORE_LOGINS)).await.unwrap();
        fill(&raw).await;
        raw.close().await.unwrap();
        let database = fresh.connect().await;
        let pending = database.pending_migrations().await.unwrap();
        assert_eq!(pending[0], "m20261122_000003_logins_and_outbox", "{kind:?}");
        database.migrate().await.unwrap();
        let (user, campaign) = (fixtures::streamer(1), fixtures::campaign(1));
        assert_eq!(database.campaign(campaign.id).await.unwrap().as_ref(), Some(&campaign));
        let members = database.members(campaign.id).await.unwrap();
        assert_eq!(members.len(), 1, "{kind:?}");
        assert_eq!(members[0].membership, fixtures::membership(&campaign, user.id.into()));
        assert!(!members[0].membership.has_chat_notices, "nobody asked for them");
        use_what_is_new(&database).await;
    }
}

#[tokio::test]
async fn the_program_before_logins_still_writes_memberships() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        fill(&fresh.raw().await).await;
        let (user, campaign) = (fixtures::streamer(1), fixtures::campaign(1));
        let member = database.membership(campaign.id, user.id.into()).await.unwrap();
        assert_eq!(member, Some(fixtures::membership(&campaign, user.id.into())), "{kind:?}");
    }
}
