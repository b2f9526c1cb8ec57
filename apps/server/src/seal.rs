//! What has to be kept and read back, but not by who reads the database.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::RngCore;
use std::fmt;

/// The length of the random part in front of what is sealed, in bytes.
const NONCE_BYTES: usize = 24;

/// Seals texts with the installation's key (XChaCha20-Poly1305), each for one purpose.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
}

/// A text that was not sealed with this key for this purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was not sealed with this key")]
pub struct NotSealed;

impl Seal {
    /// Seals with that key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(key.into()) }
    }

    /// The text, readable only with the key and for the same purpose. Twice the same is never alike.
    ///
    /// # Errors
    /// When the text is too long for the cipher (256 GiB).
    pub fn close(&self, text: &str, purpose: &str) -> Result<String, NotSealed> {
        let mut nonce = [0_u8; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.cipher.encrypt(XNonce::from_slice(&nonce), payload);
        let sealed = sealed.map_err(|_| NotSealed)?;
        Ok(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// The text that was sealed.
    ///
    /// # Errors
    /// [`NotSealed`] when the key or the purpose is another one, or a byte was changed.
    pub fn open(&self, sealed: &str, purpose: &str) -> Result<String, NotSealed> {
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
}
