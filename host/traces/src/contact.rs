//! From facts to spans: a contact's trace is whole when the contact has ended.

use crate::request::Request;
use crate::span::{Kind, Span, SpanId, Status, Value};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::end_reason::Blame;
use hotline_vocabulary::fact::{Fact, What};
use hotline_vocabulary::ids::{ContactId, OfferId, SegmentId, TenantId, VisitId};
use hotline_vocabulary::plugin::{PluginVersion, Usage};
use std::collections::HashMap;

/// Contacts that may be open at a time; the traces of further ones are dropped.
const OPEN: usize = 20_000;
/// Spans of one contact; what happens beyond is not told.
const SPANS: usize = 500;

/// The traces that are not whole yet.
#[derive(Debug, Default)]
pub struct Contacts {
    open: HashMap<(TenantId, ContactId), Trace>,
    requests: u64,
}

#[derive(Debug)]
struct Trace {
    /// The contact's own span is the first, and ends last.
    spans: Vec<Span>,
    /// Where spans that have begun and not ended stand in `spans`.
    visits: HashMap<VisitId, usize>,
    offers: HashMap<OfferId, usize>,
    segments: HashMap<SegmentId, usize>,
}

impl Contacts {
    /// Takes a request that was made for a contact; gives its span when the contact is over, or was
    /// never seen: it belongs to the same trace.
    pub fn requested(&mut self, request: &Request) -> Option<Span> {
        self.requests = self.requests.wrapping_add(1);
        match self.open.get_mut(&(request.tenant, request.contact)) {
            Some(trace) => {
                if trace.spans.len() < SPANS {
                    let parent = trace.spans[0].id;
                    trace.spans.push(request.span(Some(parent), self.requests));
                }
                None
            }
            None => Some(request.span(None, self.requests)),
        }
    }

    /// Reads one fact; gives the contact's spans when it was the last.
    pub fn take(&mut self, fact: &Fact) -> Option<Vec<Span>> {
        let key = (fact.tenant, fact.contact?);
        match &fact.what {
            What::ContactStarted { channel, flow, .. } => {
                if self.open.len() < OPEN {
                    let mut trace = Trace::begin(fact, key.1);
                    trace.tell(0, "hotline.channel", channel.as_str());
                    trace.tell(0, "hotline.flow", flow.as_str());
                    self.open.insert(key, trace);
                }
                None
            }
            What::ContactEnded { reason } => {
                let mut trace = self.open.remove(&key)?;
                trace.tell(0, "hotline.end_reason", reason.as_str());
                if reason.blame() == Blame::Us {
                    trace.spans[0].status = Status::Error(reason.as_str().to_owned());
                }
                Some(trace.end(fact.at))
            }
            _ => {
                self.open.get_mut(&key)?.read(fact);
                None
            }
        }
    }
}

impl Trace {
    fn begin(fact: &Fact, contact: ContactId) -> Trace {
        let at = micros(fact.at);
        Trace {
            spans: vec![Span {
                tenant: fact.tenant,
                contact,
                id: SpanId::of(fact),
                parent: None,
                kind: Kind::Server,
                name: "contact".to_owned(),
                began_us: at,
                ended_us: at,
                attributes: vec![
                    ("hotline.tenant", fact.tenant.to_string().into()),
                    ("hotline.contact", contact.to_string().into()),
                ],
                status: Status::Unset,
            }],
            visits: HashMap::new(),
            offers: HashMap::new(),
            segments: HashMap::new(),
        }
    }

    fn read(&mut self, fact: &Fact) {
        if self.spans.len() >= SPANS {
            return;
        }
        match &fact.what {
            What::FlowStepped {
                event,
                trace,
                actions,
                version,
                usage,
                ..
            } => {
                let place = self.call(fact, "flow step", 0, version, usage);
                self.tell(place, "hotline.event", event.as_str());
                self.tell(place, "hotline.nodes", trace.join(" "));
                self.tell(place, "hotline.actions", actions.join(" "));
            }
            What::PluginFaulted {
                plugin,
                fault,
                version,
                usage,
            } => {
                let place = match version {
                    Some(version) => self.call(fact, "plugin fault", 0, version, usage),
                    None => self.instant(fact, "plugin fault", 0),
                };
                self.tell(place, "hotline.plugin", plugin.as_str());
                self.tell(place, "hotline.fault", fault.kind.as_str());
                // Its message may hold what the plugin logged last, and so what a customer said.
                self.spans[place].status = Status::Error(fault.kind.as_str().to_owned());
            }
            What::QueueEntered {
                visit,
                queue_name,
                priority,
                ..
            } => {
                let place = self.instant(fact, "queue", 0);
                self.tell(place, "hotline.queue", queue_name.as_str());
                self.tell(place, "hotline.priority", Value::Count((*priority).into()));
                self.visits.insert(*visit, place);
            }
            What::QueueLeft { visit, how, .. } => {
                if let Some(place) = self.visits.remove(visit) {
                    self.tell(place, "hotline.left", how.as_str());
                    self.finish(place, fact.at);
                }
            }
            What::QueueRanked {
                visit,
                version: Some(version),
                usage,
                ..
            } => {
                let visit = self.visit(*visit);
                self.call(fact, "rank", visit, version, usage);
            }
            What::LookedUp {
                visit,
                found,
                failed,
                took_ms,
                ..
            } => {
                let visit = self.visit(*visit);
                let place = self.lasting(fact, "lookups", visit, took_ms.0 * 1_000);
                self.tell(place, "hotline.found", found.join(" "));
                self.tell(place, "hotline.failed", failed.len() as u64);
            }
            What::FlowLookedUp {
                source,
                outcome,
                took_ms,
                ..
            } => {
                let place = self.lasting(fact, "look up", 0, took_ms.0 * 1_000);
                self.tell(place, "hotline.source", source.clone());
                self.tell(place, "hotline.outcome", outcome.as_str());
            }
            What::RoutingDecided(decided) => {
                let visit = self.visit(decided.visit);
                let place = match &decided.version {
                    Some(version) => self.call(fact, "decide", visit, version, &decided.usage),
                    None => self.instant(fact, "decide", visit),
                };
                self.tell(
                    place,
                    "hotline.candidates",
                    u64::from(decided.candidates_total),
                );
                if let Some(chosen) = decided.chosen {
                    self.tell(place, "hotline.agent", chosen.to_string());
                }
            }
            What::OfferMade { offer, visit, .. } => {
                let visit = self.visit(*visit);
                let place = self.instant(fact, "offer", visit);
                self.tell_agent(place, fact);
                self.offers.insert(*offer, place);
            }
            What::OfferEnded { offer, how, .. } => {
                if let Some(place) = self.offers.remove(offer) {
                    self.tell(place, "hotline.offer", how.as_str());
                    self.finish(place, fact.at);
                }
            }
            What::AgentConnected { segment, .. } => {
                let place = self.instant(fact, "talk", 0);
                self.tell_agent(place, fact);
                self.segments.insert(*segment, place);
            }
            What::SegmentEnded { segment, .. } => {
                if let Some(place) = self.segments.remove(segment) {
                    self.finish(place, fact.at);
                }
            }
            // The rest tells no stretch of time of its own.
            _ => {}
        }
    }

    fn end(mut self, at: Timestamp) -> Vec<Span> {
        self.finish(0, at);
        let open = self.visits.values().chain(self.offers.values());
        let open: Vec<usize> = open.chain(self.segments.values()).copied().collect();
        for place in open {
            self.finish(place, at);
        }
        self.spans
    }

    /// The place of a visit's span; the contact's own when it began before we looked.
    fn visit(&self, visit: VisitId) -> usize {
        self.visits.get(&visit).copied().unwrap_or(0)
    }

    /// A call of a plugin, which ended when its fact was written.
    fn call(
        &mut self,
        fact: &Fact,
        name: &str,
        parent: usize,
        version: &PluginVersion,
        usage: &Usage,
    ) -> usize {
        let place = self.lasting(fact, name, parent, usage.took_us);
        self.tell(place, "hotline.plugin_version", version.label());
        self.tell(place, "hotline.fuel", usage.fuel);
        self.tell(place, "hotline.memory_bytes", usage.memory_bytes);
        place
    }

    /// A span that ended when the fact was written.
    fn lasting(&mut self, fact: &Fact, name: &str, parent: usize, took_us: u64) -> usize {
        let place = self.instant(fact, name, parent);
        let span = &mut self.spans[place];
        span.began_us = span.ended_us.saturating_sub(took_us);
        place
    }

    /// A span that begins when the fact was written, and has no length yet.
    fn instant(&mut self, fact: &Fact, name: &str, parent: usize) -> usize {
        let at = micros(fact.at);
        let above = &self.spans[parent];
        let span = Span {
            tenant: above.tenant,
            contact: above.contact,
            id: SpanId::of(fact),
            parent: Some(above.id),
            kind: Kind::Internal,
            name: name.to_owned(),
            began_us: at,
            ended_us: at,
            attributes: Vec::new(),
            status: Status::Unset,
        };
        self.spans.push(span);
        self.spans.len() - 1
    }

    fn finish(&mut self, place: usize, at: Timestamp) {
        self.spans[place].ended_us = micros(at);
    }

    fn tell(&mut self, place: usize, name: &'static str, value: impl Into<Value>) {
        self.spans[place].attributes.push((name, value.into()));
    }

    fn tell_agent(&mut self, place: usize, fact: &Fact) {
        if let Some(agent) = fact.agent {
            self.tell(place, "hotline.agent", agent.to_string());
        }
    }
}

fn micros(at: Timestamp) -> u64 {
    at.0.max(0).cast_unsigned() * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::Channel;
    use hotline_vocabulary::end_reason::EndReason;
    use hotline_vocabulary::fact::{Epoch, OfferEnd, Sequence, VisitEnd};
    use hotline_vocabulary::ids::{AgentId, Id, QueueId};
    use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault};
    use hotline_vocabulary::time::Millis;

    /// A contact that waits, is offered to one agent in vain, and is lost with a faulty flow.
    fn story() -> Vec<Fact> {
        let version = PluginVersion {
            name: "main".to_owned(),
            component: Digest([7; 32]),
            artifact: None,
        };
        let usage = Usage {
            fuel: 40_000,
            took_us: 250,
            memory_bytes: 65_536,
        };
        let (visit, offer) = (VisitId::from_bits(3), OfferId::from_bits(4));
        let queue = QueueId::from_bits(5);
        let what = [
            What::ContactStarted {
                channel: Channel::Phone,
                caller: "+4930123456".into(),
                dialled: "100".to_owned(),
                leg: None,
                flow: "main".to_owned(),
                parent: None,
            },
            What::FlowStepped {
                step: 0,
                event: "started".to_owned(),
                trace: vec!["menu".to_owned()],
                actions: vec!["enqueue".to_owned()],
                version: version.clone(),
                usage,
            },
            What::QueueEntered {
                visit,
                queue,
                queue_name: "support".to_owned(),
                priority: 0,
                place_since: None,
                skills: Default::default(),
            },
            What::OfferMade {
                offer,
                visit,
                queue,
                ring_timeout_ms: Millis(20_000),
            },
            What::OfferEnded {
                offer,
                how: OfferEnd::TimedOut,
                rang_ms: Millis(1_000),
            },
            What::QueueLeft {
                visit,
                queue,
                waited_ms: Millis(2_000),
                how: VisitEnd::Ended,
            },
            What::PluginFaulted {
                plugin: "main".to_owned(),
                fault: PluginFault {
                    kind: FaultKind::Trapped,
                    message: "trapped; the last line it logged: +4930123456".to_owned(),
                },
                version: Some(version),
                usage,
            },
            What::ContactEnded {
                reason: EndReason::InternalError,
            },
        ];
        (1..)
            .zip(what)
            .map(|(number, what)| Fact {
                tenant: TenantId::from_bits(1),
                epoch: Epoch(1),
                sequence: Sequence(number),
                at: Timestamp(1_790_000_000_000 + number.cast_signed() * 1_000),
                contact: Some(ContactId::from_bits(2)),
                agent: Some(AgentId::from_bits(6)),
                what,
            })
            .collect()
    }

    fn traced() -> Vec<Span> {
        let mut contacts = Contacts::default();
        let mut whole = story()
            .iter()
            .filter_map(|fact| contacts.take(fact))
            .collect::<Vec<_>>();
        assert_eq!(whole.len(), 1, "one contact ended");
        whole.remove(0)
    }

    #[test]
    fn a_trace_tells_what_took_how_long_below_what() {
        let spans = traced();
        let name = |id: SpanId| {
            spans
                .iter()
                .find(|span| span.id == id)
                .map(|span| span.name.as_str())
        };
        let told: Vec<(&str, Option<&str>, u64)> = spans
            .iter()
            .map(|span| {
                (
                    span.name.as_str(),
                    span.parent.and_then(name),
                    span.ended_us - span.began_us,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("contact", None, 7_000_000),
                ("flow step", Some("contact"), 250),
                ("queue", Some("contact"), 3_000_000),
                ("offer", Some("queue"), 1_000_000),
                ("plugin fault", Some("contact"), 250),
            ]
        );
        assert_eq!(spans[0].status, Status::Error("internal_error".to_owned()));
    }

    #[test]
    fn nothing_personal_is_told() {
        assert!(!format!("{:?}", traced()).contains("4930123456"));
    }

    #[test]
    fn a_contact_that_began_before_we_looked_is_left_out() {
        let mut contacts = Contacts::default();
        assert!(
            story()[1..]
                .iter()
                .all(|fact| contacts.take(fact).is_none())
        );
    }

    fn request(contact: u128) -> Request {
        Request {
            tenant: TenantId::from_bits(1),
            contact: ContactId::from_bits(contact),
            connector: "crm".to_owned(),
            endpoint: "api".to_owned(),
            method: "GET".to_owned(),
            status: Some(503),
            failure: None,
            tries: 3,
            began_us: 1_790_000_002_000_000,
            took_us: 40_000,
        }
    }

    #[test]
    fn requests_of_a_contact_stand_in_its_trace_also_after_its_end() {
        let mut contacts = Contacts::default();
        let mut whole = Vec::new();
        for fact in story() {
            whole.extend(contacts.take(&fact).into_iter().flatten());
            if matches!(fact.what, What::FlowStepped { .. }) {
                assert_eq!(
                    contacts.requested(&request(2)),
                    None,
                    "told with the others"
                );
                assert_eq!(contacts.requested(&request(2)), None);
            }
        }
        let late = contacts
            .requested(&request(2))
            .expect("nobody waits for it");
        let made: Vec<&Span> = whole.iter().filter(|span| span.name == "GET").collect();
        assert_eq!(made.len(), 2);
        for span in &made {
            assert_eq!((span.parent, span.kind), (Some(whole[0].id), Kind::Client));
            assert_eq!(span.status, Status::Error("503".to_owned()));
        }
        assert_eq!((late.contact, late.parent), (whole[0].contact, None));
        let mut ids: Vec<u64> = whole.iter().chain([&late]).map(|span| span.id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), whole.len() + 1, "each has its own");
    }
}
