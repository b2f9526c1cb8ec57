//! A viewer at Twitch's own door: what is refused, and what is made.

use poem::http::StatusCode;
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

use crate::clock;
use crate::error::ApiError;
use crate::store::entities::redemption::{self, Status};
use crate::store::entities::{reward, stream, user};
use crate::store::{Store, redemptions, rewards, users};

/// The most redemptions in one command.
const MAX_COUNT: u32 = 10_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RedeemBody {
    viewer: String,
    reward_id: String,
    #[serde(default)]
    input: Option<String>,
    #[serde(default = "once")]
    count: u32,
}

fn once() -> u32 {
    1
}

/// Why Twitch does not let a viewer redeem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Disabled,
    Paused,
    InputRequired,
    Cooldown,
    MaxPerStream,
    MaxPerUserPerStream,
    NotEnoughPoints,
}

impl Refusal {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Disabled => "DISABLED",
            Self::Paused => "PAUSED",
            Self::InputRequired => "INPUT_REQUIRED",
            Self::Cooldown => "GLOBAL_COOLDOWN",
            Self::MaxPerStream => "MAX_PER_STREAM",
            Self::MaxPerUserPerStream => "MAX_PER_USER_PER_STREAM",
            Self::NotEnoughPoints => "NOT_ENOUGH_POINTS",
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Disabled => "The reward is disabled",
            Self::Paused => "The reward is paused",
            Self::InputRequired => "The reward needs an input",
            Self::Cooldown => "The reward is on cooldown",
            Self::MaxPerStream => "The reward was redeemed as often as a stream allows",
            Self::MaxPerUserPerStream => {
                "The viewer redeemed the reward as often as a stream allows"
            }
            Self::NotEnoughPoints => "The viewer does not have enough points",
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        ApiError::refused(StatusCode::CONFLICT, refusal.name(), refusal.message())
    }
}

/// What one command came to.
#[derive(Debug)]
pub(super) struct Redeemed {
    pub(super) made: Vec<redemption::Model>,
    pub(super) refused: Option<Refusal>,
}

pub(super) async fn redeem(store: &Store, body: RedeemBody) -> Result<Redeemed, ApiError> {
    if !users::is_login(&body.viewer) {
        return Err(ApiError::bad_request("A login has 1 to 25 of a-z, 0-9 and _"));
    }
    if !(1..=MAX_COUNT).contains(&body.count) {
        return Err(ApiError::bad_request(format!("The count must be 1 to {MAX_COUNT}")));
    }
    let tx = store.begin().await?;
    let reward = rewards::by_id(&tx, &body.reward_id).await?.ok_or_else(|| {
        ApiError::refused(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such reward")
    })?;
    let viewer = users::get_or_create(&tx, &body.viewer).await?;
    let points = users::points(&tx, &viewer, &reward.broadcaster_id).await?;
    let stream = users::stream_of(&tx, &reward.broadcaster_id).await?;
    let input = body.input.unwrap_or_default();
    let mut counter = Counter { reward, viewer, points, stream, input };
    let mut redeemed = Redeemed { made: Vec::new(), refused: None };
    for _ in 0..body.count {
        redeemed.refused = counter.refusal(&tx).await?;
        if redeemed.refused.is_some() {
            break;
        }
        redeemed.made.push(counter.serve(&tx).await?);
    }
    counter.close(&tx, !redeemed.made.is_empty()).await?;
    tx.commit().await?;
    Ok(redeemed)
}

/// One viewer in front of one reward.
struct Counter {
    reward: reward::Model,
    viewer: user::Model,
    points: i64,
    stream: Option<stream::Model>,
    input: String,
}

impl Counter {
    async fn refusal(&self, db: &impl ConnectionTrait) -> Result<Option<Refusal>, ApiError> {
        let reward = &self.reward;
        let cools_until = reward.cooldown_expires_at_ns;
        let refusal = if !reward.is_enabled {
            Refusal::Disabled
        } else if reward.is_paused {
            Refusal::Paused
        } else if reward.is_user_input_required && self.input.trim().is_empty() {
            Refusal::InputRequired
        } else if reward.is_global_cooldown_enabled
            && cools_until.is_some_and(|until| until > clock::now_ns())
        {
            Refusal::Cooldown
        } else if self.points < reward.cost {
            Refusal::NotEnoughPoints
        } else {
            return self.stream_refusal(db).await;
        };
        Ok(Some(refusal))
    }

    /// The limits per stream hold only while the channel is live.
    async fn stream_refusal(&self, db: &impl ConnectionTrait) -> Result<Option<Refusal>, ApiError> {
        let (reward, Some(stream)) = (&self.reward, &self.stream) else { return Ok(None) };
        let since = stream.started_at_ns;
        if reward.is_max_per_stream_enabled {
            let count = redemptions::count_since(db, &reward.id, since, None).await?;
            if count >= reward.max_per_stream {
                return Ok(Some(Refusal::MaxPerStream));
            }
        }
        if reward.is_max_per_user_per_stream_enabled {
            let viewer = Some(self.viewer.id.as_str());
            let count = redemptions::count_since(db, &reward.id, since, viewer).await?;
            if count >= reward.max_per_user_per_stream {
                return Ok(Some(Refusal::MaxPerUserPerStream));
            }
        }
        Ok(None)
    }

    async fn serve(&mut self, db: &impl ConnectionTrait) -> Result<redemption::Model, ApiError> {
        let reward = &mut self.reward;
        let now_ns = clock::now_ns();
        let skips = reward.skips_queue;
        let model = redemption::Model {
            seq: 0,
            id: Uuid::new_v4().to_string(),
            reward_id: reward.id.clone(),
            broadcaster_id: reward.broadcaster_id.clone(),
            user_id: self.viewer.id.clone(),
            // Twitch shows an input only where the reward asks for one.
            user_input: if reward.is_user_input_required {
                self.input.clone()
            } else {
                String::new()
            },
            status: if skips { Status::Fulfilled } else { Status::Unfulfilled },
            reward_title: reward.title.clone(),
            reward_prompt: reward.prompt.clone(),
            cost: reward.cost,
            skipped_queue: skips,
            redeemed_at_ns: now_ns,
            settled_at_ns: skips.then_some(now_ns),
        };
        self.points -= reward.cost;
        if reward.is_global_cooldown_enabled {
            let cooldown_ns = reward.global_cooldown_seconds * clock::SECOND_NS;
            reward.cooldown_expires_at_ns = Some(now_ns + cooldown_ns);
        }
        Ok(redemptions::insert(db, model).await?)
    }

    /// Writes what the viewer paid and when the reward can be redeemed again.
    async fn close(self, db: &impl ConnectionTrait, sold: bool) -> Result<(), ApiError> {
        if !sold {
            return Ok(());
        }
        let channel = &self.reward.broadcaster_id;
        users::set_points(db, &self.viewer.id, channel, self.points).await?;
        if self.reward.is_global_cooldown_enabled {
            rewards::update(db, self.reward).await?;
        }
        Ok(())
    }
}
