//! `/sandbox/…`: what people do on Twitch, told by a demo or a test. Not part of Twitch.

mod authorisations;
mod chat;
mod eventsub;
mod faults;
mod people;
mod points;
mod polls;
mod rewards;
mod streams;

use poem::web::{Data, Json};
use poem::{Route, get, handler, patch, post, put};
use serde_json::{Value, json};

use crate::state::State;

pub(crate) fn routes() -> Route {
    Route::new()
        .at("/users", get(people::list_users))
        .at("/users/:login", put(people::put_user))
        .at("/users/:login/revoke", post(authorisations::revoke))
        .at("/users/:login/expire-tokens", post(authorisations::expire_tokens))
        .at("/polls/:login", post(polls::post_poll))
        .at("/streams/:login", put(streams::put_stream).delete(streams::end_stream))
        .at("/redeem", post(points::redeem))
        .at("/settle", post(points::settle))
        .at("/resend", post(points::resend))
        .at("/redemptions", get(points::list_redemptions))
        .at(
            "/faults",
            get(faults::get_faults).put(faults::put_faults).delete(faults::delete_faults),
        )
        .at("/chat", get(chat::list_chat))
        .at("/chat/drops", put(chat::put_drops))
        .at("/rewards", get(rewards::list))
        .at("/rewards/:id", patch(rewards::change).delete(rewards::delete))
        .at("/reward-changes", get(points::list_reward_changes))
        .nest("/eventsub", eventsub_routes())
        .at("/requests", get(requests))
        .at("/idle", get(idle))
}

fn eventsub_routes() -> Route {
    Route::new()
        .at("/sessions", get(eventsub::list_sessions))
        .at("/reconnect", post(eventsub::reconnect))
        .at("/silence", post(eventsub::silence))
        .at("/close", post(eventsub::close))
        .at("/subscriptions", get(eventsub::list_subscriptions))
        .at("/conduits", get(eventsub::list_conduits))
        .at("/revoke", post(eventsub::revoke))
}

#[handler]
async fn requests(state: Data<&State>) -> Json<Value> {
    Json(json!({ "requests": state.log.all() }))
}

#[handler]
async fn idle(state: Data<&State>) -> Json<Value> {
    Json(json!({ "pendingDeliveries": state.courier.pending() }))
}
