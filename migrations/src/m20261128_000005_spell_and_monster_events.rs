//! The built-in events on spells and monsters, in English and French.
//!
//! They differ in little, so this step says the rest once. It shares nothing with the step of the
//! first built-in events, which must stay as it was when it ran.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use serde_json::{Value, json};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The key of the built-in event with that number.
const fn key(number: u128) -> Uuid {
    Uuid::from_u128(0x01930000_0000_7000_8000_000000000000 + number)
}

const GREEN: &str = "#10B981";
const PURPLE: &str = "#8B5CF6";
const RED: &str = "#EF4444";

/// A built-in event, as far as they differ.
struct BuiltIn {
    id: Uuid,
    slug: &'static str,
    name: [&'static str; 2],
    description: [&'static str; 2],
    action: (&'static str, Value),
    colour: &'static str,
}

fn built_in() -> [BuiltIn; 5] {
    let [disable, buff, debuff] = on_spells();
    let [stronger, weaker] = on_monsters();
    [disable, buff, debuff, stronger, weaker]
}

fn on_spells() -> [BuiltIn; 3] {
    let seal = json!({
        "durationSeconds": 600,
        "highlightColor": PURPLE,
        "message": "The viewers have sealed a spell!",
    });
    let blessing = json!({
        "buffType": "advantage",
        "highlightColor": GREEN,
        "message": "The viewers lend their strength to a spell!",
    });
    let curse = json!({
        "debuffType": "disadvantage",
        "highlightColor": RED,
        "message": "The viewers have cursed a spell!",
    });
    [
        BuiltIn {
            id: key(2),
            slug: "spell-disable",
            name: ["Seal a spell", "Sceller un sort"],
            description: [
                "Reach the goal together, and one of the character's spells is sealed for ten \
                 minutes.",
                "Atteignez l'objectif ensemble : un sort du personnage est scellé pendant dix \
                 minutes.",
            ],
            action: ("spell_disable", seal),
            colour: PURPLE,
        },
        BuiltIn {
            id: key(3),
            slug: "spell-buff",
            name: ["Strengthen a spell", "Renforcer un sort"],
            description: [
                "Reach the goal together, and the next use of one of the character's spells has \
                 advantage.",
                "Atteignez l'objectif ensemble : la prochaine utilisation d'un sort du personnage \
                 a l'avantage.",
            ],
            action: ("spell_buff", blessing),
            colour: GREEN,
        },
        BuiltIn {
            id: key(4),
            slug: "spell-debuff",
            name: ["Weaken a spell", "Affaiblir un sort"],
            description: [
                "Reach the goal together, and the next use of one of the character's spells has \
                 disadvantage.",
                "Atteignez l'objectif ensemble : la prochaine utilisation d'un sort du personnage \
                 a le désavantage.",
            ],
            action: ("spell_debuff", curse),
            colour: RED,
        },
    ]
}

fn on_monsters() -> [BuiltIn; 2] {
    let rage = json!({
        "acBonus": 2,
        "tempHp": 10,
        "highlightColor": GREEN,
        "message": "The viewers side with a monster!",
    });
    let weakness = json!({
        "acPenalty": 2,
        "maxHpReduction": 10,
        "highlightColor": RED,
        "message": "The viewers turn against a monster!",
    });
    [
        BuiltIn {
            id: key(5),
            slug: "monster-buff",
            name: ["Strengthen a monster", "Renforcer un monstre"],
            description: [
                "Reach the goal together during a combat, and one of the monsters becomes tougher.",
                "Atteignez l'objectif ensemble pendant un combat : un des monstres devient plus \
                 résistant.",
            ],
            action: ("monster_buff", rage),
            colour: GREEN,
        },
        BuiltIn {
            id: key(6),
            slug: "monster-debuff",
            name: ["Weaken a monster", "Affaiblir un monstre"],
            description: [
                "Reach the goal together during a combat, and one of the monsters becomes weaker.",
                "Atteignez l'objectif ensemble pendant un combat : un des monstres devient plus \
                 faible.",
            ],
            action: ("monster_debuff", weakness),
            colour: RED,
        },
    ]
}

impl BuiltIn {
    /// Each column with its value.
    fn into_row(self) -> [(&'static str, Expr); 22] {
        let cooldown = json!({ "type": "time", "config": { "durationSeconds": 180 } });
        [
            ("id", self.id.into()),
            ("slug", self.slug.into()),
            ("name_en", self.name[0].into()),
            ("name_fr", self.name[1].into()),
            ("description_en", self.description[0].into()),
            ("description_fr", self.description[1].into()),
            ("scope", "individual".into()),
            ("trigger_type", "manual".into()),
            ("trigger_config", "{}".into()),
            ("action_type", self.action.0.into()),
            ("action_config", self.action.1.to_string().into()),
            ("completion", "auto".into()),
            ("cost", 500_i64.into()),
            ("coefficient_hundredths", 20_i64.into()),
            ("minimum_objective", 3_i64.into()),
            ("duration_seconds", 90_i64.into()),
            ("armed_ttl_seconds", 1800_i64.into()),
            ("cooldown", cooldown.to_string().into()),
            ("recalculate_objective", false.into()),
            ("reward_colour", self.colour.into()),
            ("is_system", true.into()),
            ("created_by", Option::<Uuid>::None.into()),
        ]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for event in built_in() {
            let (columns, values): (Vec<_>, Vec<_>) = event.into_row().into_iter().unzip();
            let mut insert = Query::insert();
            insert.into_table("events").columns(columns);
            insert.values(values).map_err(|e| DbErr::Migration(e.to_string()))?;
            manager.execute(insert).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ids = built_in().map(|event| event.id);
        let condition = Expr::col("id").is_in(ids);
        manager.execute(Query::delete().from_table("events").cond_where(condition).take()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_descriptions_fit_a_twitch_reward_in_both_languages() {
        for event in built_in() {
            for name in event.name {
                assert!((3..=45).contains(&name.chars().count()), "{name}");
            }
            for description in event.description {
                assert!((1..=200).contains(&description.chars().count()), "{description}");
            }
        }
    }
}
