use gamification_core::ids::VttMessageId;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many messages of a socket are remembered; a client sends the rolls of one message at once.
const MESSAGES_MAX: usize = 256;

/// How many rolls of one message are told apart from a repetition.
const ROLLS_MAX: usize = 256;

/// Counts the rolls of each message on one socket, for clients that do not say which roll it is. A
/// roll that is the same to the letter, its time included, is the same roll sent again. The oldest
/// messages are forgotten.
#[derive(Debug, Default)]
pub struct MessageRolls {
    seen: HashMap<VttMessageId, Vec<u64>>,
    oldest_first: VecDeque<VttMessageId>,
}

impl MessageRolls {
    /// Which roll of its message this one is, from 0.
    pub fn index(&mut self, message: &VttMessageId, body: &Value) -> u32 {
        let mut hasher = DefaultHasher::new();
        body.to_string().hash(&mut hasher);
        let print = hasher.finish();
        if !self.seen.contains_key(message) {
            self.remember(message);
        }
        let rolls = self.seen.entry(message.clone()).or_default();
        let index = rolls.iter().position(|seen| *seen == print).unwrap_or_else(|| {
            if rolls.len() < ROLLS_MAX {
                rolls.push(print);
            }
            rolls.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn remember(&mut self, message: &VttMessageId) {
        if self.oldest_first.len() == MESSAGES_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.seen.remove(&oldest);
        }
        self.oldest_first.push_back(message.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_rolls_of_each_message_are_counted_from_zero() {
        let mut rolls = MessageRolls::default();
        let (a, b) = (VttMessageId::from("a"), VttMessageId::from("b"));
        let indices =
            [rolls.index(&a, &json!(20)), rolls.index(&b, &json!(20)), rolls.index(&a, &json!(19))];
        assert_eq!(indices, [0, 0, 1]);
    }

    #[test]
    fn the_same_roll_sent_again_keeps_its_place() {
        let mut rolls = MessageRolls::default();
        let message = VttMessageId::from("a");
        let indices = [20, 19, 20, 19, 3].map(|roll| rolls.index(&message, &json!(roll)));
        assert_eq!(indices, [0, 1, 0, 1, 2]);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_messages_stay_known() {
        let mut rolls = MessageRolls::default();
        for number in 0..1_000 {
            assert_eq!(rolls.index(&VttMessageId(number.to_string()), &json!(1)), 0);
        }
        assert_eq!(rolls.seen.len(), MESSAGES_MAX);
        assert_eq!(rolls.oldest_first.len(), MESSAGES_MAX);
        let newest = VttMessageId("999".to_owned());
        assert_eq!(rolls.index(&newest, &json!(2)), 1);
        for roll in 0..1_000 {
            assert!(rolls.index(&newest, &json!(roll)) < 256);
        }
    }
}
