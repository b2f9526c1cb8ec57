//! A world that follows a script, at the door where worlds are paired.

use crate::door::{Door, DoorError, text};
use serde_json::{Value, json};

/// The system that scripted worlds play.
pub(crate) const SYSTEM: &str = "dnd5e";

/// A world that is to be paired.
pub(crate) struct World<'a> {
    /// The world's id.
    pub(crate) id: &'a str,
    /// What its people call it.
    pub(crate) name: &'a str,
}

impl World<'_> {
    /// Asks for a code.
    pub(crate) async fn ask(&self, server: &Door) -> Result<String, DoorError> {
        let body = json!({
            "worldId": self.id,
            "worldName": self.name,
            "gmUserId": "scriptedGm",
            "moduleVersion": "0.1.0",
            "gameSystemId": SYSTEM,
            "gameSystemName": "Dungeons & Dragons 5e",
        });
        let answer = server.post("/webhooks/foundry/request-pairing", body).await?;
        text(&answer, "code")
    }

    /// Fetches what opens its socket, once the code was claimed.
    pub(crate) async fn session_token(
        &self,
        server: &Door,
        code: &str,
    ) -> Result<String, DoorError> {
        let path = format!("/webhooks/foundry/pairing-status?worldId={}&code={code}", self.id);
        text(&server.get(&path).await?, "sessionToken")
    }
}

/// A player's character, as `character:update` tells it.
pub(crate) fn character(actor: &str, name: &str, spells: &[Value]) -> Value {
    json!({
        "characterId": actor,
        "name": name,
        "avatarUrl": null,
        "characterType": "pc",
        "stats": { "hp": { "value": 27, "max": 31 } },
        "inventory": [],
        "spells": spells,
        "features": [],
    })
}
