//! What runs at the tables: live clients and combats.

use crate::codec::{from_json, from_word, micros, to_json, to_word};
use crate::error::{Stored, store_error};
use crate::rows;
use gamification_core::ids::{ConnectionId, SocketId};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Combat, VttClient};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub(crate) mod client {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vtt_clients")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) socket: String,
        pub(crate) connection_id: Uuid,
        pub(crate) node: String,
        pub(crate) kind: String,
        pub(crate) version: Option<String>,
        pub(crate) is_active_gm: bool,
        pub(crate) connected_at: i64,
        pub(crate) seen_until: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod combat_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vtt_combats")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) connection_id: Uuid,
        pub(crate) combat: String,
        pub(crate) ends_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) async fn combat(
    c: &impl ConnectionTrait,
    connection: ConnectionId,
) -> Stored<Option<Combat>> {
    let row = rows::first(c, combat_row::Entity::find_by_id(connection.0)).await?;
    row.map(|row| from_json("vtt_combats.combat", &row.combat)).transpose()
}

pub(crate) async fn save_combat(
    c: &impl ConnectionTrait,
    connection: ConnectionId,
    combat: &Combat,
) -> Stored<()> {
    let row = combat_row::Model {
        connection_id: connection.0,
        combat: to_json(combat)?,
        ends_at: micros(combat.ends_at),
    };
    rows::upsert::<combat_row::Entity, _>(c, row).await
}

pub(crate) async fn remove_combat(
    c: &impl ConnectionTrait,
    connection: ConnectionId,
) -> Stored<()> {
    let deleted = combat_row::Entity::delete_by_id(connection.0).exec(c).await;
    deleted.map(|_| ()).map_err(store_error)
}

/// The worlds whose combat is over by then.
pub(crate) async fn ending_combats(
    c: &impl ConnectionTrait,
    now: Timestamp,
) -> Stored<Vec<ConnectionId>> {
    let found = combat_row::Entity::find()
        .select_only()
        .column(combat_row::Column::ConnectionId)
        .filter(combat_row::Column::EndsAt.is_not_null())
        .filter(combat_row::Column::EndsAt.lte(now.as_micros()))
        .order_by_asc(combat_row::Column::EndsAt)
        .into_tuple::<uuid::Uuid>();
    Ok(found.all(c).await.map_err(store_error)?.into_iter().map(ConnectionId).collect())
}

pub(crate) async fn save_client(c: &impl ConnectionTrait, client: &VttClient) -> Stored<()> {
    let row = client::Model {
        socket: client.socket.0.clone(),
        connection_id: client.connection_id.0,
        node: client.node.clone(),
        kind: to_word(&client.kind)?,
        version: client.version.clone(),
        is_active_gm: client.is_active_gm,
        connected_at: client.connected_at.as_micros(),
        seen_until: client.seen_until.as_micros(),
    };
    rows::upsert::<client::Entity, _>(c, row).await
}

pub(crate) async fn remove_client(c: &impl ConnectionTrait, socket: &SocketId) -> Stored<()> {
    let deleted = client::Entity::delete_by_id(socket.0.clone()).exec(c).await;
    deleted.map(|_| ()).map_err(store_error)
}

pub(crate) async fn renew_clients(
    c: &impl ConnectionTrait,
    connection: ConnectionId,
    node: &str,
    now: Timestamp,
    until: Timestamp,
) -> Stored<()> {
    let renewed = client::Entity::update_many()
        .col_expr(client::Column::SeenUntil, Expr::val(until.as_micros()))
        .filter(client::Column::ConnectionId.eq(connection.0))
        .filter(client::Column::Node.eq(node))
        .exec(c);
    renewed.await.map_err(store_error)?;
    let lost = client::Entity::delete_many()
        .filter(client::Column::ConnectionId.eq(connection.0))
        .filter(client::Column::SeenUntil.lte(now.as_micros()))
        .exec(c);
    lost.await.map(|_| ()).map_err(store_error)
}

/// The clients that are connected to any node, oldest first.
pub(crate) async fn clients(
    c: &impl ConnectionTrait,
    connection: ConnectionId,
    now: Timestamp,
) -> Stored<Vec<VttClient>> {
    let found = client::Entity::find()
        .filter(client::Column::ConnectionId.eq(connection.0))
        .filter(client::Column::SeenUntil.gt(now.as_micros()))
        .order_by_asc(client::Column::ConnectedAt)
        .order_by_asc(client::Column::Socket);
    rows::all(c, found).await?.into_iter().map(to_client).collect()
}

fn to_client(row: client::Model) -> Stored<VttClient> {
    Ok(VttClient {
        socket: SocketId(row.socket),
        connection_id: ConnectionId(row.connection_id),
        node: row.node,
        kind: from_word("vtt_clients.kind", &row.kind)?,
        version: row.version,
        is_active_gm: row.is_active_gm,
        connected_at: Timestamp::from_micros(row.connected_at),
        seen_until: Timestamp::from_micros(row.seen_until),
    })
}
