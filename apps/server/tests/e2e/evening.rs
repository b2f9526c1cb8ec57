//! A campaign of one streamer, ready for clicks: what most tests begin with.

use crate::program::{Api, Place, until};
use scripted_table::{Script, ScriptedTable};
use serde_json::{Value, json};

/// The world that pairs.
const WORLD: &str = "the-sunken-keep";

/// `gm` leads a campaign, `alice` streams it and offers one event.
pub(crate) struct Evening {
    /// The server without a key.
    pub(crate) server: Api,
    pub(crate) gm: Api,
    pub(crate) alice: Api,
    /// The campaign's id.
    pub(crate) id: String,
    /// `/api/v1/campaigns/{id}`.
    pub(crate) campaign: String,
    pub(crate) streamer: String,
    /// The event `dice-invert`.
    pub(crate) event: String,
    pub(crate) reward: String,
}

impl Evening {
    /// From nothing, with settings of the event `dice-invert`; as 6-interfaces §2 has it.
    pub(crate) async fn begin(place: &Place, setting: Value) -> Self {
        let server = Api::at(&place.base(), None);
        let gm = Api::at(&place.base(), Some(&place.key("gm", "gm")));
        let alice = Api::at(&place.base(), Some(&place.key("alice", "streamer")));
        let made = gm.post("/api/v1/campaigns", json!({ "name": "The Sunken Keep" })).await;
        let id = made["id"].as_str().unwrap().to_owned();
        let campaign = format!("/api/v1/campaigns/{id}");
        let invited = gm.post(&format!("{campaign}/members"), json!({ "login": "alice" })).await;
        let streamer = invited["streamerId"].as_str().unwrap().to_owned();
        alice.post(&format!("{campaign}/members/{streamer}/accept"), json!({})).await;
        let events = gm.all("/api/v1/events").await;
        let event = events.iter().find(|event| event["slug"] == "dice-invert").unwrap();
        let event = event["id"].as_str().unwrap().to_owned();
        gm.put(&format!("{campaign}/events/{event}"), setting).await;
        let offer = format!("{campaign}/streamers/{streamer}/events/{event}");
        let offer = alice.put(&offer, json!({ "isEnabled": true })).await;
        let reward = offer["rewardId"].as_str().unwrap_or_else(|| panic!("{offer}")).to_owned();
        Self { server, gm, alice, id, campaign, streamer, event, reward }
    }

    pub(crate) async fn ledger(&self) -> Value {
        self.gm.get(&format!("{}/ledger", self.campaign)).await
    }

    pub(crate) async fn redemptions(&self) -> Vec<Value> {
        self.gm.all(&format!("{}/redemptions", self.campaign)).await
    }

    /// The goals, newest first.
    pub(crate) async fn goals(&self) -> Vec<Value> {
        self.gm.all(&format!("{}/instances", self.campaign)).await
    }

    /// The only goal, as soon as it is like that.
    pub(crate) async fn goal_that_is(&self, status: &str) -> Value {
        until(&format!("the goal to be {status}"), async || {
            let goals = self.goals().await;
            assert!(goals.len() <= 1, "{goals:?}");
            goals.into_iter().find(|goal| goal["status"] == status)
        })
        .await
    }

    /// Pairs a world; its session token.
    pub(crate) async fn pair(&self) -> String {
        let request = json!({
            "worldId": WORLD, "worldName": "The Sunken Keep", "gmUserId": "gm",
            "moduleVersion": "2.3.0", "gameSystemId": "dnd5e", "gameSystemName": "D&D 5e",
        });
        let asked = self.server.post("/webhooks/foundry/request-pairing", request).await;
        let code = asked["code"].as_str().unwrap();
        let status = format!("/webhooks/foundry/pairing-status?worldId={WORLD}&code={code}");
        assert_eq!(self.server.get(&status).await["status"], "pending");
        let claim = json!({ "code": code.to_lowercase(), "campaignId": self.id });
        self.gm.post("/api/v1/vtt/pairings/claim", claim).await;
        let completed = self.server.get(&status).await;
        assert_eq!(completed["status"], "completed", "{completed}");
        completed["sessionToken"].as_str().unwrap().to_owned()
    }

    /// A table connects, and is seen.
    pub(crate) async fn table(&self, place: &Place, token: &str, script: Script) -> ScriptedTable {
        let table = ScriptedTable::connect(&place.base(), token, script).await.unwrap();
        until("the table to be present", async || {
            let connections = self.gm.get("/api/v1/vtt/connections").await;
            (connections["items"][0]["status"] == "present").then_some(())
        })
        .await;
        table
    }

    /// The table tells of a character, and the game master says that alice plays it.
    pub(crate) async fn assign(&self, table: &mut ScriptedTable, actor: &str, name: &str) {
        let update = json!({
            "characterId": actor, "name": name, "characterType": "pc", "stats": {}, "spells": [],
            "inventory": [], "features": [], "vttData": {},
        });
        table.emit("character:update", update).unwrap();
        let ack = table.next_named("character:update:ack", crate::program::SOON).await.unwrap();
        assert_eq!(ack["success"], true, "{ack}");
        let characters = self.gm.get(&format!("{}/characters", self.campaign)).await;
        let characters = characters["items"].as_array().unwrap();
        let known = characters.iter().find(|one| one["vttActorId"] == actor).unwrap();
        let path = format!("/api/v1/characters/{}/assignment", known["id"].as_str().unwrap());
        self.gm.put(&path, json!({ "streamerId": self.streamer })).await;
    }
}

/// A goal that three clicks fill.
pub(crate) fn three_clicks() -> Value {
    json!({ "isEnabled": true, "objectiveCoefficient": 0.01, "minimumObjective": 3 })
}
