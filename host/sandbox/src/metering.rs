//! What plugins use, counted to the instruction: a row for each version of each plugin of each
//! tenant and what it was run for, since the host started. The shipped plugins' work is counted for
//! the tenant it was done for. What outlives the host is charged to a [`Ledger`], question by
//! question.

use crate::breaker::Breakers;
use crate::kinds::PluginKind;
use crate::version::Version;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::metering::{Charge, Purpose};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginVersion, Usage};
use hotline_vocabulary::question::Question;
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Rows that are kept for a tenant; beyond it the one that was used longest ago goes.
const VERSIONS_PER_TENANT: usize = 256;

/// Upper bounds of the buckets of [`Metered::took`], in microseconds.
pub const TOOK_BUCKETS_US: [u64; 12] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000,
];

/// Keeps what was used for good.
pub trait Ledger: Send + Sync + std::fmt::Debug {
    /// On the thread that ran the plugin, before the answer is used: what is written when this
    /// returns is not lost with the host.
    fn charge(&self, charge: &Charge);
}

/// What one version of a plugin used for one purpose.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Metered {
    pub kind: PluginKind,
    pub version: PluginVersion,
    /// `name@digest`.
    pub label: String,
    pub purpose: Purpose,
    /// Whether it failed so often in a row that it is left alone at present.
    pub suspended: bool,
    /// Questions that it was given, well answered or not.
    pub calls: u64,
    /// Questions that came to nothing, also those that it was not given.
    pub faults: BTreeMap<FaultKind, u64>,
    /// Fuel of all calls together: about one unit an instruction.
    pub fuel: u64,
    /// Of the dearest call.
    pub most_fuel: u64,
    /// The largest linear memory of a call.
    pub most_memory_bytes: u64,
    /// Time on the worker's thread of all calls together.
    pub took_us: u64,
    /// Of the slowest call.
    pub longest_us: u64,
    /// How many calls took at most so long as each of [`TOOK_BUCKETS_US`], and more than the one
    /// before; the last counts those that took longer than all.
    pub took: [u64; TOOK_BUCKETS_US.len() + 1],
}

/// Where it is told what a plugin used.
#[derive(Debug)]
pub(crate) struct Books {
    meter: Meter,
    ledger: Option<Arc<dyn Ledger>>,
}

/// Which version was run, and for whom.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) kind: PluginKind,
    pub(crate) id: Digest,
    pub(crate) identity: &'a PluginVersion,
    pub(crate) purpose: Purpose,
    /// Those who are charged for it.
    pub(crate) contacts: Vec<ContactId>,
}

impl<'a> Account<'a> {
    /// Of a run that no contact is charged for.
    pub(crate) fn of_tenant(tenant: TenantId, version: &'a Version, purpose: Purpose) -> Self {
        Account {
            tenant,
            kind: version.kind(),
            id: version.id,
            identity: &version.identity,
            purpose,
            contacts: Vec::new(),
        }
    }
}

impl Books {
    pub(crate) fn new(ledger: Option<Arc<dyn Ledger>>) -> Arc<Books> {
        Arc::new(Books {
            meter: Meter::default(),
            ledger,
        })
    }

    /// Whom a question is to be charged to, where anybody writes that down.
    pub(crate) fn contacts_of(&self, question: &Question) -> Vec<ContactId> {
        let ledger = self.ledger.as_ref();
        ledger.map(|_| question.contacts()).unwrap_or_default()
    }

    /// Counts a run and what came of it, and charges it: before its answer is used.
    pub(crate) fn take_down(&self, account: Account<'_>, usage: Usage, fault: Option<FaultKind>) {
        self.meter.count(&account, usage, fault);
        if let Some(ledger) = &self.ledger {
            ledger.charge(&Charge {
                at: crate::clock::now(),
                tenant: account.tenant,
                kind: account.kind.name().into(),
                version: account.identity.clone(),
                purpose: account.purpose,
                contacts: account.contacts,
                usage,
                fault,
            });
        }
    }

    /// A tenant's rows, by kind, label and purpose.
    pub(crate) fn of(&self, tenant: TenantId, breakers: &Breakers) -> Vec<Metered> {
        self.meter.of(tenant, breakers)
    }
}

/// Counts.
#[derive(Debug, Default)]
struct Meter {
    tenants: Mutex<HashMap<TenantId, Rows>>,
}

#[derive(Debug, Default)]
struct Rows {
    /// Plugins of the same content share a digest, and are told apart by their names.
    by_version: HashMap<Digest, Vec<Row>>,
    count: usize,
    /// Grows with each call: tells which row was used longest ago.
    calls: u64,
}

#[derive(Debug)]
struct Row {
    last_used: u64,
    metered: Metered,
}

impl Meter {
    /// Counts one question and what came of it.
    fn count(&self, account: &Account<'_>, usage: Usage, fault: Option<FaultKind>) {
        let mut tenants = self.tenants.lock();
        let rows = tenants.entry(account.tenant).or_default();
        rows.calls += 1;
        let last_used = rows.calls;
        let row = rows.of(account);
        row.last_used = last_used;
        row.metered.add(usage, fault);
    }

    fn of(&self, tenant: TenantId, breakers: &Breakers) -> Vec<Metered> {
        let tenants = self.tenants.lock();
        let rows = tenants.get(&tenant).map(|rows| rows.by_version.iter());
        let mut metered: Vec<Metered> = rows
            .into_iter()
            .flatten()
            .flat_map(|(version, rows)| rows.iter().map(move |row| (version, row)))
            .map(|(version, row)| Metered {
                suspended: row.metered.purpose == Purpose::Contacts
                    && breakers.is_open(tenant, *version),
                ..row.metered.clone()
            })
            .collect();
        drop(tenants);
        metered.sort_by(|a, b| (a.kind, &a.label, a.purpose).cmp(&(b.kind, &b.label, b.purpose)));
        metered
    }
}

impl Rows {
    fn of(&mut self, account: &Account<'_>) -> &mut Row {
        let same = |row: &Row| {
            row.metered.version.name == account.identity.name
                && row.metered.kind == account.kind
                && row.metered.purpose == account.purpose
        };
        let known = self.by_version.get(&account.id);
        if !known.is_some_and(|rows| rows.iter().any(same)) {
            self.make_room();
            self.count += 1;
            let (kind, purpose) = (account.kind, account.purpose);
            self.by_version.entry(account.id).or_default().push(Row {
                last_used: self.calls,
                metered: Metered::nothing(kind, account.identity.clone(), purpose),
            });
        }
        let rows = self.by_version.entry(account.id).or_default();
        let place = rows.iter().position(same).unwrap_or_default();
        &mut rows[place]
    }

    fn make_room(&mut self) {
        if self.count < VERSIONS_PER_TENANT {
            return;
        }
        let rows = self.by_version.values().flatten();
        let Some(oldest) = rows.map(|row| row.last_used).min() else {
            return;
        };
        self.by_version.retain(|_, rows| {
            rows.retain(|row| row.last_used != oldest);
            !rows.is_empty()
        });
        self.count -= 1;
    }
}

impl Metered {
    fn nothing(kind: PluginKind, version: PluginVersion, purpose: Purpose) -> Metered {
        Metered {
            kind,
            label: version.label(),
            version,
            purpose,
            suspended: false,
            calls: 0,
            faults: BTreeMap::new(),
            fuel: 0,
            most_fuel: 0,
            most_memory_bytes: 0,
            took_us: 0,
            longest_us: 0,
            took: [0; TOOK_BUCKETS_US.len() + 1],
        }
    }

    fn add(&mut self, usage: Usage, fault: Option<FaultKind>) {
        if let Some(kind) = fault {
            *self.faults.entry(kind).or_default() += 1;
        }
        // Never given to the plugin: nothing of it is the plugin's doing.
        if usage == Usage::default() {
            return;
        }
        self.calls += 1;
        self.fuel += usage.fuel;
        self.most_fuel = self.most_fuel.max(usage.fuel);
        self.most_memory_bytes = self.most_memory_bytes.max(usage.memory_bytes);
        self.took_us += usage.took_us;
        self.longest_us = self.longest_us.max(usage.took_us);
        let bucket = TOOK_BUCKETS_US.partition_point(|most| *most < usage.took_us);
        self.took[bucket] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_what_was_used_and_what_failed() {
        let version = PluginVersion {
            name: "main".to_owned(),
            component: Digest([7; 32]),
            artifact: None,
        };
        let mut row = Metered::nothing(PluginKind::Flow, version, Purpose::Contacts);
        let used = |fuel, took_us| Usage {
            fuel,
            took_us,
            memory_bytes: 65_536,
        };
        row.add(used(1_000, 50), None);
        row.add(used(3_000, 51), Some(FaultKind::Trapped));
        row.add(used(10, 600_000), None);
        row.add(Usage::default(), Some(FaultKind::Suspended));
        assert_eq!((row.calls, row.fuel, row.most_fuel), (3, 4_010, 3_000));
        assert_eq!((row.took[0], row.took[1], row.took[12]), (1, 1, 1));
        assert_eq!(row.took.iter().sum::<u64>(), row.calls);
        assert_eq!(row.faults[&FaultKind::Suspended], 1);
        assert_eq!(row.faults[&FaultKind::Trapped], 1);
    }
}
