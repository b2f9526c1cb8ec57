//! A poll opens the goal.

use super::{Evaluation, TriggerHandler, TriggerInput};
use crate::event::HandlerConfig;
use crate::validation::{FieldError, Fields, in_words, limits};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Votes, or per cent of them, that are needed when the configuration says nothing or 0.
const THRESHOLD_DEFAULT: u64 = 10;
const OPTION_CHARS: std::ops::RangeInclusive<usize> = 1..=100;
/// Longest id of a poll in bytes; it is kept so that the poll fires once.
const POLL_ID_BYTES_MAX: usize = 200;

/// `poll_vote`: fires once per poll, when an option has enough votes.
///
/// Configuration: `option?` (any option when missing), `threshold` (10 when missing or 0),
/// `percentageMode` (false). In percentage mode the threshold is a share of all votes:
/// floor(total ÷ 100 × threshold), but at least one vote; a share says nothing while votes come in,
/// so it is looked at when the poll has ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct PollVote;

struct Rule<'a> {
    option: Option<&'a str>,
    threshold: u64,
    is_percentage: bool,
}

/// What the trigger is fed, and what it passes on.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PollResult {
    poll_id: String,
    option: String,
    vote_count: u64,
    total_votes: u64,
    /// Who feeds no more than a result need not say that it is one.
    #[serde(default = "ended", skip_serializing)]
    has_ended: bool,
}

const fn ended() -> bool {
    true
}

fn rule(config: &HandlerConfig) -> Result<Rule<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let is_percentage = fields.flag("percentageMode").unwrap_or(false);
    let threshold_max = if is_percentage { 100 } else { u64::from(*limits::VIEWERS.end()) };
    let threshold = fields.integer("threshold", 0..=threshold_max).filter(|votes| *votes > 0);
    let rule = Rule {
        option: fields.text("option", OPTION_CHARS),
        threshold: threshold.unwrap_or(THRESHOLD_DEFAULT),
        is_percentage,
    };
    fields.finish(rule)
}

impl Rule<'_> {
    /// The complaint, if the poll does not fire.
    fn objection(&self, poll: &PollResult) -> Option<String> {
        if poll.poll_id.is_empty() || poll.poll_id.len() > POLL_ID_BYTES_MAX {
            return Some(format!("pollId must have 1 to {POLL_ID_BYTES_MAX} bytes"));
        }
        if poll.vote_count > poll.total_votes {
            return Some("voteCount is greater than totalVotes".to_owned());
        }
        if let Some(option) = self.option.filter(|option| *option != poll.option) {
            return Some(format!("the option is not {option}"));
        }
        if self.is_percentage && !poll.has_ended {
            return Some("the poll has not ended".to_owned());
        }
        let needed = self.votes_needed(poll.total_votes);
        let is_short = u128::from(poll.vote_count) < needed;
        is_short.then(|| format!("{} < {needed} votes", poll.vote_count))
    }

    fn votes_needed(&self, total_votes: u64) -> u128 {
        let threshold = u128::from(self.threshold);
        let needed =
            if self.is_percentage { u128::from(total_votes) * threshold / 100 } else { threshold };
        needed.max(1)
    }
}

impl TriggerHandler for PollVote {
    fn kind(&self) -> &'static str {
        "poll_vote"
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        rule(config).map(|_| ())
    }

    fn evaluate(&self, config: &HandlerConfig, input: TriggerInput<'_>) -> Evaluation {
        let TriggerInput::Data(data) = input else {
            return Evaluation::silent("a roll does not open it");
        };
        let rule = match rule(config) {
            Ok(rule) => rule,
            Err(errors) => return Evaluation::silent(in_words(&errors)),
        };
        let poll = match PollResult::deserialize(data) {
            Ok(poll) => poll,
            Err(error) => return Evaluation::silent(format!("the data is no poll: {error}")),
        };
        match rule.objection(&poll) {
            Some(reason) => Evaluation::Silent { reason },
            None => Evaluation::Fires { data: json!(poll), once_key: Some(poll.poll_id) },
        }
    }
}
