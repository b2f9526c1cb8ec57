//! A game that is being played: two streamers, an individual and a group event on offer, a table.

use crate::support::{Reply, World};
use gamification_core::access::Role;
use gamification_core::campaign::{Campaign, User};
use gamification_core::event::Event;
use gamification_core::instance::Instance;
use gamification_core::ports::{Clock, TwitchRewards};
use gamification_core::reward::Reward;
use gamification_core::service::{Contribution, Gamification};
use gamification_core::vtt::VttConnection;
use gamification_server::auth::sha256_hex;
use gamification_testkit::fixtures;
use poem::http::Method;
use poem::{Body, Request};
use serde_json::Value;

/// The API key of the campaign's table.
pub(crate) const TABLE_KEY: &str = "vttk_of-the-table";
/// The API key of another campaign's table.
pub(crate) const OTHER_TABLE_KEY: &str = "vttk_of-another-table";

/// Each event needs three clicks of each channel.
pub(crate) struct Evening {
    pub(crate) world: World,
    pub(crate) campaign: Campaign,
    /// Individual, 1000 points, needs a roll.
    pub(crate) invert: Event,
    /// For all channels, 300 points, writes to the chat.
    pub(crate) chat: Event,
    pub(crate) streamers: [User; 2],
    pub(crate) table: VttConnection,
    /// The first streamer's reward of `invert`.
    pub(crate) invert_reward: Reward,
    /// Both streamers' rewards of `chat`.
    pub(crate) chat_rewards: [Reward; 2],
    pub(crate) gm: String,
    /// The streamers' keys.
    pub(crate) players: [String; 2],
    /// Keys of people to whom the campaign does not exist.
    pub(crate) outsiders: Vec<String>,
}

impl Evening {
    pub(crate) async fn new() -> Self {
        Self::in_world(World::new()).await
    }

    pub(crate) async fn in_world(world: World) -> Self {
        let (campaign, elsewhere) = (fixtures::campaign(1), other_campaign());
        let streamers = [fixtures::streamer(1), fixtures::streamer(2)];
        for user in [fixtures::gm(), other_gm()].iter().chain(&streamers) {
            world.save_user(user).await;
        }
        for streamer in &streamers {
            world.twitch.add_channel(&streamer.twitch_id, true, Some(10));
        }
        let members = streamers.clone().map(|user| fixtures::membership(&campaign, user.id.into()));
        world.save_campaign(&campaign, &members).await;
        world.save_campaign(&elsewhere, &[]).await;
        let table = save_table(&world, 1, &campaign, TABLE_KEY).await;
        save_table(&world, 2, &elsewhere, OTHER_TABLE_KEY).await;
        let (invert, chat) = (fixtures::invert_event(), fixtures::chat_event());
        save_events(&world, &campaign, [&invert, &chat]).await;
        let invert_reward = offer(&world, 1, &campaign, &invert, &streamers[0]).await;
        let chat_rewards = [
            offer(&world, 2, &campaign, &chat, &streamers[0]).await,
            offer(&world, 3, &campaign, &chat, &streamers[1]).await,
        ];
        let gm = world.gm_key().await;
        let players = [
            world.key(Role::Streamer, &streamers[0]).await,
            world.key(Role::Streamer, &streamers[1]).await,
        ];
        let outsiders = vec![
            world.key(Role::Streamer, &fixtures::streamer(3)).await,
            world.key(Role::Gm, &other_gm()).await,
            world.key_for(Role::Gm, &fixtures::gm(), Some(elsewhere.id)).await,
        ];
        Self {
            world,
            campaign,
            invert,
            chat,
            streamers,
            table,
            invert_reward,
            chat_rewards,
            gm,
            players,
            outsiders,
        }
    }

    pub(crate) fn core(&self) -> &Gamification {
        &self.world.services.core
    }

    /// An address below the campaign.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/v1/campaigns/{}/{rest}", self.campaign.id)
    }

    /// A viewer clicks, and Twitch delivers it.
    pub(crate) async fn click(&self, reward: &Reward, viewer: &str) -> Contribution {
        let owner = self.streamers.iter().find(|user| reward.streamer_id == user.id.into());
        let (channel, id) = (&owner.unwrap().twitch_id, reward.twitch_id.as_ref().unwrap());
        let clicked = self.world.twitch.redeem(channel, id, viewer, self.world.clock.now());
        let mut outcomes = self.core().contribute(&[clicked.unwrap()]).await;
        outcomes.remove(0).unwrap()
    }

    /// Six viewers reach the group goal, three on each channel; the table has to act.
    pub(crate) async fn reach_group_goal(&self) -> Instance {
        let mut goal = None;
        for (channel, reward) in self.chat_rewards.iter().enumerate() {
            for viewer in 0..3 {
                match self.click(reward, &format!("viewer-{channel}-{viewer}")).await {
                    Contribution::Counted(id) => goal = Some(id),
                    other => panic!("{other:?}"),
                }
            }
        }
        self.world.queries().instance(goal.unwrap()).await.unwrap().unwrap()
    }

    /// Settles on Twitch until nothing is due.
    pub(crate) async fn settle(&self) {
        while self.core().settle_due().await.unwrap() > 0 {}
    }

    /// A call with some key, or with none.
    pub(crate) async fn call(
        &self,
        method: &Method,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Reply {
        let mut request = Request::builder().method(method.clone()).uri(path.parse().unwrap());
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let request = match body {
            Some(body) => request.content_type("application/json").body(body.to_string()),
            None => request.body(Body::empty()),
        };
        self.world.send(request).await
    }

    /// Who is nobody gets 401 and an outsider 404; what other members get is the caller's to check.
    pub(crate) async fn refuses_outsiders(&self, method: Method, path: &str, body: Option<Value>) {
        for key in [None, Some("gk_wrong"), Some(TABLE_KEY)] {
            let reply = self.call(&method, path, key, body.as_ref()).await;
            assert_eq!(reply.problem(401), "unauthenticated", "{method} {path} {key:?}");
        }
        for key in &self.outsiders {
            let reply = self.call(&method, path, Some(key), body.as_ref()).await;
            assert_eq!(reply.problem(404), "not-found", "{method} {path}");
        }
    }

    /// The same, and the streamers of the campaign get 403.
    pub(crate) async fn is_for_the_gm(&self, method: Method, path: &str, body: Option<Value>) {
        self.refuses_outsiders(method.clone(), path, body.clone()).await;
        let reply = self.call(&method, path, Some(&self.players[0]), body.as_ref()).await;
        assert_eq!(reply.problem(403), "forbidden", "{method} {path}");
    }

    /// Input of the wrong form: 400 that names the field.
    pub(crate) async fn complains(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        field: &str,
    ) {
        let reply = self.call(&method, path, Some(&self.gm), body.as_ref()).await;
        assert_eq!(reply.problem(400), "invalid-input", "{method} {path} {body:?}");
        assert_eq!(reply.fields(), [field], "{method} {path} {body:?}");
    }
}

/// A game master who has nothing to do with the campaign.
pub(crate) fn other_gm() -> User {
    User {
        id: fixtures::id(901),
        twitch_id: "901".into(),
        login: "gm2".to_owned(),
        is_admin: false,
        ..fixtures::gm()
    }
}

pub(crate) fn other_campaign() -> Campaign {
    Campaign { owner_id: other_gm().id, ..fixtures::campaign(2) }
}

async fn save_table(world: &World, n: u32, campaign: &Campaign, key: &str) -> VttConnection {
    let table = VttConnection {
        api_key_hash: sha256_hex(key.as_bytes()),
        present_until: Some(fixtures::at(86_400)),
        ..fixtures::connection(n, campaign)
    };
    let mut unit = world.begin().await;
    unit.vtt().save_connection(&table).await.unwrap();
    unit.commit().await.unwrap();
    table
}

async fn save_events(world: &World, campaign: &Campaign, events: [&Event; 2]) {
    let mut unit = world.begin().await;
    for event in events {
        unit.catalogue().insert(event).await.unwrap();
        let config = fixtures::campaign_config(campaign, event.id);
        unit.configs().save_campaign_config(&config).await.unwrap();
    }
    unit.commit().await.unwrap();
}

/// The event on offer on that channel, on Twitch too.
async fn offer(world: &World, n: u32, campaign: &Campaign, event: &Event, who: &User) -> Reward {
    let mut reward = fixtures::reward(n, campaign, event, who.id.into());
    let made = world.twitch.create(&who.twitch_id, &reward.spec, false).await;
    reward.twitch_id = Some(made.unwrap());
    let opt_in = fixtures::streamer_config(campaign, who.id.into(), event.id);
    let mut unit = world.begin().await;
    unit.configs().save_streamer_config(&opt_in).await.unwrap();
    assert!(unit.rewards().insert(&reward).await.unwrap());
    unit.commit().await.unwrap();
    reward
}
