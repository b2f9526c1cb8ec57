//! What the caller chose for themselves.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Done};
use super::views::names::names;
use crate::auth::Caller;
use crate::overlay_css;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::UserId;
use gamification_core::preferences::{Language, OverlayLook, OverlayTheme, Preferences};
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

/// The routes about what people choose for themselves.
pub(super) struct PreferencesApi;

#[OpenApi]
impl PreferencesApi {
    /// What the caller chose: the language of their pages, and the look of their overlays.
    #[oai(
        path = "/me/preferences",
        method = "get",
        tag = "Tag::Access",
        operation_id = "getPreferences"
    )]
    async fn show(&self, services: Data<&Shared>, caller: Caller) -> Answer<PreferencesView> {
        let chosen = services.core.ports().queries.preferences(caller.user.id).await?;
        Ok(Json(chosen.unwrap_or_else(|| Preferences::of(caller.user.id)).into()))
    }

    /// Replaces what the caller chose; what is left out counts as not chosen.
    ///
    /// A style sheet that would load something, call somewhere or run is refused with the lines
    /// that do. It may hide or cover what the overlay shows: the picture is the streamer's own.
    #[oai(
        path = "/me/preferences",
        method = "put",
        tag = "Tag::Access",
        operation_id = "savePreferences"
    )]
    async fn save(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<PreferencesView>,
    ) -> Result<Done, Problem> {
        if caller.campaign_scope.is_some() {
            return Err(Problem::forbidden("the key opens one campaign only"));
        }
        let chosen = body.0.chosen_by(caller.user.id);
        if let Some(css) = &chosen.overlay.custom_css {
            overlay_css::check("overlay.customCss", css).map_err(Problem::invalid)?;
        }
        services.core.save_preferences(&caller.actor(), &chosen).await?;
        Ok(Done::Done)
    }
}

/// What somebody chose for themselves.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Preferences", rename_all = "camelCase", skip_serializing_if_is_none)]
struct PreferencesView {
    /// The language of their pages; absent follows the browser.
    language: Option<LanguageName>,
    /// How their overlays look, in every campaign.
    overlay: OverlayLookView,
}

/// How a streamer's overlays look.
#[derive(Debug, Clone, Object)]
#[oai(rename = "OverlayLook", rename_all = "camelCase", skip_serializing_if_is_none)]
struct OverlayLookView {
    /// The language of the viewers; absent follows the overlay's browser.
    language: Option<LanguageName>,
    /// The theme.
    theme: OverlayThemeName,
    /// Rules on top of the theme, at most 64 KiB: no addresses but pictures as `data:image/…`,
    /// no `@import`, no `@font-face`.
    custom_css: Option<String>,
}

/// A language that the pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Language")]
enum LanguageName {
    /// English.
    #[oai(rename = "en")]
    English,
    /// French.
    #[oai(rename = "fr")]
    French,
}

names! {
    /// A look of overlays.
    OverlayThemeName as "OverlayTheme" = OverlayTheme {
        /// Dark and glowing.
        Ember,
        /// Light, like a page of a book.
        Parchment,
        /// Plain and strong, readable over any video.
        Contrast,
    }
}

impl PreferencesView {
    fn chosen_by(self, user_id: UserId) -> Preferences {
        let OverlayLookView { language, theme, custom_css } = self.overlay;
        Preferences {
            user_id,
            language: self.language.map(Into::into),
            overlay: OverlayLook {
                language: language.map(Into::into),
                theme: theme.into(),
                custom_css: custom_css.filter(|css| !css.trim().is_empty()),
            },
        }
    }
}

impl From<Preferences> for PreferencesView {
    fn from(chosen: Preferences) -> Self {
        Self {
            language: chosen.language.map(Into::into),
            overlay: OverlayLookView {
                language: chosen.overlay.language.map(Into::into),
                theme: chosen.overlay.theme.into(),
                custom_css: chosen.overlay.custom_css,
            },
        }
    }
}

impl From<Language> for LanguageName {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::French => Self::French,
        }
    }
}

impl From<LanguageName> for Language {
    fn from(language: LanguageName) -> Self {
        match language {
            LanguageName::English => Self::English,
            LanguageName::French => Self::French,
        }
    }
}
