//! A connector to any CRM with a REST API, by configuration alone.
//!
//! | file | knows |
//! |---|---|
//! | [`settings`] | what an administrator configures |
//! | [`template`] | texts with places: `/customers/{id}` |
//! | [`places`] | what the places stand for |
//! | [`customer`] | how a service's JSON becomes a customer |
//! | [`find`], [`write_down`] | the two operations of the contract |
//! | [`own`] | operations that an administrator makes up for flows |

mod customer;
mod find;
mod own;
mod places;
mod settings;
mod template;
mod write_down;

use hotline_sdk::Fault;
use hotline_sdk::connector::{
    Answer, Connector, HttpResponse, Next, Operation, Task, get, unknown_operation,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use settings::Settings;
use write_down::Entry;

/// The plugin.
#[derive(Debug)]
pub struct Rest;

/// What was asked, until it is answered.
#[derive(Debug, Serialize, Deserialize)]
pub enum Asked {
    /// The searches that were sent, by their places in the configuration.
    Customers {
        searches: Vec<u32>,
        limit: u32,
    },
    /// Whether the entry was written down before; if not, it is next.
    Existing(Entry),
    Written {
        interaction: String,
    },
    Connection,
    Own {
        operation: String,
    },
}

impl Connector for Rest {
    type State = Asked;

    fn begin(task: Task) -> Result<Next<Asked>, Fault> {
        let settings = Settings::load()?;
        match task.operation {
            Operation::FindContact(query) => {
                let asker = task.interaction.map(|interaction| interaction.id);
                Ok(find::ask(&settings, &query, asker.as_deref()))
            }
            Operation::LogActivity(activity) => write_down::begin(&settings, &activity),
            Operation::CheckConnection => {
                let check = &settings.check;
                let request = get(settings.auth.endpoint(), &check.path);
                let request = check
                    .query
                    .iter()
                    .fold(request, |request, (name, value)| request.query(name, value));
                Ok(Next::Need(Asked::Connection, vec![request]))
            }
            Operation::Ext((name, argument)) => own::begin(&settings, name, &argument),
            _ => Err(unknown_operation(
                "this connector finds customers and writes down calls",
            )),
        }
    }

    fn resume(asked: Asked, responses: Vec<HttpResponse>) -> Result<Next<Asked>, Fault> {
        let settings = Settings::load()?;
        let only = || match responses.as_slice() {
            [response] => Ok(response),
            _ => Err(Fault::new("rest.responses", "one response was expected")),
        };
        match asked {
            Asked::Customers { searches, limit } => {
                let found = find::read(&settings, &searches, limit as usize, &responses)?;
                Ok(Next::Done(Answer::Contacts(found)))
            }
            Asked::Existing(entry) => write_down::unless_existing(&settings, entry, only()?),
            Asked::Written { interaction } => {
                write_down::written(&settings, &interaction, only()?).map(Next::Done)
            }
            Asked::Own { operation } => own::read(&settings, operation, only()?).map(Next::Done),
            Asked::Connection => {
                let response = only()?;
                response.ok()?;
                let account = settings.check.account.as_ref();
                let account = account.and_then(|account| account.text(&json(response).ok()?));
                Ok(Next::Done(Answer::connected(match account {
                    Some(account) => format!("The service answered for {account}."),
                    None => "The service answered, and took the credential.".to_owned(),
                })))
            }
        }
    }
}

/// The JSON of a success; nothing at all counts as `null`.
///
/// # Errors
/// The response is none, or no JSON.
fn json(response: &HttpResponse) -> Result<Value, Fault> {
    let body = response.ok()?;
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("cannot read the response: {error}");
        Fault::new("rest.response", message)
    })
}

hotline_sdk::export_connector!(Rest);
