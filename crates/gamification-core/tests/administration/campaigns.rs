use crate::game::{Game, gm, refused_fields};
use gamification_core::campaign::{SessionState, VttAwayPolicy};
use gamification_core::ids::UserId;
use gamification_core::instance::{CancelReason, InstanceState, InstanceStatus};
use gamification_core::redemption::Settlement;
use gamification_core::service::{CampaignChanges, Conflict, NewCampaign, ServiceError};
use gamification_testkit::fixtures;

fn named(name: &str) -> NewCampaign {
    NewCampaign { name: name.to_owned(), game_system: Some("pf2e".to_owned()) }
}

#[tokio::test]
async fn a_new_campaign_has_a_tidy_name_and_no_session() {
    let game = Game::new().await;
    let owner = fixtures::gm().id;
    let made = game.service.create_campaign(&gm(), owner, named("  Dragons  ")).await.unwrap();
    assert_eq!((made.name.as_str(), made.session), ("Dragons", SessionState::Never));
    let refused = game.service.create_campaign(&gm(), owner, named(" x ")).await;
    assert_eq!(refused_fields(refused), ["name"]);
    let nobody: UserId = fixtures::id(77);
    let unknown = game.service.create_campaign(&gm(), nobody, named("Dragons")).await;
    assert_eq!(unknown, Err(ServiceError::NotFound("user")));
}

#[tokio::test]
async fn a_change_leaves_what_is_missing_and_clears_what_is_null() {
    let game = Game::new().await;
    let hero = fixtures::character(1, &game.campaign, None);
    let mut uow = game.begin().await;
    uow.campaigns().save_character(&hero).await.unwrap();
    uow.commit().await.unwrap();
    let wish = CampaignChanges {
        game_system: Some(None),
        gm_character_id: Some(Some(hero.id)),
        vtt_away: Some(VttAwayPolicy::Accept),
        ..CampaignChanges::default()
    };
    let changed = game.service.change_campaign(&gm(), game.campaign.id, wish).await.unwrap();
    assert_eq!(changed.name, game.campaign.name);
    assert_eq!((changed.game_system.as_ref(), changed.gm_character_id), (None, Some(hero.id)));
    assert_eq!(changed.policies.vtt_away, VttAwayPolicy::Accept);
    assert!(!changed.policies.hidden_rolls_count);
    assert_eq!(game.stored_campaign().await, changed);
    assert_eq!(game.audited().await, ["campaign.changed"]);
}

#[tokio::test]
async fn the_gm_plays_a_character_of_the_own_campaign_only() {
    let game = Game::new().await;
    let other = fixtures::campaign(2);
    let stranger = fixtures::character(2, &other, None);
    let mut uow = game.begin().await;
    uow.campaigns().insert(&other).await.unwrap();
    uow.campaigns().save_character(&stranger).await.unwrap();
    uow.commit().await.unwrap();
    let wish =
        CampaignChanges { gm_character_id: Some(Some(stranger.id)), ..CampaignChanges::default() };
    let refused = game.service.change_campaign(&gm(), game.campaign.id, wish).await;
    assert_eq!(refused_fields(refused), ["gmCharacterId"]);
}

#[tokio::test]
async fn deleting_a_campaign_refunds_what_is_open_and_lets_an_execution_finish() {
    let game = Game::new().await;
    let (clicked, _) = game.clicked_goal().await;
    let executing = fixtures::goal(2, &game.campaign, &game.invert, &game.two);
    let executing = game.put(fixtures::executing_goal(executing)).await;
    game.service.delete_campaign(&gm(), game.campaign.id).await.unwrap();
    game.service.delete_campaign(&gm(), game.campaign.id).await.unwrap();
    assert!(game.stored_campaign().await.is_deleting);
    let cancelled = game.goal(&clicked).await.state;
    let reason = CancelReason::CampaignDeleted;
    assert!(matches!(cancelled, InstanceState::Cancelled { reason: r, .. } if r == reason));
    assert_eq!(game.click().await, Settlement::RefundDue);
    assert_eq!(game.goal(&executing).await.status(), InstanceStatus::Completed);
    assert!(game.goal(&executing).await.is_open());
    assert_eq!(game.audited().await, ["campaign.deleted"]);
}

#[tokio::test]
async fn a_campaign_that_is_being_deleted_takes_no_changes() {
    let game = Game::new().await;
    let id = game.campaign.id;
    game.service.delete_campaign(&gm(), id).await.unwrap();
    let deleting = ServiceError::Conflict(Conflict::CampaignDeleting);
    let wish = CampaignChanges::default();
    assert_eq!(game.service.change_campaign(&gm(), id, wish).await, Err(deleting.clone()));
    assert_eq!(game.service.start_session(&gm(), id).await, Err(deleting.clone()));
    assert_eq!(game.service.invite(&gm(), id, fixtures::gm().id).await, Err(deleting));
}
