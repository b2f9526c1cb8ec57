//! Tables that call over HTTP, with the API key of their connection.

use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::ConnectionId;
use gamification_foundry::pairing::ConnectionHealth;
use poem::Request;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

/// The API key that a paired table received: `Authorization: Bearer vttk_…`. It opens the
/// operations of that table and nothing else.
#[derive(SecurityScheme)]
#[oai(rename = "tableKey", ty = "bearer", bearer_format = "vttk_…", checker = "check")]
pub struct TableCaller(pub ConnectionId);

async fn check(request: &Request, bearer: Bearer) -> poem::Result<ConnectionId> {
    let services = request
        .data::<Shared>()
        .ok_or_else(|| Problem::internal("the services are not attached to the request"))?;
    let health = services.pairing.health(Some(&bearer.token)).await.map_err(Problem::from)?;
    match health {
        ConnectionHealth::Healthy { connection_id, .. } => Ok(connection_id),
        ConnectionHealth::CampaignDeleted { .. } => Err(Problem::not_found("campaign").into()),
        ConnectionHealth::Revoked { error }
        | ConnectionHealth::Expired { error }
        | ConnectionHealth::NotFound { error } => Err(Problem::unauthenticated(error).into()),
    }
}
