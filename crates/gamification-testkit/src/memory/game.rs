use super::state::State;
use super::unit::{MemoryUnit, insert_new, not_found, replace};
use async_trait::async_trait;
use gamification_core::campaign::{Campaign, Character, Membership, MembershipStatus, User};
use gamification_core::ids::{
    CampaignId, CharacterId, StreamerId, TwitchUserId, UserId, VttActorId,
};
use gamification_core::ports::{CampaignRepository, Lock, MemberRow, StoreError, UserRepository};
use gamification_core::preferences::Preferences;

type Stored<T> = Result<T, StoreError>;

impl State {
    /// The members who have not left, ordered by login.
    pub(super) fn members(&self, campaign: CampaignId) -> Vec<MemberRow> {
        let mut members: Vec<_> = self
            .memberships
            .values()
            .filter(|m| m.campaign_id == campaign && m.status != MembershipStatus::Left)
            .filter_map(|membership| {
                let user = self.users.get(&membership.streamer_id.into())?.clone();
                Some(MemberRow { membership: membership.clone(), user })
            })
            .collect();
        members.sort_by(|a, b| a.user.login.cmp(&b.user.login));
        members
    }
}

#[async_trait]
impl UserRepository for MemoryUnit {
    async fn get(&mut self, id: UserId) -> Stored<Option<User>> {
        Ok(self.read()?.users.get(&id).cloned())
    }

    async fn get_many(&mut self, ids: &[UserId]) -> Stored<Vec<User>> {
        let users = &self.read()?.users;
        Ok(users.values().filter(|user| ids.contains(&user.id)).cloned().collect())
    }

    async fn by_twitch_id(&mut self, id: &TwitchUserId) -> Stored<Option<User>> {
        Ok(self.read()?.users.values().find(|user| user.twitch_id == *id).cloned())
    }

    async fn by_login(&mut self, login: &str) -> Stored<Option<User>> {
        Ok(self.read()?.user_by_login(login))
    }

    async fn save(&mut self, user: &User) -> Stored<()> {
        let users = &mut self.write()?.users;
        if users.values().any(|other| other.twitch_id == user.twitch_id && other.id != user.id) {
            return Err(StoreError::AlreadyExists(format!("Twitch user {}", user.twitch_id)));
        }
        users.insert(user.id, user.clone());
        Ok(())
    }

    async fn save_preferences(&mut self, preferences: &Preferences) -> Stored<()> {
        let state = self.write()?;
        if !state.users.contains_key(&preferences.user_id) {
            return Err(StoreError::Missing(format!("user {}", preferences.user_id)));
        }
        state.preferences.insert(preferences.user_id, preferences.clone());
        Ok(())
    }
}

#[async_trait]
impl CampaignRepository for MemoryUnit {
    async fn get(&mut self, id: CampaignId, _lock: Lock) -> Stored<Option<Campaign>> {
        Ok(self.read()?.campaigns.get(&id).cloned())
    }

    async fn insert(&mut self, campaign: &Campaign) -> Stored<()> {
        insert_new(&mut self.write()?.campaigns, campaign.id, campaign)
    }

    async fn update(&mut self, campaign: &Campaign) -> Stored<()> {
        replace(&mut self.write()?.campaigns, &campaign.id, campaign)
    }

    async fn delete(&mut self, id: CampaignId) -> Stored<()> {
        let state = self.write()?;
        state.campaigns.remove(&id).ok_or_else(|| not_found(id))?;
        state.memberships.retain(|(campaign, _), _| *campaign != id);
        state.characters.retain(|_, character| character.campaign_id != id);
        state.criticality_rules.retain(|_, rule| rule.campaign_id != id);
        state.campaign_configs.retain(|(campaign, _), _| *campaign != id);
        state.streamer_configs.retain(|(campaign, ..), _| *campaign != id);
        state.outbox.retain(|_, row| row.entry.campaign_id != id);
        let gone: Vec<_> = state
            .connections
            .values()
            .filter(|connection| connection.campaign_id == Some(id))
            .map(|connection| connection.id)
            .collect();
        state.connections.retain(|key, _| !gone.contains(key));
        state.combats.retain(|key, _| !gone.contains(key));
        state.clients.retain(|_, client| !gone.contains(&client.connection_id));
        state.credentials.retain(|_, credential| !gone.contains(&credential.connection_id));
        state.pairings.retain(|_, p| !p.connection_id.is_some_and(|c| gone.contains(&c)));
        Ok(())
    }

    async fn deleting(&mut self) -> Stored<Vec<CampaignId>> {
        let campaigns = &self.read()?.campaigns;
        Ok(campaigns.values().filter(|c| c.is_deleting).map(|c| c.id).collect())
    }

    async fn membership(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Stored<Option<Membership>> {
        Ok(self.read()?.memberships.get(&(campaign, streamer)).cloned())
    }

    async fn memberships(&mut self, campaign: CampaignId) -> Stored<Vec<Membership>> {
        let memberships = &self.read()?.memberships;
        Ok(memberships.values().filter(|m| m.campaign_id == campaign).cloned().collect())
    }

    async fn save_membership(&mut self, membership: &Membership) -> Stored<()> {
        let key = (membership.campaign_id, membership.streamer_id);
        self.write()?.memberships.insert(key, membership.clone());
        Ok(())
    }

    async fn character(&mut self, id: CharacterId) -> Stored<Option<Character>> {
        Ok(self.read()?.characters.get(&id).cloned())
    }

    async fn character_of_actor(
        &mut self,
        campaign: CampaignId,
        actor: &VttActorId,
    ) -> Stored<Option<Character>> {
        let characters = &self.read()?.characters;
        Ok(characters
            .values()
            .find(|c| c.campaign_id == campaign && c.vtt_actor_id == *actor)
            .cloned())
    }

    async fn characters(&mut self, campaign: CampaignId) -> Stored<Vec<Character>> {
        Ok(self.read()?.characters_of(campaign))
    }

    async fn has_character(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> Stored<bool> {
        Ok(self.read()?.has_character(campaign, streamer, gm_character))
    }

    async fn delete_character(&mut self, id: CharacterId) -> Stored<()> {
        self.write()?.characters.remove(&id);
        Ok(())
    }

    async fn save_character(&mut self, character: &Character) -> Stored<()> {
        self.write()?.characters.insert(character.id, character.clone());
        Ok(())
    }
}
