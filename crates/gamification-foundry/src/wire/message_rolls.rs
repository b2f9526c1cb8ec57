use gamification_core::ids::VttMessageId;
use std::collections::{HashMap, VecDeque};

/// How many messages of a socket are remembered; a client sends the rolls of one message at once.
const MESSAGES_MAX: usize = 256;

/// Counts the rolls of each message on one socket, for clients that do not say which roll it is.
/// The oldest messages are forgotten.
#[derive(Debug, Default)]
pub struct MessageRolls {
    next: HashMap<VttMessageId, u32>,
    oldest_first: VecDeque<VttMessageId>,
}

impl MessageRolls {
    /// Which roll of its message this one is, from 0.
    pub fn index(&mut self, message: &VttMessageId) -> u32 {
        if let Some(next) = self.next.get_mut(message) {
            let index = *next;
            *next = next.saturating_add(1);
            return index;
        }
        if self.oldest_first.len() == MESSAGES_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.next.remove(&oldest);
        }
        self.next.insert(message.clone(), 1);
        self.oldest_first.push_back(message.clone());
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rolls_of_each_message_are_counted_from_zero() {
        let mut rolls = MessageRolls::default();
        let (a, b) = (VttMessageId::from("a"), VttMessageId::from("b"));
        assert_eq!([rolls.index(&a), rolls.index(&b), rolls.index(&a)], [0, 0, 1]);
    }

    #[test]
    fn memory_is_bounded_and_the_newest_messages_stay_known() {
        let mut rolls = MessageRolls::default();
        for number in 0..1_000 {
            assert_eq!(rolls.index(&VttMessageId(number.to_string())), 0);
        }
        assert_eq!(rolls.next.len(), MESSAGES_MAX);
        assert_eq!(rolls.oldest_first.len(), MESSAGES_MAX);
        assert_eq!(rolls.index(&VttMessageId("999".to_owned())), 1);
    }
}
