//! What is said in a channel's chat about its goals: pure texts, in English and French. Viewers are
//! never named.

use crate::announcement::AnnouncementKind;
use crate::instance::{Instance, InstanceState};
use crate::preferences::Language;

/// The longest line that Twitch takes, in characters.
pub const NOTICE_LENGTH_MAX: usize = 500;

/// What is worth a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// A goal collects clicks.
    Opened,
    /// A goal has its clicks and waits for a roll.
    Armed,
    /// It happened at the table.
    Executed,
    /// It did not happen at the table.
    Failed,
    /// Time ran out.
    Expired,
    /// Somebody stopped the goal.
    Cancelled,
}

impl Notice {
    /// What a fact about a goal is worth saying, if anything. The goal is as the fact left it.
    #[must_use]
    pub const fn of(fact: AnnouncementKind, goal: &Instance) -> Option<Self> {
        match fact {
            AnnouncementKind::InstanceCreated => Some(Self::Opened),
            AnnouncementKind::InstanceArmed => Some(Self::Armed),
            AnnouncementKind::InstanceExpired => Some(Self::Expired),
            AnnouncementKind::InstanceCancelled => Some(Self::Cancelled),
            AnnouncementKind::ActionExecuted => match goal.state {
                InstanceState::Executed { .. } => Some(Self::Executed),
                InstanceState::Failed { .. } => Some(Self::Failed),
                _ => None,
            },
            _ => None,
        }
    }

    /// The line, in the channel's language (`fr`, `fr-CA`, `en` …), at most
    /// [`NOTICE_LENGTH_MAX`] characters. It never begins like a command of the chat.
    #[must_use]
    pub fn text(self, goal: &Instance, language: &str) -> String {
        // A channel in another language than ours reads English.
        let language = Language::of_tag(language).unwrap_or(Language::English);
        let name = goal.label.name.in_language(language.tag());
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = match language {
            Language::English => format!("🎲 {name}: {}", self.in_english(goal)),
            Language::French => format!("🎲 {name} : {}", self.in_french(goal)),
        };
        line.chars().take(NOTICE_LENGTH_MAX).collect()
    }

    fn in_english(self, goal: &Instance) -> String {
        let (progress, target) = (goal.progress, goal.target);
        let clicks = |n: u32| format!("{n} {}", if n == 1 { "click" } else { "clicks" });
        let back = if progress > 0 { " The points are on their way back." } else { "" };
        match self {
            Self::Opened => {
                format!("{} within {}!", clicks(target), duration(goal, Language::English))
            }
            Self::Armed => {
                let verb = if target == 1 { "is" } else { "are" };
                format!("{} {verb} in. Now for the right roll!", clicks(target))
            }
            Self::Executed => "it happened at the table.".to_owned(),
            Self::Failed => format!("it did not work out at the table.{back}"),
            Self::Expired => format!("time is up at {progress} of {}.{back}", clicks(target)),
            Self::Cancelled => format!("the goal was stopped.{back}"),
        }
    }

    fn in_french(self, goal: &Instance) -> String {
        let (progress, target) = (goal.progress, goal.target);
        // French counts 0 and 1 as one.
        let clicks = |n: u32| format!("{n} {}", if n < 2 { "clic" } else { "clics" });
        let back = if progress > 0 { " Les points vous sont rendus." } else { "" };
        match self {
            Self::Opened => format!("{} en {} !", clicks(target), duration(goal, Language::French)),
            Self::Armed => format!("{} au compteur. Place au bon jet !", clicks(target)),
            Self::Executed => "c'est arrivé à la table.".to_owned(),
            Self::Failed => format!("cela n'a pas marché à la table.{back}"),
            Self::Expired => format!("temps écoulé à {progress} sur {}.{back}", clicks(target)),
            Self::Cancelled => format!("l'objectif a été arrêté.{back}"),
        }
    }
}

/// How long a goal that has just opened collects clicks: whole minutes where it is just that.
fn duration(goal: &Instance, language: Language) -> String {
    let seconds = goal.deadline().map_or(0, |deadline| goal.started_at.seconds_until(deadline));
    let (count, unit) = match (seconds % 60, language) {
        (0, _) => (seconds / 60, "minute"),
        (_, Language::English) => (seconds, "second"),
        (_, Language::French) => (seconds, "seconde"),
    };
    let is_one = match language {
        Language::English => count == 1,
        Language::French => count < 2,
    };
    format!("{count} {unit}{}", if is_one { "" } else { "s" })
}
