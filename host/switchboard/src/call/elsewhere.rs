//! Ways out of a queue that lead neither to an agent nor to another queue.

use crate::queue::visit::Ticket;
use crate::switchboard::Switchboard;
use hotline_vocabulary::ids::ContactId;

impl Switchboard {
    /// Notes that the customer is to be called back for this ticket. True when that is done: the
    /// contact's visit, if it has one, and its call are then brought to their end in here. False
    /// where no callback can be given; then nothing has changed, and its flow decides.
    pub(crate) fn book_callback(&mut self, _id: ContactId, _ticket: &Ticket) -> bool {
        false
    }
}
