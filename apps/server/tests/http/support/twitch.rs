//! What stands for Twitch: fakes, and the pages on which people log in.

use async_trait::async_trait;
use gamification_core::service::Gamification;
use gamification_server::people::AccountDirectory;
#[cfg(feature = "sandbox")]
use gamification_server::sandbox::SandboxControl;
use gamification_server::seal::Seal;
use gamification_server::services::SubscriptionDirectory;
use gamification_server::sign_in::{SignIn, SignInRules};
use gamification_server::vault::CoreVault;
use gamification_twitch::envelope::Revocation;
use gamification_twitch::{
    AccountsError, ChannelKind, EventSubConfig, SubscriptionState, TwitchAccount, TwitchAdapter,
    TwitchConfig,
};
use std::sync::Arc;

/// Accounts of Twitch by their logins.
pub(super) struct FakeAccounts;

#[async_trait]
impl AccountDirectory for FakeAccounts {
    /// Everybody exists but `nobody`; the id is made of the login.
    async fn by_login(&self, login: &str) -> Result<Option<TwitchAccount>, AccountsError> {
        Ok((login != "nobody").then(|| TwitchAccount {
            id: format!("twitch-{login}").into(),
            login: login.to_owned(),
            display_name: login.to_uppercase(),
            kind: ChannelKind::Affiliate,
        }))
    }
}

/// A Twitch that sends nothing.
pub(super) struct NoSubscriptions;

impl SubscriptionDirectory for NoSubscriptions {
    fn subscriptions(&self) -> Vec<SubscriptionState> {
        Vec::new()
    }

    fn ended(&self, _revocation: &Revocation) {}

    fn nudge(&self) {}
}

/// Where people log in.
pub(super) struct LoginPages<'a> {
    pub(super) url: &'a str,
    pub(super) rules: SignInRules,
}

pub(super) const RULES: SignInRules = SignInRules { open_signup: false, session_days: 30 };

/// Sign-in with the Twitch of those pages; everything else of it is a fake.
pub(super) fn sign_in(pages: &LoginPages<'_>, core: &Arc<Gamification>, seal: &Seal) -> SignIn {
    let vault = Arc::new(CoreVault::new(seal.clone()));
    vault.attach(core);
    let config = TwitchConfig {
        client_id: "sandboxclient0000000000000000".to_owned(),
        client_secret: "sandboxsecret0000000000000000".to_owned(),
        api_url: format!("{}/helix", pages.url),
        auth_url: pages.url.to_owned(),
        eventsub: EventSubConfig::Off,
        logs_in_without_people: false,
    };
    let clock = Arc::clone(&core.ports().clock);
    SignIn::new(TwitchAdapter::new(config, clock, vault).unwrap().logins, pages.rules)
}

/// What speaks for the sandbox's people, where people log in at one.
#[cfg(feature = "sandbox")]
pub(super) fn sandbox(pages: &LoginPages<'_>) -> Option<Arc<SandboxControl>> {
    let is_there = pages.url != super::NOBODY;
    is_there.then(|| Arc::new(SandboxControl::at(pages.url, super::NOBODY).unwrap()))
}
