//! `demo`: the whole loop without any account. The server runs in this process; everything else
//! uses its front doors: the API with keys, the sandbox Twitch that posts signed messages, and a
//! table on the socket.

mod cast;
mod door;
mod feed;
mod narrator;
mod scenes;
mod stage;
mod table;
mod timeline;
mod twitch;
mod verdict;

use crate::cli::{Failure, asked_to_stop};
use crate::compose::{self, App};
use crate::config::{Config, DatabaseUrl, EventSubTransport, Secret, TwitchSource};
use crate::door::DoorError;
use crate::keys::{self, KeyCommand, RoleArgument};
use cast::Cast;
use stage::{Keys, Stage};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use timeline::Timeline;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use verdict::Verdict;

/// A story without an end must not hang: `--once` is given up after that time.
const STORY_TIME_MAX: Duration = Duration::from_secs(22);

/// How the demo is played.
#[derive(Debug, Clone, Copy)]
pub struct DemoOptions {
    /// One round with a verdict, instead of rounds until it is stopped.
    pub once: bool,
    /// Chooses names, numbers and dice.
    pub seed: u64,
}

/// Why a story breaks off.
#[derive(Debug, thiserror::Error)]
enum StoryError {
    /// A call came to nothing.
    #[error(transparent)]
    Door(#[from] DoorError),
    /// The table cannot go on.
    #[error("the table: {0}")]
    Table(#[from] scripted_table::TableError),
    /// Something did not happen in time.
    #[error("waited in vain for {0}")]
    Waited(String),
    /// Something else happened.
    #[error("{0}")]
    Unexpected(String),
}

/// Plays the demo on a server of its own, with files that are gone afterwards.
///
/// # Errors
/// When the server does not start, the story breaks off, or the ledger does not come out even.
pub async fn run(config: &Config, options: DemoOptions) -> Result<(), Failure> {
    let files = tempfile::Builder::new().prefix("gamification-demo-").tempdir()?;
    let config = on_its_own(config, files.path());
    let app = compose::compose(&config, true).await?;
    let shutdown = CancellationToken::new();
    let prologue = Prologue { timeline: Arc::new(Timeline::begin()), options };
    let server = prologue.keys(&config, &app).await.map(|keys| (keys, base_url(&app)));
    let mut serving = JoinSet::new();
    serving.spawn(app.run(shutdown.clone()));
    let ended = match server {
        Ok((keys, base)) => {
            let played = Box::pin(prologue.play(&base, files.path(), keys));
            tokio::select! {
                ended = played => ended,
                () = asked_to_stop() => {
                    prologue.timeline.line("\nstopping …");
                    if options.once { Err("stopped before the end".into()) } else { Ok(None) }
                }
            }
        }
        Err(error) => Err(error),
    };
    shutdown.cancel();
    while serving.join_next().await.is_some() {}
    match ended? {
        Some(verdict) => conclude(&prologue.timeline, &verdict),
        None => Ok(()),
    }
}

/// What there is before the story begins.
struct Prologue {
    timeline: Arc<Timeline>,
    options: DemoOptions,
}

impl Prologue {
    async fn keys(&self, config: &Config, app: &App) -> Result<Keys, Failure> {
        let gm = app.first_key().ok_or("the server was started before: it has keys already")?;
        Ok(Keys {
            gm: gm.expose().to_owned(),
            alice: streamer_key(config, "alice").await?,
            bob: streamer_key(config, "bob").await?,
        })
    }

    /// The verdict after one round; nothing when the rounds go on until somebody stops them.
    async fn play(&self, base: &str, files: &Path, keys: Keys) -> Result<Option<Verdict>, Failure> {
        let twitch = std::fs::read_to_string(files.join("sandbox-url"))?;
        let cast = Cast::of_seed(self.options.seed);
        let timeline = Arc::clone(&self.timeline);
        timeline.line(&format!("the demo, seed {}", self.options.seed));
        let mut stage = Stage::build(base, twitch.trim(), keys, cast, timeline).await?;
        if self.options.once {
            let round = tokio::time::timeout(STORY_TIME_MAX, scenes::round(&mut stage)).await;
            let broke_off = match round {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some("the story took too long".to_owned()),
            };
            return Ok(Some(verdict::pronounce(&stage, broke_off).await?));
        }
        stage.pace = scenes::LEISURELY;
        loop {
            scenes::round(&mut stage).await?;
            let verdict = verdict::pronounce(&stage, None).await?;
            stage.timeline.line(&format!("\n{}", verdict.line));
            if let Some(complaint) = verdict.complaints.first() {
                return Err(complaint.clone().into());
            }
            scenes::intermission(&mut stage).await?;
        }
    }
}

async fn streamer_key(config: &Config, login: &str) -> Result<String, Failure> {
    let (login, role) = (login.to_owned(), RoleArgument::Streamer);
    let command = KeyCommand::Create { login, role, campaign: None };
    let lines = Box::pin(keys::run(config, command, false)).await?;
    Ok(lines.last().cloned().ok_or("no key was printed")?)
}

fn base_url(app: &App) -> String {
    format!("http://{}", app.address())
}

/// The configuration without anything that outlives the demo or is shared with another server.
fn on_its_own(config: &Config, files: &Path) -> Config {
    let database = format!("sqlite://{}?mode=rwc", files.join("gamification.db").display());
    Config {
        data_dir: files.to_owned(),
        database: DatabaseUrl::Sqlite(Secret::new(&database)),
        redis_url: None,
        twitch: TwitchSource::Sandbox,
        // Each message is signed and acknowledged, so the story knows when one has arrived.
        eventsub_transport: EventSubTransport::Webhook,
        public_url: None,
        eventsub_secret: None,
        secret_key: None,
        ..config.clone()
    }
}

/// What is wrong goes to standard error; the ledger's line is the last one, whatever it says.
#[expect(clippy::print_stderr, reason = "this is the program's own report of its failure")]
fn conclude(timeline: &Timeline, verdict: &Verdict) -> Result<(), Failure> {
    for complaint in &verdict.complaints {
        eprintln!("{complaint}");
    }
    timeline.line(&verdict.line);
    if verdict.complaints.is_empty() {
        return Ok(());
    }
    Err("the demo did not come out even".into())
}
