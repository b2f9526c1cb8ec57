use super::row::{from_row, is_unsettled, redemption};
use crate::codec::{from_word, to_u64, to_word};
use crate::error::{Stored, store_error};
use crate::page::{self, Place};
use crate::rows;
use gamification_core::ids::{CampaignId, InstanceId, RedemptionId, RewardKey};
use gamification_core::ledger::{Sum, Tally};
use gamification_core::ports::{Page, PageRequest, RedemptionFilter};
use gamification_core::redemption::{Redemption, Settlement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

pub(crate) async fn get(c: &impl ConnectionTrait, id: &RedemptionId) -> Stored<Option<Redemption>> {
    let found = redemption::Entity::find_by_id(id.0.clone());
    rows::first(c, found).await?.map(from_row).transpose()
}

/// The campaign's redemptions, newest first.
pub(crate) async fn list(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    filter: RedemptionFilter,
    request: &PageRequest,
) -> Stored<Page<Redemption>> {
    use redemption::Column;
    let mut found = redemption::Entity::find().filter(Column::CampaignId.eq(campaign.0));
    if let Some(settlement) = filter.settlement {
        found = found.filter(Column::Settlement.eq(to_word(&settlement)?));
    }
    if let Some(instance) = filter.instance {
        found = found.filter(Column::InstanceId.eq(instance.0));
    }
    if let Some(streamer) = filter.streamer {
        found = found.filter(Column::StreamerId.eq(streamer.0));
    }
    let list = format!("redemptions.{campaign}");
    let after = page::place(&list, request)?.map(|place| (place.micros, place.key.into()));
    let order = (Column::ReceivedAt, Column::Id);
    let found = rows::newest(c, found, order, request, after).await?;
    let redemptions = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    Ok(page::page_of(&list, request, redemptions, |row| Place {
        micros: row.received_at.as_micros(),
        key: row.id.0.clone(),
    }))
}

/// Clicks and points in one state.
#[derive(FromQueryResult)]
struct Part {
    state: String,
    clicks: i64,
    points: i64,
}

/// Adds clicks to where they are; `received` is a state here.
pub(crate) fn add(tally: &mut Tally, state: &str, clicks: i64, points: i64) -> Stored<()> {
    let sum = Sum { count: to_u64("redemptions", clicks)?, points: to_u64("points", points)? };
    let place = if state == "received" {
        &mut tally.received
    } else {
        match from_word("redemptions.settlement", state)? {
            Settlement::Pending | Settlement::FulfilDue | Settlement::RefundDue => {
                &mut tally.pending
            }
            Settlement::Fulfilled => &mut tally.fulfilled,
            Settlement::Refunded => &mut tally.refunded,
            Settlement::Stuck => &mut tally.stuck,
        }
    };
    *place = place.plus(sum);
    Ok(())
}

/// Where the counted redemptions of a goal are: what arrived by the journal, the rest by the rows.
pub(crate) async fn tally_of_instance(
    c: &impl ConnectionTrait,
    instance: InstanceId,
) -> Stored<Tally> {
    let text = "SELECT 'received' AS state, COUNT(*) AS clicks, \
             CAST(COALESCE(SUM(points), 0) AS BIGINT) AS points \
         FROM journal WHERE instance_id = $1 AND fact = 'counted' \
         UNION ALL SELECT settlement, COUNT(*), CAST(SUM(cost) AS BIGINT) \
         FROM redemptions WHERE instance_id = $1 GROUP BY settlement";
    let mut tally = Tally::default();
    for part in rows::select::<Part>(c, text, [instance.0.into()]).await? {
        add(&mut tally, &part.state, part.clicks, part.points)?;
    }
    Ok(tally)
}

/// The rows of the reward whose goal has not ended, oldest first.
pub(crate) async fn pending_of_reward(
    c: &impl ConnectionTrait,
    reward: RewardKey,
    limit: u32,
) -> Stored<Vec<RedemptionId>> {
    use redemption::Column;
    let ids = redemption::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(is_unsettled())
        .filter(Column::RewardKey.eq(reward.0))
        .filter(Column::Settlement.eq(to_word(&Settlement::Pending)?))
        .order_by_asc(Column::ReceivedAt)
        .order_by_asc(Column::Id)
        .limit(u64::from(limit))
        .into_tuple::<String>();
    Ok(ids.all(c).await.map_err(store_error)?.into_iter().map(RedemptionId).collect())
}

/// How many rows of the reward have not ended.
pub(crate) async fn unsettled_of_reward(
    c: &impl ConnectionTrait,
    reward: RewardKey,
) -> Stored<u64> {
    let text = "SELECT 'pending' AS state, COUNT(*) AS clicks, CAST(0 AS BIGINT) AS points \
         FROM redemptions \
         WHERE reward_key = $1 AND settlement NOT IN ('fulfilled', 'refunded')";
    let parts = rows::select::<Part>(c, text, [reward.0.into()]).await?;
    parts.first().map_or(Ok(0), |part| to_u64("redemptions", part.clicks))
}
