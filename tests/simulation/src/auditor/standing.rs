//! What must hold after every input, whatever it was.

use super::*;

impl Auditor {
    pub(super) fn nothing_is_overdue(&self) -> Finding {
        let is_over = |until: Option<Timestamp>| until.is_some_and(|until| until < self.now);
        for (id, contact) in &self.contacts {
            hold(!is_over(contact.rings_until), || {
                format!("{id} rings longer than allowed")
            })?;
        }
        for (id, agent) in &self.agents {
            let late = |one: &InHand| is_over(one.wraps_up_until);
            hold(!agent.hand.values().any(late), || {
                format!("{id} wraps up longer than allowed")
            })?;
        }
        Ok(())
    }

    pub(super) fn no_phone_rings_for_nobody(&self) -> Finding {
        for (leg, (contact, agent)) in &self.desk_phones {
            let Some(contact) = self.contacts.get(contact) else {
                continue;
            };
            let wanted = contact.offer.is_some_and(|(_, offered)| offered == *agent)
                || contact
                    .segment
                    .is_some_and(|(_, talking)| talking == *agent);
            let over = self.legs.get(leg) == Some(&Leg::Over);
            hold(wanted || over, || {
                format!("the desk phone of {agent} rings or talks to nobody")
            })?;
        }
        Ok(())
    }

    pub(super) fn who_talks_is_heard_and_recorded(&self) -> Finding {
        for (id, contact) in &self.contacts {
            let talks = contact.segment.is_some();
            let Some(leg) = contact.leg else {
                continue;
            };
            hold(talks == self.bridges.contains_key(&leg), || {
                format!("{id} talks without a bridge, or has one without a talk")
            })?;
            let recording = contact.recording.and_then(|id| self.recordings.get(&id));
            hold(!talks || recording == Some(&Recording::Running), || {
                format!("{id} talks, and its recording is {recording:?}")
            })?;
        }
        Ok(())
    }

    pub(super) fn nobody_idles_beside_a_waiting_contact(&mut self) -> Finding {
        if self.stopped {
            return Ok(());
        }
        let mut beside = Vec::new();
        for (id, contact) in &self.contacts {
            let (Some(visit), None) = (&contact.visit, contact.offer) else {
                continue;
            };
            let Some(policy) = self.queue(visit.queue).map(|queue| &queue.policy) else {
                return Err(format!("{id} waits in a queue that is gone"));
            };
            // Until its policy knows what it asked for, nobody is given to it.
            if visit.gathers_until.is_some_and(|until| self.now < until) {
                beside.push((*id, false));
                continue;
            }
            let mut agents = self.agents.keys();
            let idle = agents.find(|agent| self.could_serve(**agent, contact));
            beside.push((*id, idle.is_some()));
            let Some(idle) = idle else {
                continue;
            };
            let deciding = self.is_deciding(policy);
            hold(deciding || self.is_kept(visit), || {
                format!(
                    "{idle} idles while {id} waits in {}, and nobody is asked ({:?})",
                    visit.queue, visit.kept
                )
            })?;
            // A policy may hold a contact back, but not for ever.
            let longest = Millis(self.house.limits.hold_ms.0 + 2 * SILENCE_MS.0);
            let since = visit.beside.unwrap_or(self.now);
            hold(self.now.since(since) <= longest, || {
                format!("{id} is held back beside {idle} since {since:?}")
            })?;
        }
        for (id, beside) in beside {
            let visit = self.contacts.get_mut(&id).and_then(|c| c.visit.as_mut());
            if let Some(visit) = visit {
                visit.beside = beside.then(|| visit.beside.unwrap_or(self.now));
            }
        }
        Ok(())
    }

    /// Nobody gets an agent while someone waits for that agent who is older than anyone may be.
    pub(super) fn the_aged_come_first(&self, id: ContactId, agent: AgentId) -> Finding {
        // When the policy was asked at the earliest.
        let asked = Timestamp(self.now.0 - 2 * SILENCE_MS.0 as i64);
        let aged = |visit: &Visit, at: Timestamp| {
            at.since(visit.entered) >= self.house.limits.aged_after_ms
        };
        let Some(served) = self.contacts.get(&id).and_then(|c| c.visit.as_ref()) else {
            return Ok(());
        };
        if served.is_next || aged(served, self.now) {
            return Ok(());
        }
        let medium = self
            .contacts
            .get(&id)
            .map_or(Medium::Voice, |contact| contact.medium);
        for (other, contact) in &self.contacts {
            let Some(visit) = &contact.visit else {
                continue;
            };
            // Of the same medium: who has a task in hand may have room for another and for no call.
            let passed_over = visit.queue == served.queue
                && contact.medium == medium
                && contact.offer.is_none()
                && aged(visit, asked)
                && visit.in_line < asked
                && !visit.declined.contains(&agent)
                && visit.kept.is_none_or(|kept| kept.until < asked)
                && self.suits(agent, contact, asked)
                && self.suits(agent, contact, self.now);
            hold(!passed_over, || {
                format!("{other} has waited longest, and {agent} rings for {id}")
            })?;
        }
        Ok(())
    }

    /// The switchboard's own monitors have found nothing, and do look.
    pub(super) fn the_monitors_agree(&self, switchboard: &Switchboard) -> Finding {
        for monitor in switchboard.monitors() {
            hold(monitor.violated == 0, || {
                format!("a monitor found a violation of {:?}", monitor.invariant)
            })?;
        }
        Ok(())
    }

    /// What the wallboard shows is what history says.
    pub(super) fn live_tells_the_same(&self, switchboard: &Switchboard) -> Finding {
        let live = switchboard.live(self.now);
        let open = self.contacts.values();
        let open = open.filter(|contact| !contact.ended && !self.outlives_the_host(contact));
        hold(live.contacts.len() == open.count(), || {
            "live shows other contacts".to_owned()
        })?;
        for queue in &live.queues {
            hold(queue.waiting as usize == self.in_queue(queue.id), || {
                format!("live shows {} waiting in {}", queue.waiting, queue.name)
            })?;
        }
        for shown in &live.agents {
            let known = self.agents.get(&shown.id).ok_or("an unknown agent")?;
            hold(shown.state == known.state, || {
                format!("live shows {} as {:?}", shown.name, shown.state)
            })?;
            let hand: BTreeSet<_> = known.hand.keys().copied().collect();
            let work: BTreeSet<_> = shown.work.iter().map(|work| work.contact).collect();
            hold(hand == work && shown.work.len() == work.len(), || {
                format!("live shows {} with {:?}", shown.name, shown.work)
            })?;
        }
        Ok(())
    }

    /// A task, or a callback that is owed, which a host leaves open when it stops, with nothing under
    /// way.
    pub(super) fn outlives_the_host(&self, contact: &Contact) -> bool {
        let idle = contact.visit.is_none() && contact.offer.is_none() && contact.segment.is_none();
        self.stopped && idle && (contact.medium == Medium::Task || contact.is_owed())
    }

    /// When everything is said to be over.
    ///
    /// # Errors
    /// What is still open.
    pub fn close(&self) -> Finding {
        for (id, contact) in &self.contacts {
            hold(contact.ended || self.outlives_the_host(contact), || {
                format!("{id} never ended")
            })?;
            hold(contact.forgotten == contact.admitted, || {
                format!("{id} was never forgotten")
            })?;
            let Some(leg) = contact.leg else {
                continue;
            };
            let leg = self.legs.get(&leg);
            hold(leg == Some(&Leg::Over), || {
                format!("the leg of {id} is {leg:?}")
            })?;
        }
        hold(self.bridges.is_empty(), || {
            "somebody still talks".to_owned()
        })?;
        let running = |recording: &Recording| *recording != Recording::Stopped;
        hold(!self.recordings.values().any(running), || {
            "something still records".to_owned()
        })
    }
}
