//! What an administrator configures; `hotline.plugin.json` has the schema.

use hotline_sdk::Fault;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `NAME.config.json`, without the address, which the host alone reads.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) country_code: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) outcomes: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            country_code: None,
            account: None,
            fields: ["jobtitle", "lifecyclestage"].map(str::to_owned).to_vec(),
            outcomes: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// # Errors
    /// `hubspot.config`: it is not what the schema says.
    pub(crate) fn load() -> Result<Settings, Fault> {
        serde_json::from_str(&hotline_sdk::host::config::json())
            .map_err(|error| Fault::new("hubspot.config", error.to_string()))
    }

    /// The page of a record; `0-1` is the object type of contacts.
    pub(crate) fn page(&self, contact: &str) -> Option<String> {
        let account = self.account.as_ref()?;
        Some(format!(
            "https://app.hubspot.com/contacts/{account}/record/0-1/{contact}"
        ))
    }
}
