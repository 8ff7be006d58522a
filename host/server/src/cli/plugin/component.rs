//! The plugin that a command is about: a component, or a folder that is built first.

use crate::cli::scratch::Scratch;
use crate::shipped;
use hotline_conformance::Kind;
use hotline_manifest::{Manifest, World};
use hotline_plugin_build::{Naming, Surface, build};
use hotline_sandbox::offline::{Bench, Plugin};
use hotline_sandbox::{Compiling, Diagnostic, Invocation, PluginKind};
use std::path::{Path, PathBuf};

/// In the plugin's folder: what its author tries it with.
const CONFIG: &str = "config.json";
/// In the folder of a script language: what it is tried on.
const SCRIPT: &str = "example.flow";

#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// The plugin's folder, which is built first, or a component (NAME.KIND.wasm)
    #[arg(default_value = ".", value_name = "PLUGIN")]
    pub(super) path: PathBuf,
    /// Its configuration, a JSON object [default: `config.json` in the plugin's folder, else {}]
    #[arg(long, value_name = "FILE.json")]
    config: Option<PathBuf>,
    /// Of a script language: the script that it shall compile and run [default: `example.flow` in the
    /// plugin's folder]
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
}

/// A component as bytes, and what it says about itself.
pub(super) struct Component {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) manifest: Option<Manifest>,
}

/// A component that the engine took.
pub(super) struct Loaded {
    pub(super) plugin: Plugin,
    /// Holds the compiled code.
    _cache: Scratch,
}

/// Why it was not loaded.
pub(super) enum Refused {
    /// What a server would tell its author.
    Diagnostics(Vec<Diagnostic>),
    /// The command itself could not do its work.
    Problem(String),
}

impl Which {
    /// Where its configuration stands; none when it has none.
    fn config_file(&self) -> Option<PathBuf> {
        let beside = self.path.join(CONFIG);
        let beside = beside.is_file().then_some(beside);
        self.config.clone().or(beside)
    }

    /// What a script language is tried on; none when its folder has nothing.
    fn script(&self) -> Option<PathBuf> {
        let beside = self.path.join(SCRIPT);
        let beside = beside.is_file().then_some(beside);
        self.script.clone().or(beside)
    }
}

impl Refused {
    /// Names the file in which a configuration is wrong, or says where one belongs.
    fn at_config(mut self, file: Option<&Path>) -> Refused {
        if let Refused::Diagnostics(list) = &mut self {
            let about = list
                .iter_mut()
                .filter(|one| one.code.starts_with("config."));
            for one in about {
                match file {
                    Some(file) => one.path = file.display().to_string(),
                    None => {
                        one.hint = Some(format!(
                            "there is none: put one into `{CONFIG}` in the plugin's folder, or \
                             name its file by `--config`"
                        ));
                    }
                }
            }
        }
        self
    }
}

impl From<Refused> for String {
    fn from(refused: Refused) -> String {
        match refused {
            Refused::Problem(problem) => problem,
            Refused::Diagnostics(list) => {
                let lines: Vec<String> = list.iter().map(ToString::to_string).collect();
                format!("the plugin is refused:\n{}", lines.join("\n"))
            }
        }
    }
}

impl Component {
    /// Reads a file, or builds a folder and reads what came of it.
    pub(super) fn find(path: &Path) -> Result<Component, String> {
        let path = match path.is_dir() {
            true => built(path)?,
            false => path.to_owned(),
        };
        let bytes = std::fs::read(&path).map_err(|error| {
            format!(
                "can not read {}: {error}; a plugin's folder is expected, or a component \
                 (NAME.KIND.wasm)",
                path.display()
            )
        })?;
        let manifest = Manifest::of_component(&bytes).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            format!("the manifest of {}: {}", path.display(), lines.join("; "))
        })?;
        Ok(Component {
            path,
            bytes,
            manifest,
        })
    }

    pub(super) fn name(&self) -> String {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        let stem = file.split('.').next().unwrap_or_default().to_owned();
        let own = self.manifest.as_ref().map(|manifest| manifest.name.clone());
        own.unwrap_or(stem)
    }

    /// By its manifest, or else by its file's name.
    pub(super) fn kind(&self) -> Result<PluginKind, String> {
        let file = self.path.to_string_lossy();
        match self.manifest.as_ref().map(|manifest| manifest.world) {
            Some(World::IvrFlow | World::IvrFlowWithMigration) => Ok(PluginKind::Flow),
            Some(World::FlowInterpreter | World::FlowInterpreterWithMigration) => {
                Ok(PluginKind::Language)
            }
            Some(World::RoutingPolicy | World::RoutingPolicyWithLookups) => Ok(PluginKind::Policy),
            Some(World::QaRule | World::QaLive | World::QaRuleAndLive) => Ok(PluginKind::Qa),
            Some(World::CrmConnector) => Ok(PluginKind::Connector),
            Some(World::FlowLanguage) => Err(format!(
                "{} only checks scripts; a plugin that runs them too is a {}",
                self.path.display(),
                World::FlowInterpreter
            )),
            None => PluginKind::ALL
                .into_iter()
                .find(|kind| file.ends_with(&format!(".{kind}.wasm")))
                .ok_or_else(|| {
                    format!(
                        "{} does not say what it is: build it by `hotline plugin build`, or name \
                         it NAME.KIND.wasm, where KIND is {}",
                        self.path.display(),
                        PluginKind::ALL.map(PluginKind::name).join(", ")
                    )
                }),
        }
    }

    /// Which laws of the contract it is tried on. A QA rule that says nothing about itself is known
    /// by what it exports.
    pub(super) fn laws(&self) -> Result<Kind, String> {
        Ok(match self.kind()? {
            // A language is tried as what it makes of a script.
            PluginKind::Flow | PluginKind::Language => Kind::Flow,
            PluginKind::Policy => Kind::Policy,
            PluginKind::Connector => Kind::Connector,
            PluginKind::Qa => {
                let surface = Surface::of(&self.bytes)
                    .map_err(|error| format!("{} {error}", self.path.display()))?;
                let has = |name: &str| surface.exports.iter().any(|one| one.starts_with(name));
                match (has("hotline:qa/rule@"), has("hotline:qa/live@")) {
                    (true, true) => Kind::QaRuleAndLive,
                    (false, true) => Kind::QaLive,
                    (_, false) => Kind::QaRule,
                }
            }
        })
    }

    /// Admits, compiles and tries it, by the server's own engine.
    pub(super) fn load(&self, which: &Which) -> Result<Loaded, Refused> {
        let file = which.config_file();
        let config = match &file {
            Some(path) => config_text(path).map_err(Refused::Problem)?,
            None => "{}".to_owned(),
        };
        self.load_configured(which, &config)
            .map_err(|refused| refused.at_config(file.as_deref()))
    }

    fn load_configured(&self, which: &Which, config: &str) -> Result<Loaded, Refused> {
        let kind = self.kind().map_err(Refused::Problem)?;
        match (kind, which.script(), &which.script) {
            (PluginKind::Language, Some(script), _) => self.load_with(&script, config),
            (_, _, Some(_)) if kind != PluginKind::Language => Err(Refused::Problem(format!(
                "`--script` is for a script language; this is a {kind}"
            ))),
            _ => self.load_on(Loaded::bench()?, kind, config),
        }
    }

    /// A script language, as what it makes of a script.
    fn load_with(&self, script: &Path, config: &str) -> Result<Loaded, Refused> {
        let path = script.display().to_string();
        let text = std::fs::read_to_string(script)
            .map_err(|error| Refused::Problem(format!("can not read {path}: {error}")))?;
        let (cache, bench) = Loaded::bench()?;
        let plugin = bench
            .load_script(&self.bytes, &self.name(), &path, &text, config)
            .map_err(Refused::Diagnostics)?;
        Ok(Loaded {
            plugin,
            _cache: cache,
        })
    }

    /// As it was when a call of it was recorded: with that configuration, and under that plan.
    pub(super) fn load_as(&self, recorded: &Invocation) -> Result<Loaded, Refused> {
        let (cache, bench) = Loaded::bench()?;
        let bench = bench.under(recorded.plan.unwrap_or_default());
        self.load_on((cache, bench), recorded.kind, &recorded.config)
    }

    fn load_on(
        &self,
        (cache, bench): (Scratch, Bench),
        kind: PluginKind,
        config: &str,
    ) -> Result<Loaded, Refused> {
        let path = self.path.display().to_string();
        let plugin = bench
            .load(kind, &self.name(), &path, &self.bytes, config)
            .map_err(Refused::Diagnostics)?;
        Ok(Loaded {
            plugin,
            _cache: cache,
        })
    }
}

impl Loaded {
    fn bench() -> Result<(Scratch, Bench), Refused> {
        let cache = Scratch::make("plugin")
            .map_err(|error| Refused::Problem(format!("no scratch folder: {error}")))?;
        let bench = Bench::open(Compiling::Apart(shipped::compiler()), cache.path(), 2)
            .map_err(|error| Refused::Problem(error.to_string()))?;
        Ok((cache, bench))
    }

    /// For commands that ask it something: a language answers only as what it makes of a script.
    pub(super) fn on_a_script(self) -> Result<Loaded, String> {
        match self.plugin.kind() {
            PluginKind::Language => Err(format!(
                "a script language is tried on a script: name one by `--script`, or put \
                 `{SCRIPT}` into the plugin's folder"
            )),
            _ => Ok(self),
        }
    }

    /// A script as it was when a call of it was recorded; by the interpreter that comes with Hotline
    /// unless another one is named.
    pub(super) fn of_script(
        file: &Path,
        language: Option<&Path>,
        recorded: &Invocation,
    ) -> Result<Loaded, Refused> {
        let path = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|error| {
            Refused::Problem(format!(
                "can not read the script {path}: {error}; name it after the recorded call"
            ))
        })?;
        let (cache, bench) = Loaded::bench()?;
        let bench = bench.under(recorded.plan.unwrap_or_default());
        let version = recorded.version.as_ref();
        let name = version.map_or("script", |version| version.name.as_str());
        let interpreter = match language {
            Some(language) => Component::find(language).map_err(Refused::Problem)?.bytes,
            None => shipped::plugins().flow_interpreter.into(),
        };
        let plugin = bench
            .load_script(&interpreter, name, &path, &text, &recorded.config)
            .map_err(Refused::Diagnostics)?;
        Ok(Loaded {
            plugin,
            _cache: cache,
        })
    }
}

/// A configuration, from its file.
pub(super) fn config_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("can not read {}: {error}", path.display()))
}

fn built(folder: &Path) -> Result<PathBuf, String> {
    let report = build(&hotline_plugin_build::Options {
        directory: folder.to_owned(),
        packages: Vec::new(),
        out: folder.join("dist"),
        naming: Naming::ByKind,
        allow_imports: Vec::new(),
    })
    .map_err(|error| error.to_string())?;
    match report.built.as_slice() {
        [one] => Ok(one.path.clone()),
        several => Err(format!(
            "{} builds to {} components; name one of them",
            folder.display(),
            several.len()
        )),
    }
}
