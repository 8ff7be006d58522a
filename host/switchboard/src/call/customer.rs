//! Who has arrived, as other systems know them: for people to see, decides nothing.

use crate::switchboard::Switchboard;
use hotline_vocabulary::connector::Contact;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::live::KnownCustomers;
use std::sync::Arc;

impl Switchboard {
    /// What comes after the contact is over is of no use to anybody.
    pub(crate) fn customer_looked_up(
        &mut self,
        id: ContactId,
        connector: String,
        customers: Vec<Contact>,
        problem: Option<String>,
    ) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact
                .customers
                .retain(|known| known.connector != connector);
            if !customers.is_empty() {
                contact.customers.push(Arc::new(KnownCustomers {
                    contact: id,
                    connector: connector.clone(),
                    customers: customers.clone(),
                }));
            }
            let what = What::CustomerLookedUp {
                connector,
                customers,
                problem,
            };
            self.desk.fact(id, what);
        }
    }
}
