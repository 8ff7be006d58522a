//! One plugin as it was released: the component, and which answers it gave to which inputs.

use hotline_conformance::{Call, Case, Effort, Fixture, Kind, Law, Reply, sample, search};
use hotline_manifest::World;
use hotline_sandbox::offline::{Bench, Plugin};
use hotline_sandbox::{Compiling, Diagnostic, PluginKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// A plugin of today's tree.
#[derive(Debug, Clone)]
pub struct Build {
    /// A file's name, e.g. `ivr-flow-rust`.
    pub name: String,
    pub world: World,
    /// As in its manifest, e.g. `rust 0.1.0`.
    pub sdk: String,
    pub component: Vec<u8>,
    /// A JSON object.
    pub config: Value,
    /// What an interpreter is to run.
    pub script: Option<Script>,
}

/// A script for an interpreter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    pub path: String,
    pub text: String,
}

/// A plugin of a release.
#[derive(Debug, Clone)]
pub struct Exhibit {
    pub name: String,
    pub world: World,
    pub component: Vec<u8>,
    pub golden: Golden,
}

/// What a plugin was given when it was released, and what it gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    pub config: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Script>,
    /// A flow's; empty for other kinds.
    pub picture: Value,
    /// The notes name the function, or what happens.
    pub cases: Vec<Fixture>,
}

/// What a plugin does no longer, or does not do.
#[derive(Debug, thiserror::Error)]
pub enum ExhibitError {
    #[error("is refused:\n{}", lines(.0))]
    Refused(Vec<Diagnostic>),
    #[error("{0} does not run by itself: show it as a {interpreter}", interpreter = World::FlowInterpreter)]
    NotRun(World),
    #[error("interprets scripts; put one into inputs/NAME/script.EXTENSION of the museum")]
    NoScript,
    #[error("says another picture of itself than it did:\n  {0}")]
    Picture(String),
    #[error("{case}: {problem}")]
    Case { case: String, problem: String },
}

fn lines(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Runs plugins by today's host.
#[derive(Debug)]
pub struct Stage {
    bench: Bench,
}

impl Stage {
    /// Compiled code is kept in `cache`.
    ///
    /// # Errors
    /// The engine can not be set up.
    pub fn open(cache: &Path) -> Result<Stage, hotline_sandbox::Error> {
        let bench = Bench::open(Compiling::Here, cache, 1)?;
        Ok(Stage { bench })
    }

    /// Asks a plugin all that one of its world can be asked, and writes the answers down.
    ///
    /// # Errors
    /// It is not let in, or fails.
    pub fn record(&self, build: &Build) -> Result<Golden, ExhibitError> {
        let mut golden = Golden {
            config: build.config.clone(),
            script: build.script.clone(),
            picture: Value::Null,
            cases: cases(kinds(build.world)?.1),
        };
        let plugin = self.load(&build.name, build.world, &build.component, &golden)?;
        golden.picture = picture(&plugin);
        for fixture in &mut golden.cases {
            let blessed = fixture.bless(&plugin);
            blessed.map_err(|problem| ExhibitError::Case {
                case: fixture.note.clone(),
                problem,
            })?;
        }
        Ok(golden)
    }

    /// Lets the plugin in, asks it what it was asked, and compares. Then words of later hosts are
    /// tried on it, which by now may be this host's own.
    ///
    /// # Errors
    /// The first thing that is not as it was.
    pub fn play(&self, exhibit: &Exhibit) -> Result<(), ExhibitError> {
        let golden = &exhibit.golden;
        let plugin = self.load(&exhibit.name, exhibit.world, &exhibit.component, golden)?;
        let picture = hotline_conformance::differences(&golden.picture, &picture(&plugin));
        if !picture.is_empty() {
            return Err(ExhibitError::Picture(picture.join("\n  ")));
        }
        for fixture in &golden.cases {
            fixture
                .play(&plugin)
                .map_err(|problem| ExhibitError::Case {
                    case: fixture.note.clone(),
                    problem,
                })?;
        }
        let law = Law::ToleratesTheUnknown;
        let few = Effort { seed: 1, cases: 2 };
        search(&plugin, kinds(exhibit.world)?.1, law, few).map_err(|failure| ExhibitError::Case {
            case: law.as_str().to_owned(),
            problem: failure.problem,
        })
    }

    fn load(
        &self,
        name: &str,
        world: World,
        component: &[u8],
        golden: &Golden,
    ) -> Result<Plugin, ExhibitError> {
        let config = golden.config.to_string();
        let loaded = match (world, &golden.script) {
            (World::FlowInterpreter | World::FlowInterpreterWithMigration, Some(script)) => {
                let Script { path, text } = script;
                self.bench.load_script(component, name, path, text, &config)
            }
            (World::FlowInterpreter | World::FlowInterpreterWithMigration, None) => {
                return Err(ExhibitError::NoScript);
            }
            _ => {
                let (kind, _) = kinds(world)?;
                let path = format!("{name}.{kind}.wasm");
                self.bench.load(kind, name, &path, component, &config)
            }
        };
        loaded.map_err(ExhibitError::Refused)
    }
}

fn kinds(world: World) -> Result<(PluginKind, Kind), ExhibitError> {
    Ok(match world {
        World::IvrFlow
        | World::IvrFlowWithMigration
        | World::FlowInterpreter
        | World::FlowInterpreterWithMigration => (PluginKind::Flow, Kind::Flow),
        World::RoutingPolicy | World::RoutingPolicyWithLookups => {
            (PluginKind::Policy, Kind::Policy)
        }
        World::QaRule => (PluginKind::Qa, Kind::QaRule),
        World::QaLive => (PluginKind::Qa, Kind::QaLive),
        World::QaRuleAndLive => (PluginKind::Qa, Kind::QaRuleAndLive),
        World::CrmConnector => (PluginKind::Connector, Kind::Connector),
        World::FlowLanguage => return Err(ExhibitError::NotRun(world)),
    })
}

fn picture(plugin: &Plugin) -> Value {
    serde_json::to_value(plugin.picture()).unwrap_or_default()
}

/// An ordinary input of each function, and what goes wrong on an ordinary day.
fn cases(kind: Kind) -> Vec<Fixture> {
    let mut cases = Vec::new();
    let mut add = |note: String, case: Case| {
        cases.push(Fixture {
            note,
            ..Fixture::of(case)
        });
    };
    for function in kind.functions() {
        // A kind has the functions that it names.
        let Ok(case) = sample(kind, Some(function)) else {
            continue;
        };
        match &case {
            Case::Call(call) => {
                for moves in CALLS {
                    let moves = moves
                        .split(", ")
                        .filter_map(|one| one.parse().ok())
                        .collect();
                    let call = Call {
                        moves,
                        ..(**call).clone()
                    };
                    add(
                        format!("a call: {}", shown(&call)),
                        Case::Call(Box::new(call)),
                    );
                }
            }
            Case::Errand(errand) => {
                for reply in REPLIES {
                    let mut errand = (**errand).clone();
                    let first: Option<Reply> = reply.parse().ok();
                    errand.replies.splice(0..0, first);
                    add(
                        format!("{function}, after {reply}"),
                        Case::Errand(Box::new(errand)),
                    );
                }
            }
            Case::Ask(_) | Case::Conversation(_) => {}
        }
        add((*function).to_owned(), case);
    }
    cases
}

const CALLS: [&str; 3] = [
    "hang up",
    "press nothing, press 9, press 1 and stop, timer, press 2, position 1, agent timed-out, timer, hang up",
    "press 1, agent queue-closed, press 1, position 3, position 1, agent connected, hang up",
];
const REPLIES: [&str; 4] = ["401", "429 retry-after 30", "500", "timed out"];

fn shown(call: &Call) -> String {
    let moves: Vec<String> = call.moves.iter().map(ToString::to_string).collect();
    moves.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moves_and_replies_are_written_as_the_kit_reads_them() {
        for one in CALLS.iter().flat_map(|moves| moves.split(", ")) {
            assert!(one.parse::<hotline_conformance::Move>().is_ok(), "{one}");
        }
        for reply in REPLIES {
            assert!(reply.parse::<Reply>().is_ok(), "{reply}");
        }
    }
}
