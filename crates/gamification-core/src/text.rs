//! Texts on their way to the table.

/// Escapes text for a place between HTML tags, where the VTT shows chat content and flavour.
///
/// Quotes stay as they are: they mean nothing there, and a VTT that tidies HTML writes them back
/// unescaped, so that our own forced roll would no longer be recognised by its flavour. For the
/// same reason this is not for attribute values.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text with every run of white space as one space and none at its ends.
#[must_use]
pub fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text_and_quotes_stay() {
        assert_eq!(
            escape_html("<img src=x onerror='a()'> & \"more\" é→"),
            "&lt;img src=x onerror='a()'&gt; &amp; \"more\" é→"
        );
        assert_eq!(escape_html("&lt;"), "&amp;lt;");
    }

    #[test]
    fn white_space_is_collapsed() {
        assert_eq!(single_spaced("  a \n\t b\u{a0}c  "), "a b c");
        assert_eq!(single_spaced(" \n"), "");
    }
}
