//! Which of the two languages a page speaks.

use crate::auth::cookie;
use gamification_core::preferences;
use poem::Request;
use poem::http::header;
use std::str::FromStr;

/// The languages of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// Where nothing else is asked for.
    #[default]
    English,
    /// French.
    French,
}

/// What a browser keeps of the choice that somebody made on a page.
const COOKIE: &str = "language";
const YEAR_SECONDS: u32 = 365 * 24 * 3600;

impl Language {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its code (BCP 47), as pages and files name it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// What it calls itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// The language with that code; a region behind it does not matter.
    pub(crate) fn of_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// What the browser was told on a page, else what it prefers.
    pub(crate) fn of(request: &Request) -> Self {
        cookie(request, COOKIE)
            .and_then(Self::of_code)
            .or_else(|| request.header(header::ACCEPT_LANGUAGE).and_then(preferred))
            .unwrap_or_default()
    }

    /// The `Set-Cookie` that has the browser keep this choice.
    pub(crate) fn set_cookie(self, is_https: bool) -> String {
        let (code, secure) = (self.code(), if is_https { "; Secure" } else { "" });
        format!("{COOKIE}={code}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax{secure}")
    }
}

impl From<preferences::Language> for Language {
    fn from(language: preferences::Language) -> Self {
        match language {
            preferences::Language::English => Self::English,
            preferences::Language::French => Self::French,
        }
    }
}

impl From<Language> for preferences::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::French => Self::French,
        }
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::of_code(code).ok_or(())
    }
}

/// The best of the languages that a browser names, each with its weight (RFC 9110 §12.5.4).
fn preferred(accept: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for part in accept.split(',').take(32) {
        let (code, parameter) = part.split_once(';').unwrap_or((part, ""));
        let weight = match parameter.trim().strip_prefix("q=") {
            Some(weight) => weight.trim().parse().unwrap_or(0.0),
            None => 1.0,
        };
        let Some(language) = Language::of_code(code) else { continue };
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn the_choice_made_on_a_page_goes_before_what_the_browser_prefers() {
        let of = |cookie: &str, accept: &str| {
            let request = Request::builder()
                .header(header::COOKIE, cookie)
                .header(header::ACCEPT_LANGUAGE, accept)
                .finish();
            Language::of(&request).code()
        };
        for (cookie, accept, expected) in [
            ("", "", "en"),
            ("", "de", "en"),
            ("", "fr", "fr"),
            ("", "fr-CA, en;q=0.8", "fr"),
            ("", "de, fr;q=0.3, en;q=0.7", "en"),
            ("", "fr;q=0, en;q=0.1", "en"),
            ("", "fr;q=x", "en"),
            ("language=fr", "en", "fr"),
            ("language=en", "fr", "en"),
            ("language=xx", "fr", "fr"),
        ] {
            assert_eq!(of(cookie, accept), expected, "{cookie} {accept}");
        }
    }
}
