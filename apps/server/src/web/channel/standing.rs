//! Whether we may act for the channel on Twitch, and until when rewards may appear on it.

use super::Place;
use crate::problem::Problem;
use crate::services::Services;
use crate::web::page::address;
use gamification_core::login::{LoginState, TwitchLogin};
use gamification_core::time::Timestamp;
use gamification_twitch::scopes::{CHAT, REWARDS};

/// The lengths of an authorisation that are offered, in hours.
const HOURS: [u32; 6] = [4, 12, 24, 3 * 24, 7 * 24, 30 * 24];

/// How the channel stands.
pub(super) struct Standing {
    login: Option<TwitchLogin>,
    is_sandbox: bool,
    /// The end of the authorisation, while it lasts.
    pub(super) authorised_until: Option<Timestamp>,
    /// Whether there was an authorisation that ran out.
    pub(super) has_run_out: bool,
    now: Timestamp,
    return_to: String,
}

impl Standing {
    /// How the channel stands now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn read(services: &Services, place: &Place) -> Result<Self, Problem> {
        let (queries, now) = (&services.core.ports().queries, services.core.ports().clock.now());
        let logins = queries.logins(&[place.person.user.id]).await?;
        let until = place.membership.authorised_until;
        Ok(Self {
            login: logins.into_iter().next(),
            is_sandbox: services.twitch == "sandbox",
            authorised_until: until.filter(|until| *until > now),
            has_run_out: until.is_some_and(|until| until <= now),
            now,
            return_to: place.address(),
        })
    }

    /// The look of the light of the login, and the key of its words.
    pub(super) fn light(&self) -> (&'static str, &'static str) {
        let Some(login) = &self.login else {
            // The sandbox lets us act for whoever never logged in.
            return if self.is_sandbox {
                ("good", "login-sandbox")
            } else {
                ("warn", "login-never")
            };
        };
        match login.state {
            LoginState::NeedsLogin { .. } => ("bad", "login-needed"),
            LoginState::Connected if login.scopes.iter().any(|scope| scope == REWARDS) => {
                ("good", "login-connected")
            }
            LoginState::Connected => ("warn", "login-lacks-rewards"),
        }
    }

    /// Whether the button that leads to Twitch is the thing to press.
    pub(super) fn has_to_log_in(&self) -> bool {
        self.light().0 != "good"
    }

    /// Whether the button that leads to Twitch is shown at all.
    pub(super) const fn has_login_button(&self) -> bool {
        !self.is_sandbox || self.login.is_some()
    }

    /// Since when the login is good or dead.
    pub(super) fn since(&self) -> Option<Timestamp> {
        let login = self.login.as_ref()?;
        Some(match login.state {
            LoginState::Connected => login.logged_in_at,
            LoginState::NeedsLogin { since, .. } => since,
        })
    }

    /// Where a login begins that ends on this page.
    pub(super) fn login_address(&self) -> String {
        address("/auth/twitch", &[("for", "streamer"), ("return", &self.return_to)])
    }

    /// Where a login begins that lets goals be told in the chat; `None` when it was allowed.
    pub(super) fn chat_login_address(&self) -> Option<String> {
        let is_allowed = |login: &TwitchLogin| login.scopes.iter().any(|scope| scope == CHAT);
        if self.is_sandbox || self.login.as_ref().is_some_and(is_allowed) {
            return None;
        }
        let query = [("for", "streamer"), ("chat", "true"), ("return", &*self.return_to)];
        Some(address("/auth/twitch", &query))
    }

    /// How long the authorisation still lasts, in seconds.
    pub(super) fn seconds_left(&self) -> u32 {
        self.authorised_until.map_or(0, |until| self.now.seconds_until(until))
    }

    /// The lengths that can be chosen, in hours.
    pub(super) const fn hours(&self) -> [u32; 6] {
        HOURS
    }
}

/// Whether that length can be chosen.
pub(super) fn is_offered(hours: u32) -> bool {
    HOURS.contains(&hours)
}
