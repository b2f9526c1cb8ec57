//! What the channel offers: each event as its viewers see it.

use super::Place;
use crate::offers::Channel;
use crate::problem::Problem;
use crate::services::Services;
use crate::web::form::Attempt;
use crate::web::goal;
use crate::web::page::Page;
use gamification_core::event::{CampaignConfig, Event, Scope, StreamerConfig};
use gamification_core::objective;
use gamification_core::reward::{Reward, RewardStatus};
use gamification_core::service::OfferState;

/// An event that the channel offers, or could.
pub(super) struct Offer {
    pub(super) event: Event,
    setting: Option<CampaignConfig>,
    opt_in: Option<StreamerConfig>,
    reward: Option<Reward>,
    state: OfferState,
    /// How many people watch, when that is known.
    pub(super) viewers: Option<u32>,
    /// The language in which the channel's viewers read.
    language: String,
}

/// The events of the channel, those that it offers first.
///
/// # Errors
/// When the store does not answer.
pub(super) async fn read(services: &Services, place: &Place) -> Result<Vec<Offer>, Problem> {
    let core = &services.core;
    let channel = Channel::read(core, place.campaign.id, place.streamer()).await?;
    let mut offers = Vec::new();
    for event in channel.events(core).await? {
        offers.push(Offer {
            setting: channel.setting(event.id).cloned(),
            opt_in: channel.opt_in(event.id).cloned(),
            reward: channel.reward(event.id).cloned(),
            state: channel.state(event.id),
            viewers: channel.viewers,
            language: place.person.user.language.clone(),
            event,
        });
    }
    offers.sort_by_key(|offer| (!offer.is_enabled(), !offer.is_available()));
    Ok(offers)
}

impl Offer {
    /// Those that the channel offers.
    pub(super) fn enabled(offers: &[Self]) -> Vec<&Self> {
        offers.iter().filter(|offer| offer.is_enabled()).collect()
    }

    /// Whether the game master lets streamers offer it.
    pub(super) fn is_available(&self) -> bool {
        self.setting.as_ref().is_some_and(|setting| setting.is_enabled)
    }

    /// Whether the streamer has switched it on.
    pub(super) fn is_enabled(&self) -> bool {
        self.opt_in.as_ref().is_some_and(|opt_in| opt_in.is_enabled)
    }

    /// Whether all channels fill its goals together.
    pub(super) fn is_group(&self) -> bool {
        self.event.scope == Scope::Group
    }

    /// The title that viewers see, or would.
    pub(super) fn title(&self) -> &str {
        let wanted = self.event.name.in_language(&self.language);
        self.on_twitch().map_or(wanted, |reward| &reward.spec.title)
    }

    /// The words that viewers see below the title, or would.
    pub(super) fn prompt(&self) -> &str {
        let wanted = self.event.description.in_language(&self.language);
        self.on_twitch().map_or(wanted, |reward| &reward.spec.prompt)
    }

    /// What viewers pay for a click, or would.
    pub(super) fn cost(&self) -> u32 {
        self.event.cost_on(self.opt_in.as_ref(), self.setting.as_ref()).get()
    }

    /// The price that the game master recommends.
    pub(super) fn recommended_cost(&self) -> u32 {
        self.event.cost_on(None, self.setting.as_ref()).get()
    }

    /// The channel's own price as it stands in its field; empty for none.
    pub(super) fn own_cost(&self) -> String {
        let own = self.opt_in.as_ref().and_then(|opt_in| opt_in.cost_override);
        own.map(|cost| cost.get().to_string()).unwrap_or_default()
    }

    /// How many clicks a goal would need, if it opened now.
    pub(super) fn clicks(&self) -> u32 {
        let settings = self.event.settings(self.setting.as_ref());
        let viewers = self.viewers.unwrap_or(0);
        objective::individual(viewers, settings.coefficient, settings.minimum_objective)
    }

    /// What those clicks cost together.
    pub(super) fn total_cost(&self) -> u64 {
        u64::from(self.clicks()) * u64::from(self.cost())
    }

    /// How long viewers have for a goal, in seconds.
    pub(super) fn duration_seconds(&self) -> u32 {
        self.event.settings(self.setting.as_ref()).duration_seconds
    }

    /// The look of its light, and the key of its words.
    pub(super) fn light(&self) -> (&'static str, &'static str) {
        let is_active = self.reward.as_ref().is_some_and(|r| r.status == RewardStatus::Active);
        match self.state {
            OfferState::Off => ("", "offer-off"),
            OfferState::AuthorisationNeeded => ("warn", "offer-waits"),
            OfferState::Pending => ("warn", "offer-pending"),
            OfferState::OnTwitch if is_active => ("good", "offer-active"),
            OfferState::OnTwitch => ("warn", "offer-paused"),
        }
    }

    /// Why viewers cannot redeem it now, or what Twitch says against it.
    pub(super) fn reason(&self, page: &Page) -> Option<String> {
        let reward = self.reward.as_ref().filter(|_| self.is_enabled());
        let paused = reward.and_then(|reward| reward.paused_because);
        let paused = paused.filter(|_| self.state == OfferState::OnTwitch);
        paused.map(|reason| page.say(goal::reason_key("pause", &reason)).to_string())
    }

    /// What Twitch last said against it, in Twitch's words.
    pub(super) fn last_error(&self) -> Option<&str> {
        let reward = self.reward.as_ref()?;
        reward.last_error.as_deref()
    }

    /// Why it was switched off by something else than the streamer's own choice.
    pub(super) fn switched_off_reason(&self) -> Option<&str> {
        self.opt_in.as_ref()?.switched_off_reason.as_deref()
    }

    /// What was typed for it and refused.
    pub(super) fn attempt(&self, attempt: &Attempt) -> Attempt {
        let is_offer = attempt.value("action", "") == "offer";
        let is_mine = is_offer && attempt.value("eventId", "") == self.event.id.to_string();
        if is_mine { attempt.clone() } else { Attempt::default() }
    }

    fn on_twitch(&self) -> Option<&Reward> {
        self.reward.as_ref().filter(|reward| reward.twitch_id.is_some() && self.is_enabled())
    }
}
