//! What the tables tell of themselves: who is there, who acts, characters.

mod election;

pub use election::{Fitness, TableSocket};

use super::changes::Changes;
use super::seat::lock_seat;
use super::{Gamification, Served, ServiceError};
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::{Campaign, Character, CharacterDetails, CharacterKind};
use crate::ids::{CampaignId, ConnectionId, SocketId, VttActorId};
use crate::ports::{Lock, UnitOfWork};
use crate::time::Timestamp;
use crate::vtt::{ActingSocket, PRESENCE_SECONDS, VttClient, VttConnection, VttPresence, presence};
use election::elect;
use serde_json::json;

/// What a socket's node learns when it renews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableLease {
    /// The world is present.
    Held {
        /// The socket that acts for it.
        acting: ActingSocket,
    },
    /// The connection ended: its sockets are to be told and closed.
    Gone(TableGone),
}

/// Why a connection serves no sockets any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableGone {
    /// Its credentials were taken back.
    Revoked,
    /// Its campaign was deleted.
    CampaignDeleted,
}

/// A live client of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableClient {
    /// Its world.
    pub connection_id: ConnectionId,
    /// Its socket, and what it said of itself.
    pub socket: TableSocket,
    /// Its version, once it said so.
    pub version: Option<String>,
    /// When it connected.
    pub connected_at: Timestamp,
}

/// A character as its table reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct CharacterReport {
    /// The VTT's key.
    pub actor_id: VttActorId,
    /// Its name at the table.
    pub name: String,
    /// What kind it is.
    pub kind: CharacterKind,
    /// What actions need of it.
    pub details: CharacterDetails,
}

impl Gamification {
    /// A socket came, or said more about itself: the world is present, and the socket acts for it
    /// from now on when nobody does or it is fitter than who does. The caller offers the fittest
    /// socket that it holds.
    ///
    /// # Errors
    /// [`ServiceError::Store`] only.
    pub async fn table_joined(
        &self,
        connection: ConnectionId,
        socket: &TableSocket,
    ) -> Served<TableLease> {
        self.retrying(|| Box::pin(self.lease_table(connection, socket, true))).await
    }

    /// As [`table_joined`](Self::table_joined), repeated while sockets are live, every
    /// [`PRESENCE_SECONDS`] / 3: it takes over only from a socket whose lease has run out, so that
    /// two nodes do not take it from each other in turns.
    ///
    /// # Errors
    /// [`ServiceError::Store`] only.
    pub async fn table_renewed(
        &self,
        connection: ConnectionId,
        socket: &TableSocket,
    ) -> Served<TableLease> {
        self.retrying(|| Box::pin(self.lease_table(connection, socket, false))).await
    }

    /// Notes a live client of a world, or what it said of itself since.
    ///
    /// # Errors
    /// [`ServiceError::Store`] only.
    pub async fn client_seen(&self, client: &TableClient) -> Served<()> {
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                let connection = client.connection_id;
                if uow.vtt().connection(connection, Lock::Exclusive).await?.is_none() {
                    return Ok(());
                }
                let now = self.now();
                let seen = VttClient {
                    socket: client.socket.socket.clone(),
                    connection_id: connection,
                    node: client.socket.node.clone(),
                    kind: client.socket.fitness.kind(),
                    version: client.version.clone(),
                    is_active_gm: client.socket.fitness == Fitness::ActiveGm,
                    connected_at: client.connected_at,
                    seen_until: now.plus_seconds(PRESENCE_SECONDS),
                };
                uow.vtt().save_client(&seen).await?;
                Ok(uow.commit().await?)
            })
        })
        .await
    }

    /// A socket went: when it acted for the world, its lease ends now. The world counts as present
    /// until [`PRESENCE_SECONDS`] after its last socket was seen.
    ///
    /// # Errors
    /// [`ServiceError::Store`] only.
    pub async fn table_left(&self, connection: ConnectionId, socket: &SocketId) -> Served<()> {
        self.retrying(|| {
            Box::pin(async move {
                let mut uow = self.ports.store.begin().await?;
                let found = uow.vtt().connection(connection, Lock::Exclusive).await?;
                let Some(mut connection) = found else { return Ok(()) };
                uow.vtt().remove_client(socket).await?;
                if let Some(acting) = connection.acting.as_mut().filter(|a| a.socket == *socket) {
                    acting.until = acting.until.min(self.now());
                    uow.vtt().save_connection(&connection).await?;
                }
                Ok(uow.commit().await?)
            })
        })
        .await
    }

    /// Tells of the worlds that were not seen for [`PRESENCE_SECONDS`], each absence once; how many
    /// there were. A worker calls it every few seconds, on any number of nodes.
    ///
    /// # Errors
    /// [`ServiceError::Store`] only.
    pub async fn sweep_absent_tables(&self) -> Served<u64> {
        let mut gone = 0;
        for campaign in self.ports.queries.all_campaigns().await? {
            let connection = self.ports.queries.connection_of(campaign).await?;
            if let Some(connection) = connection.filter(|c| is_overdue(c, self.now())) {
                gone +=
                    u64::from(self.retrying(|| Box::pin(self.tell_absence(connection.id))).await?);
            }
        }
        Ok(gone)
    }

    /// Stores what the table says of a character; who it is assigned to stays.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such connection or its campaign is gone.
    pub async fn character_reported(
        &self,
        connection: ConnectionId,
        report: CharacterReport,
    ) -> Served<Character> {
        let report = &report;
        self.retrying(|| {
            Box::pin(async move {
                let mut uow = self.ports.store.begin().await?;
                let seat = lock_seat(uow.as_mut(), connection, Lock::Shared).await?;
                let campaign = seat.campaign.id;
                let known = uow.campaigns().character_of_actor(campaign, &report.actor_id).await?;
                let character = Character {
                    id: known.as_ref().map_or_else(|| self.next_id(), |known| known.id),
                    campaign_id: campaign,
                    vtt_actor_id: report.actor_id.clone(),
                    name: report.name.clone(),
                    kind: report.kind,
                    assigned_streamer_id: known
                        .as_ref()
                        .and_then(|known| known.assigned_streamer_id),
                    details: report.details.clone(),
                };
                if known.as_ref() != Some(&character) {
                    uow.campaigns().save_character(&character).await?;
                    uow.commit().await?;
                }
                Ok(character)
            })
        })
        .await
    }

    async fn lease_table(
        &self,
        connection: ConnectionId,
        socket: &TableSocket,
        may_take_over: bool,
    ) -> Served<TableLease> {
        let now = self.now();
        let mut uow = self.ports.store.begin().await?;
        let found = uow.vtt().connection(connection, Lock::Exclusive).await?;
        let Some(mut connection) = found else {
            // Connections are removed with their campaign only.
            return Ok(TableLease::Gone(TableGone::CampaignDeleted));
        };
        if connection.is_revoked() {
            return Ok(TableLease::Gone(TableGone::Revoked));
        }
        let Some(campaign) = living_campaign(uow.as_mut(), &connection).await? else {
            return Ok(TableLease::Gone(TableGone::CampaignDeleted));
        };
        let was_away = presence(Some(&connection), now) != VttPresence::Present;
        let until = now.plus_seconds(PRESENCE_SECONDS);
        connection.present_until = Some(until);
        let before = connection.acting.take();
        let acting = elect(before.clone(), socket, may_take_over, now);
        connection.acting = Some(acting.clone());
        uow.vtt().save_connection(&connection).await?;
        uow.vtt().renew_clients(connection.id, &socket.node, now, until).await?;
        let is_another = before.is_none_or(|before| {
            (before.epoch, &before.features) != (acting.epoch, &acting.features)
        });
        if was_away || is_another {
            let fact = status_fact(&connection, VttPresence::Present);
            self.tell_of_table(uow, Some(campaign.id), fact).await?;
        } else {
            uow.commit().await?;
        }
        Ok(TableLease::Held { acting })
    }

    /// `present_until` is cleared when the absence is told: that is how it is told once.
    async fn tell_absence(&self, connection: ConnectionId) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let mut connection = lock_connection(uow.as_mut(), connection).await?;
        if !is_overdue(&connection, self.now()) {
            return Ok(false);
        }
        connection.present_until = None;
        uow.vtt().save_connection(&connection).await?;
        self.doubt_combat(uow.as_mut(), connection.id).await?;
        let fact = status_fact(&connection, VttPresence::Away);
        self.tell_of_table(uow, connection.campaign_id, fact).await?;
        Ok(true)
    }

    /// Commits with a fact about the campaign's table, and wakes who waits for one: rewards and
    /// commands depend on it.
    async fn tell_of_table(
        &self,
        uow: Box<dyn UnitOfWork>,
        campaign: Option<CampaignId>,
        fact: Announcement,
    ) -> Served<()> {
        let mut changes = Changes::default();
        if let Some(campaign) = campaign {
            changes.tell(campaign, fact);
        }
        changes.wake_workers();
        Ok(self.finish(uow, changes).await?)
    }
}

fn is_overdue(connection: &VttConnection, now: Timestamp) -> bool {
    connection.present_until.is_some_and(|until| until <= now)
}

fn status_fact(connection: &VttConnection, status: VttPresence) -> Announcement {
    let payload = json!({
        "status": status,
        "connectionId": connection.id,
        "worldName": connection.world_name,
        "actingClient": connection.acting.as_ref().filter(|_| status == VttPresence::Present).map(
            |acting| json!({
                "isOurModule": acting.remembers_commands,
                "features": acting.features,
            }),
        ),
    });
    Announcement::about_campaign(AnnouncementKind::VttStatus, Visibility::Everyone, payload)
}

async fn lock_connection(
    uow: &mut dyn UnitOfWork,
    connection: ConnectionId,
) -> Served<VttConnection> {
    let found = uow.vtt().connection(connection, Lock::Exclusive).await?;
    found.ok_or(ServiceError::NotFound("connection"))
}

/// The campaign of the connection, unless it is gone or going.
async fn living_campaign(
    uow: &mut dyn UnitOfWork,
    connection: &VttConnection,
) -> Served<Option<Campaign>> {
    let Some(campaign) = connection.campaign_id else { return Ok(None) };
    let campaign = uow.campaigns().get(campaign, Lock::None).await?;
    Ok(campaign.filter(|campaign| !campaign.is_deleting))
}
