//! Logins that are under way.

/// Codes that a browser carries back to a client.
pub mod authorization_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authorization_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub client_id: String,
        pub user_id: String,
        pub redirect_uri: String,
        /// Separated by spaces.
        pub scopes: String,
        pub expires_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Codes of devices without a browser, for a person to type in elsewhere.
pub mod device_code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "device_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_code: String,
        /// What the person types.
        #[sea_orm(unique)]
        pub user_code: String,
        pub client_id: String,
        /// Separated by spaces.
        pub scopes: String,
        /// Who said yes; absent until then.
        pub user_id: Option<String>,
        pub expires_at_ns: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
