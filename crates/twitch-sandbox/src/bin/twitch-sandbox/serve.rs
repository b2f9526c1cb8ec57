//! Running a sandbox.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use tracing_subscriber::EnvFilter;
use twitch_sandbox::{ClientCredentials, DatabaseLocation, FaultPlan, Sandbox, SandboxConfig};

use crate::{Failure, print};

/// What is logged when `--log` does not say.
const DEFAULT_LOG: &str = "info";

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen; loopback only. Port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    bind: SocketAddr,
    /// Where the state is kept; without it the state is gone at the end.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// The client that exists.
    #[arg(long, default_value_t = SandboxConfig::default().client.client_id, value_name = "ID")]
    client_id: String,
    /// Its secret.
    #[arg(
        long,
        default_value_t = SandboxConfig::default().client.client_secret,
        value_name = "SECRET"
    )]
    client_secret: String,
    /// Where logins may lead back to, exactly; may be given several times. Without it, every
    /// address of this machine is good.
    #[arg(long, value_name = "URL")]
    redirect_url: Vec<String>,
    /// A fault plan, as JSON.
    #[arg(long, value_name = "FILE.json")]
    faults: Option<PathBuf>,
    /// The seed of the fault plan, in place of the one that it names.
    #[arg(long, requires = "faults", value_name = "N")]
    seed: Option<u64>,
    /// How long each redemption takes to settle, in milliseconds.
    #[arg(long, default_value_t = 20, value_name = "N")]
    latency_ms_per_id: u64,
    /// Helix calls in a minute, for each client and user.
    #[arg(long, default_value_t = SandboxConfig::default().rate_limit_points, value_name = "N")]
    rate_limit: u32,
    /// What is logged to the standard error: a level, or `target=level,…`.
    #[arg(long, default_value = DEFAULT_LOG, value_name = "FILTER")]
    log: String,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let filter = EnvFilter::try_new(&self.log)?;
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
        // Listened for before anybody can know that we run.
        let asked_to_stop = Signals::listen()?;
        let config = self.config()?;
        let client_id = config.client.client_id.clone();
        let sandbox = Sandbox::start(config).await?;
        print(&addresses(&sandbox, &client_id))?;
        asked_to_stop.wait().await;
        tracing::info!("the Twitch sandbox stops");
        Ok(sandbox.shutdown().await?)
    }

    fn config(self) -> Result<SandboxConfig, Failure> {
        let mut faults = self.faults.as_deref().map(plan).transpose()?;
        if let (Some(faults), Some(seed)) = (&mut faults, self.seed) {
            faults.seed = seed;
        }
        Ok(SandboxConfig {
            bind: self.bind,
            database: self.database.map_or(DatabaseLocation::Memory, DatabaseLocation::File),
            client: ClientCredentials {
                client_id: self.client_id,
                client_secret: self.client_secret,
            },
            redirect_urls: self.redirect_url,
            faults,
            settlement_latency_per_id: Duration::from_millis(self.latency_ms_per_id),
            rate_limit_points: self.rate_limit,
            ..SandboxConfig::default()
        })
    }
}

/// Reads a fault plan from a file.
pub(crate) fn plan(path: &Path) -> Result<FaultPlan, Failure> {
    let refused = |error: &dyn std::error::Error| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| refused(&error))?;
    Ok(serde_json::from_str(&text).map_err(|error| refused(&error))?)
}

/// The settings of a server that is to take this for Twitch, but for the client's secret.
fn addresses(sandbox: &Sandbox, client_id: &str) -> String {
    let (http, address) = (sandbox.base_url(), sandbox.addr());
    format!(
        "GAMIFICATION_TWITCH_API_URL={http}/helix\n\
         GAMIFICATION_TWITCH_AUTH_URL={http}\n\
         GAMIFICATION_TWITCH_EVENTSUB_URL=ws://{address}/ws\n\
         GAMIFICATION_TWITCH_CLIENT_ID={client_id}"
    )
}

/// The ways in which a process is asked to end.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn wait(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
