//! Logins that die and return, and what Twitch is asked because it may not have told.

use crate::evening::Evening;
use gamification_core::campaign::BroadcasterType;
use gamification_core::login::{LoginLoss, SealedTokens};
use gamification_core::service::{NewLogin, TwitchProfile};
use gamification_testkit::fixtures;

impl Evening {
    /// A login dies, which is known at once or not yet; or its person logs in.
    pub(crate) async fn manage_login(&mut self) {
        let streamer = self.dice.below(2);
        if self.dice.chance(60) {
            return self.log_in(streamer).await;
        }
        let channel = self.world.streamers[streamer].twitch_id.clone();
        self.note(format!("the login of {channel} dies"));
        self.world.twitch.set_login_dead(&channel, true);
        if self.dice.chance(70) {
            let lost = self.world.game.lose_login(&channel, None, LoginLoss::Refused).await;
            self.judge("the login is lost", lost);
        }
    }

    /// A streamer logs in.
    pub(crate) async fn log_in(&mut self, streamer: usize) {
        let user = self.world.streamers[streamer].clone();
        self.note(format!("{} logs in", user.login));
        self.world.twitch.set_login_dead(&user.twitch_id, false);
        let profile = TwitchProfile {
            twitch_id: user.twitch_id,
            login: user.login,
            display_name: user.display_name,
            broadcaster_type: BroadcasterType::Affiliate,
            language: None,
        };
        let login = NewLogin {
            scopes: Vec::new(),
            tokens: SealedTokens { key_id: "key".to_owned(), sealed: "sealed".to_owned() },
            expires_at: fixtures::at(14_400),
        };
        let recorded = self.world.game.record_login(profile, login).await;
        self.judge("the login", recorded);
    }

    /// Twitch is asked for what it did not tell.
    pub(crate) async fn poll(&mut self) {
        self.note("Twitch is asked for what was missed".to_owned());
        let missed = self.world.game.find_missed_redemptions().await;
        if let Some(missed) = self.judge("the poll", missed) {
            self.note(format!("  {missed:?}"));
            self.missed += missed;
        }
    }
}
