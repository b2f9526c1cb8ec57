//! The events of the wire, read from JSON (5-vtt-protocol). Pure.
//!
//! The sender is somebody else's module: fields that are not known are passed by, those that may be
//! missing may be null. What cannot be understood is refused with a reason that a person can act
//! on; nothing here panics, whatever the JSON holds.

mod character;
mod combat;
mod message_rolls;
mod reader;
mod roll;
mod session;
mod terms;

pub use character::{
    parse_actor_deletion, parse_character, parse_effect_end, parse_monster_effect,
};
pub use combat::{COMBAT_EVENTS, is_change_of_scene, parse_combat};
pub use message_rolls::MessageRolls;
pub use reader::WireError;
pub use roll::{ReportedRoll, parse_roll};
pub use session::{Hello, parse_command_result, parse_hello, parse_panic, parse_pong_version};
