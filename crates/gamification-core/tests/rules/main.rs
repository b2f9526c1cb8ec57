//! The pure rules through their public face: goals, what a click can meet, what Twitch should show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod admission;
mod audiences;
mod combat;
mod desired_reward;
mod goals;
mod goals_properties;
mod preview;
mod settings;
