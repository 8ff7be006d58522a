//! What a queue's rules promise: nobody gets in who is to be refused, nobody is refused without the
//! reason given, nobody waits longer than allowed or for nobody, and a place is kept for whom it was
//! promised to. Of the empty-queue conditions only what can be said without them: beside someone who
//! is free and qualified no queue is empty, and with nobody signed in it is.

use super::*;
use crate::storm::ZONES;
use hotline_vocabulary::configuration::Unavailability;
use hotline_vocabulary::fact::QueueRefusal;

/// Customers who gave up in a queue: since when their place counts, and when they left.
pub(super) type Places = BTreeMap<(QueueId, Address), (Timestamp, Timestamp)>;

impl Auditor {
    /// Openings of storms lie within one day, and are the same each day.
    fn is_closed(&self, queue: &configuration::Queue) -> bool {
        let name = queue.rules.hours.as_ref();
        let mut calendars = self.house.calendars.iter();
        let Some(calendar) = calendars.find(|calendar| Some(&calendar.name) == name) else {
            return false;
        };
        let mut zones = ZONES.iter();
        let ahead = zones.find(|(zone, _)| *zone == calendar.time_zone);
        let ahead = ahead.map_or(0, |(_, hours)| i64::from(*hours));
        let minute = (self.now.0 / 60_000 + ahead * 60).rem_euclid(24 * 60);
        let mut openings = calendar.weekly.iter().flat_map(|day| &day.hours);
        !openings.any(|hours| {
            (i64::from(hours.from.minutes())..i64::from(hours.to.minutes())).contains(&minute)
        })
    }

    fn members(&self, queue: QueueId) -> impl Iterator<Item = AgentId> {
        let agents = self.house.agents.iter().map(|agent| agent.id);
        agents.filter(move |agent| self.member(*agent, queue).is_some())
    }

    /// Whether an agent of the queue could take this at once, however long it has waited.
    fn has_someone_free(&self, queue: &configuration::Queue, contact: &Contact) -> bool {
        self.members(queue.id).any(|id| {
            let skills = self.house.agents.iter().find(|agent| agent.id == id);
            let level_of = |skill: &str| {
                let mut skills = skills.into_iter().flat_map(|agent| &agent.skills);
                let known = skills.find(|known| known.name == skill);
                known.map_or(0, |known| known.level)
            };
            // Whatever it asks for itself, or its next wish would.
            let english = SkillExpression::at_least("english", 3);
            let inner = queue.skills.is_met_by(&level_of) && english.is_met_by(&level_of);
            let mut rings = queue.rules.rings.iter();
            self.could_take(id, contact.medium)
                && (inner || rings.any(|ring| ring.skills.is_met_by(&level_of)))
        })
    }

    fn nobody_is_signed_in(&self, queue: QueueId) -> bool {
        self.members(queue).all(|id| {
            let agent = self.agents.get(&id);
            agent.is_none_or(|agent| agent.state == AgentState::SignedOut)
        })
    }

    pub(super) fn rules_fact(&mut self, id: ContactId, fact: &Fact) -> Finding {
        match &fact.what {
            What::QueueEntered {
                queue, place_since, ..
            } => {
                let contact = self.contacts.get(&id).ok_or("an unknown contact")?;
                // Tasks are put where their creator wants them.
                if contact.leg.is_none() {
                    return Ok(());
                }
                self.may_enter(contact, *queue)?;
                self.has_the_place_that_was_kept(id, *queue, *place_since)
            }
            What::QueueRefused { queue, why, .. } => {
                *match why {
                    QueueRefusal::Full => &mut self.counts.refused_full,
                    QueueRefusal::Closed => &mut self.counts.refused_closed,
                    QueueRefusal::Empty => &mut self.counts.refused_empty,
                    QueueRefusal::TimedOut => &mut self.counts.timed_out,
                } += 1;
                self.may_be_refused(id, *queue, *why)
            }
            What::ContactEnded { reason } => {
                self.counts.turned_away += u32::from(*reason == EndReason::TurnedAway);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A contact entered a queue: out of the flow, another queue, or a talk that was lost.
    fn may_enter(&self, contact: &Contact, queue: QueueId) -> Finding {
        if contact.visit.as_ref().is_some_and(|visit| visit.is_next) {
            return Ok(());
        }
        let config = self.queue(queue).ok_or("a queue that is gone")?;
        hold(!self.is_closed(config), || {
            "got into a closed queue".to_owned()
        })?;
        let invalid = config.rules.refuse_when.contains(&Unavailability::Invalid);
        hold(!(invalid && self.nobody_is_signed_in(queue)), || {
            "got into a queue with nobody signed in".to_owned()
        })?;
        // The one who entered is counted already.
        hold(self.in_queue(queue) <= config.max_waiting as usize, || {
            "got into a full queue".to_owned()
        })
    }

    fn may_be_refused(&self, id: ContactId, queue: QueueId, why: QueueRefusal) -> Finding {
        let contact = self.contacts.get(&id).ok_or("an unknown contact")?;
        let config = self.queue(queue).ok_or("a queue that is gone")?;
        match why {
            QueueRefusal::Closed => hold(self.is_closed(config), || {
                "refused by a queue that is open".to_owned()
            }),
            QueueRefusal::Full => {
                let full = self.in_queue(queue) >= config.max_waiting as usize;
                hold(full, || "refused by a queue that has room".to_owned())
            }
            QueueRefusal::Empty => {
                let rules = &config.rules;
                let asks = !(rules.refuse_when.is_empty() && rules.leave_when.is_empty());
                hold(asks && !self.has_someone_free(config, contact), || {
                    "refused by a queue with someone free".to_owned()
                })
            }
            QueueRefusal::TimedOut => {
                let visit = contact.visit.as_ref().filter(|visit| visit.queue == queue);
                let visit = visit.ok_or("waited too long where it is not")?;
                let longest = config.rules.max_wait_ms;
                let longest = longest.ok_or("waited too long for no rule")?;
                let waited = self.now.since(visit.entered);
                hold(waited >= longest && contact.offer.is_none(), || {
                    format!("waited too long in {waited} of {longest}")
                })
            }
        }
    }

    fn has_the_place_that_was_kept(
        &mut self,
        id: ContactId,
        queue: QueueId,
        told: Option<Timestamp>,
    ) -> Finding {
        let within = self.queue(queue).map(|queue| queue.rules.redial_within_ms);
        let within = within.unwrap_or_default();
        let contact = self.contacts.get_mut(&id).ok_or("an unknown contact")?;
        let kept = self.places.remove(&(queue, contact.caller.clone()));
        let kept = kept.filter(|(_, left)| *left + within > self.now);
        let since = kept.map(|(since, _)| since);
        if let (Some(visit), Some(since)) = (&mut contact.visit, since) {
            visit.place_since = since;
        }
        self.counts.places_kept += u32::from(told.is_some());
        hold(told == since, || {
            format!("has a place since {told:?}, and was promised {since:?}")
        })
    }

    /// Who gives up may call again.
    pub(super) fn left_a_place(&mut self, id: ContactId, left: &Visit, how: VisitEnd) {
        let now = self.now;
        let within = self
            .queue(left.queue)
            .map(|queue| queue.rules.redial_within_ms);
        let within = within.unwrap_or_default();
        let Some(contact) = self.contacts.get(&id) else {
            return;
        };
        let gave_up = how == VisitEnd::Abandoned && within > Millis::ZERO;
        if !gave_up || !contact.is_on_a_known_line() {
            return;
        }
        let customer = (left.queue, contact.caller.clone());
        let before = self.places.get(&customer).copied();
        let before = before.filter(|(_, left)| *left + within > now);
        let since = before.map_or(left.place_since, |(since, _)| since.min(left.place_since));
        self.places.insert(customer, (since, now));
    }

    /// Those whose time is over by the rules that hold.
    pub(super) fn forget_places(&mut self) {
        let mut places = std::mem::take(&mut self.places);
        places.retain(|(queue, _), (_, left)| {
            let within = self.queue(*queue).map(|queue| queue.rules.redial_within_ms);
            within.is_some_and(|within| *left + within > self.now)
        });
        self.places = places;
    }

    /// Once an input is taken to its end.
    pub(super) fn nobody_waits_against_the_rules(&self) -> Finding {
        if self.stopped {
            return Ok(());
        }
        for (id, contact) in &self.contacts {
            // Who is not on the line, or is called back, waits as long as it takes.
            let (Some(visit), None, Some(_), None) =
                (&contact.visit, contact.offer, contact.leg, &contact.owed)
            else {
                continue;
            };
            let Some(queue) = self.queue(visit.queue) else {
                continue;
            };
            let longest = queue.rules.max_wait_ms;
            let over = longest.is_some_and(|longest| self.now.since(visit.entered) >= longest);
            hold(!over, || format!("{id} waits too long in {}", queue.name))?;
            let invalid = queue.rules.leave_when.contains(&Unavailability::Invalid);
            hold(!(invalid && self.nobody_is_signed_in(queue.id)), || {
                format!("{id} waits for nobody in {}", queue.name)
            })?;
        }
        Ok(())
    }
}
