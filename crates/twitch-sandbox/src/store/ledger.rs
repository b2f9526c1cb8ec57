//! Who settled which redemption, and who changed which reward: for tests that prove that
//! nothing was settled twice and nothing of others was touched.

use std::collections::HashMap;

use sea_orm::prelude::*;
use sea_orm::{NotSet, QueryOrder, Set};
use serde_json::json;

use super::entities::ledger::{reward_change, settlement};
use super::entities::redemption::{self, Status};
use super::entities::reward;
use crate::clock;

/// Who settles, and on what occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettledBy<'a> {
    /// A client, with this id, through the API.
    Client(&'a str),
    /// Somebody by hand, in Twitch's own queue.
    Moderator,
    /// The end of the reward, which this client deleted, or the streamer by hand.
    RewardDeleted(Option<&'a str>),
    /// Nobody: the reward has no queue.
    QueueSkipped,
}

impl<'a> SettledBy<'a> {
    fn cause(self) -> &'static str {
        match self {
            Self::Client(_) => "api",
            Self::Moderator => "moderator",
            Self::RewardDeleted(_) => "reward_deleted",
            Self::QueueSkipped => "queue_skipped",
        }
    }

    fn client_id(self) -> Option<&'a str> {
        match self {
            Self::Client(id) => Some(id),
            Self::RewardDeleted(id) => id,
            Self::Moderator | Self::QueueSkipped => None,
        }
    }
}

/// What is done to a reward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RewardChange {
    Created,
    Updated,
    Deleted,
}

impl RewardChange {
    fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

/// Writes down that a redemption was settled.
pub(crate) async fn settled(
    db: &impl ConnectionTrait,
    redemption_id: &str,
    status: Status,
    by: SettledBy<'_>,
) -> Result<(), DbErr> {
    let row = settlement::ActiveModel {
        seq: NotSet,
        redemption_id: Set(redemption_id.to_owned()),
        status: Set(status),
        client_id: Set(by.client_id().map(str::to_owned)),
        cause: Set(by.cause().to_owned()),
        at_ns: Set(clock::now_ns()),
    };
    settlement::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Writes down what was done to a reward, and how it is since. Without a client the streamer did
/// it by hand.
pub(crate) async fn reward_changed(
    db: &impl ConnectionTrait,
    change: RewardChange,
    reward: &reward::Model,
    client_id: Option<&str>,
) -> Result<(), DbErr> {
    let row = reward_change::ActiveModel {
        seq: NotSet,
        reward_id: Set(reward.id.clone()),
        broadcaster_id: Set(reward.broadcaster_id.clone()),
        owner_client_id: Set(reward.client_id.clone()),
        client_id: Set(client_id.map(str::to_owned)),
        change: Set(change.name().to_owned()),
        reward: Set(json!({
            "title": reward.title,
            "cost": reward.cost,
            "prompt": reward.prompt,
            "isPaused": reward.is_paused,
            "isEnabled": reward.is_enabled,
            "skipsQueue": reward.skips_queue,
        })),
        at_ns: Set(clock::now_ns()),
    };
    reward_change::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// All settlements by redemption, each redemption's oldest first.
pub(crate) async fn settlements(
    db: &impl ConnectionTrait,
) -> Result<HashMap<String, Vec<settlement::Model>>, DbErr> {
    let all = settlement::Entity::find().order_by_asc(settlement::Column::Seq).all(db).await?;
    let mut by_redemption: HashMap<String, Vec<settlement::Model>> = HashMap::new();
    for each in all {
        by_redemption.entry(each.redemption_id.clone()).or_default().push(each);
    }
    Ok(by_redemption)
}

/// Everything that was done to rewards, oldest first.
pub(crate) async fn reward_changes(
    db: &impl ConnectionTrait,
) -> Result<Vec<reward_change::Model>, DbErr> {
    reward_change::Entity::find().order_by_asc(reward_change::Column::Seq).all(db).await
}

/// The clients that made these redemptions' rewards, by reward, deleted rewards included.
/// Rewards that an older sandbox deleted are left out.
pub(crate) async fn owners(
    db: &impl ConnectionTrait,
    redemptions: &[redemption::Model],
) -> Result<HashMap<String, String>, DbErr> {
    let is_asked = |id: &str| redemptions.iter().any(|redemption| redemption.reward_id == id);
    let living = reward::Entity::find().all(db).await?;
    let mut owners: HashMap<String, String> =
        living.into_iter().map(|reward| (reward.id, reward.client_id)).collect();
    for change in reward_changes(db).await? {
        owners.entry(change.reward_id).or_insert(change.owner_client_id);
    }
    owners.retain(|reward_id, _| is_asked(reward_id));
    Ok(owners)
}
