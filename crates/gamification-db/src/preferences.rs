//! What people chose for themselves.

use crate::codec::{from_word, from_word_opt, to_word, to_word_opt};
use crate::error::Stored;
use crate::rows;
use gamification_core::ids::UserId;
use gamification_core::preferences::{OverlayLook, Preferences};
use sea_orm::{ConnectionTrait, EntityTrait};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "preferences")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) user_id: Uuid,
        pub(crate) language: Option<String>,
        pub(crate) overlay_language: Option<String>,
        pub(crate) overlay_theme: String,
        pub(crate) custom_css: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) async fn of_user(c: &impl ConnectionTrait, user: UserId) -> Stored<Option<Preferences>> {
    rows::first(c, row::Entity::find_by_id(user.0)).await?.map(from_row).transpose()
}

pub(crate) async fn save(c: &impl ConnectionTrait, chosen: &Preferences) -> Stored<()> {
    let row = row::Model {
        user_id: chosen.user_id.0,
        language: to_word_opt(chosen.language.as_ref())?,
        overlay_language: to_word_opt(chosen.overlay.language.as_ref())?,
        overlay_theme: to_word(&chosen.overlay.theme)?,
        custom_css: chosen.overlay.custom_css.clone(),
    };
    rows::upsert::<row::Entity, _>(c, row).await
}

fn from_row(row: row::Model) -> Stored<Preferences> {
    let overlay_language = row.overlay_language.as_deref();
    Ok(Preferences {
        user_id: UserId(row.user_id),
        language: from_word_opt("preferences.language", row.language.as_deref())?,
        overlay: OverlayLook {
            language: from_word_opt("preferences.overlay_language", overlay_language)?,
            theme: from_word("preferences.overlay_theme", &row.overlay_theme)?,
            custom_css: row.custom_css,
        },
    })
}
