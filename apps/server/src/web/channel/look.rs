//! What is changed about the overlay: its address and its look.

use super::Place;
use super::overlay::preferences;
use crate::overlay_css;
use crate::overlay_tokens::new_overlay_secret;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::Submission;
use gamification_core::preferences::{Language, OverlayLook, OverlayTheme};

/// Makes the overlay's secret address, or replaces it: the old one stops working.
pub(super) async fn renew(services: &Shared, place: &Place) -> Result<&'static str, Problem> {
    let (core, actor, campaign) = (&services.core, place.person.actor(), place.campaign.id);
    let (_, secret) = new_overlay_secret(&services.seal)?;
    let overlays = core.ports().queries.overlays_of(campaign, place.streamer()).await?;
    match overlays.first() {
        Some(overlay) => {
            core.rotate_overlay(&actor, overlay.id, secret).await?;
            Ok("overlay-replaced")
        }
        None => {
            core.create_overlay(&actor, campaign, place.streamer(), secret).await?;
            Ok("overlay-made")
        }
    }
}

/// Saves how the overlays look, in every game.
pub(super) async fn save(
    services: &Shared,
    place: &Place,
    form: &Submission,
) -> Result<&'static str, Problem> {
    let no_theme = || Problem::ill_formed_field("theme", "is not a theme");
    let theme = OverlayTheme::of_name(form.text("theme")).ok_or_else(no_theme)?;
    let language = match form.text("overlayLanguage") {
        "" => None,
        tag => Some(Language::of_tag(tag).ok_or_else(|| {
            Problem::ill_formed_field("overlayLanguage", "must be en or fr, or empty")
        })?),
    };
    let custom_css = Some(form.text("customCss").to_owned()).filter(|css| !css.is_empty());
    if let Some(css) = &custom_css {
        overlay_css::check("customCss", css).map_err(Problem::invalid)?;
    }
    let mut chosen = preferences(services, place).await?;
    chosen.overlay = OverlayLook { language, theme, custom_css };
    services.core.save_preferences(&place.person.actor(), &chosen).await?;
    Ok("look-saved")
}
