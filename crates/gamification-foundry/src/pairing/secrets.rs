use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gamification_core::ids::{ConnectionId, CredentialId, PairingId};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What codes are written with: nothing that looks like something else. 32 signs, five bits each.
const CODE_SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Signs of a code.
pub(super) const CODE_LENGTH: usize = 6;

/// Derives every secret from one key: the same id gives the same secret on every node.
pub(super) struct Secrets {
    mac: Hmac<Sha256>,
}

impl Secrets {
    pub(super) fn new(key: &[u8]) -> Self {
        // HMAC takes keys of every length, so the only error of this call does not occur.
        #[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
        let mac = Hmac::new_from_slice(key).expect("HMAC accepts keys of every length");
        Self { mac }
    }

    pub(super) fn code(&self, pairing: PairingId) -> String {
        let bytes = self.derive("code", pairing.0);
        let signs = bytes.iter().take(CODE_LENGTH);
        signs.map(|byte| char::from(CODE_SIGNS[usize::from(byte % 32)])).collect()
    }

    pub(super) fn api_key(&self, pairing: PairingId) -> String {
        self.token("vttk_", "api-key", pairing.0)
    }

    pub(super) fn session_token(&self, credential: CredentialId) -> String {
        self.token("vtts_", "session", credential.0)
    }

    pub(super) fn refresh_token(&self, credential: CredentialId) -> String {
        self.token("vttr_", "refresh", credential.0)
    }

    pub(super) fn fingerprint(&self, connection: ConnectionId) -> String {
        self.token("", "fingerprint", connection.0)
    }

    /// The pair of tokens that replaces this one: the same whoever asks, so that two browsers that
    /// refresh at once receive the same tokens.
    pub(super) fn successor(&self, credential: CredentialId) -> CredentialId {
        let bytes = self.derive("successor", credential.0);
        let mut id = [0; 16];
        id.copy_from_slice(&bytes[..16]);
        CredentialId(uuid::Builder::from_random_bytes(id).into_uuid())
    }

    fn token(&self, prefix: &str, purpose: &str, id: Uuid) -> String {
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(self.derive(purpose, id)))
    }

    fn derive(&self, purpose: &str, id: Uuid) -> [u8; 32] {
        let mut mac = self.mac.clone();
        mac.update(b"gamification-vtt:");
        mac.update(purpose.as_bytes());
        mac.update(b":");
        mac.update(id.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// What is stored of a secret: SHA-256 in hexadecimal. Enough for secrets of 256 bits.
pub(super) fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares in a time that does not depend on where they differ.
pub(super) fn are_equal(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// A code as a person typed it: any case, with or without the dash. `None` when it can be none.
pub(super) fn normalised_code(typed: &str) -> Option<String> {
    let signs = typed.chars().filter(|sign| !sign.is_whitespace() && *sign != '-');
    let code: String = signs.map(|sign| sign.to_ascii_uppercase()).collect();
    let is_code = code.len() == CODE_LENGTH && code.bytes().all(|sign| CODE_SIGNS.contains(&sign));
    is_code.then_some(code)
}

/// A code as people read it: `ABC-123`.
pub(super) fn shown_code(code: &str) -> String {
    let (first, last) = code.split_at(code.len() / 2);
    format!("{first}-{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_by_purpose_by_id_and_by_key_and_are_the_same_again() {
        let (here, elsewhere) = (Secrets::new(b"key"), Secrets::new(b"another"));
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let all = [
            here.session_token(one.into()),
            here.session_token(two.into()),
            elsewhere.session_token(one.into()),
            here.refresh_token(one.into()),
            here.api_key(one.into()),
            here.fingerprint(one.into()),
        ];
        let tails: std::collections::BTreeSet<_> = all.iter().map(|s| &s[s.len() - 40..]).collect();
        assert_eq!(tails.len(), all.len());
        assert_eq!(here.session_token(one.into()), all[0]);
        assert_ne!(here.successor(one.into()), here.successor(two.into()));
    }

    #[test]
    fn codes_are_six_signs_that_cannot_be_misread() {
        let secrets = Secrets::new(b"key");
        for id in 0..500 {
            let code = secrets.code(Uuid::from_u128(id).into());
            assert_eq!(normalised_code(&code), Some(code.clone()));
            assert_eq!(shown_code(&code).len(), 7);
        }
    }

    #[test]
    fn codes_are_taken_as_people_type_them() {
        for typed in ["ABC-234", "abc234", " abc 234 ", "aBc-2-34"] {
            assert_eq!(normalised_code(typed).as_deref(), Some("ABC234"));
        }
        for typed in ["ABC-23", "ABC-2345", "ABO-234", "ABC-12O", "", "äbc-234"] {
            assert_eq!(normalised_code(typed), None, "{typed}");
        }
    }
}
