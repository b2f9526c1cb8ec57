//! What the actions that put an effect on a spell or a monster have in common.
//!
//! The published module says each effect in the table's chat itself, in words of its own, so these
//! actions say nothing there: it would be said twice. Our sentence with both results travels in
//! `effect.message`, as plain text; our module shows it, and the report repeats it. The choice was
//! made when the step was planned, so the report is read from the step.

use crate::event::Colour;
use crate::instance::{EffectTarget, EffectType, ExecutionReport, Instance, TargetKind};
use crate::text::{shown_name, single_spaced, without_markup};
use crate::validation::Fields;
use crate::validation::limits::MESSAGE_CHARS;
use crate::vtt::{CommandKind, VttCommand};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Longest address of a picture that is passed on, in bytes.
const PICTURE_BYTES_MAX: usize = 512;

/// How an effect looks and what is said with it: `highlightColor`, `message`.
pub(super) struct Look<'a> {
    colour: Option<Colour>,
    message: &'a str,
}

impl<'a> Look<'a> {
    pub(super) fn read(fields: &mut Fields<'a>) -> Self {
        let colour = fields.colour("highlightColor");
        Self { colour, message: fields.text("message", MESSAGE_CHARS).unwrap_or_default() }
    }

    /// The `effect` of a payload: its own fields, and what every effect has.
    pub(super) fn effect(
        &self,
        kind: EffectType,
        own: Map<String, Value>,
        results: &str,
        instance: &Instance,
    ) -> Value {
        let mut effect = own;
        effect.insert("type".to_owned(), json!(kind));
        let message = single_spaced(&format!("{} {results}", self.message));
        effect.insert("message".to_owned(), message.into());
        // The published module puts it into markup as it is, and shows it as text elsewhere.
        effect.insert("triggeredBy".to_owned(), plain_name(&instance.label.name.en).into());
        if let Some(colour) = &self.colour {
            effect.insert("highlightColor".to_owned(), colour.0.clone().into());
        }
        effect.into()
    }
}

/// A name that may be put into markup and be shown as text.
pub(super) fn plain_name(name: &str) -> String {
    shown_name(&without_markup(name))
}

/// The name, or other words for what has none.
pub(super) fn name_or(name: &str, otherwise: &str) -> String {
    let name = plain_name(name);
    if name.is_empty() { otherwise.to_owned() } else { name }
}

/// The address of a picture, unless it is one that the published module's attribute would not hold.
pub(super) fn picture(address: Option<&str>) -> Option<&str> {
    let is_harmful = |c: char| c.is_control() || "<>\"'`".contains(c);
    address.filter(|address| {
        !address.is_empty() && address.len() <= PICTURE_BYTES_MAX && !address.contains(is_harmful)
    })
}

/// A payload of `apply_spell_effect` or `apply_monster_effect`, as far as a report tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Applied {
    #[serde(alias = "spellName", alias = "monsterName")]
    name: String,
    #[serde(default, alias = "spellImg", alias = "monsterImg")]
    image: Option<String>,
    #[serde(default)]
    character_name: Option<String>,
    effect: AppliedEffect,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppliedEffect {
    #[serde(rename = "type")]
    kind: EffectType,
    #[serde(default)]
    duration_seconds: Option<u32>,
    message: String,
}

/// What happened, from the step of that kind.
pub(super) fn report(kind: TargetKind, steps: &[VttCommand]) -> ExecutionReport {
    let command = match kind {
        TargetKind::Spell => CommandKind::ApplySpellEffect,
        TargetKind::Monster => CommandKind::ApplyMonsterEffect,
    };
    let step = steps.iter().find(|step| step.command.kind == command);
    let Some(applied) = step.and_then(|step| Applied::deserialize(&step.command.payload).ok())
    else {
        // The event's action was changed after another one's steps went out.
        return ExecutionReport::default();
    };
    ExecutionReport {
        message: Some(applied.effect.message),
        target: Some(EffectTarget {
            kind,
            name: applied.name,
            character_name: applied.character_name,
            image_url: applied.image,
        }),
        effect_type: Some(applied.effect.kind),
        duration_seconds: applied.effect.duration_seconds,
        ..ExecutionReport::default()
    }
}
