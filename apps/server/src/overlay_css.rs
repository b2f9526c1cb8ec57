//! Style sheets that streamers upload for their overlays.
//!
//! A sheet may change everything about how an overlay looks, and nothing else: whatever would load
//! something, call somewhere or run is refused, with its line. The tokens are those that a browser
//! sees, escapes resolved, so that `\75rl(` is `url(`; what a browser might read differently
//! (something that is not closed, an at-rule that is not known here) is refused as well. The pages'
//! Content-Security-Policy would stop most of it once more.
//!
//! That a sheet may hide things, or write other text over them, is allowed: it is the streamer's
//! own picture, which they could cover in OBS just as well. Nothing that is counted, refunded or
//! logged depends on what an overlay shows.

mod words;

use cssparser::{ParseError, Parser, Token};
use gamification_core::preferences::CUSTOM_CSS_BYTES_MAX;
use gamification_core::validation::FieldError;
use words::{Inside, is_allowed_at_rule, is_harmless_address};

/// How many mistakes are told at most.
const MISTAKES_MAX: usize = 20;

/// Checks a style sheet.
///
/// # Errors
/// Every mistake (20 at most) as a complaint about `field` that begins with its line.
pub fn check(field: &str, css: &str) -> Result<(), Vec<FieldError>> {
    let too_long = format!("must have at most {CUSTOM_CSS_BYTES_MAX} bytes");
    if css.len() > CUSTOM_CSS_BYTES_MAX {
        return Err(vec![FieldError::new(field, too_long)]);
    }
    let mut reader = Reader::default();
    for (line, text) in (1..).zip(css.split('\n')) {
        if text.contains('\0') {
            reader.complain(line, "must not contain NUL characters");
        }
    }
    // A string ends with its line, so that whatever reaches the end is not closed.
    reader.read_all(&format!("{css}\n"));
    if reader.mistakes.is_empty() {
        return Ok(());
    }
    reader.mistakes.sort_by_key(|mistake| mistake.line);
    let complaint = |m: Mistake| FieldError::new(field, format!("line {}: {}", m.line, m.reason));
    Err(reader.mistakes.into_iter().map(complaint).collect())
}

struct Mistake {
    line: u32,
    reason: String,
}

#[derive(Default)]
struct Reader {
    /// The length of the whole text.
    end: usize,
    mistakes: Vec<Mistake>,
    /// Nothing more is read: too much is wrong.
    is_over: bool,
}

impl Reader {
    fn complain(&mut self, line: u32, reason: impl Into<String>) {
        if self.mistakes.len() < MISTAKES_MAX {
            self.mistakes.push(Mistake { line, reason: reason.into() });
        }
        self.is_over |= self.mistakes.len() == MISTAKES_MAX;
    }

    fn read_all(&mut self, text: &str) {
        self.end = text.len();
        self.read(&mut Parser::new(text), Inside::Sheet);
    }

    /// Everything up to the end of the block that the parser is in.
    fn read(&mut self, parser: &mut Parser<'_>, inside: Inside) {
        let mut property = Property::default();
        while !self.is_over {
            let line = parser.current_source_location().line + 1;
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else {
                return;
            };
            let is_white = matches!(token, Token::WhiteSpace(_));
            if !is_white && parser.position().byte_index() == self.end {
                return self.complain(line, "something is not closed");
            }
            if let Some(name) = property.declared_by(&token) {
                self.complain(line, format!("{name} is not allowed"));
            }
            if !inside.may_hold(&token) {
                self.complain(line, inside.in_words());
            }
            self.check_alone(line, &token, inside);
            if let Some(inside) = Inside::opened_by(&token) {
                self.read_block(parser, line, inside);
            }
        }
    }

    fn read_block(&mut self, parser: &mut Parser<'_>, line: u32, inside: Inside) {
        let end = self.end;
        let mut is_open = false;
        let read: Result<(), ParseError<()>> = parser.parse_nested_block(|block| {
            self.read(block, inside);
            is_open = block.position().byte_index() == end;
            Ok(())
        });
        if self.is_over {
            return;
        }
        if is_open {
            self.complain(line, "something is not closed");
            self.is_over = true;
        } else if read.is_err() {
            self.complain(line, "is nested too deeply");
            self.is_over = true;
        }
    }

    /// What is wrong with a token wherever it stands.
    fn check_alone(&mut self, line: u32, token: &Token<'_>, inside: Inside) {
        match token {
            Token::AtKeyword(name) if !is_allowed_at_rule(name) => {
                self.complain(line, format!("@{} is not allowed", shown(name)));
            }
            Token::UnquotedUrl(address) if !is_harmless_address(address) => {
                self.complain(line, words::ONLY_PICTURES);
            }
            Token::QuotedString(address)
                if inside.holds_addresses() && !is_harmless_address(address) =>
            {
                self.complain(line, words::ONLY_PICTURES);
            }
            Token::Function(name) if name.eq_ignore_ascii_case("expression") => {
                self.complain(line, "expression() is not allowed");
            }
            Token::BadUrl(_) | Token::BadString(_) => {
                self.complain(line, "an address or a text is not closed");
            }
            Token::CloseParenthesis | Token::CloseSquareBracket | Token::CloseCurlyBracket => {
                self.complain(line, "a bracket is closed that was not opened");
            }
            _ => {}
        }
    }
}

/// A name as a complaint repeats it.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Old properties that run or load, and where they are set.
#[derive(Default)]
struct Property {
    /// The last name, when it is one of those and no class.
    name: Option<&'static str>,
    is_after_dot: bool,
}

impl Property {
    /// The property that is set with this token, when it is one of those.
    fn declared_by(&mut self, token: &Token<'_>) -> Option<&'static str> {
        match token {
            Token::WhiteSpace(_) | Token::Comment(_) => return None,
            Token::Colon => return self.name.take(),
            Token::Ident(name) if !self.is_after_dot => self.name = words::running_property(name),
            _ => self.name = None,
        }
        self.is_after_dot = matches!(token, Token::Delim('.'));
        None
    }
}

#[cfg(test)]
mod tests;
