//! Measuring needs a machine of one's own: hosts of other tests wait, or are waited for.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::ThreadId;

/// Who runs hosts now, and who wants to be alone.
#[derive(Debug, Default)]
struct Room {
    hosts: HashMap<ThreadId, usize>,
    alone: Option<ThreadId>,
}

static ROOM: Mutex<Option<Room>> = Mutex::new(None);
static CHANGED: Condvar = Condvar::new();

fn wait_until(mut ready: impl FnMut(&mut Room) -> bool) {
    let mut room = ROOM.lock().expect("no panic while counting");
    while !ready(room.get_or_insert_default()) {
        room = CHANGED.wait(room).expect("no panic while counting");
    }
    CHANGED.notify_all();
}

fn room() -> MutexGuard<'static, Option<Room>> {
    ROOM.lock().expect("no panic while counting")
}

/// A host's place in the room; held as long as it runs.
#[derive(Debug)]
pub(crate) struct Place(ThreadId);

impl Place {
    /// Waits while another test wants to be alone, unless this one has a host already: then the
    /// other waits for all of this test.
    pub(crate) fn take() -> Place {
        let own = std::thread::current().id();
        wait_until(|room| {
            let has_one = room.hosts.get(&own).is_some_and(|hosts| *hosts > 0);
            let may = has_one || room.alone.is_none_or(|alone| alone == own);
            if may {
                *room.hosts.entry(own).or_default() += 1;
            }
            may
        });
        Place(own)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(hosts) = room().get_or_insert_default().hosts.get_mut(&self.0) {
            *hosts -= 1;
        }
        CHANGED.notify_all();
    }
}

/// No host of another test runs while this lives.
#[derive(Debug)]
pub struct Quiet(ThreadId);

impl Quiet {
    pub fn begin() -> Quiet {
        let own = std::thread::current().id();
        wait_until(|room| {
            let may = room.alone.is_none();
            if may {
                room.alone = Some(own);
            }
            may
        });
        wait_until(|room| {
            room.hosts
                .iter()
                .all(|(thread, hosts)| *thread == own || *hosts == 0)
        });
        Quiet(own)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let mut room = room();
        let room = room.get_or_insert_default();
        if room.alone == Some(self.0) {
            room.alone = None;
        }
        CHANGED.notify_all();
    }
}
