use super::StoreUnderTest;
use super::support::{Game, begun, committed};
use crate::fixtures::{self, at};
use gamification_core::criticality::{
    CampaignRule, Comparison, CriticalKind, CriticalityRule, Field, RuleDraft, Severity,
};
use gamification_core::ids::CampaignId;
use gamification_core::ports::StoreError;

/// The rule number `n` of the campaign, added `n` seconds after the evening began.
fn rule(n: u32, campaign: CampaignId, priority: i64, field: Field) -> CampaignRule {
    let draft = RuleDraft {
        formula: None,
        field,
        op: Comparison::AtLeast,
        value: 1,
        kind: CriticalKind::Failure,
        severity: Severity::Minor,
        priority,
        label: format!("Règle {n}"),
        category: None,
    };
    let rule = CriticalityRule::new(draft).unwrap();
    CampaignRule { id: fixtures::id(9_000 + n), campaign_id: campaign, rule, created_at: at(n) }
}

async fn insert(game: &Game, rules: &[&CampaignRule]) {
    committed!(game.store, |uow| for rule in rules {
        uow.criticality_rules().insert(rule).await.unwrap();
    });
}

async fn stored(game: &Game, campaign: CampaignId) -> Vec<CampaignRule> {
    let read = game.queries.criticality_rules(campaign).await.unwrap();
    let locked = committed!(game.store, |uow| {
        uow.criticality_rules().of_campaign(campaign).await.unwrap()
    });
    assert_eq!(read, locked);
    read
}

async fn delete(game: &Game, campaign: CampaignId, rule: &CampaignRule) -> bool {
    committed!(game.store, |uow| {
        uow.criticality_rules().delete(campaign, rule.id).await.unwrap()
    })
}

pub async fn rules_come_back_in_the_order_in_which_they_are_tried(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let campaign = game.campaign.id;
    assert_eq!(stored(&game, campaign).await, []);
    let low = rule(1, campaign, -10, Field::CountOf { face: 6 });
    let young = rule(3, campaign, 0, Field::AnyDie);
    let old = rule(2, campaign, 0, Field::Symbol { name: "triumph".into() });
    let twin = CampaignRule { id: fixtures::id(9_999), ..young.clone() };
    let high = rule(4, campaign, 1000, Field::OnesShare);
    insert(&game, &[&low, &twin, &young, &old, &high]).await;
    assert_eq!(stored(&game, campaign).await, [high, old, young, twin, low]);
}

pub async fn a_rule_is_inserted_and_deleted_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let rule = rule(1, game.campaign.id, 0, Field::AnyDie);
    insert(&game, &[&rule]).await;
    let mut uow = begun(&game.store).await;
    let again = uow.criticality_rules().insert(&rule).await;
    assert!(matches!(again, Err(StoreError::AlreadyExists(_))), "{again:?}");
    drop(uow);
    assert!(delete(&game, game.campaign.id, &rule).await);
    assert!(!delete(&game, game.campaign.id, &rule).await);
    assert_eq!(stored(&game, game.campaign.id).await, []);
}

pub async fn a_rule_is_deleted_only_through_its_campaign(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let other = fixtures::campaign(2);
    committed!(game.store, |uow| uow.campaigns().insert(&other).await.unwrap());
    let here = rule(1, game.campaign.id, 0, Field::AnyDie);
    let there = rule(2, other.id, 0, Field::AnyDie);
    insert(&game, &[&here, &there]).await;
    assert!(!delete(&game, game.campaign.id, &there).await);
    assert_eq!(stored(&game, game.campaign.id).await, [here]);
    assert_eq!(stored(&game, other.id).await, [there]);
}

pub async fn rules_go_with_their_campaign(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let other = fixtures::campaign(2);
    committed!(game.store, |uow| uow.campaigns().insert(&other).await.unwrap());
    let here = rule(1, game.campaign.id, 0, Field::AnyDie);
    let there = rule(2, other.id, 0, Field::AnyDie);
    insert(&game, &[&here, &there]).await;
    committed!(game.store, |uow| uow.campaigns().delete(game.campaign.id).await.unwrap());
    assert_eq!(stored(&game, game.campaign.id).await, []);
    assert_eq!(stored(&game, other.id).await, [there]);
}
