//! What a policy or a flow wants to know of a contact: from the host's own records, from the tenant's
//! tables and, for a flow, from its connectors. A policy's lookups are fetched side by side, and one
//! that fails costs its fact and no other.

use crate::connectors::{Connectors, operation};
use crate::tables::Tables;
use futures_util::future::join_all;
use hotline_records::repositories::customers::Customers;
use hotline_vocabulary::Address;
use hotline_vocabulary::connector::Task;
use hotline_vocabulary::flow::{self, ConnectorOperation, Finding, Interaction, Source};
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::routing::{FoundFact, Lookup, LookupSource};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What takes longer is given up: the contact was ranked without it long ago.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(5);
/// What a policy is told where there is nothing.
const NOTHING: &str = "null";
/// Of one tenant's flows, under way at once; the next one fails, so that a slow system behind one
/// tenant's connector does not take every place of the others.
const FLOWS_AT_ONCE: usize = 64;

/// Where one tenant's policies look things up. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Knowledge {
    pub customers: Customers,
    pub tables: Tables,
    pub connectors: Connectors,
    places: Arc<Semaphore>,
}

impl Knowledge {
    pub(crate) fn new(customers: Customers, tables: Tables, connectors: Connectors) -> Knowledge {
        Knowledge {
            customers,
            tables,
            connectors,
            places: Arc::new(Semaphore::new(FLOWS_AT_ONCE)),
        }
    }

    /// What a flow asked for.
    pub(super) async fn find(
        self,
        tenant: TenantId,
        contact: ContactId,
        interaction: Interaction,
        wanted: flow::Lookup,
    ) -> Finding {
        let Ok(_place) = self.places.try_acquire() else {
            return Finding::Failed(format!("{FLOWS_AT_ONCE} lookups are under way already"));
        };
        let within = Duration::from_millis(wanted.timeout_ms.0);
        let found = async {
            match wanted.source {
                Source::Host(source) => {
                    let caller = interaction.caller.clone();
                    let found = self.fetch(tenant, contact, &caller, source).await;
                    found.map(operation::found)
                }
                Source::Connector(asked) => {
                    let asked = self.ask(tenant, contact, interaction, asked, within);
                    asked.await
                }
            }
        };
        match tokio::time::timeout(within, found).await {
            Ok(Ok(finding)) => finding,
            Ok(Err(why)) => Finding::Failed(why),
            // The switchboard has told the flow so already.
            Err(_) => Finding::Failed("it took too long".to_owned()),
        }
    }

    async fn ask(
        &self,
        tenant: TenantId,
        contact: ContactId,
        interaction: Interaction,
        asked: ConnectorOperation,
        within: Duration,
    ) -> Result<Finding, String> {
        let operation = operation::operation(&asked.operation, asked.argument.reveal());
        let task = Task {
            operation: operation.map_err(|error| error.to_string())?,
            interaction: Some(interaction),
            at: crate::clock::now(),
        };
        let connector = (tenant, asked.connector.as_str());
        let answered = self.connectors.run(connector, Some(contact), task, within);
        let answer = answered.await.map_err(|error| error.to_string())?;
        Ok(operation::finding(answer))
    }

    /// The facts, and which lookups failed and why.
    pub(super) async fn look_up(
        self,
        tenant: TenantId,
        contact: ContactId,
        customer: &Address,
        lookups: Vec<Lookup>,
    ) -> (Vec<FoundFact>, Vec<(String, String)>) {
        let fetched = lookups.into_iter().map(|Lookup { id, source }| {
            let found = self.fetch(tenant, contact, customer, source);
            async move {
                let found = tokio::time::timeout(GIVEN_UP_AFTER, found).await;
                let slow = || Err(format!("took longer than {} s", GIVEN_UP_AFTER.as_secs()));
                (id, found.unwrap_or_else(|_| slow()))
            }
        });
        let (mut facts, mut failed) = (Vec::new(), Vec::new());
        for (id, found) in join_all(fetched).await {
            match found {
                Ok(value) => facts.push(FoundFact { id, value }),
                Err(why) => failed.push((id, why)),
            }
        }
        (facts, failed)
    }

    async fn fetch(
        &self,
        tenant: TenantId,
        contact: ContactId,
        customer: &Address,
        source: LookupSource,
    ) -> Result<String, String> {
        match source {
            LookupSource::CustomerHistory => {
                let history =
                    self.customers
                        .history(tenant, customer, contact, crate::clock::now());
                let history = history.await.map_err(|error| error.to_string())?;
                serde_json::to_string(&history).map_err(|error| error.to_string())
            }
            LookupSource::Table { table, key } => {
                let tables = self.tables.clone();
                let read = move || tables.look_up(&table, &key);
                let read = tokio::task::spawn_blocking(read).await;
                let value = read
                    .map_err(|error| error.to_string())?
                    .map_err(|error| error.to_string())?;
                Ok(value.unwrap_or_else(|| NOTHING.to_owned()))
            }
            LookupSource::Unknown(_) => Ok(NOTHING.to_owned()),
        }
    }
}
