//! Paired worlds, their requests to be paired and their tokens.

mod row;

use crate::error::{Stored, store_error};
use crate::rows;
use crate::tables;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{CampaignId, ConnectionId, SocketId, UserId, VttWorldId};
use gamification_core::ports::{Lock, StoreError, VttRepository};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Combat, Pairing, VttClient, VttConnection, VttCredential};
use row::{connection, credential, pairing, to_connection, to_credential, to_pairing};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, Select};

async fn first(
    c: &impl ConnectionTrait,
    found: Select<connection::Entity>,
) -> Stored<Option<VttConnection>> {
    rows::first(c, found).await?.map(to_connection).transpose()
}

pub(crate) async fn get(
    c: &impl ConnectionTrait,
    id: ConnectionId,
    lock: Lock,
) -> Stored<Option<VttConnection>> {
    first(c, rows::locked(connection::Entity::find_by_id(id.0), lock)).await
}

/// The connection of the campaign that is not revoked, else the newest revoked one.
pub(crate) async fn of_campaign(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Stored<Option<VttConnection>> {
    let is_revoked = Expr::cust("CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END");
    let found = connection::Entity::find()
        .filter(connection::Column::CampaignId.eq(campaign.0))
        .order_by(is_revoked, Order::Asc)
        .order_by_desc(connection::Column::CreatedAt)
        .order_by_desc(connection::Column::Id);
    first(c, found).await
}

/// The worlds that this person paired, newest first.
pub(crate) async fn of_owner(
    c: &impl ConnectionTrait,
    owner: UserId,
) -> Stored<Vec<VttConnection>> {
    let found = connection::Entity::find()
        .filter(connection::Column::OwnerId.eq(owner.0))
        .order_by_desc(connection::Column::CreatedAt)
        .order_by_desc(connection::Column::Id);
    rows::all(c, found).await?.into_iter().map(to_connection).collect()
}

#[async_trait]
impl VttRepository for Unit {
    async fn connection(&mut self, id: ConnectionId, lock: Lock) -> Stored<Option<VttConnection>> {
        get(self.tx(), id, lock).await
    }

    async fn connection_of(&mut self, campaign: CampaignId) -> Stored<Option<VttConnection>> {
        of_campaign(self.tx(), campaign).await
    }

    async fn connection_of_world(
        &mut self,
        owner: UserId,
        world: &VttWorldId,
    ) -> Stored<Option<VttConnection>> {
        let found = connection::Entity::find()
            .filter(connection::Column::OwnerId.eq(owner.0))
            .filter(connection::Column::WorldId.eq(world.as_str()))
            .order_by_desc(connection::Column::CreatedAt)
            .order_by_desc(connection::Column::Id);
        first(self.tx(), found).await
    }

    async fn connection_by_api_key(&mut self, hash: &str) -> Stored<Option<VttConnection>> {
        let found = connection::Entity::find().filter(connection::Column::ApiKeyHash.eq(hash));
        first(self.tx(), found).await
    }

    async fn save_connection(&mut self, connection: &VttConnection) -> Stored<()> {
        let row = row::from_connection(connection)?;
        rows::upsert::<connection::Entity, _>(self.tx(), row).await
    }

    async fn combat(&mut self, connection: ConnectionId) -> Stored<Option<Combat>> {
        tables::combat(self.tx(), connection).await
    }

    async fn save_combat(&mut self, connection: ConnectionId, combat: &Combat) -> Stored<()> {
        tables::save_combat(self.tx(), connection, combat).await
    }

    async fn remove_combat(&mut self, connection: ConnectionId) -> Stored<()> {
        tables::remove_combat(self.tx(), connection).await
    }

    async fn save_client(&mut self, client: &VttClient) -> Stored<()> {
        tables::save_client(self.tx(), client).await
    }

    async fn remove_client(&mut self, socket: &SocketId) -> Stored<()> {
        tables::remove_client(self.tx(), socket).await
    }

    async fn renew_clients(
        &mut self,
        connection: ConnectionId,
        node: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Stored<()> {
        tables::renew_clients(self.tx(), connection, node, now, until).await
    }

    async fn save_pairing(&mut self, pairing: &Pairing, now: Timestamp) -> Stored<()> {
        // No index can tell whether a code has run out, so codes are given out one at a time.
        rows::lock_mutex(self.tx(), "pairing_code").await?;
        let rival = pairing::Entity::find()
            .filter(pairing::Column::Code.eq(pairing.code.as_str()))
            .filter(pairing::Column::Id.ne(pairing.id.0))
            .filter(pairing::Column::ExpiresAt.gt(now.as_micros()));
        if rows::first(self.tx(), rival).await?.is_some() {
            return Err(StoreError::AlreadyExists("a pairing with that code".to_owned()));
        }
        let row = row::from_pairing(pairing);
        rows::upsert::<pairing::Entity, _>(self.tx(), row).await
    }

    async fn pairing_by_code(&mut self, code: &str) -> Stored<Option<Pairing>> {
        let found = pairing::Entity::find()
            .filter(pairing::Column::Code.eq(code))
            .order_by_desc(pairing::Column::ExpiresAt)
            .order_by_desc(pairing::Column::Id);
        let found = rows::first(self.tx(), rows::locked(found, Lock::Exclusive)).await?;
        Ok(found.map(to_pairing))
    }

    async fn open_pairings_of(&mut self, connection: ConnectionId) -> Stored<Vec<Pairing>> {
        let found = pairing::Entity::find()
            .filter(pairing::Column::ConnectionId.eq(connection.0))
            .filter(pairing::Column::CompletedAt.is_null())
            .order_by_asc(pairing::Column::Id);
        Ok(rows::all(self.tx(), found).await?.into_iter().map(to_pairing).collect())
    }

    async fn save_credential(&mut self, credential: &VttCredential) -> Stored<()> {
        let row = row::from_credential(credential);
        rows::upsert::<credential::Entity, _>(self.tx(), row).await
    }

    async fn credential_by_session(&mut self, hash: &str) -> Stored<Option<VttCredential>> {
        let found = credential::Entity::find().filter(credential::Column::SessionHash.eq(hash));
        Ok(rows::first(self.tx(), found).await?.map(to_credential))
    }

    async fn credential_by_refresh(&mut self, hash: &str) -> Stored<Option<VttCredential>> {
        let found = credential::Entity::find().filter(credential::Column::RefreshHash.eq(hash));
        let found = rows::first(self.tx(), rows::locked(found, Lock::Exclusive)).await?;
        Ok(found.map(to_credential))
    }

    async fn revoke_credentials(&mut self, connection: ConnectionId, now: Timestamp) -> Stored<()> {
        let revoked = credential::Entity::update_many()
            .col_expr(credential::Column::RevokedAt, Expr::val(now.as_micros()))
            .filter(credential::Column::ConnectionId.eq(connection.0))
            .filter(credential::Column::RevokedAt.is_null())
            .exec(self.tx());
        revoked.await.map(|_| ()).map_err(store_error)
    }
}
