//! Connectors at work: their secrets, their requests, what the host asks them by itself.

mod activity;
mod drive;
pub(crate) mod jobs;
pub(crate) mod operation;
mod protected;
pub(crate) mod screen_pop;
#[cfg(test)]
mod tests;
mod traced;
mod vault;

pub(crate) use drive::RunError;
pub(crate) use protected::ProtectedInput;
pub(crate) use traced::Traced;
pub(crate) use vault::{SecretVault, SetError};

use async_trait::async_trait;
use drive::Adviser;
use hotline_outbound::{Caller, Grant, Outbound, Owner, Secret};
use hotline_records::Records;
use hotline_sandbox::PluginKind;
use hotline_vocabulary::connector::{Answer, Progress, Question, Task};
use hotline_vocabulary::ids::{ContactId, TenantId, UserId};
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use hotline_vocabulary::question;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Operations under way at once, over all tenants; the next one is told so.
const OPERATIONS: usize = 128;

/// Runs operations. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Connectors {
    pub outbound: Outbound,
    pub vault: SecretVault,
    pub records: Records,
    sandbox: hotline_sandbox::Handle,
    places: Arc<Semaphore>,
}

/// Whose secrets, exchanges and breakers a connector's are.
pub(crate) fn owner(tenant: TenantId, name: &str) -> Owner {
    Owner {
        tenant,
        plugin: format!("connector/{name}"),
    }
}

impl Connectors {
    pub(crate) fn new(
        outbound: Outbound,
        vault: SecretVault,
        records: Records,
        sandbox: hotline_sandbox::Handle,
    ) -> Connectors {
        Connectors {
            outbound,
            vault,
            records,
            sandbox,
            places: Arc::new(Semaphore::new(OPERATIONS)),
        }
    }

    pub(crate) fn is_live(&self, tenant: TenantId, name: &str) -> bool {
        let config = self.sandbox.config(tenant, PluginKind::Connector, name);
        config.is_some()
    }

    /// Whether one of this name is live, or the tenant has set up anything for it.
    pub(crate) async fn is_known(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<bool, hotline_records::Error> {
        let connectors = &self.records.connectors;
        Ok(self.is_live(tenant, name)
            || !self.vault.list(&owner(tenant, name)).await?.is_empty()
            || connectors.uses(tenant).await?.contains_key(name)
            || !connectors.jobs(tenant, name).await?.is_empty())
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

    /// Runs an operation to its end, which is at most `within` away. `contact` is the one whose
    /// protected input may be spent.
    pub(crate) async fn run(
        &self,
        (tenant, connector): (TenantId, &str),
        contact: Option<ContactId>,
        task: Task,
        within: Duration,
    ) -> Result<Answer, RunError> {
        let _place = self
            .places
            .try_acquire()
            .map_err(|_| RunError::Busy(OPERATIONS))?;
        let caller = Caller {
            grant: Arc::new(self.grant(tenant, connector)?),
            owner: owner(tenant, connector),
            contact,
        };
        let adviser = Live {
            sandbox: &self.sandbox,
            tenant,
            connector,
            operation: rand::random(),
            contact,
        };
        let run = drive::run(&adviser, &self.outbound, &caller, task);
        match tokio::time::timeout(within, run).await {
            Ok(answered) => answered,
            Err(_) => Err(RunError::TooLong(within.as_secs())),
        }
    }

    /// Where the live version may send requests, with the configuration as it is now.
    fn grant(&self, tenant: TenantId, connector: &str) -> Result<Grant, RunError> {
        let kind = PluginKind::Connector;
        let config = self.sandbox.config(tenant, kind, connector);
        let config = config.ok_or_else(|| RunError::NotLive(connector.to_owned()))?;
        let Some(manifest) = self.sandbox.manifest(tenant, kind, connector) else {
            return Ok(Grant::default());
        };
        let config = serde_json::from_str(&config).map_err(|_| RunError::Configuration)?;
        Ok(Grant::of(&manifest, &config)?)
    }
}

/// What an answer is, for whoever expected another.
fn kind(answer: &Answer) -> &'static str {
    match answer {
        Answer::Contacts(_) => "contacts",
        Answer::Stored(_) => "something stored",
        Answer::Choices(_) => "choices",
        Answer::Connected(_) => "a connection",
        Answer::Own(_) => "something of its own",
    }
}

/// The version that is live at each question.
struct Live<'a> {
    sandbox: &'a hotline_sandbox::Handle,
    tenant: TenantId,
    connector: &'a str,
    operation: u64,
    contact: Option<ContactId>,
}

#[async_trait]
impl Adviser for Live<'_> {
    async fn ask(&self, ask: Question) -> Result<Progress, PluginFault> {
        let question = question::Question::Connector {
            connector: self.connector.to_owned(),
            operation: self.operation,
            contact: self.contact,
            at: crate::clock::now(),
            ask,
        };
        match self.sandbox.ask(self.tenant, question).await.outcome? {
            question::Answer::Connector(progress) => Ok(progress),
            _ => Err(PluginFault {
                kind: FaultKind::Nonsense,
                message: "answered another question".to_owned(),
            }),
        }
    }
}
