//! Everything that has to be there before the first viewer clicks, built through the front doors.

mod events;
mod people;

use super::StoryError;
use super::cast::Cast;
use super::door::{Door, text, until};
use super::feed::Feed;
use super::narrator::Narrator;
use super::table::Table;
use super::timeline::Timeline;
use super::twitch::Twitch;
pub(super) use events::{Happening, Happenings};
use people::{assign, gather, join, overlay, pair};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a reward may take to be redeemable: two changes of it are two seconds apart.
const REWARD_TIME_MAX: Duration = Duration::from_secs(12);

/// What opens the doors.
pub(super) struct Keys {
    pub(super) gm: String,
    pub(super) alice: String,
    pub(super) bob: String,
}

/// Who stands on the stage, and how they are reached.
pub(super) struct Stage {
    pub(super) timeline: Arc<Timeline>,
    pub(super) cast: Cast,
    pub(super) twitch: Twitch,
    pub(super) table: Table,
    pub(super) feed: Feed,
    /// The API with the game master's key.
    pub(super) gm: Door,
    /// `/campaigns/{id}`.
    pub(super) campaign: String,
    pub(super) alice: Seat,
    pub(super) bob: Seat,
    pub(super) happenings: Happenings,
    /// The pause after a click, so that one can follow.
    pub(super) pace: Duration,
}

/// A streamer in the campaign.
#[derive(Clone)]
pub(super) struct Seat {
    /// The API with the streamer's key.
    pub(super) door: Door,
    pub(super) id: String,
    pub(super) login: &'static str,
}

impl Stage {
    /// Builds it at the server of that address.
    ///
    /// # Errors
    /// When the server does not do what its contract says.
    pub(super) async fn build(
        base: &str,
        twitch: &str,
        keys: Keys,
        cast: Cast,
        timeline: Arc<Timeline>,
    ) -> Result<Self, StoryError> {
        timeline.chapter("before the game");
        timeline.tell("server", &format!("listens at {base}"));
        timeline
            .tell("twitch", &format!("is a sandbox at {twitch}: people and points are invented"));
        let (server, people) = (Door::new(base, None)?, Twitch::at(twitch)?);
        let gm = Door::new(&format!("{base}/api/v1"), Some(&keys.gm))?;
        gather(&people, &cast).await?;
        let body = json!({ "name": cast.campaign, "gameSystem": "dnd5e" });
        let id = text(&gm.post("/campaigns", body).await?, "id")?;
        timeline.tell("gm", &format!("makes the campaign “{}”", cast.campaign));
        let campaign = format!("/campaigns/{id}");
        let alice = join(&gm, &campaign, &cast.alice, &keys.alice, &timeline).await?;
        let bob = join(&gm, &campaign, &cast.bob, &keys.bob, &timeline).await?;
        let names = [&alice, &bob].map(|seat| (seat.id.clone(), seat.login.to_owned()));
        let narrator = Narrator { streamers: HashMap::from(names) };
        let stream = format!("{campaign}/stream");
        let feed = Feed::listen(&gm, &stream, narrator, Arc::clone(&timeline)).await?;
        let mut table = pair(base, &server, &gm, &id, &feed, &timeline).await?;
        for (seat, channel) in [(&alice, &cast.alice), (&bob, &cast.bob)] {
            table.introduce(channel).await?;
            assign(&gm, &campaign, seat, channel, &timeline).await?;
        }
        gm.post(&format!("{campaign}/sessions"), json!({})).await?;
        let happenings = Happenings::arrange(&gm, &campaign, &cast, &timeline).await?;
        let stage = Self {
            timeline,
            cast,
            twitch: people,
            table,
            feed,
            gm,
            campaign,
            alice,
            bob,
            happenings,
            pace: super::scenes::BRISK,
        };
        stage.offer_everything().await?;
        stage.list_addresses(base, twitch, &id, &keys).await?;
        Ok(stage)
    }

    /// Where somebody who wants to look closer finds what.
    async fn list_addresses(
        &self,
        base: &str,
        twitch: &str,
        campaign_id: &str,
        keys: &Keys,
    ) -> Result<(), StoryError> {
        let addresses = [
            ("API, interactive", format!("{base}/docs")),
            ("API, document", format!("{base}/api/openapi.json")),
            ("the gm's key", keys.gm.clone()),
            ("the gm's stream", format!("{base}/api/v1{}/stream", self.campaign)),
            ("alice's overlay", overlay(&self.alice, campaign_id).await?),
            ("bob's overlay", overlay(&self.bob, campaign_id).await?),
            ("metrics", format!("{base}/metrics")),
            ("Twitch's record", format!("{twitch}/sandbox/redemptions")),
        ];
        self.timeline.chapter("addresses, as long as this runs");
        for (what, address) in addresses {
            self.timeline.line(&format!("{what:<17} {address}"));
        }
        Ok(())
    }

    async fn offer_everything(&self) -> Result<(), StoryError> {
        let Happenings { dice, shared, curse, failing, hourglass } = &self.happenings;
        for (seat, offered) in
            [(&self.alice, [dice, shared, curse]), (&self.bob, [failing, shared, hourglass])]
        {
            for event in offered {
                let path = self.offer_path(seat, &event.id);
                seat.door.put(&path, json!({ "isEnabled": true })).await?;
                self.redeemable(seat, event).await?;
            }
            let titles = offered.map(|event| format!("“{}”", event.name)).join(", ");
            self.timeline.tell(seat.login, &format!("lets the channel redeem {titles}"));
        }
        Ok(())
    }

    /// The reward of an event on a channel, as soon as viewers can redeem it.
    ///
    /// # Errors
    /// [`StoryError::Waited`].
    pub(super) async fn redeemable(
        &self,
        seat: &Seat,
        event: &Happening,
    ) -> Result<String, StoryError> {
        let what = format!("the reward “{}” on {}'s channel", event.name, seat.login);
        let path = format!("{}/streamers/{}/events", self.campaign, seat.id);
        until(&what, REWARD_TIME_MAX, async || {
            let offers = seat.door.get(&path).await?;
            let offer = items(&offers).iter().find(|offer| offer["eventId"] == event.id.as_str());
            let active = offer.filter(|offer| offer["status"] == "active");
            Ok(active.and_then(|offer| offer["rewardId"].as_str()).map(str::to_owned))
        })
        .await
    }

    fn offer_path(&self, seat: &Seat, event: &str) -> String {
        format!("{}/streamers/{}/events/{event}", self.campaign, seat.id)
    }
}

/// The rows of a list.
pub(super) fn items(list: &Value) -> &[Value] {
    list["items"].as_array().map_or(&[], Vec::as_slice)
}
