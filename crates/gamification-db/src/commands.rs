//! What the table is asked to do.

use crate::codec::{from_json, from_word, micros, to_json, to_moment, to_u32, to_word};
use crate::error::{Stored, contention, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{CampaignId, CommandId, ConnectionId, InstanceId, SocketId};
use gamification_core::ports::CommandRepository;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{CommandKind, CommandStatus, PlannedCommand, VttCommand};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter, QueryOrder,
    QuerySelect, Select, TryInsertResult,
};

pub(crate) mod command {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "vtt_commands")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) instance_id: Option<Uuid>,
        pub(crate) campaign_id: Uuid,
        pub(crate) connection_id: Uuid,
        pub(crate) step: i64,
        pub(crate) kind: String,
        pub(crate) payload: String,
        pub(crate) is_required: bool,
        pub(crate) status: String,
        pub(crate) attempts: i64,
        pub(crate) sent_at: Option<i64>,
        pub(crate) socket: Option<String>,
        pub(crate) is_repeatable: bool,
        pub(crate) assume_at: Option<i64>,
        pub(crate) deadline: i64,
        pub(crate) result: Option<String>,
        pub(crate) undoes: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(command: &VttCommand) -> Stored<command::Model> {
    Ok(command::Model {
        id: command.id.0,
        instance_id: command.instance_id.map(|id| id.0),
        campaign_id: command.campaign_id.0,
        connection_id: command.connection_id.0,
        step: command.step.into(),
        kind: to_word(&command.command.kind)?,
        payload: to_json(&command.command.payload)?,
        is_required: command.command.is_required,
        status: to_word(&command.status)?,
        attempts: command.attempts.into(),
        sent_at: micros(command.sent_at),
        socket: command.socket.as_ref().map(|socket| socket.0.clone()),
        is_repeatable: command.is_repeatable,
        assume_at: micros(command.assume_at),
        deadline: command.deadline.as_micros(),
        result: command.result.as_ref().map(to_json).transpose()?,
        undoes: command.undoes.map(|id| id.0),
    })
}

fn from_row(row: command::Model) -> Stored<VttCommand> {
    Ok(VttCommand {
        id: CommandId(row.id),
        instance_id: row.instance_id.map(InstanceId),
        campaign_id: CampaignId(row.campaign_id),
        connection_id: ConnectionId(row.connection_id),
        step: to_u32("vtt_commands.step", row.step)?,
        command: PlannedCommand {
            kind: from_word("vtt_commands.kind", &row.kind)?,
            payload: from_json("vtt_commands.payload", &row.payload)?,
            is_required: row.is_required,
        },
        status: from_word("vtt_commands.status", &row.status)?,
        attempts: to_u32("vtt_commands.attempts", row.attempts)?,
        sent_at: to_moment(row.sent_at),
        socket: row.socket.map(SocketId),
        is_repeatable: row.is_repeatable,
        assume_at: to_moment(row.assume_at),
        deadline: Timestamp::from_micros(row.deadline),
        result: row.result.map(|text| from_json("vtt_commands.result", &text)).transpose()?,
        undoes: row.undoes.map(CommandId),
    })
}

async fn commands(
    c: &impl ConnectionTrait,
    found: Select<command::Entity>,
) -> Stored<Vec<VttCommand>> {
    rows::all(c, found).await?.into_iter().map(from_row).collect()
}

/// The steps of a goal's execution, in order.
pub(crate) async fn of_instance(
    c: &impl ConnectionTrait,
    instance: InstanceId,
) -> Stored<Vec<VttCommand>> {
    let found = command::Entity::find()
        .filter(command::Column::InstanceId.eq(instance.0))
        .order_by_asc(command::Column::Step);
    commands(c, found).await
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: CommandId) -> Stored<Option<VttCommand>> {
    rows::first(c, command::Entity::find_by_id(id.0)).await?.map(from_row).transpose()
}

/// The commands that take steps of that goal's execution back, oldest first.
pub(crate) async fn undos_of(
    c: &impl ConnectionTrait,
    instance: InstanceId,
) -> Stored<Vec<VttCommand>> {
    let steps = Query::select()
        .column(command::Column::Id)
        .from(command::Entity)
        .and_where(command::Column::InstanceId.eq(instance.0))
        .take();
    let found = command::Entity::find()
        .filter(command::Column::Undoes.in_subquery(steps))
        .order_by_asc(command::Column::Id);
    commands(c, found).await
}

/// The index of these rows wants this very condition, without parameters.
fn is_open() -> Expr {
    Expr::cust("status IN ('pending', 'sent')")
}

/// Commands that are pending or sent: what GMs asked for, then those of goals with the oldest goal
/// first, by step.
pub(crate) async fn open(c: &impl ConnectionTrait, limit: u32) -> Stored<Vec<VttCommand>> {
    // The keys of goals grow with time.
    let found = command::Entity::find()
        .filter(is_open())
        .order_by(Expr::cust("CASE WHEN instance_id IS NULL THEN 0 ELSE 1 END"), Order::Asc)
        .order_by_asc(command::Column::InstanceId)
        .order_by_asc(command::Column::Step)
        .order_by_asc(command::Column::Id)
        .limit(u64::from(limit));
    commands(c, found).await
}

#[async_trait]
impl CommandRepository for Unit {
    async fn insert(&mut self, commands: &[VttCommand]) -> Stored<()> {
        if commands.is_empty() {
            return Ok(());
        }
        let steps = commands.iter().map(to_row).collect::<Stored<Vec<_>>>()?;
        let inserted = command::Entity::insert_many(
            steps.into_iter().map(IntoActiveModel::<command::ActiveModel>::into_active_model),
        )
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(self.tx())
        .await
        .map_err(store_error)?;
        match inserted {
            TryInsertResult::Inserted(rows) if rows == commands.len() as u64 => Ok(()),
            _ => Err(contention("what the table is asked for")),
        }
    }

    async fn get(&mut self, id: CommandId) -> Stored<Option<VttCommand>> {
        get(self.tx(), id).await
    }

    async fn of_instance(&mut self, instance: InstanceId) -> Stored<Vec<VttCommand>> {
        of_instance(self.tx(), instance).await
    }

    async fn update(&mut self, command: &VttCommand) -> Stored<()> {
        rows::replace::<command::Entity, _>(self.tx(), to_row(command)?).await
    }

    async fn sent_since(
        &mut self,
        connection: ConnectionId,
        kind: CommandKind,
        since: Timestamp,
    ) -> Stored<Vec<VttCommand>> {
        let found = command::Entity::find()
            .filter(command::Column::ConnectionId.eq(connection.0))
            .filter(command::Column::Kind.eq(to_word(&kind)?))
            .filter(command::Column::SentAt.is_not_null())
            .filter(command::Column::SentAt.gte(since.as_micros()))
            .order_by_asc(command::Column::SentAt)
            .order_by_asc(command::Column::Id);
        commands(self.tx(), found).await
    }

    async fn waiting(
        &mut self,
        connection: ConnectionId,
        kind: CommandKind,
    ) -> Stored<Vec<VttCommand>> {
        let found = command::Entity::find()
            .filter(is_open())
            .filter(command::Column::Status.eq(to_word(&CommandStatus::Pending)?))
            .filter(command::Column::ConnectionId.eq(connection.0))
            .filter(command::Column::Kind.eq(to_word(&kind)?))
            .order_by_asc(command::Column::Id);
        commands(self.tx(), found).await
    }

    async fn undo_of(&mut self, id: CommandId) -> Stored<Option<VttCommand>> {
        let found = command::Entity::find()
            .filter(command::Column::Undoes.eq(id.0))
            .filter(Expr::cust("status NOT IN ('failed', 'expired')"));
        rows::first(self.tx(), found).await?.map(from_row).transpose()
    }

    async fn close(&mut self, instance: InstanceId, status: CommandStatus) -> Stored<u64> {
        let closed = command::Entity::update_many()
            .filter(command::Column::InstanceId.eq(instance.0))
            .filter(is_open())
            .col_expr(command::Column::Status, Expr::val(to_word(&status)?))
            .exec(self.tx());
        Ok(closed.await.map_err(store_error)?.rows_affected)
    }
}
