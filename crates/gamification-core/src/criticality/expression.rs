//! Which dice of a roll a GM's rule is about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dice::{DieKind, DieTerm};

/// Longest die expression, in bytes.
const MAX_BYTES: usize = 30;

/// A text that is not one die expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a die expression such as \"1d20\", \"d6\" or \"2d20kh\"")]
pub struct DieExpressionError(String);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Sides {
    Faces(u32),
    Letter(char),
}

/// One whole die expression, compared with a term as a whole: `1d20` never means `11d20` or
/// `1d200`.
///
/// - `d20` is any number of d20.
/// - `1d20` is a term written with one die or one that kept one die: `1d20` and `2d20kh`.
/// - `2d20kh`, with modifiers, is that term exactly.
/// - `d%` is `d100`; a letter stands for a special die (`4df`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DieExpression {
    text: String,
    count: Option<u32>,
    sides: Sides,
    modifiers: String,
}

impl DieExpression {
    /// Reads an expression; white space and case do not matter.
    pub fn parse(text: &str) -> Result<Self, DieExpressionError> {
        let refused = || DieExpressionError(text.chars().take(MAX_BYTES).collect());
        let clean: String =
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        if clean.len() > MAX_BYTES || !clean.is_ascii() {
            return Err(refused());
        }
        let (count, rest) = clean.split_once('d').ok_or_else(refused)?;
        let count = match count {
            "" => None,
            digits => Some(digits.parse::<u32>().ok().filter(|&n| n > 0).ok_or_else(refused)?),
        };
        let (sides, modifiers) = parse_sides(rest).ok_or_else(refused)?;
        if !modifiers.chars().all(|c| c.is_ascii_alphanumeric() || "<>=".contains(c)) {
            return Err(refused());
        }
        let modifiers = modifiers.to_owned();
        Ok(Self { text: clean, count, sides, modifiers })
    }

    /// The expression as it was understood: lower case, without white space.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a term is what the expression says.
    #[must_use]
    pub fn matches(&self, die: &DieTerm) -> bool {
        self.has_sides_of(die) && self.has_count_of(die)
    }

    fn has_sides_of(&self, die: &DieTerm) -> bool {
        match (&self.sides, die.special_letter()) {
            (Sides::Faces(faces), None) => die.faces == *faces && die.kind != DieKind::Fate,
            (Sides::Faces(_), Some(_)) => false,
            (Sides::Letter(wanted), Some(letter)) => {
                letter.eq_ignore_ascii_case(wanted.encode_utf8(&mut [0; 4]))
            }
            (Sides::Letter(wanted), None) => *wanted == 'f' && die.kind == DieKind::Fate,
        }
    }

    fn has_count_of(&self, die: &DieTerm) -> bool {
        if !self.modifiers.is_empty() {
            let is_same_count = self.count.unwrap_or(1) == die.count;
            return is_same_count && self.modifiers.eq_ignore_ascii_case(&die.modifiers);
        }
        self.count.is_none_or(|count| count == die.count || count as usize == die.kept_count())
    }
}

fn parse_sides(rest: &str) -> Option<(Sides, &str)> {
    if let Some(modifiers) = rest.strip_prefix('%') {
        return Some((Sides::Faces(100), modifiers));
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        let (faces, modifiers) = rest.split_at(digits);
        // A digit always begins the faces, so what follows begins with something else.
        return Some((Sides::Faces(faces.parse().ok().filter(|&n| n > 0)?), modifiers));
    }
    let letter = rest.chars().next().filter(char::is_ascii_alphabetic)?;
    Some((Sides::Letter(letter), &rest[1..]))
}

impl TryFrom<String> for DieExpression {
    type Error = DieExpressionError;

    fn try_from(text: String) -> Result<Self, DieExpressionError> {
        Self::parse(&text)
    }
}

impl From<DieExpression> for String {
    fn from(expression: DieExpression) -> Self {
        expression.text
    }
}

impl fmt::Display for DieExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::dice::DieResult;

    fn term(count: u32, faces: u32, modifiers: &str, results: Vec<DieResult>) -> DieTerm {
        DieTerm { modifiers: modifiers.to_owned(), ..DieTerm::plain(count, faces, results) }
    }

    #[test]
    fn an_expression_is_compared_as_a_whole() {
        let one = term(1, 20, "", vec![DieResult::kept(4)]);
        let advantage = term(2, 20, "kh", vec![DieResult::kept(14), DieResult::dropped(4)]);
        let eleven = term(11, 20, "", vec![DieResult::kept(4); 11]);
        let big = term(1, 200, "", vec![DieResult::kept(4)]);
        for (text, expected) in [
            ("1d20", [true, true, false, false]),
            ("d20", [true, true, true, false]),
            ("2d20kh", [false, true, false, false]),
            ("2D20 KH", [false, true, false, false]),
            ("1d20kh", [false, false, false, false]),
            ("11d20", [false, false, true, false]),
            ("1d200", [false, false, false, true]),
            ("1df", [false, false, false, false]),
        ] {
            let expression = DieExpression::parse(text).unwrap();
            let found = [&one, &advantage, &eleven, &big].map(|die| expression.matches(die));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn special_dice_are_named_by_their_letter() {
        let stress = DieTerm {
            denomination: Some("s".to_owned()),
            ..term(2, 6, "", vec![DieResult::kept(4); 2])
        };
        assert!(DieExpression::parse("2ds").unwrap().matches(&stress));
        assert!(!DieExpression::parse("2d6").unwrap().matches(&stress));
        let percentile = term(1, 100, "", vec![DieResult::kept(4)]);
        assert!(DieExpression::parse("d%").unwrap().matches(&percentile));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "d", "20", "1d", "0d6", "1d0", "1d20+5", "1d20 + 1d4", "xd6", "-1d6", "1d20[fire]"]
        {
            assert!(DieExpression::parse(text).is_err(), "{text}");
        }
        assert!(DieExpression::parse(&"1".repeat(40)).is_err());
        assert!(DieExpression::parse("99999999999d6").is_err());
    }
}
