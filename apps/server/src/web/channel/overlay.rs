//! The channel's overlay: its secret address, whether it is there, and how it looks.

use super::Place;
use crate::overlay_tokens::{kept_token, page_url};
use crate::problem::Problem;
use crate::services::Services;
use crate::web::language::own_name;
use gamification_core::access::OverlayToken;
use gamification_core::preferences::{Language, OverlayLook, OverlayTheme, Preferences};
use gamification_core::time::Timestamp;

/// An overlay tells every ten seconds that it is there; after that many it is missed.
const MISSED_AFTER_SECONDS: u32 = 30;

/// The channel's overlay.
pub(super) struct Overlay {
    /// The newest of those that work.
    token: Option<OverlayToken>,
    /// Its address; `None` for one that was made before addresses were kept.
    pub(super) address: Option<String>,
    now: Timestamp,
}

impl Overlay {
    /// The overlay as it is now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn read(services: &Services, place: &Place) -> Result<Self, Problem> {
        let (queries, now) = (&services.core.ports().queries, services.core.ports().clock.now());
        let overlays = queries.overlays_of(place.campaign.id, place.streamer()).await?;
        let token = overlays.into_iter().next();
        let secret = token.as_ref().and_then(|token| kept_token(&services.seal, token));
        let address = secret.map(|secret| page_url(services, &secret));
        Ok(Self { token, address, now })
    }

    /// Whether there is one.
    pub(super) const fn is_made(&self) -> bool {
        self.token.is_some()
    }

    /// When it was made or last replaced.
    pub(super) fn made_at(&self) -> Option<Timestamp> {
        self.token.as_ref().map(|token| token.created_at)
    }

    /// How long ago it was seen, in seconds.
    pub(super) fn seconds_since_seen(&self) -> Option<u32> {
        let sighting = self.token.as_ref()?.sighting?;
        Some(sighting.seen_at.seconds_until(self.now))
    }

    /// The look of its light, and the key of its words.
    pub(super) fn light(&self) -> (&'static str, &'static str) {
        let Some(sighting) = self.token.as_ref().and_then(|token| token.sighting) else {
            return ("", "overlay-never-seen");
        };
        if sighting.seen_at.seconds_until(self.now) > MISSED_AFTER_SECONDS {
            return ("bad", "overlay-missed");
        }
        match (sighting.is_visible, sighting.is_on_air) {
            (_, Some(true)) => ("good", "overlay-on-air"),
            (true, _) => ("good", "overlay-there"),
            (false, _) => ("warn", "overlay-hidden"),
        }
    }
}

/// How the channel's overlays look, as it stands in the form.
pub(super) struct Look {
    /// The language of the viewers; empty for that of the overlay's browser.
    pub(super) language: &'static str,
    /// The theme.
    pub(super) theme: &'static str,
    /// The streamer's own rules.
    pub(super) custom_css: String,
}

impl Look {
    /// The look as it is now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn read(services: &Services, place: &Place) -> Result<Self, Problem> {
        let OverlayLook { language, theme, custom_css } =
            preferences(services, place).await?.overlay;
        Ok(Self {
            language: language.map(Language::tag).unwrap_or_default(),
            theme: theme.name(),
            custom_css: custom_css.unwrap_or_default(),
        })
    }
}

/// The languages that viewers can be spoken to in: what is sent, and what it calls itself.
pub(super) fn languages() -> [(&'static str, &'static str); 2] {
    Language::ALL.map(|language| (language.tag(), own_name(language)))
}

/// The names of the themes.
pub(super) fn themes() -> [&'static str; 3] {
    OverlayTheme::ALL.map(OverlayTheme::name)
}

/// How the overlays of who looks look.
///
/// # Errors
/// When the store does not answer.
pub(super) async fn preferences(
    services: &Services,
    place: &Place,
) -> Result<Preferences, Problem> {
    let user = place.person.user.id;
    let chosen = services.core.ports().queries.preferences(user).await?;
    Ok(chosen.unwrap_or_else(|| Preferences::of(user)))
}
