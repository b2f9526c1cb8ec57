use crate::game::{Game, gm, refused_fields};
use gamification_core::campaign::Campaign;
use gamification_core::criticality::{Comparison, CriticalKind, Field, RuleDraft, Severity};
use gamification_core::ports::Queries;
use gamification_core::service::{Conflict, ServiceError};
use gamification_core::validation::limits::RULES_PER_CAMPAIGN;
use gamification_testkit::fixtures;

fn keen() -> RuleDraft {
    RuleDraft {
        formula: Some("1d20".to_owned()),
        field: Field::MaxDie,
        op: Comparison::AtLeast,
        value: 19,
        kind: CriticalKind::Success,
        severity: Severity::Extreme,
        priority: 0,
        label: "Keen".to_owned(),
        category: None,
    }
}

#[tokio::test]
async fn a_rule_is_added_and_removed_once_and_both_are_audited() {
    let game = Game::new().await;
    let campaign = game.campaign.id;
    let added = game.service.add_criticality_rule(&gm(), campaign, keen()).await.unwrap();
    assert_eq!(added.rule.label, "Keen");
    assert_eq!(game.store.criticality_rules(campaign).await.unwrap(), std::slice::from_ref(&added));
    let remove = async || game.service.remove_criticality_rule(&gm(), campaign, added.id).await;
    assert_eq!(remove().await, Ok(()));
    assert_eq!(remove().await, Err(ServiceError::NotFound("criticality rule")));
    assert_eq!(game.store.criticality_rules(campaign).await.unwrap(), []);
    assert_eq!(game.audited().await, ["criticality_rule.removed", "criticality_rule.added"]);
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named() {
    let game = Game::new().await;
    let bad = RuleDraft {
        formula: Some("1d20 + 5".to_owned()),
        field: Field::CountOf { face: i64::MAX },
        value: -1,
        priority: 1001,
        label: String::new(),
        category: Some("Has Spaces".to_owned()),
        ..keen()
    };
    let refused = game.service.add_criticality_rule(&gm(), game.campaign.id, bad).await;
    let all = ["formula", "face", "value", "priority", "label", "category"];
    assert_eq!(refused_fields(refused), all);
}

#[tokio::test]
async fn a_campaign_that_is_full_going_or_gone_takes_no_rule() {
    let game = Game::new().await;
    let campaign = game.campaign.id;
    for _ in 0..RULES_PER_CAMPAIGN {
        game.service.add_criticality_rule(&gm(), campaign, keen()).await.unwrap();
    }
    let refused = game.service.add_criticality_rule(&gm(), campaign, keen()).await;
    assert_eq!(refused, Err(Conflict::TooManyRules.into()));
    let mut uow = game.begin().await;
    let going = Campaign { is_deleting: true, ..game.campaign.clone() };
    uow.campaigns().update(&going).await.unwrap();
    uow.commit().await.unwrap();
    let refused = game.service.add_criticality_rule(&gm(), campaign, keen()).await;
    assert_eq!(refused, Err(Conflict::CampaignDeleting.into()));
    let gone = fixtures::campaign(7).id;
    let refused = game.service.add_criticality_rule(&gm(), gone, keen()).await;
    assert_eq!(refused, Err(ServiceError::NotFound("campaign")));
}
