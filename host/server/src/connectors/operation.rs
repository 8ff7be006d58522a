//! Operations as flows word them: a name and an argument in JSON, and the answer in JSON again.

use hotline_vocabulary::Personal;
use hotline_vocabulary::connector::{Answer, Contact, Operation, OwnOperation};
use hotline_vocabulary::flow::Finding;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Customers that are wanted where nobody says how many, and at most.
const CONTACTS_WANTED: u32 = 3;
const CONTACTS_AT_MOST: u32 = 10;

/// Why words do not make an operation; names the field, and nothing of what it holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("its argument does not fit `{operation}`: {why}")]
pub(crate) struct OperationError {
    operation: String,
    why: String,
}

/// The operation of a name of the contract; any other name is one of the connector's own. `fields`
/// may be an object, and `limit` may be left out.
pub(crate) fn operation(name: &str, argument: &str) -> Result<Operation, OperationError> {
    let refused = |why: String| OperationError {
        operation: name.to_owned(),
        why,
    };
    let given: Value =
        serde_json::from_str(argument).map_err(|_| refused("it is no JSON".to_owned()))?;
    Ok(match name {
        "find-contact" => {
            let mut query: hotline_vocabulary::connector::ContactQuery =
                read(with_limit(given)).map_err(refused)?;
            query.limit = query.limit.clamp(1, CONTACTS_AT_MOST);
            Operation::FindContact(query)
        }
        "upsert-contact" => Operation::UpsertContact(read(with_pairs(given)).map_err(refused)?),
        "log-activity" => Operation::LogActivity(read(with_pairs(given)).map_err(refused)?),
        "open-case" => Operation::OpenCase(read(with_pairs(given)).map_err(refused)?),
        "picklist" => Operation::Picklist(read(given).map_err(refused)?),
        name => Operation::Own(OwnOperation {
            name: name.to_owned(),
            argument: argument.into(),
        }),
    })
}

fn with_limit(mut given: Value) -> Value {
    if let Some(object) = given.as_object_mut() {
        object
            .entry("limit")
            .or_insert_with(|| CONTACTS_WANTED.into());
    }
    given
}

/// `fields` as the contract has them.
fn with_pairs(mut given: Value) -> Value {
    if let Some(fields) = given.get_mut("fields")
        && let Some(object) = fields.as_object()
    {
        let pairs = object.iter().map(|(name, value)| json!([name, value]));
        *fields = pairs.collect();
    }
    given
}

fn read<T: DeserializeOwned>(given: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(given).map_err(|error| {
        let place = match error.path().to_string() {
            path if path == "." => String::new(),
            path => format!(" in `{path}`"),
        };
        // Other sentences quote the value, which is about a person.
        match error.into_inner().to_string() {
            missing if missing.starts_with("missing field") => format!("{missing}{place}"),
            _ => format!("a value{place} is of another kind than the contract's"),
        }
    })
}

/// What a connector said, as flows are told it.
pub(crate) fn finding(answer: Answer) -> Finding {
    let value = match answer {
        Answer::Contacts(found) => Value::Array(found.iter().map(contact).collect()),
        Answer::Choices(choices) => json!(choices),
        Answer::Stored(stored) => json!(stored),
        Answer::Connected(connection) => json!(connection),
        Answer::Own(json) => return found(json.into_inner()),
    };
    match value.as_array().is_some_and(Vec::is_empty) {
        true => Finding::Nothing,
        false => Finding::Found(value.to_string()),
    }
}

/// JSON as it stands; `null` is nothing.
pub(crate) fn found(json: String) -> Finding {
    match json.trim() {
        "null" => Finding::Nothing,
        _ => Finding::Found(json),
    }
}

/// With its fields by name, which is how people ask for them.
fn contact(found: &Contact) -> Value {
    let shown = |values: &[Personal<String>]| -> Vec<Value> {
        values.iter().map(|value| json!(value.reveal())).collect()
    };
    let fields = found.fields.iter();
    let fields = fields.map(|(name, value)| (name.clone(), json!(value.reveal())));
    json!({
        "id": found.id,
        "name": found.name.reveal(),
        "phones": shown(&found.phones),
        "emails": shown(&found.emails),
        "company": found.company.as_ref().map(Personal::reveal),
        "url": found.url,
        "fields": Value::Object(fields.collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_makes_the_operation_of_its_name_and_any_other_name_is_the_connectors_own() {
        let find = operation("find-contact", r#"{"phone": "+4930123"}"#).expect("it fits");
        let Operation::FindContact(query) = find else {
            panic!("another operation");
        };
        assert_eq!((query.phone, query.limit), (Some("+4930123".into()), 3));

        let case = r#"{"subject": "Card", "description": "Lost", "fields": {"Origin": "Phone"}}"#;
        let Ok(Operation::OpenCase(case)) = operation("open-case", case) else {
            panic!("another operation");
        };
        assert_eq!(case.fields, [("Origin".to_owned(), "Phone".into())]);

        let own = operation("verify-pin", r#"{"pin": "keys-1"}"#).expect("it fits");
        let Operation::Own(own) = own else {
            panic!("another operation");
        };
        assert_eq!(own.name, "verify-pin");
        assert_eq!(own.argument.reveal(), r#"{"pin": "keys-1"}"#);
    }

    #[test]
    fn what_does_not_fit_is_told_by_its_field_and_without_what_it_holds() {
        let told = |name, argument| operation(name, argument).expect_err("wrong").to_string();
        let missing = told("open-case", r#"{"subject": "4711"}"#);
        assert!(missing.contains("missing field `description`"), "{missing}");
        let wrong = told("find-contact", r#"{"phone": 4711}"#);
        assert!(wrong.contains("`phone`"), "{wrong}");
        for told in [missing, wrong] {
            assert!(!told.contains("4711"), "{told}");
        }
    }

    #[test]
    fn a_customer_is_told_with_fields_by_name_and_nobody_is_nothing() {
        let gold = Contact {
            id: Some("7".to_owned()),
            name: "Li".into(),
            fields: vec![("tier".to_owned(), "gold".into())],
            ..Contact::default()
        };
        let Finding::Found(value) = finding(Answer::Contacts(vec![gold])) else {
            panic!("somebody was found");
        };
        let value: Value = serde_json::from_str(&value).expect("JSON");
        assert_eq!(value[0]["fields"]["tier"], "gold");
        assert_eq!(finding(Answer::Contacts(Vec::new())), Finding::Nothing);
        assert_eq!(finding(Answer::Own("null".into())), Finding::Nothing);
    }
}
