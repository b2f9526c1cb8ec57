//! What the demo prints: one line per thing that happened, with the time since it began.

use std::io::Write;
use std::time::{Duration, Instant};

/// The widest actor; longer ones just push their text to the right.
const WHO_WIDTH: usize = 15;

/// The one who writes to standard output. Lines are whole, whoever writes at the same time.
pub(super) struct Timeline {
    began: Instant,
}

impl Timeline {
    /// Time starts now.
    pub(super) fn begin() -> Self {
        Self { began: Instant::now() }
    }

    /// Somebody did something, or something happened to them.
    pub(super) fn tell(&self, who: &str, what: &str) {
        self.line(&entry(self.began.elapsed(), who, what));
    }

    /// The story turns to something else.
    pub(super) fn chapter(&self, title: &str) {
        self.line(&format!("\n— {title} —"));
    }

    /// A line as it is.
    pub(super) fn line(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        // Nobody reads any more: the story goes on for its verdict.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

fn entry(elapsed: Duration, who: &str, what: &str) -> String {
    format!("+{:04.1}s  {who:<WHO_WIDTH$}  {what}", elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_who_and_what() {
        let line = entry(Duration::from_millis(3_210), "Elda", "rolls a natural 20");
        assert_eq!(line, "+03.2s  Elda             rolls a natural 20");
    }
}
