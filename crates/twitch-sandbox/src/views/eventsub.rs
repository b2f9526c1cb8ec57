//! Subscriptions, conduits and the events about rewards and streams.

use serde_json::{Value, json};

use super::CDN;
use crate::clock::{now_ns, rfc3339_ns};
use crate::eventsub::EventKind;
use crate::store::entities::subscription::Method;
use crate::store::entities::{conduit, conduit_shard, reward, stream, subscription, user};

/// A subscription as Helix shows it, without its secret.
pub(crate) fn subscription(subscription: &subscription::Model) -> Value {
    let mut shown = subscription_in_message(subscription);
    if subscription.method == Method::Websocket {
        show_connection(
            &mut shown["transport"],
            subscription.connected_at_ns,
            subscription.disconnected_at_ns,
        );
    }
    shown
}

/// A subscription as the messages about it show it: the same, but for when its websocket was
/// connected.
pub(crate) fn subscription_in_message(subscription: &subscription::Model) -> Value {
    let transport = match subscription.method {
        Method::Webhook => json!({ "method": "webhook", "callback": subscription.callback }),
        Method::Websocket => {
            json!({ "method": "websocket", "session_id": subscription.session_id })
        }
        Method::Conduit => json!({ "method": "conduit", "conduit_id": subscription.conduit_id }),
    };
    json!({
        "id": subscription.id,
        "status": subscription.status,
        "type": subscription.kind,
        "version": "1",
        "condition": condition(subscription),
        "transport": transport,
        "created_at": rfc3339_ns(subscription.created_at_ns),
        "cost": subscription.cost,
    })
}

fn condition(subscription: &subscription::Model) -> Value {
    let mut condition = json!({});
    let shape = EventKind::named(&subscription.kind).map(EventKind::condition);
    let fields = shape.map_or(Vec::new(), |shape| {
        std::iter::once(shape.required).chain(shape.optional).collect()
    });
    for field in fields {
        condition[field] = match field {
            "reward_id" => json!(subscription.reward_id),
            "client_id" => json!(subscription.client_id),
            "conduit_id" => json!(subscription.subject_conduit_id),
            _ => json!(subscription.broadcaster_user_id),
        };
    }
    condition
}

fn show_connection(
    transport: &mut Value,
    connected_at_ns: Option<i64>,
    disconnected_at_ns: Option<i64>,
) {
    if let Some(at) = connected_at_ns {
        transport["connected_at"] = json!(rfc3339_ns(at));
    }
    if let Some(at) = disconnected_at_ns {
        transport["disconnected_at"] = json!(rfc3339_ns(at));
    }
}

pub(crate) fn conduit(conduit: &conduit::Model) -> Value {
    json!({ "id": conduit.id, "shard_count": conduit.shard_count })
}

pub(crate) fn shard(shard: &conduit_shard::Model) -> Value {
    json!({
        "id": shard.number.to_string(),
        "status": shard.status,
        "transport": shard_transport(shard),
    })
}

/// What carries a shard's messages, without its secret.
pub(crate) fn shard_transport(shard: &conduit_shard::Model) -> Value {
    let mut transport = match shard.method {
        Method::Websocket => json!({ "method": "websocket", "session_id": shard.session_id }),
        Method::Webhook | Method::Conduit => {
            json!({ "method": "webhook", "callback": shard.callback })
        }
    };
    show_connection(&mut transport, shard.connected_at_ns, shard.disconnected_at_ns);
    transport
}

/// The `event` about a changed or deleted reward; `redeemed_this_stream` as in
/// [`reward`](super::reward).
pub(crate) fn reward_event(
    reward: &reward::Model,
    broadcaster: &user::Model,
    redeemed_this_stream: Option<i64>,
) -> Value {
    let in_stock = redeemed_this_stream.is_none_or(|redeemed| redeemed < reward.max_per_stream);
    let cooldown = reward.cooldown_expires_at_ns.filter(|expires_at| *expires_at > now_ns());
    json!({
        "id": reward.id,
        "broadcaster_user_id": broadcaster.id,
        "broadcaster_user_login": broadcaster.login,
        "broadcaster_user_name": broadcaster.display_name,
        "is_enabled": reward.is_enabled,
        "is_paused": reward.is_paused,
        "is_in_stock": in_stock,
        "title": reward.title,
        "cost": reward.cost,
        "prompt": reward.prompt,
        "is_user_input_required": reward.is_user_input_required,
        "should_redemptions_skip_request_queue": reward.skips_queue,
        "cooldown_expires_at": cooldown.map(rfc3339_ns),
        "redemptions_redeemed_current_stream": redeemed_this_stream,
        "max_per_stream": {
            "is_enabled": reward.is_max_per_stream_enabled,
            "value": reward.max_per_stream,
        },
        "max_per_user_per_stream": {
            "is_enabled": reward.is_max_per_user_per_stream_enabled,
            "value": reward.max_per_user_per_stream,
        },
        "global_cooldown": {
            "is_enabled": reward.is_global_cooldown_enabled,
            "seconds": reward.global_cooldown_seconds,
        },
        "background_color": reward.background_color,
        "image": null,
        "default_image": {
            "url_1x": format!("{CDN}/custom-reward-images/default-1.png"),
            "url_2x": format!("{CDN}/custom-reward-images/default-2.png"),
            "url_4x": format!("{CDN}/custom-reward-images/default-4.png"),
        },
    })
}

/// The `event` of a stream that began.
pub(crate) fn stream_online_event(stream: &stream::Model, broadcaster: &user::Model) -> Value {
    let mut event = stream_offline_event(broadcaster);
    event["id"] = json!(stream.stream_id);
    event["type"] = json!("live");
    event["started_at"] = json!(rfc3339_ns(stream.started_at_ns));
    event
}

/// The `event` of a stream that ended.
pub(crate) fn stream_offline_event(broadcaster: &user::Model) -> Value {
    json!({
        "broadcaster_user_id": broadcaster.id,
        "broadcaster_user_login": broadcaster.login,
        "broadcaster_user_name": broadcaster.display_name,
    })
}
