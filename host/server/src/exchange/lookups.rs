//! What a policy wants to know of a contact, fetched side by side: from the host's own records and
//! from the tenant's tables. A lookup that fails costs its fact and no other.

use crate::tables::Tables;
use futures_util::future::join_all;
use hotline_records::repositories::customers::Customers;
use hotline_vocabulary::Address;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::routing::{FoundFact, Lookup, LookupSource};
use std::time::Duration;

/// What takes longer is given up: the contact was ranked without it long ago.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(5);
/// What a policy is told where there is nothing.
const NOTHING: &str = "null";

/// Where one tenant's policies look things up. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Knowledge {
    pub customers: Customers,
    pub tables: Tables,
}

impl Knowledge {
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
                let history = self
                    .customers
                    .history(tenant, customer, contact, crate::http::now());
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
