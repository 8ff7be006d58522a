//! Replications of each policy, on all cores.

use crate::control::{Control, Stopped};
use crate::figures::{Group, Members, service_level};
use crate::house;
use crate::observation::{End, Observations, Visit};
use crate::plan::Plan;
use crate::policy::Arm;
use crate::recording::{Recorder, Recording};
use crate::repertoire::RecordingError;
use crate::report::{
    CoursePoint, INTERVAL_MINUTES, PolicyReport, Replication, Report, WAIT_STEPS_S, WaitShare,
    differences,
};
use hotline_vocabulary::Millis;
use parking_lot::Mutex;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Compiled policies need 1 MiB of stack; the rest is the switchboard's.
const STACK_BYTES: usize = 4 * 1024 * 1024;

/// How a simulation is run; none of it changes what comes out.
#[derive(Debug, Clone)]
pub struct Running {
    pub threads: NonZeroUsize,
    pub control: Control,
}

impl Default for Running {
    fn default() -> Self {
        Running {
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            control: Control::default(),
        }
    }
}

/// Plays every replication with every policy. `progress` is told, from any thread, of each that is
/// done.
///
/// # Errors
/// [`Stopped`] when the control said so.
pub fn simulate(
    plan: &Plan,
    arms: &[Arm],
    running: &Running,
    progress: &(dyn Fn() + Sync),
) -> Result<Report, Stopped> {
    let jobs: Vec<(usize, u32)> = (0..plan.replications)
        .flat_map(|replication| (0..arms.len()).map(move |arm| (arm, replication)))
        .collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(jobs.len()));
    let work = || {
        while let Some((arm, replication)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let seen = house::play(
                plan,
                &arms[*arm],
                *replication,
                &running.control,
                &mut |_| {},
            );
            let stopped = seen.is_err();
            let figures = seen.map(|seen| summary(plan, &seen));
            done.lock().push((*arm, *replication, figures));
            progress();
            if stopped {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..running.threads.get().min(jobs.len()) {
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
            if thread.spawn_scoped(scope, work).is_err() {
                // Fewer threads take longer; none at all is this one's turn.
                break;
            }
        }
    });
    work();
    let mut done = done.into_inner();
    done.sort_by_key(|(arm, replication, _)| (*arm, *replication));
    let mut replications: Vec<Vec<Replication>> = arms.iter().map(|_| Vec::new()).collect();
    for (arm, _, figures) in done {
        replications[arm].push(figures?);
    }
    Ok(report(plan, arms, &replications))
}

/// Plays the first replication and records it, as production is recorded.
///
/// # Errors
/// [`RecordError`].
pub fn record(plan: &Plan, arm: &Arm, control: &Control) -> Result<Recording, RecordError> {
    let mut recorder = Recorder::new();
    let mut recorded = Ok(());
    house::play(plan, arm, 0, control, &mut |fact| {
        if recorded.is_ok() {
            recorded = recorder.notice(fact);
        }
    })?;
    recorded?;
    Ok(recorder.finish())
}

/// Why a simulation was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

fn report(plan: &Plan, arms: &[Arm], replications: &[Vec<Replication>]) -> Report {
    let mut played = arms.iter().zip(replications);
    let policies = played
        .clone()
        .map(|(arm, replications)| PolicyReport::of(&arm.name, replications))
        .collect();
    let differences = played
        .next()
        .map(|(first, of_first)| {
            let from = (first.name.as_str(), of_first.as_slice());
            played
                .flat_map(|(arm, of)| differences(from, (&arm.name, of)))
                .collect()
        })
        .unwrap_or_default();
    Report {
        title: plan.title.clone(),
        seed: plan.seed,
        replications: plan.replications,
        policies,
        differences,
    }
}

pub(crate) fn summary(plan: &Plan, seen: &Observations) -> Replication {
    let queues = &plan.configuration.queues;
    let names: Vec<String> = queues.iter().map(|queue| queue.name.clone()).collect();
    let thresholds: Vec<Millis> = queues.iter().map(|queue| queue.service_level_ms).collect();
    let mut groups = vec![Group::All];
    if plan.source.has_urgent() {
        groups.push(Group::Urgent);
    }
    groups.extend(names.iter().cloned().map(Group::Queue));
    let figures = |group: Group| {
        let members = Members::of(seen, &group, &names);
        (group, members.figures(&plan.counting, &thresholds))
    };
    let waits = |group| exceeded(&Members::of(seen, &group, &names).sorted_waits_s());
    Replication {
        waits: waits(Group::All),
        urgent_waits: waits(Group::Urgent),
        groups: groups.into_iter().map(figures).collect(),
        course: course(plan, &seen.visits, &thresholds),
        faults: seen.faults,
        violations: seen.violations,
    }
}

fn exceeded(sorted_s: &[f64]) -> Vec<WaitShare> {
    if sorted_s.is_empty() {
        return Vec::new();
    }
    let longer = |step: u32| {
        let not = sorted_s.partition_point(|wait| *wait <= f64::from(step));
        (sorted_s.len() - not) as f64 / sorted_s.len() as f64
    };
    WAIT_STEPS_S
        .into_iter()
        .map(|step| WaitShare {
            longer_than_s: step,
            share: longer(step),
        })
        .collect()
}

fn course(plan: &Plan, visits: &[Visit], thresholds: &[Millis]) -> Vec<CoursePoint> {
    let intervals = 1440 / INTERVAL_MINUTES;
    let mut by_interval: Vec<Vec<&Visit>> = (0..intervals).map(|_| Vec::new()).collect();
    for visit in visits {
        by_interval[usize::from(visit.minute / INTERVAL_MINUTES)].push(visit);
    }
    (0..intervals)
        .zip(by_interval)
        .filter(|(_, visits)| !visits.is_empty())
        .map(|(interval, visits)| {
            let waits: Vec<f64> = visits
                .iter()
                .filter(|visit| matches!(visit.end, End::Answered | End::Abandoned))
                .map(|visit| visit.waited.as_secs_f64())
                .collect();
            let count = waits.len() as f64;
            CoursePoint {
                minute: interval * INTERVAL_MINUTES,
                offered: visits.len() as f64,
                mean_wait_s: (count > 0.0).then(|| waits.iter().sum::<f64>() / count),
                service_level: service_level(visits.into_iter(), &plan.counting, thresholds),
            }
        })
        .collect()
}
