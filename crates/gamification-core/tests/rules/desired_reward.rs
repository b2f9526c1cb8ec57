//! P8: a reward can be redeemed exactly when a redemption would count.

use gamification_core::action::Needs;
use gamification_core::admission::{Circumstances, ClickFacts, admit_click};
use gamification_core::campaign::{MembershipStatus, SessionState};
use gamification_core::instance::Instance;
use gamification_core::reward::{AbsenceReason, DesiredReward, PauseReason, desired_reward};
use gamification_core::vtt::VttPresence;
use gamification_testkit::fixtures::{
    armed_goal, at, campaign, campaign_config, executing_goal, goal, id, incoming, invert_event,
    membership, reward, streamer, streamer_config,
};
use proptest::prelude::*;

/// One bit for each thing that may stand against a click, and the goal's state.
#[derive(Debug, Clone, Copy)]
struct Setting {
    bits: u16,
    goal: u8,
}

impl Setting {
    const fn has(self, bit: u16) -> bool {
        self.bits & (1 << bit) != 0
    }

    fn goal(self) -> Option<Instance> {
        let active = goal(1, &campaign(1), &invert_event(), &streamer(1));
        match self.goal {
            0 => None,
            1 => Some(active),
            2 => Some(armed_goal(active)),
            _ => Some(executing_goal(active)),
        }
    }

    /// Whether a fresh click would count, and what Twitch should show.
    fn judge(self) -> (bool, DesiredReward) {
        let (mut campaign, event) = (campaign(1), invert_event());
        campaign.is_panicked = self.has(0);
        if self.has(1) {
            campaign.session = SessionState::Ended { id: id(8), ended_at: at(0) };
        }
        campaign.is_deleting = self.has(2);
        let mut config = campaign_config(&campaign, event.id);
        config.is_enabled = !self.has(3);
        let mut opt_in = streamer_config(&campaign, id(1), event.id);
        opt_in.is_enabled = !self.has(4);
        let mut member = membership(&campaign, id(1));
        member.authorised_until = Some(at(if self.has(5) { 1 } else { 100 }));
        if self.has(6) {
            member.status = MembershipStatus::Left;
        }
        let goal = self.goal();
        let here = Circumstances {
            campaign: &campaign,
            config: Some(&config),
            streamer_config: Some(&opt_in),
            membership: Some(&member),
            needs: Needs { vtt_connection: true, combat: true, ..Needs::default() },
            vtt: if self.has(7) { VttPresence::Away } else { VttPresence::Present },
            is_in_combat: !self.has(8),
            is_client_able: true,
            has_character: true,
            open_goal: goal.as_ref(),
            is_cooling_down: self.has(9),
        };
        let reward = reward(1, &campaign, &event, id(1));
        let mut redemption = incoming(1, &reward);
        redemption.redeemed_at = at(10);
        let facts = ClickFacts {
            redemption: &redemption,
            streamer_id: id(1),
            is_reward_retired: false,
            duration_seconds: 60,
            counted_before: 0,
            now: at(10),
        };
        let counts = admit_click(&here, &facts).is_ok();
        (counts, desired_reward(&here, id(1), reward.spec, at(10)))
    }
}

proptest! {
    #[test]
    fn a_reward_is_redeemable_exactly_when_a_click_would_count(
        bits in 0_u16..1024,
        goal in 0_u8..4,
    ) {
        let (counts, desired) = Setting { bits, goal }.judge();
        prop_assert_eq!(counts, matches!(desired, DesiredReward::Active(_)), "{:?}", desired);
    }
}

#[test]
fn every_reason_to_pause_or_remove_is_told() {
    let paused = |bits, goal| match (Setting { bits, goal }).judge().1 {
        DesiredReward::Paused(reason, _) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(paused(1, 0), PauseReason::Panic);
    assert_eq!(paused(1 << 1, 0), PauseReason::SessionEnded);
    assert_eq!(paused(1 << 3, 0), PauseReason::EventDisabled);
    assert_eq!(paused(1 << 4, 0), PauseReason::StreamerDisabled);
    assert_eq!(paused(1 << 5, 0), PauseReason::AuthorisationNeeded);
    assert_eq!(paused(1 << 7, 0), PauseReason::VttAway);
    assert_eq!(paused(1 << 8, 0), PauseReason::NoCombat);
    assert_eq!(paused(1 << 9, 0), PauseReason::Cooldown);
    assert_eq!(paused(0, 2), PauseReason::Armed);
    assert_eq!(paused(0, 3), PauseReason::Executing);
    let absent = |bits| (Setting { bits, goal: 0 }).judge().1;
    assert_eq!(absent(1 << 2), DesiredReward::Absent(AbsenceReason::CampaignDeleted));
    assert_eq!(absent(1 << 6), DesiredReward::Absent(AbsenceReason::NotAMember));
}
