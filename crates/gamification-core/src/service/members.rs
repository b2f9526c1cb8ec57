//! Streamers in campaigns: invited, taking part, letting rewards appear on their channel, leaving.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::campaign::{AUTHORISATION_SECONDS_DEFAULT, Membership, MembershipStatus};
use crate::ids::{CampaignId, StreamerId, UserId};
use crate::instance::CancelReason;
use crate::ports::{Lock, UnitOfWork};
use crate::time::Timestamp;
use serde_json::json;

/// How long an authorisation may last, in seconds.
pub const AUTHORISATION_SECONDS_MAX: u32 = 30 * 24 * 3600;

impl Gamification {
    /// Invites a person with their channel, the GM too. Who left may be invited again.
    ///
    /// # Errors
    /// [`Conflict::AlreadyMember`] when they were invited or take part already.
    pub async fn invite(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        user: UserId,
    ) -> Served<Membership> {
        self.retrying(|| Box::pin(self.try_invite(actor, campaign, user))).await
    }

    async fn try_invite(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        user: UserId,
    ) -> Served<Membership> {
        let mut uow = self.ports.store.begin().await?;
        self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        self.person(uow.as_mut(), user).await?;
        let known = uow.campaigns().membership(campaign, user.into()).await?;
        if known.is_some_and(|member| member.status != MembershipStatus::Left) {
            return Err(Conflict::AlreadyMember.into());
        }
        let membership = Membership {
            campaign_id: campaign,
            streamer_id: user.into(),
            status: MembershipStatus::Invited,
            authorised_until: None,
            has_chat_notices: false,
        };
        let changes = Changes::default();
        self.save_member(uow, actor, "member.invited", membership, changes).await
    }

    /// Accepts an invitation; that also is the first authorisation.
    ///
    /// # Errors
    /// [`Conflict::NotInvited`] unless there is an open invitation.
    pub async fn accept_invitation(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        self.retrying(|| Box::pin(self.try_accept(actor, campaign, streamer))).await
    }

    async fn try_accept(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        let mut uow = self.ports.store.begin().await?;
        self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        let member = uow.campaigns().membership(campaign, streamer).await?;
        let member = member.filter(|member| member.status == MembershipStatus::Invited);
        let mut member = member.ok_or(Conflict::NotInvited)?;
        member.status = MembershipStatus::Active;
        member.authorised_until = Some(self.now().plus_seconds(AUTHORISATION_SECONDS_DEFAULT));
        self.save_member(uow, actor, "member.accepted", member, Changes::default()).await
    }

    /// Takes a streamer out of the campaign: their own goals are cancelled, group goals go on
    /// without them, their rewards go. The opt-ins are kept for a return.
    ///
    /// # Errors
    /// When they are no member, or left before.
    pub async fn remove_member(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        self.retrying(|| Box::pin(self.try_remove(actor, campaign, streamer))).await
    }

    async fn try_remove(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        let mut uow = self.ports.store.begin().await?;
        self.campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        let member = uow.campaigns().membership(campaign, streamer).await?;
        let member = member.filter(|member| member.status != MembershipStatus::Left);
        let mut member = member.ok_or(ServiceError::NotFound("member"))?;
        let mut changes = Changes::default();
        let reason = CancelReason::MemberLeft;
        self.take_out(uow.as_mut(), campaign, streamer, reason, &mut changes).await?;
        member.status = MembershipStatus::Left;
        member.authorised_until = None;
        self.save_member(uow, actor, "member.removed", member, changes).await
    }

    /// Lets rewards appear on the channel until then, in 12 hours unless told. It replaces an
    /// earlier authorisation and switches nothing on that was switched off.
    ///
    /// # Errors
    /// When the end has passed or is more than [`AUTHORISATION_SECONDS_MAX`] away, or the streamer
    /// does not take part.
    pub async fn authorise(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        until: Option<Timestamp>,
    ) -> Served<Membership> {
        self.retrying(|| Box::pin(self.try_authorise(actor, campaign, streamer, until))).await
    }

    async fn try_authorise(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        until: Option<Timestamp>,
    ) -> Served<Membership> {
        let now = self.now();
        let until = until.unwrap_or_else(|| now.plus_seconds(AUTHORISATION_SECONDS_DEFAULT));
        if until <= now || until > now.plus_seconds(AUTHORISATION_SECONDS_MAX) {
            let reason = "must lie in the future, at most 30 days from now";
            return Err(ServiceError::invalid("until", reason));
        }
        let mut uow = self.ports.store.begin().await?;
        self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        let mut member = self.active_member(uow.as_mut(), campaign, streamer).await?;
        member.authorised_until = Some(until);
        self.save_member(uow, actor, "member.authorised", member, Changes::default()).await
    }

    /// Takes the authorisation back: the streamer's own goals are cancelled, group goals go on
    /// without them, their rewards go.
    ///
    /// # Errors
    /// When the streamer does not take part.
    pub async fn withdraw_authorisation(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        self.retrying(|| Box::pin(self.try_withdraw(actor, campaign, streamer))).await
    }

    async fn try_withdraw(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        let mut uow = self.ports.store.begin().await?;
        self.campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        let mut member = self.active_member(uow.as_mut(), campaign, streamer).await?;
        let mut changes = Changes::default();
        let reason = CancelReason::StreamerWithdrew;
        self.take_out(uow.as_mut(), campaign, streamer, reason, &mut changes).await?;
        member.authorised_until = None;
        self.save_member(uow, actor, "member.withdrew", member, changes).await
    }

    /// Lets goals be told in the chat of the channel, or not any more. What waits to be said
    /// already is still said.
    ///
    /// # Errors
    /// When the streamer does not take part.
    pub async fn set_chat_notices(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        has_chat_notices: bool,
    ) -> Served<Membership> {
        self.retrying(|| {
            Box::pin(async move {
                let mut uow = self.ports.store.begin().await?;
                self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
                let mut member = self.active_member(uow.as_mut(), campaign, streamer).await?;
                member.has_chat_notices = has_chat_notices;
                let action = "member.chat_notices";
                self.save_member(uow, actor, action, member, Changes::default()).await
            })
        })
        .await
    }

    async fn save_member(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        actor: &Actor,
        action: &str,
        member: Membership,
        mut changes: Changes,
    ) -> Served<Membership> {
        uow.campaigns().save_membership(&member).await?;
        let details = json!({
            "streamerId": member.streamer_id,
            "authorisedUntil": member.authorised_until,
            "hasChatNotices": member.has_chat_notices,
        });
        self.note_down(uow.as_mut(), Some(member.campaign_id), actor, action, details).await?;
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(member)
    }

    /// The membership of a streamer who takes part.
    pub(super) async fn active_member(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Served<Membership> {
        let member = uow.campaigns().membership(campaign, streamer).await?;
        let member = member.ok_or(ServiceError::NotFound("member"))?;
        match member.status {
            MembershipStatus::Active => Ok(member),
            MembershipStatus::Invited => Err(Conflict::InvitationOpen.into()),
            MembershipStatus::Left => Err(ServiceError::NotFound("member")),
        }
    }
}
