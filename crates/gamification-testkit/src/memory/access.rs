use super::unit::{MemoryUnit, insert_new, not_found};
use async_trait::async_trait;
use gamification_core::access::{
    ApiKey, AuditEntry, IDEMPOTENCY_SECONDS, IdempotentAnswer, OverlaySighting, OverlayToken,
};
use gamification_core::ids::{ApiKeyId, OverlayId, UserId};
use gamification_core::ports::{AccessRepository, StoreError};
use gamification_core::time::Timestamp;

type Stored<T> = Result<T, StoreError>;

#[async_trait]
impl AccessRepository for MemoryUnit {
    async fn insert_key(&mut self, key: &ApiKey) -> Stored<()> {
        insert_new(&mut self.write()?.keys, key.id, key)
    }

    async fn revoke_key(&mut self, id: ApiKeyId, now: Timestamp) -> Stored<bool> {
        match self.write()?.keys.get_mut(&id) {
            Some(key) if key.revoked_at.is_none() => {
                key.revoked_at = Some(now);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn overlay(&mut self, id: OverlayId) -> Stored<Option<OverlayToken>> {
        Ok(self.read()?.overlays.get(&id).cloned())
    }

    async fn save_overlay(&mut self, overlay: &OverlayToken) -> Stored<()> {
        self.write()?.overlays.insert(overlay.id, overlay.clone());
        Ok(())
    }

    async fn note_sightings(&mut self, sightings: &[OverlaySighting]) -> Stored<u64> {
        let overlays = &mut self.write()?.overlays;
        let mut changed = 0;
        for told in sightings {
            let (now, overlay) = (told.sighting, overlays.get_mut(&told.overlay_id));
            let takes_it = |overlay: &&mut OverlayToken| {
                overlay.revoked_at.is_none()
                    && overlay.created_at <= now.seen_at
                    && overlay.sighting.is_none_or(|before| before.seen_at <= now.seen_at)
            };
            if let Some(overlay) = overlay.filter(takes_it) {
                overlay.sighting = Some(now);
                changed += 1;
            }
        }
        Ok(changed)
    }

    async fn claim_idempotency(
        &mut self,
        claim: &IdempotentAnswer,
    ) -> Stored<Option<IdempotentAnswer>> {
        let claims = &mut self.write()?.idempotency;
        let key = (claim.user_id, claim.key.clone());
        let oldest = claim.created_at.minus_seconds(IDEMPOTENCY_SECONDS);
        if let Some(known) = claims.get(&key).filter(|known| known.created_at >= oldest) {
            return Ok(Some(known.clone()));
        }
        claims.insert(key, claim.clone());
        Ok(None)
    }

    async fn save_idempotent_answer(&mut self, answer: &IdempotentAnswer) -> Stored<()> {
        let claims = &mut self.write()?.idempotency;
        let key = (answer.user_id, answer.key.clone());
        let place = claims.get_mut(&key).ok_or_else(|| not_found("the claim"))?;
        *place = answer.clone();
        Ok(())
    }

    async fn forget_idempotency(&mut self, user: UserId, key: &str) -> Stored<()> {
        self.write()?.idempotency.remove(&(user, key.to_owned()));
        Ok(())
    }

    async fn audit(&mut self, entry: &AuditEntry) -> Stored<()> {
        insert_new(&mut self.write()?.audit, entry.id, entry)
    }
}
