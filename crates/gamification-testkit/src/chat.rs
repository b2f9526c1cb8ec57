use crate::locked;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::{ChatNotices, ChatOutcome};
use std::collections::VecDeque;
use std::sync::Mutex;

/// A line that somebody asked to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// In which channel's chat.
    pub channel: TwitchUserId,
    /// What.
    pub text: String,
    /// What was answered.
    pub outcome: ChatOutcome,
    /// Whether the chat shows it, whatever was answered.
    pub is_shown: bool,
}

/// The chats of all channels. Every line is said, unless something else was planned.
#[derive(Debug, Default)]
pub struct FakeChat {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<ChatLine>,
    planned: VecDeque<(ChatOutcome, bool)>,
}

impl FakeChat {
    /// The next line gets this answer and is not shown. Several are worked off in order.
    pub fn fail_next(&self, outcome: ChatOutcome) {
        locked(&self.state).planned.push_back((outcome, false));
    }

    /// The next line is shown and gets this answer all the same, as a timeout leaves it.
    pub fn fail_after_effect(&self, outcome: ChatOutcome) {
        locked(&self.state).planned.push_back((outcome, true));
    }

    /// Every line so far, in order, with what was answered.
    #[must_use]
    pub fn lines(&self) -> Vec<ChatLine> {
        locked(&self.state).lines.clone()
    }

    /// What the viewers of that channel have read, in order.
    #[must_use]
    pub fn shown(&self, channel: &TwitchUserId) -> Vec<String> {
        let state = locked(&self.state);
        let is_asked = |line: &&ChatLine| line.is_shown && line.channel == *channel;
        state.lines.iter().filter(is_asked).map(|line| line.text.clone()).collect()
    }
}

#[async_trait]
impl ChatNotices for FakeChat {
    async fn say(&self, channel: &TwitchUserId, text: &str) -> ChatOutcome {
        let mut state = locked(&self.state);
        let (outcome, is_shown) = state.planned.pop_front().unwrap_or((ChatOutcome::Said, true));
        let (channel, text) = (channel.clone(), text.to_owned());
        state.lines.push(ChatLine { channel, text, outcome: outcome.clone(), is_shown });
        outcome
    }
}
