//! Telling a flow how its queued contact fares.

use crate::desk::Alarm;
use crate::guide::Author;
use crate::limits::PROGRESS_EVERY_AT_LEAST_MS;
use crate::switchboard::Switchboard;
use hotline_vocabulary::flow::{FlowEvent, QueueProgress};
use hotline_vocabulary::ids::ContactId;

impl Switchboard {
    pub(crate) fn progress_due(&mut self, id: ContactId) {
        let now = self.desk.now();
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let author = contact.guide.author;
        let Some(visit) = contact.call.visit_mut() else {
            return;
        };
        let Some(queue) = self.queues.get(&visit.ticket.queue) else {
            return;
        };
        if author == Author::Nobody {
            return;
        }
        let every = queue.config.progress_every_ms;
        visit.progress = self.desk.after(
            every.max(PROGRESS_EVERY_AT_LEAST_MS),
            Alarm::ProgressDue(id),
        );
        if author == Author::SafeFlow {
            return;
        }
        let position = queue.position(&visit.rank(id), now);
        let progress = QueueProgress {
            queue: queue.config.name.clone(),
            position,
            expected_wait_ms: queue.expected_wait(position),
            waited_ms: now.since(visit.entered),
        };
        contact.guide.tell(FlowEvent::Progress(progress));
        self.advance(id);
    }
}
