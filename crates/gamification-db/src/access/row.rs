use crate::codec::from_json;
use crate::error::Stored;
use gamification_core::access::AuditEntry;
use gamification_core::ids::{AuditId, CampaignId};
use gamification_core::time::Timestamp;

pub(crate) mod api_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_keys")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) role: String,
        pub(crate) campaign_id: Option<Uuid>,
        pub(crate) hash: String,
        pub(crate) created_at: i64,
        pub(crate) expires_at: Option<i64>,
        pub(crate) revoked_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod answer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotent_answers")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) key: String,
        pub(crate) request_hash: String,
        pub(crate) status: Option<i64>,
        pub(crate) body: String,
        pub(crate) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod audit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Option<Uuid>,
        pub(crate) actor: String,
        pub(crate) action: String,
        pub(crate) details: String,
        pub(crate) at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) fn to_audit(row: audit::Model) -> Stored<AuditEntry> {
    Ok(AuditEntry {
        id: AuditId(row.id),
        campaign_id: row.campaign_id.map(CampaignId),
        actor: from_json("audit.actor", &row.actor)?,
        action: row.action,
        details: from_json("audit.details", &row.details)?,
        at: Timestamp::from_micros(row.at),
    })
}
