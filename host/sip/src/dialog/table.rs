//! Which calls there are, and how a request, a response or a command finds its call.

use super::call::{Command, Inbox};
use crate::event::Event;
use hotline_vocabulary::EndReason;
use hotline_vocabulary::ids::LegId;
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Commands that a call may have waiting. It takes each at once, so a full queue means that it is
/// stuck: it is then ended.
pub(crate) const COMMANDS: usize = 32;

/// Requests and transaction events that a call may have waiting; more requests get 500.
pub(crate) const INBOX: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    by_leg: HashMap<LegId, Entry>,
    /// By our own tag, which is unique here.
    by_tag: HashMap<String, LegId>,
    /// Call-ID and From tag of received INVITEs: a second one by another path is merged (8.2.2.2).
    received: HashSet<(String, String)>,
}

#[derive(Debug)]
struct Entry {
    call_id: String,
    commands: mpsc::Sender<Command>,
    inbox: mpsc::Sender<Inbox>,
    abort: Option<tokio::task::AbortHandle>,
}

/// What a call is entered by.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) leg: LegId,
    pub(crate) call_id: String,
    pub(crate) local_tag: String,
    /// For a received INVITE the tag in its From, empty if it had none.
    pub(crate) received_tag: Option<String>,
}

impl Calls {
    pub(crate) fn len(&self) -> usize {
        self.0.lock().by_leg.len()
    }

    pub(crate) fn is_merged(&self, call_id: &str, from_tag: &str) -> bool {
        let key = (call_id.to_owned(), from_tag.to_owned());
        self.0.lock().received.contains(&key)
    }

    /// Enters a call; it leaves when the [`Presence`] is dropped.
    pub(crate) fn enter(
        self: &Arc<Self>,
        names: Names,
        commands: mpsc::Sender<Command>,
        inbox: mpsc::Sender<Inbox>,
        events: mpsc::Sender<Event>,
    ) -> Presence {
        let mut state = self.0.lock();
        state.by_tag.insert(names.local_tag.clone(), names.leg);
        if let Some(tag) = &names.received_tag {
            state.received.insert((names.call_id.clone(), tag.clone()));
        }
        state.by_leg.insert(
            names.leg,
            Entry {
                call_id: names.call_id.clone(),
                commands,
                inbox,
                abort: None,
            },
        );
        Presence {
            calls: self.clone(),
            names,
            events,
            ended: false,
        }
    }

    /// Lets a stuck call be ended from outside.
    pub(crate) fn abort_by(&self, leg: LegId, abort: tokio::task::AbortHandle) {
        if let Some(entry) = self.0.lock().by_leg.get_mut(&leg) {
            entry.abort = Some(abort);
        }
    }

    /// Gives a call a command; false when there is no such call (any more).
    pub(crate) fn command(&self, leg: LegId, command: Command) -> bool {
        let state = self.0.lock();
        let Some(entry) = state.by_leg.get(&leg) else {
            return false;
        };
        match entry.commands.try_send(command) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                tracing::error!(%leg, "a call does not take its commands and is ended");
                if let Some(abort) = &entry.abort {
                    abort.abort();
                }
                false
            }
        }
    }

    /// The inbox of the dialog that has our tag `local_tag`.
    pub(crate) fn find(&self, local_tag: &str, call_id: &str) -> Option<mpsc::Sender<Inbox>> {
        let state = self.0.lock();
        let entry = state.by_leg.get(state.by_tag.get(local_tag)?)?;
        (entry.call_id == call_id).then(|| entry.inbox.clone())
    }

    pub(crate) fn legs(&self) -> Vec<LegId> {
        self.0.lock().by_leg.keys().copied().collect()
    }
}

/// A call's entry; takes it out when dropped, and says `Ended` if the call did not (its task
/// panicked or was aborted).
#[derive(Debug)]
pub(crate) struct Presence {
    calls: Arc<Calls>,
    names: Names,
    events: mpsc::Sender<Event>,
    ended: bool,
}

impl Presence {
    pub(crate) fn leg(&self) -> LegId {
        self.names.leg
    }

    pub(crate) const fn is_ended(&self) -> bool {
        self.ended
    }

    /// Says something about the leg; waits while the receiver is behind.
    pub(crate) async fn tell(&self, event: Event) {
        let _ = self.events.send(event).await;
    }

    /// Says the last word, once.
    pub(crate) async fn end(&mut self, reason: EndReason) {
        if !self.ended {
            self.ended = true;
            let leg = self.names.leg;
            self.tell(Event::Ended { leg, reason }).await;
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        {
            let mut state = self.calls.0.lock();
            state.by_leg.remove(&self.names.leg);
            state.by_tag.remove(&self.names.local_tag);
            if let Some(tag) = self.names.received_tag.take() {
                let call_id = std::mem::take(&mut self.names.call_id);
                state.received.remove(&(call_id, tag));
            }
        }
        if self.ended {
            return;
        }
        let leg = self.names.leg;
        tracing::error!(%leg, "a call's task failed");
        let ended = Event::Ended {
            leg,
            reason: EndReason::InternalError,
        };
        if let Err(mpsc::error::TrySendError::Full(ended)) = self.events.try_send(ended)
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let events = self.events.clone();
            runtime.spawn(async move {
                let _ = events.send(ended).await;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    fn names(number: u128) -> Names {
        Names {
            leg: LegId::from_bits(number),
            call_id: "call".to_owned(),
            local_tag: number.to_string(),
            received_tag: Some(String::new()),
        }
    }

    #[tokio::test]
    async fn a_panic_in_one_call_ends_that_call_only() {
        let calls = Arc::<Calls>::default();
        let (events, mut heard) = mpsc::channel(4);
        let (commands, _command_queue) = mpsc::channel(1);
        let (inbox, _inbox_queue) = mpsc::channel(1);
        let enter = |number| {
            calls.enter(
                names(number),
                commands.clone(),
                inbox.clone(),
                events.clone(),
            )
        };
        let (doomed, _other) = (enter(1), enter(2));
        let task = tokio::spawn(async move {
            let _held = doomed;
            panic!("as a defect would");
        });
        assert!(task.await.is_err_and(|error| error.is_panic()));
        let (leg, reason) = (LegId::from_bits(1), EndReason::InternalError);
        assert_eq!(heard.recv().await, Some(Event::Ended { leg, reason }));
        assert_eq!(calls.legs(), [LegId::from_bits(2)]);
        assert!(calls.find("1", "call").is_none());
        assert!(calls.find("2", "call").is_some());
    }

    #[tokio::test]
    async fn a_call_that_takes_no_commands_is_ended() {
        let calls = Arc::<Calls>::default();
        let (events, mut heard) = mpsc::channel(4);
        let (commands, _command_queue) = mpsc::channel(1);
        let (inbox, _inbox_queue) = mpsc::channel(1);
        let presence = calls.enter(names(1), commands, inbox, events);
        let leg = presence.leg();
        let task = tokio::spawn(async move {
            let _held = presence;
            std::future::pending::<()>().await;
        });
        calls.abort_by(leg, task.abort_handle());
        assert!(calls.command(leg, Command::Ring));
        assert!(!calls.command(leg, Command::Ring));
        let reason = EndReason::InternalError;
        assert_eq!(heard.recv().await, Some(Event::Ended { leg, reason }));
    }
}
