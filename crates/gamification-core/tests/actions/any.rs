//! Any spells and combatants, for properties.

use gamification_core::campaign::{CharacterKind, HitPoints, Spell};
use gamification_core::vtt::Combatant;
use proptest::prelude::*;

/// Any spell that a table could tell of; ids are often equal.
pub fn any_spell() -> impl Strategy<Value = Spell> {
    let effect = prop::option::weighted(0.3, prop::sample::select(vec!["disable", "buff", "?"]));
    let level = prop_oneof![Just(None), Just(Some(0)), any::<u8>().prop_map(Some)];
    let picture = prop::option::of(".{0,20}");
    ("[a-c]{0,2}", ".{0,80}", picture, level, any::<Option<bool>>(), effect).prop_map(
        |(id, name, img, level, prepared, effect)| Spell {
            id,
            name,
            img,
            level,
            school: None,
            prepared,
            active_effect: effect.map(str::to_owned),
        },
    )
}

/// Anybody who could fight.
pub fn any_combatant() -> impl Strategy<Value = Combatant> {
    let kinds = vec![CharacterKind::Pc, CharacterKind::Npc, CharacterKind::Monster];
    let actor = prop::option::of("[a-c]");
    let points = prop::option::of(any::<(Option<i64>, Option<i64>, Option<i64>)>());
    let flags = any::<(bool, bool, bool)>();
    let who = ("[a-z]{4}", actor, ".{0,80}", prop::option::of(".{0,20}"));
    (who, prop::sample::select(kinds), points, flags).prop_map(
        |((id, actor, name, image), kind, points, (is_defeated, is_visible, is_affected))| {
            Combatant {
                id: id.into(),
                actor_id: actor.map(Into::into),
                name,
                image,
                kind,
                is_hostile: kind != CharacterKind::Pc,
                is_shown: is_visible,
                is_defeated,
                is_visible,
                hit_points: points.map(|(current, max, temp)| HitPoints { current, max, temp }),
                is_affected,
            }
        },
    )
}
