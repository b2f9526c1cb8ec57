//! Secret addresses of overlays, and when they were seen.

use crate::codec::{micros, to_moment};
use crate::error::{Stored, store_error};
use crate::rows;
use gamification_core::access::{OverlaySighting, OverlayToken, Sighting};
use gamification_core::ids::{CampaignId, OverlayId, StreamerId};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many overlays of a streamer are listed.
const LISTED_MAX: u64 = 200;
/// How many overlays are changed by one statement, well below what either database takes.
const CHANGED_AT_ONCE: usize = 1_000;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "overlay_tokens")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) streamer_id: Uuid,
        pub(crate) hash: String,
        pub(crate) sealed_token: Option<String>,
        pub(crate) created_at: i64,
        pub(crate) revoked_at: Option<i64>,
        pub(crate) seen_at: Option<i64>,
        pub(crate) is_visible: Option<bool>,
        pub(crate) is_on_air: Option<bool>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: OverlayId) -> Stored<Option<OverlayToken>> {
    Ok(rows::first(c, row::Entity::find_by_id(id.0)).await?.map(from_row))
}

pub(crate) async fn by_hash(c: &impl ConnectionTrait, hash: &str) -> Stored<Option<OverlayToken>> {
    let found = row::Entity::find().filter(row::Column::Hash.eq(hash));
    Ok(rows::first(c, found).await?.map(from_row))
}

/// The streamer's overlays that work, newest first.
pub(crate) async fn of_streamer(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    streamer: StreamerId,
) -> Stored<Vec<OverlayToken>> {
    let found = row::Entity::find()
        .filter(row::Column::CampaignId.eq(campaign.0))
        .filter(row::Column::StreamerId.eq(streamer.0))
        .filter(row::Column::RevokedAt.is_null())
        .order_by_desc(row::Column::CreatedAt)
        .order_by_desc(row::Column::Id)
        .limit(LISTED_MAX);
    Ok(rows::all(c, found).await?.into_iter().map(from_row).collect())
}

pub(crate) async fn save(c: &impl ConnectionTrait, overlay: &OverlayToken) -> Stored<()> {
    let sighting = overlay.sighting;
    let row = row::Model {
        id: overlay.id.0,
        campaign_id: overlay.campaign_id.0,
        streamer_id: overlay.streamer_id.0,
        hash: overlay.hash.clone(),
        sealed_token: overlay.sealed_token.clone(),
        created_at: overlay.created_at.as_micros(),
        revoked_at: micros(overlay.revoked_at),
        seen_at: micros(sighting.map(|told| told.seen_at)),
        is_visible: sighting.map(|told| told.is_visible),
        is_on_air: sighting.and_then(|told| told.is_on_air),
    };
    rows::upsert::<row::Entity, _>(c, row).await
}

/// Overlays that told the same at the same time are changed together: told by the second, a
/// thousand of them are a handful of statements.
pub(crate) async fn note(c: &impl ConnectionTrait, sightings: &[OverlaySighting]) -> Stored<u64> {
    let mut alike: BTreeMap<Sighting, Vec<Uuid>> = BTreeMap::new();
    for told in sightings {
        alike.entry(told.sighting).or_default().push(told.overlay_id.0);
    }
    let mut changed = 0;
    for (sighting, overlays) in alike {
        for overlays in overlays.chunks(CHANGED_AT_ONCE) {
            changed += note_alike(c, sighting, overlays).await?;
        }
    }
    Ok(changed)
}

async fn note_alike(
    c: &impl ConnectionTrait,
    sighting: Sighting,
    overlays: &[Uuid],
) -> Stored<u64> {
    let seen_at = sighting.seen_at.as_micros();
    let is_newer =
        Condition::any().add(row::Column::SeenAt.is_null()).add(row::Column::SeenAt.lte(seen_at));
    let noted = row::Entity::update_many()
        .col_expr(row::Column::SeenAt, Expr::val(seen_at))
        .col_expr(row::Column::IsVisible, Expr::val(sighting.is_visible))
        .col_expr(row::Column::IsOnAir, Expr::val(sighting.is_on_air))
        .filter(row::Column::Id.is_in(overlays.iter().copied()))
        .filter(row::Column::RevokedAt.is_null())
        .filter(row::Column::CreatedAt.lte(seen_at))
        .filter(is_newer)
        .exec(c);
    Ok(noted.await.map_err(store_error)?.rows_affected)
}

fn from_row(row: row::Model) -> OverlayToken {
    let seen_at = to_moment(row.seen_at);
    OverlayToken {
        id: OverlayId(row.id),
        campaign_id: CampaignId(row.campaign_id),
        streamer_id: StreamerId(row.streamer_id),
        hash: row.hash,
        sealed_token: row.sealed_token,
        created_at: Timestamp::from_micros(row.created_at),
        revoked_at: to_moment(row.revoked_at),
        sighting: seen_at.map(|seen_at| Sighting {
            seen_at,
            is_visible: row.is_visible.unwrap_or_default(),
            is_on_air: row.is_on_air,
        }),
    }
}
