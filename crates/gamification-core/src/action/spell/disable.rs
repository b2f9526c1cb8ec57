//! A spell is sealed.

use super::super::effect::Look;
use super::SpellEffect;
use crate::event::HandlerConfig;
use crate::instance::EffectType;
use crate::validation::limits::SEAL_SECONDS;
use crate::validation::{FieldError, Fields};
use serde_json::{Map, json};

/// How long a spell is sealed when the event does not say, in seconds.
const DURATION_SECONDS_DEFAULT: u32 = 600;

pub(super) fn effect(config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let duration = fields.integer("durationSeconds", SEAL_SECONDS);
    let duration = duration.unwrap_or(DURATION_SECONDS_DEFAULT);
    let look = Look::read(&mut fields);
    fields.finish(SpellEffect {
        kind: EffectType::Disable,
        own: Map::from_iter([("durationSeconds".to_owned(), json!(duration))]),
        becomes: format!("sealed for {}", in_words(duration)),
        look,
    })
}

/// A duration in its largest whole unit.
fn in_words(seconds: u32) -> String {
    let (count, unit) = match seconds {
        s if s.is_multiple_of(3600) => (s / 3600, "hour"),
        s if s.is_multiple_of(60) => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
