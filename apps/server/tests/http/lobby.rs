//! A campaign of the GM in which two streamers take part and a third is invited, made through the
//! front door, on SQLite.

use crate::support::{Reply, World};
use gamification_core::access::Role;
use gamification_core::campaign::User;
use gamification_core::ids::CampaignId;
use gamification_testkit::fixtures;
use serde_json::{Value, json};

/// The key of the built-in event `dice-invert`: individual, 1000 points, 30 %, at least 3, 60 s.
pub(crate) const DICE_INVERT: &str = "01930000-0000-7000-8000-000000000001";
/// The key of the built-in event `group-chat-message`.
pub(crate) const GROUP_CHAT: &str = "01930000-0000-7000-8000-000000000008";

pub(crate) struct Lobby {
    pub(crate) world: World,
    pub(crate) gm: String,
    /// Keys of the two who take part.
    pub(crate) streamers: [String; 2],
    /// The key of the one who was invited.
    pub(crate) invited: String,
    /// The key of a GM who has nothing to do with it.
    pub(crate) stranger: String,
    /// `/api/v1/campaigns/…`
    pub(crate) path: String,
    pub(crate) campaign: CampaignId,
}

/// Somebody with the right to make campaigns who is nobody's friend.
pub(crate) fn stranger() -> User {
    User { is_admin: false, login: "stranger".into(), ..person(77) }
}

/// The person number `n`, who may make campaigns.
pub(crate) fn person(n: u32) -> User {
    User { may_create_campaigns: true, ..fixtures::streamer(n) }
}

impl Lobby {
    pub(crate) async fn open() -> Self {
        let world = World::on_sqlite().await;
        let gm = world.gm_key().await;
        let stranger = world.key(Role::Gm, &stranger()).await;
        let made = world.post("/api/v1/campaigns", &gm, json!({ "name": "The Sunken Keep" })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id: uuid::Uuid = made.body["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/api/v1/campaigns/{id}");
        let mut keys = Vec::new();
        for n in 1..=3 {
            let user = fixtures::streamer(n);
            let key = world.key(Role::Streamer, &user).await;
            world.twitch.add_channel(&user.twitch_id, true, Some(50));
            let invitation = json!({ "login": user.login });
            let reply = world.post(&format!("{path}/members"), &gm, invitation).await;
            assert_eq!(reply.status, 201, "{}", reply.text);
            if n < 3 {
                let accept = format!("{path}/members/{}/accept", user.id);
                assert_eq!(world.post(&accept, &key, json!({})).await.status, 200);
            }
            keys.push(key);
        }
        let [first, second, invited] = <[String; 3]>::try_from(keys).unwrap();
        let streamers = [first, second];
        Self { world, gm, streamers, invited, stranger, path, campaign: id.into() }
    }

    /// The address of something below the campaign.
    pub(crate) fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.path)
    }

    /// The address of the first streamer's opt-in to that event.
    pub(crate) fn offer_path(&self, event: &str) -> String {
        self.at(&format!("/streamers/{}/events/{event}", fixtures::streamer(1).id))
    }

    /// The GM sets an event.
    pub(crate) async fn configure(&self, event: &str, setting: Value) -> Reply {
        self.world.put(&self.at(&format!("/events/{event}")), &self.gm, setting).await
    }

    /// The first streamer sets an offer.
    pub(crate) async fn offer(&self, event: &str, wish: Value) -> Reply {
        self.world.put(&self.offer_path(event), &self.streamers[0], wish).await
    }
}
