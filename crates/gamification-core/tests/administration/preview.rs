use crate::game::{Game, gm, refused_fields};
use gamification_core::ports::Queries;
use gamification_core::service::{ConfigChanges, PreviewDraft, ServiceError};
use gamification_testkit::fixtures;

#[tokio::test]
async fn a_preview_shows_what_a_setting_would_ask_for_and_saves_nothing() {
    let game = Game::new().await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let before = game.store.campaign_configs(campaign).await.unwrap();
    let draft = PreviewDraft { cost: Some(250), minimum_objective: Some(8), ..Default::default() };
    let preview = game.service.preview_event(campaign, event, draft).await.unwrap();
    let shown: Vec<_> = preview
        .channels
        .iter()
        .map(|c| (c.channel.streamer_name.as_str(), c.channel.cost.get(), c.target, c.points))
        .collect();
    let expected = [("Streamer1", 250, Some(8), 2_000), ("Streamer2", 250, Some(8), 2_000)];
    assert_eq!(shown, expected);
    assert_eq!(game.store.campaign_configs(campaign).await.unwrap(), before);
    assert_eq!(game.audited().await, [""; 0]);
}

#[tokio::test]
async fn what_is_not_tried_is_as_it_is_set() {
    let game = Game::new().await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let wish = ConfigChanges { minimum_objective: Some(Some(5)), ..ConfigChanges::default() };
    game.service.configure_event(&gm(), campaign, event, wish).await.unwrap();
    let draft = PreviewDraft { objective_coefficient: Some(0.5), ..Default::default() };
    let preview = game.service.preview_event(campaign, event, draft).await.unwrap();
    assert_eq!(preview.settings.coefficient.hundredths(), 50);
    assert_eq!(preview.settings.minimum_objective, 5);
}

#[tokio::test]
async fn a_preview_without_sense_is_refused_by_field_and_an_unknown_event_is_not_found() {
    let game = Game::new().await;
    let (campaign, event) = (game.campaign.id, game.invert.id);
    let draft = PreviewDraft {
        cost: Some(0),
        objective_coefficient: Some(0.125),
        minimum_objective: Some(-1),
    };
    let refused = game.service.preview_event(campaign, event, draft).await;
    let fields = ["cost", "objectiveCoefficient", "minimumObjective"];
    assert_eq!(refused_fields(refused), fields);
    let ask = async |campaign, event| {
        game.service.preview_event(campaign, event, PreviewDraft::default()).await
    };
    let no_event = ask(campaign, fixtures::id(9_999)).await;
    assert_eq!(no_event, Err(ServiceError::NotFound("event")));
    let no_campaign = ask(fixtures::campaign(9).id, event).await;
    assert_eq!(no_campaign, Err(ServiceError::NotFound("campaign")));
}
