//! The events of the story: two built-in ones, and three that the game master made up.

use super::super::StoryError;
use super::super::cast::Cast;
use super::super::door::{Door, text};
use super::super::scenes::HOURGLASS_VIEWERS;
use super::super::timeline::Timeline;
use serde_json::{Value, json};

/// An event that the campaign uses.
pub(in crate::demo) struct Happening {
    pub(in crate::demo) id: String,
    pub(in crate::demo) name: String,
}

/// All of them.
pub(in crate::demo) struct Happenings {
    /// The next critical on alice's channel becomes its opposite.
    pub(in crate::demo) dice: Happening,
    /// Both channels together: a message at the table.
    pub(in crate::demo) shared: Happening,
    /// Stopped by the game master.
    pub(in crate::demo) curse: Happening,
    /// Something that the table cannot do.
    pub(in crate::demo) failing: Happening,
    /// Ten seconds, and one click per viewer.
    pub(in crate::demo) hourglass: Happening,
}

impl Happenings {
    /// Makes and enables them.
    ///
    /// # Errors
    /// When the server refuses one.
    pub(in crate::demo) async fn arrange(
        gm: &Door,
        campaign: &str,
        cast: &Cast,
        timeline: &Timeline,
    ) -> Result<Self, StoryError> {
        let built_in = gm.all("/events").await?;
        let happenings = Self {
            dice: known(&built_in, "dice-invert")?,
            shared: known(&built_in, "group-chat-message")?,
            curse: made(gm, curse(cast)).await?,
            failing: made(gm, failing(cast)).await?,
            hourglass: made(gm, hourglass(cast)).await?,
        };
        let Self { dice, shared, curse, failing, hourglass } = &happenings;
        let few = |clicks: usize| {
            let share = 0.01;
            json!({ "isEnabled": true, "objectiveCoefficient": share, "minimumObjective": clicks })
        };
        let settings = [
            (dice, few(cast.dice_clicks)),
            (shared, few(cast.shared_minimum)),
            (curse, json!({ "isEnabled": true })),
            (failing, json!({ "isEnabled": true })),
            (hourglass, json!({ "isEnabled": true, "maxContributionsPerViewer": 1 })),
        ];
        for (event, setting) in settings {
            gm.put(&format!("{campaign}/events/{}", event.id), setting).await?;
            timeline.tell("gm", &format!("enables “{}”", event.name));
        }
        Ok(happenings)
    }
}

fn known(events: &[Value], slug: &str) -> Result<Happening, StoryError> {
    let event = events.iter().find(|event| event["slug"] == slug);
    let event = event.ok_or_else(|| StoryError::Unexpected(format!("there is no event {slug}")))?;
    happening(event)
}

async fn made(gm: &Door, event: Value) -> Result<Happening, StoryError> {
    happening(&gm.post("/events", event).await?)
}

fn happening(event: &Value) -> Result<Happening, StoryError> {
    Ok(Happening { id: text(event, "id")?, name: text(event, "name")? })
}

fn curse(cast: &Cast) -> Value {
    json!({
        "slug": "curse-of-the-left-boot",
        "name": "Curse of the left boot",
        "description": "One boot of the party is cursed. Nobody says which.",
        "trigger": { "type": "manual" },
        "action": chat("A boot squeaks. It will not stop."),
        "cost": 200,
        "objectiveCoefficient": 0.01,
        // More than will come before it is stopped.
        "minimumObjective": cast.cancelled_clicks + 2,
        "duration": 120,
        "cooldown": none(),
    })
}

fn failing(cast: &Cast) -> Value {
    json!({
        "slug": "heal-the-stranger",
        "name": "Heal the stranger",
        "description": "Somebody who is not at the table feels better.",
        "trigger": { "type": "manual" },
        "action": {
            "type": "stat_modify",
            "config": {
                "actorId": "actorOfNobody",
                "updates": { "system.attributes.hp.value": 10 },
            },
        },
        "cost": 350,
        "objectiveCoefficient": 0.01,
        "minimumObjective": cast.failing_clicks,
        "duration": 60,
        "cooldown": none(),
    })
}

fn hourglass(cast: &Cast) -> Value {
    json!({
        "slug": "turn-the-hourglass",
        "name": "Turn the hourglass",
        "description": "Ten seconds, and one click for each of you.",
        "trigger": { "type": "manual" },
        "action": chat("The sand runs upwards."),
        "cost": 100,
        "objectiveCoefficient": 0.01,
        "minimumObjective": HOURGLASS_VIEWERS + cast.missing_clicks,
        "duration": 10,
        "cooldown": none(),
    })
}

fn chat(content: &str) -> Value {
    json!({ "type": "chat_message", "config": { "content": content } })
}

fn none() -> Value {
    json!({ "type": "time", "config": { "durationSeconds": 0 } })
}
