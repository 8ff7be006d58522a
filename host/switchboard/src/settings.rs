//! What the tenant has set up, by the keys that calls look it up with. Queues and agents keep their
//! own part beside their state.

use hotline_vocabulary::configuration::{Configuration, RecordingRule, TenantLimits};
use hotline_vocabulary::ids::QueueId;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Flow by dialled number.
    flows: BTreeMap<String, String>,
    queues: BTreeMap<String, QueueId>,
    pub(crate) default_queue: Option<QueueId>,
    pub(crate) language: String,
    pub(crate) recording: RecordingRule,
    /// Whether customers can be called.
    pub(crate) dials_out: bool,
    pub(crate) limits: TenantLimits,
}

impl Settings {
    pub(crate) fn of(configuration: &Configuration) -> Self {
        Settings {
            flows: configuration
                .numbers
                .iter()
                .map(|number| (number.dialled.clone(), number.flow.clone()))
                .collect(),
            queues: configuration
                .queues
                .iter()
                .map(|queue| (queue.name.clone(), queue.id))
                .collect(),
            default_queue: configuration
                .default_queue
                .filter(|id| configuration.queues.iter().any(|queue| queue.id == *id)),
            language: configuration.language.clone(),
            recording: configuration.recording,
            dials_out: configuration.dials_out,
            limits: configuration.limits.clone(),
        }
    }

    pub(crate) fn flow_of(&self, dialled: &str) -> Option<&str> {
        self.flows.get(dialled).map(String::as_str)
    }

    pub(crate) fn queue_names(&self) -> impl Iterator<Item = (&str, QueueId)> {
        self.queues.iter().map(|(name, id)| (name.as_str(), *id))
    }

    pub(crate) fn queue_named(&self, name: &str) -> Option<QueueId> {
        self.queues.get(name).copied()
    }
}
