//! What overlays tell of themselves: that they are there, shown, on air.
//!
//! A thousand overlays that tell every ten seconds are kept in memory and written together every few
//! seconds, so that they cost the store's writer next to nothing. What a crash loses is told again.

use crate::problem::Problem;
use crate::services::Shared;
use crate::stream::working_overlay;
use gamification_core::access::{OverlaySighting, Sighting};
use gamification_core::ids::OverlayId;
use gamification_core::service::{Gamification, Served};
use gamification_core::time::Timestamp;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Body, handler};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The largest body of a report.
const REPORT_BYTES_MAX: usize = 256;
/// How many overlays may wait to be written; what more of them tell is dropped.
const WAITING_MAX: usize = 20_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// What overlays told since it was written last.
#[derive(Default)]
pub struct SightingBoard {
    waiting: Mutex<HashMap<OverlayId, Sighting>>,
}

impl SightingBoard {
    /// Keeps what an overlay told last, until it is written.
    fn note(&self, overlay: OverlayId, sighting: Sighting) {
        let mut waiting = self.waiting();
        if waiting.len() < WAITING_MAX || waiting.contains_key(&overlay) {
            waiting.insert(overlay, sighting);
        }
    }

    /// Writes what waits; of how many overlays. What could not be written waits on.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn write(&self, core: &Gamification) -> Served<u64> {
        let waiting = std::mem::take(&mut *self.waiting());
        let told = |(&overlay_id, &sighting): (&OverlayId, &Sighting)| OverlaySighting {
            overlay_id,
            sighting,
        };
        let sightings: Vec<OverlaySighting> = waiting.iter().map(told).collect();
        let written = core.record_sightings(&sightings).await;
        if written.is_err() {
            let mut newer = self.waiting();
            for (overlay, sighting) in waiting {
                newer.entry(overlay).or_insert(sighting);
            }
        }
        written
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<OverlayId, Sighting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Report {
    is_visible: bool,
    #[serde(default)]
    is_on_air: Option<bool>,
}

/// `POST /overlay/{token}/seen`: the overlay of that address is open somewhere. Changes nothing but
/// what its streamer is told of it.
#[handler]
pub(crate) async fn overlay_seen(
    services: Data<&Shared>,
    Path(token): Path<String>,
    body: Body,
) -> Result<StatusCode, Problem> {
    let overlay = working_overlay(&*services.core.ports().queries, &token).await?;
    let too_large = |_| Problem::too_large(REPORT_BYTES_MAX);
    let body = body.into_bytes_limit(REPORT_BYTES_MAX).await.map_err(too_large)?;
    let report: Report =
        serde_json::from_slice(&body).map_err(|error| Problem::malformed(error.to_string()))?;
    let sighting = Sighting {
        seen_at: whole_second(services.core.ports().clock.now()),
        is_visible: report.is_visible,
        is_on_air: report.is_on_air,
    };
    services.sightings.note(overlay.id, sighting);
    Ok(StatusCode::NO_CONTENT)
}

/// By the second, so that overlays that told the same are written by one statement.
const fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_seconds() * MICROS_PER_SECOND)
}
