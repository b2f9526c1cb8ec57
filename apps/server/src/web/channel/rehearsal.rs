//! Trying it out: invented viewers redeem a reward of the own channel at the sandbox Twitch, which
//! tells us as the real one would.

use super::Place;
use crate::problem::Problem;
use crate::services::Shared;
use crate::simulate::{Clicks, click};
use crate::web::form::Submission;
use gamification_core::ids::EventId;
use uuid::Uuid;

/// Has viewers click on the channel.
pub(super) async fn click_here(
    services: &Shared,
    place: &Place,
    form: &Submission,
) -> Result<&'static str, Problem> {
    let event: Uuid = form.required("eventId", "must be the id of an event")?;
    let count = form.required("count", "must be a whole number")?;
    let clicks = Clicks { event: EventId(event), streamer: place.streamer(), count, viewers: None };
    let clicked = click(services, place.campaign.id, clicks).await?;
    Ok(if clicked.sent > 0 { "clicked" } else { "clicks-refused" })
}
