//! The API under `/api/v1`. A handler parses, calls one method of the core, renders.

mod audit;
mod campaigns;
mod characters;
mod combats;
mod commands;
mod configs;
mod criticality_rules;
mod events;
pub mod input;
mod instances;
mod logins;
mod me;
mod members;
mod offers;
mod overlays;
#[cfg(feature = "sandbox")]
mod practice;
mod preferences;
mod previews;
mod redemptions;
mod rolls;
mod sessions;
mod spec;
mod stats;
mod streams;
mod tables;
mod twitch;
pub mod types;
mod views;

pub use spec::{docs_html, document_json, document_yaml};

use poem_openapi::{OpenApi, OpenApiService, Tags};

/// Where the API is.
pub const PREFIX: &str = "/api/v1";

/// The parts of the documentation.
#[derive(Tags)]
pub enum Tag {
    /// Who is asking.
    Access,
    /// Games, made and given up.
    Campaigns,
    /// Streamers in campaigns.
    Members,
    /// Sessions and cooldowns.
    Sessions,
    /// The catalogue of events, and how a campaign uses it.
    Events,
    /// What streamers offer on their channels.
    Offers,
    /// Who plays whom.
    Characters,
    /// Secret, read-only addresses of overlays.
    Overlays,
    /// Goals, from their opening to their end.
    Goals,
    /// Where the points are.
    Ledger,
    /// The table: paired worlds, and what was rolled there.
    Table,
    /// How channels stand with Twitch.
    Twitch,
    /// Trying a campaign out, with the sandbox Twitch only.
    #[cfg(feature = "sandbox")]
    Practice,
}

/// Every route below [`PREFIX`].
fn routes() -> impl OpenApi {
    let play = (campaigns::CampaignsApi, sessions::SessionsApi, members::MembersApi);
    let play = (play, twitch::TwitchApi);
    let configs = (configs::ConfigsApi, previews::PreviewsApi);
    let events = (events::EventsApi, configs, offers::OffersApi);
    let goals = (instances::InstancesApi, redemptions::RedemptionsApi, streams::StreamsApi);
    let goals = (goals, stats::StatsApi);
    let rolls = (rolls::RollsApi, criticality_rules::CriticalityRulesApi);
    let table = (tables::TablesApi, combats::CombatsApi, commands::CommandsApi);
    let table = (table, rolls, characters::CharactersApi);
    #[cfg(feature = "sandbox")]
    let table = (table, practice::PracticeApi);
    let access = (me::MeApi, preferences::PreferencesApi, logins::LoginsApi, audit::AuditApi);
    (access, play, events, overlays::OverlaysApi, goals, table)
}

/// The API as an endpoint, to be nested at [`PREFIX`].
pub fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(routes(), "gamification-server", env!("CARGO_PKG_VERSION"))
        .description(include_str!("api/description.md"))
        .license(poem_openapi::LicenseObject::new("MIT OR Apache-2.0"))
        .url_prefix(PREFIX)
}
