//! Characters and combats to choose from.

use gamification_core::campaign::{Character, CharacterDetails, CharacterKind, HitPoints, Spell};
use gamification_core::vtt::{Combat, Combatant};
use gamification_testkit::fixtures as game;

/// Elda, who has these spells.
pub fn hero(spells: &[Spell]) -> Character {
    let hero = game::character(1, &game::campaign(1), None);
    let details = CharacterDetails { spells: spells.to_vec(), ..CharacterDetails::default() };
    Character { name: "Elda".to_owned(), details, ..hero }
}

/// The prepared spell `spell-<level>` of that level, named `Spell <level>`.
pub fn spell(level: u8) -> Spell {
    Spell {
        id: format!("spell-{level}"),
        name: format!("Spell {level}"),
        level: Some(level),
        prepared: Some(true),
        ..Spell::default()
    }
}

/// These fight.
pub fn combat(combatants: &[Combatant]) -> Combat {
    Combat {
        id: "combat-1".into(),
        round: 1,
        turn: Some(0),
        combatants: combatants.to_vec(),
        started_at: game::NOW,
        ends_at: None,
    }
}

/// The goblin number `n`: combatant `goblin-<n>`, one of the actor `goblin`, 7 of 7 hit points.
pub fn goblin(n: u32) -> Combatant {
    Combatant {
        id: format!("goblin-{n}").into(),
        actor_id: Some("goblin".into()),
        name: format!("Goblin {n}"),
        image: None,
        kind: CharacterKind::Monster,
        is_hostile: true,
        is_shown: true,
        is_defeated: false,
        is_visible: true,
        hit_points: Some(HitPoints { current: Some(7), max: Some(7), temp: Some(0) }),
        is_affected: false,
    }
}
