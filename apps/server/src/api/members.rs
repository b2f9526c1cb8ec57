//! Streamers in campaigns: invited, joining, letting rewards appear, removed.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Created, Done, Listed, Moment};
use super::views::person::MemberView;
use crate::auth::Caller;
use crate::people::invitee;
use crate::problem::Problem;
use crate::services::{Services, Shared};
use gamification_core::campaign::{Membership, User};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The routes about members.
pub(super) struct MembersApi;

#[OpenApi]
impl MembersApi {
    /// Invites a person, by the name of their Twitch channel. Who left may be invited again.
    #[oai(
        path = "/campaigns/:campaign/members",
        method = "post",
        tag = "Tag::Members",
        operation_id = "inviteMember"
    )]
    async fn invite(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        body: Input<InvitationInput>,
    ) -> Result<Created<MemberView>, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let user = invitee(&services.core, &*services.accounts, &body.0.login).await?;
        let member = services.core.invite(&caller.actor(), campaign.id, user.id).await?;
        Ok(Created::Created(Json(shown(&services, &member, &user))))
    }

    /// The members who have not left, ordered by login.
    #[oai(
        path = "/campaigns/:campaign/members",
        method = "get",
        tag = "Tag::Members",
        operation_id = "listMembers"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
    ) -> Answer<Listed<MemberView>> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        let rows = services.core.ports().queries.members(campaign.id).await?;
        let shown = rows.iter().map(|row| shown(&services, &row.membership, &row.user));
        Ok(Json(Listed::whole(shown.collect())))
    }

    /// Removes a streamer: their own goals are cancelled, group goals go on without them, their
    /// rewards go.
    #[oai(
        path = "/campaigns/:campaign/members/:streamer",
        method = "delete",
        tag = "Tag::Members",
        operation_id = "removeMember"
    )]
    async fn remove(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let campaign = caller.require_gm(campaign.0.into()).await?;
        services.core.remove_member(&caller.actor(), campaign.id, streamer.0.into()).await?;
        Ok(Done::Done)
    }

    /// Joins the campaign, as the invited streamer; that also lets rewards appear for 12 hours.
    #[oai(
        path = "/campaigns/:campaign/members/:streamer/accept",
        method = "post",
        tag = "Tag::Members",
        operation_id = "acceptInvitation"
    )]
    async fn accept(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
    ) -> Answer<MemberView> {
        let streamer = streamer.0.into();
        let seat = caller.require_invitee(campaign.0.into(), streamer).await?;
        let actor = caller.actor();
        let member = services.core.accept_invitation(&actor, seat.campaign.id, streamer).await?;
        Ok(Json(shown(&services, &member, &caller.user)))
    }

    /// Lets rewards appear on the own channel until then. Switches nothing on that was switched
    /// off.
    #[oai(
        path = "/campaigns/:campaign/members/:streamer/authorization",
        method = "put",
        tag = "Tag::Members",
        operation_id = "authorizeRewards"
    )]
    async fn authorise(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
        body: Input<AuthorizationInput>,
    ) -> Answer<MemberView> {
        let streamer = streamer.0.into();
        let seat = caller.require_streamer(campaign.0.into(), streamer).await?;
        let (actor, until) = (caller.actor(), body.0.until.map(|until| until.0));
        let member = services.core.authorise(&actor, seat.campaign.id, streamer, until).await?;
        Ok(Json(shown(&services, &member, &caller.user)))
    }

    /// Takes rewards off the own channel: goals of the channel are cancelled, group goals go on
    /// without it.
    #[oai(
        path = "/campaigns/:campaign/members/:streamer/authorization",
        method = "delete",
        tag = "Tag::Members",
        operation_id = "withdrawAuthorization"
    )]
    async fn withdraw(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
    ) -> Answer<MemberView> {
        let streamer = streamer.0.into();
        let seat = caller.require_streamer(campaign.0.into(), streamer).await?;
        let actor = caller.actor();
        let member =
            services.core.withdraw_authorisation(&actor, seat.campaign.id, streamer).await?;
        Ok(Json(shown(&services, &member, &caller.user)))
    }

    /// Tells the goals of the own channel in its chat, or stops that. It needs the scope
    /// `user:write:chat`, which the next login asks for.
    #[oai(
        path = "/campaigns/:campaign/members/:streamer/notices",
        method = "put",
        tag = "Tag::Members",
        operation_id = "setChatNotices"
    )]
    async fn notices(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
        body: Input<NoticesInput>,
    ) -> Answer<MemberView> {
        let streamer = streamer.0.into();
        let seat = caller.require_streamer(campaign.0.into(), streamer).await?;
        let (actor, campaign) = (caller.actor(), seat.campaign.id);
        let is_enabled = body.0.is_enabled;
        let member = services.core.set_chat_notices(&actor, campaign, streamer, is_enabled).await?;
        Ok(Json(shown(&services, &member, &caller.user)))
    }
}

fn shown(services: &Services, member: &Membership, user: &User) -> MemberView {
    MemberView::new(member, user, services.core.ports().clock.now())
}

/// Who is invited.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewMember", rename_all = "camelCase")]
struct InvitationInput {
    /// The name in the address of the channel, in any case of letters.
    login: String,
}

/// How long rewards may appear.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewAuthorization", rename_all = "camelCase")]
struct AuthorizationInput {
    /// The end, at most 30 days from now; in 12 hours when left out.
    until: Option<Moment>,
}

/// Whether goals are told in the channel's chat.
#[derive(Debug, Clone, Object)]
#[oai(rename = "ChatNotices", rename_all = "camelCase")]
struct NoticesInput {
    /// Whether they are.
    is_enabled: bool,
}
