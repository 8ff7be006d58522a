//! What was done and asked, and whether it could be.

use super::*;

impl Auditor {
    pub(super) fn effect(&mut self, effect: &Effect) -> Finding {
        match effect {
            Effect::Answer { leg } => self.leg(*leg, Leg::Ringing, Leg::Up),
            Effect::Reject { leg, .. } => self.leg(*leg, Leg::Ringing, Leg::Over),
            Effect::HangUp { leg, .. } => {
                let life = self.legs.insert(*leg, Leg::Over);
                hold(matches!(life, Some(Leg::Ringing | Leg::Up)), || {
                    "hung up what was over".to_owned()
                })
            }
            Effect::Dial {
                leg,
                agent,
                contact,
                ..
            } => {
                self.desk_phones.insert(*leg, (*contact, *agent));
                let before = self.legs.insert(*leg, Leg::Ringing);
                hold(before.is_none(), || "dialled twice".to_owned())
            }
            Effect::DialCustomer { leg, .. } => {
                let before = self.legs.insert(*leg, Leg::Ringing);
                hold(before.is_none(), || "dialled twice".to_owned())
            }
            Effect::Play { leg, .. }
            | Effect::PlayMusic { leg, .. }
            | Effect::StopPlaying { leg } => {
                self.leg(*leg, Leg::Up, Leg::Up)?;
                hold(!self.bridges.contains_key(leg), || {
                    "played into a talk".to_owned()
                })
            }
            Effect::Bridge { customer, agent } => {
                self.leg(*customer, Leg::Up, Leg::Up)?;
                let taken = self.bridges.values().any(|other| other == agent);
                let before = self.bridges.insert(*customer, *agent);
                hold(before.is_none() && !taken, || {
                    "one leg in two bridges".to_owned()
                })
            }
            Effect::Unbridge { customer, agent } => {
                let before = self.bridges.remove(customer);
                hold(before == Some(*agent), || "parted strangers".to_owned())
            }
            Effect::StartRecording {
                recording,
                leg,
                contact,
            } => {
                let contact = self.contacts.get_mut(contact).ok_or("an unknown contact")?;
                contact.recording = Some(*recording);
                self.leg(*leg, Leg::Up, Leg::Up)?;
                let before = self.recordings.insert(*recording, Recording::Running);
                hold(before.is_none(), || "recorded twice".to_owned())
            }
            Effect::PauseRecording { recording } => {
                self.recording(*recording, &[Recording::Running], Recording::Paused)
            }
            Effect::ResumeRecording { recording } => {
                self.recording(*recording, &[Recording::Paused], Recording::Running)
            }
            Effect::StopRecording { recording } => {
                let open = [Recording::Running, Recording::Paused];
                self.recording(*recording, &open, Recording::Stopped)
            }
            Effect::Ask { question, ask } => self.asked(*question, ask),
            Effect::LookUp { contact, visit, .. } => {
                let contact = self.contacts.get(contact).ok_or("an unknown contact")?;
                let current = contact.visit.as_ref().map(|current| current.id);
                hold(current == Some(*visit), || {
                    "a lookup for another visit".to_owned()
                })
            }
            Effect::LookUpForFlow { contact, .. } | Effect::KeepKeys { contact, .. } => {
                let contact = self.contacts.get(contact).ok_or("an unknown contact")?;
                hold(!contact.ended && !contact.forgotten, || {
                    "kept or looked up for a contact that is over".to_owned()
                })
            }
            Effect::Forget { contact } => {
                self.questions
                    .retain(|_, asked| !matches!(asked.about, Subject::Step(id) if id == *contact));
                let forgotten = self.contacts.get(contact).ok_or("an unknown contact")?;
                let over = forgotten.ended || self.outlives_the_host(forgotten);
                let contact = self.contacts.get_mut(contact).ok_or("an unknown contact")?;
                let twice = std::mem::replace(&mut contact.forgotten, true);
                hold(over && !twice, || {
                    "forgotten before its end, or twice".to_owned()
                })
            }
        }
    }

    pub(super) fn leg(&mut self, leg: LegId, from: Leg, to: Leg) -> Finding {
        let life = self.legs.insert(leg, to);
        hold(life == Some(from), || {
            format!("a leg that is {life:?}, not {from:?}")
        })
    }

    pub(super) fn recording(
        &mut self,
        id: RecordingId,
        from: &[Recording],
        to: Recording,
    ) -> Finding {
        let before = self.recordings.insert(id, to);
        hold(before.is_some_and(|before| from.contains(&before)), || {
            format!("a recording that is {before:?}")
        })
    }

    pub(super) fn asked(&mut self, question: QuestionId, ask: &Question) -> Finding {
        let mut affairs = 0;
        let about = match ask {
            Question::FlowStep(step) => {
                let contact = self
                    .contacts
                    .get_mut(&step.contact)
                    .ok_or("an unknown contact")?;
                if step.flow != contact.flow {
                    // A policy sent it on to another flow: what was asked of the first is void.
                    contact.flow.clone_from(&step.flow);
                    contact.step = 0;
                    contact.safe = false;
                    self.counts.sent_on += 1;
                    self.questions.retain(
                        |_, asked| !matches!(asked.about, Subject::Step(id) if id == step.contact),
                    );
                }
                let steps =
                    |asked: &Asked| matches!(asked.about, Subject::Step(id) if id == step.contact);
                hold(!self.questions.values().any(steps), || {
                    "two steps at once".to_owned()
                })?;
                let contact = self
                    .contacts
                    .get_mut(&step.contact)
                    .ok_or("an unknown contact")?;
                hold(!contact.forgotten && step.step == contact.step, || {
                    "a step out of order".to_owned()
                })?;
                contact.step += 1;
                Subject::Step(step.contact)
            }
            Question::Plan { contact, .. } => {
                let planned = self.contacts.get_mut(contact).ok_or("an unknown contact")?;
                // Asked as it entered a queue with nobody to wait for, which it left at once.
                let left = planned.left.filter(|(at, _)| *at == self.inputs);
                let visit = match (&mut planned.visit, left) {
                    (Some(visit), _) => {
                        visit.gathers_until = Some(self.now + LOOKUPS_MS);
                        visit.id
                    }
                    (None, Some((_, visit))) => visit,
                    (None, None) => return Err("a plan for no visit".into()),
                };
                Subject::Plan(*contact, visit)
            }
            Question::Rank { .. } => Subject::Rank,
            Question::Decide { policy, batch } => {
                hold(!self.is_deciding(policy), || {
                    "two decisions at once".to_owned()
                })?;
                self.batch_is_true(batch)?;
                affairs = self.affairs(policy);
                Subject::Decide(policy.clone(), holds::Shown::all(batch))
            }
            Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
                return Err("no question of the switchboard's".into());
            }
        };
        let asked = Asked {
            at: self.now,
            affairs,
            about,
        };
        self.questions.insert(question, asked);
        Ok(())
    }

    pub(super) fn is_deciding(&self, policy: &Policy) -> bool {
        let deciding =
            |asked: &Asked| matches!(&asked.about, Subject::Decide(of, _) if of == policy);
        self.questions.values().any(deciding)
    }

    pub(super) fn batch_is_true(&self, batch: &Batch) -> Finding {
        let limits = &self.house.limits;
        hold(
            !batch.contacts.is_empty()
                && batch.contacts.len() <= limits.batch_contacts as usize
                && batch.agents.len() <= limits.batch_agents as usize,
            || "a batch out of bounds".to_owned(),
        )?;
        for view in &batch.contacts {
            let contact = self.contacts.get(&view.contact).ok_or("unknown contact")?;
            hold(contact.visit.is_some() && contact.offer.is_none(), || {
                "asked about a contact that does not wait".to_owned()
            })?;
            let candidates: Vec<_> = batch.candidates_of(view).collect();
            hold(candidates.len() == view.candidates.len(), || {
                "a candidate who is not shown".to_owned()
            })?;
            for id in candidates {
                hold(self.could_serve(id, contact), || {
                    format!(
                        "a candidate, {id}, who could not serve {} in {:?}",
                        view.contact, contact.visit
                    )
                })?;
            }
        }
        Ok(())
    }
}
