//! Tokens at rest: sealed, readable over a change of keys, and never lost.

use crate::support::World;
use gamification_core::login::{LoginLoss, LoginState, LoginStatus, TwitchLogin};
use gamification_core::ports::Clock;
use gamification_server::seal::Seal;
use gamification_server::vault::CoreVault;
use gamification_twitch::{ChannelKind, TokenVault, Tokens, TwitchAccount, VaultError};

fn account(n: u32) -> TwitchAccount {
    TwitchAccount {
        id: format!("10{n}").into(),
        login: format!("streamer{n}"),
        display_name: format!("Streamer{n}"),
        kind: ChannelKind::Partner,
    }
}

fn tokens(world: &World, name: &str) -> Tokens {
    Tokens {
        access: format!("{name}-access"),
        refresh: format!("{name}-refresh"),
        scopes: vec!["channel:manage:redemptions".to_owned()],
        expires_at: world.clock.now().plus_seconds(14_400),
    }
}

fn vault(world: &World, seal: Seal) -> CoreVault {
    let vault = CoreVault::new(seal);
    vault.attach(&world.services.core);
    vault
}

async fn stored(world: &World, account: &TwitchAccount) -> TwitchLogin {
    world.services.core.login_of(&account.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_is_stored_cannot_be_read_without_the_key() {
    let (world, account) = (World::new(), account(1));
    let vault = vault(&world, Seal::new(&[1; 32]));
    assert_eq!(vault.load(&account.id).await.unwrap(), None);
    let given = tokens(&world, "first");
    vault.adopt(&account, &given).await.unwrap();
    let held = vault.load(&account.id).await.unwrap().unwrap();
    assert_eq!((held.tokens, held.generation, held.is_connected), (given, 1, true));
    assert_eq!(vault.all().await.unwrap(), std::slice::from_ref(&account.id));
    let login = stored(&world, &account).await;
    assert!(!format!("{login:?}").contains("first") && !login.tokens.sealed.contains("first"));
    vault.lose(&account.id, 1, LoginLoss::Refused).await.unwrap();
    assert!(!vault.load(&account.id).await.unwrap().unwrap().is_connected);
    assert_eq!(vault.all().await.unwrap(), []);
}

#[tokio::test]
async fn a_key_of_old_opens_a_login_and_the_next_renewal_seals_it_with_the_new_one() {
    let (world, account) = (World::new(), account(1));
    let before = vault(&world, Seal::new(&[1; 32]));
    before.adopt(&account, &tokens(&world, "first")).await.unwrap();
    let seal = Seal::with_old(&[2; 32], &[[1; 32]]);
    let after = vault(&world, seal.clone());
    let held = after.load(&account.id).await.unwrap().unwrap();
    assert_eq!(held.tokens, tokens(&world, "first"));
    // A renewal of an older login counts for nothing.
    after.renew(&account.id, held.generation + 1, &tokens(&world, "stale")).await.unwrap();
    after.renew(&account.id, held.generation, &tokens(&world, "second")).await.unwrap();
    assert_eq!(stored(&world, &account).await.tokens.key_id, seal.key_id());
    let only_new = vault(&world, Seal::new(&[2; 32]));
    let held = only_new.load(&account.id).await.unwrap().unwrap();
    assert_eq!((held.tokens, held.is_connected), (tokens(&world, "second"), true));
}

#[tokio::test]
async fn a_login_that_no_key_opens_is_dead_and_kept_and_not_taken_for_none() {
    let (world, account) = (World::new(), account(1));
    let before = vault(&world, Seal::new(&[1; 32]));
    before.adopt(&account, &tokens(&world, "first")).await.unwrap();
    let sealed = stored(&world, &account).await.tokens;
    let stranger = vault(&world, Seal::new(&[3; 32]));
    for _ in 0..2 {
        let held = stranger.load(&account.id).await.unwrap().unwrap();
        assert_eq!((held.is_connected, held.tokens.access.as_str()), (false, ""));
        let login = stored(&world, &account).await;
        assert_eq!((login.status(), &login.tokens), (LoginStatus::NeedsLogin, &sealed));
        let LoginState::NeedsLogin { reason, .. } = login.state else { panic!("it lives") };
        assert_eq!(reason, LoginLoss::Unreadable);
    }
}

#[tokio::test]
async fn the_tokens_of_one_person_do_not_open_as_those_of_another() {
    let (world, mira, nero) = (World::new(), account(1), account(2));
    let vault = vault(&world, Seal::new(&[1; 32]));
    vault.adopt(&mira, &tokens(&world, "mira")).await.unwrap();
    vault.adopt(&nero, &tokens(&world, "nero")).await.unwrap();
    let theirs = stored(&world, &mira).await;
    let swapped = TwitchLogin { tokens: theirs.tokens, ..stored(&world, &nero).await };
    let mut unit = world.begin().await;
    unit.logins().save(&swapped).await.unwrap();
    unit.commit().await.unwrap();
    assert!(!vault.load(&nero.id).await.unwrap().unwrap().is_connected);
    assert_eq!(stored(&world, &nero).await.status(), LoginStatus::NeedsLogin);
}

#[tokio::test]
async fn a_vault_without_a_core_answers_that_it_cannot_answer() {
    let vault = CoreVault::new(Seal::new(&[1; 32]));
    let account = account(1);
    assert!(matches!(vault.load(&account.id).await, Err(VaultError::Unavailable(_))));
    assert!(matches!(vault.all().await, Err(VaultError::Unavailable(_))));
}
