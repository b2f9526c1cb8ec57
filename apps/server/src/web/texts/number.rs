//! Numbers as a language writes them (CLDR).

use gamification_core::preferences::Language;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::{Locale, locale};

thread_local! {
    // Made once per thread: a formatter cannot be shared between them.
    static ENGLISH: Option<DecimalFormatter> = formatter(locale!("en"));
    static FRENCH: Option<DecimalFormatter> = formatter(locale!("fr"));
}

fn formatter(locale: Locale) -> Option<DecimalFormatter> {
    DecimalFormatter::try_new(locale.into(), Default::default()).ok()
}

fn shown(language: Language, number: &Decimal) -> String {
    let formatter = match language {
        Language::English => &ENGLISH,
        Language::French => &FRENCH,
    };
    formatter.with(|formatter| match formatter {
        Some(formatter) => formatter.format(number).to_string(),
        None => number.to_string(),
    })
}

/// What counts: any integer, or a reference to one, as templates hand them over.
pub(crate) trait Whole {
    /// The number; the largest one where it does not fit.
    fn whole(&self) -> i64;
}

macro_rules! whole_numbers {
    ($($integer:ty)+) => {$(
        impl Whole for $integer {
            fn whole(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )+};
}

whole_numbers!(i32 i64 u8 u16 u32 u64 usize);

impl<T: Whole> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

/// A whole number, grouped.
pub(in crate::web) fn whole(language: Language, number: i64) -> String {
    shown(language, &Decimal::from(number))
}

/// A number with at most that many digits of fraction, none of them a needless zero.
pub(in crate::web) fn decimal(language: Language, number: f64, digits: u8) -> String {
    let scale = 10_f64.powi(i32::from(digits));
    #[expect(clippy::cast_possible_truncation, reason = "what is shown is far below 2^53")]
    let scaled = (number * scale).round() as i64;
    let mut decimal = Decimal::from(scaled);
    decimal.multiply_pow10(-i16::from(digits));
    decimal.trim_end();
    shown(language, &decimal)
}
