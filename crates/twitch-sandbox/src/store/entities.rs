//! The tables. Times are nanoseconds since the epoch; points and costs are channel points.
#![expect(unreachable_pub, reason = "sea-orm's derive makes public items")]

pub mod eventsub;
pub mod ledger;
pub mod logins;
pub mod talk;

pub use eventsub::{conduit, conduit_shard, subscription};

/// Everybody: streamers, game masters, viewers.
pub mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        #[sea_orm(unique)]
        pub login: String,
        pub display_name: String,
        /// Empty, `affiliate` or `partner`.
        pub broadcaster_type: String,
        pub language: String,
        /// What the user has on a channel before the first redemption there.
        pub starting_points: i64,
        pub created_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A viewer's points on a channel where something was already redeemed.
pub mod balance {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "balances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub broadcaster_id: String,
        pub points: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The channels that are live.
pub mod stream {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "streams")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub broadcaster_id: String,
        pub stream_id: String,
        pub viewer_count: i64,
        pub started_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Access tokens, of applications (no user) and of users.
pub mod access_token {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_tokens")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token: String,
        pub client_id: String,
        pub user_id: Option<String>,
        /// Separated by spaces.
        pub scopes: String,
        pub expires_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What users granted to clients, by refresh token.
pub mod grant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub refresh_token: String,
        pub client_id: String,
        #[sea_orm(indexed)]
        pub user_id: String,
        /// Separated by spaces.
        pub scopes: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Custom rewards.
pub mod reward {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rewards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        #[sea_orm(indexed)]
        pub broadcaster_id: String,
        /// The client that made it, the only one that may change it.
        pub client_id: String,
        pub title: String,
        pub prompt: String,
        pub cost: i64,
        pub background_color: String,
        pub is_enabled: bool,
        pub is_paused: bool,
        pub is_user_input_required: bool,
        pub skips_queue: bool,
        pub is_max_per_stream_enabled: bool,
        pub max_per_stream: i64,
        pub is_max_per_user_per_stream_enabled: bool,
        pub max_per_user_per_stream: i64,
        pub is_global_cooldown_enabled: bool,
        pub global_cooldown_seconds: i64,
        pub cooldown_expires_at_ns: Option<i64>,
        pub created_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Redemptions, which outlive their reward.
pub mod redemption {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    /// Where a redemption stands; only the first may change.
    #[derive(
        Clone,
        Copy,
        Debug,
        PartialEq,
        Eq,
        EnumIter,
        DeriveActiveEnum,
        DeriveDisplay,
        Serialize,
        Deserialize,
    )]
    #[sea_orm(rs_type = "String", db_type = "Text")]
    #[serde(rename_all = "UPPERCASE")]
    pub enum Status {
        #[sea_orm(string_value = "UNFULFILLED", display_value = "UNFULFILLED")]
        Unfulfilled,
        #[sea_orm(string_value = "FULFILLED", display_value = "FULFILLED")]
        Fulfilled,
        #[sea_orm(string_value = "CANCELED", display_value = "CANCELED")]
        Canceled,
    }

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "redemptions")]
    pub struct Model {
        /// The order of redeeming.
        #[sea_orm(primary_key)]
        pub seq: i64,
        #[sea_orm(unique)]
        pub id: String,
        #[sea_orm(indexed)]
        pub reward_id: String,
        pub broadcaster_id: String,
        pub user_id: String,
        pub user_input: String,
        pub status: Status,
        pub reward_title: String,
        pub reward_prompt: String,
        pub cost: i64,
        /// Whether it was fulfilled at once.
        pub skipped_queue: bool,
        pub redeemed_at_ns: i64,
        pub settled_at_ns: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
