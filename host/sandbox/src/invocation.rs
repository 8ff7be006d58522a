//! One call of a plugin, whole: what it saw and what it gave. That is its entire universe, so it can
//! be run again, on any version, anywhere.

use crate::kinds::PluginKind;
use crate::limits::Plan;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::plugin::{PluginFault, PluginVersion, Usage};
use hotline_vocabulary::question::{Answer, Question};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Its clock and its randomness follow from the question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invocation {
    pub kind: PluginKind,
    /// What the contract calls it: `step`, `rank`, ...
    pub function: String,
    pub version: Option<PluginVersion>,
    /// A JSON object.
    pub config: String,
    pub recorded_at: Timestamp,
    #[serde(with = "shared")]
    pub question: Arc<Question>,
    pub outcome: Result<Answer, PluginFault>,
    pub usage: Usage,
    /// What it could use, when that is not what everybody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Of a call that failed: functions of the guest, the one that failed first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backtrace: Vec<String>,
}

/// As the question itself.
mod shared {
    use hotline_vocabulary::question::Question;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::sync::Arc;

    pub(super) fn serialize<S: Serializer>(
        question: &Arc<Question>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Question::serialize(question, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<Question>, D::Error> {
        Question::deserialize(deserializer).map(Arc::new)
    }
}
