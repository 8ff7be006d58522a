//! What history says happened, and whether it could.

use super::*;

impl Auditor {
    pub(super) fn fact(&mut self, fact: &Fact) -> Finding {
        self.sequence += 1;
        hold(fact.sequence.0 == self.sequence, || {
            "a gap in history".to_owned()
        })?;
        hold(fact.at == self.now, || "a fact out of its time".to_owned())?;
        if let What::ContactStarted {
            leg,
            flow,
            channel,
            caller,
            parent,
            ..
        } = &fact.what
        {
            let id = fact.contact.ok_or("a contact without id")?;
            self.counts.contacts += 1;
            let contact = Contact {
                leg: *leg,
                medium: channel.medium(),
                admitted: !flow.is_empty() || leg.is_none(),
                safe: false,
                caller: caller.clone(),
                wishes: SkillExpression::Anyone,
                preferred: None,
                flow: flow.clone(),
                visit: None,
                left: None,
                offer: None,
                rings_until: None,
                segment: None,
                handled_for: None,
                parted_in: 0,
                recording: None,
                owed: None,
                step: 0,
                ended: false,
                forgotten: false,
            };
            let before = self.contacts.insert(id, contact);
            hold(before.is_none(), || "started twice".to_owned())?;
            return match (channel, parent) {
                (Channel::Callback, Some(parent)) => self.owes(id, *parent),
                _ => Ok(()),
            };
        }
        match fact.contact {
            Some(id) => {
                self.contact_fact(id, fact)?;
                self.callback_fact(id, fact)?;
                self.rules_fact(id, fact)
            }
            None => self.agent_fact(fact),
        }
    }

    pub(super) fn contact_fact(&mut self, id: ContactId, fact: &Fact) -> Finding {
        let now = self.now;
        let contact = self.contacts.get_mut(&id).ok_or("an unknown contact")?;
        let epilogue = matches!(
            fact.what,
            What::FlowStepped { .. }
                | What::PluginFaulted { .. }
                | What::LegMeasured { .. }
                | What::RecordingFinished { .. }
                | What::WrapUpEnded { .. }
        );
        hold(!contact.ended || epilogue, || {
            "something happened to a contact after its end".to_owned()
        })?;
        let agent = fact.agent;
        match &fact.what {
            What::ContactEnded { reason } => {
                contact.ended = true;
                self.counts.tasks_done += u32::from(*reason == EndReason::Completed);
                self.counts.refused += u32::from(!contact.admitted);
                hold(
                    contact.visit.is_none() && contact.offer.is_none() && contact.segment.is_none(),
                    || "a contact ended and left something open".to_owned(),
                )
            }
            What::SafeFlowEntered => {
                self.counts.safe_flows += 1;
                contact.safe = true;
                if contact.visit.is_none() {
                    contact.wishes = SkillExpression::Anyone;
                    contact.preferred = None;
                }
                Ok(())
            }
            What::PluginFaulted { fault, .. } => {
                let overruled = fault.message.starts_with("assigned");
                self.counts.overruled += u32::from(overruled);
                Ok(())
            }
            What::RoutingDecided(decided) => {
                let outer = decided.chosen_ring.is_some_and(|ring| ring > 1);
                self.counts.outer_rings += u32::from(outer);
                self.counts.held += u32::from(decided.held_until.is_some());
                Ok(())
            }
            What::QueueEntered {
                visit,
                queue,
                skills,
                ..
            } => {
                self.counts.visits += 1;
                if contact.leg.is_none() || contact.owed.is_some() {
                    contact.wishes = skills.clone();
                } else if !contact.safe {
                    contact.wishes = wishes(id);
                    let agents: Vec<AgentId> = self.agents.keys().copied().collect();
                    contact.preferred = preference(id, &agents);
                }
                // Whoever handled it until now was lost.
                for agent in self.agents.values_mut() {
                    agent.hand.remove(&id);
                }
                let rule = self.house.queues.iter().find(|known| known.id == *queue);
                let rule = rule.and_then(|queue| queue.rules.last_agent.as_ref());
                let last = self.last_spoke.get(&contact.caller);
                let last = rule.zip(last).filter(|_| contact.is_on_a_known_line());
                let last = last.and_then(|(rule, (at, agent))| {
                    let lately = now.since(*at) <= rule.within_ms;
                    lately.then_some((*agent, rule.wait_ms))
                });
                let preferred = contact.preferred.map(|one| (one.agent, one.wait_ms));
                let preferred = preferred.or(last);
                let gave_back = self.gives_back.filter(|(_, given)| *given == id);
                let before = contact.visit.replace(Visit {
                    id: *visit,
                    queue: *queue,
                    entered: now,
                    place_since: now,
                    is_next: contact.parted_in == self.inputs && gave_back.is_none(),
                    in_line: now,
                    preferred: preferred.map(|(agent, wait)| (agent, now + wait)),
                    declined: gave_back.iter().map(|(agent, _)| *agent).collect(),
                    kept: None,
                    held_since: None,
                    gathers_until: None,
                    beside: None,
                });
                hold(before.is_none() && contact.segment.is_none(), || {
                    "in two places at once".to_owned()
                })
            }
            What::QueueLeft { visit, how, .. } => {
                self.counts.overflows += u32::from(*how == VisitEnd::Overflowed);
                let left = contact.visit.take().filter(|left| left.id == *visit);
                let left = left.ok_or("left a queue it was not in")?;
                contact.left = Some((self.inputs, left.id));
                hold(contact.offer.is_none(), || {
                    "left a queue while it rings".to_owned()
                })?;
                self.left_a_place(id, &left, *how);
                Ok(())
            }
            What::OfferMade {
                offer,
                ring_timeout_ms,
                visit,
                ..
            } => {
                self.counts.offers += 1;
                let agent = agent.ok_or("an offer to nobody")?;
                let in_visit = contact.visit.as_mut().filter(|open| open.id == *visit);
                let in_visit = in_visit.ok_or("an offer outside its visit")?;
                in_visit.kept = None;
                in_visit.held_since = None;
                in_visit.beside = None;
                let before = contact.offer.replace((*offer, agent));
                contact.rings_until = Some(now + *ring_timeout_ms);
                hold(before.is_none(), || "offered twice".to_owned())?;
                let medium = contact.medium;
                let open = &self.contacts[&id];
                // At the last instant of a wait for one agent, it is over or not.
                let awaited = open.visit.as_ref().and_then(|visit| visit.preferred);
                let may = awaited == Some((agent, now)) || self.suits(agent, open, now);
                hold(may, || {
                    let queue = open.visit.as_ref().map(|visit| visit.queue);
                    let member = queue.and_then(|queue| self.member(agent, queue));
                    format!("{agent}, a {member:?}, may not be given {:?}", open.visit)
                })?;
                self.the_aged_come_first(id, agent)?;
                hold(self.could_take(agent, medium), || {
                    format!("{agent} is offered one {medium:?} too many")
                })?;
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                let others = known.hand.values().any(|other| other.medium != medium);
                self.counts.beside += u32::from(!known.hand.is_empty());
                self.counts.interruptions += u32::from(medium == Medium::Voice && others);
                let in_hand = InHand {
                    medium,
                    wraps_up_until: None,
                };
                let twice = known.hand.insert(id, in_hand);
                hold(twice.is_none(), || {
                    format!("{agent} has it in hand already")
                })
            }
            What::OfferEnded { offer, how, .. } => {
                let agent = agent.ok_or("an offer to nobody")?;
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                contact.rings_until = None;
                let over = contact.offer.take();
                if let Some(visit) = &mut contact.visit {
                    visit.in_line = now;
                    if !matches!(how, OfferEnd::Accepted | OfferEnd::Abandoned) {
                        visit.declined.insert(agent);
                        visit.preferred = visit.preferred.filter(|(one, _)| *one != agent);
                    }
                }
                // An accepted one is talked about, in the same breath.
                if *how != OfferEnd::Accepted {
                    known.hand.remove(&id);
                }
                hold(over == Some((*offer, agent)), || {
                    "an offer ended that was not open".to_owned()
                })
            }
            What::AgentConnected { segment, queue, .. } => {
                self.counts.talks += 1;
                contact.handled_for = Some(*queue);
                let agent = agent.ok_or("a talk with nobody")?;
                let before = contact.segment.replace((*segment, agent));
                hold(before.is_none() && contact.visit.is_none(), || {
                    "talks while elsewhere".to_owned()
                })
            }
            What::SegmentEnded { segment, .. } => {
                let agent = agent.ok_or("a talk with nobody")?;
                let over = contact.segment.take();
                contact.parted_in = self.inputs;
                let is_owed = contact.is_owed();
                if !is_owed {
                    self.last_spoke.insert(contact.caller.clone(), (now, agent));
                }
                let queue = contact.handled_for.take();
                let contact_is_kept = contact.medium == Medium::Task || is_owed;
                hold(over == Some((*segment, agent)), || {
                    "a talk ended that was not open".to_owned()
                })?;
                let queue = queue.and_then(|queue| self.queue(queue));
                let longest = queue.and_then(|queue| queue.wrap_up_ms);
                let not_reached = self.was_not_reached(id);
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                // A host that stops lets go of what it keeps; nobody wraps that up, nor a call that
                // nobody took.
                if self.stopped && contact_is_kept || not_reached {
                    known.hand.remove(&id);
                    return Ok(());
                }
                let in_hand = known.hand.get_mut(&id).ok_or("a talk out of hand")?;
                in_hand.wraps_up_until = longest.map(|longest| now + longest);
                Ok(())
            }
            What::WrapUpEnded { .. } => {
                let agent = agent.ok_or("a wrap-up by nobody")?;
                let known = self.agents.get_mut(&agent).ok_or("an unknown agent")?;
                let done = known.hand.remove(&id);
                hold(done.is_some(), || {
                    format!("{agent} wrapped up what was not in hand")
                })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn agent_fact(&mut self, fact: &Fact) -> Finding {
        let Some(id) = fact.agent else {
            return Ok(());
        };
        let agent = self.agents.get_mut(&id).ok_or("an unknown agent")?;
        if let What::PauseNext { reason } = &fact.what {
            agent.closed = reason.is_some();
            return Ok(());
        }
        let What::AgentStateChanged { from, to } = &fact.what else {
            return Ok(());
        };
        let was = std::mem::replace(&mut agent.state, to.clone());
        hold(was.name() == from, || format!("{id} was {}", was.name()))?;
        if let (AgentState::Talking { .. }, AgentState::Paused { .. } | AgentState::SignedOut) =
            (&was, to)
        {
            self.counts.lost_in_talk += 1;
        }
        match to {
            AgentState::SignedOut => {
                agent.closed = true;
                agent.hand.clear();
                Ok(())
            }
            AgentState::Paused { .. } | AgentState::Ready { .. } => {
                agent.closed = matches!(to, AgentState::Paused { .. });
                hold(agent.hand.is_empty(), || {
                    format!("{id} rests with {:?} in hand", agent.hand)
                })?;
                let could = Medium::ALL.map(|medium| self.could_take(id, medium));
                let known = self.house.agents.iter().any(|agent| agent.id == id);
                let ready = matches!(to, AgentState::Ready { .. });
                hold(!ready || !known || could.contains(&true), || {
                    format!("{id} is ready for nothing")
                })
            }
            AgentState::Offered { offer, contact, .. } => {
                let open = self.contacts.get(contact).and_then(|c| c.offer);
                hold(open == Some((*offer, id)), || {
                    format!("{id} rings for nobody")
                })
            }
            AgentState::Talking {
                contact, segment, ..
            } => {
                let open = self.contacts.get(contact).and_then(|c| c.segment);
                hold(open == Some((*segment, id)), || {
                    format!("{id} talks to nobody")
                })
            }
            _ => Ok(()),
        }
    }

    /// A device that an agent asked to use is in use, unless that was refused.
    pub(super) fn grant_the_wish(&mut self, drained: &Drained) {
        let refused = |fact: &Fact| matches!(fact.what, What::RequestRefused { .. });
        if let Some((agent, device)) = self.wish.take()
            && !drained.facts.iter().any(refused)
            && let Some(agent) = self.agents.get_mut(&agent)
        {
            agent.uses = device;
        }
    }

    /// Whether an agent takes contacts of a medium and has room for one more: no more of it than
    /// they take at once, and nothing in hand that it may not come on top of.
    pub(super) fn could_take(&self, id: AgentId, medium: Medium) -> bool {
        let Some(agent) = self.agents.get(&id) else {
            return false;
        };
        let Some(house) = self.house.agents.iter().find(|agent| agent.id == id) else {
            return false;
        };
        let listed = |of: Medium| house.capacity.iter().find(|one| one.medium == of);
        let most = match (house.capacity.is_empty(), medium) {
            (true, Medium::Voice) => 1,
            (true, _) => 0,
            (false, _) => listed(medium).map_or(0, |one| usize::from(one.at_once)),
        };
        let most = if medium == Medium::Voice {
            most.min(1)
        } else {
            most
        };
        let of_it = agent.hand.values().filter(|other| other.medium == medium);
        let on_top = |other: &InHand| {
            other.medium == medium
                || listed(other.medium).is_some_and(|one| one.interrupted_by.contains(&medium))
        };
        !agent.closed
            && of_it.count() < most
            && agent.hand.values().all(on_top)
            && (medium != Medium::Voice || agent.can_be_heard())
    }

    pub(super) fn note_who_became_free(&mut self) {
        let agents: Vec<AgentId> = self.agents.keys().copied().collect();
        for id in agents {
            let could = Medium::ALL.map(|medium| self.could_take(id, medium));
            let Some(agent) = self.agents.get_mut(&id) else {
                continue;
            };
            let before = std::mem::replace(&mut agent.could_take, could);
            let had = std::mem::replace(&mut agent.had, agent.hand.len());
            let less = agent.hand.len() < had;
            let mut could = could.iter().zip(before);
            let freer = could.any(|(now, before)| *now && (!before || less));
            if freer {
                self.became_free(id);
            }
        }
    }

    pub(super) fn became_free(&mut self, id: AgentId) {
        let agent = self.house.agents.iter().find(|agent| agent.id == id);
        for queue in agent.into_iter().flat_map(|agent| &agent.queues) {
            if let Some(policy) = self.queue(queue.queue).map(|queue| queue.policy.clone()) {
                *self.affairs.entry(policy).or_default() += 1;
            }
        }
    }

    pub(super) fn affairs(&self, policy: &Policy) -> u64 {
        self.affairs.get(policy).copied().unwrap_or_default()
    }
}
