//! `GET /auth/twitch/callback`: Twitch leads the browser back here with its answer.

use super::answer::{redirect, refuse, with_cookies};
use super::attempt::{Attempt, clear_cookie};
use super::redirect_url;
use super::start::lead_to_twitch;
use crate::auth::{SessionCookie, new_session_secret, session_of};
use crate::people::profile;
use crate::problem::Problem;
use crate::services::Shared;
use crate::vault::sealed_login;
use gamification_core::access::Actor;
use gamification_core::campaign::{MembershipStatus, User};
use gamification_core::ids::CampaignId;
use gamification_core::login::{LoginStatus, TwitchLogin};
use gamification_core::ports::{PageRequest, Queries, StoreError};
use gamification_core::trigger::{PollVote, TriggerHandler};
use gamification_twitch::scopes::{CHAT, POLLS, REWARDS};
use gamification_twitch::{OAuthError, Tokens, TwitchAccount};
use poem::web::{Data, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;
use std::collections::BTreeSet;

/// In how many of the person's campaigns it is looked for what is switched on, the newest first.
const CAMPAIGNS_MAX: u32 = 200;

#[derive(Deserialize)]
struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Takes Twitch's answer. The attempt is over whatever comes of it.
#[handler]
pub(super) async fn callback(
    services: Data<&Shared>,
    request: &Request,
    query: poem::Result<Query<CallbackQuery>>,
) -> Response {
    let forget = [clear_cookie(services.is_https())];
    let answer = match query {
        Ok(Query(query)) => finish(&services, request, query).await,
        Err(error) => Err(Problem::malformed(error.to_string())),
    };
    match answer {
        Ok(Finished::SignedIn(response)) => with_cookies(response, &forget),
        // The attempt's cookie is replaced by that of the next one.
        Ok(Finished::AskedAgain(response)) => response,
        Err(problem) => refuse(request, &problem, &forget),
    }
}

enum Finished {
    SignedIn(Response),
    AskedAgain(Response),
}

async fn finish(
    services: &Shared,
    request: &Request,
    query: CallbackQuery,
) -> Result<Finished, Problem> {
    let now = services.core.ports().clock.now();
    let attempt = Attempt::of(request, services.is_https(), &services.seal, now)?;
    if !attempt.is_answered_by(query.state.as_deref()) {
        return Err(Problem::sign_in_failed("the answer is not the one to what was asked here"));
    }
    if !services.sign_in.spent.spend(&attempt.state, now) {
        return Err(Problem::sign_in_failed("the answer was used before"));
    }
    let code = code_of(query)?;
    let back = redirect_url(&services.public_url);
    let (account, tokens) = services.sign_in.logins.exchange(&code, &back).await.map_err(failed)?;
    let held = services.core.login_of(&account.id).await?;
    let used = used_scopes(services, &account, &attempt).await?;
    let user = match kept(held.as_ref(), &tokens.scopes, &used, attempt.is_second) {
        Kept::New => record(services, account, &tokens, held.is_none()).await?,
        Kept::Old => services.core.ensure_user(profile(account)).await?,
        Kept::Neither(scopes) => {
            let again = lead_to_twitch(services, &attempt.again(scopes, now))?;
            return Ok(Finished::AskedAgain(again));
        }
    };
    sign_in(services, request, &user, &attempt).await.map(Finished::SignedIn)
}

fn code_of(query: CallbackQuery) -> Result<String, Problem> {
    match (query.error.as_deref(), query.code) {
        (Some("access_denied"), _) => Err(Problem::sign_in_declined()),
        (Some(_), _) => Err(Problem::sign_in_failed("Twitch could not ask you; try again")),
        (None, Some(code)) if !code.is_empty() => Ok(code),
        (None, _) => Err(Problem::sign_in_failed("the answer has no code")),
    }
}

/// Why Twitch gave nothing for a code.
pub(super) fn failed(error: OAuthError) -> Problem {
    match error {
        OAuthError::Refused(reason) => {
            tracing::info!(reason, "Twitch refused a sign-in");
            Problem::sign_in_failed("Twitch does not take the answer any more; try again")
        }
        OAuthError::Unavailable(reason) => Problem::unavailable(reason),
    }
}

/// Which login is kept.
enum Kept {
    /// The one that was made now.
    New,
    /// The one from before: it lives, and may do more.
    Old,
    /// Neither covers the other. The person is asked for all of these.
    Neither(Vec<String>),
}

/// What is switched on for the person, and was not known to be when they were sent to Twitch.
async fn used_scopes(
    services: &Shared,
    account: &TwitchAccount,
    attempt: &Attempt,
) -> Result<Vec<String>, Problem> {
    let is_streamer = attempt.scopes.iter().any(|scope| scope == REWARDS);
    let queries = &services.core.ports().queries;
    let user = queries.user_by_twitch_id(&account.id).await?.filter(|_| is_streamer);
    let Some(user) = user else { return Ok(Vec::new()) };
    let page = PageRequest { limit: CAMPAIGNS_MAX, cursor: None };
    let mut used = BTreeSet::new();
    for campaign in queries.campaigns_of(user.id, page).await?.items {
        let member = queries.membership(campaign.id, user.id.into()).await?;
        let Some(member) = member.filter(|m| m.status == MembershipStatus::Active) else {
            continue;
        };
        if member.has_chat_notices {
            used.insert(CHAT);
        }
        if listens_to_polls(queries.as_ref(), campaign.id).await? {
            used.insert(POLLS);
        }
    }
    Ok(used.into_iter().map(str::to_owned).collect())
}

/// Whether a poll may open a goal of the campaign.
async fn listens_to_polls(queries: &dyn Queries, campaign: CampaignId) -> Result<bool, StoreError> {
    for config in queries.campaign_configs(campaign).await? {
        if config.is_enabled {
            let event = queries.event(config.event_id).await?;
            if event.is_some_and(|event| event.trigger.kind == PollVote.kind()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Who only signs in is asked for nothing; that must not cost a streamer what was granted before.
/// `new`: what was granted now; `used`: what else is needed.
fn kept(held: Option<&TwitchLogin>, new: &[String], used: &[String], is_second: bool) -> Kept {
    let before = held.map(|held| held.scopes.as_slice()).unwrap_or_default();
    let mut lacking = before.to_vec();
    lacking.extend(used.iter().filter(|scope| !before.contains(scope)).cloned());
    lacking.retain(|scope| !new.contains(scope));
    if lacking.is_empty() {
        return Kept::New;
    }
    let is_connected = held.is_some_and(|held| held.status() == LoginStatus::Connected);
    if is_connected && new.iter().chain(used).all(|scope| before.contains(scope)) {
        return Kept::Old;
    }
    if is_second {
        // Asked for everything, the person granted this.
        return Kept::New;
    }
    let mut asked = new.to_vec();
    asked.extend(lacking);
    Kept::Neither(asked)
}

async fn record(
    services: &Shared,
    account: TwitchAccount,
    tokens: &Tokens,
    is_first: bool,
) -> Result<User, Problem> {
    let core = &services.core;
    let login = sealed_login(&services.seal, &account.id, tokens);
    let login = login.map_err(|error| Problem::internal(error.to_string()))?;
    let profile = profile(account);
    // Before the login: a sign-in that breaks off here is still a first one when it is repeated.
    if is_first && services.sign_in.rules.open_signup {
        let user = core.ensure_user(profile.clone()).await?;
        if !user.may_create_campaigns {
            let admitted = User { may_create_campaigns: true, ..user };
            core.save_user(&Actor::Service, admitted).await?;
        }
    }
    let user = core.record_login(profile, login).await?;
    tracing::info!(user_id = %user.id, scopes = ?tokens.scopes, "a person logged in with Twitch");
    services.subscriptions.nudge();
    Ok(user)
}

/// Gives the browser a session of that person, in place of the one that it may have had.
async fn sign_in(
    services: &Shared,
    request: &Request,
    user: &User,
    attempt: &Attempt,
) -> Result<Response, Problem> {
    let core = &services.core;
    let (secret, lifetime) = (new_session_secret(), services.sign_in.session_seconds());
    core.start_login_session(user.id, secret.hash, lifetime).await?;
    if let Ok(Some((before, _))) = session_of(core, &services.public_url, request).await {
        let actor = Actor::User { user_id: before.user_id };
        if let Err(error) = core.end_login_session(&actor, before.id).await {
            tracing::debug!(%error, "the browser's session from before was not ended");
        }
    }
    let cookie = SessionCookie::at(&services.public_url).set(&secret.text, lifetime);
    Ok(redirect(&attempt.return_to, &[cookie]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use gamification_core::login::{LoginLoss, LoginState, SealedTokens};
    use gamification_testkit::fixtures;

    fn scopes(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    fn told(state: LoginState, held: &str, new: &str, used: &str, is_second: bool) -> String {
        let user = fixtures::streamer(1);
        let login = TwitchLogin {
            user_id: user.id,
            twitch_id: user.twitch_id,
            state,
            generation: 1,
            scopes: scopes(held),
            tokens: SealedTokens { key_id: String::new(), sealed: String::new() },
            expires_at: fixtures::at(0),
            validated_at: fixtures::at(0),
            logged_in_at: fixtures::at(0),
        };
        match kept(Some(&login), &scopes(new), &scopes(used), is_second) {
            Kept::New => "new".to_owned(),
            Kept::Old => "old".to_owned(),
            Kept::Neither(scopes) => scopes.join(" "),
        }
    }

    #[test]
    fn no_sign_in_costs_a_person_what_was_granted_before() {
        let dead = LoginState::NeedsLogin { reason: LoginLoss::Refused, since: fixtures::at(0) };
        for (state, held, new, used, expected) in [
            (LoginState::Connected, "", "", "", "new"),
            (LoginState::Connected, "", "rewards", "", "new"),
            (LoginState::Connected, "rewards", "rewards", "", "new"),
            (LoginState::Connected, "rewards", "", "", "old"),
            (LoginState::Connected, "rewards chat", "rewards", "chat", "old"),
            (LoginState::Connected, "rewards", "rewards", "chat", "rewards chat"),
            (LoginState::Connected, "rewards chat", "rewards polls", "", "rewards polls chat"),
            (dead, "rewards", "rewards chat", "", "new"),
            (dead, "rewards", "", "", "rewards"),
            (dead, "rewards chat", "rewards", "chat", "rewards chat"),
        ] {
            let told = told(state, held, new, used, false);
            assert_eq!(told, expected, "{state:?} {held} + {new} for {used}");
        }
        assert!(matches!(kept(None, &scopes("rewards"), &[], false), Kept::New));
        assert!(matches!(kept(None, &scopes("rewards"), &scopes("chat"), false), Kept::Neither(_)));
        // Asked for everything, the person gave less: that is their answer, not another question.
        assert_eq!(told(dead, "rewards chat", "rewards", "chat", true), "new");
    }
}
