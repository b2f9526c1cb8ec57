//! What a table says of a combat, and what becomes of the combat with it. Pure.

use super::combat::{COMBAT_END_SECONDS, Combat, Combatant};
use crate::ids::{VttActorId, VttCombatId, VttCombatantId};
use crate::time::Timestamp;

/// The most combatants of a combat that are kept.
pub const COMBATANTS_MAX: usize = 200;

/// One event of a table about a combat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CombatReport {
    /// Which combat.
    pub combat_id: VttCombatId,
    /// What happened.
    pub news: CombatNews,
}

/// What happened in a combat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CombatNews {
    /// It goes on; a sign of life.
    Runs(CombatProgress),
    /// It ended, or only the scene changed: a sign of life may follow within seconds.
    Ends,
    /// Somebody joined, or is told anew.
    Joined(ReportedCombatant),
    /// Somebody left.
    Left(VttCombatantId),
    /// Somebody fell, or rose again.
    Defeated {
        /// Who.
        combatant: VttCombatantId,
        /// Whether it is out of the fight now.
        is_defeated: bool,
    },
}

impl CombatNews {
    /// Whether it says that the combat is there, but has not begun.
    #[must_use]
    pub fn is_of_a_prepared_combat(&self) -> bool {
        matches!(self, Self::Runs(progress) if progress.round == Some(0))
    }
}

/// How far a combat is. What is `None` was not told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CombatProgress {
    /// The round, from 1; 0 while it is only prepared.
    pub round: Option<u32>,
    /// Whose turn it is.
    pub turn: Option<TurnOf>,
    /// Everybody, in the order of their turns.
    pub combatants: Option<Vec<ReportedCombatant>>,
}

/// Whose turn it is, as a table says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnOf {
    /// Nobody's.
    Nobody,
    /// Of who stands at that place in the order, from 0.
    Place(u32),
    /// Of this one.
    Combatant(VttCombatantId),
}

/// Somebody who fights, as a table says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedCombatant {
    /// Who. Its `is_affected` counts for nothing.
    pub combatant: Combatant,
    /// Whether an effect of ours lasts on it; `None` when the client does not say, and what is
    /// known of it stays.
    pub is_affected: Option<bool>,
}

impl Combat {
    /// The combat of a table after one more report; `known` is the one that was kept before.
    /// `None` when the report is about none that is kept, and nothing follows from it.
    ///
    /// The same report twice is the same as once. Of two combats the last one that gave a sign of
    /// life is kept, for a table shows one at a time; one that is only prepared does not take the
    /// place of one that is fought, but means that this one is not shown any more.
    #[must_use]
    pub fn after(known: Option<&Self>, report: &CombatReport, now: Timestamp) -> Option<Self> {
        let is_it = |known: &&Self| known.id == report.combat_id;
        if report.news.is_of_a_prepared_combat()
            && let Some(fought) = known.filter(|known| !is_it(known) && known.has_begun())
        {
            let mut fought = fought.clone();
            fought.seem_over(now);
            return Some(fought);
        }
        let known = known.filter(is_it).cloned();
        if let CombatNews::Runs(progress) = &report.news {
            let mut combat = known.unwrap_or_else(|| Self::new(report.combat_id.clone(), now));
            combat.go_on(progress);
            return Some(combat);
        }
        let mut combat = known?;
        match &report.news {
            CombatNews::Runs(_) => {}
            CombatNews::Ends => combat.seem_over(now),
            CombatNews::Joined(reported) => combat.join(reported),
            CombatNews::Left(combatant) => combat.leave(combatant),
            CombatNews::Defeated { combatant, is_defeated } => {
                if let Some(fallen) = combat.combatants.iter_mut().find(|c| c.id == *combatant) {
                    fallen.is_defeated = *is_defeated;
                }
            }
        }
        Some(combat)
    }

    /// It ended, or only the scene changed: clients take effects on monsters away at once.
    fn seem_over(&mut self, now: Timestamp) {
        self.doubt(now);
        self.combatants.iter_mut().for_each(|combatant| combatant.is_affected = false);
    }

    /// Has it end soon, unless a sign of life comes first. An end that was set before stays.
    pub fn doubt(&mut self, now: Timestamp) {
        self.ends_at = self.ends_at.or(Some(now.plus_seconds(COMBAT_END_SECONDS)));
    }

    /// Whether it is being fought; tables tell of prepared ones too.
    #[must_use]
    pub const fn has_begun(&self) -> bool {
        self.round > 0
    }

    const fn new(id: VttCombatId, now: Timestamp) -> Self {
        Self { id, round: 0, turn: None, combatants: Vec::new(), started_at: now, ends_at: None }
    }

    fn go_on(&mut self, progress: &CombatProgress) {
        self.ends_at = None;
        let acting = self.acting().map(|acting| acting.id.clone());
        if let Some(reported) = &progress.combatants {
            self.replace_combatants(reported);
        }
        let former = self.round;
        // A client that does not say which round it is means one that is fought.
        let told = progress.round.unwrap_or_else(|| former.max(1));
        self.round = if former > 0 { told.max(1) } else { told };
        let turn = match &progress.turn {
            None if self.round != former => Some(0),
            None => acting.and_then(|id| self.place_of(&id)),
            Some(TurnOf::Nobody) => None,
            Some(TurnOf::Place(place)) => Some(*place),
            Some(TurnOf::Combatant(id)) => self.place_of(id),
        };
        self.turn = turn.filter(|_| self.has_begun()).filter(|turn| self.has_place(*turn));
    }

    fn replace_combatants(&mut self, reported: &[ReportedCombatant]) {
        let mut combatants: Vec<Combatant> = Vec::new();
        for one in reported {
            let is_new = combatants.iter().all(|other| other.id != one.combatant.id);
            if is_new && combatants.len() < COMBATANTS_MAX {
                combatants.push(self.known_of(one));
            }
        }
        self.combatants = combatants;
    }

    /// As it is told, with what is known of it and was not told. Effects are on actors, which
    /// several combatants may share.
    fn known_of(&self, reported: &ReportedCombatant) -> Combatant {
        let Combatant { id, actor_id, .. } = &reported.combatant;
        let is_it = |known: &&Combatant| {
            known.id == *id || (actor_id.is_some() && known.actor_id == *actor_id)
        };
        let was_affected = self.combatants.iter().filter(is_it).any(|known| known.is_affected);
        let is_affected = reported.is_affected.unwrap_or(was_affected);
        Combatant { is_affected, ..reported.combatant.clone() }
    }

    /// Notes whether an effect of ours lasts on an actor, and so on all that fight as it.
    pub fn note_effect(&mut self, actor: &VttActorId, is_affected: bool) {
        for combatant in &mut self.combatants {
            if combatant.actor_id.as_ref() == Some(actor) {
                combatant.is_affected = is_affected;
            }
        }
    }

    fn join(&mut self, reported: &ReportedCombatant) {
        let combatant = self.known_of(reported);
        if let Some(known) = self.combatants.iter_mut().find(|known| known.id == combatant.id) {
            *known = combatant;
        } else if self.combatants.len() < COMBATANTS_MAX {
            self.combatants.push(combatant);
        }
    }

    /// Whoever stood behind the one that leaves moves up; the turn stays with whose it is, or goes
    /// to the next one.
    fn leave(&mut self, id: &VttCombatantId) {
        let Some(left) = self.place_of(id) else { return };
        self.combatants.retain(|known| known.id != *id);
        let turn = self.turn.map(|turn| if turn > left { turn - 1 } else { turn });
        self.turn = turn
            .map(|turn| if self.has_place(turn) { turn } else { 0 })
            .filter(|turn| self.has_place(*turn));
    }

    pub(super) fn acting(&self) -> Option<&Combatant> {
        self.turn.and_then(|turn| self.combatants.get(turn as usize))
    }

    fn place_of(&self, id: &VttCombatantId) -> Option<u32> {
        let place = self.combatants.iter().position(|known| known.id == *id);
        place.and_then(|place| u32::try_from(place).ok())
    }

    fn has_place(&self, place: u32) -> bool {
        (place as usize) < self.combatants.len()
    }
}
