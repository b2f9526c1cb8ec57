//! The audit, and the answers that repeated requests get again.

use super::changes::Changes;
use super::{Gamification, Served};
use crate::access::{Actor, AuditEntry, IdempotentAnswer};
use crate::ids::{CampaignId, UserId};
use crate::ports::UnitOfWork;
use serde_json::Value;

/// What came of claiming an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is new: work on the request, then answer or forget this claim.
    Ours(IdempotentAnswer),
    /// The key was used before. Its status is `None` while the first request is being worked on,
    /// and its `request_hash` tells whether it was the same request.
    Known(IdempotentAnswer),
}

impl Gamification {
    /// Appends a line to the audit, for what is done by a use case that does not audit itself.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn audit(
        &self,
        campaign: Option<CampaignId>,
        actor: &Actor,
        action: &str,
        details: Value,
    ) -> Served<()> {
        self.retrying(|| Box::pin(self.try_audit(campaign, actor, action, &details))).await
    }

    async fn try_audit(
        &self,
        campaign: Option<CampaignId>,
        actor: &Actor,
        action: &str,
        details: &Value,
    ) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        self.note_down(uow.as_mut(), campaign, actor, action, details.clone()).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }

    /// Appends a line to the audit in the transaction that did what it tells. The action is
    /// `noun.verb`; the details hold no secrets.
    pub(super) async fn note_down(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: Option<CampaignId>,
        actor: &Actor,
        action: &str,
        details: Value,
    ) -> Served<()> {
        let entry = AuditEntry {
            id: self.next_id(),
            campaign_id: campaign,
            actor: actor.clone(),
            action: action.to_owned(),
            details,
            at: self.now(),
        };
        Ok(uow.access().audit(&entry).await?)
    }

    /// Claims an `Idempotency-Key` of a person for a request.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn claim_idempotency(
        &self,
        user: UserId,
        key: String,
        request_hash: String,
    ) -> Served<Claim> {
        let claim = IdempotentAnswer {
            user_id: user,
            key,
            request_hash,
            status: None,
            body: String::new(),
            created_at: self.now(),
        };
        self.retrying(|| Box::pin(self.try_claim(&claim))).await
    }

    async fn try_claim(&self, claim: &IdempotentAnswer) -> Served<Claim> {
        let mut uow = self.ports.store.begin().await?;
        if let Some(known) = uow.access().claim_idempotency(claim).await? {
            return Ok(Claim::Known(known));
        }
        self.finish(uow, Changes::default()).await?;
        Ok(Claim::Ours(claim.clone()))
    }

    /// Keeps the answer to a request whose claim was ours, for whoever repeats it.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn answer_idempotency(
        &self,
        claim: IdempotentAnswer,
        status: u16,
        body: String,
    ) -> Served<()> {
        let answer = IdempotentAnswer { status: Some(status), body, ..claim };
        self.retrying(|| Box::pin(self.try_answer(&answer))).await
    }

    async fn try_answer(&self, answer: &IdempotentAnswer) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        uow.access().save_idempotent_answer(answer).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }

    /// Gives a claim back, so that the request may be repeated: nothing came of it.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn forget_idempotency(&self, user: UserId, key: &str) -> Served<()> {
        self.retrying(|| Box::pin(self.try_forget(user, key))).await
    }

    async fn try_forget(&self, user: UserId, key: &str) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        uow.access().forget_idempotency(user, key).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }
}
