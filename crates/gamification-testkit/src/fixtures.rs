//! Valid entities with sensible values: one game of [`gm`] with two streamers, an individual event
//! that inverts dice and a group event that writes to the chat.
//!
//! Everything is deterministic; a number tells equal things apart. Slugs differ from those of the
//! built-in events, which a migrated database already holds.

mod combats;
mod events;
mod goals;
mod logins;
mod people;
mod points;
mod table;

pub use combats::{combat, combat_report, combat_sync, combatant};
pub use events::{campaign_config, chat_event, invert_event, streamer_config};
pub use goals::{
    armed_goal, critical_roll, executing_goal, goal, goal_of, goal_with_target, group_goal,
};
pub use logins::{chat_notice, login, login_session};
pub use people::{api_key, audit_entry, campaign, character, gm, membership, overlay, streamer};
pub use points::{counted, incoming, redemption, refused, reward};
pub use table::{command, connection, credential, dice_roll, fact, natural, pairing, plain_roll};

use gamification_core::time::Timestamp;
use uuid::Uuid;

/// When every test begins: 2026-01-01T20:00:00Z.
pub const NOW: Timestamp = Timestamp::from_micros(1_767_297_600_000_000);

/// 2023-11-14: earlier than every id of [`SequentialIds`](crate::SequentialIds).
const FIRST_MILLIS: u64 = 1_700_000_000_000;

/// That many seconds after [`NOW`].
#[must_use]
pub const fn at(seconds: u32) -> Timestamp {
    NOW.plus_seconds(seconds)
}

/// The key number `n`, UUIDv7-shaped; a greater number gives a greater key.
#[must_use]
pub fn id<T: From<Uuid>>(n: u32) -> T {
    let millis = FIRST_MILLIS + u64::from(n);
    uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid().into()
}
