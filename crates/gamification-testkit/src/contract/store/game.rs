use super::StoreUnderTest;
use super::support::{Game, begun, cancelled, committed};
use crate::fixtures::{self, at};
use gamification_core::campaign::{
    BroadcasterType, Campaign, Character, CharacterDetails, CharacterKind, Membership,
    MembershipStatus, Policies, SessionState, Spell, User, VttAwayPolicy,
};
use gamification_core::ports::{Lock, StoreError};
use gamification_core::preferences::{Language, OverlayLook, OverlayTheme, Preferences};

pub async fn people_are_found_by_key_login_and_account(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let user = &game.streamers[1];
    let expected = Some(user.clone());
    let found = committed!(game.store, |uow| {
        let users = uow.users();
        [
            users.get(user.id).await.unwrap(),
            users.by_login("StReAmEr2").await.unwrap(),
            users.by_twitch_id(&user.twitch_id).await.unwrap(),
        ]
    });
    assert_eq!(found, [expected.clone(), expected.clone(), expected.clone()]);
    assert_eq!(game.queries.user(user.id).await.unwrap(), expected);
    assert_eq!(game.queries.user_by_login("STREAMER2").await.unwrap(), expected);
    assert_eq!(game.queries.user_by_twitch_id(&user.twitch_id).await.unwrap(), expected);
    assert_eq!(game.queries.user_by_login("streamer").await.unwrap(), None);
    let ids = [game.streamers[2].id, fixtures::id(1_999), game.streamers[0].id];
    let mut many = committed!(game.store, |uow| uow.users().get_many(&ids).await.unwrap());
    many.sort_by_key(|user| user.id);
    assert_eq!(many, [game.streamers[0].clone(), game.streamers[2].clone()]);
}

pub async fn a_person_is_replaced(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let changed = User {
        login: "renamed".to_owned(),
        display_name: "Renamée".to_owned(),
        broadcaster_type: BroadcasterType::Partner,
        language: "fr-CA".to_owned(),
        is_admin: true,
        may_create_campaigns: true,
        ..game.streamers[0].clone()
    };
    committed!(game.store, |uow| uow.users().save(&changed).await.unwrap());
    assert_eq!(game.queries.user(changed.id).await.unwrap(), Some(changed));
    assert_eq!(game.queries.user_by_login("streamer1").await.unwrap(), None);
}

pub async fn a_twitch_account_belongs_to_one_person(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let twin = User { id: fixtures::id(77), ..game.streamers[0].clone() };
    let mut uow = begun(&game.store).await;
    assert!(uow.users().save(&twin).await.is_err());
    drop(uow);
    assert_eq!(game.queries.user(twin.id).await.unwrap(), None);
}

pub async fn what_a_person_chose_comes_back_and_is_replaced(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let user = game.streamers[0].id;
    assert_eq!(game.queries.preferences(user).await.unwrap(), None);
    let chosen = Preferences {
        user_id: user,
        language: Some(Language::French),
        overlay: OverlayLook {
            language: Some(Language::English),
            theme: OverlayTheme::Parchment,
            custom_css: Some(".goal { content: \"é🐉\"; }\n".repeat(2_000)),
        },
    };
    for chosen in [chosen, Preferences::of(user)] {
        committed!(game.store, |uow| uow.users().save_preferences(&chosen).await.unwrap());
        assert_eq!(game.queries.preferences(user).await.unwrap(), Some(chosen));
    }
    assert_eq!(game.queries.preferences(game.streamers[1].id).await.unwrap(), None);
}

pub async fn nobody_chooses_who_is_not_known(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let stranger = Preferences::of(fixtures::id(1_999));
    let mut uow = begun(&game.store).await;
    assert!(uow.users().save_preferences(&stranger).await.is_err());
    drop(uow);
    assert_eq!(game.queries.preferences(stranger.user_id).await.unwrap(), None);
}

pub async fn a_store_without_people_says_so(under_test: &StoreUnderTest) {
    let (store, queries) = (&under_test.store, &under_test.queries);
    queries.ping().await.unwrap();
    assert!(queries.has_no_users().await.unwrap());
    committed!(store, |uow| uow.users().save(&fixtures::gm()).await.unwrap());
    assert!(!queries.has_no_users().await.unwrap());
}

pub async fn a_campaign_comes_back_as_it_was_stored(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let character = fixtures::character(1, &game.campaign, None);
    committed!(game.store, |uow| uow.campaigns().save_character(&character).await.unwrap());
    let running = SessionState::Running { id: fixtures::id(8_001), started_at: at(5) };
    let ended = SessionState::Ended { id: fixtures::id(8_001), ended_at: at(9) };
    for session in [SessionState::Never, running, ended] {
        let changed = Campaign {
            name: "L'Été".to_owned(),
            game_system: None,
            gm_character_id: Some(character.id),
            session,
            policies: Policies {
                vtt_away: VttAwayPolicy::Accept,
                hidden_rolls_count: true,
                veto_seconds: 30,
            },
            is_panicked: true,
            ..game.campaign.clone()
        };
        committed!(game.store, |uow| uow.campaigns().update(&changed).await.unwrap());
        for lock in [Lock::None, Lock::Shared, Lock::Exclusive] {
            let found = committed!(game.store, |uow| {
                uow.campaigns().get(changed.id, lock).await.unwrap()
            });
            assert_eq!(found.as_ref(), Some(&changed));
        }
        assert_eq!(game.queries.campaign(changed.id).await.unwrap(), Some(changed));
    }
    assert_eq!(game.queries.all_campaigns().await.unwrap(), [game.campaign.id]);
}

pub async fn a_campaign_is_inserted_once_and_changed_only_where_it_is(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut uow = begun(&game.store).await;
    let again = uow.campaigns().insert(&game.campaign).await;
    assert!(matches!(again, Err(StoreError::AlreadyExists(_))), "{again:?}");
    drop(uow);
    let mut uow = begun(&game.store).await;
    let unknown = uow.campaigns().update(&fixtures::campaign(2)).await;
    assert!(matches!(unknown, Err(StoreError::Contention(_))), "{unknown:?}");
}

pub async fn a_deleted_campaign_leaves_its_ledger(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.campaign.id;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 2).await;
    let goal = cancelled(goal, at(9));
    game.end(&goal, at(9)).await;
    let character = fixtures::character(1, &game.campaign, None);
    committed!(game.store, |uow| uow.campaigns().save_character(&character).await.unwrap());
    committed!(game.store, |uow| uow.campaigns().delete(id).await.unwrap());
    let queries = &game.queries;
    assert_eq!(queries.campaign(id).await.unwrap(), None);
    assert_eq!(queries.members(id).await.unwrap(), []);
    assert_eq!(queries.characters(id).await.unwrap(), []);
    assert_eq!(queries.campaign_configs(id).await.unwrap(), []);
    assert_eq!(queries.streamer_configs(id, game.streamer(0)).await.unwrap(), []);
    assert_eq!(queries.connection_of(id).await.unwrap(), None);
    let opt_ins = game.queries.all_streamer_configs().await.unwrap();
    assert_eq!(opt_ins, []);
    // The points are still there, and can still be settled.
    assert_eq!(queries.instance(goal.id).await.unwrap(), Some(goal));
    let ledger = queries.ledger(id, None).await.unwrap();
    assert_eq!((ledger.total.pending.count, ledger.is_balanced()), (2, true));
    let rewards = game.queries.rewards_not_deleted().await.unwrap();
    assert_eq!(rewards.len(), 8);
    let due = committed!(game.store, |uow| {
        uow.redemptions().claim_due(at(10), at(70), 10).await.unwrap()
    });
    assert_eq!(due.len(), 2);
}

pub async fn campaigns_that_are_being_deleted_are_listed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let deleting = async || committed!(game.store, |uow| uow.campaigns().deleting().await.unwrap());
    assert_eq!(deleting().await, []);
    let doomed = Campaign { is_deleting: true, ..fixtures::campaign(2) };
    committed!(game.store, |uow| uow.campaigns().insert(&doomed).await.unwrap());
    assert_eq!(deleting().await, [doomed.id]);
}

pub async fn memberships_are_kept_per_streamer(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.campaign.id;
    let changed = Membership {
        status: MembershipStatus::Invited,
        authorised_until: None,
        has_chat_notices: true,
        ..fixtures::membership(&game.campaign, game.streamer(2))
    };
    committed!(game.store, |u| u.campaigns().save_membership(&changed).await.unwrap());
    let found = committed!(game.store, |uow| {
        let campaigns = uow.campaigns();
        assert_eq!(campaigns.membership(id, fixtures::id(77)).await.unwrap(), None);
        campaigns.membership(id, game.streamer(2)).await.unwrap()
    });
    assert_eq!(found.as_ref(), Some(&changed));
    assert_eq!(game.queries.membership(id, game.streamer(2)).await.unwrap(), found);
    let all = committed!(game.store, |uow| uow.campaigns().memberships(id).await.unwrap());
    let streamers: Vec<_> = all.iter().map(|m| m.streamer_id).collect();
    assert_eq!(streamers, (0..4).map(|n| game.streamer(n)).collect::<Vec<_>>());
    assert!(all.contains(&changed));
}

pub async fn members_who_left_are_not_listed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let left = Membership {
        status: MembershipStatus::Left,
        ..fixtures::membership(&game.campaign, game.streamer(1))
    };
    committed!(game.store, |uow| uow.campaigns().save_membership(&left).await.unwrap());
    let members = game.queries.members(game.campaign.id).await.unwrap();
    let logins: Vec<_> = members.iter().map(|member| member.user.login.as_str()).collect();
    assert_eq!(logins, ["streamer1", "streamer3", "streamer4"]);
    assert_eq!(members[0].user, game.streamers[0]);
    assert_eq!(members[0].membership, fixtures::membership(&game.campaign, game.streamer(0)));
    let all = committed!(game.store, |uow| {
        uow.campaigns().memberships(game.campaign.id).await.unwrap()
    });
    assert_eq!(all.len(), 4);
}

pub async fn characters_are_found_by_their_actor(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let id = game.campaign.id;
    let hero = fixtures::character(1, &game.campaign, Some(game.streamer(0)));
    let monster = Character {
        name: "Aboleth".to_owned(),
        kind: CharacterKind::Monster,
        details: CharacterDetails {
            spells: vec![Spell { id: "s1".to_owned(), level: Some(3), ..Spell::default() }],
            ..CharacterDetails::default()
        },
        ..fixtures::character(2, &game.campaign, None)
    };
    for character in [&hero, &monster] {
        committed!(game.store, |u| u.campaigns().save_character(character).await.unwrap());
        let found = committed!(game.store, |uow| {
            let campaigns = uow.campaigns();
            let actor = &character.vtt_actor_id;
            [
                campaigns.character(character.id).await.unwrap(),
                campaigns.character_of_actor(id, actor).await.unwrap(),
                campaigns.character_of_actor(fixtures::campaign(2).id, actor).await.unwrap(),
            ]
        });
        assert_eq!(found, [Some(character.clone()), Some(character.clone()), None]);
    }
    assert_eq!(game.queries.characters(id).await.unwrap(), [monster.clone(), hero]);
    let given = Character { assigned_streamer_id: Some(game.streamer(1)), ..monster };
    committed!(game.store, |uow| uow.campaigns().save_character(&given).await.unwrap());
    assert!(game.queries.characters(id).await.unwrap().contains(&given));
}
