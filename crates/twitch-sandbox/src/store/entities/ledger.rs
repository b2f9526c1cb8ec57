//! What happened to redemptions and rewards, never changed afterwards.

/// Each time a redemption was settled. More than one for a redemption would be a fault of this
/// Twitch.
pub mod settlement {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "settlements")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        #[sea_orm(indexed)]
        pub redemption_id: String,
        pub status: super::super::redemption::Status,
        /// The client that did it, if it was one.
        pub client_id: Option<String>,
        /// `api`, `moderator`, `reward_deleted` or `queue_skipped`.
        pub cause: String,
        pub at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Each time a reward was made, changed or deleted.
pub mod reward_change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reward_changes")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        #[sea_orm(indexed)]
        pub reward_id: String,
        pub broadcaster_id: String,
        /// The client that made the reward.
        pub owner_client_id: String,
        /// The client that did it; absent when the streamer did it by hand.
        pub client_id: Option<String>,
        /// `created`, `updated` or `deleted`.
        pub change: String,
        /// How the reward then was, as JSON.
        pub reward: Json,
        pub at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
