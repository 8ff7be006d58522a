//! Histories to test with: what switchboards write, seeded, of every kind of fact.

use hotline_vocabulary::Fact;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::end_reason::EndReason;
use hotline_vocabulary::fact::{
    Epoch, OfferEnd, RecordingPurpose, RoutingDecided, Sequence, VisitEnd, What,
};
use hotline_vocabulary::flow::CollectOutcome;
use hotline_vocabulary::ids::{AgentId, ContactId, Id, Minter, QueueId, RecordingId, TenantId};
use hotline_vocabulary::media::MediaStatistics;
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault, PluginVersion, Usage};
use hotline_vocabulary::routing::{Exclusion, Score};
use hotline_vocabulary::time::{Millis, Timestamp};

/// How far the contacts of a story come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    Flow,
    Waiting,
    Ringing,
    Talking,
    Ended,
}

pub struct Story {
    pub tenant: TenantId,
    pub epoch: Epoch,
    pub now: Timestamp,
    pub queue: QueueId,
    pub agent: AgentId,
    pub contacts: Vec<ContactId>,
    pub recordings: Vec<RecordingId>,
    minter: Minter,
    seed: u64,
    sequence: u64,
}

impl Story {
    pub fn new(tenant: TenantId, seed: u64) -> Story {
        let mut minter = Minter::new(seed);
        let now = Timestamp(1_700_000_000_000);
        Story {
            tenant,
            epoch: Epoch(1),
            now,
            queue: minter.mint(now),
            agent: minter.mint(now),
            contacts: Vec::new(),
            recordings: Vec::new(),
            minter,
            seed,
            sequence: 0,
        }
    }

    pub fn mint<T: Id>(&mut self) -> T {
        self.minter.mint(self.now)
    }

    /// From 0 until below `end`.
    pub fn draw(&mut self, end: u64) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % end
    }

    pub fn fact(&mut self, contact: Option<ContactId>, agent: Option<AgentId>, what: What) -> Fact {
        self.sequence += 1;
        self.now = self.now + Millis(1 + self.sequence % 700);
        Fact {
            tenant: self.tenant,
            epoch: self.epoch,
            sequence: Sequence(self.sequence),
            at: self.now,
            contact,
            agent,
            what,
        }
    }

    /// `count` whole contacts, one behind the other.
    pub fn whole(&mut self, count: usize) -> Vec<Fact> {
        (0..count)
            .flat_map(|_| self.contact(Until::Ended))
            .collect()
    }

    /// One contact, from its arrival as far as wanted.
    pub fn contact(&mut self, until: Until) -> Vec<Fact> {
        let contact: ContactId = self.mint();
        self.contacts.push(contact);
        let agent = self.agent;
        let queue = self.queue;
        let (leg, agent_leg) = (self.mint(), self.mint());
        let (visit, segment) = (self.mint(), self.mint());
        let (missed, offer, recording) = (self.mint(), self.mint(), self.mint());
        self.recordings.push(recording);
        let version = version(self.draw(3) as u8);
        let usage = Usage {
            fuel: self.draw(1 << 40),
            took_us: 90,
            memory_bytes: 1 << 20,
        };
        let number = self.draw(1000);
        let fault = PluginFault {
            kind: FaultKind::Trapped,
            message: "wasm `unreachable` \u{0}\n\"quoted\" 中文".to_owned(),
        };
        let started = What::ContactStarted {
            channel: Channel::Phone,
            caller: format!("+49 30 {number}%_\u{0}").as_str().into(),
            dialled: "100".to_owned(),
            leg: Some(leg),
            flow: "main".to_owned(),
            parent: None,
        };
        let stepped = |step| What::FlowStepped {
            step,
            event: "started".to_owned(),
            trace: vec!["menu".to_owned(), "菜单".to_owned()],
            actions: vec!["answer".to_owned()],
            version: version.clone(),
            usage,
        };
        let attributes = |value: &str| What::AttributesSet {
            attributes: vec![
                ("topic".to_owned(), value.to_owned()),
                ("step".to_owned(), number.to_string()),
            ],
        };
        let decided = What::RoutingDecided(RoutingDecided {
            visit,
            chosen: Some(agent),
            ring: 1,
            chosen_ring: Some(1),
            chosen_level: Some(1),
            candidates: vec![agent],
            candidates_total: 1,
            held_until: None,
            excluded: vec![(agent, Exclusion::Skill("cards".to_owned()))],
            reasons: vec!["longest idle".to_owned()],
            scores: vec![Score {
                agent,
                total: 1.0 / 3.0,
                parts: vec![("skill".to_owned(), 0.1)],
            }],
            version: None,
            usage,
        });
        let offered = |offer| What::OfferMade {
            offer,
            visit,
            queue,
            ring_timeout_ms: Millis(20_000),
        };
        let state = |to| What::AgentStateChanged {
            from: "ready".to_owned(),
            to,
        };
        let since = self.now;
        let mut whats = vec![
            (None, started),
            (None, stepped(0)),
            (None, What::ContactAnswered),
            (None, attributes("")),
            (
                None,
                What::KeysCollected {
                    keys: None,
                    length: 4,
                    outcome: CollectOutcome::Complete,
                },
            ),
            (None, stepped(1)),
            (
                None,
                What::PluginFaulted {
                    plugin: "best-skill".to_owned(),
                    fault,
                    version: Some(version.clone()),
                    usage,
                },
            ),
            (None, What::SafeFlowEntered),
        ];
        if until != Until::Flow {
            whats.extend([
                (
                    None,
                    What::QueueEntered {
                        visit,
                        queue,
                        queue_name: "support".to_owned(),
                        priority: -3,
                        place_since: None,
                        skills: "english >= 4".parse().expect("an expression"),
                    },
                ),
                (
                    None,
                    What::QueueRanked {
                        visit,
                        base: 0.1 + 0.2,
                        slope: 1e-9,
                        reasons: Vec::new(),
                        version: None,
                        usage,
                    },
                ),
                (None, attributes("cards")),
            ]);
        }
        if !matches!(until, Until::Flow | Until::Waiting) {
            whats.extend([
                (Some(agent), offered(missed)),
                (
                    Some(agent),
                    What::OfferEnded {
                        offer: missed,
                        how: OfferEnd::TimedOut,
                        rang_ms: Millis(20_000),
                    },
                ),
                (Some(agent), decided),
                (Some(agent), offered(offer)),
                (
                    Some(agent),
                    state(AgentState::Offered {
                        offer,
                        contact,
                        since,
                    }),
                ),
            ]);
        }
        if matches!(until, Until::Talking | Until::Ended) {
            let waited_ms = Millis(self.draw(60_000));
            whats.extend([
                (
                    Some(agent),
                    What::OfferEnded {
                        offer,
                        how: OfferEnd::Accepted,
                        rang_ms: Millis(1_500),
                    },
                ),
                (
                    Some(agent),
                    What::QueueLeft {
                        visit,
                        queue,
                        waited_ms,
                        how: VisitEnd::Answered,
                    },
                ),
                (
                    Some(agent),
                    What::AgentConnected {
                        segment,
                        queue,
                        leg: Some(agent_leg),
                    },
                ),
                (
                    None,
                    What::RecordingStarted {
                        recording,
                        purpose: RecordingPurpose::Contact,
                    },
                ),
                (
                    Some(agent),
                    state(AgentState::Talking {
                        contact,
                        segment,
                        since,
                    }),
                ),
            ]);
        }
        if until == Until::Ended {
            let talked_ms = Millis(self.draw(600_000));
            let reason = EndReason::ALL[self.draw(EndReason::ALL.len() as u64) as usize];
            let statistics = MediaStatistics {
                packets_received: 1000,
                packets_sent: 990,
                packets_lost: 10,
                jitter_ms: 0.7,
                largest_gap_ms: 41,
            };
            whats.extend([
                (Some(agent), What::SegmentEnded { segment, talked_ms }),
                (None, What::LegEnded { leg, reason }),
                (None, What::ContactEnded { reason }),
                (None, What::LegMeasured { leg, statistics }),
                (
                    None,
                    What::RecordingFinished {
                        recording,
                        length_ms: talked_ms,
                        bytes: talked_ms.0 * 32,
                    },
                ),
                (
                    Some(agent),
                    What::WrapUpEnded {
                        segment,
                        wrapped_ms: Millis(900),
                        disposition: Some("resolved".to_owned()),
                        note: "called back".to_owned(),
                    },
                ),
                (Some(agent), state(AgentState::Ready { since })),
            ]);
        }
        let mut facts: Vec<Fact> = whats
            .into_iter()
            .map(|(agent, what)| self.fact(Some(contact), agent, what))
            .collect();
        // An agent's day has facts that belong to no contact.
        let device = What::DeviceChanged {
            device: Device::Browser,
            up: true,
        };
        let refused = What::RequestRefused {
            request: "ready".to_owned(),
            reason: "no device".to_owned(),
        };
        facts.push(self.fact(None, Some(agent), device));
        facts.push(self.fact(None, Some(agent), refused));
        facts
    }

    /// Facts of several contacts dealt into each other, each contact's in its own order, numbered
    /// anew: as a switchboard under load writes them.
    pub fn shuffled(&mut self, mut contacts: Vec<Vec<Fact>>) -> Vec<Fact> {
        let mut dealt = Vec::new();
        let first =
            self.sequence + 1 - contacts.iter().map(|facts| facts.len() as u64).sum::<u64>();
        let mut times: Vec<Timestamp> = contacts.iter().flatten().map(|fact| fact.at).collect();
        times.sort();
        for facts in &mut contacts {
            facts.reverse();
        }
        while !contacts.is_empty() {
            let chosen = self.draw(contacts.len() as u64) as usize;
            match contacts[chosen].pop() {
                Some(fact) => dealt.push(fact),
                None => drop(contacts.swap_remove(chosen)),
            }
        }
        for ((fact, sequence), at) in dealt.iter_mut().zip(first..).zip(times) {
            fact.sequence = Sequence(sequence);
            fact.at = at;
        }
        dealt
    }
}

pub fn tenant(number: u128) -> TenantId {
    TenantId::from_bits(number)
}

fn version(number: u8) -> PluginVersion {
    PluginVersion {
        name: "main".to_owned(),
        component: Digest([7; 32]),
        artifact: Some(Digest([number; 32])),
    }
}
