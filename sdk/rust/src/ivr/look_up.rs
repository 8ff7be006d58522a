//! What a flow looks up, and what that came to.

use super::{ConnectorOperation, Lookup, LookupOutcome, LookupResult, LookupSource};
use serde::{Serialize, de::DeserializeOwned};

/// A question to the host, a table or a connector; five seconds for the answer, change it where that
/// does not fit.
#[derive(Debug, Clone)]
pub struct LookUp(pub Lookup);

impl LookUp {
    fn in_source(source: LookupSource) -> LookUp {
        LookUp(Lookup {
            source,
            timeout_ms: 5_000,
            ext: Vec::new(),
        })
    }

    /// What the host's own records know of this customer.
    pub fn history() -> LookUp {
        LookUp::in_source(LookupSource::CustomerHistory)
    }

    /// The value of a key of `tables/NAME.json`.
    pub fn table(name: &str, key: &str) -> LookUp {
        let (name, key) = (name.to_owned(), key.to_owned());
        LookUp::in_source(LookupSource::Table((name, key)))
    }

    /// An operation of the connector of this name. The argument is an object with the fields of the
    /// operation's record, e.g. `json!({"phone": "+4930123456"})` for `find-contact`; any name that is
    /// not the contract's is an operation of the connector's own.
    pub fn connector(connector: &str, operation: &str, argument: &impl Serialize) -> LookUp {
        LookUp::in_source(LookupSource::Connector(ConnectorOperation {
            connector: connector.to_owned(),
            operation: operation.to_owned(),
            // What has no JSON is told by the host as such.
            argument: serde_json::to_string(argument).unwrap_or_default(),
            ext: Vec::new(),
        }))
    }

    /// From 1 to 30,000; what comes later is dropped.
    #[must_use]
    pub fn within_ms(mut self, timeout_ms: u32) -> Self {
        self.0.timeout_ms = timeout_ms;
        self
    }
}

/// What a lookup came to: JSON, or what [`Found::read`] made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum Found<T = String> {
    Value(T),
    /// There is no such thing.
    Nothing,
    TimedOut,
    /// The timeline says why; or what was found is of another type than it was read as.
    Failed,
}

impl<T> Found<T> {
    /// None where nothing was found, for whatever reason.
    pub fn value(self) -> Option<T> {
        match self {
            Found::Value(value) => Some(value),
            Found::Nothing | Found::TimedOut | Found::Failed => None,
        }
    }
}

impl Found {
    /// The value as a type of your own.
    pub fn read<T: DeserializeOwned>(self) -> Found<T> {
        match self {
            Found::Value(json) => match serde_json::from_str(&json) {
                Ok(value) => Found::Value(value),
                Err(_) => Found::Failed,
            },
            Found::Nothing => Found::Nothing,
            Found::TimedOut => Found::TimedOut,
            Found::Failed => Found::Failed,
        }
    }
}

impl From<&LookupResult> for Found {
    fn from(result: &LookupResult) -> Self {
        match result.outcome {
            LookupOutcome::Found => Found::Value(result.value.clone()),
            LookupOutcome::Nothing => Found::Nothing,
            LookupOutcome::TimedOut => Found::TimedOut,
            LookupOutcome::Failed | LookupOutcome::Ext(_) => Found::Failed,
        }
    }
}
