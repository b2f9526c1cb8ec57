//! What viewers, streamers, game masters and moderators do.

use crate::evening::{Evening, gm};
use gamification_core::event::Event;
use gamification_core::ids::RedemptionId;
use gamification_core::ports::{PageRequest, Queries, RollFilter};
use gamification_core::redemption::{Direction, Settlement, TwitchRedemptionStatus};
use gamification_core::service::{Contribution, IncomingRoll, OptIn};
use serde_json::Value;

const VIEWERS: [&str; 5] = ["ann", "ben", "cat", "dan", "eve"];

impl Evening {
    fn any_event(&mut self) -> Event {
        let individual = self.dice.chance(65);
        if individual { self.world.invert.clone() } else { self.world.chat.clone() }
    }

    /// Viewers redeem, if Twitch lets them; what they make is delivered now or later or never.
    pub(crate) async fn redeem(&mut self) {
        for _ in 0..=self.dice.below(4) {
            let (event, streamer) = (self.any_event(), self.dice.below(2));
            let viewer = self.dice.pick(&VIEWERS).unwrap();
            let made = self.world.redeem(&event, streamer, viewer).await;
            self.note(format!("{viewer} redeems {} on {streamer}: {made:?}", event.slug));
            if let Ok(redemption) = made {
                self.made.push(redemption.clone());
                if self.dice.chance(10) {
                    self.dropped.insert(redemption.id);
                } else {
                    self.undelivered.push(redemption);
                }
            }
        }
        if self.dice.chance(75) {
            self.deliver().await;
        }
    }

    /// Twitch delivers some of what it has, in any order, some of it again.
    pub(crate) async fn deliver(&mut self) {
        self.dice.shuffle(&mut self.undelivered);
        let kept = self.dice.below(self.undelivered.len() + 1);
        let mut batch = self.undelivered.split_off(kept);
        for _ in 0..self.dice.below(3) {
            batch.extend(self.dice.pick(&self.made).cloned());
        }
        self.dice.shuffle(&mut batch);
        self.note(format!("delivers {:?}", batch.iter().map(|r| &r.id).collect::<Vec<_>>()));
        let outcomes = self.world.game.contribute(&batch).await;
        assert_eq!(outcomes.len(), batch.len());
        for (redemption, outcome) in batch.into_iter().zip(outcomes) {
            // What was not acknowledged is sent again.
            match self.judge(redemption.id.as_str(), outcome) {
                None => self.undelivered.push(redemption),
                Some(outcome) => {
                    assert_ne!(outcome, Contribution::NotOurs);
                    let row = self.world.store.redemption(&redemption.id).await.unwrap();
                    assert!(row.is_some(), "{} was acknowledged and is lost", redemption.id);
                }
            }
        }
    }

    /// Somebody rolls, or an old roll is reported again; the GM may say whose a roll was.
    pub(crate) async fn roll(&mut self) {
        if self.dice.chance(15) {
            return self.attribute().await;
        }
        let natural = *self.dice.pick(&[20, 20, 1, 12]).unwrap();
        let mut roll = self.world.roll(self.dice.below(2), natural);
        if self.dice.chance(20) {
            roll.actor_id = None;
        }
        roll.is_hidden = self.dice.chance(10);
        if self.dice.chance(20) {
            roll = self.dice.pick(&self.rolled).cloned().unwrap_or(roll);
        }
        self.report(roll).await;
    }

    /// A client reports a roll.
    pub(crate) async fn report(&mut self, roll: IncomingRoll) {
        self.note(format!("{} of {:?} shows {}", roll.message_id, roll.actor_id, roll.result));
        self.rolled.push(roll.clone());
        let receipt = self.world.game.record_roll(roll).await;
        self.judge("the roll", receipt);
    }

    async fn attribute(&mut self) {
        let filter = RollFilter { pending: Some(true), only_public: false };
        let page = PageRequest { limit: 50, cursor: None };
        let pending = self.world.store.rolls(self.world.campaign.id, filter, page).await.unwrap();
        if let Some(roll) = self.dice.pick(&pending.items) {
            let streamer = self.world.streamer(self.dice.below(2));
            let attributed = self.world.game.attribute_roll(&gm(), roll.id, streamer).await;
            self.judge("the GM attributes a roll", attributed);
        }
    }

    /// The GM starts or stops a goal.
    pub(crate) async fn manage_goals(&mut self) {
        let campaign = self.world.campaign.id;
        let open = self.world.store.open_instances(campaign).await.unwrap();
        if self.dice.chance(50)
            && let Some(goal) = self.dice.pick(&open)
        {
            let stopped = self.world.game.cancel_goal(&gm(), goal.id, None).await;
            self.judge("the GM stops a goal", stopped);
            return;
        }
        let (event, streamer) = (self.any_event(), self.world.streamer(self.dice.below(2)));
        let game = &self.world.game;
        let started = game.start_goal(&gm(), campaign, event.id, Some(streamer), Value::Null).await;
        self.judge("the GM starts a goal", started);
    }

    /// A streamer changes an offer, or lets rewards appear, or not any more.
    pub(crate) async fn manage_offers(&mut self) {
        let (campaign, streamer) = (self.world.campaign.id, self.dice.below(2));
        let id = self.world.streamer(streamer);
        let game = self.world.game.clone();
        match self.dice.below(10) {
            0 => {
                let withdrawn = game.withdraw_authorisation(&gm(), campaign, id).await;
                self.judge("a streamer withdraws", withdrawn);
            }
            1..4 => {
                let authorised = game.authorise(&gm(), campaign, id, None).await;
                self.judge("a streamer authorises", authorised);
            }
            _ => {
                let event = self.any_event();
                let is_enabled = self.dice.chance(60);
                let wish = OptIn { is_enabled, cost_override: None };
                self.note(format!("{streamer} wants {} {is_enabled}", event.slug));
                let offered = game.offer_event(&gm(), campaign, id, event.id, wish).await;
                self.judge("the offer", offered);
            }
        }
    }

    /// The GM starts or ends the session, or ends the cooldowns.
    pub(crate) async fn manage_game(&mut self) {
        let (game, campaign) = (self.world.game.clone(), self.world.campaign.id);
        match self.dice.below(7) {
            0 => {
                let ended = game.end_session(&gm(), campaign).await;
                self.judge("the session ends", ended);
            }
            1..=3 => {
                let started = game.start_session(&gm(), campaign).await;
                self.judge("a session starts", started);
            }
            4..=5 => {
                self.retry_stuck().await;
            }
            _ => {
                let released = game.reset_cooldowns(&gm(), campaign, None).await;
                self.judge("the GM ends cooldowns", released);
            }
        }
    }

    /// A moderator settles a redemption on Twitch; Twitch tells of what was settled, by whomever,
    /// or forgets to.
    pub(crate) async fn moderate(&mut self) {
        let newest = self.made.len().saturating_sub(6);
        let from = if self.dice.chance(60) { newest } else { 0 };
        let Some(redemption) = self.dice.pick(&self.made[from..]).cloned() else { return };
        let direction = if self.dice.chance(50) { Direction::Refund } else { Direction::Fulfil };
        if self.dice.chance(50) {
            for user in &self.world.streamers {
                if self.world.twitch.moderate(&user.twitch_id, &redemption.id, direction) {
                    self.note(format!("a moderator settles {} {direction:?}", redemption.id));
                    self.moderated.insert(redemption.id.clone());
                }
            }
        }
        if self.dice.chance(40) {
            return;
        }
        let held = self.held(&redemption.id);
        let told = self.world.game.redemption_updated(&redemption.id, held).await;
        self.judge("Twitch tells of a redemption", told);
    }

    /// The GM lets everything be tried again that is stuck.
    pub(crate) async fn retry_stuck(&mut self) -> usize {
        let rows = self.world.redemptions().await;
        let stuck: Vec<_> = rows.iter().filter(|row| row.settlement == Settlement::Stuck).collect();
        for row in &stuck {
            let retried = self.world.game.retry_redemption(&gm(), &row.id).await;
            self.judge("the GM retries a redemption", retried);
        }
        stuck.len()
    }

    /// What Twitch holds of a redemption that was made.
    pub(crate) fn held(&self, redemption: &RedemptionId) -> TwitchRedemptionStatus {
        let channels = self.world.streamers.iter().map(|user| &user.twitch_id);
        let mut held = channels.filter_map(|c| self.world.twitch.status_of(c, redemption));
        held.next().expect("Twitch forgets nothing")
    }
}
