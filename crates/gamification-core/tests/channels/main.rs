//! What happens between us and a channel besides its redemptions: rewards that were made without an
//! answer or changed by hand, logins that return, audiences, polls, lines in the chat.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod audiences;
mod creation;
mod hand_changes;
mod idle;
mod leaving_rewards;
mod logins;
mod notices;
mod polls;
mod retired_rewards;
#[allow(dead_code, reason = "shared with the use cases, which use all of it")]
#[path = "../use_cases/support.rs"]
mod support;
mod wrapped;
