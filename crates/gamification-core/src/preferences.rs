//! What people choose for themselves: the language that we speak to them, and how their overlays
//! look.

use crate::ids::UserId;
use serde::{Deserialize, Serialize};

/// Longest style sheet of somebody's own, in bytes.
pub const CUSTOM_CSS_BYTES_MAX: usize = 64 * 1024;

/// A language that our pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// `en`.
    #[serde(rename = "en")]
    English,
    /// `fr`.
    #[serde(rename = "fr")]
    French,
}

impl Language {
    /// Every language, the one for whoever has no other first.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The tag that browsers and addresses know it by.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language of a tag such as `fr`, `fr-CA` or `FR_be`; `None` when it is none of ours.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// A look of overlays that we made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayTheme {
    /// Dark and glowing.
    #[default]
    Ember,
    /// Light, like a page of a book.
    Parchment,
    /// Plain and strong, readable over any video.
    Contrast,
}

impl OverlayTheme {
    /// Every theme, the one for whoever chose none first.
    pub const ALL: [Self; 3] = [Self::Ember, Self::Parchment, Self::Contrast];

    /// The word that addresses know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ember => "ember",
            Self::Parchment => "parchment",
            Self::Contrast => "contrast",
        }
    }

    /// The theme of that name; `None` when it is none of ours.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// How a streamer's overlays look, in every campaign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OverlayLook {
    /// The language of the viewers; `None` follows what the page finds.
    pub language: Option<Language>,
    /// The theme.
    pub theme: OverlayTheme,
    /// Rules of the streamer's own on top of the theme, at most [`CUSTOM_CSS_BYTES_MAX`].
    pub custom_css: Option<String>,
}

/// What a person chose. Who never chose has none, which is the same as [`Preferences::of`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Whose they are.
    pub user_id: UserId,
    /// The language of their pages; `None` follows the browser.
    pub language: Option<Language>,
    /// How their overlays look.
    pub overlay: OverlayLook,
}

impl Preferences {
    /// Those of somebody who chose nothing yet.
    #[must_use]
    pub fn of(user_id: UserId) -> Self {
        Self { user_id, language: None, overlay: OverlayLook::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_the_first_part_of_its_tag() {
        for (tag, language) in [
            ("en", Some(Language::English)),
            ("en-GB", Some(Language::English)),
            (" FR_be ", Some(Language::French)),
            ("fra", None),
            ("de", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn words_on_the_wire_are_those_of_addresses() {
        for language in Language::ALL {
            let word = serde_json::to_value(language).unwrap();
            assert_eq!(word, language.tag());
        }
        for theme in OverlayTheme::ALL {
            assert_eq!(serde_json::to_value(theme).unwrap(), theme.name());
            assert_eq!(OverlayTheme::of_name(theme.name()), Some(theme));
        }
        assert_eq!(OverlayTheme::of_name("Ember"), None);
    }
}
