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

/// Longest part of a name of the table that is shown, in characters.
const NAME_CHARS_MAX: usize = 60;

/// A name of the table as it is shown: single-spaced, without control characters, at most 60
/// characters. It may still hold markup.
#[must_use]
pub fn shown_name(name: &str) -> String {
    let printable = |c: &char| c.is_whitespace() || !c.is_control();
    let name = single_spaced(&name.chars().filter(printable).collect::<String>());
    name.chars().take(NAME_CHARS_MAX).collect::<String>().trim_end().to_owned()
}

/// The text without `<`, `>` and `"`, which begin and end tags and attribute values.
///
/// For a client that puts it into markup as it is in one place and shows it as plain text in
/// another, where escapes would be seen.
#[must_use]
pub fn without_markup(text: &str) -> String {
    text.replace(['<', '>', '"'], "")
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
    fn a_shown_name_is_short_and_on_one_line() {
        assert_eq!(shown_name("  Elda\n the \u{7} Bold "), "Elda the Bold");
        assert_eq!(shown_name(&"é".repeat(10_000)), "é".repeat(60));
        assert_eq!(shown_name(&format!("{} b", "a".repeat(59))), "a".repeat(59));
        assert_eq!(shown_name(" \n"), "");
    }

    #[test]
    fn what_opens_tags_and_ends_attributes_is_taken_out() {
        assert_eq!(without_markup("<img src=\"x\"> l'orc & Co"), "img src=x l'orc & Co");
    }

    #[test]
    fn white_space_is_collapsed() {
        assert_eq!(single_spaced("  a \n\t b\u{a0}c  "), "a b c");
        assert_eq!(single_spaced(" \n"), "");
    }
}
