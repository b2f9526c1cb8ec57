//! Adapters and use cases, put together: the only place that knows which technology is behind which
//! port.

mod first_start;
mod running;
#[cfg(feature = "sandbox")]
mod sandbox;
mod store;
mod twitch;

pub use running::App;
use running::TwitchLink;

use crate::config::{Config, KEY_FORM, Secret, SecretFile};
use crate::determinism::{SystemClock, SystemIds, SystemRandom};
use crate::foundry_module::{ModuleError, ModulePackage};
use crate::ingest::ingest;
use crate::metrics::Metrics;
use crate::seal::Seal;
use crate::services::Services;
use crate::sign_in::{SignIn, SignInRules};
use crate::stream::Hub;
use crate::twitch_events::TwitchEvents;
use crate::vault::CoreVault;
use gamification_core::action::ActionRegistry;
use gamification_core::ports::{Clock, EventBroadcaster, PendingExecutions, StoreError};
use gamification_core::service::{Gamification, Ports};
use gamification_core::trigger::TriggerRegistry;
use gamification_foundry::pairing::Pairing;
use gamification_foundry::{FoundryLink, LinkTiming, socket_service};
use gamification_redis::in_process::{InProcessBroadcast, InProcessPending};
use gamification_redis::{RedisAdapter, RedisConfigError, RedisOptions};
use gamification_twitch::{EventSubLink, SetupError, TokenVault, TwitchAccounts, TwitchLogins};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use twitch::Twitch;
use uuid::Uuid;

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Bind(SocketAddr, #[source] io::Error),
    /// A file in the data directory cannot be used.
    #[error("{0} cannot be used")]
    File(String, #[source] io::Error),
    /// A file in the data directory holds nonsense.
    #[error("{0} does not hold {KEY_FORM}")]
    Key(String),
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The schema is older than the program, and changing it was not asked for.
    #[error(
        "the database lacks {0} migrations: run `gamification-server migrate`, or start with --migrate"
    )]
    Unmigrated(usize),
    /// The address of Redis makes no sense.
    #[error(transparent)]
    Redis(#[from] RedisConfigError),
    /// The Twitch adapter cannot be made.
    #[error(transparent)]
    Twitch(#[from] SetupError),
    /// The sandbox does not start.
    #[cfg(feature = "sandbox")]
    #[error("the sandbox Twitch does not start")]
    Sandbox(#[from] twitch_sandbox::SandboxError),
    /// Nobody can speak for the people of the sandbox.
    #[cfg(feature = "sandbox")]
    #[error("the client for the sandbox's people cannot be made")]
    SandboxClient(#[from] crate::door::DoorError),
    /// Another server works on the same files.
    #[cfg(feature = "sandbox")]
    #[error("{0} belongs to a server that is running: choose another data directory")]
    InUse(String),
    /// There is no sandbox in this program.
    #[cfg(not(feature = "sandbox"))]
    #[error("this program was built without the sandbox Twitch: name another one")]
    NoSandbox,
    /// The Foundry module cannot be handed out.
    #[error(transparent)]
    Module(#[from] ModuleError),
    /// The first start could not be finished.
    #[error("the first key could not be made: {0}")]
    FirstStart(String),
}

/// What the command line needs of the whole: the use cases and Twitch's accounts.
pub(crate) struct Kernel {
    pub(crate) core: Arc<Gamification>,
    pub(crate) accounts: Arc<TwitchAccounts>,
    pub(crate) twitch: Twitch,
    logins: Arc<TwitchLogins>,
    eventsub: Arc<EventSubLink>,
    seal: Seal,
    link: Arc<FoundryLink>,
    redis: Option<Arc<RedisAdapter>>,
    database: gamification_db::Database,
    eventsub_secret: Secret,
}

/// Puts everything together; nothing is served yet.
///
/// # Errors
/// When a part cannot be made. What was started is stopped again.
pub async fn compose(config: &Config, migrate: bool) -> Result<App, ComposeError> {
    make_data_dir(config)?;
    let listener = TcpListener::bind(config.bind).await;
    let listener = listener.map_err(|error| ComposeError::Bind(config.bind, error))?;
    let address = listener.local_addr().map_err(|error| ComposeError::Bind(config.bind, error))?;
    let kernel = kernel(config, migrate, Some(address)).await?;
    let first_key = first_start::first_key(config, &kernel).await?;
    let Kernel {
        core,
        accounts,
        twitch,
        logins,
        eventsub,
        seal,
        link,
        redis,
        database,
        eventsub_secret,
    } = kernel;
    let public_url = config.public_url.clone().unwrap_or_else(|| local_url(address));
    let key = secret_key(config)?;
    let pairing = Pairing::new(core.ports().clone(), &key, public_url.clone(), Arc::clone(&link));
    let pairing = Arc::new(pairing);
    let tables =
        socket_service(link, Arc::clone(&core), Arc::clone(&pairing), LinkTiming::default());
    let metrics = Arc::new(Metrics::default());
    let (ingest, ingest_task) =
        ingest(Arc::clone(&core), Arc::clone(&metrics), config.ingest_queue_max);
    let shutdown = CancellationToken::new();
    let streams = Hub::new(Arc::clone(&core), shutdown.clone());
    let tasks = TaskTracker::new();
    let (game, counters) = (Arc::clone(&core), Arc::clone(&metrics));
    let twitch_events = TwitchEvents::new(game, ingest.clone(), counters, tasks.clone());
    #[cfg(feature = "sandbox")]
    let sandbox = twitch.control(&local_url(address))?;
    let rules = SignInRules { open_signup: config.open_signup, session_days: config.session_days };
    let services = Arc::new(Services {
        core,
        streams,
        sightings: Arc::default(),
        ingest,
        metrics,
        accounts,
        subscriptions: Arc::clone(&eventsub) as _,
        twitch_events,
        sign_in: SignIn::new(Arc::clone(&logins), rules),
        pairing,
        tables,
        foundry_module: ModulePackage::new(&public_url)?,
        seal,
        eventsub_secret,
        public_url,
        twitch: twitch.name(),
        #[cfg(feature = "sandbox")]
        sandbox,
        tasks,
        shutdown,
    });
    let (http, twitch_poll) = (config.http, config.twitch_poll);
    Ok(App {
        listener,
        address,
        services,
        ingest_task,
        link: TwitchLink { twitch, logins, eventsub },
        twitch_poll,
        redis,
        database,
        http,
        first_key,
    })
}

/// Brings the schema up to date.
///
/// # Errors
/// When the database cannot be used.
pub async fn migrate(config: &Config) -> Result<(), ComposeError> {
    make_data_dir(config)?;
    let database = store::connect(config).await?;
    let pending = database.pending_migrations().await?;
    database.migrate().await?;
    tracing::info!(applied = pending.len(), "the schema is up to date");
    Ok(database.close().await?)
}

/// Adapters and use cases without anything that serves. `address` is where the server will listen;
/// `None` for a command that runs beside a server, perhaps, and must leave its Twitch to it.
pub(crate) async fn kernel(
    config: &Config,
    migrate: bool,
    address: Option<SocketAddr>,
) -> Result<Kernel, ComposeError> {
    make_data_dir(config)?;
    let database = store::open(config, migrate).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let eventsub_secret = eventsub_secret(config)?;
    let local = address.map(local_url);
    let seal = seal(config)?;
    let vault = Arc::new(CoreVault::new(seal.clone()));
    let tokens: Arc<dyn TokenVault> = Arc::clone(&vault) as _;
    let (twitch, adapter) =
        twitch::connect(config, local.as_deref(), &eventsub_secret, Arc::clone(&clock), tokens)
            .await?;
    let (redis, pending, broadcaster) = cache(config, &clock).await?;
    let link = FoundryLink::new(Uuid::new_v4().to_string(), Arc::clone(&clock));
    let ports = Ports {
        clock,
        ids: Arc::new(SystemIds),
        random: Arc::new(SystemRandom),
        store: database.store(),
        queries: database.queries(),
        rewards: adapter.rewards,
        audience: adapter.audience,
        chat: adapter.chat,
        vtt: Arc::clone(&link) as _,
        pending,
        broadcaster,
    };
    let triggers = TriggerRegistry::with_builtin();
    let core = Arc::new(Gamification::new(ports, triggers, ActionRegistry::with_builtin()));
    vault.attach(&core);
    Ok(Kernel {
        core,
        accounts: adapter.accounts,
        twitch,
        logins: adapter.logins,
        eventsub: adapter.eventsub,
        seal,
        link,
        redis,
        database,
        eventsub_secret,
    })
}

impl Kernel {
    /// Ends what was started for it.
    pub(crate) async fn shutdown(self) {
        self.logins.finish().await;
        stop_adapters(self.twitch, self.redis, self.database).await;
    }
}

async fn stop_adapters(
    twitch: Twitch,
    redis: Option<Arc<RedisAdapter>>,
    database: gamification_db::Database,
) {
    if let Some(redis) = redis {
        redis.shutdown().await;
    }
    twitch.shutdown().await;
    if let Err(error) = database.close().await {
        tracing::warn!(%error, "the database did not close cleanly");
    }
}

type Cache = (Option<Arc<RedisAdapter>>, Arc<dyn PendingExecutions>, Arc<dyn EventBroadcaster>);

async fn cache(config: &Config, clock: &Arc<dyn Clock>) -> Result<Cache, ComposeError> {
    let Some(url) = &config.redis_url else {
        let pending = Arc::new(InProcessPending::new(Arc::clone(clock)));
        return Ok((None, pending, Arc::new(InProcessBroadcast::default())));
    };
    let redis = Arc::new(RedisAdapter::connect(url.expose(), RedisOptions::default()).await?);
    Ok((Some(Arc::clone(&redis)), Arc::clone(&redis) as _, redis))
}

/// The address on this machine under which the server is reached.
fn local_url(address: SocketAddr) -> String {
    let ip = address.ip();
    if !ip.is_unspecified() {
        return format!("http://{address}");
    }
    let loopback = if ip.is_ipv6() { "[::1]" } else { "127.0.0.1" };
    format!("http://{loopback}:{}", address.port())
}

fn make_data_dir(config: &Config) -> Result<(), ComposeError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&config.data_dir)
        .map_err(|error| ComposeError::File(config.data_dir.display().to_string(), error))
}

fn eventsub_secret(config: &Config) -> Result<Secret, ComposeError> {
    kept(config, config.eventsub_secret.as_ref(), "eventsub-secret")
}

fn secret_key(config: &Config) -> Result<[u8; 32], ComposeError> {
    let key = kept(config, config.secret_key.as_ref(), "secret-key")?;
    key.key_bytes().ok_or_else(|| ComposeError::Key("secret-key".to_owned()))
}

/// What seals with the present key, and opens what was sealed with those before it.
fn seal(config: &Config) -> Result<Seal, ComposeError> {
    let wrong = || ComposeError::Key("secret_keys_old".to_owned());
    let old = config.secret_keys_old.iter().map(|key| key.key_bytes().ok_or_else(wrong));
    Ok(Seal::with_old(&secret_key(config)?, &old.collect::<Result<Vec<_>, _>>()?))
}

/// The configured secret, else the one in that file, which is made when it is not there.
fn kept(config: &Config, given: Option<&Secret>, name: &str) -> Result<Secret, ComposeError> {
    if let Some(secret) = given {
        return Ok(secret.clone());
    }
    let file = SecretFile::new(&config.data_dir, name);
    file.read_or_make(Secret::random_key)
        .map_err(|error| ComposeError::File(file.path().display().to_string(), error))
}
