//! Which leg and which recording is where, outside the workers.

use crate::Error;
use crate::place::{LegKey, Place};
use crate::ports::Ports;
use hotline_vocabulary::ids::{LegId, RecordingId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock around a few maps, held for no longer than a look-up; never taken by a worker.
#[derive(Debug)]
pub(crate) struct Directory {
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    legs: HashMap<LegId, Place>,
    /// Closed, but their worker has not let go of them yet.
    closing: HashMap<LegId, Place>,
    recordings: HashMap<RecordingId, LegId>,
    /// Free places of each worker.
    free: Vec<Vec<u32>>,
    max_legs: usize,
    ports: Ports,
}

impl Directory {
    pub(crate) fn new(workers: usize, max_legs: usize, ports: Ports) -> Directory {
        // Reversed: low places are used first.
        let places: Vec<u32> = (0..max_legs as u32).rev().collect();
        Directory {
            state: Mutex::new(State {
                legs: HashMap::new(),
                closing: HashMap::new(),
                recordings: HashMap::new(),
                free: vec![places; workers],
                max_legs,
                ports,
            }),
        }
    }

    /// A panic while it was held left maps that are still maps.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A place on the worker with the most room.
    pub(crate) fn reserve(&mut self, id: LegId, with_port: bool) -> Result<Place, Error> {
        if self.legs.contains_key(&id) || self.closing.contains_key(&id) {
            return Err(Error::LegExists(id));
        }
        let emptiest = (0..self.free.len()).max_by_key(|worker| self.free[*worker].len());
        let worker = emptiest.unwrap_or(0);
        let full = Error::TooManyLegs {
            limit: self.max_legs,
        };
        if self.free.get(worker).is_none_or(Vec::is_empty) {
            return Err(full);
        }
        let port = with_port.then(|| self.ports.take()).transpose()?;
        let index = self.free[worker].pop().ok_or(full)?;
        let place = Place {
            worker,
            key: LegKey { index, id },
            port,
        };
        self.legs.insert(id, place);
        Ok(place)
    }

    /// The port of a place turned out to be taken by somebody else: another one.
    pub(crate) fn change_port(&mut self, id: LegId) -> Result<u16, Error> {
        let fresh = self.ports.take()?;
        let place = self.legs.get_mut(&id).ok_or(Error::UnknownLeg(id))?;
        if let Some(taken) = place.port.replace(fresh) {
            self.ports.give_back(taken);
        }
        Ok(fresh)
    }

    pub(crate) fn find(&self, id: LegId) -> Result<Place, Error> {
        self.legs.get(&id).copied().ok_or(Error::UnknownLeg(id))
    }

    /// No more commands for it; its place and port stay taken until [`State::release`].
    pub(crate) fn close(&mut self, id: LegId) -> Option<Place> {
        let place = self.legs.remove(&id)?;
        self.closing.insert(id, place);
        self.recordings.retain(|_, leg| *leg != id);
        Some(place)
    }

    /// The worker has let go of it, or never got it.
    pub(crate) fn release(&mut self, id: LegId) {
        let place = self.closing.remove(&id).or_else(|| self.legs.remove(&id));
        if let Some(place) = place {
            self.free[place.worker].push(place.key.index);
            if let Some(port) = place.port {
                self.ports.give_back(port);
            }
        }
        self.recordings.retain(|_, leg| *leg != id);
    }

    pub(crate) fn note_recording(&mut self, recording: RecordingId, leg: LegId) {
        self.recordings.insert(recording, leg);
    }

    pub(crate) fn find_recording(&self, recording: RecordingId) -> Option<Place> {
        self.legs.get(self.recordings.get(&recording)?).copied()
    }

    pub(crate) fn forget_recording(&mut self, recording: RecordingId) {
        self.recordings.remove(&recording);
    }

    pub(crate) fn free_ports(&self) -> usize {
        self.ports.free()
    }
}
