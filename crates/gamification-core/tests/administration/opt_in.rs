use crate::game::{Game, gm, refused_fields, streamer_id};
use gamification_core::event::StreamerConfig;
use gamification_core::instance::{CancelReason, InstanceState};
use gamification_core::ports::{Queries, UnitOfWork};
use gamification_core::redemption::Settlement;
use gamification_core::reward::RewardStatus;
use gamification_core::service::{ConfigChanges, Conflict, OptIn, ServiceError};
use gamification_testkit::fixtures::{self, NOW};

const ON: OptIn = OptIn { is_enabled: true, cost_override: None };
const OFF: OptIn = OptIn { is_enabled: false, cost_override: None };

async fn save(game: &Game, opt_in: &StreamerConfig) {
    let mut uow: Box<dyn UnitOfWork> = game.begin().await;
    uow.configs().save_streamer_config(opt_in).await.unwrap();
    uow.commit().await.unwrap();
}

#[tokio::test]
async fn switching_on_again_retires_the_old_reward_with_its_goal() {
    let game = Game::new().await;
    let (goal, reward) = game.clicked_goal().await;
    let mut before = game.opt_in_of(&game.one, &game.invert).await.unwrap();
    before.is_enabled = false;
    before.switched_off_reason = Some("Twitch refused".to_owned());
    save(&game, &before).await;
    let (campaign, one, event) = (game.campaign.id, streamer_id(&game.one), game.invert.id);
    let after = game.service.opt_in(&gm(), campaign, one, event, ON).await.unwrap();
    assert_eq!((after.is_enabled, after.switched_off_reason), (true, None));
    let state = game.goal(&goal).await.state;
    let reason = CancelReason::RewardRecreated;
    assert!(matches!(state, InstanceState::Cancelled { reason: r, .. } if r == reason));
    assert_eq!(game.click().await, Settlement::RefundDue);
    let rewards = game.store.rewards(campaign, one).await.unwrap();
    assert_eq!(rewards[0].key, reward.key);
    assert_eq!((rewards[0].status, rewards[0].retired_at), (RewardStatus::Deleting, Some(NOW)));
    assert_eq!(game.audited().await, ["opt_in.enabled"]);
}

#[tokio::test]
async fn a_new_price_changes_neither_the_goal_nor_the_reward() {
    let game = Game::new().await;
    let (goal, reward) = game.clicked_goal().await;
    let (campaign, one, event) = (game.campaign.id, streamer_id(&game.one), game.invert.id);
    let wish = OptIn { is_enabled: true, cost_override: Some(Some(750)) };
    let priced = game.service.opt_in(&gm(), campaign, one, event, wish).await.unwrap();
    assert_eq!(priced.cost_override.map(|cost| cost.get()), Some(750));
    assert_eq!(game.service.opt_in(&gm(), campaign, one, event, ON).await.unwrap(), priced);
    let wish = OptIn { is_enabled: true, cost_override: Some(None) };
    let cleared = game.service.opt_in(&gm(), campaign, one, event, wish).await.unwrap();
    assert_eq!(cleared.cost_override, None);
    let wish = OptIn { is_enabled: false, cost_override: Some(Some(1_000_001)) };
    let refused = game.service.opt_in(&gm(), campaign, one, event, wish).await;
    assert_eq!(refused_fields(refused), ["costOverride"]);
    assert_eq!(game.goal(&goal).await, goal);
    assert_eq!(game.store.rewards(campaign, one).await.unwrap(), [reward]);
}

#[tokio::test]
async fn switching_off_cancels_the_own_goal() {
    let game = Game::new().await;
    let (goal, reward) = game.clicked_goal().await;
    let (campaign, one, event) = (game.campaign.id, streamer_id(&game.one), game.invert.id);
    let off = game.service.opt_in(&gm(), campaign, one, event, OFF).await.unwrap();
    assert!(!off.is_enabled);
    let state = game.goal(&goal).await.state;
    let reason = CancelReason::StreamerWithdrew;
    assert!(matches!(state, InstanceState::Cancelled { reason: r, .. } if r == reason));
    assert_eq!(game.click().await, Settlement::RefundDue);
    let rewards = game.store.rewards(campaign, one).await.unwrap();
    assert_eq!(rewards, [reward], "the reconciler pauses it");
}

#[tokio::test]
async fn switching_a_group_event_off_leaves_its_goal_to_the_others() {
    let game = Game::new().await;
    let goal = fixtures::group_goal(1, &game.campaign, &game.chat, &[&game.one, &game.two]);
    let goal = game.put(goal).await;
    let (campaign, one) = (game.campaign.id, streamer_id(&game.one));
    game.service.opt_in(&gm(), campaign, one, game.chat.id, OFF).await.unwrap();
    let goal = game.goal(&goal).await;
    assert!(goal.is_open());
    assert_eq!((goal.target, goal.participant(one)), (3, None));
}

#[tokio::test]
async fn what_the_gm_has_not_enabled_can_be_switched_off_but_not_on() {
    let game = Game::new().await;
    let (campaign, one, event) = (game.campaign.id, streamer_id(&game.one), game.invert.id);
    let disable = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
    game.service.configure_event(&gm(), campaign, event, disable).await.unwrap();
    game.service.opt_in(&gm(), campaign, one, event, OFF).await.unwrap();
    let refused = game.service.opt_in(&gm(), campaign, one, event, ON).await;
    assert_eq!(refused, Err(Conflict::EventNotEnabled.into()));
}

#[tokio::test]
async fn only_who_takes_part_may_offer_an_event() {
    let game = Game::new().await;
    let (campaign, one, event) = (game.campaign.id, streamer_id(&game.one), game.invert.id);
    let gm_user = fixtures::gm();
    let stranger = game.service.opt_in(&gm(), campaign, streamer_id(&gm_user), event, ON).await;
    assert_eq!(stranger, Err(ServiceError::NotFound("member")));
    game.service.invite(&gm(), campaign, gm_user.id).await.unwrap();
    let invited = game.service.opt_in(&gm(), campaign, streamer_id(&gm_user), event, ON).await;
    assert_eq!(invited, Err(Conflict::InvitationOpen.into()));
    game.service.remove_member(&gm(), campaign, one).await.unwrap();
    let left = game.service.opt_in(&gm(), campaign, one, event, ON).await;
    assert_eq!(left, Err(ServiceError::NotFound("member")));
}

#[tokio::test]
async fn switching_off_what_was_never_on_leaves_no_trace() {
    let game = Game::new().await;
    let (campaign, gm_user, event) = (game.campaign.id, fixtures::gm(), game.invert.id);
    let streamer = streamer_id(&gm_user);
    game.service.invite(&gm(), campaign, gm_user.id).await.unwrap();
    game.service.accept_invitation(&gm(), campaign, streamer).await.unwrap();
    let off = game.service.opt_in(&gm(), campaign, streamer, event, OFF).await.unwrap();
    assert!(!off.is_enabled);
    let priced = OptIn { is_enabled: false, cost_override: Some(Some(10)) };
    let refused = game.service.opt_in(&gm(), campaign, streamer, event, priced).await;
    assert_eq!(refused_fields(refused), ["costOverride"]);
    assert_eq!(game.opt_in_of(&gm_user, &game.invert).await, None);
}
