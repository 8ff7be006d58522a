//! The thread that forces what was appended to the disk, in groups.

use super::{Flush, Shared, segment};
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a folder with [`Flush::EachAppend`] is looked after (new segments only).
const IDLE: Duration = Duration::from_millis(100);

/// Owns the thread; dropping it flushes once more and ends it.
#[derive(Debug)]
pub(super) struct Flusher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Flusher {
    pub(super) fn start(shared: Arc<Shared>) -> io::Result<Flusher> {
        let worker = shared.clone();
        let thread = std::thread::Builder::new()
            .name("journal-flush".to_owned())
            .spawn(move || run(&worker))?;
        Ok(Flusher {
            shared,
            thread: Some(thread),
        })
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.stopping.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported by its own hook.
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared) {
    let interval = match shared.options.flush {
        Flush::Every(interval) => interval,
        Flush::EachAppend => IDLE,
    };
    loop {
        let (files, folder, stop) = {
            let state = shared.lock();
            let (mut state, _) = shared
                .stopping
                .wait_timeout_while(state, interval, |state| !state.stop)
                .unwrap_or_else(PoisonError::into_inner);
            (
                std::mem::take(&mut state.dirty),
                std::mem::take(&mut state.folder_dirty),
                state.stop,
            )
        };
        let flushed =
            files
                .iter()
                .try_for_each(|file| file.sync_data())
                .and_then(|()| match folder {
                    true => segment::flush_folder(&shared.dir),
                    false => Ok(()),
                });
        if let Err(error) = flushed {
            shared.flush_failed.store(true, Ordering::Relaxed);
            tracing::error!(
                journal = %shared.dir.display(),
                %error,
                "the journal could not be flushed; new contacts are refused until a restart"
            );
        }
        if shared.write_failed.load(Ordering::Relaxed) && segment::can_write(&shared.dir) {
            tracing::info!(journal = %shared.dir.display(), "the journal can be written again");
            shared.write_failed.store(false, Ordering::Relaxed);
        }
        if stop {
            return;
        }
    }
}
