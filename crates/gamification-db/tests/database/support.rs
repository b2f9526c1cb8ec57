use gamification_db::{Database, DatabaseOptions};
use gamification_testkit::contract::store::StoreUnderTest;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use std::any::Any;
use tempfile::TempDir;

/// One of the two databases, empty, without a schema.
pub(crate) struct Fresh {
    pub(crate) url: String,
    /// What has to go when the test is over.
    guard: Box<dyn Any + Send>,
}

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Fresh {
    pub(crate) async fn of(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::sqlite(),
            Kind::Postgres => Self::postgres().await,
        }
    }

    fn sqlite() -> Self {
        let dir = TempDir::new().unwrap();
        let url = format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display());
        Self { url, guard: Box::new(dir) }
    }

    async fn postgres() -> Self {
        let server = postgres_server();
        let name = format!("gamification_{}", uuid::Uuid::new_v4().simple());
        on_server(&server, &format!("CREATE DATABASE {name}")).await;
        let (base, _) = server.rsplit_once('/').expect("an address with a database");
        let url = format!("{base}/{name}");
        Self { url, guard: Box::new(Dropped { server, name }) }
    }

    /// The adapter, connected.
    pub(crate) async fn connect(&self) -> Database {
        Database::connect(&self.url, DatabaseOptions::default()).await.unwrap()
    }

    /// The adapter, connected and migrated.
    pub(crate) async fn migrated(&self) -> Database {
        let database = self.connect().await;
        database.migrate().await.unwrap();
        database
    }

    /// A connection past the adapter, for what only somebody with SQL could do.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        raw(&self.url).await
    }
}

/// What the contract suites ask for.
pub(crate) async fn under_test(kind: Kind) -> StoreUnderTest {
    let fresh = Fresh::of(kind).await;
    let database = fresh.migrated().await;
    let (store, queries) = (database.store(), database.queries());
    StoreUnderTest { store, queries, _guard: Box::new((database, fresh.guard)) }
}

/// The server's address.
///
/// # Panics
/// Without one: these tests are never skipped.
#[expect(clippy::disallowed_methods, reason = "the address of the server that the tests may use")]
fn postgres_server() -> String {
    std::env::var("GAMIFICATION_TEST_POSTGRES_URL").expect(
        "GAMIFICATION_TEST_POSTGRES_URL is not set: run `scripts/test`, which brings a PostgreSQL, \
         or `scripts/with-servers cargo test`",
    )
}

async fn raw(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

async fn on_server(server: &str, sql: &str) {
    let connection = raw(server).await;
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// Drops the database at the end of the test, whoever is still connected to it.
struct Dropped {
    server: String,
    name: String,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.unwrap().block_on(on_server(&self.server, &sql));
            });
        });
    }
}
