use crate::codec::{
    from_word, from_word_opt, micros, to_cost, to_moment, to_u32, to_word, to_word_opt,
};
use crate::error::{Stored, corrupt};
use gamification_core::ids::{
    CampaignId, EventId, InstanceId, RedemptionId, RewardKey, StreamerId, TwitchUserId,
};
use gamification_core::redemption::{Disposition, Redemption, Settlement};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::Expr;

pub(crate) mod redemption {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "redemptions")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: String,
        pub(crate) reward_key: Uuid,
        pub(crate) streamer_id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) event_id: Uuid,
        pub(crate) viewer_id: String,
        pub(crate) viewer_name: String,
        pub(crate) cost: i64,
        pub(crate) redeemed_at: i64,
        pub(crate) received_at: i64,
        pub(crate) source: String,
        pub(crate) instance_id: Option<Uuid>,
        pub(crate) refusal: Option<String>,
        pub(crate) settlement: String,
        pub(crate) direction: Option<String>,
        pub(crate) settled_by: Option<String>,
        pub(crate) settled_at: Option<i64>,
        pub(crate) attempts: i64,
        pub(crate) next_attempt_at: i64,
        pub(crate) last_error: Option<String>,
        pub(crate) stuck_reason: Option<String>,
        /// How often it became stuck, which the journal tells too.
        pub(crate) stuck_count: i64,
        /// How often a person let it be tried again, which the journal tells too.
        pub(crate) retried_count: i64,
        /// Until when somebody is settling it.
        pub(crate) lease_until: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The index of the rows that wait for Twitch wants this very condition, without parameters.
pub(super) fn is_due() -> Expr {
    Expr::cust("settlement IN ('fulfil_due', 'refund_due')")
}

/// The index of the rows that have not ended wants this very condition, without parameters.
pub(super) fn is_unsettled() -> Expr {
    Expr::cust("settlement NOT IN ('fulfilled', 'refunded')")
}

pub(super) fn to_row(row: &Redemption) -> Stored<redemption::Model> {
    let (instance_id, refusal) = match row.disposition {
        Disposition::Counted(instance) => (Some(instance.0), None),
        Disposition::Refused(reason) => (None, Some(to_word(&reason)?)),
    };
    Ok(redemption::Model {
        id: row.id.0.clone(),
        reward_key: row.reward_key.0,
        streamer_id: row.streamer_id.0,
        campaign_id: row.campaign_id.0,
        event_id: row.event_id.0,
        viewer_id: row.viewer_id.0.clone(),
        viewer_name: row.viewer_name.clone(),
        cost: row.cost.get().into(),
        redeemed_at: row.redeemed_at.as_micros(),
        received_at: row.received_at.as_micros(),
        source: to_word(&row.source)?,
        instance_id,
        refusal,
        settlement: to_word(&row.settlement)?,
        direction: to_word_opt(row.direction.as_ref())?,
        settled_by: to_word_opt(row.settled_by.as_ref())?,
        settled_at: micros(row.settled_at),
        attempts: row.attempts.into(),
        next_attempt_at: row.next_attempt_at.as_micros(),
        last_error: row.last_error.clone(),
        stuck_reason: to_word_opt(row.stuck_reason.as_ref())?,
        stuck_count: i64::from(row.settlement == Settlement::Stuck),
        retried_count: 0,
        lease_until: None,
    })
}

pub(super) fn from_row(row: redemption::Model) -> Stored<Redemption> {
    let disposition = match (row.instance_id, row.refusal.as_deref()) {
        (Some(instance), None) => Disposition::Counted(InstanceId(instance)),
        (None, Some(reason)) => Disposition::Refused(from_word("redemptions.refusal", reason)?),
        _ => return Err(corrupt("redemptions.instance_id", "neither counted nor refused")),
    };
    Ok(Redemption {
        id: RedemptionId(row.id),
        reward_key: RewardKey(row.reward_key),
        streamer_id: StreamerId(row.streamer_id),
        campaign_id: CampaignId(row.campaign_id),
        event_id: EventId(row.event_id),
        viewer_id: TwitchUserId(row.viewer_id),
        viewer_name: row.viewer_name,
        cost: to_cost("redemptions.cost", row.cost)?,
        redeemed_at: Timestamp::from_micros(row.redeemed_at),
        received_at: Timestamp::from_micros(row.received_at),
        source: from_word("redemptions.source", &row.source)?,
        disposition,
        settlement: from_word("redemptions.settlement", &row.settlement)?,
        direction: from_word_opt("redemptions.direction", row.direction.as_deref())?,
        settled_by: from_word_opt("redemptions.settled_by", row.settled_by.as_deref())?,
        settled_at: to_moment(row.settled_at),
        attempts: to_u32("redemptions.attempts", row.attempts)?,
        next_attempt_at: Timestamp::from_micros(row.next_attempt_at),
        last_error: row.last_error,
        stuck_reason: from_word_opt("redemptions.stuck_reason", row.stuck_reason.as_deref())?,
    })
}
