//! A call comes in: admitted or turned away, then its flow is asked, before it is answered.

use crate::call::Call;
use crate::call::contact::{Contact, Hearing};
use crate::consent::Recording;
use crate::desk::Alarm;
use crate::guide::Guide;
use crate::legs::Party;
use crate::limits::{self, Refusal};
use crate::switchboard::{Phase, Switchboard};
use hotline_vocabulary::Effect;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::input::CallArrived;

impl Switchboard {
    pub(crate) fn call_arrived(&mut self, arrived: CallArrived) {
        let CallArrived {
            contact: id,
            leg,
            channel,
            caller,
            dialled,
        } = arrived;
        if self.contacts.contains_key(&id) || self.legs.party(leg).is_some() {
            return;
        }
        let flow = match self.phase {
            Phase::Open => limits::admit(&self.settings, self.open, &dialled).map(str::to_owned),
            Phase::Unconfigured | Phase::Stopping => Err(Refusal::Overloaded),
        };
        self.desk.fact(
            id,
            What::ContactStarted {
                channel,
                caller: caller.clone(),
                dialled: dialled.clone(),
                leg: Some(leg),
                flow: flow.clone().unwrap_or_default(),
                parent: None,
            },
        );
        self.legs.add(leg, Party::Customer(id));
        let flow = match flow {
            Ok(flow) => flow,
            Err(refusal) => {
                let reason = refusal.reason();
                self.desk.effect(Effect::Reject {
                    leg,
                    status: refusal.status(),
                    reason,
                });
                self.desk.fact(id, What::ContactEnded { reason });
                self.legs.retire(leg, &mut self.desk);
                return;
            }
        };
        let longest = self.settings.limits.contact_length_ms;
        let contact = Contact {
            id,
            leg: Some(leg),
            channel,
            caller,
            dialled,
            started: self.desk.now(),
            attributes: Vec::new(),
            priority: 0,
            call: Call::Ringing,
            guide: Guide::new(flow),
            hearing: Hearing::Silence,
            recording: Recording::No,
            too_long: self.desk.after(longest, Alarm::ContactTooLong(id)),
            customers: Vec::new(),
            overflows: 0,
            turned_away_by: None,
            callback: None,
        };
        self.contacts.insert(id, contact);
        self.open += 1;
        self.advance(id);
    }
}
