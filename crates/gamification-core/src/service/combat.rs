//! The fights at the tables: what is kept of them, and what ends with them.

use super::changes::Changes;
use super::seat::{Seat, lock_seat};
use super::{Gamification, Served, ServiceError};
use crate::announcement::Announcement;
use crate::ids::{CampaignId, ConnectionId, VttActorId};
use crate::instance::{CancelReason, Instance};
use crate::ports::{Lock, UnitOfWork};
use crate::vtt::{Combat, CombatReport, ShownCombat};

impl Gamification {
    /// A table told something of a combat. The combat that it fights is kept together with whether
    /// it fights one; what changed is told, to everybody as far as everybody may see it. The same
    /// report from several browsers counts once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such connection.
    pub async fn combat_reported(
        &self,
        connection: ConnectionId,
        report: &CombatReport,
    ) -> Served<()> {
        self.retrying(|| Box::pin(self.take_combat_report(connection, report))).await
    }

    async fn take_combat_report(&self, id: ConnectionId, report: &CombatReport) -> Served<()> {
        let now = self.now();
        self.change_combat(id, |known| Combat::after(known, report, now)).await
    }

    /// A table told whether an effect of ours lasts on an actor, beside its combat.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such connection.
    pub async fn effect_on_actor_reported(
        &self,
        connection: ConnectionId,
        actor: &VttActorId,
        is_affected: bool,
    ) -> Served<()> {
        self.retrying(|| {
            Box::pin(self.change_combat(connection, |known| {
                let mut combat = known.cloned()?;
                combat.note_effect(actor, is_affected);
                Some(combat)
            }))
        })
        .await
    }

    /// Keeps what became of the combat of a world, and tells what changed.
    async fn change_combat(
        &self,
        id: ConnectionId,
        change: impl FnOnce(Option<&Combat>) -> Option<Combat> + Send,
    ) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let connection = uow.vtt().connection(id, Lock::Exclusive).await?;
        let mut connection = connection.ok_or(ServiceError::NotFound("connection"))?;
        let before = uow.vtt().combat(id).await?;
        let Some(after) = change(before.as_ref()) else { return Ok(()) };
        let is_the_same = connection.is_in_combat == after.has_begun();
        if before.as_ref() == Some(&after) && is_the_same {
            return Ok(());
        }
        uow.vtt().save_combat(id, &after).await?;
        let mut changes = Changes::default();
        if !is_the_same {
            connection.is_in_combat = after.has_begun();
            uow.vtt().save_connection(&connection).await?;
            changes.wake_workers();
        }
        if let Some(campaign) = connection.campaign_id {
            let fact = what_changed(before.as_ref(), &after);
            fact.into_iter().for_each(|fact| changes.tell(campaign, fact));
        }
        Ok(self.finish(uow, changes).await?)
    }

    /// Nobody knows whether the combat that is kept of a table is still fought: its first client
    /// came back, and what happened meanwhile was not told. It ends soon, unless the client says
    /// that it goes on.
    ///
    /// # Errors
    /// [`ServiceError::Store`] only.
    pub async fn combat_in_doubt(&self, connection: ConnectionId) -> Served<()> {
        self.retrying(|| {
            Box::pin(async move {
                let mut uow = self.ports.store.begin().await?;
                uow.vtt().connection(connection, Lock::Exclusive).await?;
                self.doubt_combat(uow.as_mut(), connection).await?;
                Ok(uow.commit().await?)
            })
        })
        .await
    }

    /// Has the combat of a locked world end soon, unless a sign of life comes first.
    pub(super) async fn doubt_combat(
        &self,
        uow: &mut dyn UnitOfWork,
        connection: ConnectionId,
    ) -> Served<()> {
        let Some(known) = uow.vtt().combat(connection).await? else { return Ok(()) };
        let mut combat = known.clone();
        combat.doubt(self.now());
        if combat != known {
            uow.vtt().save_combat(connection, &combat).await?;
        }
        Ok(())
    }

    /// Ends the combats whose time has come; how many. Goals that need one are cancelled and
    /// refunded with it. A worker calls it twice a second, on any number of nodes.
    ///
    /// # Errors
    /// The first failure, after all were tried; the next step goes on.
    pub async fn sweep_ended_combats(&self) -> Served<u64> {
        let (mut ended, mut failure) = (0, None);
        for connection in self.ports.queries.ending_combats(self.now()).await? {
            match self.retrying(|| Box::pin(self.end_combat(connection))).await {
                Ok(has_ended) => ended += u64::from(has_ended),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(ended), Err)
    }

    /// The campaign is locked exclusively, so that no goal opens in it that counts on the combat.
    async fn end_combat(&self, id: ConnectionId) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let seat = lock_seat(uow.as_mut(), id, Lock::Exclusive).await?;
        let Seat { campaign, mut connection } = seat;
        let combat = uow.vtt().combat(id).await?;
        let is_over = |combat: &Combat| combat.ends_at.is_some_and(|end| end <= self.now());
        let Some(combat) = combat.filter(is_over) else { return Ok(false) };
        uow.vtt().remove_combat(id).await?;
        connection.is_in_combat = false;
        uow.vtt().save_connection(&connection).await?;
        let mut changes = Changes::default();
        let fact = Announcement::combat_ended(&combat.id, combat.has_begun());
        changes.tell(campaign.id, fact);
        changes.wake_workers();
        let table = uow.vtt().connection_of(campaign.id).await?;
        if table.is_some_and(|table| table.id == id) {
            let goals = self.goals_in_combat(uow.as_mut(), campaign.id).await?;
            let reason = CancelReason::CombatEnded;
            self.stop_goals(uow.as_mut(), goals, reason, &mut changes).await?;
        }
        self.finish(uow, changes).await?;
        tracing::info!(connection_id = %id, combat_id = %combat.id, "combat over");
        Ok(true)
    }

    /// The open goals of the campaign that need a combat, locked.
    async fn goals_in_combat(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
    ) -> Served<Vec<Instance>> {
        let mut goals = Vec::new();
        for goal in uow.instances().lock_all_open(campaign, None).await? {
            let event = self.event_of(uow, &goal).await?;
            if self.actions.needs(&event.action).combat {
                goals.push(goal);
            }
        }
        Ok(goals)
    }
}

/// What is told of a combat that changed. A date for its end is nobody's business.
fn what_changed(before: Option<&Combat>, after: &Combat) -> Option<Announcement> {
    let was_shown = before.and_then(ShownCombat::of);
    let is_shown = ShownCombat::of(after);
    let told = is_shown.and_then(|now| Announcement::combat_changed(was_shown.as_ref(), &now));
    let unseen = || Announcement::combat_changed_unseen(&after.id);
    let lasting = |combat: &Combat| Combat { ends_at: None, ..combat.clone() };
    told.or_else(|| (before.map(lasting) != Some(lasting(after))).then(unseen))
}
