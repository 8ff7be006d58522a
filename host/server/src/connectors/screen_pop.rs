//! Who is that? Asked of the tenant's connectors when a contact arrives, so that the agent sees it
//! before the phone rings. What they say is a fact of the contact; a connector that is slow or
//! broken costs nothing but its fact.

use super::Connectors;
use crate::clock::now;
use crate::directory::Directory;
use crate::exchange::Exchanges;
use hotline_records::repositories::connectors::ConnectorUse;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::connector::{Answer, ContactQuery, Operation, Task};
use hotline_vocabulary::fact::What;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::{Address, Fact, Input};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::task::JoinHandle;

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// Later the agent has the caller on the line already.
const LONGEST: Duration = Duration::from_secs(8);
/// Under way at once for one tenant; a contact that comes then gets no card.
const AT_ONCE: usize = 32;
const CUSTOMERS: u32 = 3;
/// Fields of a customer that are kept in the fact.
const FIELDS: usize = 16;

/// Follows every tenant that is served, for as long as the host runs.
pub(crate) async fn run(connectors: Connectors, exchanges: Exchanges, directory: Directory) {
    let mut following: HashMap<TenantId, JoinHandle<()>> = HashMap::new();
    let mut rounds = tokio::time::interval(BETWEEN_LOOKS);
    loop {
        rounds.tick().await;
        for tenant in directory.tenants() {
            let is_followed = following
                .get(&tenant.id)
                .is_some_and(|one| !one.is_finished());
            // Its exchange starts anew after a panic, and is followed anew.
            if !is_followed && let Some(exchange) = exchanges.of(tenant.id) {
                let (connectors, exchanges) = (connectors.clone(), exchanges.clone());
                let follower = follow(connectors, exchanges, tenant.id, exchange.facts());
                following.insert(tenant.id, tokio::spawn(follower));
            }
        }
    }
}

/// Until the tenant's exchange ends: nothing here keeps it.
async fn follow(
    connectors: Connectors,
    exchanges: Exchanges,
    tenant: TenantId,
    mut facts: broadcast::Receiver<Arc<Fact>>,
) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let fact = match facts.recv().await {
            Ok(fact) => fact,
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(%tenant, missed, "some contacts may have got no card");
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        let Some((contact, interaction)) = arrival(&fact) else {
            continue;
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::debug!(%tenant, %contact, "too many customers are being looked up");
            continue;
        };
        let (connectors, exchanges) = (connectors.clone(), exchanges.clone());
        tokio::spawn(async move {
            let _place = place;
            let asked = asked(&connectors, tenant).await;
            for connector in asked {
                let input = look_up(&connectors, tenant, &connector, contact, &interaction).await;
                if let Some(exchange) = exchanges.of(tenant) {
                    exchange.submit(input).await;
                }
            }
        });
    }
}

/// A contact that arrived, as connectors see it; none for what is no arrival of a customer.
fn arrival(fact: &Fact) -> Option<(ContactId, Interaction)> {
    let What::ContactStarted {
        channel,
        caller,
        dialled,
        ..
    } = &fact.what
    else {
        return None;
    };
    if caller.reveal().is_empty() || *channel == Channel::Task {
        return None;
    }
    let contact = fact.contact?;
    Some((
        contact,
        Interaction {
            id: contact.to_string(),
            channel: channel.as_str().to_owned(),
            direction: "inbound".to_owned(),
            caller: caller.clone(),
            dialled: dialled.clone(),
            language: None,
            started_at: fact.at,
            priority: 0,
            attributes: Vec::new(),
        },
    ))
}

async fn asked(connectors: &Connectors, tenant: TenantId) -> Vec<String> {
    let uses = connectors.records.connectors.uses(tenant).await;
    let uses = uses.unwrap_or_else(|error| {
        tracing::debug!(%tenant, %error, "no customer is looked up: the database is away");
        Default::default()
    });
    let pops = |uses: &BTreeSet<ConnectorUse>| uses.contains(&ConnectorUse::ScreenPop);
    uses.into_iter()
        .filter(|(_, uses)| pops(uses))
        .map(|(connector, _)| connector)
        .collect()
}

async fn look_up(
    connectors: &Connectors,
    tenant: TenantId,
    connector: &str,
    contact: ContactId,
    interaction: &Interaction,
) -> Input {
    let task = Task {
        operation: Operation::FindContact(query(&interaction.caller)),
        interaction: Some(interaction.clone()),
        at: now(),
    };
    let found = connectors.run((tenant, connector), Some(contact), task, LONGEST);
    let (customers, problem) = match found.await {
        Ok(Answer::Contacts(mut customers)) => {
            customers.truncate(CUSTOMERS as usize);
            for customer in &mut customers {
                customer.fields.truncate(FIELDS);
            }
            (customers, None)
        }
        Ok(other) => (
            Vec::new(),
            Some(format!("it answered with {}", super::kind(&other))),
        ),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    Input::CustomerLookedUp {
        contact,
        connector: connector.to_owned(),
        customers,
        problem,
    }
}

/// By what the caller shows: a number, or a name that is an address.
fn query(caller: &Address) -> ContactQuery {
    let shown = caller.reveal();
    let is_number = shown
        .trim_start_matches('+')
        .bytes()
        .all(|b| b.is_ascii_digit());
    let given = |is: bool| is.then(|| shown.as_str().into());
    ContactQuery {
        phone: given(is_number),
        email: given(!is_number && shown.contains('@')),
        text: given(!is_number && !shown.contains('@')),
        limit: CUSTOMERS,
        ..ContactQuery::default()
    }
}
