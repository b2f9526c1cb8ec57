//! The rights that handlers ask for. Who may not know of a campaign gets 404, who may know of it
//! but not do this gets 403.

use super::Principal;
use crate::problem::Problem;
use gamification_core::access::Role;
use gamification_core::campaign::{Campaign, Membership, MembershipStatus};
use gamification_core::ids::{CampaignId, StreamerId};

/// What somebody is in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignRole {
    /// Leads it.
    Gm,
    /// Takes part with a channel.
    Streamer,
    /// Was asked to take part, and may only join.
    Invited,
}

/// Somebody's place in a campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    /// The campaign.
    pub campaign: Campaign,
    /// What they are in it.
    pub role: CampaignRole,
    /// Their membership, where they have one.
    pub membership: Option<Membership>,
}

impl Principal {
    /// The person as a channel.
    #[must_use]
    pub fn streamer_id(&self) -> StreamerId {
        self.user.id.into()
    }

    /// Whether the person administers the installation, with a key that says so.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.user.is_admin && self.role == Role::Admin && self.campaign_scope.is_none()
    }

    /// Lets pass who administers the installation.
    ///
    /// # Errors
    /// 403.
    pub fn require_admin(&self) -> Result<(), Problem> {
        if self.is_admin() { Ok(()) } else { Err(Problem::forbidden("only for administrators")) }
    }

    /// Lets pass who may write to the catalogue and pair worlds: a key of role `gm` or `admin`.
    ///
    /// # Errors
    /// 403.
    pub fn require_leader(&self) -> Result<(), Problem> {
        match self.role {
            Role::Admin | Role::Gm => Ok(()),
            Role::Streamer => Err(Problem::forbidden("a key of role gm is needed")),
        }
    }

    /// Lets pass who may make a campaign: administrators and those whom they admitted, with a key
    /// that is not bound to one campaign.
    ///
    /// # Errors
    /// 403.
    pub fn require_campaign_maker(&self) -> Result<(), Problem> {
        self.require_leader()?;
        if self.campaign_scope.is_some() {
            return Err(Problem::forbidden("the key opens one campaign only"));
        }
        if self.user.may_create_campaigns || self.is_admin() {
            return Ok(());
        }
        Err(Problem::forbidden("an administrator has to admit you first"))
    }

    /// The caller's place in the campaign.
    ///
    /// # Errors
    /// 404 when the caller may not know of it, 503 when the store does not answer.
    pub async fn seat(&self, id: CampaignId) -> Result<Seat, Problem> {
        let unknown = || Problem::not_found("campaign");
        if self.campaign_scope.is_some_and(|only| only != id) {
            return Err(unknown());
        }
        let campaign = self.queries.campaign(id).await?.ok_or_else(unknown)?;
        let membership = self.queries.membership(id, self.streamer_id()).await?;
        let membership = membership.filter(|m| m.status != MembershipStatus::Left);
        let is_owner = campaign.owner_id == self.user.id;
        let leads = (is_owner && self.role != Role::Streamer) || self.is_admin();
        let role = match membership.as_ref().map(|m| m.status) {
            _ if leads => CampaignRole::Gm,
            Some(MembershipStatus::Active) => CampaignRole::Streamer,
            Some(MembershipStatus::Invited) => CampaignRole::Invited,
            Some(MembershipStatus::Left) | None => return Err(unknown()),
        };
        Ok(Seat { campaign, role, membership })
    }

    /// The campaign, for who leads it.
    ///
    /// # Errors
    /// 403 for its members, 404 for everybody else.
    pub async fn require_gm(&self, id: CampaignId) -> Result<Campaign, Problem> {
        let seat = self.seat(id).await?;
        match seat.role {
            CampaignRole::Gm => Ok(seat.campaign),
            CampaignRole::Streamer | CampaignRole::Invited => {
                Err(Problem::forbidden("only for the game master"))
            }
        }
    }

    /// The campaign, for who leads it or takes part.
    ///
    /// # Errors
    /// 403 for who was invited and has not joined, 404 for everybody else.
    pub async fn require_member(&self, id: CampaignId) -> Result<Seat, Problem> {
        let seat = self.seat(id).await?;
        match seat.role {
            CampaignRole::Gm | CampaignRole::Streamer => Ok(seat),
            CampaignRole::Invited => Err(Problem::forbidden("accept the invitation first")),
        }
    }

    /// The caller's own place, for that streamer alone, who takes part or was invited.
    ///
    /// # Errors
    /// 403 for the campaign's other members, 404 for everybody else.
    pub async fn require_invitee(
        &self,
        id: CampaignId,
        streamer: StreamerId,
    ) -> Result<Seat, Problem> {
        let seat = self.seat(id).await?;
        if streamer != self.streamer_id() {
            return Err(Problem::forbidden("only for that streamer"));
        }
        if seat.membership.is_none() {
            return Err(Problem::not_found("member"));
        }
        Ok(seat)
    }

    /// The caller's own place, for that streamer alone, who takes part.
    ///
    /// # Errors
    /// 403 for the campaign's other members and for who has not joined, 404 for everybody else.
    pub async fn require_streamer(
        &self,
        id: CampaignId,
        streamer: StreamerId,
    ) -> Result<Seat, Problem> {
        let seat = self.require_invitee(id, streamer).await?;
        match seat.membership.as_ref().map(|m| m.status) {
            Some(MembershipStatus::Active) => Ok(seat),
            _ => Err(Problem::forbidden("accept the invitation first")),
        }
    }

    /// The caller's place, for who leads the campaign and for that streamer, who takes part.
    ///
    /// # Errors
    /// 403 for its other members, 404 for everybody else.
    pub async fn require_gm_or_streamer(
        &self,
        id: CampaignId,
        streamer: StreamerId,
    ) -> Result<Seat, Problem> {
        let seat = self.require_member(id).await?;
        if seat.role == CampaignRole::Gm || streamer == self.streamer_id() {
            return Ok(seat);
        }
        Err(Problem::forbidden("only for the game master and that streamer"))
    }
}
