//! The core's enums as the API names them, and the names of events.

use gamification_core::event::LocalizedText;
use poem_openapi::Object;

/// Declares an enum of the API that has exactly the variants of one of the core, with the way there
/// and back; the text after `as` is its name in the document. A variant that the core gets later
/// does not compile until it is listed here.
macro_rules! names {
    ($(#[$about:meta])* $name:ident as $documented:literal = $core:ty {
        $($(#[$meaning:meta])* $variant:ident),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
        #[oai(rename = $documented, rename_all = "snake_case")]
        pub(in crate::api) enum $name {
            $($(#[$meaning])* $variant),+
        }

        impl From<$core> for $name {
            fn from(value: $core) -> Self {
                match value {
                    $(<$core>::$variant => Self::$variant),+
                }
            }
        }

        impl From<$name> for $core {
            fn from(name: $name) -> Self {
                match name {
                    $($name::$variant => Self::$variant),+
                }
            }
        }
    };
}

pub(in crate::api) use names;

/// An event's name in every language that it has.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct EventNames {
    /// In English, or in whatever language its author wrote.
    en: String,
    /// In French, of built-in events.
    fr: Option<String>,
}

impl From<LocalizedText> for EventNames {
    fn from(name: LocalizedText) -> Self {
        Self { en: name.en, fr: name.fr }
    }
}
