//! The secrets in overlays' addresses: found by their hash, and kept sealed, so that their streamer
//! can copy the address again.

use crate::auth::new_secret;
use crate::problem::Problem;
use crate::seal::Seal;
use crate::services::Services;
use gamification_core::access::{OverlaySecret, OverlayToken};

/// What a token begins with, so that one is known when it turns up somewhere.
const TOKEN_PREFIX: &str = "ov_";

/// A new token, and what is kept of it.
///
/// # Errors
/// When it cannot be sealed.
pub fn new_overlay_secret(seal: &Seal) -> Result<(String, OverlaySecret), Problem> {
    let secret = new_secret(TOKEN_PREFIX);
    let sealed = seal.close(&secret.text, &purpose(&secret.hash));
    let sealed_token = sealed.map_err(|error| Problem::internal(error.to_string()))?;
    Ok((secret.text, OverlaySecret { hash: secret.hash, sealed_token }))
}

/// The token of an overlay; `None` for one that was made before tokens were kept, or whose key is
/// gone.
#[must_use]
pub fn kept_token(seal: &Seal, overlay: &OverlayToken) -> Option<String> {
    let sealed = overlay.sealed_token.as_ref()?;
    let opened = seal.open(sealed, &purpose(&overlay.hash));
    if opened.is_err() {
        tracing::warn!(overlay_id = %overlay.id, "an overlay's address cannot be opened");
    }
    opened.ok()
}

/// What OBS shows.
#[must_use]
pub fn page_url(services: &Services, token: &str) -> String {
    format!("{}/overlay/{token}", services.public_url)
}

/// Another overlay's sealed token in this one's row is none.
fn purpose(hash: &str) -> String {
    format!("overlay {hash}")
}
