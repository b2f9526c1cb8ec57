//! Rolls: recorded once, classified here, attributed, and then a critical consumes one armed goal
//! or opens goals (2-domain §3.3).

mod critical;

use super::changes::Changes;
use super::context::{Attempt, Audiences, Table};
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::MembershipStatus;
use crate::criticality::classify;
use crate::dice::RollInput;
use crate::ids::{CommandId, ConnectionId, RollId, StreamerId, VttActorId, VttMessageId};
use crate::ports::{Lock, UnitOfWork};
use crate::vtt::{Attribution, DiceRoll, LATE_ATTRIBUTION_SECONDS, VttConnection};
use serde_json::json;
use std::sync::Arc;

/// A roll as a table reports it, before anything is decided.
#[derive(Debug, Clone, PartialEq)]
pub struct IncomingRoll {
    /// Which world.
    pub connection_id: ConnectionId,
    /// The chat message that holds it.
    pub message_id: VttMessageId,
    /// Which roll of that message, from 0.
    pub index: u32,
    /// Who rolled, if the VTT knows.
    pub actor_id: Option<VttActorId>,
    /// The character's name.
    pub character_name: String,
    /// The dice.
    pub input: RollInput,
    /// The total.
    pub result: i64,
    /// Whether players cannot see it.
    pub is_hidden: bool,
    /// The text beside the roll.
    pub flavor: String,
    /// The command that made it, when the client says so.
    pub command_id: Option<CommandId>,
}

/// What became of a reported roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollReceipt {
    /// Our key of it; none when it was not recorded.
    pub roll_id: Option<RollId>,
    /// Whether it was seen before.
    pub is_duplicate: bool,
    /// Whether it is a roll that we had forced.
    pub is_own: bool,
    /// Whether the GM has to say whose it is.
    pub pending_attribution: bool,
}

impl RollReceipt {
    const fn dropped(is_duplicate: bool, is_own: bool) -> Self {
        Self { roll_id: None, is_duplicate, is_own, pending_attribution: false }
    }
}

impl Gamification {
    /// Takes a roll that was seen at a table. Our own forced rolls confirm their command and are
    /// never a trigger.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the world belongs to no campaign.
    pub async fn record_roll(&self, roll: IncomingRoll) -> Served<RollReceipt> {
        self.knowing_audiences(|known| Box::pin(self.try_record_roll(&roll, known))).await
    }

    async fn try_record_roll(
        &self,
        roll: &IncomingRoll,
        audiences: Arc<Audiences>,
    ) -> Served<Attempt<RollReceipt>> {
        let mut uow = self.ports.store.begin().await?;
        let connection = uow.vtt().connection(roll.connection_id, Lock::None).await?;
        let connection = connection.ok_or(ServiceError::NotFound("connection"))?;
        let campaign = connection.campaign_id.ok_or(ServiceError::NotFound("campaign"))?;
        let mut changes = Changes::default();
        if self.confirm_own_roll(uow.as_mut(), roll, &mut changes).await? {
            self.finish(uow, changes).await?;
            return Ok(Attempt::Done(RollReceipt::dropped(false, true)));
        }
        let table = self.table(uow.as_mut(), campaign, Lock::Shared).await?;
        let table = table.ok_or(ServiceError::NotFound("campaign"))?;
        let recorded = self.to_record(uow.as_mut(), roll, &connection, &table).await?;
        if !uow.rolls().insert(&recorded).await? {
            return Ok(Attempt::Done(RollReceipt::dropped(true, false)));
        }
        changes.tell(campaign, told(&recorded));
        let unknown =
            self.act_on(uow.as_mut(), &table, &recorded, &audiences, &mut changes).await?;
        if !unknown.is_empty() {
            return Ok(Attempt::NeedsAudience(unknown));
        }
        self.finish(uow, changes).await?;
        Ok(Attempt::Done(RollReceipt {
            roll_id: Some(recorded.id),
            is_duplicate: false,
            is_own: false,
            pending_attribution: recorded.attribution == Attribution::Pending,
        }))
    }

    /// Says whose roll a pending critical was. Within ten minutes it still acts; later it is only
    /// recorded.
    ///
    /// # Errors
    /// [`Conflict::NotPending`] when it is attributed already; [`ServiceError::NotFound`] when
    /// there is no such roll or the streamer is no member.
    pub async fn attribute_roll(
        &self,
        actor: &Actor,
        id: RollId,
        streamer: StreamerId,
    ) -> Served<DiceRoll> {
        self.knowing_audiences(|known| Box::pin(self.try_attribute(actor, id, streamer, known)))
            .await
    }

    async fn try_attribute(
        &self,
        actor: &Actor,
        id: RollId,
        streamer: StreamerId,
        audiences: Arc<Audiences>,
    ) -> Served<Attempt<DiceRoll>> {
        let mut uow = self.ports.store.begin().await?;
        let seen = uow.rolls().lock(id).await?.ok_or(ServiceError::NotFound("roll"))?;
        let table = self.table(uow.as_mut(), seen.campaign_id, Lock::Shared).await?;
        let table = table.ok_or(ServiceError::NotFound("campaign"))?;
        if seen.attribution != Attribution::Pending {
            return Err(Conflict::NotPending.into());
        }
        let member = uow.campaigns().membership(seen.campaign_id, streamer).await?;
        if member.is_none_or(|member| member.status != MembershipStatus::Active) {
            return Err(ServiceError::NotFound("member"));
        }
        let roll =
            DiceRoll { attribution: Attribution::Streamer { streamer_id: streamer }, ..seen };
        uow.rolls().update(&roll).await?;
        let mut changes = Changes::default();
        if roll.rolled_at.plus_seconds(LATE_ATTRIBUTION_SECONDS) >= self.now() {
            let unknown =
                self.act_on(uow.as_mut(), &table, &roll, &audiences, &mut changes).await?;
            if !unknown.is_empty() {
                return Ok(Attempt::NeedsAudience(unknown));
            }
        }
        let details = json!({ "rollId": id, "streamerId": streamer });
        let campaign = Some(roll.campaign_id);
        self.note_down(uow.as_mut(), campaign, actor, "roll.attributed", details).await?;
        self.finish(uow, changes).await?;
        Ok(Attempt::Done(roll))
    }

    async fn to_record(
        &self,
        uow: &mut dyn UnitOfWork,
        roll: &IncomingRoll,
        connection: &VttConnection,
        table: &Table,
    ) -> Served<DiceRoll> {
        let counts = !roll.is_hidden || table.campaign.policies.hidden_rolls_count;
        let critical = if counts {
            classify(&roll.input, &self.rules_of(uow, table.campaign.id).await?)
        } else {
            None
        };
        let owner = self.streamer_of(uow, roll, table).await?;
        let attribution = match owner {
            Some(streamer_id) => Attribution::Streamer { streamer_id },
            None if critical.is_some() => Attribution::Pending,
            None => Attribution::Nobody,
        };
        Ok(DiceRoll {
            id: self.next_id(),
            campaign_id: table.campaign.id,
            connection_id: connection.id,
            message_id: roll.message_id.clone(),
            index: roll.index,
            actor_id: roll.actor_id.clone(),
            character_name: roll.character_name.clone(),
            input: roll.input.clone(),
            result: roll.result,
            critical,
            is_hidden: roll.is_hidden,
            attribution,
            rolled_at: self.now(),
        })
    }

    /// The streamer to whom the character is assigned; else, for the GM's active character, the
    /// owner's own membership.
    async fn streamer_of(
        &self,
        uow: &mut dyn UnitOfWork,
        roll: &IncomingRoll,
        table: &Table,
    ) -> Served<Option<StreamerId>> {
        let campaign = &table.campaign;
        let Some(actor) = &roll.actor_id else {
            return Ok(None);
        };
        let Some(character) = uow.campaigns().character_of_actor(campaign.id, actor).await? else {
            return Ok(None);
        };
        let owner = StreamerId::from(campaign.owner_id);
        let streamer = match character.assigned_streamer_id {
            Some(streamer) => streamer,
            None if campaign.gm_character_id == Some(character.id) => owner,
            None => return Ok(None),
        };
        let member = uow.campaigns().membership(campaign.id, streamer).await?;
        let is_active = member.is_some_and(|member| member.status == MembershipStatus::Active);
        Ok(is_active.then_some(streamer))
    }
}

/// What the streams say of a roll; hidden ones are for the GM alone.
fn told(roll: &DiceRoll) -> Announcement {
    let visibility = if roll.is_hidden { Visibility::GmOnly } else { Visibility::Everyone };
    let streamer_id = match roll.attribution {
        Attribution::Streamer { streamer_id } => Some(streamer_id),
        Attribution::Nobody | Attribution::Pending => None,
    };
    Announcement::about_campaign(
        AnnouncementKind::DiceRoll,
        visibility,
        json!({
            "rollId": roll.id,
            "characterName": roll.character_name,
            "formula": roll.input.formula,
            "result": roll.result,
            "isHidden": roll.is_hidden,
            "streamerId": streamer_id,
            "pendingAttribution": roll.attribution == Attribution::Pending,
            "isCritical": roll.critical.is_some(),
            "criticalType": roll.critical.as_ref().map(|critical| critical.kind),
            "criticalLabel": roll.critical.as_ref().map(|critical| critical.label.clone()),
            "severity": roll.critical.as_ref().map(|critical| critical.severity),
        }),
    )
}
