//! Kinds of goals.

use crate::codec::{from_json, from_word, to_coefficient, to_cost, to_json, to_u32, to_word};
use crate::error::{Stored, contention, store_error};
use crate::page::{self, Place};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::event::{Colour, Event, EventDefaults, HandlerSpec, LocalizedText};
use gamification_core::ids::{EventId, UserId};
use gamification_core::ports::{CatalogueRepository, Page, PageRequest, StoreError};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

pub(crate) mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "events")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) slug: String,
        pub(crate) name_en: String,
        pub(crate) name_fr: Option<String>,
        pub(crate) description_en: String,
        pub(crate) description_fr: Option<String>,
        pub(crate) scope: String,
        pub(crate) trigger_type: String,
        pub(crate) trigger_config: String,
        pub(crate) action_type: String,
        pub(crate) action_config: String,
        pub(crate) completion: String,
        pub(crate) cost: i64,
        pub(crate) coefficient_hundredths: i64,
        pub(crate) minimum_objective: i64,
        pub(crate) duration_seconds: i64,
        pub(crate) armed_ttl_seconds: i64,
        pub(crate) cooldown: String,
        pub(crate) recalculate_objective: bool,
        pub(crate) reward_colour: String,
        pub(crate) is_system: bool,
        pub(crate) created_by: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(event: &Event) -> Stored<event::Model> {
    Ok(event::Model {
        id: event.id.0,
        slug: event.slug.clone(),
        name_en: event.name.en.clone(),
        name_fr: event.name.fr.clone(),
        description_en: event.description.en.clone(),
        description_fr: event.description.fr.clone(),
        scope: to_word(&event.scope)?,
        trigger_type: event.trigger.kind.clone(),
        trigger_config: to_json(&event.trigger.config)?,
        action_type: event.action.kind.clone(),
        action_config: to_json(&event.action.config)?,
        completion: to_word(&event.completion)?,
        cost: event.defaults.cost.get().into(),
        coefficient_hundredths: event.defaults.coefficient.hundredths().into(),
        minimum_objective: event.defaults.minimum_objective.into(),
        duration_seconds: event.defaults.duration_seconds.into(),
        armed_ttl_seconds: event.armed_ttl_seconds.into(),
        cooldown: to_json(&event.cooldown)?,
        recalculate_objective: event.recalculate_objective,
        reward_colour: event.reward_colour.0.clone(),
        is_system: event.is_system,
        created_by: event.created_by.map(|user| user.0),
    })
}

fn from_row(row: event::Model) -> Stored<Event> {
    Ok(Event {
        id: EventId(row.id),
        slug: row.slug,
        name: LocalizedText { en: row.name_en, fr: row.name_fr },
        description: LocalizedText { en: row.description_en, fr: row.description_fr },
        scope: from_word("events.scope", &row.scope)?,
        trigger: HandlerSpec {
            kind: row.trigger_type,
            config: from_json("events.trigger_config", &row.trigger_config)?,
        },
        action: HandlerSpec {
            kind: row.action_type,
            config: from_json("events.action_config", &row.action_config)?,
        },
        completion: from_word("events.completion", &row.completion)?,
        defaults: EventDefaults {
            cost: to_cost("events.cost", row.cost)?,
            coefficient: to_coefficient("events.coefficient", row.coefficient_hundredths)?,
            minimum_objective: to_u32("events.minimum_objective", row.minimum_objective)?,
            duration_seconds: to_u32("events.duration_seconds", row.duration_seconds)?,
        },
        armed_ttl_seconds: to_u32("events.armed_ttl_seconds", row.armed_ttl_seconds)?,
        cooldown: from_json("events.cooldown", &row.cooldown)?,
        recalculate_objective: row.recalculate_objective,
        reward_colour: Colour(row.reward_colour),
        is_system: row.is_system,
        created_by: row.created_by.map(UserId),
    })
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: EventId) -> Stored<Option<Event>> {
    rows::first(c, event::Entity::find_by_id(id.0)).await?.map(from_row).transpose()
}

async fn by_slug(c: &impl ConnectionTrait, slug: &str) -> Stored<Option<Event>> {
    let found = event::Entity::find().filter(event::Column::Slug.eq(slug));
    rows::first(c, found).await?.map(from_row).transpose()
}

/// The built-in events and those of one person, or all, ordered by slug.
pub(crate) async fn list(
    c: &impl ConnectionTrait,
    of: Option<UserId>,
    request: &PageRequest,
) -> Stored<Page<Event>> {
    let mut found =
        event::Entity::find().order_by_asc(event::Column::Slug).limit(page::rows_to_read(request));
    if let Some(user) = of {
        found = found.filter(
            Condition::any()
                .add(event::Column::IsSystem.eq(true))
                .add(event::Column::CreatedBy.eq(user.0)),
        );
    }
    if let Some(place) = page::place("events", request)? {
        found = found.filter(event::Column::Slug.gt(place.key));
    }
    let found = rows::all(c, found).await?;
    let events = found.into_iter().map(from_row).collect::<Stored<Vec<_>>>()?;
    Ok(page::page_of("events", request, events, |event| Place {
        micros: 0,
        key: event.slug.clone(),
    }))
}

/// Whether any campaign has it enabled, or any goal or reward of it is not over.
async fn is_in_use(c: &impl ConnectionTrait, id: EventId) -> Stored<bool> {
    let uses = "SELECT 1 FROM campaign_configs WHERE event_id = $1 AND is_enabled \
         UNION ALL SELECT 1 FROM instances WHERE event_id = $1 AND is_open \
         UNION ALL SELECT 1 FROM rewards WHERE event_id = $1 AND status <> 'deleted' LIMIT 1";
    let statement = rows::sql(c, uses, [id.0.into()]);
    Ok(c.query_one_raw(statement).await.map_err(store_error)?.is_some())
}

#[async_trait]
impl CatalogueRepository for Unit {
    async fn get(&mut self, id: EventId) -> Stored<Option<Event>> {
        get(self.tx(), id).await
    }

    async fn by_slug(&mut self, slug: &str) -> Stored<Option<Event>> {
        by_slug(self.tx(), slug).await
    }

    async fn insert(&mut self, event: &Event) -> Stored<()> {
        if rows::insert_new::<event::Entity, _>(self.tx(), to_row(event)?).await? {
            return Ok(());
        }
        Err(StoreError::AlreadyExists(format!("event {:?}", event.slug)))
    }

    async fn update(&mut self, event: &Event) -> Stored<()> {
        rows::replace::<event::Entity, _>(self.tx(), to_row(event)?).await
    }

    async fn delete(&mut self, id: EventId) -> Stored<()> {
        // Its configs and opt-ins go with it, by the foreign keys.
        let deleted = event::Entity::delete_by_id(id.0).exec(self.tx()).await;
        if deleted.map_err(store_error)?.rows_affected == 1 {
            return Ok(());
        }
        Err(contention("the event"))
    }

    async fn is_in_use(&mut self, id: EventId) -> Stored<bool> {
        is_in_use(self.tx(), id).await
    }
}
