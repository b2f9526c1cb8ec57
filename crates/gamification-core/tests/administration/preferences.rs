use crate::game::{Game, gm, refused_fields};
use gamification_core::ports::Queries;
use gamification_core::preferences::{
    CUSTOM_CSS_BYTES_MAX, Language, OverlayLook, OverlayTheme, Preferences,
};
use gamification_core::service::ServiceError;
use gamification_testkit::fixtures;

#[tokio::test]
async fn what_a_person_chose_is_replaced_as_a_whole() {
    let game = Game::new().await;
    let overlay = OverlayLook {
        language: None,
        theme: OverlayTheme::Contrast,
        custom_css: Some("é".repeat(CUSTOM_CSS_BYTES_MAX / 2)),
    };
    let language = Some(Language::French);
    let chosen = Preferences { language, overlay, ..Preferences::of(game.one.id) };
    game.service.save_preferences(&gm(), &chosen).await.unwrap();
    assert_eq!(game.store.preferences(game.one.id).await.unwrap(), Some(chosen));
    let nothing = Preferences::of(game.one.id);
    game.service.save_preferences(&gm(), &nothing).await.unwrap();
    assert_eq!(game.store.preferences(game.one.id).await.unwrap(), Some(nothing));
}

#[tokio::test]
async fn a_style_sheet_that_is_too_long_and_a_stranger_are_refused() {
    let game = Game::new().await;
    let mut chosen = Preferences::of(game.one.id);
    chosen.overlay.custom_css = Some("é".repeat(CUSTOM_CSS_BYTES_MAX / 2) + "x");
    let refused = game.service.save_preferences(&gm(), &chosen).await;
    assert_eq!(refused_fields(refused), ["overlay.customCss"]);
    let stranger = Preferences::of(fixtures::streamer(9).id);
    let refused = game.service.save_preferences(&gm(), &stranger).await;
    assert_eq!(refused, Err(ServiceError::NotFound("user")));
    assert_eq!(game.store.preferences(game.one.id).await.unwrap(), None);
}
