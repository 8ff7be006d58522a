//! The artifact: what a step reads. It is decoded at every step, so its nodes are kept encoded
//! (postcard) one by one, and only those that a step passes are decoded.

use hotline_sdk::Fault;
use serde::{Deserialize, Serialize};

/// First in every artifact; the digit is the format's version.
const MAGIC: &str = "hotline-flow-script 4";

/// A node by its place, or [`HANG_UP`].
pub type Target = u16;

/// The target `hangup`, which every flow has.
pub const HANG_UP: Target = u16::MAX;

/// The compiled flow.
#[derive(Debug, Serialize, Deserialize)]
pub struct Script<'a> {
    magic: &'a str,
    #[serde(borrow)]
    pub languages: Vec<&'a str>,
    pub start: Target,
    /// Where a contact goes that no node has a way on for.
    pub on_failure: Option<Target>,
    pub reload: Reload,
    /// Keys that work in every menu.
    #[serde(borrow)]
    pub always: Vec<(&'a str, Target)>,
    #[serde(borrow)]
    nodes: Vec<&'a [u8]>,
}

/// What becomes of contacts that an earlier version of the flow has begun with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Reload {
    /// They end on the version that they began with.
    #[default]
    Pin,
    /// They go on in this one, where the node that they are at is still there.
    Migrate,
    /// As [`Reload::Migrate`], and the node begins anew: they hear what it says now.
    Restart,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub id: String,
    /// Set on entry.
    pub set: Vec<(String, Template)>,
    /// Spoken from here on: a place in the script's languages.
    pub language: Option<u8>,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    Set { next: Target },
    Say { text: Text, next: Target },
    Menu(Menu),
    Collect(Collect),
    Hours(Hours),
    Queue(Queue),
    Callback(Callback),
    Voicemail(Voicemail),
    If(If),
    Goto(Target),
    HangUp,
    Reject(u16),
    Lookup(Lookup),
}

impl Kind {
    /// The word of the language, which is also the picture's kind.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Set { .. } => "set",
            Kind::Say { .. } => "say",
            Kind::Menu(_) => "menu",
            Kind::Collect(_) => "collect",
            Kind::Hours(_) => "hours",
            Kind::Queue(_) => "queue",
            Kind::Callback(_) => "callback",
            Kind::Voicemail(_) => "voicemail",
            Kind::If(_) => "if",
            Kind::Goto(_) => "goto",
            Kind::HangUp => "hangup",
            Kind::Reject(_) => "reject",
            Kind::Lookup(_) => "lookup",
        }
    }

    /// Every way on, with its label; for a queue also those that the script did not name.
    pub fn ways(&self) -> Vec<(String, Target)> {
        let next = |target: &Target| vec![("next".to_owned(), *target)];
        match self {
            Kind::Set { next: target } | Kind::Say { next: target, .. } => next(target),
            Kind::Menu(menu) => {
                let mut ways: Vec<(String, Target)> = menu.keys.clone();
                ways.push(("failed".to_owned(), menu.tries.failed));
                ways
            }
            Kind::Collect(collect) => vec![
                ("next".to_owned(), collect.next),
                ("failed".to_owned(), collect.tries.failed),
            ],
            Kind::Hours(hours) => vec![
                ("open".to_owned(), hours.open),
                ("closed".to_owned(), hours.closed),
            ],
            Kind::Queue(queue) => {
                let named = named(&[
                    ("full", queue.full),
                    ("unknown", queue.unknown),
                    ("overflowed", queue.overflowed),
                ]);
                queue.keys.iter().cloned().chain(named).collect()
            }
            Kind::Callback(callback) => named(&[("refused", callback.refused)]),
            Kind::Voicemail(voicemail) => {
                named(&[("next", Some(voicemail.next)), ("failed", voicemail.failed)])
            }
            Kind::If(choice) => vec![
                ("then".to_owned(), choice.then),
                ("else".to_owned(), choice.otherwise),
            ],
            Kind::Goto(target) => vec![("goto".to_owned(), *target)],
            Kind::Lookup(lookup) => vec![
                ("next".to_owned(), lookup.next),
                ("nothing".to_owned(), lookup.nothing),
                ("failed".to_owned(), lookup.failed),
            ],
            Kind::HangUp | Kind::Reject(_) => Vec::new(),
        }
    }

    /// Whether it waits for something outside the flow, so that a loop through it can be left.
    pub fn waits(&self) -> bool {
        matches!(
            self,
            Kind::Menu(_)
                | Kind::Collect(_)
                | Kind::Queue(_)
                | Kind::Callback(_)
                | Kind::Voicemail(_)
        )
    }
}

/// Those that the script named.
fn named(ways: &[(&str, Option<Target>)]) -> Vec<(String, Target)> {
    let ways = ways.iter();
    ways.filter_map(|(label, target)| Some(((*label).to_owned(), (*target)?)))
        .collect()
}

/// What the caller hears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Text {
    /// The same in whatever language is spoken.
    Same(Vec<Part>),
    /// By the script's languages; none where it is missing.
    Each(Vec<Option<Vec<Part>>>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Part {
    Words(Template),
    /// In another of the script's languages than the rest.
    Foreign(u8, Vec<Part>),
    /// A file below `prompts`.
    Audio(String),
}

/// Words with values in them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Template(pub Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    Literal(String),
    /// `{name}`
    Value(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tries {
    /// Including the first.
    pub most: u8,
    /// Said before the question is asked again.
    pub wrong: Option<Text>,
    pub no_key: Option<Text>,
    /// After the last.
    pub failed: Target,
    /// For the first key, from the end of the prompts.
    pub wait_ms: u32,
    /// For each further key.
    pub between_ms: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    pub text: Text,
    pub keys: Vec<(String, Target)>,
    pub barge_in: bool,
    pub tries: Tries,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collect {
    pub text: Text,
    /// The attribute that gets the keys, or their token.
    pub into: String,
    pub least: u32,
    pub most: u32,
    pub terminators: String,
    pub sensitive: bool,
    pub barge_in: bool,
    pub next: Target,
    pub tries: Tries,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hours {
    pub utc_offset_minutes: i16,
    /// From Monday; ranges of minutes since midnight, the end not included.
    pub week: [Vec<(u16, u16)>; 7],
    /// Days since 1970-01-01.
    pub closed_on: Vec<i32>,
    pub open: Target,
    pub closed: Target,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    pub queue: String,
    pub priority: i32,
    /// An expression; empty for nothing.
    pub skills: String,
    pub preferred: Option<Preferred>,
    /// Before the contact enters the queue.
    pub say: Option<Text>,
    /// At each progress.
    pub announce: Option<Text>,
    /// After it, when there is an estimate.
    pub announce_wait: Option<Text>,
    /// While the contact waits, after an announcement.
    pub keys: Vec<(String, Target)>,
    pub full: Option<Target>,
    pub unknown: Option<Target>,
    pub overflowed: Option<Target>,
}

/// Someone to wait for first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preferred {
    /// An agent's id; empty, or no id, for nobody.
    pub agent: Template,
    pub wait_ms: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Callback {
    /// Empty is the caller's own.
    pub number: Template,
    pub say: Option<Text>,
    pub refused: Option<Target>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voicemail {
    pub text: Text,
    pub longest_ms: u32,
    pub next: Target,
    pub failed: Option<Target>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct If {
    /// All must hold; each when the value matches one of the patterns.
    pub all: Vec<(String, Vec<String>)>,
    pub then: Target,
    pub otherwise: Target,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lookup {
    pub source: Source,
    /// Before it begins.
    pub say: Option<Text>,
    pub within_ms: u32,
    /// Attributes, and where in what was found their values stand.
    pub into: Vec<(String, Path)>,
    pub next: Target,
    /// There is no such thing.
    pub nothing: Target,
    /// No answer in time, or none at all.
    pub failed: Target,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Source {
    History,
    Table {
        table: String,
        key: Template,
    },
    Connector {
        connector: String,
        operation: String,
        with: Argument,
    },
}

impl Source {
    /// `history`, `table tiers`, `crm find-contact`.
    pub fn label(&self) -> String {
        match self {
            Source::History => "history".to_owned(),
            Source::Table { table, .. } => format!("table {table}"),
            Source::Connector {
                connector,
                operation,
                ..
            } => format!("{connector} {operation}"),
        }
    }
}

/// What an operation is given: JSON with values in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Argument {
    Text(Template),
    List(Vec<Argument>),
    Object(Vec<(String, Argument)>),
}

/// Names, from the outside in; none for the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path(pub Vec<String>);

/// What goes into an artifact besides nodes.
#[derive(Debug, Clone)]
pub struct Header {
    pub languages: Vec<String>,
    pub start: Target,
    pub on_failure: Option<Target>,
    pub reload: Reload,
    pub always: Vec<(String, Target)>,
}

/// Encodes a flow.
///
/// # Errors
/// Never for values that [`crate::compile`] makes.
pub fn encode(header: &Header, nodes: &[Node]) -> Result<Vec<u8>, postcard::Error> {
    let encoded = nodes
        .iter()
        .map(postcard::to_allocvec)
        .collect::<Result<Vec<_>, _>>()?;
    postcard::to_allocvec(&Script {
        magic: MAGIC,
        languages: header.languages.iter().map(String::as_str).collect(),
        start: header.start,
        on_failure: header.on_failure,
        reload: header.reload,
        always: header
            .always
            .iter()
            .map(|(key, target)| (key.as_str(), *target))
            .collect(),
        nodes: encoded.iter().map(Vec::as_slice).collect(),
    })
}

impl<'a> Script<'a> {
    /// # Errors
    /// `script.artifact` for anything that this interpreter's version did not write.
    pub fn decode(artifact: &'a [u8]) -> Result<Script<'a>, Fault> {
        let script: Script<'a> = postcard::from_bytes(artifact).map_err(|_| unreadable())?;
        if script.magic == MAGIC && !script.languages.is_empty() {
            Ok(script)
        } else {
            Err(unreadable())
        }
    }

    /// # Errors
    /// `script.artifact` when there is no such node.
    pub fn node(&self, target: Target) -> Result<Node, Fault> {
        let encoded = self.nodes.get(usize::from(target)).ok_or_else(unreadable)?;
        postcard::from_bytes(encoded).map_err(|_| unreadable())
    }

    /// The node's name, without the rest of it.
    ///
    /// # Errors
    /// As [`Script::node`].
    pub fn id(&self, target: Target) -> Result<&'a str, Fault> {
        let encoded = self.nodes.get(usize::from(target)).ok_or_else(unreadable)?;
        // It is the node's first field.
        let (id, _) = postcard::take_from_bytes(encoded).map_err(|_| unreadable())?;
        Ok(id)
    }

    /// The node of this name.
    pub fn named(&self, id: &str) -> Option<Target> {
        let mut places = (0..self.nodes.len()).map(|place| place as Target);
        places.find(|place| self.id(*place).is_ok_and(|one| one == id))
    }

    pub fn nodes(&self) -> impl Iterator<Item = Result<Node, Fault>> {
        (0..self.nodes.len()).map(|place| self.node(place as Target))
    }
}

fn unreadable() -> Fault {
    Fault::new(
        "script.artifact",
        "the compiled flow is not of this interpreter's version; save the script again",
    )
}
