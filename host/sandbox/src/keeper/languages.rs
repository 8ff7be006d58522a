//! Scripts in the tenants' own languages. When a language has another interpreter, what is in service
//! is compiled anew; a script that the new one refuses, or that nobody understands any more, goes on
//! as the pair of interpreter and artifact that it is.

use super::{Keeper, Seen};
use crate::catalogue::Key;
use crate::clock::now;
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::PluginKind;
use crate::kinds::flow_language::LanguageName;
use crate::loading::not_spoken;
use crate::rollout::{Actor, Cause};
use crate::store::Record;
use crate::version::Version;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::{Digest, PluginVersion};
use std::sync::Arc;

/// A script in service.
struct InService {
    key: Key,
    record: Record,
}

impl Keeper {
    /// A language was put into service, replaced or taken out of it.
    pub(super) fn language_changed(&mut self, tenant: TenantId, name: &str) {
        let Some(language) = LanguageName::parse(name) else {
            return;
        };
        for script in self.scripts_in(tenant, &language) {
            match self.is_behind(tenant, &script.record) {
                true => self.compile_anew(tenant, &language, script),
                false => self.caught_up(tenant, &script),
            }
        }
        // What was refused before may be good now.
        if let Some(served) = self.served.get_mut(&tenant) {
            for seen in served.seen.values_mut() {
                if seen.language.as_ref() == Some(&language) && seen.refused.is_some() {
                    let (missing, language) = (seen.missing, seen.language.take());
                    *seen = Seen {
                        missing,
                        language,
                        ..Seen::default()
                    };
                }
            }
        }
        self.remark_on(tenant, &language);
    }

    /// Says at each script what keeps it from the interpreter in service, as was said before the
    /// host ended.
    pub(super) fn review_languages(&mut self, tenant: TenantId) {
        for language in self.languages_in_use(tenant) {
            for InService { key, record } in self.scripts_behind(tenant, &language) {
                let problem = self.not_renewed(tenant, &key, &language, &record);
                self.note_problem(tenant, &key, &record.path, problem);
            }
        }
        self.remark_on_languages(tenant);
    }

    /// What keeps the version of a script in service from the interpreter in service; none when it is
    /// by that, could be, or is in the host's own language.
    pub(super) fn problem_of_language(
        &self,
        tenant: TenantId,
        key: &Key,
        record: Option<&Record>,
    ) -> Option<Vec<Diagnostic>> {
        let record = record?;
        let language = record.language.as_ref()?;
        match self.is_behind(tenant, record) {
            true => self.not_renewed(tenant, key, language, record),
            false => None,
        }
    }

    /// Says at each language which scripts are by an earlier interpreter still.
    pub(super) fn remark_on_languages(&self, tenant: TenantId) {
        for key in self.catalogue.keys(tenant) {
            if key.kind == PluginKind::Language
                && let Some(language) = LanguageName::parse(&key.name)
            {
                self.remark_on(tenant, &language);
            }
        }
    }

    fn remark_on(&self, tenant: TenantId, language: &LanguageName) {
        let of_language = language_key(language);
        let Some(path) = self
            .catalogue
            .status(tenant, &of_language)
            .map(|one| one.path)
        else {
            return;
        };
        let behind = self.scripts_behind(tenant, language);
        let remark = (!behind.is_empty()).then(|| {
            let names: Vec<&str> = behind.iter().map(|one| one.key.name.as_str()).collect();
            let message = format!(
                "{} in service as another interpreter compiled them: {}",
                match names.len() {
                    1 => "1 script is".to_owned(),
                    several => format!("{several} scripts are"),
                },
                names.join(", ")
            );
            Diagnostic {
                severity: Severity::Warning,
                ..Diagnostic::of_file("language.scripts-behind", &path, message)
            }
            .hint("each says why; correct it, or the interpreter, or roll the interpreter back")
        });
        let remarks = remark.into_iter().collect();
        if self.catalogue.remark(tenant, &of_language, remarks) {
            self.tell(tenant, &of_language);
        }
    }

    fn languages_in_use(&self, tenant: TenantId) -> Vec<LanguageName> {
        let mut languages: Vec<LanguageName> = Vec::new();
        for text in self.store.keys(tenant) {
            let shelf = self.store.shelf(tenant, &text);
            let language = shelf.live_record().and_then(|live| live.language.clone());
            languages.extend(language.filter(|language| !languages.contains(language)));
        }
        languages
    }

    fn scripts_in(&self, tenant: TenantId, language: &LanguageName) -> Vec<InService> {
        let keys = self.store.keys(tenant).into_iter();
        let live = keys.filter_map(|text| {
            let key = Key::parse(&text)?;
            let record = self.store.shelf(tenant, &text).live_record()?.clone();
            Some(InService { key, record })
        });
        live.filter(|one| one.record.language.as_ref() == Some(language))
            .collect()
    }

    /// The scripts in service of a language that its interpreter in service has not compiled.
    fn scripts_behind(&self, tenant: TenantId, language: &LanguageName) -> Vec<InService> {
        let mut scripts = self.scripts_in(tenant, language);
        scripts.retain(|one| self.is_behind(tenant, &one.record));
        scripts
    }

    /// The interpreter in service is the script's own: what was said of another one is over. What is
    /// wrong with its file is not.
    fn caught_up(&self, tenant: TenantId, InService { key, record }: &InService) {
        let status = self.catalogue.status(tenant, key);
        let first = status.and_then(|status| status.problem?.into_iter().next());
        if first.is_some_and(|first| first.code.starts_with("language.")) {
            self.note_problem(tenant, key, &record.path, None);
        }
    }

    fn is_behind(&self, tenant: TenantId, record: &Record) -> bool {
        let interpreter = record
            .language
            .as_ref()
            .map(|language| self.catalogue.interpreter(tenant, language));
        interpreter.is_some_and(|interpreter| {
            interpreter.is_none_or(|one| one.component != record.version.component)
        })
    }

    /// Compiles the text of a script in service by the interpreter in service.
    fn by_todays(
        &self,
        tenant: TenantId,
        key: &Key,
        language: &LanguageName,
        record: &Record,
    ) -> Result<(Version, Record), Vec<Diagnostic>> {
        let interpreter = self
            .catalogue
            .interpreter(tenant, language)
            .ok_or_else(|| vec![still_runs(not_spoken(&record.path, language))])?;
        let todays = label(language, interpreter.component);
        let (plan, content) = (self.catalogue.plan(tenant), self.store.content());
        let source =
            (self.loader).source_of(content, key.kind, record, (plan, Some(interpreter)))?;
        let log = self.catalogue.log(tenant, key);
        let imported = self.loader.import(content, tenant, &source, log, now());
        imported.map_err(|problem| {
            let message = format!(
                "`{todays}` refuses this script, which goes on as `{}` compiled it",
                label(language, record.version.component)
            );
            let refused = Diagnostic::of_file("language.refused", &record.path, message)
                .hint("correct the script, or roll the language back");
            std::iter::once(refused).chain(problem).collect()
        })
    }

    fn not_renewed(
        &self,
        tenant: TenantId,
        key: &Key,
        language: &LanguageName,
        record: &Record,
    ) -> Option<Vec<Diagnostic>> {
        self.by_todays(tenant, key, language, record).err()
    }

    fn compile_anew(&mut self, tenant: TenantId, language: &LanguageName, script: InService) {
        let InService { key, record } = script;
        let renewed = self.by_todays(tenant, &key, language, &record);
        let taken = renewed.and_then(|(version, mut anew)| {
            let by = label(language, version.identity.component);
            // The file's author, or who sent it, is still whose script it is.
            anew.life.by.clone_from(&record.life.by);
            let cause = Cause {
                at: now(),
                by: Actor::Host,
                reason: format!("compiled anew by {by}"),
            };
            let version = Arc::new(version);
            let mut shelf = self.store.shelf(tenant, &key.to_text());
            self.take_in(tenant, &key, &mut shelf, &version, anew, &cause)
                .map_err(|problem| vec![problem.about(&record.path)])?;
            tracing::info!(
                path = record.path,
                version = version.identity.label(),
                by,
                "A script was compiled anew for the next contact."
            );
            Ok(())
        });
        match taken {
            Ok(()) => self.tell(tenant, &key),
            Err(problem) => self.refuse(tenant, &key, &record.path, problem),
        }
    }

    fn note_problem(
        &self,
        tenant: TenantId,
        key: &Key,
        path: &str,
        problem: Option<Vec<Diagnostic>>,
    ) {
        match problem {
            Some(problem) => self.refuse(tenant, key, path, problem),
            None => {
                if self.catalogue.note(tenant, key, path, None) {
                    self.tell(tenant, key);
                }
            }
        }
    }
}

pub(super) fn language_key(language: &LanguageName) -> Key {
    Key {
        kind: PluginKind::Language,
        name: language.as_str().to_owned(),
    }
}

fn still_runs(mut missing: Diagnostic) -> Diagnostic {
    missing
        .message
        .push_str("; the script goes on as it was compiled last");
    missing
}

/// An interpreter as people are shown it: `toml@1a2b3c4d`.
fn label(language: &LanguageName, component: Digest) -> String {
    let version = PluginVersion {
        name: language.as_str().to_owned(),
        component,
        artifact: None,
    };
    version.label()
}
