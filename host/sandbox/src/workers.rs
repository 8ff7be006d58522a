//! Plugin work on threads of its own. A tenant has at most its share of them at a time and a bounded
//! line before them; the lines are served in turn. So one tenant's loops take one tenant's time.

use crate::breaker::Breakers;
use crate::call::fault;
use crate::engine::Ticker;
use crate::faults::is_breakdown;
use crate::job::Job;
use crate::limits::{WAIT_AT_MOST, WAITING_PER_TENANT, WORKER_STACK_BYTES};
use crate::metering::{Account, Books, Metered};
use crate::priority::step_behind;
use crate::rollout::recorder::Recorder;
use crate::version::Version;
use crate::wording::Wording;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::plugin::{FaultKind, PluginFault, Usage};
use hotline_vocabulary::question::Verdict;
use parking_lot::{Condvar, Mutex};
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

#[derive(Debug)]
pub(crate) struct Workers {
    lines: Mutex<Lines<Job>>,
    work: Condvar,
    breakers: Breakers,
    books: Arc<Books>,
    recorder: Recorder,
}

/// Who waits, and who is next.
#[derive(Debug)]
struct Lines<T> {
    tenants: HashMap<TenantId, Line<T>>,
    /// Tenants with somebody waiting and a worker of their share free, each once.
    turn: VecDeque<TenantId>,
    /// Workers that one tenant may occupy at a time.
    share: usize,
    stopped: bool,
}

#[derive(Debug)]
struct Line<T> {
    waiting: VecDeque<T>,
    running: usize,
    /// Whether the tenant is in `turn`.
    queued: bool,
}

impl<T> Lines<T> {
    fn new(share: usize) -> Self {
        Lines {
            tenants: HashMap::new(),
            turn: VecDeque::new(),
            share,
            stopped: false,
        }
    }

    /// Gives the job back when the tenant's line is full.
    fn add(&mut self, tenant: TenantId, job: T) -> Result<(), T> {
        let line = self.tenants.entry(tenant).or_insert_with(|| Line {
            waiting: VecDeque::new(),
            running: 0,
            queued: false,
        });
        if self.stopped || line.waiting.len() >= WAITING_PER_TENANT {
            return Err(job);
        }
        line.waiting.push_back(job);
        self.put_in_turn(tenant);
        Ok(())
    }

    fn next(&mut self) -> Option<(TenantId, T)> {
        let tenant = self.turn.pop_front()?;
        let line = self.tenants.get_mut(&tenant)?;
        line.queued = false;
        let job = line.waiting.pop_front()?;
        line.running += 1;
        self.put_in_turn(tenant);
        Some((tenant, job))
    }

    /// Whether a worker would find something to do. A tenant whose share is taken is no work: those
    /// who have it go on with its line.
    fn is_work(&self) -> bool {
        !self.turn.is_empty()
    }

    fn done(&mut self, tenant: TenantId) {
        if let Some(line) = self.tenants.get_mut(&tenant) {
            line.running -= 1;
            if line.running == 0 && line.waiting.is_empty() {
                self.tenants.remove(&tenant);
                return;
            }
        }
        self.put_in_turn(tenant);
    }

    fn put_in_turn(&mut self, tenant: TenantId) {
        if let Some(line) = self.tenants.get_mut(&tenant)
            && !line.queued
            && !line.waiting.is_empty()
            && line.running < self.share
        {
            line.queued = true;
            self.turn.push_back(tenant);
        }
    }
}

impl Workers {
    /// Starts `threads` workers; a tenant's share is half of them.
    pub(crate) fn start(
        threads: usize,
        ticker: &Arc<Ticker>,
        recorder: Recorder,
        books: Arc<Books>,
    ) -> std::io::Result<(Arc<Workers>, Vec<JoinHandle<()>>)> {
        let workers = Arc::new(Workers {
            lines: Mutex::new(Lines::new((threads / 2).max(1))),
            work: Condvar::new(),
            breakers: Breakers::default(),
            books,
            recorder,
        });
        let threads = (0..threads)
            .map(|number| {
                let (workers, ticker) = (workers.clone(), ticker.clone());
                std::thread::Builder::new()
                    .name(format!("plugin-{number}"))
                    .stack_size(WORKER_STACK_BYTES)
                    .spawn(move || {
                        // A little less of a contended processor than the threads of audio.
                        step_behind(5);
                        workers.run(&ticker);
                    })
            })
            .collect::<Result<_, _>>()?;
        Ok((workers, threads))
    }

    /// Overloaded when the tenant's line is full, suspended when the plugin keeps failing.
    pub(crate) fn submit(&self, tenant: TenantId, job: Job) -> Result<(), PluginFault> {
        let version = job.version.clone();
        let contacts = self.books.contacts_of(&job.question);
        let is_work = self
            .breakers
            .admit(tenant, version.id, Instant::now())
            .and_then(|()| {
                let mut lines = self.lines.lock();
                lines.add(tenant, job).map_err(|_| {
                    overloaded("too many questions of this tenant wait for a worker")
                })?;
                Ok(lines.is_work())
            })
            .inspect_err(|fault| {
                self.take_down(
                    tenant,
                    &version,
                    contacts,
                    Usage::default(),
                    Some(fault.kind),
                );
            })?;
        if is_work {
            self.work.notify_one();
        }
        Ok(())
    }

    pub(crate) fn metered(&self, tenant: TenantId) -> Vec<Metered> {
        self.books.of(tenant, &self.breakers)
    }

    /// For what is run elsewhere than on a worker.
    pub(crate) fn books(&self) -> &Arc<Books> {
        &self.books
    }

    /// Counts a question and what came of it, and charges it: before its answer is used.
    fn take_down(
        &self,
        tenant: TenantId,
        version: &Version,
        contacts: Vec<ContactId>,
        usage: Usage,
        fault: Option<FaultKind>,
    ) {
        let account = Account {
            contacts,
            ..Account::of_tenant(tenant, version, Purpose::Contacts)
        };
        self.books.take_down(account, usage, fault);
        let opened = self
            .breakers
            .ended(tenant, version.id, fault, Instant::now());
        if opened {
            tracing::warn!(
                %tenant, plugin = version.identity.label(),
                "A plugin failed too often in a row; it is left alone for a while."
            );
        }
    }

    /// Ends the workers; questions that still wait are dropped, and their replies with them.
    pub(crate) fn stop(&self) {
        let mut lines = self.lines.lock();
        lines.stopped = true;
        lines.turn.clear();
        lines.tenants.clear();
        self.work.notify_all();
    }

    fn run(&self, ticker: &Ticker) {
        let mut lines = self.lines.lock();
        loop {
            let (tenant, job) = loop {
                if lines.stopped {
                    return;
                }
                match lines.next() {
                    Some(next) => break next,
                    None => self.work.wait(&mut lines),
                }
            };
            let is_more = lines.is_work();
            drop(lines);
            if is_more {
                self.work.notify_one();
            }
            self.answer(tenant, job, ticker);
            lines = self.lines.lock();
            lines.done(tenant);
        }
    }

    fn answer(&self, tenant: TenantId, job: Job, ticker: &Ticker) {
        let Job {
            version,
            question,
            reply,
            since,
        } = job;
        let failed = |fault| Verdict {
            outcome: Err(fault),
            version: Some(version.identity.clone()),
            usage: Usage::default(),
        };
        let mut backtrace = Vec::new();
        let suspended = self
            .breakers
            .opened_meanwhile(tenant, version.id, Instant::now());
        let verdict = if let Some(suspended) = suspended {
            failed(suspended)
        } else if since.elapsed() > WAIT_AT_MOST {
            failed(overloaded("no worker became free in time"))
        } else {
            // A fault of ours must not cost the worker, nor leave the asker waiting.
            let asked = catch_unwind(AssertUnwindSafe(|| {
                let mut called = version.run(Wording::Ours, ticker, &question);
                backtrace = std::mem::take(&mut called.backtrace);
                version.take_in(called)
            }));
            asked.unwrap_or_else(|_| {
                tracing::error!(
                    plugin = version.identity.label(),
                    "Asking a plugin panicked."
                );
                failed(fault(
                    FaultKind::Trapped,
                    "the host failed while asking it; see the host's log",
                ))
            })
        };
        let faulted = verdict.outcome.as_ref().err().map(|fault| fault.kind);
        let contacts = self.books.contacts_of(&question);
        self.take_down(tenant, &version, contacts, verdict.usage, faulted);
        if faulted.is_some_and(is_breakdown) {
            self.recorder
                .failed(tenant, &version, question, &verdict, backtrace);
        }
        reply(verdict);
    }
}

pub(crate) fn overloaded(message: &str) -> PluginFault {
    fault(FaultKind::Overloaded, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    #[test]
    fn tenants_are_served_in_turn_however_long_their_lines() {
        let mut lines = Lines::new(1);
        let (busy, quiet) = (TenantId::from_bits(1), TenantId::from_bits(2));
        for job in 0..100 {
            assert!(lines.add(busy, job).is_ok());
        }
        assert!(lines.add(quiet, 1000).is_ok());
        assert_eq!(lines.next(), Some((busy, 0)));
        assert_eq!(lines.next(), Some((quiet, 1000)));
        assert_eq!(lines.next(), None, "the busy tenant's share is taken");
        lines.done(busy);
        assert_eq!(lines.next(), Some((busy, 1)));
    }

    #[test]
    fn a_full_line_refuses_at_once_and_only_its_own_tenant() {
        let mut lines = Lines::new(1);
        let (busy, quiet) = (TenantId::from_bits(1), TenantId::from_bits(2));
        for job in 0..WAITING_PER_TENANT {
            assert!(lines.add(busy, job).is_ok());
        }
        assert_eq!(lines.add(busy, 7), Err(7));
        assert!(lines.add(quiet, 8).is_ok());
    }
}
