//! Clicks of the ledger by what people send as their id.

use crate::problem::Problem;
use crate::services::Services;
use gamification_core::ids::RedemptionId;
use gamification_core::redemption::Redemption;

/// The click with that id. Whether the caller may know of it is theirs to check.
///
/// # Errors
/// 404 when there is none, 503 when the store does not answer.
pub(crate) async fn redemption(services: &Services, id: &str) -> Result<Redemption, Problem> {
    // No database takes a NUL, and no id of Twitch has one.
    let found = match id.contains('\0') {
        true => None,
        false => services.core.ports().queries.redemption(&RedemptionId::from(id)).await?,
    };
    found.ok_or_else(|| Problem::not_found("redemption"))
}
