//! Which goals wait for the table: the database first, the cache second, and its loss harmless.

use super::{Gamification, Served};
use crate::ids::InstanceId;
use crate::instance::InstanceState;
use crate::ports::PendingExecution;

impl Gamification {
    /// What is awaited of the table for a goal: from the cache, else from the database, which fills
    /// the cache again. A goal that ended meanwhile may still be answered; whoever acts on it locks
    /// the goal and looks again.
    ///
    /// # Errors
    /// When neither answers.
    pub async fn pending_execution(
        &self,
        instance: InstanceId,
    ) -> Served<Option<PendingExecution>> {
        if let Ok(Some(pending)) = self.ports.pending.get(instance).await {
            return Ok(Some(pending));
        }
        let Some(goal) = self.ports.queries.instance(instance).await? else {
            return Ok(None);
        };
        let InstanceState::Executing { completed_at, .. } = goal.state else {
            return Ok(None);
        };
        let pending = PendingExecution {
            instance_id: goal.id,
            campaign_id: goal.campaign_id,
            event_id: goal.event_id,
            streamer_id: goal.scope.streamer(),
            action_type: goal.label.action_type,
            event_name: goal.label.name.en,
            completed_at,
        };
        self.remember_pending(&pending).await;
        Ok(Some(pending))
    }

    /// Puts it into the cache; the adapter tells when it cannot.
    pub(super) async fn remember_pending(&self, pending: &PendingExecution) {
        // A cache that is away costs a look-up later, so there is nothing to do about it here.
        let _ = self.ports.pending.put(pending).await;
    }

    /// Takes it out of the cache; an entry that stays is harmless and runs out.
    pub(super) async fn forget_pending(&self, instance: InstanceId) {
        let _ = self.ports.pending.remove(instance).await;
    }
}
