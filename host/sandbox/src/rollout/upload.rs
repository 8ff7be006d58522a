//! A version that comes by the API: what somebody sends, and why it is not even looked at.

use crate::folder;
use crate::kinds::PluginKind;
use crate::kinds::flow_language::LanguageName;
use crate::limits::{COMPONENT_BYTES, CONFIG_BYTES, SCRIPT_BYTES};
use bytes::Bytes;

/// What somebody sends.
#[derive(Debug, Clone)]
pub struct Upload {
    pub kind: PluginKind,
    pub name: String,
    pub body: UploadBody,
    /// The text of a JSON object; none takes over that of the active version.
    pub config: Option<String>,
}

#[derive(Debug, Clone)]
pub enum UploadBody {
    Component(Bytes),
    /// Of a flow, as in `NAME.flow.LANGUAGE`.
    Script {
        language: LanguageName,
        text: String,
    },
    /// That of the active version: another configuration of it.
    Active,
}

/// Why an upload was not even looked at. One that was looked at and refused is a version that is
/// rejected, with its report.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(
        "a plugin's name has from 1 to 64 bytes, does not begin with a dot, and has no `/` in it"
    )]
    Name,
    #[error("a {what} has at most {most_bytes} bytes")]
    TooLarge { what: &'static str, most_bytes: u64 },
    #[error("only a flow can be a script")]
    NoScript,
    #[error("no version of this plugin is active that could be configured")]
    NothingActive,
    #[error("it could not be read or stored: {0}")]
    Store(#[from] std::io::Error),
    #[error("as many uploads as are possible are being looked at")]
    Busy,
    #[error("the sandbox is stopping or overloaded")]
    Unavailable,
}

impl Upload {
    pub(crate) fn check(&self) -> Result<(), UploadError> {
        if !folder::is_plain_name(&self.name) {
            return Err(UploadError::Name);
        }
        let (what, bytes, most_bytes) = match &self.body {
            UploadBody::Component(wasm) => ("component", wasm.len(), COMPONENT_BYTES),
            UploadBody::Script { .. } if self.kind != PluginKind::Flow => {
                return Err(UploadError::NoScript);
            }
            UploadBody::Script { text, .. } => ("script", text.len(), SCRIPT_BYTES),
            UploadBody::Active => ("component", 0, COMPONENT_BYTES),
        };
        if bytes as u64 > most_bytes {
            return Err(UploadError::TooLarge { what, most_bytes });
        }
        if self
            .config
            .as_ref()
            .is_some_and(|text| text.len() as u64 > CONFIG_BYTES)
        {
            let (what, most_bytes) = ("configuration", CONFIG_BYTES);
            return Err(UploadError::TooLarge { what, most_bytes });
        }
        Ok(())
    }
}
