//! `/helix/…`: who calls, how often, and the endpoints.

mod caller;
mod chat;
mod conduits;
mod faulty;
mod redemptions;
mod reward_rules;
mod rewards;
mod shards;
mod streams;
mod subscriptions;
mod transport;
mod users;

use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route};

use crate::error::{ApiError, shape_error};
use crate::rate_limit::Allowance;
use crate::state::State;
use caller::Caller;
pub(crate) use reward_rules::check as check_reward;

pub(crate) fn routes(state: &State) -> impl Endpoint<Output = Response> + 'static {
    let state = state.clone();
    Route::new()
        .at("/chat/messages", chat::methods())
        .at("/users", users::methods())
        .at("/streams", streams::methods())
        .at("/channel_points/custom_rewards", rewards::methods())
        .at("/channel_points/custom_rewards/redemptions", redemptions::methods())
        .at("/eventsub/subscriptions", subscriptions::methods())
        .at("/eventsub/conduits", conduits::methods())
        .at("/eventsub/conduits/shards", shards::methods())
        .catch_all_error(shape_error)
        .around(move |endpoint, request| {
            let state = state.clone();
            async move { gate(&state, &*endpoint, request).await }
        })
}

/// Lets a call in: token, client id, rate limit; every answer tells the state of its bucket.
async fn gate(
    state: &State,
    endpoint: &impl Endpoint<Output = Response>,
    mut request: Request,
) -> poem::Result<Response> {
    tokio::time::sleep(state.config.call_latency).await;
    let caller = Caller::identify(state, request.headers()).await;
    let key = caller.as_ref().map_or_else(|_| String::new(), Caller::bucket);
    let mut allowance = state.limiter.spend(key);
    let mut response = match caller {
        _ if !allowance.granted => {
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").as_response()
        }
        Err(refusal) => refusal.as_response(),
        Ok(caller) => {
            request.set_data(caller);
            match state.faults.call(request.method().as_str(), request.uri().path()) {
                None => endpoint.call(request).await?.into_response(),
                Some((fault, timeout)) => {
                    faulty::shorten(&mut allowance, fault);
                    faulty::answer(fault, timeout, endpoint, request).await?
                }
            }
        }
    };
    show_allowance(&mut response, allowance);
    Ok(response)
}

fn show_allowance(response: &mut Response, allowance: Allowance) {
    let headers = response.headers_mut();
    headers.insert("Ratelimit-Limit", HeaderValue::from(allowance.limit));
    headers.insert("Ratelimit-Remaining", HeaderValue::from(allowance.remaining));
    headers.insert("Ratelimit-Reset", HeaderValue::from(allowance.reset_unix_s));
}
