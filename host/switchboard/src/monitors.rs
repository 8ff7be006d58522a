//! What must hold at every instant, checked after each input while the host runs. The monitors keep
//! small books of their own, from history alone, and compare them with the state of those whom the
//! input touched, so that a check costs as much as there was to do, however large the house. What
//! they find is counted and written down; it never stops a call.

mod books;
#[cfg(feature = "sabotage")]
mod sabotage;
mod service;
mod trail;

#[cfg(feature = "sabotage")]
pub use sabotage::Sabotage;

use crate::desk::About;
use crate::limits::VIOLATIONS_REMEMBERED;
use crate::switchboard::{Phase, Switchboard};
use books::{Books, Touched};
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId};
use hotline_vocabulary::routing::{Invariant, MonitorLive};
use std::collections::BTreeSet;
pub(crate) use trail::Step;
use trail::Trail;

#[derive(Debug, Default)]
pub(crate) struct Monitors {
    books: Books,
    trail: Trail,
    /// The waiting contact that was looked at last although nothing touched it.
    swept: Option<ContactId>,
    checked: [u64; Invariant::ALL.len()],
    violated: [u64; Invariant::ALL.len()],
    /// What has been written down, so that what goes on being wrong is written once.
    reported: BTreeSet<(Invariant, Option<ContactId>, Option<AgentId>)>,
}

/// Something that does not hold.
#[derive(Debug)]
struct Finding {
    invariant: Invariant,
    contacts: Vec<ContactId>,
    agents: Vec<AgentId>,
    detail: String,
}

/// What one round of checks came to.
#[derive(Debug, Default)]
struct Round {
    checked: [u64; Invariant::ALL.len()],
    findings: Vec<Finding>,
}

impl Round {
    fn hold(
        &mut self,
        truth: bool,
        invariant: Invariant,
        contact: impl Into<Option<ContactId>>,
        agent: impl Into<Option<AgentId>>,
        otherwise: impl FnOnce() -> String,
    ) {
        self.checked[invariant as usize] += 1;
        if !truth {
            self.findings.push(Finding {
                invariant,
                contacts: contact.into().into_iter().collect(),
                agents: agent.into().into_iter().collect(),
                detail: otherwise(),
            });
        }
    }
}

impl Monitors {
    pub(crate) fn live(&self) -> Vec<MonitorLive> {
        let counts = self.checked.iter().zip(&self.violated);
        Invariant::ALL
            .into_iter()
            .zip(counts)
            .map(|(invariant, (checked, violated))| MonitorLive {
                invariant,
                checked: *checked,
                violated: *violated,
            })
            .collect()
    }

    /// Whether this is to be written down; when it remembers too much, it forgets all.
    fn is_new(&mut self, finding: &Finding) -> bool {
        if self.reported.len() >= VIOLATIONS_REMEMBERED {
            self.reported.clear();
        }
        let contact = finding.contacts.first().copied();
        let agent = finding.agents.first().copied();
        self.reported.insert((finding.invariant, contact, agent))
    }
}

impl Switchboard {
    /// What must hold at every instant, and whether it did.
    pub fn monitors(&self) -> Vec<MonitorLive> {
        self.monitors.live()
    }

    /// After an input and all that came of it.
    pub(crate) fn watch(&mut self, step: Step) {
        let now = self.desk.now();
        self.monitors.trail.push(now, step);
        let mut round = Round::default();
        let mut touched = Touched::default();
        for fact in self.desk.unwatched() {
            self.monitors.books.read(fact, &mut touched, &mut round);
        }
        for offer in &touched.offers {
            self.books_follow_capacity(*offer, &mut round);
            if self.phase == Phase::Open {
                self.the_aged_come_first(*offer, &mut round);
            }
        }
        for contact in &touched.contacts {
            self.books_agree(*contact, &mut round);
        }
        self.monitors.books.nothing_rings_too_long(now, &mut round);
        if self.phase == Phase::Open {
            let swept = self.monitors.books.waiting_after(self.monitors.swept);
            self.monitors.swept = swept;
            for contact in touched.contacts.iter().chain(&swept) {
                self.is_served(*contact, &mut round);
            }
            for agent in &touched.agents {
                self.serves(*agent, &mut round);
            }
        }
        self.write_down(round);
        self.desk.watched();
    }

    fn write_down(&mut self, round: Round) {
        let monitors = &mut self.monitors;
        for (all, new) in monitors.checked.iter_mut().zip(round.checked) {
            *all += new;
        }
        for finding in round.findings {
            if !monitors.is_new(&finding) {
                continue;
            }
            monitors.violated[finding.invariant as usize] += 1;
            let trail = monitors.trail.told(self.desk.now());
            let about = About::from((
                finding.contacts.first().copied(),
                finding.agents.first().copied(),
            ));
            let Finding {
                invariant,
                contacts,
                agents,
                detail,
            } = finding;
            self.desk.fact(
                about,
                What::InvariantViolated {
                    invariant,
                    contacts,
                    agents,
                    detail,
                    trail,
                },
            );
        }
    }
}
