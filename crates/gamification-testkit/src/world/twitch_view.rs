//! The side of the balance that only Twitch can tell.

use super::World;
use gamification_core::ports::{PageRequest, Queries, RedemptionFilter};
use gamification_core::redemption::{Redemption, Settlement, TwitchRedemptionStatus};

impl World {
    /// Every row of the ledger, newest first.
    pub async fn redemptions(&self) -> Vec<Redemption> {
        let (mut rows, mut cursor) = (Vec::new(), None);
        loop {
            let request = PageRequest { limit: 200, cursor };
            let filter = RedemptionFilter::default();
            let page = self.store.redemptions(self.campaign.id, filter, request).await;
            let page = page.expect("the store answers");
            rows.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return rows;
            }
        }
    }

    /// Checks P1: the ledger balances, and what it says has ended is what Twitch holds.
    pub async fn assert_balanced(&self) {
        let ledger = self.ledger().await;
        assert!(ledger.is_balanced(), "{ledger:#?}");
        for row in self.redemptions().await {
            let channel = self.streamers.iter().find(|user| row.streamer_id == user.id.into());
            let channel = &channel.expect("one of the two streamers").twitch_id;
            let held = self.twitch.status_of(channel, &row.id);
            let ended = match row.settlement {
                Settlement::Fulfilled => TwitchRedemptionStatus::Fulfilled,
                Settlement::Refunded => TwitchRedemptionStatus::Canceled,
                // Until Twitch has answered, either may be ahead.
                _ => continue,
            };
            assert_eq!(held, Some(ended), "{}: Twitch disagrees", row.id);
        }
    }
}
