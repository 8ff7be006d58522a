//! When to look at which folder: file system events mark a folder, and a moment of quiet makes it
//! due. Events are a hint only; every folder is looked at again each few seconds besides.

use crate::folder;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecursiveMode, Watcher as _};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// No event for this long: whoever writes has finished.
const QUIET: Duration = Duration::from_millis(200);
/// For a text that was closed or renamed into place: editors write these in one go.
const QUIET_AFTER_TEXT: Duration = Duration::from_millis(100);
/// Looked at after this long, quiet or not.
const AT_MOST: Duration = Duration::from_secs(2);
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Folders that may be marked at once; beyond it, all are.
const FOLDERS: usize = 10_000;

/// Collects the events below the flows root.
#[derive(Debug)]
pub(crate) struct Watch {
    /// None when the system refuses to watch; then folders are only looked at again and again.
    _watcher: Option<notify::RecommendedWatcher>,
    marks: Arc<Mutex<Marks>>,
}

#[derive(Debug, Default)]
struct Marks {
    folders: HashMap<String, Mark>,
    everything: Option<Mark>,
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    first: Instant,
    last: Instant,
    quiet: Duration,
}

impl Mark {
    fn due(&self) -> Instant {
        (self.last + self.quiet).min(self.first + AT_MOST)
    }

    fn extend(mark: Option<Mark>, now: Instant, quiet: Duration) -> Mark {
        Mark {
            first: mark.map_or(now, |mark| mark.first),
            last: now,
            quiet: mark.map_or(quiet, |mark| mark.quiet.max(quiet)),
        }
    }
}

/// What is due.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// Folder names below the root, each with the moment of its first event.
    pub(crate) folders: Vec<(String, Instant)>,
    pub(crate) everything: bool,
}

impl Watch {
    /// `wake` is called after each mark.
    pub(crate) fn start(root: &Path, wake: impl Fn() + Send + 'static) -> Watch {
        let marks = Arc::new(Mutex::new(Marks::default()));
        let (noted, below) = (marks.clone(), root.to_owned());
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let marked = match event {
                Ok(event) => noted.lock().note(&below, &event, Instant::now()),
                Err(error) => {
                    tracing::warn!(%error, "Watching the flows folder failed for a moment.");
                    noted.lock().everything(Instant::now());
                    true
                }
            };
            if marked {
                wake();
            }
        })
        .and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        if let Err(error) = &watcher {
            tracing::warn!(
                %error, root = %root.display(),
                "The flows folder can not be watched; it is looked at every 5 s instead."
            );
        }
        Watch {
            _watcher: watcher.ok(),
            marks,
        }
    }

    /// Takes what is due at `now`.
    pub(crate) fn take_due(&self, now: Instant) -> Due {
        self.marks.lock().take_due(now)
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.marks.lock().next_due()
    }
}

impl Marks {
    /// Returns whether the event may matter.
    fn note(&mut self, root: &Path, event: &notify::Event, now: Instant) -> bool {
        // Our own reading opens files too.
        let closed = matches!(
            event.kind,
            EventKind::Access(AccessKind::Close(AccessMode::Write))
        );
        if matches!(event.kind, EventKind::Access(_)) && !closed {
            return false;
        }
        if event.need_rescan() {
            self.everything(now);
            return true;
        }
        let finished = closed || matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)));
        let mut touched = HashSet::new();
        for path in &event.paths {
            let Ok(below) = path.strip_prefix(root) else {
                continue;
            };
            let mut parts = below.components();
            let Some(tenant) = parts.next() else {
                self.everything(now);
                return true;
            };
            let inside = PathBuf::from_iter(parts);
            let folder_itself = inside.as_os_str().is_empty();
            if folder_itself || folder::matters(&inside) {
                let tenant = tenant.as_os_str().to_string_lossy().into_owned();
                let quiet = if finished && folder::is_text(&inside) {
                    QUIET_AFTER_TEXT
                } else {
                    QUIET
                };
                touched.insert((tenant, quiet));
            }
        }
        let matters = !touched.is_empty();
        for (tenant, quiet) in touched {
            if self.folders.len() >= FOLDERS {
                self.everything(now);
                break;
            }
            let before = self.folders.get(&tenant).copied();
            // The event that ends a writing decides; those before it belong to the writing.
            let mut mark = Mark::extend(before, now, quiet);
            if quiet == QUIET_AFTER_TEXT {
                mark.quiet = quiet;
            }
            self.folders.insert(tenant, mark);
        }
        matters
    }

    fn everything(&mut self, now: Instant) {
        self.everything = Some(Mark::extend(self.everything, now, QUIET));
    }

    fn take_due(&mut self, now: Instant) -> Due {
        let everything = self.everything.is_some_and(|mark| mark.due() <= now);
        if everything {
            self.everything = None;
        }
        let due: Vec<String> = self
            .folders
            .iter()
            .filter(|(_, mark)| mark.due() <= now)
            .map(|(name, _)| name.clone())
            .collect();
        let folders = due
            .into_iter()
            .filter_map(|name| {
                let mark = self.folders.remove(&name)?;
                Some((name, mark.first))
            })
            .collect();
        Due {
            folders,
            everything,
        }
    }

    fn next_due(&self) -> Option<Instant> {
        self.folders
            .values()
            .chain(&self.everything)
            .map(Mark::due)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{DataChange, RenameMode};

    fn event(kind: EventKind, path: &str) -> notify::Event {
        notify::Event::new(kind).add_path(PathBuf::from(path))
    }

    fn at(ms: u64, start: Instant) -> Instant {
        start + Duration::from_millis(ms)
    }

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const RENAMED: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));

    #[test]
    fn a_folder_is_due_after_quiet_but_never_later_than_two_seconds() {
        let (mut marks, start) = (Marks::default(), Instant::now());
        let root = Path::new("/flows");
        for ms in (0..1900).step_by(100) {
            marks.note(
                root,
                &event(WRITTEN, "/flows/demo/a.flow.wasm"),
                at(ms, start),
            );
            assert!(marks.take_due(at(ms, start)).folders.is_empty());
        }
        marks.note(
            root,
            &event(WRITTEN, "/flows/demo/a.flow.wasm"),
            at(1950, start),
        );
        assert!(marks.take_due(at(1999, start)).folders.is_empty());
        assert_eq!(marks.take_due(at(2000, start)).folders.len(), 1);
        assert_eq!(marks.next_due(), None);
    }

    #[test]
    fn a_renamed_script_is_due_sooner_than_a_component_being_written() {
        let (mut marks, start) = (Marks::default(), Instant::now());
        let root = Path::new("/flows");
        marks.note(root, &event(RENAMED, "/flows/demo/a.flow.yaml"), start);
        marks.note(root, &event(WRITTEN, "/flows/other/a.flow.wasm"), start);
        let due = marks.take_due(at(100, start));
        assert_eq!(due.folders, [("demo".to_owned(), start)]);
        assert_eq!(marks.take_due(at(200, start)).folders.len(), 1);
    }

    #[test]
    fn reading_and_prompts_mark_nothing() {
        let (mut marks, start) = (Marks::default(), Instant::now());
        let root = Path::new("/flows");
        let opened = EventKind::Access(AccessKind::Open(AccessMode::Any));
        assert!(!marks.note(root, &event(opened, "/flows/demo/a.flow.yaml"), start));
        assert!(!marks.note(
            root,
            &event(WRITTEN, "/flows/demo/prompts/hello.wav"),
            start
        ));
        assert_eq!(marks.next_due(), None);
    }
}
