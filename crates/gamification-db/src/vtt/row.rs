use crate::codec::{from_json, micros, to_json, to_moment};
use crate::error::{Stored, corrupt};
use gamification_core::ids::{
    CampaignId, ConnectionId, CredentialId, PairingId, SocketId, UserId, VttWorldId,
};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{ActingSocket, Pairing, VttConnection, VttCredential};

pub(crate) mod connection {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vtt_connections")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) owner_id: Uuid,
        pub(crate) campaign_id: Option<Uuid>,
        pub(crate) world_id: String,
        pub(crate) world_name: String,
        pub(crate) game_system: String,
        pub(crate) module_version: String,
        pub(crate) revoked_at: Option<i64>,
        pub(crate) api_key_hash: String,
        pub(crate) present_until: Option<i64>,
        pub(crate) acting_node: Option<String>,
        pub(crate) acting_socket: Option<String>,
        pub(crate) acting_epoch: Option<i64>,
        pub(crate) acting_remembers_commands: Option<bool>,
        pub(crate) acting_until: Option<i64>,
        pub(crate) acting_features: Option<String>,
        pub(crate) is_in_combat: bool,
        pub(crate) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod pairing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vtt_pairings")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) code: String,
        pub(crate) world_id: String,
        pub(crate) world_name: String,
        pub(crate) game_system: String,
        pub(crate) module_version: String,
        pub(crate) requested_from: String,
        pub(crate) expires_at: i64,
        pub(crate) connection_id: Option<Uuid>,
        pub(crate) completed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod credential {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vtt_credentials")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) connection_id: Uuid,
        pub(crate) session_hash: String,
        pub(crate) session_expires_at: i64,
        pub(crate) refresh_hash: String,
        pub(crate) refresh_expires_at: i64,
        pub(crate) replaced_at: Option<i64>,
        pub(crate) revoked_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) fn from_connection(vtt: &VttConnection) -> Stored<connection::Model> {
    let acting = vtt.acting.as_ref();
    Ok(connection::Model {
        id: vtt.id.0,
        owner_id: vtt.owner_id.0,
        campaign_id: vtt.campaign_id.map(|id| id.0),
        world_id: vtt.world_id.0.clone(),
        world_name: vtt.world_name.clone(),
        game_system: vtt.game_system.clone(),
        module_version: vtt.module_version.clone(),
        revoked_at: micros(vtt.revoked_at),
        api_key_hash: vtt.api_key_hash.clone(),
        present_until: micros(vtt.present_until),
        acting_node: acting.map(|socket| socket.node.clone()),
        acting_socket: acting.map(|socket| socket.socket.0.clone()),
        acting_epoch: acting.map(|socket| socket.epoch),
        acting_remembers_commands: acting.map(|socket| socket.remembers_commands),
        acting_until: acting.map(|socket| socket.until.as_micros()),
        acting_features: acting.map(|socket| to_json(&socket.features)).transpose()?,
        is_in_combat: vtt.is_in_combat,
        created_at: vtt.created_at.as_micros(),
    })
}

fn acting(row: &connection::Model) -> Stored<Option<ActingSocket>> {
    match (
        &row.acting_node,
        &row.acting_socket,
        row.acting_epoch,
        row.acting_remembers_commands,
        row.acting_until,
    ) {
        (None, None, None, None, None) => Ok(None),
        (Some(node), Some(socket), Some(epoch), Some(remembers_commands), Some(until)) => {
            Ok(Some(ActingSocket {
                node: node.clone(),
                socket: SocketId(socket.clone()),
                epoch,
                remembers_commands,
                features: features(row)?,
                until: Timestamp::from_micros(until),
            }))
        }
        _ => Err(corrupt("vtt_connections.acting", "is there in part")),
    }
}

/// A lease from before the column has none.
fn features(row: &connection::Model) -> Stored<Vec<String>> {
    let text = row.acting_features.as_deref();
    text.map_or(Ok(Vec::new()), |text| from_json("vtt_connections.acting_features", text))
}

pub(super) fn to_connection(row: connection::Model) -> Stored<VttConnection> {
    Ok(VttConnection {
        acting: acting(&row)?,
        id: ConnectionId(row.id),
        owner_id: UserId(row.owner_id),
        campaign_id: row.campaign_id.map(CampaignId),
        world_id: VttWorldId(row.world_id),
        world_name: row.world_name,
        game_system: row.game_system,
        module_version: row.module_version,
        revoked_at: to_moment(row.revoked_at),
        api_key_hash: row.api_key_hash,
        present_until: to_moment(row.present_until),
        is_in_combat: row.is_in_combat,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

pub(super) fn from_pairing(pairing: &Pairing) -> pairing::Model {
    pairing::Model {
        id: pairing.id.0,
        code: pairing.code.clone(),
        world_id: pairing.world_id.0.clone(),
        world_name: pairing.world_name.clone(),
        game_system: pairing.game_system.clone(),
        module_version: pairing.module_version.clone(),
        requested_from: pairing.requested_from.clone(),
        expires_at: pairing.expires_at.as_micros(),
        connection_id: pairing.connection_id.map(|id| id.0),
        completed_at: micros(pairing.completed_at),
    }
}

pub(super) fn to_pairing(row: pairing::Model) -> Pairing {
    Pairing {
        id: PairingId(row.id),
        code: row.code,
        world_id: VttWorldId(row.world_id),
        world_name: row.world_name,
        game_system: row.game_system,
        module_version: row.module_version,
        requested_from: row.requested_from,
        expires_at: Timestamp::from_micros(row.expires_at),
        connection_id: row.connection_id.map(ConnectionId),
        completed_at: to_moment(row.completed_at),
    }
}

pub(super) fn from_credential(credential: &VttCredential) -> credential::Model {
    credential::Model {
        id: credential.id.0,
        connection_id: credential.connection_id.0,
        session_hash: credential.session_hash.clone(),
        session_expires_at: credential.session_expires_at.as_micros(),
        refresh_hash: credential.refresh_hash.clone(),
        refresh_expires_at: credential.refresh_expires_at.as_micros(),
        replaced_at: micros(credential.replaced_at),
        revoked_at: micros(credential.revoked_at),
    }
}

pub(super) fn to_credential(row: credential::Model) -> VttCredential {
    VttCredential {
        id: CredentialId(row.id),
        connection_id: ConnectionId(row.connection_id),
        session_hash: row.session_hash,
        session_expires_at: Timestamp::from_micros(row.session_expires_at),
        refresh_hash: row.refresh_hash,
        refresh_expires_at: Timestamp::from_micros(row.refresh_expires_at),
        replaced_at: to_moment(row.replaced_at),
        revoked_at: to_moment(row.revoked_at),
    }
}
