//! People and API keys.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::{Actor, ApiKey, Role};
use crate::campaign::{BroadcasterType, User};
use crate::ids::{ApiKeyId, CampaignId, TwitchUserId, UserId};
use crate::ports::{Lock, UnitOfWork};
use crate::time::Timestamp;
use serde_json::json;

/// What Twitch tells about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwitchProfile {
    /// Twitch's key.
    pub twitch_id: TwitchUserId,
    /// The lower-case name in the channel's address.
    pub login: String,
    /// The name as the person writes it.
    pub display_name: String,
    /// What kind of channel it is.
    pub broadcaster_type: BroadcasterType,
    /// The channel's language; `None` when it is not known, which keeps what was known before.
    pub language: Option<String>,
}

/// A key that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Whose it will be.
    pub user_id: UserId,
    /// The most that it lets its owner do.
    pub role: Role,
    /// The only campaign that it opens; `None` opens all of the owner's.
    pub campaign_id: Option<CampaignId>,
    /// SHA-256 of the key, in hexadecimal.
    pub hash: String,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

impl Gamification {
    /// Inserts or replaces a person.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn save_user(&self, actor: &Actor, user: User) -> Served<User> {
        self.retrying(|| Box::pin(self.try_save_user(actor, &user))).await
    }

    async fn try_save_user(&self, actor: &Actor, user: &User) -> Served<User> {
        let mut uow = self.ports.store.begin().await?;
        uow.users().save(user).await?;
        let details = json!({
            "userId": user.id,
            "login": user.login,
            "isAdmin": user.is_admin,
            "mayCreateCampaigns": user.may_create_campaigns,
        });
        self.note_down(uow.as_mut(), None, actor, "user.saved", details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(user.clone())
    }

    /// The person behind a Twitch account, made when new and refreshed otherwise; the key and what
    /// the person may do stay. A new person may neither administer nor make campaigns.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn ensure_user(&self, profile: TwitchProfile) -> Served<User> {
        self.retrying(|| Box::pin(self.try_ensure_user(&profile))).await
    }

    async fn try_ensure_user(&self, profile: &TwitchProfile) -> Served<User> {
        let mut uow = self.ports.store.begin().await?;
        let (user, has_changed) = self.met(uow.as_mut(), profile).await?;
        if has_changed {
            self.finish(uow, Changes::default()).await?;
        }
        Ok(user)
    }

    /// The person behind a Twitch account, as it is now, and whether anything had to be written.
    pub(super) async fn met(
        &self,
        uow: &mut dyn UnitOfWork,
        profile: &TwitchProfile,
    ) -> Served<(User, bool)> {
        let known = uow.users().by_twitch_id(&profile.twitch_id).await?;
        let mut user = known.clone().unwrap_or_else(|| User {
            id: self.next_id(),
            twitch_id: profile.twitch_id.clone(),
            login: String::new(),
            display_name: String::new(),
            broadcaster_type: profile.broadcaster_type,
            language: "en".to_owned(),
            is_admin: false,
            may_create_campaigns: false,
        });
        user.login = profile.login.to_lowercase();
        user.display_name.clone_from(&profile.display_name);
        user.broadcaster_type = profile.broadcaster_type;
        if let Some(language) = &profile.language {
            user.language.clone_from(language);
        }
        if known.as_ref() == Some(&user) {
            return Ok((user, false));
        }
        uow.users().save(&user).await?;
        if known.is_none() {
            let details = json!({ "userId": user.id, "login": user.login });
            self.note_down(uow, None, &Actor::Service, "user.created", details).await?;
        }
        Ok((user, true))
    }

    /// Makes an API key of an existing person.
    ///
    /// # Errors
    /// When the person or the campaign does not exist, or the key would have expired already.
    pub async fn create_key(&self, actor: &Actor, key: NewKey) -> Served<ApiKey> {
        self.retrying(|| Box::pin(self.try_create_key(actor, &key))).await
    }

    async fn try_create_key(&self, actor: &Actor, new: &NewKey) -> Served<ApiKey> {
        let now = self.now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(ServiceError::invalid("expiresAt", "must lie in the future"));
        }
        let mut uow = self.ports.store.begin().await?;
        if let Some(campaign) = new.campaign_id {
            self.living_campaign(uow.as_mut(), campaign, Lock::Shared).await?;
        }
        self.person(uow.as_mut(), new.user_id).await?;
        let key = ApiKey {
            id: self.next_id(),
            user_id: new.user_id,
            role: new.role,
            campaign_id: new.campaign_id,
            hash: new.hash.clone(),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
        };
        uow.access().insert_key(&key).await?;
        let details = json!({ "keyId": key.id, "userId": key.user_id, "role": key.role });
        self.note_down(uow.as_mut(), key.campaign_id, actor, "key.created", details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(key)
    }

    /// Takes a key back for good.
    ///
    /// # Errors
    /// When there is no such key or it was taken back before.
    pub async fn revoke_key(&self, actor: &Actor, id: ApiKeyId) -> Served<()> {
        self.retrying(|| Box::pin(self.try_revoke_key(actor, id))).await
    }

    async fn try_revoke_key(&self, actor: &Actor, id: ApiKeyId) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        if !uow.access().revoke_key(id, self.now()).await? {
            return Err(ServiceError::NotFound("key"));
        }
        self.note_down(uow.as_mut(), None, actor, "key.revoked", json!({ "keyId": id })).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }

    /// The person with that key.
    pub(super) async fn person(&self, uow: &mut dyn UnitOfWork, id: UserId) -> Served<User> {
        uow.users().get(id).await?.ok_or(ServiceError::NotFound("user"))
    }
}
