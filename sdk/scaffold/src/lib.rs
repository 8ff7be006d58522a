//! A plugin's first folder: sources with a passing test, and beside them the SDK that this binary
//! was built with, so that the folder builds on its own wherever it is copied to. Why the SDK lies in
//! the folder: `docs/decisions/sdk-in-the-folder.md`.

mod name;
mod sdk;
mod template;

pub use name::{Name, NameError};
pub use sdk::{SdkState, renew_sdk, sdk_state};

use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What a plugin can be, by the name of its world in `wit/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum World {
    IvrFlow,
    IvrFlowWithMigration,
    FlowLanguage,
    FlowLanguageWithMigration,
    RoutingPolicy,
    RoutingPolicyWithLookups,
    QaRule,
    QaLive,
    QaRuleAndLive,
    CrmConnector,
}

impl World {
    pub const ALL: [World; 10] = [
        World::IvrFlow,
        World::IvrFlowWithMigration,
        World::FlowLanguage,
        World::FlowLanguageWithMigration,
        World::RoutingPolicy,
        World::RoutingPolicyWithLookups,
        World::QaRule,
        World::QaLive,
        World::QaRuleAndLive,
        World::CrmConnector,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            World::IvrFlow => "ivr-flow",
            World::IvrFlowWithMigration => "ivr-flow-with-migration",
            World::FlowLanguage => "flow-language",
            World::FlowLanguageWithMigration => "flow-language-with-migration",
            World::RoutingPolicy => "routing-policy",
            World::RoutingPolicyWithLookups => "routing-policy-with-lookups",
            World::QaRule => "qa-rule",
            World::QaLive => "qa-live",
            World::QaRuleAndLive => "qa-rule-and-live",
            World::CrmConnector => "crm-connector",
        }
    }

    /// What a plugin of this world decides.
    pub const fn summary(self) -> &'static str {
        match self {
            World::IvrFlow => "how callers are treated",
            World::IvrFlowWithMigration => {
                "how callers are treated, those in progress by a new version too"
            }
            World::FlowLanguage => "a script language for flows",
            World::FlowLanguageWithMigration => {
                "a script language for flows, whose calls in progress go on in a new version"
            }
            World::RoutingPolicy => "who gets whom",
            World::RoutingPolicyWithLookups => "who gets whom, with facts looked up before",
            World::QaRule => "what is to be said of what was said",
            World::QaLive => "what is to be said while it is being said",
            World::QaRuleAndLive => "what is to be said of what was said, and while it is",
            World::CrmConnector => "a customer's records in another system",
        }
    }
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no world; there are {all}", all = World::ALL.map(World::as_str).join(", "))]
pub struct UnknownWorld(String);

impl FromStr for World {
    type Err = UnknownWorld;
    fn from_str(text: &str) -> Result<Self, UnknownWorld> {
        let wanted = match text {
            // As the contract calls what such a plugin is.
            "flow-interpreter" => World::FlowLanguage.as_str(),
            "flow-interpreter-with-migration" => World::FlowLanguageWithMigration.as_str(),
            text => text,
        };
        let found = World::ALL
            .into_iter()
            .find(|world| world.as_str() == wanted);
        found.ok_or_else(|| UnknownWorld(text.to_owned()))
    }
}

/// What the plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    Rust,
    TypeScript,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::Rust, Language::TypeScript];

    /// The folder of its templates; on the command line `ts` is TypeScript too.
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::TypeScript => "typescript",
        }
    }

    /// What gets a new project its dependencies; nothing where its tests do so themselves.
    pub const fn install_command(self) -> Option<&'static str> {
        match self {
            Language::Rust => None,
            Language::TypeScript => Some("npm install"),
        }
    }

    /// Runs a project's own tests.
    pub const fn test_command(self) -> &'static str {
        match self {
            Language::Rust => "cargo test",
            Language::TypeScript => "npm test",
        }
    }

    /// A file that projects of this language have, and no others.
    const fn project_file(self) -> &'static str {
        match self {
            Language::Rust => "Cargo.toml",
            Language::TypeScript => "package.json",
        }
    }

    /// The language of a project's folder; none when it is no project.
    pub fn of(folder: &Path) -> Option<Language> {
        let is_here = |language: &Language| folder.join(language.project_file()).is_file();
        Language::ALL.into_iter().find(is_here)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "plugins are not written in `{0}` here; there are {all}",
    all = Language::ALL.map(Language::as_str).join(", ")
)]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let mut all = Language::ALL.into_iter();
        let wanted = match text {
            "ts" => Language::TypeScript.as_str(),
            text => text,
        };
        let found = all.find(|language| language.as_str() == wanted);
        found.ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} exists and is not empty; choose another name, or remove it", .0.display())]
    Exists(PathBuf),
    #[error("there is no template of the world {world} in {language}")]
    NoTemplate { world: World, language: Language },
    #[error("can not write {}: {error}", path.display())]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error(
        "{} is no plugin's folder: it has no {}.\n\
         Go into the plugin's folder, or name it; `hotline plugin new NAME --world ivr-flow` begins one",
        std::path::absolute(.0).unwrap_or_else(|_| .0.clone()).display(),
        Language::ALL.map(Language::project_file).join(" and no ")
    )]
    NoProject(PathBuf),
}

/// Makes `folder` a project of this name, world and language. Gives the files that an author reads,
/// relative to it; the SDK's are not among them.
///
/// # Errors
/// The folder has something in it, or can not be written.
pub fn create(
    folder: &Path,
    name: &Name,
    world: World,
    language: Language,
) -> Result<Vec<PathBuf>, Error> {
    let occupied = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if occupied || folder.is_file() {
        return Err(Error::Exists(folder.to_owned()));
    }
    let files = template::files(name, world, language)?;
    for (path, content) in &files {
        write(&folder.join(path), content)?;
    }
    sdk::put(folder, language)?;
    let mut paths: Vec<PathBuf> = files.into_iter().map(|(path, _)| path).collect();
    paths.sort();
    Ok(paths)
}

fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::File {
        path: path.to_owned(),
        error,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, content).map_err(failed)
}
