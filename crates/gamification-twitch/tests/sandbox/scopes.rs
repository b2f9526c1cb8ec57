use crate::world::{World, alice};
use gamification_core::login::LoginLoss;
use gamification_core::ports::{ChatNotices, ChatOutcome, RewardError};
use gamification_twitch::scopes::{CHAT, REWARDS};

const TOKEN: &str = "/oauth2/token";

#[tokio::test]
async fn a_login_without_the_scope_for_rewards_is_needed_again() {
    let world = World::new().await;
    world.vault.log_in(&alice(), world.granted(&alice(), &[CHAT]).await);
    assert_eq!(world.rewards().list(&alice()).await, Err(RewardError::LoginNeeded));
    assert_eq!(world.vault.losses(), [(alice(), LoginLoss::ScopeMissing)]);
    assert_eq!(world.calls("POST", TOKEN).await, 0, "a new token would have no more scopes");
}

#[tokio::test]
async fn a_person_who_granted_more_meanwhile_is_not_asked_again() {
    let world = World::new().await;
    world.vault.log_in(&alice(), world.granted(&alice(), &[CHAT]).await);
    assert_eq!(world.adapter.chat.say(&alice(), "hello").await, ChatOutcome::Said);
    world.vault.log_in(&alice(), world.granted(&alice(), &[REWARDS, CHAT]).await);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(world.vault.losses(), []);
}

#[tokio::test]
async fn a_login_without_the_scope_for_chat_says_nothing_and_stays() {
    let world = World::new().await;
    world.vault.log_in(&alice(), world.granted(&alice(), &[REWARDS]).await);
    let reason = "the login lacks user:write:chat".to_owned();
    let said = world.adapter.chat.say(&alice(), "hello").await;
    assert_eq!(said, ChatOutcome::Dropped { reason });
    assert_eq!(world.vault.losses(), []);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
}
