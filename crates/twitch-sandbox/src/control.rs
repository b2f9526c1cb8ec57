//! `/sandbox/…`: what people do on Twitch, told by a demo or a test. Not part of Twitch.

mod people;
mod points;

use poem::web::{Data, Json};
use poem::{Route, get, handler, post, put};
use serde_json::{Value, json};

use crate::state::State;

pub(crate) fn routes() -> Route {
    Route::new()
        .at("/users", get(people::list_users))
        .at("/users/:login", put(people::put_user))
        .at("/streams/:login", put(people::put_stream).delete(people::end_stream))
        .at("/redeem", post(points::redeem))
        .at("/settle", post(points::settle))
        .at("/resend", post(points::resend))
        .at("/redemptions", get(points::list_redemptions))
        .at("/requests", get(requests))
        .at("/idle", get(idle))
}

#[handler]
async fn requests(state: Data<&State>) -> Json<Value> {
    Json(json!({ "requests": state.log.all() }))
}

#[handler]
async fn idle(state: Data<&State>) -> Json<Value> {
    Json(json!({ "pendingDeliveries": state.courier.pending() }))
}
