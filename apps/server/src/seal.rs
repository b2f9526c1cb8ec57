//! What has to be kept and read back, but not by who reads the database.

use crate::auth::sha256_hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::RngCore;
use std::fmt;

/// The length of the random part in front of what is sealed, in bytes.
const NONCE_BYTES: usize = 24;

/// How many characters of a key's hash are its id: enough to tell an installation's keys apart.
const KEY_ID_CHARS: usize = 16;

/// Seals texts with the installation's key (XChaCha20-Poly1305), each for one purpose. What was
/// sealed with a key of old is still opened.
#[derive(Clone)]
pub struct Seal {
    current: Key,
    old: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// A text that was not sealed with one of these keys for this purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was not sealed with this key")]
pub struct NotSealed;

impl Seal {
    /// Seals with that key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self::with_old(key, &[])
    }

    /// Seals with `key`, and opens what was sealed with it or with one of the `old` ones.
    #[must_use]
    pub fn with_old(key: &[u8; 32], old: &[[u8; 32]]) -> Self {
        Self { current: Key::new(key), old: old.iter().map(Key::new).collect() }
    }

    /// Tells the key with which texts are sealed now from others; no secret.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.current.id
    }

    /// The text, readable only with the key and for the same purpose. Twice the same is never alike.
    ///
    /// # Errors
    /// When the text is too long for the cipher (256 GiB).
    pub fn close(&self, text: &str, purpose: &str) -> Result<String, NotSealed> {
        let mut nonce = [0_u8; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.current.cipher.encrypt(XNonce::from_slice(&nonce), payload);
        let sealed = sealed.map_err(|_| NotSealed)?;
        Ok(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// The text that was sealed.
    ///
    /// # Errors
    /// [`NotSealed`] when the key or the purpose is another one, or a byte was changed.
    pub fn open(&self, sealed: &str, purpose: &str) -> Result<String, NotSealed> {
        let opened = self.keys().find_map(|key| key.open(sealed, purpose).ok());
        opened.ok_or(NotSealed)
    }

    /// The text that was sealed with the key of that id.
    ///
    /// # Errors
    /// [`NotSealed`] when there is no such key here, and as [`Seal::open`].
    pub fn open_with(
        &self,
        key_id: &str,
        sealed: &str,
        purpose: &str,
    ) -> Result<String, NotSealed> {
        let key = self.keys().find(|key| key.id == key_id).ok_or(NotSealed)?;
        key.open(sealed, purpose)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.old)
    }
}

impl Key {
    fn new(key: &[u8; 32]) -> Self {
        let mut id = sha256_hex(&[b"key-id", &key[..]].concat());
        id.truncate(KEY_ID_CHARS);
        Self { id, cipher: XChaCha20Poly1305::new(key.into()) }
    }

    fn open(&self, sealed: &str, purpose: &str) -> Result<String, NotSealed> {
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| NotSealed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or(NotSealed)?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let text = self.cipher.decrypt(XNonce::from_slice(nonce), payload);
        String::from_utf8(text.map_err(|_| NotSealed)?).map_err(|_| NotSealed)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn only_the_same_key_and_purpose_open_a_seal() {
        let seal = Seal::new(&[1; 32]);
        let sealed = seal.close("ov_secret", "answer").unwrap();
        assert!(!sealed.contains("ov_secret"));
        assert_ne!(seal.close("ov_secret", "answer").unwrap(), sealed);
        assert_eq!(seal.open(&sealed, "answer").unwrap(), "ov_secret");
        assert_eq!(seal.open(&sealed, "another"), Err(NotSealed));
        assert_eq!(Seal::new(&[2; 32]).open(&sealed, "answer"), Err(NotSealed));
        for broken in ["", "AAAA", &sealed[..40], &sealed.replace(&sealed[..4], "AAAA")] {
            assert_eq!(seal.open(broken, "answer"), Err(NotSealed), "{broken}");
        }
    }

    #[test]
    fn a_key_of_old_opens_and_never_closes() {
        let (before, after) = (Seal::new(&[1; 32]), Seal::with_old(&[2; 32], &[[1; 32]]));
        let sealed = before.close("token", "login").unwrap();
        assert_ne!(before.key_id(), after.key_id());
        assert_eq!(before.key_id().len(), KEY_ID_CHARS);
        assert_eq!(after.open(&sealed, "login").unwrap(), "token");
        assert_eq!(after.open_with(before.key_id(), &sealed, "login").unwrap(), "token");
        assert_eq!(after.open_with(after.key_id(), &sealed, "login"), Err(NotSealed));
        let again = after.close("token", "login").unwrap();
        assert_eq!(before.open(&again, "login"), Err(NotSealed));
        assert_eq!(before.open_with(after.key_id(), &again, "login"), Err(NotSealed));
    }
}
