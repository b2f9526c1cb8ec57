//! The end of an evening: everything works again, hours and days pass, and nothing may be left.

use crate::evening::Evening;
use gamification_core::ports::{Queries, TwitchRewards};
use gamification_core::redemption::{Redemption, Settlement, StuckReason, TwitchRedemptionStatus};
use gamification_core::reward::RewardStatus;
use std::collections::BTreeSet;

const HOUR: u32 = 3_600;

impl Evening {
    /// Lets the evening end and checks what is left of it.
    pub(crate) async fn end(&mut self) {
        self.note("the evening ends".to_owned());
        for streamer in [0, 1] {
            self.log_in(streamer).await;
        }
        let late = std::mem::take(&mut self.undelivered);
        for (redemption, outcome) in late.iter().zip(self.world.game.contribute(&late).await) {
            self.judge(redemption.id.as_str(), outcome).unwrap();
        }
        self.days_pass().await;
        for _ in 0..10 {
            for row in self.world.redemptions().await {
                let is_stuck = row.settlement == Settlement::Stuck;
                assert_eq!(row.stuck_reason.is_some(), is_stuck, "{row:?}");
            }
            if self.retry_stuck().await == 0 {
                break;
            }
            self.days_pass().await;
        }
        self.check_nothing_is_left().await;
    }

    async fn days_pass(&mut self) {
        for seconds in [[600; 6], [2 * HOUR; 6], [24 * HOUR; 6]].concat() {
            self.wait(seconds).await;
            self.poll().await;
            self.world.work_until_idle().await;
        }
        self.check().await;
    }

    /// No goal is open, every redemption that was ever made has ended, once and as Twitch has it,
    /// and viewers see the rewards that are written down.
    async fn check_nothing_is_left(&self) {
        let open = self.world.store.open_instances(self.world.campaign.id).await.unwrap();
        assert_eq!(open, []);
        let rows = self.world.redemptions().await;
        self.check_nothing_was_missed(&rows);
        for row in &rows {
            let expected = match row.settlement {
                Settlement::Fulfilled => TwitchRedemptionStatus::Fulfilled,
                Settlement::Refunded => TwitchRedemptionStatus::Canceled,
                // It was stuck, a moderator settled it, nobody told us, and its reward is gone.
                Settlement::Stuck if self.moderated.contains(&row.id) => {
                    assert_eq!(row.stuck_reason, Some(StuckReason::RewardDeleted), "{row:?}");
                    continue;
                }
                _ => panic!("{row:?} has not ended"),
            };
            assert_eq!(self.held(&row.id), expected, "{row:?}");
        }
        self.check_rewards().await;
    }

    /// Everything that was made is in the ledger, except what Twitch never delivered and a moderator
    /// had settled before it could be found: Twitch does not list it, and nothing is left to do.
    fn check_nothing_was_missed(&self, rows: &[Redemption]) {
        let known: BTreeSet<_> = rows.iter().map(|row| &row.id).collect();
        assert_eq!(known.len(), rows.len());
        for made in self.made.iter().filter(|made| !known.contains(&made.id)) {
            assert!(self.dropped.contains(&made.id), "{} was delivered", made.id);
            assert!(self.moderated.contains(&made.id), "{} was never found", made.id);
        }
    }

    async fn check_rewards(&self) {
        for (index, user) in self.world.streamers.iter().enumerate() {
            let there = loop {
                // What was planned to fail and did not come to it strikes here.
                if let Ok(there) = self.world.twitch.list(&user.twitch_id).await {
                    break there;
                }
            };
            let streamer = self.world.streamer(index);
            let written = self.world.store.rewards(self.world.campaign.id, streamer).await.unwrap();
            for reward in written.iter().filter(|reward| reward.status.is_live()) {
                let Some(id) = &reward.twitch_id else { continue };
                let seen = there.iter().find(|seen| seen.id == *id).expect("it is on Twitch");
                assert_eq!(seen.spec, reward.spec);
                assert_eq!(seen.is_paused, reward.status == RewardStatus::Paused, "{reward:?}");
            }
        }
    }
}
