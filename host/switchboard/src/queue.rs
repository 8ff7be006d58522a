//! A queue: who waits and in which order, who could serve, and how it has fared.

pub(crate) mod figures;
pub(crate) mod line;
pub(crate) mod otherwise;
pub(crate) mod presence;
mod progress;
pub(crate) mod redial;
pub(crate) mod visit;
mod visits;

use crate::agent::pools::Pools;
use crate::hours::Calendars;
use crate::routing::widening::Members;
use figures::Figures;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::routing::QueueView;
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::{Millis, Timestamp};
use line::{Line, Rank};
use presence::Presence;
use redial::Places;
use std::collections::{BTreeMap, BTreeSet};
use visit::{Class, Needs, Visit};

#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) config: configuration::Queue,
    /// Taken out of the configuration; lives on until its last offer is over.
    pub(crate) retired: bool,
    /// Every open visit, oldest first: those that wait and those whose offer rings.
    visits: BTreeSet<(Timestamp, ContactId)>,
    /// Those that wait, apart by who may serve them: whoever serves one of a line could serve all.
    lines: BTreeMap<Class, Line>,
    pub(crate) pools: Pools,
    /// Those agents by what speaks against waiting for them.
    pub(crate) presence: Presence,
    /// Places of customers who may call again.
    pub(crate) places: Places,
    pub(crate) members: Members,
    pub(crate) figures: Figures,
}

impl Queue {
    pub(crate) fn new(config: configuration::Queue) -> Self {
        Queue {
            config,
            retired: false,
            visits: BTreeSet::new(),
            lines: BTreeMap::new(),
            pools: Pools::default(),
            presence: Presence::default(),
            places: Places::default(),
            members: Members::default(),
            figures: Figures::default(),
        }
    }

    pub(crate) fn waiting(&self) -> u32 {
        u32::try_from(self.visits.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.waiting() >= self.config.max_waiting
    }

    pub(crate) fn oldest_wait(&self, now: Timestamp) -> Millis {
        self.visits
            .first()
            .map_or(Millis::ZERO, |(entered, _)| now.since(*entered))
    }

    /// Opens a visit and puts it in line.
    pub(crate) fn enter(&mut self, contact: ContactId, visit: &Visit) {
        self.visits.insert((visit.entered, contact));
        self.line_up(contact, visit);
    }

    /// Closes a visit, in line or not.
    pub(crate) fn leave(&mut self, contact: ContactId, visit: &Visit) {
        self.visits.remove(&(visit.entered, contact));
        self.step_out(contact, visit);
    }

    /// Puts an open visit in line: it waits for a decision.
    pub(crate) fn line_up(&mut self, contact: ContactId, visit: &Visit) {
        self.lines
            .entry(visit.class())
            .or_default()
            .insert(visit.rank(contact));
    }

    /// Takes an open visit out of line: an offer rings for it.
    pub(crate) fn step_out(&mut self, contact: ContactId, visit: &Visit) {
        let class = visit.class();
        if let Some(line) = self.lines.get_mut(&class) {
            line.remove(&visit.rank(contact));
            if line.is_empty() {
                self.lines.remove(&class);
            }
        }
    }

    /// Whether an open visit is where it belongs: in line while nothing rings for it.
    pub(crate) fn knows(&self, contact: ContactId, visit: &Visit, waits: bool) -> bool {
        let line = self.lines.get(&visit.class());
        let in_line = line.is_some_and(|line| line.contains(&visit.rank(contact)));
        self.visits.contains(&(visit.entered, contact)) && in_line == (waits && !self.retired)
    }

    /// The oldest of all who are here, those included for whom something rings.
    pub(crate) fn oldest(&self, of: usize) -> impl Iterator<Item = ContactId> {
        self.visits.iter().take(of).map(|(_, contact)| *contact)
    }

    /// Empties the lines for them to be made anew.
    pub(crate) fn dissolve_lines(&mut self) {
        self.lines.clear();
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = (&Class, &Line)> {
        self.lines.iter()
    }

    /// Everyone who waits, in order of service.
    pub(crate) fn in_order(&self, now: Timestamp) -> impl Iterator<Item = ContactId> {
        line::merge(now, self.lines.values().enumerate(), |_| true).map(|(_, rank)| rank.contact)
    }

    /// The place in line, from 1; grows with the line.
    pub(crate) fn position(&self, rank: &Rank, now: Timestamp) -> u32 {
        let ahead: usize = self
            .lines
            .values()
            .map(|line| line.ahead_of(rank, now))
            .sum();
        u32::try_from(ahead + 1).unwrap_or(u32::MAX)
    }

    /// How long whoever stands at `position` may expect to wait: the contacts before them and their
    /// own, each taking an agent as long as contacts lately did, shared among the agents who are at
    /// work. None while there is nothing to estimate it from.
    pub(crate) fn expected_wait(&self, position: u32) -> Option<Millis> {
        let handling = self.figures.handling_ms()?;
        let at_work = self.pools.free() + self.pools.busy();
        (at_work > 0).then(|| Millis((handling * f64::from(position) / f64::from(at_work)) as u64))
    }

    pub(crate) fn view(&self, calendars: &Calendars, now: Timestamp) -> QueueView {
        QueueView {
            id: self.config.id,
            name: self.config.name.clone(),
            waiting: self.waiting(),
            oldest_wait_ms: self.oldest_wait(now),
            ready_agents: self.pools.free(),
            service_level_ms: self.config.service_level_ms,
            expected_wait_ms: self.expected_wait(self.waiting() + 1),
            open: calendars.is_open(&self.config),
        }
    }

    /// What a visit with these wishes of its own needs here.
    pub(crate) fn needs(&self, medium: Medium, wishes: &SkillExpression) -> Needs {
        Needs::of(medium, &self.config.skills, wishes)
    }
}
