//! Keys, repeated requests, audit.

mod row;

use crate::codec::{from_word, micros, to_json, to_moment, to_word};
use crate::error::{Stored, contention, corrupt, store_error};
use crate::page::{self, Place};
use crate::unit::Unit;
use crate::{overlays, rows};
use async_trait::async_trait;
use gamification_core::access::{
    ApiKey, AuditEntry, IDEMPOTENCY_SECONDS, IdempotentAnswer, OverlaySighting, OverlayToken,
};
use gamification_core::ids::{ApiKeyId, CampaignId, OverlayId, UserId};
use gamification_core::ports::{AccessRepository, Page, PageRequest, StoreError};
use gamification_core::time::Timestamp;
use row::{answer, api_key, audit};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

fn to_key(row: api_key::Model) -> Stored<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId(row.id),
        user_id: UserId(row.user_id),
        role: from_word("api_keys.role", &row.role)?,
        campaign_id: row.campaign_id.map(CampaignId),
        hash: row.hash,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: to_moment(row.expires_at),
        revoked_at: to_moment(row.revoked_at),
    })
}

fn to_answer(row: answer::Model) -> Stored<IdempotentAnswer> {
    let status = row.status.map(u16::try_from).transpose();
    Ok(IdempotentAnswer {
        user_id: UserId(row.user_id),
        key: row.key,
        request_hash: row.request_hash,
        status: status.map_err(|problem| corrupt("idempotent_answers.status", problem))?,
        body: row.body,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

fn from_answer(answer: &IdempotentAnswer) -> answer::Model {
    answer::Model {
        user_id: answer.user_id.0,
        key: answer.key.clone(),
        request_hash: answer.request_hash.clone(),
        status: answer.status.map(Into::into),
        body: answer.body.clone(),
        created_at: answer.created_at.as_micros(),
    }
}

pub(crate) async fn key_by_hash(c: &impl ConnectionTrait, hash: &str) -> Stored<Option<ApiKey>> {
    let found = api_key::Entity::find().filter(api_key::Column::Hash.eq(hash));
    rows::first(c, found).await?.map(to_key).transpose()
}

/// All keys, newest first.
pub(crate) async fn keys(c: &impl ConnectionTrait) -> Stored<Vec<ApiKey>> {
    let found = api_key::Entity::find()
        .order_by_desc(api_key::Column::CreatedAt)
        .order_by_desc(api_key::Column::Id);
    rows::all(c, found).await?.into_iter().map(to_key).collect()
}

/// The campaign's audit, newest first.
pub(crate) async fn audit_of(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    request: &PageRequest,
) -> Stored<Page<AuditEntry>> {
    let found = audit::Entity::find().filter(audit::Column::CampaignId.eq(campaign.0));
    let list = format!("audit.{campaign}");
    let after = match page::place(&list, request)? {
        Some(place) => Some((place.micros, page::uuid_of(&place)?.into())),
        None => None,
    };
    let order = (audit::Column::At, audit::Column::Id);
    let found = rows::newest(c, found, order, request, after).await?;
    let entries = found.into_iter().map(row::to_audit).collect::<Stored<Vec<_>>>()?;
    Ok(page::page_of(&list, request, entries, |entry| Place {
        micros: entry.at.as_micros(),
        key: entry.id.to_string(),
    }))
}

#[async_trait]
impl AccessRepository for Unit {
    async fn insert_key(&mut self, key: &ApiKey) -> Stored<()> {
        let row = api_key::Model {
            id: key.id.0,
            user_id: key.user_id.0,
            role: to_word(&key.role)?,
            campaign_id: key.campaign_id.map(|id| id.0),
            hash: key.hash.clone(),
            created_at: key.created_at.as_micros(),
            expires_at: micros(key.expires_at),
            revoked_at: micros(key.revoked_at),
        };
        if rows::insert_new::<api_key::Entity, _>(self.tx(), row).await? {
            return Ok(());
        }
        Err(StoreError::AlreadyExists(format!("key {}", key.id)))
    }

    async fn revoke_key(&mut self, id: ApiKeyId, now: Timestamp) -> Stored<bool> {
        let revoked = api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAt, Expr::val(now.as_micros()))
            .filter(api_key::Column::Id.eq(id.0))
            .filter(api_key::Column::RevokedAt.is_null())
            .exec(self.tx());
        Ok(revoked.await.map_err(store_error)?.rows_affected == 1)
    }

    async fn overlay(&mut self, id: OverlayId) -> Stored<Option<OverlayToken>> {
        overlays::get(self.tx(), id).await
    }

    async fn save_overlay(&mut self, overlay: &OverlayToken) -> Stored<()> {
        overlays::save(self.tx(), overlay).await
    }

    async fn note_sightings(&mut self, sightings: &[OverlaySighting]) -> Stored<u64> {
        overlays::note(self.tx(), sightings).await
    }

    async fn claim_idempotency(
        &mut self,
        claim: &IdempotentAnswer,
    ) -> Stored<Option<IdempotentAnswer>> {
        use answer::Column;
        let oldest = claim.created_at.minus_seconds(IDEMPOTENCY_SECONDS);
        let replace_if_old = OnConflict::columns([Column::UserId, Column::Key])
            .update_columns([Column::RequestHash, Column::Status, Column::Body, Column::CreatedAt])
            .action_and_where(Expr::col((answer::Entity, Column::CreatedAt)).lt(oldest.as_micros()))
            .to_owned();
        let claimed = answer::Entity::insert(from_answer(claim).into_active_model())
            .on_conflict(replace_if_old)
            .exec_without_returning(self.tx());
        if claimed.await.map_err(store_error)? == 1 {
            return Ok(None);
        }
        let known = answer::Entity::find_by_id((claim.user_id.0, claim.key.clone()));
        let known = rows::first(self.tx(), known).await?;
        Ok(Some(to_answer(known.ok_or_else(|| contention("the Idempotency-Key"))?)?))
    }

    async fn save_idempotent_answer(&mut self, answer: &IdempotentAnswer) -> Stored<()> {
        rows::replace::<answer::Entity, _>(self.tx(), from_answer(answer)).await
    }

    async fn forget_idempotency(&mut self, user: UserId, key: &str) -> Stored<()> {
        let forgotten = answer::Entity::delete_by_id((user.0, key.to_owned()));
        forgotten.exec(self.tx()).await.map(|_| ()).map_err(store_error)
    }

    async fn audit(&mut self, entry: &AuditEntry) -> Stored<()> {
        let row = audit::Model {
            id: entry.id.0,
            campaign_id: entry.campaign_id.map(|id| id.0),
            actor: to_json(&entry.actor)?,
            action: entry.action.clone(),
            details: to_json(&entry.details)?,
            at: entry.at.as_micros(),
        };
        if rows::insert_new::<audit::Entity, _>(self.tx(), row).await? {
            return Ok(());
        }
        Err(StoreError::AlreadyExists(format!("audit entry {}", entry.id)))
    }
}
