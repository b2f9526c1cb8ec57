//! The sandbox Twitch: run here, or found where the server that runs beside this program has it.

use super::ComposeError;
use crate::config::Config;
use crate::door::DoorError;
use crate::sandbox::SandboxControl;
use gamification_twitch::{EventSubConfig, TwitchConfig};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;
use twitch_sandbox::{DatabaseLocation, Sandbox, SandboxConfig};

/// A sandbox on this machine.
pub(crate) struct SandboxTwitch {
    base_url: String,
    /// When it is ours; else another program runs it.
    ours: Option<Ours>,
}

struct Ours {
    sandbox: Sandbox,
    address_file: PathBuf,
    /// Held for as long as the sandbox runs; the system lets go of it when the process dies.
    _lock: Option<File>,
}

impl SandboxTwitch {
    /// Starts the sandbox on its state in the data directory. A command beside a server looks for
    /// the server's first: two must not work on one state.
    pub(super) async fn start(
        config: &Config,
        is_beside_a_server: bool,
    ) -> Result<Self, ComposeError> {
        let address_file = config.data_dir.join("sandbox-url");
        if is_beside_a_server && let Some(base_url) = running(&address_file).await {
            return Ok(Self { base_url, ours: None });
        }
        let lock = if is_beside_a_server { None } else { Some(lock(&config.data_dir)?) };
        let state = config.data_dir.join("sandbox.db");
        let settings =
            SandboxConfig { database: DatabaseLocation::File(state), ..SandboxConfig::default() };
        let sandbox = Sandbox::start(settings).await?;
        let base_url = sandbox.base_url();
        std::fs::write(&address_file, &base_url)
            .map_err(|error| ComposeError::File(address_file.display().to_string(), error))?;
        if !is_beside_a_server {
            tracing::warn!(
                url = base_url,
                "NOT THE REAL TWITCH: a sandbox that runs here, with invented people and points"
            );
        }
        Ok(Self { base_url, ours: Some(Ours { sandbox, address_file, _lock: lock }) })
    }

    /// How it is spoken to.
    pub(super) fn settings(&self) -> TwitchConfig {
        let client = SandboxConfig::default().client;
        TwitchConfig {
            client_id: client.client_id,
            client_secret: client.client_secret,
            api_url: format!("{}/helix", self.base_url),
            auth_url: self.base_url.clone(),
            eventsub: EventSubConfig::Off,
            logs_in_without_people: true,
        }
    }

    /// What speaks for its people, beside the server at that address.
    pub(super) fn control(&self, server_url: &str) -> Result<SandboxControl, DoorError> {
        SandboxControl::at(&self.base_url, server_url)
    }

    /// Makes an account with Channel Points, of a login that nobody has.
    pub(super) async fn invent_account(&self, login: &str) {
        // No table is set up: any address does for the server.
        let made = match self.control(&self.base_url) {
            Ok(control) => control.invent(login).await.map_err(|problem| problem.to_string()),
            Err(error) => Err(error.to_string()),
        };
        // Whether it is there is found out by who looks it up next.
        if let Err(error) = made {
            tracing::warn!(login, error, "the sandbox did not make the account");
        }
    }

    pub(super) async fn shutdown(self) {
        let Some(Ours { sandbox, address_file, _lock }) = self.ours else { return };
        // Whoever reads it nevertheless finds out that nobody answers.
        drop(std::fs::remove_file(address_file));
        if let Err(error) = sandbox.shutdown().await {
            tracing::warn!(%error, "the sandbox Twitch did not stop cleanly");
        }
    }
}

/// Keeps a second server from working on the state of the first.
fn lock(data_dir: &Path) -> Result<File, ComposeError> {
    let path = data_dir.join("sandbox.lock");
    let failed = |error| ComposeError::File(path.display().to_string(), error);
    let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ComposeError::InUse(data_dir.display().to_string())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// The sandbox of a server that is running on the same data directory.
async fn running(address_file: &Path) -> Option<String> {
    let base_url = std::fs::read_to_string(address_file).ok()?.trim().to_owned();
    let request = reqwest::Client::new().get(format!("{base_url}/sandbox/users"));
    let answer = request.timeout(Duration::from_secs(2)).send().await.ok()?;
    answer.status().is_success().then_some(base_url)
}
