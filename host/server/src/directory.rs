//! Which tenant owns which domain, number and desk phone: answered from memory, because SIP asks
//! it for each request. Replaced whole whenever an administrator changes something.

use arc_swap::ArcSwap;
use hotline_records::Records;
use hotline_records::repositories::{tenants, users};
use hotline_sip::DeskPhoneAccount;
use hotline_vocabulary::ids::TenantId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One tenant, as callers and phones can address it.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub id: TenantId,
    /// Its name in addresses and the folder of its flows.
    pub name: String,
    pub display_name: String,
    pub language: String,
    pub sip_domain: String,
    /// Published numbers, and whether a web page may call them.
    pub numbers: HashMap<String, Number>,
    pub desk_phones: HashMap<String, DeskPhoneAccount>,
}

#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub flow: String,
    pub click_to_call: bool,
}

#[derive(Debug, Default)]
struct Table {
    tenants: HashMap<TenantId, Arc<Tenant>>,
    by_name: HashMap<String, TenantId>,
    by_domain: HashMap<String, TenantId>,
    /// Who answers for a bare address or `localhost`.
    demo: Option<TenantId>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    table: Arc<ArcSwap<Table>>,
    /// So that what was read earlier never replaces what was read later.
    loads: Arc<Loads>,
}

#[derive(Debug, Default)]
struct Loads {
    begun: AtomicU64,
    newest: Mutex<u64>,
}

/// The tenant that a bare host means.
pub(crate) const DEMO_TENANT: &str = "demo";

impl Directory {
    /// Reads all tenants anew.
    pub(crate) async fn load(&self, records: &Records) -> Result<(), hotline_records::Error> {
        let load = self.loads.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let mut tenants = Vec::new();
        for tenant in records.tenants.all().await? {
            tenants.push(read(records, tenant).await?);
        }
        let mut newest = self.loads.newest.lock();
        if load > *newest {
            *newest = load;
            self.replace(tenants);
        }
        Ok(())
    }

    fn replace(&self, tenants: Vec<Tenant>) {
        let mut table = Table::default();
        for tenant in tenants {
            if tenant.name == DEMO_TENANT {
                table.demo = Some(tenant.id);
            }
            table.by_name.insert(tenant.name.clone(), tenant.id);
            table
                .by_domain
                .insert(tenant.sip_domain.to_ascii_lowercase(), tenant.id);
            table.tenants.insert(tenant.id, Arc::new(tenant));
        }
        self.table.store(Arc::new(table));
    }

    pub(crate) fn tenant(&self, id: TenantId) -> Option<Arc<Tenant>> {
        self.table.load().tenants.get(&id).cloned()
    }

    pub(crate) fn tenant_named(&self, name: &str) -> Option<Arc<Tenant>> {
        let table = self.table.load();
        table
            .by_name
            .get(name)
            .and_then(|id| table.tenants.get(id))
            .cloned()
    }

    pub(crate) fn tenants(&self) -> Vec<Arc<Tenant>> {
        self.table.load().tenants.values().cloned().collect()
    }
}

async fn read(
    records: &Records,
    tenant: tenants::Tenant,
) -> Result<Tenant, hotline_records::Error> {
    let numbers = records.numbers.all(tenant.id).await?;
    let phones = records.users.desk_phones(tenant.id).await?;
    let account = |phone: users::DeskPhone| {
        let account = DeskPhoneAccount {
            agent: phone.agent,
            ha1_md5: phone.ha1_md5,
        };
        (phone.user_name, account)
    };
    Ok(Tenant {
        id: tenant.id,
        sip_domain: tenant
            .sip_domain
            .unwrap_or_else(|| default_domain(&tenant.name)),
        name: tenant.name,
        display_name: tenant.display_name,
        language: tenant.language,
        numbers: numbers
            .into_iter()
            .map(|number| {
                let entry = Number {
                    flow: number.flow,
                    click_to_call: number.click_to_call,
                };
                (number.dialled, entry)
            })
            .collect(),
        desk_phones: phones.into_iter().map(account).collect(),
    })
}

/// The SIP domain and digest realm of a tenant that has not set one.
fn default_domain(name: &str) -> String {
    format!("{name}.hotline.invalid")
}

impl hotline_sip::Directory for Directory {
    fn tenant_of_domain(&self, host: &str) -> Option<TenantId> {
        let table = self.table.load();
        let bare = host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok();
        match table.by_domain.get(&host.to_ascii_lowercase()) {
            Some(tenant) => Some(*tenant),
            None if bare => table.demo,
            None => None,
        }
    }

    fn is_published(&self, tenant: TenantId, user: &str) -> bool {
        self.tenant(tenant)
            .is_some_and(|tenant| tenant.numbers.contains_key(user))
    }

    fn realm(&self, tenant: TenantId) -> String {
        self.tenant(tenant)
            .map(|tenant| tenant.sip_domain.clone())
            .unwrap_or_default()
    }

    fn desk_phone(&self, tenant: TenantId, user_name: &str) -> Option<DeskPhoneAccount> {
        self.tenant(tenant)?.desk_phones.get(user_name).cloned()
    }
}
