//! The JSON of Helix and of EventSub: every field that Twitch documents.

mod eventsub;

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::clock::{now_ns, rfc3339_ns, rfc3339_s};
use crate::error::ApiError;
use crate::store::entities::redemption::Status;
use crate::store::entities::{redemption, reward, stream, user};
use crate::store::users;
pub(crate) use eventsub::{
    conduit, reward_event, shard, shard_transport, stream_offline_event, stream_online_event,
    subscription, subscription_in_message,
};

/// Where Twitch keeps its pictures.
const CDN: &str = "https://static-cdn.jtvnw.net";

pub(crate) fn user(user: &user::Model) -> Value {
    let picture = format!("{CDN}/jtv_user_pictures/{}-profile_image-300x300.png", user.id);
    json!({
        "id": user.id,
        "login": user.login,
        "display_name": user.display_name,
        "type": "",
        "broadcaster_type": user.broadcaster_type,
        "description": "",
        "profile_image_url": picture,
        "offline_image_url": "",
        "view_count": 0,
        "created_at": rfc3339_s(user.created_at_ns),
    })
}

pub(crate) fn stream(stream: &stream::Model, user: &user::Model) -> Value {
    let thumbnail = format!("{CDN}/previews-ttv/live_user_{}-{{width}}x{{height}}.jpg", user.login);
    json!({
        "id": stream.stream_id,
        "user_id": user.id,
        "user_login": user.login,
        "user_name": user.display_name,
        "game_id": "509577",
        "game_name": "Dungeons & Dragons",
        "type": "live",
        "title": format!("{} plays", user.display_name),
        "tags": [],
        "tag_ids": [],
        "viewer_count": stream.viewer_count,
        "started_at": rfc3339_s(stream.started_at_ns),
        "language": user.language,
        "thumbnail_url": thumbnail,
        "is_mature": false,
    })
}

/// A reward. `redeemed_this_stream` is present when the channel is live and the reward limits
/// its redemptions per stream.
pub(crate) fn reward(
    reward: &reward::Model,
    broadcaster: &user::Model,
    redeemed_this_stream: Option<i64>,
) -> Value {
    let in_stock = redeemed_this_stream.is_none_or(|redeemed| redeemed < reward.max_per_stream);
    let cooldown = reward.cooldown_expires_at_ns.filter(|expires_at| *expires_at > now_ns());
    json!({
        "broadcaster_id": broadcaster.id,
        "broadcaster_login": broadcaster.login,
        "broadcaster_name": broadcaster.display_name,
        "id": reward.id,
        "title": reward.title,
        "prompt": reward.prompt,
        "cost": reward.cost,
        "image": null,
        "default_image": {
            "url_1x": format!("{CDN}/custom-reward-images/default-1.png"),
            "url_2x": format!("{CDN}/custom-reward-images/default-2.png"),
            "url_4x": format!("{CDN}/custom-reward-images/default-4.png"),
        },
        "background_color": reward.background_color,
        "is_enabled": reward.is_enabled,
        "is_user_input_required": reward.is_user_input_required,
        "max_per_stream_setting": {
            "is_enabled": reward.is_max_per_stream_enabled,
            "max_per_stream": reward.max_per_stream,
        },
        "max_per_user_per_stream_setting": {
            "is_enabled": reward.is_max_per_user_per_stream_enabled,
            "max_per_user_per_stream": reward.max_per_user_per_stream,
        },
        "global_cooldown_setting": {
            "is_enabled": reward.is_global_cooldown_enabled,
            "global_cooldown_seconds": reward.global_cooldown_seconds,
        },
        "is_paused": reward.is_paused,
        "is_in_stock": in_stock,
        "should_redemptions_skip_request_queue": reward.skips_queue,
        "redemptions_redeemed_current_stream": redeemed_this_stream,
        "cooldown_expires_at": cooldown.map(rfc3339_s),
    })
}

/// The two people of a redemption, by id.
pub(crate) type People = HashMap<String, user::Model>;

/// Everybody who takes part in these redemptions.
pub(crate) async fn people(
    db: &impl ConnectionTrait,
    redemptions: &[redemption::Model],
) -> Result<People, ApiError> {
    let mut ids: Vec<String> = redemptions
        .iter()
        .flat_map(|redemption| [redemption.user_id.clone(), redemption.broadcaster_id.clone()])
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut people = People::new();
    // SQLite bounds the number of values in one statement.
    for some in ids.chunks(500) {
        people.extend(users::by_ids(db, some.to_vec()).await?);
    }
    Ok(people)
}

fn name_of<'p>(people: &'p People, id: &str) -> (&'p str, &'p str) {
    people.get(id).map_or(("", ""), |user| (&user.login, &user.display_name))
}

fn reward_of(redemption: &redemption::Model) -> Value {
    json!({
        "id": redemption.reward_id,
        "title": redemption.reward_title,
        "prompt": redemption.reward_prompt,
        "cost": redemption.cost,
    })
}

/// Redemptions as Helix shows them.
pub(crate) async fn redemptions(
    db: &impl ConnectionTrait,
    redemptions: &[redemption::Model],
) -> Result<Vec<Value>, ApiError> {
    let people = people(db, redemptions).await?;
    Ok(redemptions.iter().map(|redemption| redemption_in_helix(redemption, &people)).collect())
}

fn redemption_in_helix(redemption: &redemption::Model, people: &People) -> Value {
    let (broadcaster_login, broadcaster_name) = name_of(people, &redemption.broadcaster_id);
    let (user_login, user_name) = name_of(people, &redemption.user_id);
    json!({
        "broadcaster_id": redemption.broadcaster_id,
        "broadcaster_login": broadcaster_login,
        "broadcaster_name": broadcaster_name,
        "id": redemption.id,
        "user_id": redemption.user_id,
        "user_login": user_login,
        "user_name": user_name,
        "user_input": redemption.user_input,
        "status": redemption.status,
        "redeemed_at": rfc3339_s(redemption.redeemed_at_ns),
        "reward": reward_of(redemption),
    })
}

/// The `event` of a redemption notification. `status` is what it was when the event happened.
pub(crate) fn redemption_event(
    redemption: &redemption::Model,
    people: &People,
    status: Status,
) -> Value {
    let (broadcaster_login, broadcaster_name) = name_of(people, &redemption.broadcaster_id);
    let (user_login, user_name) = name_of(people, &redemption.user_id);
    let status = match status {
        Status::Unfulfilled => "unfulfilled",
        Status::Fulfilled => "fulfilled",
        Status::Canceled => "canceled",
    };
    json!({
        "id": redemption.id,
        "broadcaster_user_id": redemption.broadcaster_id,
        "broadcaster_user_login": broadcaster_login,
        "broadcaster_user_name": broadcaster_name,
        "user_id": redemption.user_id,
        "user_login": user_login,
        "user_name": user_name,
        "user_input": redemption.user_input,
        "status": status,
        "reward": reward_of(redemption),
        "redeemed_at": rfc3339_ns(redemption.redeemed_at_ns),
    })
}
