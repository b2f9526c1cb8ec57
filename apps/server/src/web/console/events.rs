//! `/console/{campaign}/events`: what viewers can make happen, and how hard it is.

mod preview;
mod setting;

pub(super) use setting::{configure, show_event};

use super::Frame;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::page::{Page, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::event::{CampaignConfig, EffectiveSettings, Event, Scope};
use gamification_core::ids::CampaignId;
use gamification_core::ports::PageRequest;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// How many events of the catalogue are shown.
const EVENTS_MAX: u32 = 200;

/// An event with the campaign's setting of it.
struct Setting {
    event: Event,
    config: CampaignConfig,
}

impl Setting {
    fn effective(&self) -> EffectiveSettings {
        self.event.settings(Some(&self.config))
    }

    /// The share of the audience that has to click.
    fn share(&self) -> f64 {
        self.effective().coefficient.into()
    }

    fn is_group(&self) -> bool {
        self.event.scope == Scope::Group
    }
}

#[derive(Template)]
#[template(path = "console/events.html")]
struct EventsPage {
    page: Page,
    frame: Frame,
    settings: Vec<Setting>,
}

/// `GET /console/{campaign}/events`
#[handler]
pub(super) async fn show_events(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "events").await?;
    let queries = &services.core.ports().queries;
    let configs = queries.campaign_configs(frame.campaign.id).await?;
    let request = PageRequest { limit: EVENTS_MAX, cursor: None };
    let events = queries.events(Some(frame.campaign.owner_id), request).await?.items;
    let mut settings: Vec<Setting> =
        events.into_iter().map(|event| setting(frame.campaign.id, event, &configs)).collect();
    settings.sort_by_key(|setting| !setting.config.is_enabled);
    show(&EventsPage { page, frame, settings })
}

/// The events that are switched on in the campaign.
pub(super) async fn enabled_events(
    services: &Shared,
    campaign: CampaignId,
) -> Result<Vec<Event>, Problem> {
    let queries = &services.core.ports().queries;
    let mut events = Vec::new();
    for config in queries.campaign_configs(campaign).await? {
        if config.is_enabled {
            events.extend(queries.event(config.event_id).await?);
        }
    }
    Ok(events)
}

fn setting(campaign: CampaignId, event: Event, configs: &[CampaignConfig]) -> Setting {
    let config = configs.iter().find(|config| config.event_id == event.id).cloned();
    let config = config.unwrap_or_else(|| CampaignConfig::new(campaign, event.id));
    Setting { event, config }
}
