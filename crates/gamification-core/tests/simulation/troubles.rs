//! What is going to fail.

use crate::evening::Evening;
use gamification_core::ports::{RewardError, StoreError};
use gamification_testkit::TwitchCall;

const CALLS: [TwitchCall; 8] = [
    TwitchCall::Create,
    TwitchCall::Update,
    TwitchCall::Delete,
    TwitchCall::List,
    TwitchCall::Unfulfilled,
    TwitchCall::LookUp,
    TwitchCall::Settle,
    TwitchCall::Settle,
];

impl Evening {
    /// Now and then something is about to fail: the store at one of its next writes, as a crash
    /// would leave it; a call of Twitch before or after it did what was asked; the cache.
    pub(crate) fn brew_trouble(&mut self) {
        if self.dice.chance(20) {
            let write = 1 + self.dice.below(9);
            let error = if self.dice.chance(70) {
                StoreError::Unavailable("gone".to_owned())
            } else {
                StoreError::Contention("busy".to_owned())
            };
            self.note(format!("the store will fail at write {write}: {error}"));
            self.world.store.faults().fail_at_write(write as u64, error);
        }
        if self.dice.chance(8) {
            self.trouble_twitch();
        }
        if self.dice.chance(5) {
            self.world.pending.lose_everything();
        }
        self.world.pending.set_away(self.dice.chance(5));
        if self.dice.chance(3) {
            self.change_channel();
        }
    }

    fn trouble_twitch(&mut self) {
        let call = *self.dice.pick(&CALLS).unwrap();
        let reason = || "timed out".to_owned();
        let error = match self.dice.below(8) {
            0 => RewardError::LoginNeeded,
            1 => RewardError::Refused("no".to_owned()),
            2 if call == TwitchCall::Settle => RewardError::NotOurs,
            3..5 => RewardError::Unavailable { after_seconds: Some(5), reason: reason() },
            _ => RewardError::Unavailable { after_seconds: None, reason: reason() },
        };
        // Who is refused has changed nothing.
        let takes_effect = error != RewardError::NotOurs && self.dice.chance(50);
        self.note(format!(
            "Twitch will fail to {call:?}, after its effect {takes_effect}: {error}"
        ));
        if takes_effect {
            self.world.twitch.fail_after_effect(call, error);
        } else {
            self.world.twitch.fail_next(call, error);
        }
    }

    /// A channel goes live or offline.
    fn change_channel(&mut self) {
        let channel = self.world.streamers[self.dice.below(2)].twitch_id.clone();
        let viewers = *self.dice.pick(&[None, Some(0), Some(5), Some(10)]).unwrap();
        self.note(format!("{channel} has {viewers:?} viewers"));
        self.world.twitch.set_viewers(&channel, viewers);
    }
}
