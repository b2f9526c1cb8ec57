//! `key create|list|revoke`: API keys from the command line, beside a running server or without
//! one.

use crate::auth::new_api_key;
use crate::cli::Failure;
use crate::compose::{self, Kernel};
use crate::config::Config;
use crate::people::user_of_login;
use clap::{Subcommand, ValueEnum};
use gamification_core::access::{Actor, ApiKey, Role};
use gamification_core::campaign::User;
use gamification_core::service::NewKey;
use uuid::Uuid;

/// What may be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key, and the person when needed; its text is the last line.
    Create {
        /// The person's login on Twitch.
        #[arg(long, value_name = "NAME")]
        login: String,
        /// What the key lets them do.
        #[arg(long, value_enum)]
        role: RoleArgument,
        /// The only campaign that the key opens.
        #[arg(long, value_name = "ID")]
        campaign: Option<Uuid>,
    },
    /// List all keys, newest first.
    List,
    /// Take a key back.
    Revoke {
        /// The key's id, as the list has it.
        id: Uuid,
    },
}

/// A role on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleArgument {
    /// Leads campaigns, and may make them.
    Gm,
    /// Takes part with a channel.
    Streamer,
    /// Administers the installation.
    Admin,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Gm => Self::Gm,
            RoleArgument::Streamer => Self::Streamer,
            RoleArgument::Admin => Self::Admin,
        }
    }
}

/// Does it, and returns the lines to print.
///
/// # Errors
/// When it cannot be done.
pub async fn run(
    config: &Config,
    command: KeyCommand,
    migrate: bool,
) -> Result<Vec<String>, Failure> {
    let kernel = compose::kernel(config, migrate, None).await?;
    let done = carry_out(&kernel, command).await;
    kernel.shutdown().await;
    done
}

async fn carry_out(kernel: &Kernel, command: KeyCommand) -> Result<Vec<String>, Failure> {
    match command {
        KeyCommand::Create { login, role, campaign } => {
            let key = create(kernel, &login, role.into(), campaign).await?;
            Ok(vec![key])
        }
        KeyCommand::List => list(kernel).await,
        KeyCommand::Revoke { id } => {
            kernel.core.revoke_key(&Actor::Service, id.into()).await?;
            Ok(vec![format!("revoked {id}")])
        }
    }
}

async fn create(
    kernel: &Kernel,
    login: &str,
    role: Role,
    campaign: Option<Uuid>,
) -> Result<String, Failure> {
    let core = &kernel.core;
    if kernel.accounts.by_login(login).await?.is_none() {
        kernel.twitch.invent_account(login).await;
    }
    let user = user_of_login(core, &*kernel.accounts, login).await?;
    // Whoever may run this command admits people: that is what makes a GM.
    let wanted = User {
        is_admin: user.is_admin || role == Role::Admin,
        may_create_campaigns: user.may_create_campaigns || role != Role::Streamer,
        ..user.clone()
    };
    if wanted != user {
        core.save_user(&Actor::Service, wanted).await?;
    }
    let secret = new_api_key();
    let key = NewKey {
        user_id: user.id,
        role,
        campaign_id: campaign.map(Into::into),
        hash: secret.hash,
        expires_at: None,
    };
    core.create_key(&Actor::Service, key).await?;
    Ok(secret.text)
}

async fn list(kernel: &Kernel) -> Result<Vec<String>, Failure> {
    let queries = &kernel.core.ports().queries;
    let mut lines = Vec::new();
    for key in queries.keys().await? {
        let user = queries.user(key.user_id).await?;
        let login = user.map_or_else(|| key.user_id.to_string(), |user| user.login);
        lines.push(line(&key, &login));
    }
    Ok(lines)
}

fn line(key: &ApiKey, login: &str) -> String {
    let role = match key.role {
        Role::Admin => "admin",
        Role::Gm => "gm",
        Role::Streamer => "streamer",
    };
    let campaign = key.campaign_id.map_or_else(|| "all campaigns".into(), |id| id.to_string());
    let state = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("expires {at}"),
        (None, None) => "works".to_owned(),
    };
    format!("{}\t{login}\t{role}\t{campaign}\t{state}\tmade {}", key.id, key.created_at)
}
