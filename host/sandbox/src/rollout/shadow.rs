//! Where candidates in shadow are asked: one thread of its own, behind a line that drops what it has
//! no room for. Nobody who waits for an answer waits for it.

use super::trial::Trial;
use crate::engine::Ticker;
use crate::job::Reply;
use crate::limits::WORKER_STACK_BYTES;
use crate::metering::{Account, Books};
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::question::{Answer, Question};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// Questions that may wait; further ones are counted as dropped.
const WAITING: usize = 512;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ShadowLine {
    jobs: SyncSender<Job>,
}

#[derive(Debug)]
enum Job {
    Follow(Box<Asked>),
    /// The contact has ended; what waits of it before this is still compared.
    Forget {
        trial: Arc<Trial>,
        contact: ContactId,
    },
    /// It is time to look whether to stop.
    Stop,
}

/// What the active version was asked, and answered.
#[derive(Debug)]
struct Asked {
    tenant: TenantId,
    trial: Arc<Trial>,
    question: Arc<Question>,
    active: Answer,
}

impl ShadowLine {
    pub(crate) fn start(
        ticker: Arc<Ticker>,
        books: Arc<Books>,
        stop: Arc<AtomicBool>,
    ) -> std::io::Result<(ShadowLine, JoinHandle<()>)> {
        let (jobs, waiting) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("plugin-shadow".to_owned())
            .stack_size(WORKER_STACK_BYTES)
            .spawn(move || {
                crate::priority::step_behind(19);
                run(&waiting, &ticker, &books, &stop);
            })?;
        Ok((ShadowLine { jobs }, thread))
    }

    pub(crate) fn wake(&self) {
        // With a full line it is awake.
        let _ = self.jobs.try_send(Job::Stop);
    }

    pub(crate) fn forget(&self, trial: Arc<Trial>, contact: ContactId) {
        let job = Job::Forget { trial, contact };
        if let Err(TrySendError::Full(Job::Forget { trial, contact })) = self.jobs.try_send(job) {
            trial.forget(contact);
        }
    }

    /// Answers as `reply` does, and has the candidate asked the same. In line before the answer goes
    /// out, which takes no longer than a copy does, so that a contact's steps stand in their order.
    pub(crate) fn beside(
        &self,
        tenant: TenantId,
        trial: Arc<Trial>,
        question: Arc<Question>,
        reply: Reply,
    ) -> Reply {
        let jobs = self.jobs.clone();
        Box::new(move |verdict| {
            // Without an answer there is nothing to compare with.
            if let Ok(active) = verdict.outcome.clone() {
                let job = Job::Follow(Box::new(Asked {
                    tenant,
                    trial,
                    question,
                    active,
                }));
                if let Err(TrySendError::Full(Job::Follow(asked))) = jobs.try_send(job) {
                    asked.trial.shadow_dropped();
                }
            }
            reply(verdict);
        })
    }
}

fn run(waiting: &Receiver<Job>, ticker: &Ticker, books: &Books, stop: &AtomicBool) {
    while let Ok(job) = waiting.recv() {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let Asked {
            tenant,
            trial,
            question,
            active,
        } = match job {
            Job::Follow(asked) => *asked,
            Job::Forget { trial, contact } => {
                trial.forget(contact);
                continue;
            }
            Job::Stop => continue,
        };
        let followed = catch_unwind(AssertUnwindSafe(|| {
            trial.follow(ticker, Arc::unwrap_or_clone(question), &active)
        }));
        if let Ok(Some((usage, fault))) = followed {
            let account = Account::of_tenant(tenant, &trial.version, Purpose::Shadow);
            books.take_down(account, usage, fault);
        } else if followed.is_err() {
            tracing::error!(
                plugin = trial.version.identity.label(),
                "Asking a plugin in shadow panicked."
            );
        }
    }
}
