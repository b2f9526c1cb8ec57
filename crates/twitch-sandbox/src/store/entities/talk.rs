//! What people say and vote.

/// Chat messages, dropped ones included.
pub mod chat_message {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "chat_messages")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        #[sea_orm(unique)]
        pub id: String,
        #[sea_orm(indexed)]
        pub broadcaster_id: String,
        pub sender_id: String,
        pub client_id: String,
        pub message: String,
        /// Why it was not shown; absent when it was.
        pub drop_code: Option<String>,
        pub sent_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Polls, running and over.
pub mod poll {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "polls")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub broadcaster_id: String,
        pub started_at_ns: i64,
        pub ends_at_ns: i64,
        /// When it was over; absent while it runs.
        pub ended_at_ns: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
