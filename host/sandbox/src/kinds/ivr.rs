//! Flows: `wit/deps/ivr`.

use super::{
    at_most, attributes, declared, interaction, nonsense, short, state_at_most, text, texts,
    too_much,
};
use crate::bindings::exports::hotline::ivr::{flow as wit, migration};
use crate::call::{Called, call};
use crate::engine::Ticker;
use crate::host::{Host, Universe, millis};
use crate::limits::Limits;
use crate::wording::Wording;
use hotline_vocabulary::flow::{
    Action, Collect, CollectOutcome, Command, ConnectorOperation, Enqueue, FlowEvent, Interaction,
    Lookup, LookupOutcome, Preferred, Source, Voicemail,
};
use hotline_vocabulary::ids::{AgentId, Id};
use hotline_vocabulary::media::{Digit, Prompt, PromptSource};
use hotline_vocabulary::plugin::PluginFault;
use hotline_vocabulary::question::{FlowStep, FlowStepped, Migrate, Migrated};
use hotline_vocabulary::routing::LookupSource;
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::time::Millis;
use serde::Serialize;
use std::collections::HashSet;
use wasmtime::component::InstancePre;

pub(crate) const WORLD: &str = "hotline:ivr/ivr-flow@1.0.0";
pub(crate) const EXPORT: &str = "hotline:ivr/flow@1.0.0";
const MIGRATION_EXPORT: &str = "hotline:ivr/migration@1.0.0";

const TRACE_NODES: usize = 32;
const TRACE_BYTES: usize = 200;
const PROMPTS: usize = 16;
const PROMPT_BYTES: usize = 2000;
const PATH_BYTES: usize = 255;
const NAME_BYTES: usize = 128;
const ATTRIBUTES: usize = 64;
const ATTRIBUTE_NAME_BYTES: usize = 64;
const ATTRIBUTE_VALUE_BYTES: usize = 1024;
const ADDRESS_BYTES: usize = 64;
const SHORTEST_MESSAGE_MS: u32 = 1_000;
const LONGEST_MESSAGE_MS: u32 = 10 * 60 * 1000;
const LONGEST_PREFERENCE_MS: u32 = 60 * 60 * 1000;
const LANGUAGE_BYTES: usize = 35;
const LONGEST_INPUT_MS: u32 = 10 * 60 * 1000;
const LONGEST_LOOKUP_MS: u32 = 30_000;
const TABLE_KEY_BYTES: usize = 256;
const ARGUMENT_BYTES: usize = 4 * 1024;
const LONGEST_TIMER_MS: u32 = 24 * 60 * 60 * 1000;
const PICTURE_NODES: usize = 500;
const PICTURE_WAYS: usize = 50;

/// One node of a flow's picture, for the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Node {
    pub id: String,
    pub title: String,
    /// `menu`, `say`, `queue`, ... chooses the symbol.
    pub kind: String,
    /// Label and target of each way on.
    pub next: Vec<(String, String)>,
}

/// A compiled flow, ready to be instantiated.
pub(crate) struct Flow {
    guest: InstancePre<Host>,
    exports: wit::GuestIndices,
    /// Of a flow that takes contacts over from its earlier versions.
    migration: Option<migration::GuestIndices>,
}

impl Flow {
    pub(crate) fn new(guest: InstancePre<Host>) -> wasmtime::Result<Self> {
        let migrates = guest
            .component()
            .get_export_index(None, MIGRATION_EXPORT)
            .is_some();
        Ok(Flow {
            exports: wit::GuestIndices::new(&guest)?,
            migration: match migrates {
                true => Some(migration::GuestIndices::new(&guest)?),
                false => None,
            },
            guest,
        })
    }

    /// Whether it may take contacts over from other versions of itself.
    pub(crate) fn migrates(&self) -> bool {
        self.migration.is_some()
    }

    /// None when this flow leaves every contact on the version that it began with.
    pub(crate) fn migrate(
        &self,
        ticker: &Ticker,
        universe: Universe,
        asked: &Migrate,
    ) -> Option<Called<Migrated>> {
        let exports = self.migration.as_ref()?;
        let (limits, wording) = (universe.plan.flow_step, universe.wording);
        let run = |store: &mut wasmtime::Store<Host>, instance: &_| {
            let guest = exports.load(&mut *store, instance)?;
            let attributes = attributes(&asked.interaction);
            let label = asked.from.label();
            let component = asked.from.component.to_string();
            let artifact = asked.from.artifact.map(|digest| digest.to_string());
            let input = migration::MigrateInput {
                at: millis(asked.at),
                interaction: interaction(&asked.interaction, &attributes, wording),
                from: migration::Version {
                    label: &label,
                    component: &component,
                    artifact: artifact.as_deref(),
                    ext: wording.ext(),
                },
                state: &asked.state,
                ext: wording.ext(),
            };
            Ok(match guest.call_migrate(store, input)? {
                Ok(answer) => migrated(answer, &limits),
                Err(said) => Err(declared(said)),
            })
        };
        Some(call(&self.guest, ticker, &limits, universe, run))
    }

    pub(crate) fn step(
        &self,
        ticker: &Ticker,
        universe: Universe,
        step: &FlowStep,
    ) -> Called<FlowStepped> {
        let (limits, wording) = (universe.plan.flow_step, universe.wording);
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = self.exports.load(&mut *store, instance)?;
            let attributes = attributes(&step.interaction);
            let input = input(step, &step.interaction, &attributes, wording);
            Ok(match guest.call_step(store, input)? {
                Ok(output) => stepped(output, &limits),
                Err(said) => Err(declared(said)),
            })
        })
    }

    pub(crate) fn describe(&self, ticker: &Ticker, universe: Universe) -> Called<Vec<Node>> {
        let limits = universe.plan.flow_step;
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = self.exports.load(&mut *store, instance)?;
            Ok(picture(guest.call_describe(store)?))
        })
    }
}

/// A stream of randomness for each contact and step, so that a replay sees the same.
pub(crate) fn seed(step: &FlowStep) -> u64 {
    let bits = step.contact.bits();
    ((bits >> 64) as u64) ^ (bits as u64) ^ step.step.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// As [`seed`], for what is asked before a step.
pub(crate) fn migration_seed(asked: &Migrate) -> u64 {
    let bits = asked.contact.bits();
    ((bits >> 64) as u64) ^ (bits as u64)
}

fn migrated(answer: migration::Migrated, limits: &Limits) -> Result<Migrated, PluginFault> {
    if let migration::Migrated::State(state) | migration::Migrated::Restart(state) = &answer {
        state_at_most(state.len(), limits, "steps")?;
    }
    Ok(match answer {
        migration::Migrated::Stay | migration::Migrated::Ext(_) => Migrated::Stay,
        migration::Migrated::State(state) => Migrated::State(state),
        migration::Migrated::Restart(state) => Migrated::Restart(state),
    })
}

fn input<'a>(
    step: &'a FlowStep,
    contact: &'a Interaction,
    attributes: &'a [(&'a str, &'a str)],
    wording: Wording,
) -> wit::StepInput<'a> {
    wit::StepInput {
        step: step.step,
        at: millis(step.at),
        interaction: interaction(contact, attributes, wording),
        state: &step.state,
        event: match &step.event {
            _ if let Some(unknown) = wording.unknown_case() => wit::Event::Ext(unknown),
            FlowEvent::Started => wit::Event::Started,
            FlowEvent::Done { action, outcome } => wit::Event::Done((*action, outcome)),
            FlowEvent::Input(input) => wit::Event::Input(wit::InputResult {
                action: input.action,
                digits: &input.digits,
                token: input.token.as_deref(),
                length: input.length,
                outcome: match input.outcome {
                    CollectOutcome::Complete => wit::InputOutcome::Complete,
                    CollectOutcome::Partial => wit::InputOutcome::Partial,
                    CollectOutcome::NoInput => wit::InputOutcome::NoInput,
                },
                ext: wording.ext(),
            }),
            FlowEvent::LookedUp(found) => wit::Event::LookedUp(wit::LookupResult {
                action: found.action,
                outcome: match found.outcome {
                    LookupOutcome::Found => wit::LookupOutcome::Found,
                    LookupOutcome::Nothing => wit::LookupOutcome::Nothing,
                    LookupOutcome::TimedOut => wit::LookupOutcome::TimedOut,
                    LookupOutcome::Failed => wit::LookupOutcome::Failed,
                },
                value: &found.value,
                ext: wording.ext(),
            }),
            FlowEvent::Timer(name) => wit::Event::Timer(name),
            FlowEvent::Progress(progress) => wit::Event::Progress(wit::QueueProgress {
                queue: &progress.queue,
                position: progress.position,
                expected_wait_ms: progress.expected_wait_ms.map(|wait| wait.0),
                waited_ms: progress.waited_ms.0,
                ext: wording.ext(),
            }),
            FlowEvent::Agent { what } => wit::Event::Agent(what),
            FlowEvent::HangUp { reason } => wit::Event::HangUp(reason),
        },
        ext: wording.ext(),
    }
}

fn stepped(output: wit::StepOutput, limits: &Limits) -> Result<FlowStepped, PluginFault> {
    state_at_most(output.state.len(), limits, "steps")?;
    at_most("actions", output.actions.len(), limits.effects)?;
    let mut ids = HashSet::with_capacity(output.actions.len());
    let mut actions = Vec::with_capacity(output.actions.len());
    for action in output.actions {
        if !ids.insert(action.id) {
            return Err(nonsense(format!(
                "returned two actions with the id {}; the end of an action is reported by its id",
                action.id
            )));
        }
        actions.push(Action {
            id: action.id,
            command: command(action.command)?,
        });
    }
    Ok(FlowStepped {
        state: output.state,
        actions,
        trace: texts("trace entry", output.trace, TRACE_NODES, TRACE_BYTES)?,
    })
}

fn command(command: wit::Command) -> Result<Command, PluginFault> {
    Ok(match command {
        wit::Command::Answer => Command::Answer,
        wit::Command::Reject(status) => {
            if !(400..=699).contains(&status) {
                return Err(nonsense(format!(
                    "rejected with the SIP status {status}; 400 to 699 are refusals"
                )));
            }
            Command::Reject(status)
        }
        wit::Command::Play(list) => Command::Play(prompts(list)?),
        wit::Command::Collect(wanted) => Command::Collect(collect(wanted)?),
        wit::Command::SetAttributes(list) => {
            at_most("attributes", list.len(), ATTRIBUTES)?;
            let checked = list.into_iter().map(|(name, value)| {
                Ok((
                    text("attribute name", name, ATTRIBUTE_NAME_BYTES)?,
                    short("attribute value", value, ATTRIBUTE_VALUE_BYTES)?,
                ))
            });
            Command::SetAttributes(checked.collect::<Result<_, PluginFault>>()?)
        }
        wit::Command::StartTimer(timer) => {
            within("timer", timer.after_ms, LONGEST_TIMER_MS)?;
            Command::StartTimer {
                name: text("timer name", timer.name, NAME_BYTES)?,
                after_ms: Millis(u64::from(timer.after_ms)),
            }
        }
        wit::Command::CancelTimer(name) => {
            Command::CancelTimer(text("timer name", name, NAME_BYTES)?)
        }
        wit::Command::Enqueue(wanted) => Command::Enqueue(Enqueue {
            queue: text("queue name", wanted.queue, NAME_BYTES)?,
            priority: wanted.priority,
            skills: skills(&wanted.skills)?,
            preferred: wanted.preferred.map(preferred).transpose()?,
        }),
        wit::Command::Dequeue => Command::Dequeue,
        wit::Command::Callback(number) => Command::Callback {
            number: number
                .map(|number| text("number to call back", number, ADDRESS_BYTES))
                .transpose()?,
        },
        wit::Command::Voicemail(wanted) => {
            if !(SHORTEST_MESSAGE_MS..=LONGEST_MESSAGE_MS).contains(&wanted.max_ms) {
                return Err(nonsense(format!(
                    "wants a message of at most {} ms; from {SHORTEST_MESSAGE_MS} to \
                     {LONGEST_MESSAGE_MS} ms are possible",
                    wanted.max_ms
                )));
            }
            Command::Voicemail(Voicemail {
                prompts: prompts(wanted.prompts)?,
                max_ms: Millis(u64::from(wanted.max_ms)),
            })
        }
        wit::Command::LookUp(wanted) => Command::LookUp(lookup(wanted)?),
        wit::Command::Transfer(wit::Destination::Flow(name)) => Command::Transfer {
            flow: text("name of a flow", name, NAME_BYTES)?,
        },
        wit::Command::Hangup => Command::HangUp,
        wit::Command::Transfer(wit::Destination::Ext(unknown)) | wit::Command::Ext(unknown) => {
            Command::Unknown(later(unknown))
        }
    })
}

/// The name of something of a later contract.
fn later((mut name, _): (String, String)) -> String {
    crate::text::cut(&mut name, 64);
    name
}

fn lookup(wanted: wit::Lookup) -> Result<Lookup, PluginFault> {
    if wanted.timeout_ms == 0 {
        return Err(nonsense(
            "looks something up within 0 ms; nothing is that fast",
        ));
    }
    within("lookup", wanted.timeout_ms, LONGEST_LOOKUP_MS)?;
    let source = match wanted.source {
        wit::LookupSource::CustomerHistory => Source::Host(LookupSource::CustomerHistory),
        wit::LookupSource::Table((table, key)) => Source::Host(LookupSource::Table {
            table: text("name of a table", table, NAME_BYTES)?,
            key: short("key of a table", key, TABLE_KEY_BYTES)?,
        }),
        wit::LookupSource::Connector(wanted) => Source::Connector(connector_operation(wanted)?),
        wit::LookupSource::Ext(unknown) => Source::Host(LookupSource::Unknown(later(unknown))),
    };
    Ok(Lookup {
        source,
        timeout_ms: Millis(u64::from(wanted.timeout_ms)),
    })
}

fn connector_operation(wanted: wit::ConnectorOperation) -> Result<ConnectorOperation, PluginFault> {
    let operation = text("name of an operation", wanted.operation, NAME_BYTES)?;
    let argument = text("argument", wanted.argument, ARGUMENT_BYTES)?;
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&argument) {
        return Err(nonsense(format!(
            "looks up `{operation}` with an argument that is no JSON: {error}"
        )));
    }
    Ok(ConnectorOperation {
        connector: text("name of a connector", wanted.connector, NAME_BYTES)?,
        operation,
        argument: argument.into(),
    })
}

fn within(what: &str, wanted_ms: u32, longest_ms: u32) -> Result<(), PluginFault> {
    if wanted_ms > longest_ms {
        return Err(too_much(format!(
            "asked for a {what} of {wanted_ms} ms; at most {longest_ms} ms are allowed"
        )));
    }
    Ok(())
}

fn prompts(list: Vec<wit::Prompt>) -> Result<Vec<Prompt>, PluginFault> {
    at_most("prompts", list.len(), PROMPTS)?;
    list.into_iter().map(prompt).collect()
}

fn prompt(prompt: wit::Prompt) -> Result<Prompt, PluginFault> {
    let source = match prompt.source {
        wit::PromptSource::Text(words) => {
            PromptSource::Text(text("prompt text", words, PROMPT_BYTES)?)
        }
        wit::PromptSource::Audio(path) => {
            let path = text("prompt file name", path, PATH_BYTES)?;
            let plain = path
                .split('/')
                .all(|part| !part.is_empty() && part != "." && part != "..");
            if !plain || path.contains(['\\', '\0']) {
                return Err(nonsense(format!(
                    "wants to play `{path}`, which is not a file below the `prompts` folder"
                )));
            }
            PromptSource::Audio(path)
        }
        wit::PromptSource::Ext(unknown) => PromptSource::Unknown(later(unknown)),
    };
    let language = match prompt.language {
        None => None,
        Some(tag) => {
            let tag = text("language", tag, LANGUAGE_BYTES)?;
            if !tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return Err(nonsense(format!(
                    "returned `{tag}` as a language; a BCP 47 tag such as `zh-CN` was expected"
                )));
            }
            Some(tag)
        }
    };
    Ok(Prompt { source, language })
}

fn collect(wanted: wit::Collect) -> Result<Collect, PluginFault> {
    if !(1..=64).contains(&wanted.max_digits) {
        return Err(nonsense(format!(
            "wants to collect {} keys; 1 to 64 can be collected",
            wanted.max_digits
        )));
    }
    let terminators = short("list of terminators", wanted.terminators, 16)?;
    if let Some(key) = terminators.chars().find(|key| Digit::new(*key).is_none()) {
        return Err(nonsense(format!(
            "wants `{key}` as a terminator, which is no key of a telephone"
        )));
    }
    within(
        "first-key time-out",
        wanted.first_timeout_ms,
        LONGEST_INPUT_MS,
    )?;
    within(
        "inter-key time-out",
        wanted.inter_timeout_ms,
        LONGEST_INPUT_MS,
    )?;
    Ok(Collect {
        prompts: prompts(wanted.prompts)?,
        barge_in: wanted.barge_in,
        max_digits: wanted.max_digits,
        terminators,
        first_timeout_ms: Millis(u64::from(wanted.first_timeout_ms)),
        inter_timeout_ms: Millis(u64::from(wanted.inter_timeout_ms)),
        sensitive: wanted.sensitive,
    })
}

fn skills(expression: &str) -> Result<SkillExpression, PluginFault> {
    expression.parse().map_err(|error| {
        let mut shown = expression.to_owned();
        crate::text::cut(&mut shown, 100);
        nonsense(format!(
            "enqueued with the skills `{shown}`, which is no expression: {error}"
        ))
    })
}

fn preferred(wanted: wit::Preferred) -> Result<Preferred, PluginFault> {
    within("wait for one agent", wanted.wait_ms, LONGEST_PREFERENCE_MS)?;
    let Ok(agent) = wanted.agent.parse::<AgentId>() else {
        let mut shown = wanted.agent;
        crate::text::cut(&mut shown, 64);
        return Err(nonsense(format!(
            "prefers the agent `{shown}`, which is no agent's id"
        )));
    };
    Ok(Preferred {
        agent,
        wait_ms: Millis(u64::from(wanted.wait_ms)),
    })
}

fn picture(nodes: Vec<wit::Node>) -> Result<Vec<Node>, PluginFault> {
    at_most("nodes", nodes.len(), PICTURE_NODES)?;
    nodes
        .into_iter()
        .map(|node| {
            at_most("ways out of a node", node.next.len(), PICTURE_WAYS)?;
            let next = node.next.into_iter().map(|(label, target)| {
                Ok((
                    short("label", label, TRACE_BYTES)?,
                    short("node id", target, TRACE_BYTES)?,
                ))
            });
            Ok(Node {
                id: text("node id", node.id, TRACE_BYTES)?,
                title: short("node title", node.title, TRACE_BYTES)?,
                kind: short("node kind", node.kind, TRACE_BYTES)?,
                next: next.collect::<Result<_, PluginFault>>()?,
            })
        })
        .collect()
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow")
    }
}
