//! HubSpot's CRM, version 3 of its API: contacts are found by number, address or words, and calls are
//! logged on their records.
//!
//! | file | speaks |
//! |---|---|
//! | [`contacts`] | the search for contacts |
//! | [`calls`] | the search for calls, and their creation |
//! | [`settings`] | the configuration |

mod calls;
mod contacts;
mod settings;

use calls::Call;
use hotline_sdk::Fault;
use hotline_sdk::connector::{
    Answer, Connector, HttpResponse, Next, Operation, Task, get, unknown_operation,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use settings::Settings;

const ENDPOINT: &str = "hubspot";

/// The plugin.
#[derive(Debug)]
pub struct HubSpot;

/// What was asked, until it is answered.
#[derive(Debug, Serialize, Deserialize)]
pub enum Asked {
    Contacts,
    /// Whether the call was created before; if not, it is next.
    Existing(Call),
    Created {
        interaction: String,
    },
    Account,
}

/// A page of results of any object.
#[derive(Debug, Deserialize)]
struct Page {
    results: Vec<Record>,
}

/// Any object of the CRM.
#[derive(Debug, Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    properties: Map<String, Value>,
}

impl Record {
    /// None for a property that is not set.
    fn said(&self, property: &str) -> Option<&str> {
        let said = self.properties.get(property)?.as_str()?.trim();
        (!said.is_empty()).then_some(said)
    }
}

/// `GET /account-info/v3/details`
#[derive(Debug, Deserialize)]
struct Account {
    #[serde(rename = "portalId")]
    portal_id: u64,
    #[serde(rename = "accountType")]
    account_type: String,
}

impl Connector for HubSpot {
    type State = Asked;

    fn begin(task: Task) -> Result<Next<Asked>, Fault> {
        let settings = Settings::load()?;
        Ok(match task.operation {
            Operation::FindContact(query) => {
                let asker = task.interaction.map(|interaction| interaction.id);
                match contacts::search(&settings, &query, asker.as_deref()) {
                    Some(search) => Next::Need(Asked::Contacts, vec![search]),
                    None => Next::Done(Answer::Contacts(Vec::new())),
                }
            }
            Operation::LogActivity(activity) => {
                let call = calls::call(&settings, &activity);
                Next::Need(Asked::Existing(call), vec![calls::look(&activity)])
            }
            Operation::CheckConnection => {
                let request = get(ENDPOINT, "/account-info/v3/details");
                Next::Need(Asked::Account, vec![request])
            }
            _ => {
                let says = "this connector finds contacts and logs calls";
                return Err(unknown_operation(says));
            }
        })
    }

    fn resume(asked: Asked, responses: Vec<HttpResponse>) -> Result<Next<Asked>, Fault> {
        let [response] = responses.as_slice() else {
            return Err(Fault::new("hubspot.responses", "one response was expected"));
        };
        Ok(match asked {
            Asked::Contacts => {
                let found = contacts::found(&Settings::load()?, response)?;
                Next::Done(Answer::Contacts(found))
            }
            Asked::Existing(call) => match calls::existing(&call, response)? {
                Some(stored) => Next::Done(stored),
                None => {
                    let interaction = call.interaction().to_owned();
                    Next::Need(Asked::Created { interaction }, vec![calls::create(call)])
                }
            },
            Asked::Created { interaction } => Next::Done(calls::created(&interaction, response)?),
            Asked::Account => {
                let account: Account = read(response)?;
                Next::Done(Answer::connected(format!(
                    "HubSpot's account {} ({}) was reached.",
                    account.portal_id, account.account_type
                )))
            }
        })
    }
}

/// What an error of HubSpot's says besides its status.
#[derive(Debug, Deserialize)]
struct Refusal {
    message: String,
    /// `RATE_LIMIT` and the like; other errors have a category.
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    category: Option<String>,
}

/// The body of a success; of anything else, HubSpot's own words under the SDK's code.
fn accepted(response: &HttpResponse) -> Result<&[u8], Fault> {
    response.ok().map_err(|fault| {
        let Ok(refusal) = serde_json::from_slice::<Refusal>(&response.body) else {
            return fault;
        };
        let kind = refusal.category.or(refusal.error_type);
        let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let message = format!("status {}{kind}: {}", response.status, refusal.message);
        Fault { message, ..fault }
    })
}

fn read<T: DeserializeOwned>(response: &HttpResponse) -> Result<T, Fault> {
    serde_json::from_slice(accepted(response)?).map_err(|error| {
        let message = format!("cannot read HubSpot's response: {error}");
        Fault::new("hubspot.response", message)
    })
}

/// The JSON text. What people typed can not become a reference of the host's, such as
/// `{{secret:NAME}}`: JSON reads the escape back as it was.
fn sendable(body: &Value) -> String {
    body.to_string().replace("{{", "{\\u007b")
}

hotline_sdk::export_connector!(HubSpot);
