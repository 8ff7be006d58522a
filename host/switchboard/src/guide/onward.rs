//! A contact goes on in another flow, from its beginning.

use crate::guide::Guide;
use crate::switchboard::Switchboard;
use hotline_vocabulary::ids::ContactId;

impl Switchboard {
    /// What the flow before had in mind is forgotten; the contact keeps its attributes. The contact
    /// is in no queue.
    pub(crate) fn go_on_in(&mut self, id: ContactId, flow: String) {
        self.stop_running(id);
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        contact.overflows += 1;
        contact.guide.stop_all(&mut self.desk);
        let before = std::mem::replace(&mut contact.guide, Guide::new(flow));
        if let Some(question) = before.open_question() {
            self.drop_question(question);
        }
        self.advance(id);
    }
}
