//! REGISTER: desk phones of agents sign in by digest (RFC 3261, sections 10.3 and 22). Each tenant
//! has its own realm. Credentials are never logged.

pub(crate) mod bindings;
mod digest;

use crate::admission::BySource;
use crate::directory::Directory;
use crate::event::Event;
use crate::options::{Limits, Timers};
use crate::shim::Checked;
use crate::shim::request::Refusal;
use crate::transport::Flow;
use bindings::{Binding, Bindings, Key, Presence, Refused, Wish};
pub use digest::ha1_md5;
pub(crate) use digest::md5_hex;
use digest::{Credentials, Nonces, Worth};
use hotline_vocabulary::ids::{AgentId, TenantId};
use parking_lot::Mutex;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub(crate) struct Registrar {
    state: Mutex<State>,
    limits: Limits,
    timers: Timers,
}

#[derive(Debug)]
struct State {
    bindings: Bindings,
    nonces: Nonces,
    failures: BySource,
    /// Stands in for the hash of a user who does not exist; nobody knows a password for it.
    nobody: String,
}

/// A REGISTER that was accepted: the contacts now bound, with the seconds each has left.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) contacts: Vec<(String, u64)>,
    pub(crate) event: Option<Event>,
}

fn event(key: Key, presence: Presence) -> Event {
    let (tenant, agent) = key;
    match presence {
        Presence::Came => Event::Registered { tenant, agent },
        Presence::Left => Event::Unregistered { tenant, agent },
    }
}

impl Registrar {
    pub(crate) fn new(limits: &Limits, timers: &Timers, secret: u128, now: Instant) -> Self {
        Registrar {
            state: Mutex::new(State {
                bindings: Bindings::default(),
                nonces: Nonces::new(secret, timers.nonce, now),
                failures: BySource::new(0.1, f64::from(limits.failed_registrations)),
                nobody: md5_hex(&format!("nobody:{secret:x}")),
            }),
            limits: limits.clone(),
            timers: timers.clone(),
        }
    }

    /// Decides one REGISTER that came by `flow`.
    pub(crate) fn register(
        &self,
        checked: &Checked,
        flow: &Flow,
        directory: &dyn Directory,
        now: Instant,
    ) -> Result<Accepted, Refusal> {
        let tenant = directory
            .tenant_of_domain(&checked.host)
            .ok_or_else(|| Refusal::plain(404))?;
        // RFC 3261, section 10.3, step 5: an address-of-record of another domain is not here.
        let same_domain =
            checked.to.is_sip && directory.tenant_of_domain(&checked.to.host) == Some(tenant);
        if !same_domain {
            return Err(Refusal::because(404, "To is no address of this domain"));
        }
        let agent = self.authenticate(checked, tenant, flow, directory, now)?;
        let wishes = self.wishes(checked, flow, now)?;
        let mut state = self.state.lock();
        let key = (tenant, agent);
        let wishes = match wishes {
            Some(wishes) => wishes,
            // `Contact: *` with `Expires: 0` (10.2.2).
            None => state
                .bindings
                .of(key)
                .iter()
                .map(|binding| Wish::Remove {
                    uri: binding.uri.clone(),
                    call_id: checked.call_id.clone(),
                    cseq: checked.cseq,
                })
                .collect(),
        };
        let presence = state
            .bindings
            .apply(
                key,
                wishes,
                self.limits.contacts_per_agent,
                self.limits.registered_agents,
            )
            .map_err(|refused| match refused {
                Refused::OutOfOrder => Refusal::because(500, "an older CSeq"),
                Refused::TooManyContacts => Refusal::because(403, "too many contacts"),
                Refused::TooManyAgents => self.overloaded(),
            })?;
        let contacts = state
            .bindings
            .of(key)
            .iter()
            .map(|binding| {
                let left = binding.expires.saturating_duration_since(now);
                (binding.uri.clone(), left.as_millis().div_ceil(1000) as u64)
            })
            .collect();
        Ok(Accepted {
            contacts,
            event: presence.map(|presence| event(key, presence)),
        })
    }

    fn overloaded(&self) -> Refusal {
        Refusal::plain(503).with("Retry-After", self.limits.retry_after_s.to_string())
    }

    fn authenticate(
        &self,
        checked: &Checked,
        tenant: TenantId,
        flow: &Flow,
        directory: &dyn Directory,
        now: Instant,
    ) -> Result<AgentId, Refusal> {
        let realm = directory.realm(tenant);
        let credentials = checked
            .authorizations
            .iter()
            .filter_map(|value| Credentials::parse(value))
            .find(|credentials| credentials.is_for(&realm));
        let mut state = self.state.lock();
        let challenge = |state: &State, stale| {
            Refusal::plain(401).with(
                "WWW-Authenticate",
                state.nonces.challenge(&realm, stale, now),
            )
        };
        let Some(credentials) = credentials else {
            return Err(challenge(&state, false));
        };
        if !state.failures.has(flow.peer.ip(), now) {
            return Err(Refusal::because(503, "too many failed sign-ins").with("Retry-After", "10"));
        }
        let account = directory.desk_phone(tenant, credentials.user_name);
        let own_address = checked.to.user.as_deref() == Some(credentials.user_name);
        // An unknown user takes the same path and time as a wrong password.
        let ha1 = match &account {
            Some(account) => account.ha1_md5.clone(),
            None => state.nobody.clone(),
        };
        match state
            .nonces
            .judge(&credentials, &realm, &ha1, "REGISTER", now)
        {
            Worth::Right => match account {
                Some(account) if own_address => Ok(account.agent),
                _ => {
                    state.failures.take(flow.peer.ip(), now);
                    Err(Refusal::plain(403))
                }
            },
            Worth::Stale => Err(challenge(&state, true)),
            Worth::Replayed => Err(challenge(&state, false)),
            Worth::Wrong => {
                state.failures.take(flow.peer.ip(), now);
                Err(Refusal::plain(403))
            }
        }
    }

    /// What the contacts ask for; none for "remove all".
    fn wishes(
        &self,
        checked: &Checked,
        flow: &Flow,
        now: Instant,
    ) -> Result<Option<Vec<Wish>>, Refusal> {
        if checked.contact_is_star {
            return if checked.expires_s == Some(0) && checked.contacts.is_empty() {
                Ok(None)
            } else {
                Err(Refusal::because(
                    400,
                    "a star among contacts or without Expires 0",
                ))
            };
        }
        let address_of_record = checked.to.uri.clone();
        let longest = self.timers.registration_max;
        let shortest = self.timers.registration_min;
        checked
            .contacts
            .iter()
            .map(|contact| {
                if !contact.is_sip {
                    return Err(Refusal::because(400, "a contact that is no SIP address"));
                }
                let wanted = contact.expires_s.or(checked.expires_s);
                let wanted = wanted.map_or(longest, |s| Duration::from_secs(u64::from(s)));
                if wanted.is_zero() {
                    return Ok(Wish::Remove {
                        uri: contact.uri.clone(),
                        call_id: checked.call_id.clone(),
                        cseq: checked.cseq,
                    });
                }
                if wanted < shortest {
                    return Err(Refusal::plain(423)
                        .with("Min-Expires", shortest.as_secs().max(1).to_string()));
                }
                Ok(Wish::Bind(Box::new(Binding {
                    uri: contact.uri.clone(),
                    address_of_record: address_of_record.clone(),
                    flow: flow.clone(),
                    call_id: checked.call_id.clone(),
                    cseq: checked.cseq,
                    expires: now + wanted.min(longest),
                })))
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Some)
    }

    /// The device to ring for an agent.
    pub(crate) fn device(&self, tenant: TenantId, agent: AgentId, now: Instant) -> Option<Binding> {
        self.state
            .lock()
            .bindings
            .newest((tenant, agent), now)
            .cloned()
    }

    /// Drops what is expired or whose connection is gone.
    pub(crate) fn sweep(&self, now: Instant) -> Vec<Event> {
        self.state
            .lock()
            .bindings
            .retain(|binding| binding.expires > now && binding.flow.is_open())
            .into_iter()
            .map(|key| event(key, Presence::Left))
            .collect()
    }
}
