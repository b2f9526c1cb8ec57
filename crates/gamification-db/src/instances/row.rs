use crate::codec::{from_json, micros, to_json, to_u32, to_word, to_word_opt};
use crate::error::{Stored, corrupt};
use gamification_core::ids::{CampaignId, EventId, InstanceId};
use gamification_core::instance::{Cooldown, Instance};
use gamification_core::time::Timestamp;
use sea_orm::{ColumnTrait, Condition};

pub(crate) mod instance {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "instances")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) event_id: Uuid,
        pub(crate) scope_key: String,
        pub(crate) label: String,
        pub(crate) terms: String,
        pub(crate) trigger_data: String,
        pub(crate) participants: String,
        pub(crate) target: i64,
        pub(crate) progress: i64,
        pub(crate) started_at: i64,
        pub(crate) state: String,
        pub(crate) status: String,
        pub(crate) execution_status: Option<String>,
        pub(crate) is_open: bool,
        pub(crate) deadline_at: Option<i64>,
        pub(crate) completed_at: Option<i64>,
        pub(crate) cooldown_kind: Option<String>,
        pub(crate) cooldown_ends_at: Option<i64>,
        pub(crate) cooldown_event_id: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which channels take part, for the question in which goals a channel does.
pub(crate) mod participant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "instance_participants")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) instance_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) streamer_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That a trigger fired, so that it does not fire again.
pub(crate) mod fired_trigger {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "fired_triggers")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) campaign_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) event_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) once_key: String,
        pub(crate) at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const UNTIL: &str = "until";
const UNTIL_RELEASED: &str = "until_released";
const UNTIL_EXECUTED: &str = "until_executed";

/// The rows whose pause holds.
pub(super) fn is_cooling(now: Timestamp) -> Condition {
    Condition::all().add(instance::Column::CooldownKind.is_not_null()).add(
        Condition::any()
            .add(instance::Column::CooldownKind.ne(UNTIL))
            .add(instance::Column::CooldownEndsAt.gt(now.as_micros())),
    )
}

type CooldownColumns = (Option<String>, Option<i64>, Option<uuid::Uuid>);

fn from_cooldown(cooldown: Option<Cooldown>) -> CooldownColumns {
    match cooldown {
        None => (None, None, None),
        Some(Cooldown::Until(end)) => (Some(UNTIL.to_owned()), Some(end.as_micros()), None),
        Some(Cooldown::UntilReleased) => (Some(UNTIL_RELEASED.to_owned()), None, None),
        Some(Cooldown::UntilExecuted(event)) => {
            (Some(UNTIL_EXECUTED.to_owned()), None, Some(event.0))
        }
    }
}

fn to_cooldown(columns: CooldownColumns) -> Stored<Option<Cooldown>> {
    let (kind, ends_at, event) = columns;
    match (kind.as_deref(), ends_at, event) {
        (None, None, None) => Ok(None),
        (Some(UNTIL), Some(end), None) => Ok(Some(Cooldown::Until(Timestamp::from_micros(end)))),
        (Some(UNTIL_RELEASED), None, None) => Ok(Some(Cooldown::UntilReleased)),
        (Some(UNTIL_EXECUTED), None, Some(event)) => {
            Ok(Some(Cooldown::UntilExecuted(EventId(event))))
        }
        (kind, ..) => Err(corrupt("instances.cooldown_kind", format!("{kind:?}"))),
    }
}

pub(crate) fn to_row(goal: &Instance) -> Stored<instance::Model> {
    let (cooldown_kind, cooldown_ends_at, cooldown_event_id) = from_cooldown(goal.cooldown);
    Ok(instance::Model {
        id: goal.id.0,
        campaign_id: goal.campaign_id.0,
        event_id: goal.event_id.0,
        scope_key: goal.scope.to_string(),
        label: to_json(&goal.label)?,
        terms: to_json(&goal.terms)?,
        trigger_data: to_json(&goal.trigger)?,
        participants: to_json(&goal.participants)?,
        target: goal.target.into(),
        progress: goal.progress.into(),
        started_at: goal.started_at.as_micros(),
        state: to_json(&goal.state)?,
        status: to_word(&goal.status())?,
        execution_status: to_word_opt(goal.execution_status().as_ref())?,
        is_open: goal.is_open(),
        deadline_at: micros(goal.deadline()),
        completed_at: micros(goal.completed_at()),
        cooldown_kind,
        cooldown_ends_at,
        cooldown_event_id,
    })
}

pub(crate) fn from_row(row: instance::Model) -> Stored<Instance> {
    let goal = Instance {
        id: InstanceId(row.id),
        campaign_id: CampaignId(row.campaign_id),
        event_id: EventId(row.event_id),
        scope: row.scope_key.parse().map_err(|e: String| corrupt("instances.scope_key", e))?,
        label: from_json("instances.label", &row.label)?,
        terms: from_json("instances.terms", &row.terms)?,
        trigger: from_json("instances.trigger_data", &row.trigger_data)?,
        participants: from_json("instances.participants", &row.participants)?,
        target: to_u32("instances.target", row.target)?,
        progress: to_u32("instances.progress", row.progress)?,
        started_at: Timestamp::from_micros(row.started_at),
        state: from_json("instances.state", &row.state)?,
        cooldown: to_cooldown((
            row.cooldown_kind.clone(),
            row.cooldown_ends_at,
            row.cooldown_event_id,
        ))?,
    };
    let agrees = row.status == to_word(&goal.status())?
        && row.execution_status == to_word_opt(goal.execution_status().as_ref())?
        && row.is_open == goal.is_open()
        && row.deadline_at == micros(goal.deadline())
        && row.completed_at == micros(goal.completed_at());
    if agrees { Ok(goal) } else { Err(corrupt("instances.status", "is not that of the state")) }
}
