//! The command line.

use crate::config::{Config, ConfigError, Settings};
#[cfg(feature = "sandbox")]
use crate::demo;
use crate::{api, compose, keys, logging};
use clap::{Args, Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

/// Viewers spend Channel Points together and the tabletop game changes.
#[derive(Debug, Parser)]
#[command(name = "gamification-server", version)]
pub struct Cli {
    #[command(flatten)]
    settings: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Settings as flags; each is also `GAMIFICATION_…` in the environment and a line of the file.
#[derive(Debug, Args)]
struct Flags {
    /// A file of settings, one `name = value` per line.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    bind: Option<String>,
    /// Under which address clients reach it.
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Where files are kept.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data_dir: Option<String>,
    /// Which database: sqlite: or postgres:.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Which Redis; without it, cache and broadcast stay in the process.
    #[arg(long, global = true, value_name = "URL")]
    redis_url: Option<String>,
    /// Which lines the log has.
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// How the log is written.
    #[arg(long, global = true, value_name = "text|json")]
    log_format: Option<String>,
    /// Bring PostgreSQL's schema up to date first; SQLite's is always.
    #[arg(long, global = true)]
    migrate: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve HTTP and run the workers; what happens without a command too.
    Serve,
    /// Play the whole loop without any account, on a server and a Twitch of its own.
    #[cfg(feature = "sandbox")]
    Demo {
        /// End after one round, with the ledger as the last line.
        #[arg(long)]
        once: bool,
        /// Chooses names, numbers and dice: the same seed, the same story.
        #[arg(long, default_value_t = 7)]
        seed: u64,
    },
    /// Bring the database's schema up to date.
    Migrate,
    /// Print the `OpenAPI` document.
    Openapi,
    /// API keys.
    Key {
        #[command(subcommand)]
        command: keys::KeyCommand,
    },
}

/// Why the program ended before its time; printed for whoever started it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Does what the arguments say, until it is done or told to stop.
///
/// # Errors
/// When it cannot.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let command = cli.command.unwrap_or(Command::Serve);
    let config = cli.settings.config(command.defaults())?;
    match command {
        Command::Serve => serve(&config, cli.settings.migrate).await,
        #[cfg(feature = "sandbox")]
        Command::Demo { once, seed } => {
            logging::start(&config)?;
            Box::pin(demo::run(&config, demo::DemoOptions { once, seed })).await
        }
        Command::Migrate => {
            logging::start(&config)?;
            Ok(compose::migrate(&config).await?)
        }
        Command::Openapi => Ok(say(api::document_yaml()?.trim_end())?),
        Command::Key { command } => {
            for line in keys::run(&config, command, cli.settings.migrate).await? {
                say(&line)?;
            }
            Ok(())
        }
    }
}

impl Command {
    /// Settings with which it starts when nobody says anything else.
    const fn defaults(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            // Beside any other server, and with nothing but the story on the screen.
            #[cfg(feature = "sandbox")]
            Self::Demo { .. } => &[("bind", "127.0.0.1:0"), ("log", "error")],
            Self::Serve | Self::Migrate | Self::Openapi | Self::Key { .. } => &[],
        }
    }
}

impl Flags {
    fn config(&self, defaults: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let mut settings = Settings::default();
        for (name, value) in defaults {
            settings.add(name, (*value).to_owned())?;
        }
        if let Some(file) = &self.config {
            settings.add_file(file)?;
        }
        settings.add_environment(std::env::vars_os())?;
        for (name, flag) in [
            ("bind", &self.bind),
            ("public_url", &self.public_url),
            ("data_dir", &self.data_dir),
            ("database_url", &self.database_url),
            ("redis_url", &self.redis_url),
            ("log", &self.log),
            ("log_format", &self.log_format),
        ] {
            if let Some(value) = flag {
                settings.add(name, value.clone())?;
            }
        }
        Config::load(&settings)
    }
}

async fn serve(config: &Config, migrate: bool) -> Result<(), Failure> {
    logging::start(config)?;
    let app = compose::compose(config, migrate).await?;
    if let Some(key) = app.first_key() {
        say(&format!("first key: {}", key.expose()))?;
    }
    let shutdown = CancellationToken::new();
    let stopped = shutdown.clone();
    let signal = async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        stopped.cancel();
    };
    tokio::join!(app.run(shutdown), signal);
    Ok(())
}

/// Returns when the process is told to end.
pub(crate) async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

/// One line for whoever started the program; nothing is wrong when they have read enough.
fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        said => said,
    }
}
