//! What a decision needs of a campaign and an event, read and locked in the one order.

use super::{Gamification, Served, Work};
use crate::action::Needs;
use crate::admission::Circumstances;
use crate::campaign::{Campaign, Membership};
use crate::event::{CampaignConfig, Event, Scope, StreamerConfig};
use crate::ids::{CampaignId, EventId, StreamerId, TwitchUserId};
use crate::instance::{GoalScope, Instance, NewParticipant};
use crate::ports::{Lock, StoreError, UnitOfWork};
use crate::time::Timestamp;
use crate::vtt::{VttConnection, VttPresence, presence};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A campaign with what is the same for all its events.
pub(super) struct Table {
    pub(super) campaign: Campaign,
    pub(super) vtt: VttPresence,
    pub(super) is_in_combat: bool,
    /// What the client that acts there can do; `None` while nobody does.
    pub(super) features: Option<Vec<String>>,
}

/// An event in a campaign.
pub(super) struct EventAtTable {
    pub(super) event: Event,
    pub(super) config: Option<CampaignConfig>,
    pub(super) needs: Needs,
}

/// A streamer's side of an event.
#[derive(Clone)]
pub(super) struct Channel {
    pub(super) config: Option<StreamerConfig>,
    pub(super) membership: Option<Membership>,
    /// Whether there is a character for the event's action; only looked for where it needs one.
    pub(super) has_character: bool,
}

/// Live audiences that were looked up before the transaction; an entry of `None` is offline.
pub(super) type Audiences = BTreeMap<StreamerId, (TwitchUserId, String, Option<u32>)>;

/// Where a decision is made: one event at one table, with the audiences known so far.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) table: &'a Table,
    pub(super) at: &'a EventAtTable,
    pub(super) audiences: &'a Audiences,
}

/// What an attempt came to.
pub(super) enum Attempt<T> {
    /// It was carried out.
    Done(T),
    /// Nothing was written: the audiences of these channels have to be known first.
    NeedsAudience(Vec<StreamerId>),
}

impl Table {
    pub(super) fn new(
        campaign: Campaign,
        connection: Option<&VttConnection>,
        now: Timestamp,
    ) -> Self {
        let vtt = presence(connection, now);
        let acting = connection.filter(|_| vtt == VttPresence::Present);
        let acting = acting.and_then(|c| c.acting.as_ref()).filter(|acting| acting.until > now);
        Self {
            vtt,
            is_in_combat: connection.is_some_and(|c| c.is_in_combat),
            features: acting.map(|acting| acting.features.clone()),
            campaign,
        }
    }

    /// Whether nothing is known against it that the acting client does what those needs ask for.
    fn is_client_able(&self, needs: Needs) -> bool {
        match (needs.client_feature, &self.features) {
            (Some(wanted), Some(known)) => known.iter().any(|feature| feature == wanted),
            _ => true,
        }
    }

    /// What decides about one scope of an event.
    pub(super) fn circumstances<'a>(
        &'a self,
        at: &'a EventAtTable,
        channel: Option<&'a Channel>,
        open_goal: Option<&'a Instance>,
        is_cooling_down: bool,
    ) -> Circumstances<'a> {
        Circumstances {
            campaign: &self.campaign,
            config: at.config.as_ref(),
            streamer_config: channel.and_then(|c| c.config.as_ref()),
            membership: channel.and_then(|c| c.membership.as_ref()),
            needs: at.needs,
            vtt: self.vtt,
            is_in_combat: self.is_in_combat,
            is_client_able: self.is_client_able(at.needs),
            has_character: channel.is_some_and(|c| c.has_character),
            open_goal,
            is_cooling_down,
        }
    }
}

impl Gamification {
    /// The campaign, locked as told, and its table's presence.
    pub(super) async fn table(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        lock: Lock,
    ) -> Served<Option<Table>> {
        let Some(campaign) = uow.campaigns().get(campaign, lock).await? else {
            return Ok(None);
        };
        let connection = uow.vtt().connection_of(campaign.id).await?;
        Ok(Some(Table::new(campaign, connection.as_ref(), self.now())))
    }

    /// The event with the campaign's setting of it, locked as told.
    pub(super) async fn event_at_table(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        event: EventId,
        lock: Lock,
    ) -> Served<Option<EventAtTable>> {
        let config = uow.configs().campaign_config(campaign, event, lock).await?;
        let event = uow.catalogue().get(event).await?;
        Ok(event.map(|event| EventAtTable {
            needs: self.actions.needs(&event.action),
            event,
            config,
        }))
    }

    /// A streamer's opt-in and place in the campaign.
    pub(super) async fn channel(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        at: &EventAtTable,
        streamer: StreamerId,
    ) -> Served<Channel> {
        let campaign = table.campaign.id;
        let gm_character = table.campaign.gm_character_id;
        let has_character = at.needs.character
            && uow.campaigns().has_character(campaign, streamer, gm_character).await?;
        Ok(Channel {
            config: uow.configs().streamer_config(campaign, streamer, at.event.id).await?,
            membership: uow.campaigns().membership(campaign, streamer).await?,
            has_character,
        })
    }

    /// The channels that would take part in a goal that opened now: the streamer's own, or every
    /// authorised member who opted in.
    pub(super) async fn candidates(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        event: &Event,
        scope: GoalScope,
        now: Timestamp,
    ) -> Served<Vec<StreamerId>> {
        if let GoalScope::Streamer(streamer) = scope {
            return Ok(vec![streamer]);
        }
        let opted_in = uow.configs().streamer_configs(campaign, event.id).await?;
        let members = uow.campaigns().memberships(campaign).await?;
        let streamers = members.into_iter().filter(|m| m.is_authorised(now));
        Ok(streamers
            .map(|member| member.streamer_id)
            .filter(|id| opted_in.iter().any(|c| c.is_enabled && c.streamer_id == *id))
            .collect())
    }

    /// Runs a use case that may open goals: first without any audience, then, as long as it says
    /// whose it lacks, again with those. Audiences are looked up between two transactions.
    pub(super) async fn knowing_audiences<'a, T>(
        &self,
        mut attempt: impl FnMut(Arc<Audiences>) -> Work<'a, Attempt<T>> + Send,
    ) -> Served<T> {
        let mut audiences = Arc::new(Audiences::new());
        loop {
            let known = &audiences;
            match self.retrying(|| attempt(Arc::clone(known))).await? {
                Attempt::Done(outcome) => return Ok(outcome),
                Attempt::NeedsAudience(streamers) => {
                    let known = Arc::make_mut(&mut audiences);
                    self.look_up_audiences(&streamers, known).await?;
                }
            }
        }
    }

    async fn look_up_audiences(
        &self,
        streamers: &[StreamerId],
        audiences: &mut Audiences,
    ) -> Served<()> {
        let mut users = Vec::new();
        for streamer in streamers {
            let user = self.ports.queries.user((*streamer).into()).await?;
            users.push(user.ok_or_else(|| StoreError::Missing("a member's user".to_owned()))?);
        }
        let channels: Vec<_> = users.iter().map(|user| user.twitch_id.clone()).collect();
        let viewers = self.ports.audience.viewers(&channels).await;
        for (user, viewers) in users.into_iter().zip(viewers) {
            audiences.insert(user.id.into(), (user.twitch_id, user.display_name, viewers));
        }
        Ok(())
    }
}

/// The participants of a goal that opens now, from audiences that were looked up before: offline
/// channels of a group goal are left out unless all are offline. The channels that are still to be
/// looked up, if any.
pub(super) fn participants(
    candidates: &[StreamerId],
    scope: Scope,
    audiences: &Audiences,
) -> Result<Vec<NewParticipant>, Vec<StreamerId>> {
    let unknown: Vec<_> =
        candidates.iter().copied().filter(|id| !audiences.contains_key(id)).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let known = || candidates.iter().filter_map(|id| Some((*id, audiences.get(id)?)));
    let anyone_live = known().any(|(_, (_, _, viewers))| viewers.is_some());
    let leaves_out_offline = scope == Scope::Group && anyone_live;
    Ok(known()
        .filter(|(_, (_, _, viewers))| !leaves_out_offline || viewers.is_some())
        .map(|(streamer_id, (_, name, viewers))| NewParticipant {
            streamer_id,
            streamer_name: name.clone(),
            viewer_count: viewers.unwrap_or(0),
        })
        .collect())
}
