//! The core's enums as the API names them.

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
