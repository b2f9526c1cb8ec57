//! The append-only journal. Its lines are written from what was decided, not copied from the rows
//! that the decision changed, so that the two can be compared.

use super::row::redemption;
use crate::codec::to_word;
use crate::error::{Stored, store_error};
use gamification_core::redemption::{Direction, Disposition, JournalFact, Redemption, Settlement};
use gamification_core::time::Timestamp;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait, EntityTrait};

pub(crate) mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "journal")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) redemption_id: String,
        pub(crate) campaign_id: Uuid,
        pub(crate) streamer_id: Uuid,
        pub(crate) event_id: Uuid,
        pub(crate) instance_id: Option<Uuid>,
        pub(crate) fact: String,
        pub(crate) points: i64,
        pub(crate) at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// SQLite takes 32,766 parameters, a line has 8.
const LINES_PER_STATEMENT: usize = 2_000;

pub(super) const fn decided(direction: Direction) -> JournalFact {
    match direction {
        Direction::Fulfil => JournalFact::FulfilDecided,
        Direction::Refund => JournalFact::RefundDecided,
    }
}

/// The fact that a redemption got so far; nothing for the states before an end.
pub(super) const fn end_of(settlement: Settlement) -> Option<JournalFact> {
    match settlement {
        Settlement::Fulfilled => Some(JournalFact::Fulfilled),
        Settlement::Refunded => Some(JournalFact::Refunded),
        Settlement::Stuck => Some(JournalFact::Stuck),
        Settlement::Pending | Settlement::FulfilDue | Settlement::RefundDue => None,
    }
}

/// Everything that is true of a row when it is recorded.
pub(super) fn of_arrival(row: &Redemption) -> impl Iterator<Item = JournalFact> {
    let disposition = match row.disposition {
        Disposition::Counted(_) => JournalFact::Counted,
        Disposition::Refused(_) => JournalFact::Refused,
    };
    [
        Some(JournalFact::Received),
        Some(disposition),
        row.direction.map(decided),
        end_of(row.settlement),
    ]
    .into_iter()
    .flatten()
}

/// A line about that row.
pub(super) fn line(
    row: &redemption::Model,
    fact: JournalFact,
    at: Timestamp,
) -> Stored<entry::ActiveModel> {
    Ok(entry::ActiveModel {
        id: NotSet,
        redemption_id: Set(row.id.clone()),
        campaign_id: Set(row.campaign_id),
        streamer_id: Set(row.streamer_id),
        event_id: Set(row.event_id),
        instance_id: Set(row.instance_id),
        fact: Set(to_word(&fact)?),
        points: Set(row.cost),
        at: Set(at.as_micros()),
    })
}

/// Appends these lines.
pub(super) async fn append(c: &impl ConnectionTrait, lines: Vec<entry::ActiveModel>) -> Stored<()> {
    let mut lines = lines.into_iter().peekable();
    while lines.peek().is_some() {
        let some: Vec<_> = lines.by_ref().take(LINES_PER_STATEMENT).collect();
        let inserted = entry::Entity::insert_many(some).exec_without_returning(c).await;
        inserted.map_err(store_error)?;
    }
    Ok(())
}
