use super::StoreUnderTest;
use super::support::{Game, cancelled, committed, first};
use crate::fixtures::{self, at};
use gamification_core::access::AuditEntry;
use gamification_core::campaign::{Campaign, Membership, MembershipStatus};
use gamification_core::event::{Event, LocalizedText};
use gamification_core::ids::RedemptionId;
use gamification_core::instance::InstanceStatus;
use gamification_core::ports::{
    InstanceFilter, Page, PageRequest, RedemptionFilter, RollFilter, StoreError,
};
use gamification_core::redemption::{Redemption, Settlement};
use std::collections::BTreeSet;

type Ids = Vec<RedemptionId>;

/// More pages than any of these lists has.
const PAGES_MAX: usize = 100;

/// All parts of a list, in order; each of at most `limit` rows.
async fn all_pages<T>(
    limit: u32,
    page: impl AsyncFn(PageRequest) -> Result<Page<T>, StoreError>,
) -> Vec<Vec<T>> {
    let mut pages = Vec::new();
    let mut request = first(limit);
    loop {
        let Page { items, next_cursor } = page(request).await.unwrap();
        assert!(items.len() <= limit as usize && pages.len() < PAGES_MAX);
        pages.push(items);
        match next_cursor {
            Some(cursor) => request = PageRequest { limit, cursor: Some(cursor) },
            None => return pages,
        }
    }
}

async fn redemptions(game: &Game, request: PageRequest) -> Result<Page<Redemption>, StoreError> {
    let filter = RedemptionFilter::default();
    game.queries.redemptions(game.campaign.id, filter, request).await
}

fn ids(rows: &[Redemption]) -> Ids {
    rows.iter().map(|row| row.id.clone()).collect()
}

pub async fn a_list_is_read_in_parts_without_a_gap_or_a_repeat(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let rows: Vec<_> = (1..=7).map(|n| fixtures::refused(n, &game.rewards[0])).collect();
    game.record(&rows).await;
    let newest_first: Vec<_> = ids(&rows).into_iter().rev().collect();
    for limit in [1, 2, 3, 6, 7, 8, 200] {
        let pages = all_pages(limit, async |request| redemptions(&game, request).await).await;
        assert_eq!(ids(&pages.concat()), newest_first, "in parts of {limit}");
        let full = pages.len() - 1;
        assert!(pages[..full].iter().all(|page| page.len() == limit as usize));
        assert!(!pages[full].is_empty(), "no empty last page");
    }
    let elsewhere = fixtures::campaign(2).id;
    let filter = RedemptionFilter::default();
    let none = game.queries.redemptions(elsewhere, filter, first(5)).await.unwrap();
    assert_eq!((none.items, none.next_cursor), (vec![], None));
}

pub async fn rows_of_the_same_moment_are_told_apart_across_parts(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let rows: Vec<_> = (1..=9)
        .map(|n| Redemption {
            received_at: at(if n < 8 { 100 } else { 200 }),
            ..fixtures::refused(n, &game.rewards[0])
        })
        .collect();
    game.record(&rows).await;
    for limit in [1, 2, 4] {
        let pages = all_pages(limit, async |request| redemptions(&game, request).await).await;
        let found = pages.concat();
        assert_eq!(found.len(), 9);
        assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>().len(), 9);
        assert!(found.is_sorted_by(|a, b| a.received_at >= b.received_at));
    }
}

pub async fn a_row_that_comes_meanwhile_is_neither_repeated_nor_in_the_way(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let rows: Vec<_> = (1..=4).map(|n| fixtures::refused(n, &game.rewards[0])).collect();
    game.record(&rows).await;
    let one = redemptions(&game, first(2)).await.unwrap();
    game.record(&[fixtures::refused(5, &game.rewards[0])]).await;
    let request = PageRequest { limit: 2, cursor: one.next_cursor };
    let two = redemptions(&game, request).await.unwrap();
    let expected: Ids = ids(&rows).into_iter().rev().collect();
    assert_eq!([ids(&one.items), ids(&two.items)].concat(), expected);
    assert_eq!(two.next_cursor, None);
}

pub async fn goals_are_filtered(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let ended = cancelled(game.goal(1, 0), at(2));
    let armed = fixtures::armed_goal(game.goal(2, 0));
    let (other, group) = (game.goal(3, 1), game.group_goal(4));
    for goal in [&ended, &armed, &other, &group] {
        game.insert(goal).await;
    }
    let list = async |status, streamer, event| {
        let filter = InstanceFilter { status, streamer, event, search: None };
        let pages = all_pages(1, async |request| {
            game.queries.instances(game.campaign.id, filter.clone(), request).await
        });
        pages.await.concat()
    };
    let mine = Some(game.streamer(0));
    assert_eq!(list(None, None, None).await, [&group, &other, &armed, &ended].map(Clone::clone));
    assert_eq!(list(None, mine, None).await, [&group, &armed, &ended].map(Clone::clone));
    let invert = Some(game.invert.id);
    assert_eq!(list(None, mine, invert).await, [&armed, &ended].map(Clone::clone));
    let active = Some(InstanceStatus::Active);
    assert_eq!(list(active, None, None).await, [&group, &other].map(Clone::clone));
    let is_armed = Some(InstanceStatus::Armed);
    assert_eq!(list(is_armed, mine, invert).await, [armed]);
    let cancelled = Some(InstanceStatus::Cancelled);
    assert_eq!(list(cancelled, None, None).await, [ended]);
    assert_eq!(list(Some(InstanceStatus::Expired), None, None).await, []);
}

pub async fn goals_are_found_by_a_part_of_their_events_name(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut named = game.goal(1, 0);
    named.label.name = LocalizedText { en: "100%_Dé".into(), fr: Some("L'ÉPÉE".into()) };
    let (plain, group) = (game.goal(2, 1), game.group_goal(3));
    for goal in [&named, &plain, &group] {
        game.insert(goal).await;
    }
    let search = async |wanted: &str| {
        let filter = InstanceFilter { search: Some(wanted.to_owned()), ..Default::default() };
        let pages = all_pages(1, async |request| {
            game.queries.instances(game.campaign.id, filter.clone(), request).await
        });
        pages.await.concat()
    };
    assert_eq!(search("épée").await, [named.clone()]);
    assert_eq!(search("0%_dÉ").await, [named.clone()]);
    assert_eq!(search("%").await, [named.clone()], "no sign has a meaning of its own");
    assert_eq!(search(&plain.label.slug.to_uppercase()).await, [plain, named.clone()]);
    assert_eq!(search("slug").await, []);
    assert_eq!(search(" ").await.len(), 3);
}

pub async fn redemptions_are_filtered(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 2).await;
    let refused = [fixtures::refused(3, &game.rewards[0]), fixtures::refused(4, &game.rewards[1])];
    game.record(&refused).await;
    let list = async |settlement, instance, streamer| {
        let filter = RedemptionFilter { settlement, instance, streamer };
        let page = game.queries.redemptions(game.campaign.id, filter, first(10)).await;
        let rows = page.unwrap().items;
        let number = |r: &Redemption| r.id.as_str().trim_start_matches("redemption-").to_owned();
        rows.iter().map(number).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(list(None, None, None).await, "4 3 2 1");
    assert_eq!(list(Some(Settlement::RefundDue), None, None).await, "4 3");
    assert_eq!(list(None, Some(goal.id), None).await, "2 1");
    assert_eq!(list(None, None, Some(game.streamer(0))).await, "3 2 1");
    let mine = Some(game.streamer(0));
    assert_eq!(list(Some(Settlement::RefundDue), None, mine).await, "3");
    assert_eq!(list(Some(Settlement::Fulfilled), None, None).await, "");
}

pub async fn the_catalogue_is_listed_by_slug(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let of_somebody = Event {
        id: fixtures::id(2_050),
        slug: "test-a".to_owned(),
        created_by: Some(game.streamers[0].id),
        ..fixtures::invert_event()
    };
    let built_in = Event {
        id: fixtures::id(2_051),
        slug: "test-z".to_owned(),
        is_system: true,
        created_by: None,
        ..fixtures::invert_event()
    };
    for event in [&of_somebody, &built_in] {
        committed!(game.store, |uow| uow.catalogue().insert(event).await.unwrap());
    }
    // A migrated database holds other built-in events; they are left out here.
    let list = async |of| {
        let pages = all_pages(1, async |request| game.queries.events(of, request).await).await;
        let slugs = pages.concat().into_iter().map(|event| event.slug);
        let ours = slugs.filter(|slug| slug.starts_with("test-"));
        ours.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(list(None).await, "test-a test-chat test-invert test-z");
    assert_eq!(list(Some(fixtures::gm().id)).await, "test-chat test-invert test-z");
    assert_eq!(list(Some(game.streamers[0].id)).await, "test-a test-z");
    assert_eq!(list(Some(game.streamers[1].id)).await, "test-z");
}

pub async fn campaigns_of_a_person_are_listed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let person = &game.streamers[0];
    let led = Campaign { owner_id: person.id, ..fixtures::campaign(2) };
    let invited = fixtures::campaign(3);
    let left = fixtures::campaign(4);
    for campaign in [&led, &invited, &left, &fixtures::campaign(5)] {
        committed!(game.store, |uow| uow.campaigns().insert(campaign).await.unwrap());
    }
    for (campaign, status) in
        [(&invited, MembershipStatus::Invited), (&left, MembershipStatus::Left)]
    {
        let membership = Membership { status, ..fixtures::membership(campaign, person.id.into()) };
        committed!(game.store, |uow| {
            uow.campaigns().save_membership(&membership).await.unwrap()
        });
    }
    let of_person = async |request| game.queries.campaigns_of(person.id, request).await;
    for limit in [1, 2, 10] {
        let pages = all_pages(limit, of_person).await;
        assert_eq!(pages.concat(), [invited.clone(), led.clone(), game.campaign.clone()]);
    }
}

pub async fn the_audit_is_listed_newest_first(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let entries: Vec<_> = (1..=5).map(|n| fixtures::audit_entry(n, &game.campaign)).collect();
    let elsewhere = AuditEntry { campaign_id: None, ..fixtures::audit_entry(6, &game.campaign) };
    for entry in entries.iter().chain([&elsewhere]) {
        committed!(game.store, |uow| uow.access().audit(entry).await.unwrap());
    }
    let of_campaign = async |request| game.queries.audit(game.campaign.id, request).await;
    let newest_first: Vec<_> = entries.into_iter().rev().collect();
    for limit in [2, 5] {
        assert_eq!(all_pages(limit, of_campaign).await.concat(), newest_first);
    }
}

pub async fn a_cursor_of_another_kind_is_refused(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.campaign.id;
    for cursor in ["", "nonsense", "1", "%%%", "é", "AAAA"] {
        let request = || PageRequest { limit: 5, cursor: Some(cursor.to_owned()) };
        let queries = &game.queries;
        let outcomes = [
            redemptions(&game, request()).await.map(|_| ()),
            queries.instances(id, InstanceFilter::default(), request()).await.map(|_| ()),
            queries.rolls(id, RollFilter::default(), request()).await.map(|_| ()),
            queries.audit(id, request()).await.map(|_| ()),
            queries.campaigns_of(fixtures::gm().id, request()).await.map(|_| ()),
        ];
        for outcome in outcomes {
            assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{cursor}: {outcome:?}");
        }
    }
    let rows: Vec<_> = (1..=2).map(|n| fixtures::refused(n, &game.rewards[0])).collect();
    game.record(&rows).await;
    let cursor = redemptions(&game, first(1)).await.unwrap().next_cursor;
    let foreign = PageRequest { limit: 1, cursor };
    let outcome = game.queries.audit(id, foreign).await;
    assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{outcome:?}");
}
