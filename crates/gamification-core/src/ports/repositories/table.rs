use super::{Lock, Stored};
use crate::criticality::CampaignRule;
use crate::ids::{
    CampaignId, CommandId, ConnectionId, CriticalityRuleId, InstanceId, RollId, SocketId, UserId,
    VttWorldId,
};
use crate::time::Timestamp;
use crate::vtt::{
    Combat, CommandKind, CommandStatus, DiceRoll, Pairing, VttClient, VttCommand, VttConnection,
    VttCredential,
};
use async_trait::async_trait;

/// What the table is asked to do.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CommandRepository: Send {
    /// Inserts the steps of one execution, or what a GM asks for. An earlier command is taken back
    /// by one command at a time, unless that one failed.
    async fn insert(&mut self, commands: &[VttCommand]) -> Stored<()>;
    /// The command with that key, not locked: lock its goal first.
    async fn get(&mut self, id: CommandId) -> Stored<Option<VttCommand>>;
    /// The steps of a goal's execution, in order.
    async fn of_instance(&mut self, instance: InstanceId) -> Stored<Vec<VttCommand>>;
    /// Replaces the command with that key.
    async fn update(&mut self, command: &VttCommand) -> Stored<()>;
    /// Commands of one kind that were handed to that world since then, whatever became of them.
    async fn sent_since(
        &mut self,
        connection: ConnectionId,
        kind: CommandKind,
        since: Timestamp,
    ) -> Stored<Vec<VttCommand>>;
    /// Commands of one kind that wait to be handed to that world.
    async fn waiting(
        &mut self,
        connection: ConnectionId,
        kind: CommandKind,
    ) -> Stored<Vec<VttCommand>>;
    /// The command that takes that one back, if there is one that has not failed.
    async fn undo_of(&mut self, command: CommandId) -> Stored<Option<VttCommand>>;
    /// Gives every pending or sent command of the goal that final status; how many there were.
    async fn close(&mut self, instance: InstanceId, status: CommandStatus) -> Stored<u64>;
}

/// What was rolled.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RollRepository: Send {
    /// Inserts a roll. `false`, and nothing written, when that roll of that message was seen
    /// before.
    async fn insert(&mut self, roll: &DiceRoll) -> Stored<bool>;
    /// The roll with that key, locked exclusively.
    async fn lock(&mut self, id: RollId) -> Stored<Option<DiceRoll>>;
    /// Replaces the roll with that key.
    async fn update(&mut self, roll: &DiceRoll) -> Stored<()>;
}

/// The game masters' own rules of what is critical. They change under the lock of their campaign.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CriticalityRuleRepository: Send {
    /// The campaign's rules, the highest priority first, then the oldest.
    async fn of_campaign(&mut self, campaign: CampaignId) -> Stored<Vec<CampaignRule>>;
    /// Inserts a new rule.
    async fn insert(&mut self, rule: &CampaignRule) -> Stored<()>;
    /// Removes a rule of that campaign; `false` when it has none with that key.
    async fn delete(&mut self, campaign: CampaignId, id: CriticalityRuleId) -> Stored<bool>;
}

/// Paired worlds.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait VttRepository: Send {
    /// The connection with that key.
    async fn connection(&mut self, id: ConnectionId, lock: Lock) -> Stored<Option<VttConnection>>;
    /// The connection of the campaign that is not revoked, else the newest revoked one.
    async fn connection_of(&mut self, campaign: CampaignId) -> Stored<Option<VttConnection>>;
    /// The connection that this person made for that world, revoked or not.
    async fn connection_of_world(
        &mut self,
        owner: UserId,
        world: &VttWorldId,
    ) -> Stored<Option<VttConnection>>;
    /// The connection whose API key has that hash.
    async fn connection_by_api_key(&mut self, hash: &str) -> Stored<Option<VttConnection>>;
    /// Inserts or replaces a connection.
    async fn save_connection(&mut self, connection: &VttConnection) -> Stored<()>;
    /// The combat that runs at that world's table. Lock the connection before changing it.
    async fn combat(&mut self, connection: ConnectionId) -> Stored<Option<Combat>>;
    /// Inserts or replaces the combat of that world.
    async fn save_combat(&mut self, connection: ConnectionId, combat: &Combat) -> Stored<()>;
    /// Removes the combat of that world; nothing happens when none runs.
    async fn remove_combat(&mut self, connection: ConnectionId) -> Stored<()>;
    /// Inserts or replaces a live client.
    async fn save_client(&mut self, client: &VttClient) -> Stored<()>;
    /// Forgets a client; nothing happens when it is not known.
    async fn remove_client(&mut self, socket: &SocketId) -> Stored<()>;
    /// That node still holds its clients of that world; those of any node that were not renewed
    /// until now are forgotten.
    async fn renew_clients(
        &mut self,
        connection: ConnectionId,
        node: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Stored<()>;
    /// Inserts or replaces a pairing;
    /// [`StoreError::AlreadyExists`](crate::ports::StoreError::AlreadyExists) when its code is used
    /// by another one that has not run out.
    async fn save_pairing(&mut self, pairing: &Pairing, now: Timestamp) -> Stored<()>;
    /// The newest pairing with that code, locked exclusively.
    async fn pairing_by_code(&mut self, code: &str) -> Stored<Option<Pairing>>;
    /// Pairings of that connection that were claimed and not completed.
    async fn open_pairings_of(&mut self, connection: ConnectionId) -> Stored<Vec<Pairing>>;
    /// Inserts or replaces a pair of tokens.
    async fn save_credential(&mut self, credential: &VttCredential) -> Stored<()>;
    /// The tokens whose session token has that hash.
    async fn credential_by_session(&mut self, hash: &str) -> Stored<Option<VttCredential>>;
    /// The tokens whose refresh token has that hash, locked exclusively.
    async fn credential_by_refresh(&mut self, hash: &str) -> Stored<Option<VttCredential>>;
    /// Revokes all tokens of the connection.
    async fn revoke_credentials(&mut self, connection: ConnectionId, now: Timestamp) -> Stored<()>;
}
