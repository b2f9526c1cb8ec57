use super::open_of;
use super::row::{from_row, instance, is_cooling, participant};
use crate::codec::{from_json, to_word};
use crate::error::{Stored, store_error};
use crate::page::{self, Place};
use crate::rows;
use gamification_core::ids::{CampaignId, InstanceId};
use gamification_core::instance::{EventLabel, Instance};
use gamification_core::ports::{InstanceFilter, Page, PageRequest};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

async fn goals(c: &impl ConnectionTrait, found: Select<instance::Entity>) -> Stored<Vec<Instance>> {
    rows::all(c, found).await?.into_iter().map(from_row).collect()
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: InstanceId) -> Stored<Option<Instance>> {
    rows::first(c, instance::Entity::find_by_id(id.0)).await?.map(from_row).transpose()
}

/// Every open goal of the campaign, oldest first.
pub(crate) async fn open(c: &impl ConnectionTrait, campaign: CampaignId) -> Stored<Vec<Instance>> {
    let found = open_of(campaign, None)
        .order_by_asc(instance::Column::StartedAt)
        .order_by_asc(instance::Column::Id);
    goals(c, found).await
}

/// Goals whose pause holds, newest first.
pub(crate) async fn cooling(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    now: Timestamp,
) -> Stored<Vec<Instance>> {
    let found = instance::Entity::find()
        .filter(instance::Column::CampaignId.eq(campaign.0))
        .filter(is_cooling(now))
        .order_by_desc(instance::Column::StartedAt)
        .order_by_desc(instance::Column::Id);
    goals(c, found).await
}

/// The campaign's goals, newest first.
pub(crate) async fn list(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    filter: InstanceFilter,
    request: &PageRequest,
) -> Stored<Page<Instance>> {
    let mut found = instance::Entity::find().filter(instance::Column::CampaignId.eq(campaign.0));
    if let Some(status) = filter.status {
        found = found.filter(instance::Column::Status.eq(to_word(&status)?));
    }
    if let Some(event) = filter.event {
        found = found.filter(instance::Column::EventId.eq(event.0));
    }
    if let Some(streamer) = filter.streamer {
        let theirs = Query::select()
            .column(participant::Column::InstanceId)
            .from(participant::Entity)
            .and_where(participant::Column::StreamerId.eq(streamer.0))
            .take();
        found = found.filter(instance::Column::Id.in_subquery(theirs));
    }
    if let Some(wanted) = &filter.search {
        found = found.filter(instance::Column::Label.is_in(labels(c, campaign, wanted).await?));
    }
    let list = format!("goals.{campaign}");
    let after = match page::place(&list, request)? {
        Some(place) => Some((place.micros, page::uuid_of(&place)?.into())),
        None => None,
    };
    let order = (instance::Column::StartedAt, instance::Column::Id);
    let found = rows::newest(c, found, order, request, after).await?;
    let goals = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    Ok(page::page_of(&list, request, goals, |goal| Place {
        micros: goal.started_at.as_micros(),
        key: goal.id.to_string(),
    }))
}

/// The labels of the campaign's goals that have that in them, as they are stored: a few, whatever
/// the number of goals. Compared here, since databases do not agree on the case of letters.
async fn labels(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    wanted: &str,
) -> Stored<Vec<String>> {
    let stored = instance::Entity::find()
        .select_only()
        .column(instance::Column::Label)
        .distinct()
        .filter(instance::Column::CampaignId.eq(campaign.0))
        .into_tuple::<String>()
        .all(c)
        .await
        .map_err(store_error)?;
    let mut labels = Vec::new();
    for label in stored {
        if from_json::<EventLabel>("instances.label", &label)?.has_in_it(wanted) {
            labels.push(label);
        }
    }
    Ok(labels)
}
