//! The events that every installation begins with, in English and French.
//!
//! Those whose actions come with a later release come with a later migration. `treasure-drop` is
//! not here for another reason: it cannot be used before somebody says which actor's loot is
//! dropped, and a built-in event is read-only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use serde_json::{Value, json};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const DICE_INVERT: Uuid = Uuid::from_u128(0x01930000_0000_7000_8000_000000000001);
const GROUP_CHAT_MESSAGE: Uuid = Uuid::from_u128(0x01930000_0000_7000_8000_000000000008);

/// A built-in event, as far as they differ.
struct BuiltIn {
    id: Uuid,
    slug: &'static str,
    name: [&'static str; 2],
    description: [&'static str; 2],
    scope: &'static str,
    trigger: (&'static str, Value),
    action: (&'static str, Value),
    cost: i64,
    coefficient_hundredths: i64,
    duration_seconds: i64,
    cooldown_seconds: i64,
    reward_colour: &'static str,
}

fn built_in() -> [BuiltIn; 2] {
    let both_kinds =
        json!({ "criticalSuccess": { "enabled": true }, "criticalFailure": { "enabled": true } });
    let inversion = json!({
        "trollMessage": "The viewers have spoken: fate is turned upside down!",
        "deleteOriginal": true,
    });
    let message = json!({ "content": "The viewers of all channels have joined forces!" });
    [
        BuiltIn {
            id: DICE_INVERT,
            slug: "dice-invert",
            name: ["Invert the die", "Inverser le dé"],
            description: [
                "Reach the goal together, and the next critical at the table turns into its \
                 opposite.",
                "Atteignez l'objectif ensemble : le prochain critique à la table devient son \
                 contraire.",
            ],
            scope: "individual",
            trigger: ("dice_critical", both_kinds),
            action: ("dice_invert", inversion),
            cost: 1000,
            coefficient_hundredths: 30,
            duration_seconds: 60,
            cooldown_seconds: 300,
            reward_colour: "#FF6B6B",
        },
        BuiltIn {
            id: GROUP_CHAT_MESSAGE,
            slug: "group-chat-message",
            name: ["A message from everyone", "Un message de tous"],
            description: [
                "All channels reach one goal together, and the table gets a message.",
                "Toutes les chaînes atteignent un objectif commun : la table reçoit un message.",
            ],
            scope: "group",
            trigger: ("manual", json!({})),
            action: ("chat_message", message),
            cost: 300,
            coefficient_hundredths: 20,
            duration_seconds: 120,
            cooldown_seconds: 300,
            reward_colour: "#9146FF",
        },
    ]
}

const COLUMNS: [&str; 22] = [
    "id",
    "slug",
    "name_en",
    "name_fr",
    "description_en",
    "description_fr",
    "scope",
    "trigger_type",
    "trigger_config",
    "action_type",
    "action_config",
    "completion",
    "cost",
    "coefficient_hundredths",
    "minimum_objective",
    "duration_seconds",
    "armed_ttl_seconds",
    "cooldown",
    "recalculate_objective",
    "reward_colour",
    "is_system",
    "created_by",
];

impl BuiltIn {
    /// In the order of [`COLUMNS`].
    fn into_values(self) -> [Expr; 22] {
        let cooldown =
            json!({ "type": "time", "config": { "durationSeconds": self.cooldown_seconds } });
        [
            self.id.into(),
            self.slug.into(),
            self.name[0].into(),
            self.name[1].into(),
            self.description[0].into(),
            self.description[1].into(),
            self.scope.into(),
            self.trigger.0.into(),
            self.trigger.1.to_string().into(),
            self.action.0.into(),
            self.action.1.to_string().into(),
            "auto".into(),
            self.cost.into(),
            self.coefficient_hundredths.into(),
            3_i64.into(),
            self.duration_seconds.into(),
            1800_i64.into(),
            cooldown.to_string().into(),
            false.into(),
            self.reward_colour.into(),
            true.into(),
            Option::<Uuid>::None.into(),
        ]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut insert = Query::insert();
        insert.into_table("events").columns(COLUMNS);
        for event in built_in() {
            insert.values(event.into_values()).map_err(|e| DbErr::Migration(e.to_string()))?;
        }
        manager.execute(insert).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ids = built_in().map(|event| event.id);
        manager
            .execute(
                Query::delete().from_table("events").cond_where(Expr::col("id").is_in(ids)).take(),
            )
            .await
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
