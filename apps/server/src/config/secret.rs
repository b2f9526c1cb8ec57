//! Secrets of the configuration, and the files in which the program keeps those that it makes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A text that appears in no log and no debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps the text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for the one who needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The 32 bytes that it holds in base64; `None` when it holds anything else.
    #[must_use]
    pub fn key_bytes(&self) -> Option<[u8; 32]> {
        STANDARD.decode(self.0.trim()).ok()?.try_into().ok()
    }

    /// 32 random bytes in base64.
    #[must_use]
    pub fn random_key() -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(STANDARD.encode(bytes))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A file that only its owner may read.
#[derive(Debug, Clone)]
pub struct SecretFile {
    path: PathBuf,
}

impl SecretFile {
    /// The file of that name in the data directory.
    #[must_use]
    pub fn new(data_dir: &Path, name: &str) -> Self {
        Self { path: data_dir.join(name) }
    }

    /// What the file holds; made by `make` when there is no file.
    ///
    /// # Errors
    /// When the file can neither be read nor made.
    pub fn read_or_make(&self, make: impl FnOnce() -> Secret) -> io::Result<Secret> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => Ok(Secret::new(text.trim())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secret = make();
                self.write(&secret)?;
                Ok(secret)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the secret, replacing what was there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, secret: &Secret) -> io::Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        writeln!(file, "{}", secret.expose())?;
        file.sync_all()
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
