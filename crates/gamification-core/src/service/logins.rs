//! Logins with Twitch: made by people, kept alive by the service, lost, and made again.

mod browsers;

use super::changes::Changes;
use super::{Gamification, Served, TwitchProfile};
use crate::access::Actor;
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::User;
use crate::ids::{CampaignId, TwitchUserId, UserId};
use crate::login::{LoginLoss, LoginState, SealedTokens, TwitchLogin};
use crate::ports::{PageRequest, UnitOfWork};
use crate::time::Timestamp;
use serde_json::{Value, json};

/// How many campaigns of a person are read at once.
const CAMPAIGNS_PER_PAGE: u32 = 200;

/// What Twitch gave us for a person: after a login, or after a renewal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLogin {
    /// What was granted, in Twitch's words.
    pub scopes: Vec<String>,
    /// What to act with.
    pub tokens: SealedTokens,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

impl Gamification {
    /// A person logged in: whatever was lost works again, and what waited for it goes on at once.
    /// The person is made when new. From now on nothing that is learnt about an earlier login of
    /// theirs counts.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn record_login(&self, profile: TwitchProfile, login: NewLogin) -> Served<User> {
        self.retrying(|| Box::pin(self.try_record_login(&profile, &login))).await
    }

    async fn try_record_login(&self, profile: &TwitchProfile, new: &NewLogin) -> Served<User> {
        let now = self.now();
        let campaigns = self.campaigns_of_person(&profile.twitch_id).await?;
        let mut uow = self.ports.store.begin().await?;
        let (user, _) = self.met(uow.as_mut(), profile).await?;
        let before = uow.logins().lock(user.id).await?;
        let login = TwitchLogin {
            user_id: user.id,
            twitch_id: user.twitch_id.clone(),
            state: LoginState::Connected,
            generation: before.map_or(1, |login| login.generation.saturating_add(1)),
            scopes: new.scopes.clone(),
            tokens: new.tokens.clone(),
            expires_at: new.expires_at,
            validated_at: now,
            logged_in_at: now,
        };
        uow.logins().save(&login).await?;
        let resumed = uow.redemptions().resume(user.id.into(), now).await?;
        let actor = Actor::User { user_id: user.id };
        let details = json!({
            "userId": user.id,
            "generation": login.generation,
            "scopes": login.scopes,
            "resumedRedemptions": resumed,
        });
        self.note_login(uow.as_mut(), &campaigns, &actor, "login.recorded", &details).await?;
        self.tell_login(uow, &login, campaigns).await?;
        Ok(user)
    }

    /// What is kept for a person; `None` when they never logged in.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn login_of(&self, twitch_id: &TwitchUserId) -> Served<Option<TwitchLogin>> {
        let Some(user) = self.ports.queries.user_by_twitch_id(twitch_id).await? else {
            return Ok(None);
        };
        Ok(self.ports.queries.logins(&[user.id]).await?.into_iter().next())
    }

    /// Replaces the tokens of a login that lives, both in one write, so that they are safe before
    /// anybody uses them. `false`, and nothing written, when the person logged in again meanwhile
    /// or the login is dead: only the person brings that back.
    ///
    /// # Errors
    /// When the store cannot: the tokens must not be used before a repetition succeeds.
    pub async fn renew_tokens(
        &self,
        twitch_id: &TwitchUserId,
        generation: u32,
        renewed: NewLogin,
    ) -> Served<bool> {
        let now = self.now();
        let renewed = &renewed;
        let renew = move |login: &mut TwitchLogin| {
            login.scopes.clone_from(&renewed.scopes);
            login.tokens.clone_from(&renewed.tokens);
            login.expires_at = renewed.expires_at;
            login.validated_at = now;
        };
        self.retrying(|| Box::pin(self.change_living(twitch_id, generation, renew))).await
    }

    /// Twitch said that the access token is good until then. `false`, and nothing written, when it
    /// was said of an older login or of a dead one.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn login_validated(
        &self,
        twitch_id: &TwitchUserId,
        generation: u32,
        expires_at: Timestamp,
    ) -> Served<bool> {
        let now = self.now();
        let validate = move |login: &mut TwitchLogin| {
            login.expires_at = expires_at;
            login.validated_at = now;
        };
        self.retrying(|| Box::pin(self.change_living(twitch_id, generation, validate))).await
    }

    async fn change_living(
        &self,
        twitch_id: &TwitchUserId,
        generation: u32,
        change: impl FnOnce(&mut TwitchLogin) + Send,
    ) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        match living(uow.as_mut(), twitch_id, Some(generation)).await? {
            None => Ok(false),
            Some(mut login) => {
                change(&mut login);
                uow.logins().save(&login).await?;
                uow.commit().await?;
                Ok(true)
            }
        }
    }

    /// A login died: everybody in the person's campaigns is told, once. Its tokens are kept.
    /// `false`, and nothing changed, when it is known to be dead already, or when the loss is one
    /// of another `generation`; `None` means the login that there is.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn lose_login(
        &self,
        twitch_id: &TwitchUserId,
        generation: Option<u32>,
        reason: LoginLoss,
    ) -> Served<bool> {
        self.retrying(|| Box::pin(self.try_lose_login(twitch_id, generation, reason))).await
    }

    async fn try_lose_login(
        &self,
        twitch_id: &TwitchUserId,
        generation: Option<u32>,
        reason: LoginLoss,
    ) -> Served<bool> {
        let campaigns = self.campaigns_of_person(twitch_id).await?;
        let mut uow = self.ports.store.begin().await?;
        let Some(mut login) = living(uow.as_mut(), twitch_id, generation).await? else {
            return Ok(false);
        };
        login.state = LoginState::NeedsLogin { reason, since: self.now() };
        uow.logins().save(&login).await?;
        let details = json!({
            "userId": login.user_id,
            "generation": login.generation,
            "reason": reason,
        });
        let actor = Actor::Service;
        self.note_login(uow.as_mut(), &campaigns, &actor, "login.lost", &details).await?;
        self.tell_login(uow, &login, campaigns).await?;
        Ok(true)
    }

    /// The campaigns in which the person leads, takes part or is invited; read before the
    /// transaction, in which only the store's own rows are waited for.
    async fn campaigns_of_person(&self, twitch_id: &TwitchUserId) -> Served<Vec<CampaignId>> {
        match self.ports.queries.user_by_twitch_id(twitch_id).await? {
            Some(user) => self.campaigns_of_user(user.id).await,
            None => Ok(Vec::new()),
        }
    }

    /// The campaigns in which that user leads, takes part or is invited, page by page.
    pub(super) async fn campaigns_of_user(&self, user: UserId) -> Served<Vec<CampaignId>> {
        let (mut campaigns, mut cursor) = (Vec::new(), None);
        loop {
            let request = PageRequest { limit: CAMPAIGNS_PER_PAGE, cursor };
            let page = self.ports.queries.campaigns_of(user, request).await?;
            campaigns.extend(page.items.into_iter().map(|campaign| campaign.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(campaigns);
            }
        }
    }

    /// Audits where those who have to do with it look: in each of the person's campaigns.
    async fn note_login(
        &self,
        uow: &mut dyn UnitOfWork,
        campaigns: &[CampaignId],
        actor: &Actor,
        action: &str,
        details: &Value,
    ) -> Served<()> {
        if campaigns.is_empty() {
            return self.note_down(uow, None, actor, action, details.clone()).await;
        }
        for campaign in campaigns {
            self.note_down(uow, Some(*campaign), actor, action, details.clone()).await?;
        }
        Ok(())
    }

    /// Tells where a login stands, commits, and wakes the workers.
    async fn tell_login(
        &self,
        uow: Box<dyn UnitOfWork>,
        login: &TwitchLogin,
        campaigns: Vec<CampaignId>,
    ) -> Served<()> {
        let mut changes = Changes::default();
        for campaign in campaigns {
            // Members only: viewers have no business with it.
            let members = Visibility::Channels { streamer_ids: Vec::new() };
            let kind = AnnouncementKind::LoginStatus;
            changes.tell(campaign, Announcement::about_campaign(kind, members, told(login)));
        }
        changes.wake_workers();
        Ok(self.finish(uow, changes).await?)
    }
}

/// The login if it is that one and lives.
async fn living(
    uow: &mut dyn UnitOfWork,
    twitch_id: &TwitchUserId,
    generation: Option<u32>,
) -> Served<Option<TwitchLogin>> {
    let Some(user) = uow.users().by_twitch_id(twitch_id).await? else {
        return Ok(None);
    };
    let login = uow.logins().lock(user.id).await?;
    Ok(login.filter(|login| {
        login.state == LoginState::Connected
            && generation.is_none_or(|generation| generation == login.generation)
    }))
}

fn told(login: &TwitchLogin) -> Value {
    let mut payload = json!({ "streamerId": login.user_id, "status": login.status() });
    if let LoginState::NeedsLogin { reason, since } = login.state {
        payload["reason"] = json!(reason);
        payload["since"] = json!(since);
    }
    payload
}
