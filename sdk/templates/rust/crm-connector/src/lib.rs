//! A customer's records in another system, which has customers and their calls:
//!
//! ```text
//! GET  /customers?phone=+8613800138000   [{"id": 7, "name": "Li", "phone": "..."}]
//! POST /customers/7/calls                {"id": 81}
//! ```
//!
//! The host asks [`Connector::begin`] what to request, performs the requests, and hands their
//! responses to [`Connector::resume`]. The plugin holds no secret and no connection.

use hotline_sdk::Fault;
use hotline_sdk::connector::{
    Activity, Answer, Connector, Contact, HttpResponse, Next, Operation, Task, get, post,
    unknown_operation,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// An endpoint of `hotline.plugin.json`.
const CRM: &str = "crm";

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

/// What was asked, until it is answered.
#[derive(Debug, Serialize, Deserialize)]
pub enum Asked {
    Customers { limit: u32 },
    Call,
    Connection,
}

/// As the other system writes one.
#[derive(Deserialize)]
struct Customer {
    id: u64,
    name: String,
    #[serde(default)]
    phone: Option<String>,
}

#[derive(Deserialize)]
struct Created {
    id: u64,
}

impl Connector for Plugin {
    type State = Asked;

    fn begin(task: Task) -> Result<Next<Asked>, Fault> {
        match task.operation {
            Operation::FindContact(query) => {
                let Some(phone) = &query.phone else {
                    return Ok(Next::Done(Answer::Contacts(Vec::new())));
                };
                let limit = query.limit;
                let request = get(CRM, "/customers")
                    .query("phone", phone)
                    .query("limit", limit.to_string())
                    .cached_for_ms(60_000);
                Ok(Next::Need(Asked::Customers { limit }, vec![request]))
            }
            Operation::LogActivity(activity) => log(&activity),
            Operation::CheckConnection => {
                let request = get(CRM, "/customers").query("limit", "1");
                Ok(Next::Need(Asked::Connection, vec![request]))
            }
            _ => Err(unknown_operation(
                "this plugin finds customers and logs calls",
            )),
        }
    }

    fn resume(asked: Asked, responses: Vec<HttpResponse>) -> Result<Next<Asked>, Fault> {
        let [response] = responses.as_slice() else {
            return Err(Fault::new(
                "my-plugin.responses",
                "one response was expected",
            ));
        };
        Ok(Next::Done(match asked {
            Asked::Customers { limit } => {
                let customers: Vec<Customer> = read(response)?;
                let contacts = customers.into_iter().take(limit as usize).map(contact);
                Answer::Contacts(contacts.collect())
            }
            Asked::Call => {
                let call: Created = read(response)?;
                Answer::stored(&call.id.to_string(), true)
            }
            Asked::Connection => {
                response.ok()?;
                Answer::connected("The service answered, and took the key.")
            }
        }))
    }
}

fn contact(customer: Customer) -> Contact {
    Contact {
        phones: customer.phone.into_iter().collect(),
        ..Contact::new(&customer.id.to_string(), &customer.name)
    }
}

fn log(activity: &Activity) -> Result<Next<Asked>, Fault> {
    // The id becomes part of a path: only what the service itself could have given out.
    let customer = activity
        .contact
        .as_deref()
        .filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(customer) = customer else {
        return Err(Fault::new(
            "my-plugin.customer",
            "a call needs the id of a customer",
        ));
    };
    let call = serde_json::json!({
        "subject": activity.subject,
        "text": activity.body,
        "seconds": activity.duration_ms / 1000,
    });
    // The same call told twice has the same key, so that the host may repeat it.
    let request = post(
        CRM,
        format!("/customers/{customer}/calls"),
        call.to_string(),
    )
    .idempotency_key(&activity.interaction_id);
    Ok(Next::Need(Asked::Call, vec![request]))
}

/// A response that is none, or that says something else, is a fault with a code.
fn read<T: DeserializeOwned>(response: &HttpResponse) -> Result<T, Fault> {
    serde_json::from_slice(response.ok()?).map_err(|error| {
        Fault::new(
            "my-plugin.response",
            format!("cannot read the response: {error}"),
        )
    })
}

hotline_sdk::export_connector!(Plugin);

/// Tested natively: the bench plays the other system.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::connector::{responds, run};
    use hotline_sdk::connector::ContactQuery;

    fn find(phone: Option<&str>) -> Operation {
        Operation::FindContact(ContactQuery {
            id: None,
            phone: phone.map(str::to_owned),
            email: None,
            text: None,
            limit: 5,
            ext: Vec::new(),
        })
    }

    fn call(contact: Option<&str>) -> Operation {
        Operation::LogActivity(Activity {
            contact: contact.map(str::to_owned),
            interaction_id: "ct_1".to_owned(),
            subject: "Call".to_owned(),
            body: String::new(),
            direction: "inbound".to_owned(),
            channel: "phone".to_owned(),
            started_at: 0,
            duration_ms: 61_000,
            agent: None,
            disposition: None,
            fields: Vec::new(),
            ext: Vec::new(),
        })
    }

    #[test]
    fn a_customer_is_found_by_number() {
        let found = run::<Plugin>(find(Some("+8613800138000")), |request| {
            assert_eq!(request.path, "/customers");
            assert_eq!(request.query[0].1, "+8613800138000");
            responds(200, r#"[{"id": 7, "name": "Li"}]"#)
        });
        assert_eq!(found, Ok(Answer::Contacts(vec![Contact::new("7", "Li")])));
    }

    #[test]
    fn what_goes_wrong_is_told_by_its_code() {
        for (status, body, code) in [
            (401, "", "connector.unauthenticated"),
            (429, "", "connector.rate-limited"),
            (500, "", "connector.failed"),
            (200, "[{", "my-plugin.response"),
        ] {
            let fault = run::<Plugin>(find(Some("+1")), |_| responds(status, body));
            assert_eq!(fault.expect_err("it failed").code, code);
        }
    }

    #[test]
    fn a_call_is_logged_once_and_no_id_leads_astray() {
        let stored = run::<Plugin>(call(Some("7")), |request| {
            assert_eq!(request.path, "/customers/7/calls");
            assert_eq!(request.idempotency_key.as_deref(), Some("ct_1"));
            responds(201, r#"{"id": 81}"#)
        });
        assert_eq!(stored, Ok(Answer::stored("81", true)));
        for id in [None, Some(""), Some("../admin")] {
            let fault = run::<Plugin>(call(id), |_| panic!("nothing to ask"));
            assert_eq!(fault.expect_err("no customer").code, "my-plugin.customer");
        }
    }
}
