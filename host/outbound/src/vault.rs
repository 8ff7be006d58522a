//! Where the values behind references come from.

use crate::endpoint::Owner;
use crate::secret::Secret;
use hotline_vocabulary::ids::ContactId;

/// The store of secrets did not answer, or what it keeps can not be opened; in a sentence for the
/// operator, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VaultError(pub String);

/// Keeps secrets. Asked for each request, so that a new value counts at once.
#[async_trait::async_trait]
pub trait Vault: std::fmt::Debug + Send + Sync + 'static {
    /// None when nobody has set it.
    async fn secret(&self, owner: &Owner, name: &str) -> Result<Option<Secret>, VaultError>;

    /// Puts a value in the place of another: a refresh token that its server has replaced.
    async fn replace(&self, owner: &Owner, name: &str, value: &Secret) -> Result<(), VaultError>;

    /// What a caller typed under protection, once: the token is spent with it. None when there is
    /// no such token (any longer) in this contact, or the vault keeps none.
    async fn token(
        &self,
        owner: &Owner,
        contact: Option<ContactId>,
        id: &str,
    ) -> Result<Option<Secret>, VaultError> {
        let _ = (owner, contact, id);
        Ok(None)
    }
}
