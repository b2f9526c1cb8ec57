//! What became true, in the order of the commits.

use crate::codec::{from_json, from_word, to_json, to_word};
use crate::error::{Stored, contention, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::announcement::{Announcement, DomainEvent};
use gamification_core::ids::{CampaignId, InstanceId};
use gamification_core::ports::EventLog;
use gamification_core::time::Timestamp;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

pub(crate) mod fact {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_log")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) sequence: i64,
        pub(crate) at: i64,
        pub(crate) kind: String,
        pub(crate) visibility: String,
        pub(crate) instance_id: Option<Uuid>,
        pub(crate) payload: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// SQLite takes 32,766 parameters, a fact has 7.
const FACTS_PER_STATEMENT: usize = 2_000;

#[derive(FromQueryResult)]
struct Sequence {
    last_sequence: i64,
}

fn to_row(
    campaign: CampaignId,
    sequence: i64,
    fact: &Announcement,
    now: Timestamp,
) -> Stored<fact::Model> {
    Ok(fact::Model {
        campaign_id: campaign.0,
        sequence,
        at: now.as_micros(),
        kind: to_word(&fact.kind)?,
        visibility: to_json(&fact.visibility)?,
        instance_id: fact.instance_id.map(|id| id.0),
        payload: to_json(&fact.payload)?,
    })
}

fn from_row(row: fact::Model) -> Stored<DomainEvent> {
    Ok(DomainEvent {
        campaign_id: CampaignId(row.campaign_id),
        sequence: row.sequence,
        at: Timestamp::from_micros(row.at),
        announcement: Announcement {
            kind: from_word("event_log.kind", &row.kind)?,
            visibility: from_json("event_log.visibility", &row.visibility)?,
            instance_id: row.instance_id.map(InstanceId),
            payload: from_json("event_log.payload", &row.payload)?,
        },
    })
}

/// Facts of the campaign after that sequence number, oldest first.
pub(crate) async fn after(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    sequence: i64,
    limit: u32,
) -> Stored<Vec<DomainEvent>> {
    let found = fact::Entity::find()
        .filter(fact::Column::CampaignId.eq(campaign.0))
        .filter(fact::Column::Sequence.gt(sequence))
        .order_by_asc(fact::Column::Sequence)
        .limit(u64::from(limit));
    rows::all(c, found).await?.into_iter().map(from_row).collect()
}

async fn last(c: &impl ConnectionTrait, campaign: CampaignId) -> Stored<i64> {
    let text = "SELECT last_sequence FROM campaign_sequences WHERE campaign_id = $1";
    let found = rows::select::<Sequence>(c, text, [campaign.0.into()]).await?;
    Ok(found.first().map_or(0, |row| row.last_sequence))
}

/// The oldest and the newest number that the log holds; in one statement, hence of one moment.
pub(crate) async fn range(c: &impl ConnectionTrait, campaign: CampaignId) -> Stored<(i64, i64)> {
    #[derive(FromQueryResult)]
    struct Range {
        oldest: Option<i64>,
        newest: Option<i64>,
    }
    let text = "SELECT \
         (SELECT MIN(sequence) FROM event_log WHERE campaign_id = $1) AS oldest, \
         (SELECT last_sequence FROM campaign_sequences WHERE campaign_id = $1) AS newest";
    let found = rows::select::<Range>(c, text, [campaign.0.into()]).await?;
    let newest = found.first().and_then(|range| range.newest).unwrap_or(0);
    let oldest = found.first().and_then(|range| range.oldest).unwrap_or(newest + 1);
    Ok((oldest, newest))
}

#[async_trait]
impl EventLog for Unit {
    async fn append(
        &mut self,
        campaign: CampaignId,
        facts: &[Announcement],
        now: Timestamp,
    ) -> Stored<i64> {
        let count = facts.len() as i64;
        if count == 0 {
            return last(self.tx(), campaign).await;
        }
        // The row stays locked until the commit: numbers become visible in their order.
        let text = "INSERT INTO campaign_sequences (campaign_id, last_sequence) VALUES ($1, $2) \
             ON CONFLICT (campaign_id) DO UPDATE \
             SET last_sequence = campaign_sequences.last_sequence + $2 RETURNING last_sequence";
        let values = [campaign.0.into(), count.into()];
        let given = rows::select::<Sequence>(self.tx(), text, values).await?;
        let last = given.first().ok_or_else(|| contention("the sequence"))?.last_sequence;
        let rows = (last - count + 1..)
            .zip(facts)
            .map(|(sequence, fact)| to_row(campaign, sequence, fact, now))
            .collect::<Stored<Vec<_>>>()?;
        for some in rows.chunks(FACTS_PER_STATEMENT) {
            let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
            fact::Entity::insert_many::<fact::ActiveModel, _>(some)
                .exec_without_returning(self.tx())
                .await
                .map_err(store_error)?;
        }
        Ok(last)
    }

    async fn prune(&mut self, before: Timestamp, keep: u32) -> Stored<u64> {
        let text = "DELETE FROM event_log WHERE at < $1 AND sequence <= \
             (SELECT last_sequence FROM campaign_sequences \
              WHERE campaign_sequences.campaign_id = event_log.campaign_id) - $2";
        let values = [before.as_micros().into(), i64::from(keep).into()];
        rows::execute(self.tx(), text, values).await
    }
}
