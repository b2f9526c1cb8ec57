//! EventSub subscriptions, conduits and their shards.

/// Subscriptions, over whatever transport.
pub mod subscription {
    use sea_orm::entity::prelude::*;

    /// What carries the notifications of a subscription, or of a shard.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, DeriveDisplay)]
    #[sea_orm(rs_type = "String", db_type = "Text")]
    pub enum Method {
        #[sea_orm(string_value = "webhook", display_value = "webhook")]
        Webhook,
        #[sea_orm(string_value = "websocket", display_value = "websocket")]
        Websocket,
        /// Never that of a shard.
        #[sea_orm(string_value = "conduit", display_value = "conduit")]
        Conduit,
    }

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subscriptions")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        #[sea_orm(unique)]
        pub id: String,
        pub client_id: String,
        /// The subscription type, such as `stream.online`.
        pub kind: String,
        /// Empty when the type is not about a channel.
        #[sea_orm(indexed)]
        pub broadcaster_user_id: String,
        /// Empty when every reward of the channel is meant.
        pub reward_id: String,
        /// Of a webhook only, as is the secret.
        pub callback: String,
        pub secret: String,
        pub status: String,
        pub created_at_ns: i64,
        pub method: Method,
        /// Whose token made it; empty when it was the application's own.
        pub user_id: String,
        /// Of a websocket only.
        pub session_id: String,
        /// Of a conduit only.
        pub conduit_id: String,
        /// The one conduit that `conduit.shard.disabled` is about; empty when all are meant.
        pub subject_conduit_id: String,
        pub cost: i64,
        pub connected_at_ns: Option<i64>,
        pub disconnected_at_ns: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Conduits.
pub mod conduit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "conduits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        #[sea_orm(indexed)]
        pub client_id: String,
        pub shard_count: i64,
        pub created_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The shards of conduits that were given a transport.
pub mod conduit_shard {
    use sea_orm::entity::prelude::*;

    use super::subscription::Method;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "conduit_shards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub conduit_id: String,
        /// From 0.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub method: Method,
        /// Of a webhook only, as is the secret.
        pub callback: String,
        pub secret: String,
        /// Of a websocket only.
        #[sea_orm(indexed)]
        pub session_id: String,
        pub status: String,
        pub connected_at_ns: Option<i64>,
        pub disconnected_at_ns: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
