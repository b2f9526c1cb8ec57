use crate::game::{Game, gm, streamer_id};
use gamification_core::announcement::Visibility;
use gamification_core::campaign::{BroadcasterType, User};
use gamification_core::ids::CampaignId;
use gamification_core::login::{LoginLoss, LoginState, LoginStatus, SealedTokens, TwitchLogin};
use gamification_core::ports::{PageRequest, Queries, StoreError};
use gamification_core::service::{NewLogin, ServiceError, TwitchProfile};
use gamification_testkit::fixtures::{self, NOW, at};
use serde_json::{Value, json};

fn profile(user: &User) -> TwitchProfile {
    TwitchProfile {
        twitch_id: user.twitch_id.clone(),
        login: user.login.clone(),
        display_name: user.display_name.clone(),
        broadcaster_type: BroadcasterType::Affiliate,
        language: None,
    }
}

fn granted(tokens: &str, expires_in_seconds: u32) -> NewLogin {
    NewLogin {
        scopes: vec!["channel:manage:redemptions".to_owned()],
        tokens: SealedTokens { key_id: "k1".to_owned(), sealed: tokens.to_owned() },
        expires_at: at(expires_in_seconds),
    }
}

async fn logged_in(game: &Game, user: &User, tokens: &str) -> TwitchLogin {
    let known = game.service.record_login(profile(user), granted(tokens, 100)).await.unwrap();
    assert_eq!(known.twitch_id, user.twitch_id);
    login_of(game, user).await
}

async fn login_of(game: &Game, user: &User) -> TwitchLogin {
    game.service.login_of(&user.twitch_id).await.unwrap().expect("they logged in")
}

/// What was told of logins in a campaign.
async fn told(game: &Game, campaign: CampaignId) -> Vec<Value> {
    let facts = game.store.events_after(campaign, 0, 100).await.unwrap();
    let of_logins =
        facts.into_iter().filter(|f| f.announcement.kind.wire_name() == "twitch:login_status");
    of_logins
        .map(|fact| {
            let members_only = Visibility::Channels { streamer_ids: Vec::new() };
            assert_eq!(fact.announcement.visibility, members_only);
            fact.announcement.payload
        })
        .collect()
}

#[tokio::test]
async fn who_logs_in_is_connected_and_everybody_in_their_campaigns_is_told() {
    let game = Game::new().await;
    game.clock.advance(7);
    let login = logged_in(&game, &game.one, "first").await;
    assert_eq!((login.state, login.generation), (LoginState::Connected, 1));
    assert_eq!((login.logged_in_at, login.validated_at, login.expires_at), (at(7), at(7), at(100)));
    assert_eq!(login.tokens.sealed, "first");
    let connected = json!({ "streamerId": game.one.id, "status": "connected" });
    assert_eq!(told(&game, game.campaign.id).await, std::slice::from_ref(&connected));
    logged_in(&game, &fixtures::gm(), "gm").await;
    let of_gm = json!({ "streamerId": fixtures::gm().id, "status": "connected" });
    assert_eq!(told(&game, game.campaign.id).await, [connected, of_gm], "the owner has a part");
}

#[tokio::test]
async fn who_never_logged_in_has_no_login() {
    let game = Game::new().await;
    let stranger = fixtures::streamer(9);
    for user in [&game.one, &stranger] {
        assert_eq!(game.service.login_of(&user.twitch_id).await, Ok(None));
        let lost = game.service.lose_login(&user.twitch_id, None, LoginLoss::Refused).await;
        assert_eq!(lost, Ok(false));
        let renewed = game.service.renew_tokens(&user.twitch_id, 1, granted("x", 9)).await;
        assert_eq!(renewed, Ok(false));
    }
    assert_eq!(told(&game, game.campaign.id).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_stranger_who_logs_in_becomes_a_user_of_whom_no_campaign_is_told() {
    let game = Game::new().await;
    let stranger = fixtures::streamer(9);
    let made = game.service.record_login(profile(&stranger), granted("new", 100)).await.unwrap();
    assert_eq!((made.is_admin, made.may_create_campaigns), (false, false));
    assert_eq!(login_of(&game, &stranger).await.user_id, made.id);
    assert_eq!(told(&game, game.campaign.id).await, Vec::<Value>::new());
}

#[tokio::test]
async fn who_left_a_campaign_is_not_told_of_in_it_and_who_is_invited_is() {
    let game = Game::new().await;
    let campaign = game.campaign.id;
    game.service.remove_member(&gm(), campaign, streamer_id(&game.one)).await.unwrap();
    logged_in(&game, &game.one, "gone").await;
    assert_eq!(told(&game, campaign).await, Vec::<Value>::new());
    game.service.invite(&gm(), campaign, game.one.id).await.unwrap();
    logged_in(&game, &game.one, "back").await;
    assert_eq!(told(&game, campaign).await.len(), 1);
}

#[tokio::test]
async fn a_lost_login_keeps_its_tokens_and_is_told_once() {
    let game = Game::new().await;
    let (one, before) = (&game.one, logged_in(&game, &game.one, "kept").await);
    game.clock.advance(30);
    let lose = async |reason| game.service.lose_login(&one.twitch_id, None, reason).await;
    assert_eq!(lose(LoginLoss::Revoked).await, Ok(true));
    game.clock.advance(30);
    assert_eq!(lose(LoginLoss::Refused).await, Ok(false), "it is known");
    let state = LoginState::NeedsLogin { reason: LoginLoss::Revoked, since: at(30) };
    let lost = login_of(&game, one).await;
    assert_eq!(lost, TwitchLogin { state, ..before });
    assert_eq!(lost.status(), LoginStatus::NeedsLogin);
    let facts = told(&game, game.campaign.id).await;
    assert_eq!(facts.len(), 2);
    let needs_login = json!({
        "streamerId": one.id, "status": "needs_login", "reason": "revoked", "since": at(30),
    });
    assert_eq!(facts[1], needs_login);
}

#[tokio::test]
async fn what_is_learnt_about_an_older_login_changes_nothing() {
    let game = Game::new().await;
    logged_in(&game, &game.one, "old").await;
    let login = logged_in(&game, &game.one, "new").await;
    assert_eq!((login.generation, login.tokens.sealed.as_str()), (2, "new"));
    let (service, id) = (&game.service, &game.one.twitch_id);
    for other in [1, 3] {
        assert_eq!(service.lose_login(id, Some(other), LoginLoss::Refused).await, Ok(false));
        assert_eq!(service.renew_tokens(id, other, granted("late", 900)).await, Ok(false));
        assert_eq!(service.login_validated(id, other, at(900)).await, Ok(false));
    }
    assert_eq!(login_of(&game, &game.one).await, login);
    assert_eq!(service.lose_login(id, Some(2), LoginLoss::ScopeMissing).await, Ok(true));
}

#[tokio::test]
async fn renewed_tokens_replace_the_old_ones_in_one_write() {
    let game = Game::new().await;
    let before = logged_in(&game, &game.one, "old").await;
    game.clock.advance(60);
    let (service, id) = (&game.service, &game.one.twitch_id);
    game.store.faults().fail_at_write(2, StoreError::Unavailable("gone".to_owned()));
    let lost = service.renew_tokens(id, 1, granted("new", 200)).await;
    assert!(matches!(lost, Err(ServiceError::Store(StoreError::Unavailable(_)))), "{lost:?}");
    assert_eq!(login_of(&game, &game.one).await, before, "the old ones are still there");
    assert_eq!(service.renew_tokens(id, 1, granted("new", 200)).await, Ok(true));
    let renewed = login_of(&game, &game.one).await;
    assert_eq!(renewed.tokens.sealed, "new");
    assert_eq!((renewed.expires_at, renewed.validated_at), (at(200), at(60)));
    assert_eq!((renewed.generation, renewed.logged_in_at), (1, NOW));
    game.clock.advance(60);
    assert_eq!(service.login_validated(id, 1, at(190)).await, Ok(true));
    let validated = login_of(&game, &game.one).await;
    assert_eq!((validated.expires_at, validated.validated_at), (at(190), at(120)));
    assert_eq!(told(&game, game.campaign.id).await.len(), 1, "that is nobody's business");
}

#[tokio::test]
async fn only_the_person_brings_a_dead_login_back() {
    let game = Game::new().await;
    logged_in(&game, &game.one, "old").await;
    let (service, id) = (&game.service, &game.one.twitch_id);
    service.lose_login(id, Some(1), LoginLoss::Refused).await.unwrap();
    let dead = login_of(&game, &game.one).await;
    assert_eq!(service.renew_tokens(id, 1, granted("ghost", 900)).await, Ok(false));
    assert_eq!(service.login_validated(id, 1, at(900)).await, Ok(false));
    assert_eq!(login_of(&game, &game.one).await, dead);
    let back = logged_in(&game, &game.one, "fresh").await;
    assert_eq!((back.state, back.generation), (LoginState::Connected, 2));
    let statuses: Vec<_> =
        told(&game, game.campaign.id).await.iter().map(|fact| fact["status"].clone()).collect();
    assert_eq!(statuses, ["connected", "needs_login", "connected"]);
}

#[tokio::test]
async fn logins_are_audited_without_their_tokens() {
    let game = Game::new().await;
    logged_in(&game, &game.one, "secret").await;
    let (service, id) = (&game.service, &game.one.twitch_id);
    service.lose_login(id, None, LoginLoss::Refused).await.unwrap();
    let page = PageRequest { limit: 50, cursor: None };
    let lines = game.store.audit(game.campaign.id, page).await.unwrap().items;
    let actions: Vec<_> = lines.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["login.lost", "login.recorded"]);
    assert!(lines.iter().all(|line| !line.details.to_string().contains("secret")));
    assert_eq!(lines[1].details["resumedRedemptions"], 0);
}
