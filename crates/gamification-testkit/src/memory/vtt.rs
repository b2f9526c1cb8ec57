use super::unit::MemoryUnit;
use async_trait::async_trait;
use gamification_core::ids::{CampaignId, ConnectionId, SocketId, UserId, VttWorldId};
use gamification_core::ports::{Lock, StoreError, VttRepository};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Combat, Pairing, VttClient, VttConnection, VttCredential};

type Stored<T> = Result<T, StoreError>;

#[async_trait]
impl VttRepository for MemoryUnit {
    async fn connection(&mut self, id: ConnectionId, _lock: Lock) -> Stored<Option<VttConnection>> {
        Ok(self.read()?.connections.get(&id).cloned())
    }

    async fn connection_of(&mut self, campaign: CampaignId) -> Stored<Option<VttConnection>> {
        Ok(self.read()?.connection_of(campaign))
    }

    async fn connection_of_world(
        &mut self,
        owner: UserId,
        world: &VttWorldId,
    ) -> Stored<Option<VttConnection>> {
        let connections = &self.read()?.connections;
        Ok(connections.values().find(|c| c.owner_id == owner && c.world_id == *world).cloned())
    }

    async fn connection_by_api_key(&mut self, hash: &str) -> Stored<Option<VttConnection>> {
        Ok(self.read()?.connections.values().find(|c| c.api_key_hash == hash).cloned())
    }

    async fn save_connection(&mut self, connection: &VttConnection) -> Stored<()> {
        self.write()?.connections.insert(connection.id, connection.clone());
        Ok(())
    }

    async fn combat(&mut self, connection: ConnectionId) -> Stored<Option<Combat>> {
        Ok(self.read()?.combats.get(&connection).cloned())
    }

    async fn save_combat(&mut self, connection: ConnectionId, combat: &Combat) -> Stored<()> {
        self.write()?.combats.insert(connection, combat.clone());
        Ok(())
    }

    async fn remove_combat(&mut self, connection: ConnectionId) -> Stored<()> {
        self.write()?.combats.remove(&connection);
        Ok(())
    }

    async fn save_client(&mut self, client: &VttClient) -> Stored<()> {
        self.write()?.clients.insert(client.socket.clone(), client.clone());
        Ok(())
    }

    async fn remove_client(&mut self, socket: &SocketId) -> Stored<()> {
        self.write()?.clients.remove(socket);
        Ok(())
    }

    async fn renew_clients(
        &mut self,
        connection: ConnectionId,
        node: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Stored<()> {
        let clients = &mut self.write()?.clients;
        for client in clients.values_mut().filter(|c| c.connection_id == connection) {
            if client.node == node {
                client.seen_until = until;
            }
        }
        clients.retain(|_, c| c.connection_id != connection || c.seen_until > now);
        Ok(())
    }

    async fn save_pairing(&mut self, pairing: &Pairing, now: Timestamp) -> Stored<()> {
        let pairings = &mut self.write()?.pairings;
        let is_rival =
            |p: &Pairing| p.id != pairing.id && p.code == pairing.code && p.expires_at > now;
        if pairings.values().any(is_rival) {
            return Err(StoreError::AlreadyExists("a pairing with that code".to_owned()));
        }
        pairings.insert(pairing.id, pairing.clone());
        Ok(())
    }

    async fn pairing_by_code(&mut self, code: &str) -> Stored<Option<Pairing>> {
        let pairings = &self.read()?.pairings;
        let of_code = pairings.values().filter(|p| p.code == code);
        Ok(of_code.max_by_key(|p| (p.expires_at, p.id)).cloned())
    }

    async fn open_pairings_of(&mut self, connection: ConnectionId) -> Stored<Vec<Pairing>> {
        let pairings = &self.read()?.pairings;
        Ok(pairings
            .values()
            .filter(|p| p.connection_id == Some(connection) && p.completed_at.is_none())
            .cloned()
            .collect())
    }

    async fn save_credential(&mut self, credential: &VttCredential) -> Stored<()> {
        self.write()?.credentials.insert(credential.id, credential.clone());
        Ok(())
    }

    async fn credential_by_session(&mut self, hash: &str) -> Stored<Option<VttCredential>> {
        Ok(self.read()?.credentials.values().find(|c| c.session_hash == hash).cloned())
    }

    async fn credential_by_refresh(&mut self, hash: &str) -> Stored<Option<VttCredential>> {
        Ok(self.read()?.credentials.values().find(|c| c.refresh_hash == hash).cloned())
    }

    async fn revoke_credentials(&mut self, connection: ConnectionId, now: Timestamp) -> Stored<()> {
        for credential in self.write()?.credentials.values_mut() {
            if credential.connection_id == connection && credential.revoked_at.is_none() {
                credential.revoked_at = Some(now);
            }
        }
        Ok(())
    }
}
