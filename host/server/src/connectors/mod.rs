//! Connectors at work: their secrets, their requests, what the host asks them by itself.

mod vault;

pub(crate) use vault::{SecretVault, SetError};

use hotline_outbound::{Outbound, Owner, Secret};
use hotline_records::Records;
use hotline_vocabulary::ids::{TenantId, UserId};

/// What the handlers need of it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Connectors {
    pub outbound: Outbound,
    pub vault: SecretVault,
    pub records: Records,
}

/// Whose secrets, exchanges and breakers a connector's are.
pub(crate) fn owner(tenant: TenantId, name: &str) -> Owner {
    Owner {
        tenant,
        plugin: format!("connector/{name}"),
    }
}

impl Connectors {
    /// Whether the tenant has set up anything for a connector of this name.
    pub(crate) async fn is_known(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<bool, hotline_records::Error> {
        Ok(!self.vault.list(&owner(tenant, name)).await?.is_empty()
            || self
                .records
                .connectors
                .uses(tenant)
                .await?
                .contains_key(name)
            || !self.records.connectors.jobs(tenant, name).await?.is_empty())
    }

    /// Puts a secret in place, and lets go of what was learnt with the former one.
    pub(crate) async fn set_secret(
        &self,
        tenant: TenantId,
        (connector, name): (&str, &str),
        value: &Secret,
        by: Option<UserId>,
    ) -> Result<(), SetError> {
        let owner = owner(tenant, connector);
        self.vault.set(&owner, name, value, by).await?;
        self.outbound.forget(&owner);
        Ok(())
    }

    pub(crate) async fn delete_secret(
        &self,
        tenant: TenantId,
        (connector, name): (&str, &str),
    ) -> Result<(), hotline_records::Error> {
        let owner = owner(tenant, connector);
        self.vault.delete(&owner, name).await?;
        self.outbound.forget(&owner);
        Ok(())
    }
}
