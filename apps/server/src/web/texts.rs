//! What pages say, in both languages (Project Fluent). The files are `pages/texts/{en,fr}/*.ftl`.
//!
//! A counted text selects its plural form by `$count`, and prints the number as `{ $shown }`, which
//! is written as the language writes numbers.

mod catalogue;
mod number;
mod scripts;

pub(crate) use number::Whole;
pub(super) use number::decimal;
use number::whole;
pub(super) use scripts::for_scripts;

use catalogue::Catalogue;
use fluent_bundle::{FluentArgs, FluentValue};
use gamification_core::preferences::Language;
use gamification_core::time::Timestamp;
use std::borrow::Cow;
use std::fmt;
use time::OffsetDateTime;

/// The texts of one language.
#[derive(Clone, Copy)]
pub(crate) struct Texts {
    language: Language,
    catalogue: &'static Catalogue,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.language).finish()
    }
}

impl Texts {
    /// The texts of that language.
    pub(crate) fn of(language: Language) -> Self {
        Self { language, catalogue: Catalogue::of(language) }
    }

    /// Which language it is.
    pub(crate) const fn language(self) -> Language {
        self.language
    }

    /// The text with that key; what stands in it is added with the methods of [`Said`].
    pub(crate) fn say(self, key: &str) -> Said {
        Said { texts: self, key: key.to_owned(), arguments: FluentArgs::new() }
    }

    /// Whether there is a text with that key.
    pub(crate) fn has(self, key: &str) -> bool {
        self.catalogue.bundle.has_message(key)
    }

    /// A number as the language writes it.
    pub(crate) fn number(self, number: impl Whole) -> String {
        whole(self.language, number.whole())
    }

    /// A number between 0 and 1 as a percentage.
    pub(crate) fn percent(self, share: f64) -> String {
        self.say("percent").text("number", decimal(self.language, share * 100.0, 1)).to_string()
    }

    /// A day and time in UTC, in words. Scripts put it into the reader's own time zone.
    pub(crate) fn moment(self, at: Timestamp) -> Moment {
        Moment { texts: self, at }
    }

    /// A length of time in words, rounded to its two largest units.
    pub(crate) fn duration(self, seconds: u64) -> String {
        const UNITS: [(&str, u64); 4] =
            [("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1)];
        let first = UNITS.iter().position(|(_, size)| seconds >= *size).unwrap_or(3);
        let mut rest = seconds;
        let mut said = Vec::new();
        for (unit, size) in UNITS.into_iter().skip(first).take(2) {
            let count = rest / size;
            rest %= size;
            if count > 0 || said.is_empty() && size == 1 {
                said.push(self.say(&format!("duration-{unit}")).count(count).to_string());
            }
        }
        said.join(" ")
    }
}

/// A text with what stands in it; shown by `Display`. Templates escape it.
pub(crate) struct Said {
    texts: Texts,
    key: String,
    arguments: FluentArgs<'static>,
}

impl Said {
    /// What a person wrote or is called: its direction of writing ends where it ends.
    pub(crate) fn name(self, key: &'static str, name: impl fmt::Display) -> Self {
        self.text(key, format!("\u{2068}{name}\u{2069}"))
    }

    /// Words of ours, or what has no direction of its own.
    pub(crate) fn text(mut self, key: &'static str, text: impl fmt::Display) -> Self {
        self.arguments.set(key, FluentValue::String(Cow::Owned(text.to_string())));
        self
    }

    /// A number as the language writes it, under a key of its own.
    pub(crate) fn number(self, key: &'static str, number: impl Whole) -> Self {
        let shown = self.texts.number(number);
        self.text(key, shown)
    }

    /// How many: selects the plural form.
    pub(crate) fn count(mut self, count: impl Whole) -> Self {
        let count = count.whole();
        #[expect(clippy::cast_precision_loss, reason = "plural forms of quadrillions are alike")]
        self.arguments.set("count", FluentValue::from(count as f64));
        self.number("shown", count)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts.catalogue.formatted(&self.key, Some(&self.arguments)))
    }
}

/// A moment, as an element that scripts and screen readers understand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    texts: Texts,
    at: Timestamp,
}

impl Moment {
    fn in_words(&self) -> String {
        let at = OffsetDateTime::from_unix_timestamp(self.at.as_seconds())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let month = self.texts.say(&format!("month-{}", u8::from(at.month())));
        let said = self.texts.say("moment").text("day", at.day()).text("month", month);
        let time = format!("{:02}:{:02}", at.hour(), at.minute());
        said.text("year", at.year()).text("time", time).to_string()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<time datetime=\"{}\">{}</time>", self.at, self.in_words())
    }
}

/// Digits, and words of our own texts.
impl askama::filters::HtmlSafe for Moment {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    const EN: fn() -> Texts = || Texts::of(Language::English);
    const FR: fn() -> Texts = || Texts::of(Language::French);

    #[test]
    fn plural_forms_and_numbers_are_those_of_the_language() {
        let days = |texts: Texts, count: i64| texts.say("duration-days").count(count).to_string();
        assert_eq!(days(EN(), 0), "0 days");
        assert_eq!(days(EN(), 1), "1 day");
        assert_eq!(days(FR(), 0), "0 jour");
        assert_eq!(days(FR(), 2), "2 jours");
        assert_eq!(EN().number(1_234_567_u32), "1,234,567");
        assert_eq!(FR().number(1_234_567_u32), "1\u{202f}234\u{202f}567");
        assert_eq!(EN().percent(0.125), "12.5%");
        assert_eq!(FR().percent(0.125), "12,5\u{202f}%");
    }

    #[test]
    fn a_moment_is_told_to_people_and_to_machines() {
        let at = Timestamp::parse("2026-03-05T09:07:30Z").unwrap();
        let english = EN().moment(at).to_string();
        assert!(english.contains(">5 March 2026, 09:07 UTC</time>"), "{english}");
        assert!(english.starts_with("<time datetime=\"2026-03-05T09:07:30.000000Z\">"));
        let french = FR().moment(at).to_string();
        assert!(french.contains(">5 mars 2026, 09:07 UTC</time>"), "{french}");
    }

    #[test]
    fn lengths_of_time_name_their_two_largest_units() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (61, "1 minute 1 second"),
            (3_600, "1 hour"),
            (3_659, "1 hour"),
            (90_061, "1 day 1 hour"),
        ] {
            assert_eq!(EN().duration(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn a_name_keeps_its_direction_to_itself() {
        let said = EN().say("page-title").name("page", "\u{202e}abc").to_string();
        assert!(said.contains("\u{2068}\u{202e}abc\u{2069}"), "{said:?}");
    }
}
