//! Passwords and secrets. A person's password is hashed with Argon2id (RFC 9106); a secret that we
//! make has 256 random bits and needs no more than one BLAKE3.

use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Hashes at once: each takes 19 MiB and tens of milliseconds of a core, and a flood of sign-ins
/// may take neither from the calls.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Hashes a password into a PHC string.
pub(super) async fn hash(password: String) -> Result<String> {
    apart(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash: PasswordHash| hash.to_string())
            .map_err(|error| Error::Password(error.to_string()))
    })
    .await
}

/// Whether a password is the one behind a PHC string.
pub(super) async fn matches(password: String, hash: String) -> Result<bool> {
    apart(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| Error::Password(error.to_string()))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await
}

/// As long as a true check, so that a stranger can not tell which names exist.
pub(super) async fn matches_nobody(password: String) -> Result<()> {
    hash(password).await.map(|_| ())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _permit = AT_ONCE
        .acquire()
        .await
        .map_err(|error| Error::Password(error.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Password(error.to_string()))?
}

/// A new secret behind a prefix that tells its kind (`hls_`, `hlt_`).
pub(super) fn new_secret(prefix: &str) -> String {
    let bits: [u8; 32] = rand::random();
    bits.iter().fold(prefix.to_owned(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

/// What is stored of a secret.
pub(super) fn digest(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_string()
}
