//! What is wrong with a field, in the language of the page.

use super::texts::Texts;

/// The core tells in English what is wrong. The texts know its sentences by their words, with an
/// `n` for each number: `wrong-must-be-between-n-and-n`, with `$first` and `$second`.
const FAMILY: &str = "wrong";

/// What is wrong, in the language of the page; `None` for a sentence that the texts do not know.
pub(super) fn translated(texts: Texts, reason: &str) -> Option<String> {
    let (mut key, mut numbers) = (FAMILY.to_owned(), Vec::new());
    for word in reason.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|w| !w.is_empty()) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        key.push('-');
        key.push_str(&if is_number { "n".to_owned() } else { word.to_lowercase() });
        if is_number {
            numbers.push(word);
        }
    }
    let said = texts.has(&key).then(|| texts.say(&key))?;
    let said = ["first", "second"]
        .into_iter()
        .zip(numbers)
        .fold(said, |said, (name, number)| said.text(name, number));
    Some(said.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use gamification_core::preferences::Language;

    #[test]
    fn what_the_core_says_of_a_field_is_said_in_french() {
        let french = |reason| translated(Texts::of(Language::French), reason);
        for (reason, expected) in [
            ("must be between 10 and 3600", "doit être entre 10 et 3600"),
            ("must be between 0.01 and 10", "doit être entre 0.01 et 10"),
            ("must have 3 to 45 characters", "doit compter de 3 à 45 caractères"),
            ("must be a whole number", "doit être un nombre entier"),
        ] {
            assert_eq!(french(reason).as_deref(), Some(expected));
        }
        assert_eq!(french("something else"), None);
    }
}
