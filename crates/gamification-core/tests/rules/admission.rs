//! The order of 2-domain §3.2: with every reason present at once, taking the first away shows the
//! next.

use gamification_core::action::Needs;
use gamification_core::admission::{Circumstances, ClickFacts, admit_click, admit_opening};
use gamification_core::campaign::{Campaign, Membership, SessionState};
use gamification_core::event::{CampaignConfig, StreamerConfig};
use gamification_core::instance::Instance;
use gamification_core::redemption::{
    IncomingRedemption, RefusalReason as Reason, TwitchRedemptionStatus,
};
use gamification_core::vtt::VttPresence;
use gamification_testkit::fixtures::{
    armed_goal, at, campaign, campaign_config, chat_event, executing_goal, group_goal, id,
    incoming, invert_event, membership, reward, streamer, streamer_config,
};

struct World {
    campaign: Campaign,
    config: CampaignConfig,
    opt_in: StreamerConfig,
    member: Membership,
    goal: Option<Instance>,
    redemption: IncomingRedemption,
    needs: Needs,
    vtt: VttPresence,
    is_in_combat: bool,
    is_cooling_down: bool,
    is_retired: bool,
    counted_before: u32,
}

const NOW_SECONDS: u32 = 3_600;

impl World {
    /// A click that counts and opens a goal.
    fn peaceful() -> Self {
        let (campaign, event) = (campaign(1), invert_event());
        let mut redemption = incoming(1, &reward(1, &campaign, &event, id(1)));
        redemption.redeemed_at = at(NOW_SECONDS - 1);
        let mut member = membership(&campaign, id(1));
        member.authorised_until = Some(at(NOW_SECONDS + 1));
        Self {
            config: campaign_config(&campaign, event.id),
            opt_in: streamer_config(&campaign, id(1), event.id),
            member,
            goal: None,
            redemption,
            needs: Needs { vtt_connection: true, combat: true, ..Needs::default() },
            vtt: VttPresence::Present,
            is_in_combat: true,
            is_cooling_down: false,
            is_retired: false,
            counted_before: 0,
            campaign,
        }
    }

    /// Everything that can stand against a click, at once.
    fn hostile() -> Self {
        let mut world = Self::peaceful();
        world.redemption.status = TwitchRedemptionStatus::Fulfilled;
        world.redemption.redeemed_at = at(0);
        world.is_retired = true;
        world.campaign.is_panicked = true;
        world.campaign.session = SessionState::Ended { id: id(8), ended_at: at(1) };
        world.config.is_enabled = false;
        world.config.max_contributions_per_viewer = 2;
        world.counted_before = 2;
        world.opt_in.is_enabled = false;
        world.member.authorised_until = Some(at(NOW_SECONDS));
        world.is_in_combat = false;
        world.vtt = VttPresence::Away;
        world.goal = Some(armed_goal(group(&world.campaign, 2)));
        world.is_cooling_down = true;
        world
    }

    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            campaign: &self.campaign,
            config: Some(&self.config),
            streamer_config: Some(&self.opt_in),
            membership: Some(&self.member),
            needs: self.needs,
            vtt: self.vtt,
            is_in_combat: self.is_in_combat,
            is_client_able: true,
            has_character: true,
            open_goal: self.goal.as_ref(),
            is_cooling_down: self.is_cooling_down,
        }
    }

    fn click(&self) -> Result<(), Reason> {
        let facts = ClickFacts {
            redemption: &self.redemption,
            streamer_id: id(1),
            is_reward_retired: self.is_retired,
            duration_seconds: 60,
            counted_before: self.counted_before,
            now: at(NOW_SECONDS),
        };
        admit_click(&self.circumstances(), &facts)
    }

    fn opening(&self) -> Result<(), Reason> {
        admit_opening(&self.circumstances(), at(NOW_SECONDS))
    }
}

fn group(campaign: &Campaign, streamer_number: u32) -> Instance {
    group_goal(1, campaign, &chat_event(), &[&streamer(streamer_number)])
}

type Repair = (Reason, fn(&mut World));

const REPAIRS: [Repair; 15] = [
    (Reason::AlreadyFulfilled, |w| w.redemption.status = TwitchRedemptionStatus::Unfulfilled),
    (Reason::RewardRetired, |w| w.is_retired = false),
    (Reason::Panic, |w| w.campaign.is_panicked = false),
    (Reason::SessionEnded, |w| w.campaign.session = SessionState::Never),
    (Reason::EventDisabled, |w| w.config.is_enabled = true),
    (Reason::StreamerDisabled, |w| w.opt_in.is_enabled = true),
    (Reason::NotAuthorised, |w| w.member.authorised_until = Some(at(NOW_SECONDS + 1))),
    (Reason::TooOld, |w| w.redemption.redeemed_at = at(NOW_SECONDS - 600)),
    (Reason::CombatRequired, |w| w.is_in_combat = true),
    (Reason::VttAway, |w| w.vtt = VttPresence::Present),
    (Reason::GoalArmed, |w| w.goal = Some(executing_goal(group(&w.campaign, 2)))),
    (Reason::GoalFull, |w| w.goal = Some(group(&w.campaign, 2))),
    (Reason::NotParticipating, |w| w.goal = None),
    (Reason::ViewerLimit, |w| w.counted_before = 1),
    (Reason::Cooldown, |w| w.is_cooling_down = false),
];

#[test]
fn a_click_meets_the_reasons_in_the_documented_order() {
    let mut world = World::hostile();
    // Chat goals execute at once; this one is to wait for a roll first.
    let mut waiting = group(&world.campaign, 2);
    waiting.terms.arms = true;
    world.goal = Some(armed_goal(waiting));
    for (reason, repair) in REPAIRS {
        assert_eq!(world.click(), Err(reason));
        repair(&mut world);
    }
    assert_eq!(world.click(), Ok(()));
}

#[test]
fn each_reason_alone_refuses_a_click() {
    let breaks: [Repair; 8] = [
        (Reason::Panic, |w| w.campaign.is_panicked = true),
        (Reason::EventDisabled, |w| w.campaign.is_deleting = true),
        (Reason::NotAuthorised, |w| w.member.authorised_until = None),
        (Reason::TooOld, |w| w.redemption.redeemed_at = at(NOW_SECONDS - 601)),
        (Reason::VttAway, |w| w.vtt = VttPresence::Away),
        (Reason::CombatRequired, |w| w.is_in_combat = false),
        (Reason::Cooldown, |w| w.is_cooling_down = true),
        (Reason::AlreadyFulfilled, |w| w.redemption.status = TwitchRedemptionStatus::Canceled),
    ];
    for (reason, spoil) in breaks {
        let mut world = World::peaceful();
        assert_eq!(world.click(), Ok(()));
        spoil(&mut world);
        assert_eq!(world.click(), Err(reason));
    }
}

#[test]
fn an_open_goal_collects_during_a_cooldown_and_a_limit_of_zero_is_none() {
    let mut world = World::peaceful();
    world.is_cooling_down = true;
    world.goal = Some(group(&world.campaign, 1));
    world.counted_before = 99;
    assert_eq!(world.click(), Ok(()));
}

#[test]
fn a_table_that_was_never_paired_is_not_away_and_the_gm_may_accept_an_absent_one() {
    let mut world = World::peaceful();
    world.vtt = VttPresence::NotPaired;
    assert_eq!(world.click(), Ok(()));
    world.vtt = VttPresence::Away;
    world.campaign.policies.vtt_away = gamification_core::campaign::VttAwayPolicy::Accept;
    assert_eq!(world.click(), Ok(()));
}

#[test]
fn an_opening_by_hand_meets_everything_but_what_is_about_the_click() {
    let mut world = World::hostile();
    for (reason, repair) in REPAIRS {
        match reason {
            Reason::AlreadyFulfilled | Reason::RewardRetired | Reason::TooOld => repair(&mut world),
            Reason::GoalArmed => break,
            _ => {
                assert_eq!(world.opening(), Err(reason));
                repair(&mut world);
            }
        }
    }
    world.goal = Some(group(&world.campaign, 1));
    assert_eq!(world.opening(), Err(Reason::GoalFull));
    world.goal = None;
    assert_eq!(world.opening(), Err(Reason::Cooldown));
    world.is_cooling_down = false;
    assert_eq!(world.opening(), Ok(()));
}
