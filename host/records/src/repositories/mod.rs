//! Questions to the records, one file a subject. Every question takes the tenant first and sees
//! that tenant's rows only; the few that find the tenant (by name, by secret) say so.

pub mod calendars;
pub mod connectors;
pub mod contacts;
pub mod customers;
pub mod epochs;
pub mod events;
pub mod numbers;
pub mod page;
pub mod passwords;
pub mod plugin_secrets;
pub mod queues;
pub mod sessions;
pub mod settings;
pub mod tenants;
pub mod tokens;
pub mod usage;
pub mod users;
mod validate;

use crate::schema::Database;

/// The table of contents. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Records {
    pub tenants: tenants::Tenants,
    pub settings: settings::SettingsRepository,
    pub users: users::Users,
    pub sessions: sessions::Sessions,
    pub tokens: tokens::Tokens,
    pub numbers: numbers::Numbers,
    pub queues: queues::Queues,
    pub calendars: calendars::Calendars,
    pub contacts: contacts::Contacts,
    pub customers: customers::Customers,
    pub events: events::Events,
    pub epochs: epochs::Epochs,
    pub plugin_secrets: plugin_secrets::PluginSecrets,
    pub connectors: connectors::Connectors,
    pub usage: usage::UsageRepository,
}

impl Records {
    pub fn new(database: &Database) -> Records {
        let database = || database.clone();
        Records {
            tenants: tenants::Tenants::new(database()),
            settings: settings::SettingsRepository::new(database()),
            users: users::Users::new(database()),
            sessions: sessions::Sessions::new(database()),
            tokens: tokens::Tokens::new(database()),
            numbers: numbers::Numbers::new(database()),
            queues: queues::Queues::new(database()),
            calendars: calendars::Calendars::new(database()),
            contacts: contacts::Contacts::new(database()),
            customers: customers::Customers::new(database()),
            events: events::Events::new(database()),
            epochs: epochs::Epochs::new(database()),
            plugin_secrets: plugin_secrets::PluginSecrets::new(database()),
            connectors: connectors::Connectors::new(database()),
            usage: usage::UsageRepository::new(database()),
        }
    }
}
