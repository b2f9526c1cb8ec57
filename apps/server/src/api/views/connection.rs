//! Paired worlds and who is connected to them.

use super::super::types::Moment;
use super::names::names;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{
    ClientKind, PRESENCE_SECONDS, VttClient, VttConnection, VttPresence, presence,
};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// A paired world.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Connection", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct ConnectionView {
    /// Its key.
    id: Uuid,
    /// Its campaign; absent once that was deleted.
    campaign_id: Option<Uuid>,
    /// The world's id in the VTT.
    world_id: String,
    /// The world's name.
    world_name: String,
    /// The game system's id.
    game_system: String,
    /// The version of the client that paired.
    module_version: String,
    /// Whether it can be reached.
    status: ConnectionStatusName,
    /// Whether a combat runs at the table.
    is_in_combat: bool,
    /// When it was paired first.
    created_at: Moment,
    /// When a socket was last known to be live; absent when there never was one.
    last_seen_at: Option<Moment>,
    /// When its credentials were taken back.
    revoked_at: Option<Moment>,
    /// Its clients that are connected now, oldest first: the browsers of game masters.
    clients: Vec<ClientView>,
}

impl ConnectionView {
    /// The world at that moment, with its live clients.
    pub(in crate::api) fn new(
        connection: VttConnection,
        clients: Vec<VttClient>,
        now: Timestamp,
    ) -> Self {
        let status = match presence(Some(&connection), now) {
            _ if connection.is_revoked() => ConnectionStatusName::Revoked,
            VttPresence::Present => ConnectionStatusName::Present,
            VttPresence::Away | VttPresence::NotPaired => ConnectionStatusName::Away,
        };
        let acting = connection.acting.as_ref().filter(|acting| acting.until > now);
        let acting = acting.map(|acting| acting.socket.clone());
        let clients = clients.into_iter().map(|client| ClientView {
            is_acting: acting.as_ref() == Some(&client.socket),
            kind: client.kind.into(),
            version: client.version,
            is_active_gm: client.is_active_gm,
            connected_at: client.connected_at.into(),
        });
        let seen = connection.present_until.map(|until| until.minus_seconds(PRESENCE_SECONDS));
        Self {
            clients: clients.collect(),
            id: connection.id.0,
            campaign_id: connection.campaign_id.map(|campaign| campaign.0),
            world_id: connection.world_id.0,
            world_name: connection.world_name,
            game_system: connection.game_system,
            module_version: connection.module_version,
            status,
            is_in_combat: connection.is_in_combat,
            created_at: connection.created_at.into(),
            last_seen_at: seen.map(Into::into),
            revoked_at: connection.revoked_at.map(Into::into),
        }
    }
}

/// Whether a world can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "ConnectionStatus", rename_all = "snake_case")]
enum ConnectionStatusName {
    /// A socket was live within the last 30 seconds.
    Present,
    /// No socket.
    Away,
    /// Its credentials were taken back.
    Revoked,
}

/// A browser that is connected to the service.
#[derive(Debug, Clone, Object)]
#[oai(rename = "TableClient", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ClientView {
    /// Which program it runs.
    kind: ClientKindName,
    /// The program's version, once it said so.
    version: Option<String>,
    /// Whether it is at the VTT's active game master.
    is_active_gm: bool,
    /// Whether it is the one that acts for the world.
    is_acting: bool,
    /// Since when it is connected.
    connected_at: Moment,
}

names! {
    /// Which program a client runs.
    ClientKindName as "ClientKind" = ClientKind {
        /// It did not introduce itself: the published module, or something that speaks like it.
        Published,
        /// Our module.
        OurModule,
    }
}
