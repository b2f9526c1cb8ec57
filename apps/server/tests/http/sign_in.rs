//! Sign-in with Twitch, as a browser does it, with a sandbox on the other side.

mod browser;
mod devices;
mod refusals;
mod round_trip;
#[cfg(feature = "sandbox")]
mod sandbox;
mod sessions;
mod vault;
