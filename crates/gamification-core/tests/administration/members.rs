use crate::game::{Game, gm, refused_fields, streamer_id};
use gamification_core::campaign::{AUTHORISATION_SECONDS_DEFAULT, MembershipStatus};
use gamification_core::instance::{CancelReason, Click, Instance, InstanceState};
use gamification_core::redemption::Settlement;
use gamification_core::service::{AUTHORISATION_SECONDS_MAX, Conflict, ServiceError};
use gamification_testkit::fixtures::{self, NOW, at};

fn cancelled_because(goal: &Instance) -> Option<CancelReason> {
    match goal.state {
        InstanceState::Cancelled { reason, .. } => Some(reason),
        _ => None,
    }
}

#[tokio::test]
async fn who_accepts_an_invitation_is_authorised_for_twelve_hours() {
    let game = Game::new().await;
    let (campaign, user) = (game.campaign.id, fixtures::gm());
    let invited = game.service.invite(&gm(), campaign, user.id).await.unwrap();
    assert_eq!((invited.status, invited.authorised_until), (MembershipStatus::Invited, None));
    let accepted =
        game.service.accept_invitation(&gm(), campaign, streamer_id(&user)).await.unwrap();
    assert_eq!(accepted.status, MembershipStatus::Active);
    assert_eq!(accepted.authorised_until, Some(at(AUTHORISATION_SECONDS_DEFAULT)));
    assert_eq!(game.member(&user).await, accepted);
    assert_eq!(game.audited().await, ["member.accepted", "member.invited"]);
}

#[tokio::test]
async fn nobody_is_invited_twice_but_who_left_may_return() {
    let game = Game::new().await;
    let (campaign, one) = (game.campaign.id, streamer_id(&game.one));
    let again = game.service.invite(&gm(), campaign, game.one.id).await;
    assert_eq!(again, Err(Conflict::AlreadyMember.into()));
    game.service.remove_member(&gm(), campaign, one).await.unwrap();
    let twice = game.service.remove_member(&gm(), campaign, one).await;
    assert_eq!(twice, Err(ServiceError::NotFound("member")));
    let back = game.service.invite(&gm(), campaign, game.one.id).await.unwrap();
    assert_eq!(back.status, MembershipStatus::Invited);
}

#[tokio::test]
async fn only_an_open_invitation_is_accepted() {
    let game = Game::new().await;
    let campaign = game.campaign.id;
    for user in [&game.one, &fixtures::gm()] {
        let accepted = game.service.accept_invitation(&gm(), campaign, streamer_id(user)).await;
        assert_eq!(accepted, Err(Conflict::NotInvited.into()));
    }
}

#[tokio::test]
async fn who_is_removed_loses_their_own_goal_and_leaves_that_of_the_group() {
    let game = Game::new().await;
    let (own, _) = game.clicked_goal().await;
    let group = fixtures::group_goal(2, &game.campaign, &game.chat, &[&game.one, &game.two]);
    let group = game.put(group).await;
    let others = game.put(fixtures::goal(3, &game.campaign, &game.invert, &game.two)).await;
    let left = game.service.remove_member(&gm(), game.campaign.id, streamer_id(&game.one)).await;
    assert_eq!(left.unwrap().status, MembershipStatus::Left);
    assert_eq!(cancelled_because(&game.goal(&own).await), Some(CancelReason::MemberLeft));
    assert_eq!(game.click().await, Settlement::RefundDue);
    let group = game.goal(&group).await;
    assert_eq!((group.target, group.participant(streamer_id(&game.one))), (3, None));
    assert!(group.participant(streamer_id(&game.two)).is_some());
    assert_eq!(game.goal(&others).await, others);
}

#[tokio::test]
async fn leaving_may_complete_the_goal_of_the_group() {
    let game = Game::new().await;
    let mut goal = fixtures::group_goal(1, &game.campaign, &game.chat, &[&game.one, &game.two]);
    for _ in 0..3 {
        let click = Click { streamer_id: streamer_id(&game.two), viewer_name: "viewer" };
        goal = goal.contribute(click, at(1)).unwrap().instance;
    }
    let goal = game.put(goal).await;
    let one = streamer_id(&game.one);
    game.service.withdraw_authorisation(&gm(), game.campaign.id, one).await.unwrap();
    let goal = game.goal(&goal).await;
    assert!(matches!(goal.state, InstanceState::Executing { .. }), "{:?}", goal.state);
    let mut uow = game.begin().await;
    assert_eq!(uow.commands().of_instance(goal.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_group_goal_that_everybody_left_is_cancelled() {
    let game = Game::new().await;
    let goal = fixtures::group_goal(1, &game.campaign, &game.chat, &[&game.one, &game.two]);
    let goal = game.put(goal).await;
    for user in [&game.one, &game.two] {
        let streamer = streamer_id(user);
        game.service.withdraw_authorisation(&gm(), game.campaign.id, streamer).await.unwrap();
    }
    let reason = Some(CancelReason::StreamerWithdrew);
    assert_eq!(cancelled_because(&game.goal(&goal).await), reason);
}

#[tokio::test]
async fn withdrawing_cancels_the_own_goals_but_not_an_execution() {
    let game = Game::new().await;
    let (own, _) = game.clicked_goal().await;
    let executing = fixtures::goal(2, &game.campaign, &game.invert, &game.two);
    let executing = game.put(fixtures::executing_goal(executing)).await;
    for user in [&game.one, &game.two] {
        let streamer = streamer_id(user);
        let member =
            game.service.withdraw_authorisation(&gm(), game.campaign.id, streamer).await.unwrap();
        assert_eq!(member.authorised_until, None);
    }
    let reason = Some(CancelReason::StreamerWithdrew);
    assert_eq!(cancelled_because(&game.goal(&own).await), reason);
    assert_eq!(game.goal(&executing).await, executing);
}

#[tokio::test]
async fn a_goal_whose_time_is_over_expires_instead_of_being_cancelled() {
    let game = Game::new().await;
    let (own, _) = game.clicked_goal().await;
    game.clock.advance(3_600);
    let one = streamer_id(&game.one);
    game.service.withdraw_authorisation(&gm(), game.campaign.id, one).await.unwrap();
    assert!(matches!(game.goal(&own).await.state, InstanceState::Expired { .. }));
    assert_eq!(game.click().await, Settlement::RefundDue);
}

#[tokio::test]
async fn an_authorisation_ends_in_the_future_within_thirty_days() {
    let game = Game::new().await;
    let (campaign, one) = (game.campaign.id, streamer_id(&game.one));
    for until in [NOW, at(AUTHORISATION_SECONDS_MAX + 1)] {
        let refused = game.service.authorise(&gm(), campaign, one, Some(until)).await;
        assert_eq!(refused_fields(refused), ["until"]);
    }
    let end = at(AUTHORISATION_SECONDS_MAX);
    let longest = game.service.authorise(&gm(), campaign, one, Some(end)).await.unwrap();
    assert_eq!(longest.authorised_until, Some(end));
    let usual = game.service.authorise(&gm(), campaign, one, None).await.unwrap();
    assert_eq!(usual.authorised_until, Some(at(AUTHORISATION_SECONDS_DEFAULT)));
}

#[tokio::test]
async fn authorising_switches_nothing_on_and_needs_an_active_member() {
    let game = Game::new().await;
    let (campaign, gm_user) = (game.campaign.id, fixtures::gm());
    let mut opt_in = game.opt_in_of(&game.one, &game.invert).await.unwrap();
    opt_in.is_enabled = false;
    let mut uow = game.begin().await;
    uow.configs().save_streamer_config(&opt_in).await.unwrap();
    uow.commit().await.unwrap();
    game.service.authorise(&gm(), campaign, streamer_id(&game.one), None).await.unwrap();
    assert_eq!(game.opt_in_of(&game.one, &game.invert).await, Some(opt_in));
    let stranger = streamer_id(&gm_user);
    let refused = game.service.authorise(&gm(), campaign, stranger, None).await;
    assert_eq!(refused, Err(ServiceError::NotFound("member")));
    game.service.invite(&gm(), campaign, gm_user.id).await.unwrap();
    let early = game.service.authorise(&gm(), campaign, stranger, None).await;
    assert_eq!(early, Err(Conflict::InvitationOpen.into()));
}
