//! Which words of CSS may stand where.

use cssparser::Token;

/// At-rules that only say when or how rules hold.
const AT_RULES: [&str; 9] = [
    "media",
    "supports",
    "keyframes",
    "-webkit-keyframes",
    "layer",
    "container",
    "property",
    "scope",
    "starting-style",
];

/// Properties of browsers of old that run or load what they name.
const RUNNING_PROPERTIES: [&str; 3] = ["behavior", "-moz-binding", "progid"];

/// The beginnings of addresses that hold their picture themselves. No SVG, which can hold more.
const PICTURES: [&str; 5] =
    ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:image/avif"];

/// What is said of every other address.
pub(super) const ONLY_PICTURES: &str =
    "an address may only be a picture itself: data:image/png, jpeg, gif, webp or avif";

pub(super) fn is_allowed_at_rule(name: &str) -> bool {
    AT_RULES.iter().any(|allowed| name.eq_ignore_ascii_case(allowed))
}

pub(super) fn running_property(name: &str) -> Option<&'static str> {
    RUNNING_PROPERTIES.into_iter().find(|known| name.eq_ignore_ascii_case(known))
}

/// Whether nothing is fetched for that address.
pub(super) fn is_harmless_address(address: &str) -> bool {
    PICTURES.iter().any(|picture| {
        let (kind, rest) = match address.split_at_checked(picture.len()) {
            Some(parts) => parts,
            None => return false,
        };
        kind.eq_ignore_ascii_case(picture) && rest.starts_with([';', ','])
    })
}

/// What a block is, as far as it matters for what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// The sheet itself, and every block without a meaning of its own.
    Sheet,
    /// `url()` and `src()`: one text, an address.
    Address,
    /// `image()` and `image-set()`: every text is an address.
    Pictures,
}

impl Inside {
    /// The block that this token opens.
    pub(super) fn opened_by(token: &Token<'_>) -> Option<Self> {
        match token {
            Token::Function(name) => Some(Self::of_function(name)),
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                Some(Self::Sheet)
            }
            _ => None,
        }
    }

    fn of_function(name: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is(&["url", "src"]) {
            Self::Address
        } else if is(&["image", "image-set", "-webkit-image-set"]) {
            Self::Pictures
        } else {
            Self::Sheet
        }
    }

    /// Whether texts in it are addresses.
    pub(super) const fn holds_addresses(self) -> bool {
        matches!(self, Self::Address | Self::Pictures)
    }

    /// Whether that may stand in it: what a variable, an attribute or another function would put
    /// there is not known before the browser loads it.
    pub(super) fn may_hold(self, token: &Token<'_>) -> bool {
        let is_gap = matches!(token, Token::WhiteSpace(_) | Token::Comment(_));
        match self {
            Self::Sheet => true,
            Self::Address => is_gap || matches!(token, Token::QuotedString(_)),
            Self::Pictures => match token {
                Token::Function(name) => {
                    name.eq_ignore_ascii_case("url") || name.eq_ignore_ascii_case("type")
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock => false,
                Token::CurlyBracketBlock | Token::AtKeyword(_) => false,
                _ => true,
            },
        }
    }

    /// Why something may not stand in it.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Sheet | Self::Address => ONLY_PICTURES,
            Self::Pictures => "image() and image-set() may hold no other functions",
        }
    }
}
