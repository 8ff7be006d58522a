//! An agent of the demo tenant at work with a desk phone.

use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Api, Call, Host, Live, Phone, Transport};
use serde_json::json;
use std::time::Duration;

/// Of the account and of the phone.
pub(crate) const PASSWORD: &str = "a long password";
const SOON: Duration = Duration::from_secs(20);

pub(crate) struct Desk {
    pub(crate) agent: Api,
    pub(crate) phone: Phone,
    pub(crate) presence: Live,
}

impl Desk {
    pub(crate) fn of(host: &Host, name: &str) -> Desk {
        let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a desk phone");
        assert_eq!(phone.register(name, PASSWORD), 200);
        let agent = Api::sign_in(host.http, "demo", name, PASSWORD);
        let presence = agent.live();
        agent.until("the desk phone", "/agent", SOON, |page| {
            page["agent"]["desk_phone_up"] == true
        });
        agent.request(&json!({"request": "use_device", "device": "desk_phone"}));
        agent.request(&json!({"request": "ready"}));
        Desk {
            agent,
            phone,
            presence,
        }
    }

    /// Answers what rings on the desk, and waits until the host knows: a caller who hangs up before
    /// that was never spoken with.
    pub(crate) fn answers(mut self) -> (Box<Call>, Api, Live) {
        let ringing = self.phone.rings(SOON);
        let call = self.phone.pick_up(ringing);
        self.agent.until("the talk", "/agent", SOON, |page| {
            page["agent"]["state"] == "talking"
        });
        (call, self.agent, self.presence)
    }
}
