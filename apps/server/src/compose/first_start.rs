//! The first start makes a person who may do everything, with a key.

use super::{ComposeError, Kernel};
use crate::auth::new_api_key;
use crate::config::{Config, Secret, SecretFile};
use crate::people::user_of_login;
use gamification_core::access::{Actor, Role};
use gamification_core::campaign::User;
use gamification_core::service::NewKey;

/// Whom the sandbox has from its own first start.
const LOGIN: &str = "gm";

/// The key that was made because there was none; `None` when there were keys before.
pub(super) async fn first_key(
    config: &Config,
    kernel: &Kernel,
) -> Result<Option<Secret>, ComposeError> {
    let core = &kernel.core;
    if !core.ports().queries.keys().await?.is_empty() {
        return Ok(None);
    }
    if !kernel.twitch.is_sandbox() {
        tracing::warn!("nobody has a key yet: gamification-server key create --login … --role …");
        return Ok(None);
    }
    let failed = |error: &dyn std::fmt::Display| ComposeError::FirstStart(error.to_string());
    let user = user_of_login(core, &*kernel.accounts, LOGIN).await.map_err(|e| failed(&e))?;
    let user = User { is_admin: true, may_create_campaigns: true, ..user };
    core.save_user(&Actor::Service, user.clone()).await.map_err(|e| failed(&e))?;
    let secret = new_api_key();
    let text = Secret::new(&secret.text);
    // The file first: a key that works and is written nowhere would be lost.
    let file = SecretFile::new(&config.data_dir, "first-key");
    file.write(&text)
        .map_err(|error| ComposeError::File(file.path().display().to_string(), error))?;
    let key = NewKey {
        user_id: user.id,
        role: Role::Admin,
        campaign_id: None,
        hash: secret.hash,
        expires_at: None,
    };
    core.create_key(&Actor::Service, key).await.map_err(|e| failed(&e))?;
    tracing::info!(login = LOGIN, file = %file.path().display(), "the first key was made");
    Ok(Some(text))
}
