//! Who am I.

use super::Tag;
use super::types::Answer;
use super::views::login::LoginView;
use super::views::person::Person;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::access::Role;
use gamification_core::campaign::{Campaign, MembershipStatus};
use gamification_core::ports::PageRequest;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

/// The routes about the caller.
pub(super) struct MeApi;

/// More campaigns than this are listed by `GET /campaigns`.
const CAMPAIGNS_MAX: u32 = 200;

#[OpenApi]
impl MeApi {
    /// Who am I, and what may I do.
    #[oai(path = "/me", method = "get", tag = "Tag::Access", operation_id = "getMe")]
    async fn me(&self, services: Data<&Shared>, caller: Caller) -> Answer<Me> {
        let queries = &services.core.ports().queries;
        let page = PageRequest { limit: CAMPAIGNS_MAX, cursor: None };
        let page = queries.campaigns_of(caller.user.id, page).await?;
        let mut campaigns = Vec::with_capacity(page.items.len());
        for campaign in page.items {
            if caller.campaign_scope.is_none_or(|only| only == campaign.id) {
                campaigns.push(my_campaign(&services, &caller, campaign).await?);
            }
        }
        let logins = queries.logins(&[caller.user.id]).await?;
        Ok(Json(Me {
            user: (&caller.user).into(),
            login: LoginView::of(logins.first()),
            csrf_token: caller.csrf_token().map(str::to_owned),
            role: caller.role.into(),
            is_admin: caller.is_admin(),
            campaign_id: caller.campaign_scope.map(|id| id.0),
            campaigns,
        }))
    }
}

async fn my_campaign(
    services: &Shared,
    caller: &Caller,
    campaign: Campaign,
) -> Result<MyCampaign, Problem> {
    let queries = &services.core.ports().queries;
    let membership = queries.membership(campaign.id, caller.streamer_id()).await?;
    let mut roles = Vec::new();
    if campaign.owner_id == caller.user.id && caller.role != Role::Streamer {
        roles.push(CampaignRoleName::Gm);
    }
    match membership.map(|membership| membership.status) {
        Some(MembershipStatus::Active) => roles.push(CampaignRoleName::Streamer),
        Some(MembershipStatus::Invited) => roles.push(CampaignRoleName::Invited),
        Some(MembershipStatus::Left) | None => {}
    }
    Ok(MyCampaign { id: campaign.id.0, name: campaign.name, roles })
}

/// The caller.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Me {
    /// The person.
    user: Person,
    /// The person's login with Twitch.
    login: LoginView,
    /// What a signed-in browser has to send as `X-CSRF-Token` with every method but GET; absent for
    /// a key.
    csrf_token: Option<String>,
    /// The most that the key lets its owner do; of a session: what the person may do.
    role: RoleName,
    /// Whether the installation may be administered with this key or session.
    is_admin: bool,
    /// The only campaign that the key opens; absent when it opens all.
    campaign_id: Option<Uuid>,
    /// The campaigns in which the caller has a place, newest first, at most 200.
    campaigns: Vec<MyCampaign>,
}

/// A campaign in which the caller has a place.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct MyCampaign {
    /// Its key.
    id: Uuid,
    /// Its name.
    name: String,
    /// What the caller is in it.
    roles: Vec<CampaignRoleName>,
}

/// What a key lets its owner do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub(super) enum RoleName {
    /// Administers the installation.
    Admin,
    /// Leads campaigns.
    Gm,
    /// Takes part with a channel.
    Streamer,
}

/// What somebody is in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum CampaignRoleName {
    /// Leads it.
    Gm,
    /// Takes part with a channel.
    Streamer,
    /// Was asked to take part.
    Invited,
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Gm => Self::Gm,
            Role::Streamer => Self::Streamer,
        }
    }
}
