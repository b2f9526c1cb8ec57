//! Sign-in with Twitch: `/auth/twitch` leads there, `/auth/twitch/callback` takes the answer,
//! `/auth/logout` forgets the browser.
//!
//! What was asked for travels in a sealed cookie of the browser that asked, so that an answer is
//! taken only from that browser, once, within ten minutes. Nothing that goes wrong on the way
//! touches the login that a person has.

mod answer;
mod attempt;
mod callback;
mod devices;
mod logout;
#[cfg(feature = "sandbox")]
mod newcomer;
mod person;
mod spent;
mod start;

pub(crate) use attempt::is_local_path;
pub use devices::{DeviceLogin, DeviceLoginId, DeviceProgress};
pub(crate) use start::asked_for;

use crate::http::RouteTable;
use devices::Devices;
use gamification_twitch::TwitchLogins;
use poem::{Endpoint, EndpointExt, Response, Route, get, post};
use spent::Spent;
use std::sync::Arc;

/// The root of these pages, below which the cookie of an attempt is sent.
pub const PREFIX: &str = "/auth";
const CALLBACK: &str = "/auth/twitch/callback";

const DAY_SECONDS: u32 = 24 * 3600;

/// What sign-in needs beside the use cases.
pub struct SignIn {
    logins: Arc<TwitchLogins>,
    rules: SignInRules,
    spent: Spent,
    devices: Devices,
}

/// The installation's choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInRules {
    /// Whether everybody who signs in for the first time may make campaigns.
    pub open_signup: bool,
    /// For how many days a browser stays signed in.
    pub session_days: u32,
}

impl SignIn {
    /// Sign-in with that Twitch.
    #[must_use]
    pub fn new(logins: Arc<TwitchLogins>, rules: SignInRules) -> Self {
        Self { logins, rules, spent: Spent::default(), devices: Devices::default() }
    }

    const fn session_seconds(&self) -> u32 {
        self.rules.session_days.saturating_mul(DAY_SECONDS)
    }
}

/// Where Twitch sends people back to: an address of the configuration, never of a request.
fn redirect_url(public_url: &str) -> String {
    format!("{public_url}{CALLBACK}")
}

/// The pages below [`PREFIX`].
pub(crate) fn pages() -> impl Endpoint<Output = Response> + 'static {
    let routes = Route::new()
        .at("/twitch", get(start::start))
        .at("/twitch/callback", get(callback::callback))
        .at("/logout", post(logout::logout));
    #[cfg(feature = "sandbox")]
    let routes = routes.at("/sandbox/people", post(newcomer::newcomer));
    routes.map_to_response()
}

/// Names the pages' methods.
pub(crate) fn add_routes(table: &mut RouteTable) {
    table.add("/auth/twitch", ["get"]);
    table.add(CALLBACK, ["get"]);
    table.add("/auth/logout", ["post"]);
    #[cfg(feature = "sandbox")]
    table.add("/auth/sandbox/people", ["post"]);
}
