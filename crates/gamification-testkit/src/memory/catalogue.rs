use super::unit::{MemoryUnit, insert_new, not_found, replace};
use async_trait::async_trait;
use gamification_core::event::{CampaignConfig, Event, StreamerConfig};
use gamification_core::ids::{CampaignId, EventId, StreamerId};
use gamification_core::ports::{CatalogueRepository, ConfigRepository, Lock, StoreError};
use gamification_core::reward::RewardStatus;

type Stored<T> = Result<T, StoreError>;

#[async_trait]
impl CatalogueRepository for MemoryUnit {
    async fn get(&mut self, id: EventId) -> Stored<Option<Event>> {
        Ok(self.read()?.events.get(&id).cloned())
    }

    async fn by_slug(&mut self, slug: &str) -> Stored<Option<Event>> {
        Ok(self.read()?.events.values().find(|event| event.slug == slug).cloned())
    }

    async fn insert(&mut self, event: &Event) -> Stored<()> {
        let events = &mut self.write()?.events;
        if events.values().any(|other| other.slug == event.slug) {
            return Err(StoreError::AlreadyExists(format!("event {}", event.slug)));
        }
        insert_new(events, event.id, event)
    }

    async fn update(&mut self, event: &Event) -> Stored<()> {
        replace(&mut self.write()?.events, &event.id, event)
    }

    async fn delete(&mut self, id: EventId) -> Stored<()> {
        let state = self.write()?;
        state.events.remove(&id).ok_or_else(|| not_found(id))?;
        state.campaign_configs.retain(|(_, event), _| *event != id);
        state.streamer_configs.retain(|(_, event, _), _| *event != id);
        Ok(())
    }

    async fn is_in_use(&mut self, id: EventId) -> Stored<bool> {
        let state = self.read()?;
        let is_enabled = state.campaign_configs.values().any(|c| c.event_id == id && c.is_enabled);
        let has_open_goal = state.instances.values().any(|i| i.event_id == id && i.is_open());
        let has_reward = state
            .rewards
            .values()
            .any(|reward| reward.event_id == id && reward.status != RewardStatus::Deleted);
        Ok(is_enabled || has_open_goal || has_reward)
    }
}

#[async_trait]
impl ConfigRepository for MemoryUnit {
    async fn campaign_config(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        _lock: Lock,
    ) -> Stored<Option<CampaignConfig>> {
        Ok(self.read()?.campaign_configs.get(&(campaign, event)).cloned())
    }

    async fn campaign_configs(
        &mut self,
        campaign: CampaignId,
        _lock: Lock,
    ) -> Stored<Vec<CampaignConfig>> {
        let configs = &self.read()?.campaign_configs;
        Ok(configs.values().filter(|c| c.campaign_id == campaign).cloned().collect())
    }

    async fn save_campaign_config(&mut self, config: &CampaignConfig) -> Stored<()> {
        let key = (config.campaign_id, config.event_id);
        self.write()?.campaign_configs.insert(key, config.clone());
        Ok(())
    }

    async fn streamer_config(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Stored<Option<StreamerConfig>> {
        Ok(self.read()?.streamer_configs.get(&(campaign, event, streamer)).cloned())
    }

    async fn streamer_configs(
        &mut self,
        campaign: CampaignId,
        event: EventId,
    ) -> Stored<Vec<StreamerConfig>> {
        let configs = &self.read()?.streamer_configs;
        let of_event = |c: &&StreamerConfig| c.campaign_id == campaign && c.event_id == event;
        Ok(configs.values().filter(of_event).cloned().collect())
    }

    async fn save_streamer_config(&mut self, config: &StreamerConfig) -> Stored<()> {
        let key = (config.campaign_id, config.event_id, config.streamer_id);
        self.write()?.streamer_configs.insert(key, config.clone());
        Ok(())
    }
}
