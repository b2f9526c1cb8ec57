//! What is to be simulated, and what came of it: flat, some fields for one kind only.

use super::PracticeRollView;
use crate::practice_table::PracticeRoll;
use crate::problem::Problem;
use crate::simulate::{Clicked, Clicks, RollWish};
use gamification_core::validation::FieldError;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// What is to be simulated.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Simulation", rename_all = "camelCase")]
pub(super) struct SimulationInput {
    /// Viewers or the table.
    kind: SimulationKind,
    /// Which event's reward viewers redeem; only with `redemptions`, and needed there.
    event_id: Option<Uuid>,
    /// On whose channel; only with `redemptions`, and needed there.
    streamer_id: Option<Uuid>,
    /// How often, 1–200; only with `redemptions`, and needed there.
    count: Option<u32>,
    /// By how many people; up to twenty unless it is given, or more where a viewer's clicks are
    /// limited. Only with `redemptions`.
    viewers: Option<u32>,
    /// What is rolled, a sum of dice and numbers; `1d20` unless it is given. Only with `roll`.
    formula: Option<String>,
    /// What the first die shows; 20 unless it is given. Only with `roll`.
    result: Option<i64>,
    /// Who rolls. Unless it is given, the character of a streamer whose goal waits for a roll, or
    /// else the first that is assigned. Only with `roll`.
    character_id: Option<Uuid>,
    /// Whether only the game master sees it; not unless it is given. Only with `roll`.
    is_hidden: Option<bool>,
}

/// What can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum SimulationKind {
    /// Viewers redeem a reward.
    Redemptions,
    /// The practice table rolls.
    Roll,
}

/// The same, with what belongs together.
pub(super) enum Wish {
    Clicks(Clicks),
    Roll(RollWish),
}

impl SimulationInput {
    /// # Errors
    /// 400 for a field that is missing or belongs to the other kind.
    pub(super) fn wish(self) -> Result<Wish, Problem> {
        let of_clicks = [
            ("eventId", self.event_id.is_some()),
            ("streamerId", self.streamer_id.is_some()),
            ("count", self.count.is_some()),
            ("viewers", self.viewers.is_some()),
        ];
        let of_rolls = [
            ("formula", self.formula.is_some()),
            ("result", self.result.is_some()),
            ("characterId", self.character_id.is_some()),
            ("isHidden", self.is_hidden.is_some()),
        ];
        match self.kind {
            SimulationKind::Redemptions => refuse_given(&of_rolls, "roll")?,
            SimulationKind::Roll => refuse_given(&of_clicks, "redemptions")?,
        }
        if self.kind == SimulationKind::Roll {
            return Ok(Wish::Roll(RollWish {
                formula: self.formula,
                result: self.result,
                character: self.character_id.map(Into::into),
                is_hidden: self.is_hidden.unwrap_or_default(),
            }));
        }
        let missing = |field| Problem::ill_formed_field(field, "is missing");
        Ok(Wish::Clicks(Clicks {
            event: self.event_id.ok_or_else(|| missing("eventId"))?.into(),
            streamer: self.streamer_id.ok_or_else(|| missing("streamerId"))?.into(),
            count: self.count.ok_or_else(|| missing("count"))?,
            viewers: self.viewers,
        }))
    }
}

fn refuse_given(fields: &[(&str, bool)], kind: &str) -> Result<(), Problem> {
    let given = fields.iter().filter(|(_, is_given)| *is_given);
    let reason = format!("belongs to the kind {kind}");
    let errors: Vec<_> = given.map(|(field, _)| FieldError::new(*field, reason.clone())).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::ill_formed(errors)) }
}

/// What was simulated.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct Simulated {
    /// How many clicks Twitch took; only with `redemptions`.
    sent: Option<u32>,
    /// How many it refused, and why; only with `redemptions`.
    refused: Option<Vec<RefusedClicks>>,
    /// The roll; only with `roll`.
    roll: Option<PracticeRollView>,
}

/// Clicks that Twitch refused.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct RefusedClicks {
    /// Why, as in `paused` or `not_enough_points`.
    reason: String,
    /// How many.
    count: u32,
}

impl From<Clicked> for Simulated {
    fn from(Clicked { sent, refused }: Clicked) -> Self {
        let refused = refused.into_iter();
        let refused = refused.map(|(reason, count)| RefusedClicks { reason, count }).collect();
        Self { sent: Some(sent), refused: Some(refused), roll: None }
    }
}

impl From<PracticeRoll> for Simulated {
    fn from(roll: PracticeRoll) -> Self {
        Self { sent: None, refused: None, roll: Some(roll.into()) }
    }
}
