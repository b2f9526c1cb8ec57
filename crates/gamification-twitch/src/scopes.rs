//! What people are asked to grant, in Twitch's words. Only what is switched on is asked for.

/// Rewards and their redemptions: making, changing, deleting, settling.
pub const REWARDS: &str = "channel:manage:redemptions";

/// Saying lines in chat as the channel's own account.
pub const CHAT: &str = "user:write:chat";

/// Hearing of the channel's polls.
pub const POLLS: &str = "channel:read:polls";

/// What is switched on for a person who logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uses {
    /// Rewards on the person's channel. Without them the other two mean nothing.
    pub rewards: bool,
    /// Notices in the chat of the person's channel.
    pub chat: bool,
    /// Goals that follow polls on the person's channel.
    pub polls: bool,
}

/// The scopes to ask for; none for a person who only signs in.
#[must_use]
pub fn needed(uses: Uses) -> Vec<&'static str> {
    if !uses.rewards {
        return Vec::new();
    }
    let further = [(uses.chat, CHAT), (uses.polls, POLLS)];
    let further = further.into_iter().filter_map(|(is_used, scope)| is_used.then_some(scope));
    std::iter::once(REWARDS).chain(further).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_switched_on_is_asked_for() {
        let asked = |rewards, chat, polls| needed(Uses { rewards, chat, polls });
        assert_eq!(asked(false, false, false), Vec::<&str>::new());
        assert_eq!(asked(false, true, true), Vec::<&str>::new());
        assert_eq!(asked(true, false, false), ["channel:manage:redemptions"]);
        assert_eq!(asked(true, true, false), [REWARDS, "user:write:chat"]);
        assert_eq!(asked(true, false, true), [REWARDS, "channel:read:polls"]);
        assert_eq!(asked(true, true, true), [REWARDS, CHAT, POLLS]);
    }
}
