//! Secrets that are handed out: random, shown once, kept as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// A secret that was just made. Its text is shown to one person, once.
pub struct NewSecret {
    /// What the person gets.
    pub text: String,
    /// What is kept: SHA-256 in hexadecimal. The secret has 256 random bits, so a slow hash would
    /// protect nothing.
    pub hash: String,
}

impl fmt::Debug for NewSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewSecret(…)")
    }
}

/// A secret with that prefix and 256 bits of the system's randomness.
#[must_use]
pub fn new_secret(prefix: &str) -> NewSecret {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = sha256_hex(text.as_bytes());
    NewSecret { text, hash }
}

/// A new API key, `gk_…`.
#[must_use]
pub fn new_api_key() -> NewSecret {
    new_secret("gk_")
}

/// SHA-256 in hexadecimal: what is kept of a secret.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether two texts are equal, in a time that does not tell where they differ.
#[must_use]
pub fn constant_time_eq(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}
