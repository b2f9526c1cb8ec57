//! Paired tables, as their game master sees them. No credential is ever shown here.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Done, Listed};
use super::views::connection::ConnectionView;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use crate::tables;
use gamification_core::ids::CampaignId;
use gamification_core::vtt::VttConnection;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes of paired tables.
pub(super) struct TablesApi;

#[OpenApi]
impl TablesApi {
    /// Pairs the world that shows this code. The campaign's former table is taken off.
    #[oai(
        path = "/vtt/pairings/claim",
        method = "post",
        tag = "Tag::Table",
        operation_id = "claimPairing"
    )]
    async fn claim(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<ClaimPairing>,
    ) -> Answer<ConnectionView> {
        let ClaimPairing { code, campaign_id } = body.0;
        let campaign = campaign_id.map(CampaignId::from);
        let connection = tables::claim(&services, &caller, &code, campaign).await?;
        show(&services, connection).await
    }

    /// The worlds that the caller paired, newest first.
    #[oai(
        path = "/vtt/connections",
        method = "get",
        tag = "Tag::Table",
        operation_id = "listConnections"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
    ) -> Answer<Listed<ConnectionView>> {
        caller.require_leader()?;
        let ports = services.core.ports();
        let mut connections = ports.queries.connections_of(caller.user.id).await?;
        if let Some(only) = caller.campaign_scope {
            connections.retain(|connection| connection.campaign_id == Some(only));
        }
        connections
            .sort_by_key(|connection| std::cmp::Reverse((connection.created_at, connection.id)));
        let mut shown = Vec::new();
        for connection in connections {
            shown.push(show(&services, connection).await?.0);
        }
        Ok(Json(Listed::whole(shown)))
    }

    /// Takes a world's credentials back and closes its sockets. Doing it twice is the same as once.
    #[oai(
        path = "/vtt/connections/:connection",
        method = "delete",
        tag = "Tag::Table",
        operation_id = "revokeConnection"
    )]
    async fn revoke(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        connection: Path<Uuid>,
    ) -> Result<Done, Problem> {
        tables::revoke(&services, &caller, connection.0.into()).await?;
        Ok(Done::Done)
    }

    /// Lets a world whose credentials were taken back fetch new ones, within seven days.
    #[oai(
        path = "/vtt/connections/:connection/reauthorize",
        method = "post",
        tag = "Tag::Table",
        operation_id = "reauthorizeConnection"
    )]
    async fn reauthorize(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        connection: Path<Uuid>,
    ) -> Answer<ConnectionView> {
        let connection = tables::reauthorize(&services, &caller, connection.0.into()).await?;
        show(&services, connection).await
    }
}

async fn show(services: &Shared, connection: VttConnection) -> Answer<ConnectionView> {
    let ports = services.core.ports();
    let now = ports.clock.now();
    let clients = ports.queries.clients(connection.id, now).await?;
    Ok(Json(ConnectionView::new(connection, clients, now)))
}

/// A code to be claimed.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct ClaimPairing {
    /// What the world shows, in any case, with or without its dash.
    code: String,
    /// The campaign; may be left out when it is the world's own already, or the only one of the
    /// caller's that has no table.
    campaign_id: Option<Uuid>,
}
