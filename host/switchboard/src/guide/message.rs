//! Voicemail: a greeting, a tone, then what the customer says until a key, silence of the line, or
//! the end of the time. The message is a recording of its own; the contact's stops where it begins.

use crate::call::Call;
use crate::call::contact::{Contact, LANGUAGE};
use crate::consent::Recording;
use crate::desk::{Alarm, Desk};
use crate::guide::{Author, Running};
use crate::legs::Legs;
use crate::limits::{MESSAGE_AT_LEAST_MS, MESSAGE_AT_MOST_MS, MESSAGE_MS};
use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::fact::{RecordingPurpose, VisitEnd, What};
use hotline_vocabulary::flow::{Action, ActionId, Command, Voicemail};
use hotline_vocabulary::ids::{ContactId, PlaybackId, QueueId, RecordingId};
use hotline_vocabulary::input::Task;
use hotline_vocabulary::media::{Digit, Prompt, PromptSource};
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::{Millis, Timestamp};

/// The key by which a customer ends a message.
const ENOUGH: char = '#';

/// A message being taken.
#[derive(Debug)]
pub(crate) struct Message {
    action: ActionId,
    most: Millis,
    stage: Stage,
    /// The queue that the contact was in, whose agents the message is for.
    queue: Option<QueueId>,
}

#[derive(Debug)]
enum Stage {
    Greeting(PlaybackId),
    Speaking {
        recording: RecordingId,
        since: Timestamp,
        over: TimerId,
    },
}

impl Switchboard {
    /// The flow's wish for a message, or the queue's. A queued contact leaves its queue.
    pub(crate) fn greet_for_message(&mut self, id: ContactId, action: ActionId, wish: Voicemail) {
        let visit = self.contacts.get(&id).and_then(|c| c.call.visit());
        let queue = visit.map(|visit| visit.ticket.queue);
        let queue = queue.or_else(|| self.contacts.get(&id)?.turned_away_by);
        self.leave_queue(id, VisitEnd::Voicemail);
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        contact.answer(self.settings.recording, &mut self.desk, &mut self.legs);
        let mut prompts = wish.prompts;
        prompts.push(Prompt {
            source: PromptSource::Tone,
            language: None,
        });
        let greeting = contact.play(prompts, &self.settings.language, &mut self.desk);
        contact.guide.running = Running::Message(Message {
            action,
            most: wish.max_ms.clamp(MESSAGE_AT_LEAST_MS, MESSAGE_AT_MOST_MS),
            stage: Stage::Greeting(greeting),
            queue,
        });
    }

    /// A queue or a policy sends a contact to voicemail, whatever its flow had in mind: a built-in
    /// greeting, the message, goodbye. False when it talks, or is over.
    pub(crate) fn take_message(&mut self, id: ContactId) -> bool {
        let Some(contact) = self.contacts.get(&id) else {
            return false;
        };
        if matches!(contact.call, Call::Talking(_) | Call::Ending) {
            return false;
        }
        self.stop_running(id);
        let Some(contact) = self.contacts.get_mut(&id) else {
            return false;
        };
        let language = contact.language().unwrap_or(&self.settings.language);
        let greeting = greeting_in(language);
        contact.guide.author = Author::Voicemail;
        let wish = Voicemail {
            prompts: vec![greeting],
            max_ms: MESSAGE_MS,
        };
        let commands = [Command::Voicemail(wish), Command::HangUp];
        let actions = (0u32..).zip(commands);
        contact.guide.replace(
            actions
                .map(|(id, command)| Action { id, command })
                .collect(),
        );
        self.advance(id);
        true
    }

    /// The time for a message is over.
    pub(crate) fn message_over(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            let left = contact.end_message(&mut self.desk, &mut self.legs);
            if let Some(left) = left {
                self.message_left(id, left);
            }
            self.advance(id);
        }
    }

    /// A message is work for those who would have taken the call: a task in their queue.
    pub(crate) fn message_left(&mut self, id: ContactId, left: Left) {
        let Some(contact) = self.contacts.get(&id) else {
            return;
        };
        let (customer, priority) = (contact.caller.clone(), contact.priority);
        let language = contact.language().map(str::to_owned);
        let mut attributes = vec![(VOICEMAIL.to_owned(), id.to_string())];
        attributes.extend(language.map(|tag| (LANGUAGE.to_owned(), tag)));
        self.desk.fact(
            id,
            What::MessageLeft {
                recording: left.recording,
                length_ms: left.length_ms,
                queue: left.queue,
            },
        );
        if let Some(queue) = left.queue {
            let task = Task {
                contact: self.desk.mint(),
                customer,
                queue,
                priority,
                skills: SkillExpression::Anyone,
                attributes,
                parent: Some(id),
            };
            self.task_created(task);
        }
    }
}

/// A message that is worth keeping.
#[derive(Debug)]
pub(crate) struct Left {
    recording: RecordingId,
    length_ms: Millis,
    queue: Option<QueueId>,
}

/// The attribute of a task that names the contact whose last recording is the message.
const VOICEMAIL: &str = "voicemail";

impl Contact {
    /// The greeting and the tone have been heard: the customer speaks.
    pub(super) fn begin_message(&mut self, desk: &mut Desk, legs: &mut Legs) {
        let Running::Message(message) = &mut self.guide.running else {
            return;
        };
        if let Some(recording) = self.recording.end(desk) {
            legs.retire_recording(recording, desk);
        }
        let Some(leg) = self.leg else {
            return;
        };
        self.recording = Recording::start(RecordingPurpose::Message, self.id, leg, desk);
        if let Some(recording) = self.recording.id() {
            legs.add_recording(recording, self.id);
            message.stage = Stage::Speaking {
                recording,
                since: desk.now(),
                over: desk.after(message.most, Alarm::MessageOver(self.id)),
            };
        }
    }

    /// Whether this key ends a message that is being spoken.
    pub(super) fn is_enough(&self, digit: Digit) -> bool {
        let Running::Message(message) = &self.guide.running else {
            return false;
        };
        let speaking = matches!(message.stage, Stage::Speaking { .. });
        digit.as_char() == ENOUGH && speaking
    }

    /// The customer has said what there was to say, or is gone. What was said is kept, unless it
    /// is too short to be anything. Its recording is the contact's last.
    pub(crate) fn end_message(&mut self, desk: &mut Desk, legs: &mut Legs) -> Option<Left> {
        if !matches!(self.guide.running, Running::Message(_)) {
            return None;
        }
        let Running::Message(message) =
            std::mem::replace(&mut self.guide.running, Running::Nothing)
        else {
            return None;
        };
        let mut left = None;
        let outcome = match message.stage {
            Stage::Greeting(_) => {
                // A contact that is over hears nothing more anyway.
                if !matches!(self.call, Call::Ending) {
                    self.stop_prompts(desk);
                }
                "failed"
            }
            Stage::Speaking {
                recording,
                since,
                over,
            } => {
                desk.cancel(over);
                if let Some(recording) = self.recording.end(desk) {
                    legs.retire_recording(recording, desk);
                }
                let length_ms = desk.now().since(since);
                if length_ms >= MESSAGE_AT_LEAST_MS {
                    left = Some(Left {
                        recording,
                        length_ms,
                        queue: message.queue,
                    });
                    "ok"
                } else {
                    "empty"
                }
            }
        };
        self.guide.done(message.action, outcome);
        left
    }
}

impl Message {
    pub(super) fn greets_with(&self, playback: PlaybackId) -> bool {
        matches!(self.stage, Stage::Greeting(greeting) if greeting == playback)
    }
}

fn greeting_in(language: &str) -> Prompt {
    let chinese = language.starts_with("zh");
    let text = match chinese {
        false => {
            "We can not take your call right now. Please leave a message after the tone, \
             and press the hash key when you are done."
        }
        true => "现在没有客服可以接听您的电话。请在提示音后留言，说完请按井号键。",
    };
    Prompt {
        source: PromptSource::Text(text.to_owned()),
        language: Some(if chinese { "zh-CN" } else { "en" }.to_owned()),
    }
}
