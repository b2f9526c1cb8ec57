use super::StoreUnderTest;
use super::support::{Game, begun, committed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, at};
use gamification_core::ids::LoginSessionId;
use gamification_core::login::{LoginLoss, LoginSession, LoginState, SealedTokens, TwitchLogin};
use gamification_core::ports::StoreError;

async fn save(game: &Game, login: &TwitchLogin) {
    committed!(game.store, |uow| uow.logins().save(login).await.unwrap());
}

async fn locked(game: &Game, streamer: usize) -> Option<TwitchLogin> {
    let user = game.streamers[streamer].id;
    committed!(game.store, |uow| uow.logins().lock(user).await.unwrap())
}

pub async fn a_login_comes_back_as_it_was_saved_in_every_state(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    assert_eq!(locked(&game, 0).await, None);
    let losses =
        [LoginLoss::Refused, LoginLoss::Revoked, LoginLoss::ScopeMissing, LoginLoss::Unreadable];
    let dead = losses.map(|reason| LoginState::NeedsLogin { reason, since: at(77) });
    for state in dead.into_iter().chain([LoginState::Connected]) {
        let login = TwitchLogin { state, ..fixtures::login(&game.streamers[0]) };
        save(&game, &login).await;
        assert_eq!(locked(&game, 0).await.as_ref(), Some(&login));
        assert_eq!(game.queries.logins(&[login.user_id]).await.unwrap(), [login]);
    }
}

pub async fn a_newer_login_replaces_the_one_before(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    save(&game, &fixtures::login(&game.streamers[0])).await;
    let newer = TwitchLogin {
        generation: 2,
        scopes: vec!["user:write:chat".to_owned(), "channel:manage:redemptions".to_owned()],
        tokens: SealedTokens { key_id: "key-2".to_owned(), sealed: "sealed anew".to_owned() },
        expires_at: at(99_999),
        validated_at: at(50),
        logged_in_at: at(49),
        ..fixtures::login(&game.streamers[0])
    };
    save(&game, &newer).await;
    assert_eq!(locked(&game, 0).await.as_ref(), Some(&newer));
    assert_eq!(game.queries.all_logins().await.unwrap(), [newer]);
}

pub async fn logins_are_read_of_those_who_ever_logged_in(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    assert_eq!(game.queries.all_logins().await.unwrap(), []);
    let logins = [0, 1, 2].map(|n| fixtures::login(&game.streamers[n]));
    for login in &logins {
        save(&game, login).await;
    }
    let mut all = game.queries.all_logins().await.unwrap();
    all.sort_by_key(|login| login.user_id);
    assert_eq!(all, logins);
    let asked = [game.streamers[3].id, game.streamers[1].id];
    assert_eq!(game.queries.logins(&asked).await.unwrap(), [logins[1].clone()]);
    assert_eq!(game.queries.logins(&[]).await.unwrap(), []);
}

pub async fn a_twitch_account_logs_one_person_in(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let login = fixtures::login(&game.streamers[0]);
    save(&game, &login).await;
    let second = TwitchLogin { user_id: game.streamers[1].id, ..login };
    let mut uow = begun(&game.store).await;
    let saved = uow.logins().save(&second).await;
    assert!(matches!(saved, Err(StoreError::AlreadyExists(_))), "{saved:?}");
}

pub async fn simultaneous_changes_of_a_login_all_count(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    save(&game, &fixtures::login(&game.streamers[0])).await;
    concurrently(20, |_| {
        let game = game.clone();
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let known = uow.logins().lock(game.streamers[0].id).await?;
                let mut login = known.expect("it was saved");
                login.generation += 1;
                uow.logins().save(&login).await?;
                uow.commit().await
            })
            .await;
        }
    })
    .await;
    assert_eq!(locked(&game, 0).await.unwrap().generation, 21);
}

async fn insert(game: &Game, session: &LoginSession) {
    committed!(game.store, |uow| uow.logins().insert_session(session).await.unwrap());
}

async fn ended(game: &Game, id: LoginSessionId, second: u32) -> bool {
    committed!(game.store, |uow| uow.logins().end_session(id, at(second)).await.unwrap())
}

pub async fn a_session_is_found_by_its_hash_and_ends_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let sessions = [1, 2].map(|n| fixtures::login_session(n, &game.streamers[0]));
    for session in &sessions {
        insert(&game, session).await;
    }
    let found = async |hash: &str| game.queries.session_by_hash(hash).await.unwrap();
    assert_eq!(found(&sessions[0].hash).await.as_ref(), Some(&sessions[0]));
    assert_eq!(found("unknown").await, None);
    assert!(ended(&game, sessions[0].id, 70).await);
    assert!(!ended(&game, sessions[0].id, 80).await, "it was ended before");
    assert!(!ended(&game, fixtures::id(77), 80).await, "there is none");
    let first = LoginSession { ended_at: Some(at(70)), ..sessions[0].clone() };
    assert_eq!(found(&first.hash).await.as_ref(), Some(&first));
    assert_eq!(found(&sessions[1].hash).await.as_ref(), Some(&sessions[1]));
}

pub async fn a_hash_belongs_to_one_session(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let session = fixtures::login_session(1, &game.streamers[0]);
    insert(&game, &session).await;
    let second = LoginSession { id: fixtures::id(78), ..session.clone() };
    for again in [second, session] {
        let mut uow = begun(&game.store).await;
        let inserted = uow.logins().insert_session(&again).await;
        assert!(matches!(inserted, Err(StoreError::AlreadyExists(_))), "{inserted:?}");
    }
}

pub async fn sessions_that_are_over_are_forgotten(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    // They expire 3,601, 3,602 … seconds after the beginning.
    let sessions = [1, 2, 3, 4].map(|n| fixtures::login_session(n, &game.streamers[1]));
    for session in &sessions {
        insert(&game, session).await;
    }
    ended(&game, sessions[2].id, 3_000).await;
    ended(&game, sessions[3].id, 3_602).await;
    let prune = async |second| {
        committed!(game.store, |uow| uow.logins().prune_sessions(at(second)).await.unwrap())
    };
    assert_eq!(prune(3_000).await, 0);
    assert_eq!(prune(3_602).await, 2, "the first expired, the third ended");
    let mut held = Vec::new();
    for session in &sessions {
        held.push(game.queries.session_by_hash(&session.hash).await.unwrap().is_some());
    }
    assert_eq!(held, [false, true, false, true]);
}
