//! Secrets of connectors: sealed here, kept in the records, opened for one request at a time.

use super::ProtectedInput;
use hotline_outbound::{Owner, Sealing, Secret, Vault, VaultError};
use hotline_records::repositories::plugin_secrets::{PluginSecret, PluginSecrets};
use hotline_vocabulary::ids::{ContactId, UserId};
use std::sync::Arc;

/// Longer ones are refused: a private key in PEM fits.
const SECRET_BYTES: usize = 8 * 1024;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct SecretVault {
    records: PluginSecrets,
    sealing: Arc<Sealing>,
    typed: ProtectedInput,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SetError {
    #[error("must have 1 to {SECRET_BYTES} bytes")]
    Length,
    #[error("the operating system gave no randomness")]
    Randomness,
    #[error(transparent)]
    Records(#[from] hotline_records::Error),
}

impl SecretVault {
    pub(crate) fn new(records: PluginSecrets, sealing: Sealing) -> SecretVault {
        SecretVault {
            records,
            sealing: Arc::new(sealing),
            typed: ProtectedInput::default(),
        }
    }

    /// What callers typed under protection.
    pub(crate) const fn typed(&self) -> &ProtectedInput {
        &self.typed
    }

    /// Puts it in place of what there was; it can not be read back.
    pub(crate) async fn set(
        &self,
        owner: &Owner,
        name: &str,
        value: &Secret,
        by: Option<UserId>,
    ) -> Result<(), SetError> {
        if !(1..=SECRET_BYTES).contains(&value.reveal().len()) {
            return Err(SetError::Length);
        }
        let sealed = self.sealing.seal(owner, name, value);
        let sealed = sealed.ok_or(SetError::Randomness)?;
        let place = (owner.plugin.as_str(), name);
        let now = crate::clock::now();
        let set = self.records.set(owner.tenant, place, &sealed, by, now);
        Ok(set.await?)
    }

    /// By name, without their values.
    pub(crate) async fn list(
        &self,
        owner: &Owner,
    ) -> Result<Vec<PluginSecret>, hotline_records::Error> {
        self.records.all(owner.tenant, &owner.plugin).await
    }

    pub(crate) async fn delete(
        &self,
        owner: &Owner,
        name: &str,
    ) -> Result<(), hotline_records::Error> {
        self.records.delete(owner.tenant, &owner.plugin, name).await
    }
}

#[async_trait::async_trait]
impl Vault for SecretVault {
    async fn secret(&self, owner: &Owner, name: &str) -> Result<Option<Secret>, VaultError> {
        let sealed = self.records.sealed(owner.tenant, &owner.plugin, name).await;
        let Some(sealed) = sealed.map_err(|error| VaultError(error.to_string()))? else {
            return Ok(None);
        };
        let opened = self.sealing.open(owner, name, &sealed);
        opened
            .map(Some)
            .map_err(|error| VaultError(error.to_string()))
    }

    async fn replace(&self, owner: &Owner, name: &str, value: &Secret) -> Result<(), VaultError> {
        let set = self.set(owner, name, value, None).await;
        set.map_err(|error| VaultError(error.to_string()))
    }

    async fn token(
        &self,
        owner: &Owner,
        contact: Option<ContactId>,
        id: &str,
    ) -> Result<Option<Secret>, VaultError> {
        let spent = contact.and_then(|contact| self.typed.spend((owner.tenant, contact), id));
        Ok(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectors::owner;
    use hotline_records::repositories::tenants::TenantDraft;
    use hotline_records::{Database, Location, Records, schema};

    #[tokio::test]
    async fn a_secret_is_read_by_its_connector_alone_and_stands_sealed_in_the_database() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hotline.sqlite");
        let options = schema::Options::new(Location::Sqlite(file.clone()));
        let database = Database::open(&options).await.expect("a database");
        let records = Records::new(&database);
        let draft = TenantDraft {
            name: "acme".to_owned(),
            display_name: "Acme".to_owned(),
            sip_domain: None,
            language: "en".to_owned(),
        };
        let tenant = records.tenants.create(crate::clock::now(), draft).await;
        let tenant = tenant.expect("a tenant").id;
        let key = folder.path().join("secrets.key");
        let sealing = || Sealing::with_key_file(&key).expect("a key");
        let vault = SecretVault::new(records.plugin_secrets.clone(), sealing());
        let (own, other) = (owner(tenant, "crm"), owner(tenant, "other"));
        let value = Secret::new("a value that nobody else has");
        vault.set(&own, "api-key", &value, None).await.expect("set");

        let again = SecretVault::new(records.plugin_secrets.clone(), sealing());
        assert_eq!(again.secret(&own, "api-key").await, Ok(Some(value)));
        assert_eq!(again.secret(&other, "api-key").await, Ok(None));
        let moved = records
            .plugin_secrets
            .sealed(tenant, &own.plugin, "api-key")
            .await;
        let moved = moved.expect("asked").expect("set");
        let (place, now) = ((other.plugin.as_str(), "api-key"), crate::clock::now());
        let copied = records
            .plugin_secrets
            .set(tenant, place, &moved, None, now)
            .await;
        copied.expect("a row like any other");
        assert!(
            again.secret(&other, "api-key").await.is_err(),
            "it opens in its place only"
        );

        let empty = vault.set(&own, "api-key", &Secret::new(""), None).await;
        assert!(matches!(empty, Err(SetError::Length)));
        database.close().await;
        let bytes = std::fs::read(&file).expect("the database");
        assert!(holds(&bytes, b"api-key"), "the row is in the file");
        assert!(!holds(&bytes, b"a value that nobody"));
    }

    fn holds(bytes: &[u8], what: &[u8]) -> bool {
        bytes.windows(what.len()).any(|window| window == what)
    }
}
