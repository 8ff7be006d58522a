//! Secrets at rest: sealed with ChaCha20-Poly1305 (RFC 8439) under one key of the host's.
//!
//! What is sealed is bound to its tenant, plugin and name: a row that is copied to another place
//! does not open there.

use crate::endpoint::Owner;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Of the form below: `v1.KEY.BYTES`.
const VERSION: &str = "v1";
const KEY_BYTES: usize = 32;

/// Seals and opens. Made once for the host.
pub struct Sealing {
    key: LessSafeKey,
    /// Tells which key something was sealed with, and nothing else about it.
    key_name: String,
    random: SystemRandom,
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealing")
            .field("key_name", &self.key_name)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key for secrets must be {} hexadecimal digits; `openssl rand -hex 32` makes one", KEY_BYTES * 2)]
    Malformed,
    #[error("the key for secrets in {path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the operating system gave no randomness")]
    Randomness,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error(
        "it was sealed with another key ({sealed_with}, ours is {ours}); give the host that key again, or set the secret anew"
    )]
    OtherKey { sealed_with: String, ours: String },
    #[error("it is damaged, or was moved here from another place; set the secret anew")]
    Damaged,
}

impl Sealing {
    /// # Errors
    /// The key is not 64 hexadecimal digits.
    pub fn with_key(hexadecimal: &str) -> Result<Sealing, KeyError> {
        let bytes = Zeroizing::new(parse(hexadecimal.trim()).ok_or(KeyError::Malformed)?);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &*bytes).map_err(|_| KeyError::Malformed)?;
        let name = blake3::derive_key("hotline 2026 name of the key for secrets", &*bytes);
        Ok(Sealing {
            key: LessSafeKey::new(key),
            key_name: hexadecimal_of(&name[..4]),
            random: SystemRandom::new(),
        })
    }

    /// The key in a file that nobody else may read; made when there is none.
    ///
    /// # Errors
    /// The file can not be made, read or made private, or holds no key.
    pub fn with_key_file(path: &Path) -> Result<Sealing, KeyError> {
        let failed = |source| KeyError::File {
            path: path.to_owned(),
            source,
        };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                let about = std::fs::metadata(path).map_err(failed)?;
                if about.permissions().mode() & 0o077 != 0 {
                    tracing::warn!(
                        file = %path.display(),
                        "others could read the key for secrets; it is private now"
                    );
                    let private = std::fs::Permissions::from_mode(0o600);
                    std::fs::set_permissions(path, private).map_err(failed)?;
                }
                Sealing::with_key(&text)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = Zeroizing::new([0; KEY_BYTES]);
                let filled = SystemRandom::new().fill(&mut *bytes);
                filled.map_err(|_| KeyError::Randomness)?;
                let text = Zeroizing::new(hexadecimal_of(&*bytes));
                write_new(path, &text).map_err(failed)?;
                Sealing::with_key(&text)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// As text for a column. None only when the operating system has no randomness.
    pub fn seal(&self, owner: &Owner, name: &str, secret: &Secret) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).ok()?;
        let mut bytes = secret.reveal().as_bytes().to_vec();
        let place = Aad::from(place(owner, name));
        let sealed = Nonce::assume_unique_for_key(nonce);
        let done = self.key.seal_in_place_append_tag(sealed, place, &mut bytes);
        done.ok()?;
        let whole = [nonce.as_slice(), &bytes].concat();
        Some(format!(
            "{VERSION}.{}.{}",
            self.key_name,
            BASE64.encode(whole)
        ))
    }

    /// # Errors
    /// It was sealed with another key, for another place, or is not whole.
    pub fn open(&self, owner: &Owner, name: &str, sealed: &str) -> Result<Secret, OpenError> {
        let mut parts = sealed.split('.');
        let (Some(VERSION), Some(key_name), Some(bytes), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(OpenError::Damaged);
        };
        if key_name != self.key_name {
            return Err(OpenError::OtherKey {
                sealed_with: key_name.chars().take(16).collect(),
                ours: self.key_name.clone(),
            });
        }
        let whole = BASE64.decode(bytes).map_err(|_| OpenError::Damaged)?;
        let (nonce, bytes) = whole
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(OpenError::Damaged)?;
        let mut bytes = Zeroizing::new(bytes.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self
            .key
            .open_in_place(nonce, Aad::from(place(owner, name)), &mut bytes);
        let opened = opened.map_err(|_| OpenError::Damaged)?;
        let text = std::str::from_utf8(opened).map_err(|_| OpenError::Damaged)?;
        Ok(Secret::new(text))
    }
}

/// None of the three can hold the separator.
fn place(owner: &Owner, name: &str) -> String {
    format!("{}\n{}\n{name}", owner.tenant, owner.plugin)
}

fn parse(hexadecimal: &str) -> Option<[u8; KEY_BYTES]> {
    let digits = hexadecimal.as_bytes();
    if digits.len() != KEY_BYTES * 2 {
        return None;
    }
    let mut bytes = [0; KEY_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        // Two digits make an octet.
        *byte = (digit(0)? * 16 + digit(1)?) as u8;
    }
    Some(bytes)
}

fn hexadecimal_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whole or not at all, also when two hosts start at once: the second finds the first one's key.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::{Id, TenantId};

    fn owner(tenant: u128, plugin: &str) -> Owner {
        Owner {
            tenant: TenantId::from_bits(tenant),
            plugin: plugin.to_owned(),
        }
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_nowhere_else() {
        let sealing = Sealing::with_key(&"0f".repeat(32)).expect("a key");
        let (own, secret) = (owner(1, "connector/crm"), Secret::new("s3cr3t 密"));
        let sealed = sealing.seal(&own, "api-key", &secret).expect("sealed");
        assert!(!sealed.contains("s3cr3t"));
        assert_eq!(sealing.open(&own, "api-key", &sealed), Ok(secret.clone()));
        for (place, name) in [
            (owner(2, "connector/crm"), "api-key"),
            (owner(1, "connector/other"), "api-key"),
            (owner(1, "connector/crm"), "other"),
        ] {
            assert_eq!(sealing.open(&place, name, &sealed), Err(OpenError::Damaged));
        }
        let again = sealing.seal(&own, "api-key", &secret).expect("sealed");
        assert_ne!(again, sealed, "the same text twice shows nothing");
        let other = Sealing::with_key(&"1f".repeat(32)).expect("a key");
        let refused = other
            .open(&own, "api-key", &sealed)
            .expect_err("another key");
        assert!(matches!(refused, OpenError::OtherKey { .. }), "{refused}");
        for damaged in ["", "v1.x", &sealed[..sealed.len() - 2], "v9.a.b"] {
            assert!(sealing.open(&own, "api-key", damaged).is_err(), "{damaged}");
        }
    }

    #[test]
    fn the_key_file_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.key");
        let (own, secret) = (owner(1, "connector/crm"), Secret::new("s3cr3t"));
        let first = Sealing::with_key_file(&path).expect("made");
        let sealed = first.seal(&own, "a", &secret).expect("sealed");
        let mode = || {
            std::fs::metadata(&path)
                .expect("a file")
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("ours");
        let second = Sealing::with_key_file(&path).expect("read");
        assert_eq!(second.open(&own, "a", &sealed), Ok(secret));
        assert_eq!(mode(), 0o600, "made private again");
        std::fs::write(&path, "too short").expect("ours");
        assert!(matches!(
            Sealing::with_key_file(&path),
            Err(KeyError::Malformed)
        ));
    }
}
