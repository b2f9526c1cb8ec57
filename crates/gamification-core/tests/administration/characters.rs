use crate::game::{Game, gm, streamer_id};
use gamification_core::ports::Queries;
use gamification_core::service::ServiceError;
use gamification_testkit::fixtures;

#[tokio::test]
async fn a_character_belongs_to_an_active_member_or_to_nobody() {
    let game = Game::new().await;
    let hero = fixtures::character(1, &game.campaign, None);
    let mut uow = game.begin().await;
    uow.campaigns().save_character(&hero).await.unwrap();
    uow.commit().await.unwrap();
    let one = streamer_id(&game.one);
    let assigned = game.service.assign_character(&gm(), hero.id, Some(one)).await.unwrap();
    assert_eq!(assigned.assigned_streamer_id, Some(one));
    assert_eq!(game.store.characters(game.campaign.id).await.unwrap(), [assigned]);
    let stranger = streamer_id(&fixtures::gm());
    let refused = game.service.assign_character(&gm(), hero.id, Some(stranger)).await;
    assert_eq!(refused, Err(ServiceError::NotFound("member")));
    let freed = game.service.assign_character(&gm(), hero.id, None).await.unwrap();
    assert_eq!(freed, hero);
    let unknown = game.service.assign_character(&gm(), fixtures::id(77), None).await;
    assert_eq!(unknown, Err(ServiceError::NotFound("character")));
    assert_eq!(game.audited().await, ["character.assigned", "character.assigned"]);
}
