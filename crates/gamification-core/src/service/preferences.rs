//! What people choose for themselves.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::preferences::{CUSTOM_CSS_BYTES_MAX, Preferences};
use serde_json::json;

impl Gamification {
    /// Replaces what a person chose. Whether a style sheet is harmless is for the caller to check
    /// before: this crate does not read CSS.
    ///
    /// # Errors
    /// When the person is not known, or the style sheet is too long (`overlay.customCss`).
    pub async fn save_preferences(&self, actor: &Actor, preferences: &Preferences) -> Served<()> {
        let css = preferences.overlay.custom_css.as_deref().unwrap_or_default();
        if css.len() > CUSTOM_CSS_BYTES_MAX {
            let reason = format!("must have at most {CUSTOM_CSS_BYTES_MAX} bytes");
            return Err(ServiceError::invalid("overlay.customCss", reason));
        }
        self.retrying(|| Box::pin(self.try_save_preferences(actor, preferences))).await
    }

    async fn try_save_preferences(&self, actor: &Actor, preferences: &Preferences) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        self.person(uow.as_mut(), preferences.user_id).await?;
        uow.users().save_preferences(preferences).await?;
        let look = &preferences.overlay;
        let details = json!({
            "userId": preferences.user_id,
            "language": preferences.language,
            "overlayLanguage": look.language,
            "overlayTheme": look.theme,
            "customCssBytes": look.custom_css.as_ref().map_or(0, String::len),
        });
        self.note_down(uow.as_mut(), None, actor, "preferences.saved", details).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }
}
