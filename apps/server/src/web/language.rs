//! Which of the two languages a page speaks.

use crate::auth::cookie;
use gamification_core::preferences::Language;
use poem::Request;
use poem::http::header;

/// What a browser keeps of the choice that somebody made on a page.
const COOKIE: &str = "language";
const YEAR_SECONDS: u32 = 365 * 24 * 3600;

/// What a language calls itself.
pub(crate) const fn own_name(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::French => "Français",
    }
}

/// What the browser was told on a page, else what it prefers, else English.
pub(crate) fn asked_for(request: &Request) -> Language {
    cookie(request, COOKIE)
        .and_then(Language::of_tag)
        .or_else(|| request.header(header::ACCEPT_LANGUAGE).and_then(preferred))
        .unwrap_or(Language::English)
}

/// The `Set-Cookie` that has the browser keep this choice.
pub(crate) fn set_cookie(language: Language, is_https: bool) -> String {
    let (tag, secure) = (language.tag(), if is_https { "; Secure" } else { "" });
    format!("{COOKIE}={tag}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax{secure}")
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
        let Some(language) = Language::of_tag(code) else { continue };
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
            asked_for(&request).tag()
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
