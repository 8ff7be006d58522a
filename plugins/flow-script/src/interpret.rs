//! The step: where the contact is, what happened, where it goes.

mod lookup;

use crate::migrate;
use crate::script::{
    Callback, Collect, HANG_UP, Hours, If, Kind, Menu, Part, Piece, Preferred, Queue, Script,
    Target, Template, Text, Tries, Voicemail,
};
use hotline_sdk::ivr::{
    self, Action, Command, Enqueue, Fault, InputOutcome, InputResult, Prompt, PromptSource,
    QueueProgress, RawEvent, StepInput, StepOutput,
};
use hotline_vocabulary::ids::AgentId;
use serde::{Deserialize, Serialize};

/// Nodes passed in one step; the compiler refuses endless loops, this is the belt to its braces.
const MOST_NODES: usize = 200;
/// What the contract lets a trace hold.
const MOST_TRACED: usize = 32;
const LONGEST_TRACED: usize = 200;
/// How long a queued caller may think after an announcement that offers keys.
const KEY_WHILE_QUEUED_MS: u32 = 5_000;

/// Where a contact is in the script that it is in: about ten bytes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) node: Target,
    pub(crate) waiting: Waiting,
    pub(crate) language: u8,
    /// Failed tries at this node.
    failures: u8,
    answered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Waiting {
    /// For the first event.
    Start,
    /// For the first event after the node was taken over from an earlier version of the flow: then it
    /// begins anew.
    Again,
    /// For the end of this play.
    Play(u32),
    Keys(u32),
    /// For the outcome of this enqueue.
    Enqueue(u32),
    /// For the outcome of this callback or voicemail.
    Wish(u32),
    Queued,
    /// For nothing any more.
    Over,
    /// For what this lookup comes to.
    Lookup(u32),
}

/// One step of a compiled flow.
///
/// # Errors
/// `script.artifact`, `script.state` when handed something foreign; `script.no-way-on` when the
/// flow names no node for what happened. The host's safe flow takes the contact then.
pub fn step(artifact: &[u8], input: StepInput) -> Result<StepOutput, Fault> {
    let script = Script::decode(artifact)?;
    let mut state = if input.state.is_empty() {
        State {
            node: script.start,
            waiting: Waiting::Start,
            language: first_language(&script, input.interaction.language.as_deref()),
            failures: 0,
            answered: false,
        }
    } else {
        migrate::read(&input.state)?.state
    };
    if usize::from(state.language) >= script.languages.len() {
        state.language = 0;
    }
    let mut walk = Walk {
        script: &script,
        input: &input,
        state,
        set: Vec::new(),
        commands: Vec::new(),
        trace: Vec::new(),
        progress: None,
    };
    walk.happen(&input.event)?;
    walk.finish()
}

pub(crate) fn first_language(script: &Script<'_>, wanted: Option<&str>) -> u8 {
    let wanted = wanted.unwrap_or_default();
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let exact = script
        .languages
        .iter()
        .position(|tag| tag.eq_ignore_ascii_case(wanted));
    let close = || {
        script
            .languages
            .iter()
            .position(|tag| !wanted.is_empty() && primary(tag) == primary(wanted))
    };
    exact.or_else(close).unwrap_or(0) as u8
}

struct Walk<'a> {
    script: &'a Script<'a>,
    input: &'a StepInput,
    state: State,
    /// Attributes set in this step, seen by its own later nodes.
    set: Vec<(String, String)>,
    commands: Vec<Command>,
    trace: Vec<String>,
    /// For `{position}` and `{wait_minutes}`.
    progress: Option<&'a QueueProgress>,
}

impl<'a> Walk<'a> {
    /// Events that this place does not wait for (late, doubled, of a later host) change nothing.
    fn happen(&mut self, event: &'a RawEvent) -> Result<(), Fault> {
        match (event, self.state.waiting) {
            (RawEvent::Started, Waiting::Start) => self.enter(self.script.start),
            (RawEvent::Started, Waiting::Again) => self.enter(self.state.node),
            (RawEvent::Done((action, _)), Waiting::Play(awaited)) if *action == awaited => {
                match self.here()? {
                    Kind::Say { next, .. } => self.enter(next),
                    _ => Ok(()),
                }
            }
            (RawEvent::Done((action, outcome)), Waiting::Enqueue(awaited))
                if *action == awaited =>
            {
                self.enqueued(outcome)
            }
            (RawEvent::Done((action, outcome)), Waiting::Wish(awaited)) if *action == awaited => {
                match (self.here()?, outcome.as_str()) {
                    (Kind::Voicemail(voicemail), "ok" | "empty") => self.enter(voicemail.next),
                    (Kind::Voicemail(voicemail), _) => self.leave(voicemail.failed, "failed"),
                    (Kind::Callback(callback), "refused") => {
                        self.leave(callback.refused, "was refused")
                    }
                    _ => Ok(()),
                }
            }
            (RawEvent::Input(keys), Waiting::Queued) => self.pressed_while_queued(&keys.digits),
            (RawEvent::Input(keys), Waiting::Keys(awaited)) if keys.action == awaited => {
                match self.here()? {
                    Kind::Menu(menu) => self.chosen(&menu, keys),
                    Kind::Collect(collect) => self.collected(&collect, keys),
                    _ => Ok(()),
                }
            }
            (RawEvent::LookedUp(result), Waiting::Lookup(awaited)) if result.action == awaited => {
                match self.here()? {
                    Kind::Lookup(lookup) => self.looked_up(&lookup, result),
                    _ => Ok(()),
                }
            }
            (RawEvent::Progress(progress), Waiting::Queued) => self.announce(progress),
            (RawEvent::Agent(what), Waiting::Queued) => {
                let why = match what.as_str() {
                    "overflowed" => "has overflowed",
                    "timed-out" => "was waited for too long",
                    "queue-empty" => "has nobody to wait for any more",
                    "queue-full" => "has overflowed into one that is full",
                    "queue-closed" => "has overflowed into one that is closed",
                    _ => return Ok(()),
                };
                let Kind::Queue(queue) = self.here()? else {
                    return Ok(());
                };
                self.leave(queue.overflowed.or(queue.full), why)
            }
            (RawEvent::HangUp(_), _) => {
                self.state.waiting = Waiting::Over;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn here(&self) -> Result<Kind, Fault> {
        Ok(self.script.node(self.state.node)?.kind)
    }

    /// Goes to a node, and on from it as far as nothing needs waiting for.
    fn enter(&mut self, target: Target) -> Result<(), Fault> {
        let mut target = target;
        for _ in 0..MOST_NODES {
            if target == HANG_UP {
                self.end(None);
                return Ok(());
            }
            let node = self.script.node(target)?;
            self.state.node = target;
            self.state.failures = 0;
            self.note(&node.id);
            if let Some(language) = node.language {
                self.state.language = language;
                let tag = self.language().to_owned();
                self.assign("language", tag);
            }
            for (name, value) in &node.set {
                let value = self.fill(value);
                self.assign(name, value);
            }
            target = match node.kind {
                Kind::Set { next } | Kind::Goto(next) => next,
                Kind::If(choice) => self.choose(&choice),
                Kind::Hours(hours) => self.open_or_closed(&hours),
                Kind::Say { text, next } => {
                    let prompts = self.say(&text);
                    if prompts.is_empty() {
                        next
                    } else {
                        self.answer();
                        self.state.waiting = Waiting::Play(self.next_id());
                        self.commands.push(Command::Play(prompts));
                        return Ok(());
                    }
                }
                Kind::Menu(menu) => {
                    self.ask_menu(&menu, None);
                    return Ok(());
                }
                Kind::Collect(collect) => {
                    self.ask_keys(&collect, None);
                    return Ok(());
                }
                Kind::Queue(queue) => {
                    self.enqueue(queue);
                    return Ok(());
                }
                Kind::Callback(callback) => {
                    self.call_back(&callback);
                    return Ok(());
                }
                Kind::Voicemail(voicemail) => {
                    self.take_message(&voicemail);
                    return Ok(());
                }
                Kind::Lookup(lookup) => {
                    self.look_up(&lookup);
                    return Ok(());
                }
                Kind::HangUp => HANG_UP,
                Kind::Reject(status) => {
                    self.end(Some(status));
                    return Ok(());
                }
            };
        }
        Err(Fault::new(
            "script.endless-loop",
            format!("passed {MOST_NODES} nodes without waiting for anything"),
        ))
    }

    /// A way on that the node may lack; then the flow's general one.
    fn leave(&mut self, target: Option<Target>, why: &str) -> Result<(), Fault> {
        match target.or(self.script.on_failure) {
            Some(target) => self.enter(target),
            None => {
                let node = self.script.node(self.state.node)?;
                Err(Fault::new(
                    "script.no-way-on",
                    format!(
                        "what node `{}` asked for {why}, and the flow says no node for that",
                        node.id
                    ),
                ))
            }
        }
    }

    fn ask_menu(&mut self, menu: &Menu, first: Option<&Text>) {
        let keys = menu.keys.iter().map(|(key, _)| key.as_str());
        let always = self.script.always.iter().map(|(key, _)| *key);
        let longest = keys
            .clone()
            .chain(always.clone())
            .map(str::len)
            .max()
            .unwrap_or(1);
        let hash_is_a_key = keys.chain(always).any(|key| key.contains('#'));
        let terminators = if longest == 1 || hash_is_a_key {
            ""
        } else {
            "#"
        };
        let prompts = self.question(first, &menu.text);
        self.ask(ivr::Collect {
            prompts,
            barge_in: menu.barge_in,
            max_digits: longest as u32,
            terminators: terminators.to_owned(),
            first_timeout_ms: menu.tries.wait_ms,
            inter_timeout_ms: menu.tries.between_ms,
            sensitive: false,
            ext: Vec::new(),
        });
    }

    fn ask_keys(&mut self, collect: &Collect, first: Option<&Text>) {
        let prompts = self.question(first, &collect.text);
        self.ask(ivr::Collect {
            prompts,
            barge_in: collect.barge_in,
            max_digits: collect.most,
            terminators: collect.terminators.clone(),
            first_timeout_ms: collect.tries.wait_ms,
            inter_timeout_ms: collect.tries.between_ms,
            sensitive: collect.sensitive,
            ext: Vec::new(),
        });
    }

    fn question(&self, first: Option<&Text>, text: &Text) -> Vec<Prompt> {
        let mut prompts = first.map(|text| self.say(text)).unwrap_or_default();
        prompts.extend(self.say(text));
        prompts
    }

    fn ask(&mut self, collect: ivr::Collect) {
        self.answer();
        self.state.waiting = Waiting::Keys(self.next_id());
        self.commands.push(Command::Collect(collect));
    }

    fn chosen(&mut self, menu: &Menu, keys: &InputResult) -> Result<(), Fault> {
        let pressed = keys.digits.as_str();
        let own = menu.keys.iter().find(|(key, _)| key == pressed);
        if let Some((_, target)) = own {
            return self.enter(*target);
        }
        if let Some(target) = self.always(pressed) {
            return self.enter(target);
        }
        let complaint = self.failure(&menu.tries, &keys.outcome);
        match complaint {
            Ok(text) => {
                self.ask_menu(menu, text);
                Ok(())
            }
            Err(failed) => self.enter(failed),
        }
    }

    fn collected(&mut self, collect: &Collect, keys: &InputResult) -> Result<(), Fault> {
        if keys.length >= collect.least.max(1) && !is_none(&keys.outcome) {
            let value = match &keys.token {
                Some(token) => token.clone(),
                None => keys.digits.clone(),
            };
            self.assign(&collect.into, value);
            return self.enter(collect.next);
        }
        if let Some(target) = self.always(&keys.digits) {
            return self.enter(target);
        }
        match self.failure(&collect.tries, &keys.outcome) {
            Ok(text) => {
                self.ask_keys(collect, text);
                Ok(())
            }
            Err(failed) => self.enter(failed),
        }
    }

    /// What to say before asking again, or where to go when that was the last try.
    fn failure<'t>(
        &mut self,
        tries: &'t Tries,
        outcome: &InputOutcome,
    ) -> Result<Option<&'t Text>, Target> {
        self.state.failures = self.state.failures.saturating_add(1);
        let id = self.script.node(self.state.node).map(|node| node.id);
        let what = if is_none(outcome) {
            "no key"
        } else {
            "wrong key"
        };
        self.note(&format!("{}: {what}", id.unwrap_or_default()));
        if self.state.failures >= tries.most {
            return Err(tries.failed);
        }
        Ok(match is_none(outcome) {
            true => tries.no_key.as_ref(),
            false => tries.wrong.as_ref(),
        })
    }

    fn always(&self, pressed: &str) -> Option<Target> {
        let (_, target) = self.script.always.iter().find(|(key, _)| *key == pressed)?;
        Some(*target)
    }

    fn enqueue(&mut self, queue: Queue) {
        self.answer();
        if let Some(text) = &queue.say {
            let prompts = self.say(text);
            if !prompts.is_empty() {
                self.commands.push(Command::Play(prompts));
            }
        }
        let preferred = queue.preferred.as_ref();
        let preferred = preferred.and_then(|wanted| self.preferred(wanted));
        self.state.waiting = Waiting::Enqueue(self.next_id());
        self.commands.push(Command::Enqueue(Enqueue {
            queue: queue.queue,
            priority: queue.priority,
            skills: queue.skills,
            preferred,
            ext: Vec::new(),
        }));
    }

    /// None, and noted, when the value is no agent's id: a caller shall not suffer for it.
    fn preferred(&mut self, wanted: &Preferred) -> Option<ivr::Preferred> {
        let agent = self.fill(&wanted.agent);
        if agent.is_empty() {
            return None;
        }
        if agent.parse::<AgentId>().is_err() {
            self.note("preferred: no agent's id");
            return None;
        }
        Some(ivr::Preferred {
            agent,
            wait_ms: wanted.wait_ms,
            ext: Vec::new(),
        })
    }

    fn call_back(&mut self, callback: &Callback) {
        self.answer();
        let said = callback.say.as_ref().map(|text| self.say(text));
        if let Some(prompts) = said.filter(|prompts| !prompts.is_empty()) {
            self.commands.push(Command::Play(prompts));
        }
        self.state.waiting = Waiting::Wish(self.next_id());
        let number = self.fill(&callback.number);
        let number = (!number.is_empty()).then_some(number);
        self.commands.push(Command::Callback(number));
    }

    fn take_message(&mut self, voicemail: &Voicemail) {
        self.answer();
        self.state.waiting = Waiting::Wish(self.next_id());
        self.commands.push(Command::Voicemail(ivr::Voicemail {
            prompts: self.say(&voicemail.text),
            max_ms: voicemail.longest_ms,
            ext: Vec::new(),
        }));
    }

    /// A callback keeps the place in the queue; anywhere else the contact leaves it.
    fn pressed_while_queued(&mut self, pressed: &str) -> Result<(), Fault> {
        let Kind::Queue(queue) = self.here()? else {
            return Ok(());
        };
        let Some((_, target)) = queue.keys.iter().find(|(key, _)| key == pressed) else {
            return Ok(());
        };
        let keeps_place =
            *target != HANG_UP && matches!(self.script.node(*target)?.kind, Kind::Callback(_));
        if !keeps_place {
            self.commands.push(Command::Dequeue);
        }
        self.enter(*target)
    }

    fn enqueued(&mut self, outcome: &str) -> Result<(), Fault> {
        if outcome == "queued" {
            self.state.waiting = Waiting::Queued;
            return Ok(());
        }
        let Kind::Queue(queue) = self.here()? else {
            return Ok(());
        };
        match outcome {
            "unknown-queue" => self.leave(queue.unknown.or(queue.full), "does not exist"),
            "queue-full" => self.leave(queue.full, "is full"),
            "queue-closed" => self.leave(queue.full, "is closed"),
            "queue-empty" => self.leave(queue.full, "has nobody to wait for"),
            _ => self.leave(queue.full, "could not be entered"),
        }
    }

    fn announce(&mut self, progress: &'a QueueProgress) -> Result<(), Fault> {
        let Kind::Queue(queue) = self.here()? else {
            return Ok(());
        };
        self.progress = Some(progress);
        let mut prompts = Vec::new();
        if let Some(text) = &queue.announce {
            prompts.extend(self.say(text));
        }
        if let (Some(text), Some(_)) = (&queue.announce_wait, progress.expected_wait_ms) {
            prompts.extend(self.say(text));
        }
        if prompts.is_empty() {
            return Ok(());
        }
        self.commands.push(if queue.keys.is_empty() {
            Command::Play(prompts)
        } else {
            Command::Collect(ivr::Collect {
                prompts,
                barge_in: true,
                max_digits: 1,
                terminators: String::new(),
                first_timeout_ms: KEY_WHILE_QUEUED_MS,
                inter_timeout_ms: KEY_WHILE_QUEUED_MS,
                sensitive: false,
                ext: Vec::new(),
            })
        });
        Ok(())
    }

    fn choose(&self, choice: &If) -> Target {
        let holds = choice.all.iter().all(|(name, patterns)| {
            let value = self.value(name);
            patterns.iter().any(|pattern| matches(pattern, &value))
        });
        if holds { choice.then } else { choice.otherwise }
    }

    fn open_or_closed(&self, hours: &Hours) -> Target {
        const MINUTES_PER_DAY: i64 = 24 * 60;
        let minute = (self.input.at / 60_000) as i64 + i64::from(hours.utc_offset_minutes);
        let day = minute.div_euclid(MINUTES_PER_DAY);
        let of_day = minute.rem_euclid(MINUTES_PER_DAY) as u16;
        // 1970-01-01 was a Thursday; the week here begins on Monday.
        let weekday = (day + 3).rem_euclid(7) as usize;
        let holiday = hours
            .closed_on
            .iter()
            .any(|closed| i64::from(*closed) == day);
        let open = hours.week[weekday]
            .iter()
            .any(|(from, to)| (*from..*to).contains(&of_day));
        if open && !holiday {
            hours.open
        } else {
            hours.closed
        }
    }

    fn answer(&mut self) {
        if !self.state.answered {
            self.state.answered = true;
            self.commands.push(Command::Answer);
        }
    }

    /// Before the call is answered it can only be refused, afterwards only ended.
    fn end(&mut self, status: Option<u16>) {
        self.state.waiting = Waiting::Over;
        self.commands.push(match (self.state.answered, status) {
            (false, status) => Command::Reject(status.unwrap_or(480)),
            (true, _) => Command::Hangup,
        });
    }

    fn assign(&mut self, name: &str, value: String) {
        self.set.retain(|(known, _)| known != name);
        self.set.push((name.to_owned(), value));
    }

    fn note(&mut self, node: &str) {
        if self.trace.len() < MOST_TRACED {
            self.trace
                .push(node[..node.floor_char_boundary(LONGEST_TRACED)].to_owned());
        }
    }

    fn language(&self) -> &'a str {
        self.script.languages[usize::from(self.state.language)]
    }

    /// In the contact's language, or the first that has the text.
    fn say(&self, text: &Text) -> Vec<Prompt> {
        let (language, parts) = match text {
            Text::Same(parts) => (self.language(), parts),
            Text::Each(languages) => {
                let wanted = usize::from(self.state.language);
                let found = languages
                    .get(wanted)
                    .and_then(Option::as_ref)
                    .map(|parts| (wanted, parts))
                    .or_else(|| {
                        let mut rest = languages.iter().enumerate();
                        rest.find_map(|(place, parts)| Some((place, parts.as_ref()?)))
                    });
                match found {
                    Some((place, parts)) => (self.script.languages[place], parts),
                    None => return Vec::new(),
                }
            }
        };
        let mut prompts = Vec::new();
        self.speak(parts, language, &mut prompts);
        prompts
    }

    fn speak(&self, parts: &[Part], language: &str, prompts: &mut Vec<Prompt>) {
        for part in parts {
            let source = match part {
                Part::Audio(file) => PromptSource::Audio(file.clone()),
                Part::Foreign(other, parts) => {
                    let other = self.script.languages.get(usize::from(*other));
                    self.speak(parts, other.unwrap_or(&language), prompts);
                    continue;
                }
                Part::Words(template) => match self.fill(template) {
                    words if words.trim().is_empty() => continue,
                    words => PromptSource::Text(words),
                },
            };
            prompts.push(Prompt {
                source,
                language: Some(language.to_owned()),
                ext: Vec::new(),
            });
        }
    }

    fn fill(&self, template: &Template) -> String {
        template
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Literal(words) => words.clone(),
                Piece::Value(name) => self.value(name),
            })
            .collect()
    }

    /// An attribute, or one of the built-in values; empty when there is none.
    fn value(&self, name: &str) -> String {
        let known = |attributes: &[(String, String)]| {
            let mut found = attributes.iter().filter(|(key, _)| key == name);
            found.next().map(|(_, value)| value.clone())
        };
        if let Some(value) = known(&self.set).or_else(|| known(&self.input.interaction.attributes))
        {
            return value;
        }
        match name {
            "caller" => self.input.interaction.caller.clone(),
            "dialled" => self.input.interaction.dialled.clone(),
            "channel" => self.input.interaction.channel.clone(),
            "language" => self.language().to_owned(),
            "position" => self
                .progress
                .map(|progress| progress.position.to_string())
                .unwrap_or_default(),
            "queue" => self
                .progress
                .map(|progress| progress.queue.clone())
                .unwrap_or_default(),
            "wait_minutes" => self
                .progress
                .and_then(|progress| progress.expected_wait_ms)
                .map(|wait_ms| wait_ms.div_ceil(60_000).max(1).to_string())
                .unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// The id that the next command will have.
    fn next_id(&self) -> u32 {
        // Attributes, if any, go in front: they were set before whatever follows.
        let place = self.commands.len() + usize::from(!self.set.is_empty());
        id(self.input.step, place)
    }

    fn finish(mut self) -> Result<StepOutput, Fault> {
        if !self.set.is_empty() {
            self.commands
                .insert(0, Command::SetAttributes(std::mem::take(&mut self.set)));
        }
        let state = migrate::keep(self.script, self.state)?;
        let step = self.input.step;
        Ok(StepOutput {
            state,
            actions: self
                .commands
                .into_iter()
                .enumerate()
                .map(|(place, command)| Action {
                    id: id(step, place),
                    command,
                    ext: Vec::new(),
                })
                .collect(),
            trace: self.trace,
            ext: Vec::new(),
        })
    }
}

/// Unique over the contact's life.
fn id(step: u64, place: usize) -> u32 {
    (step as u32)
        .wrapping_mul(32)
        .wrapping_add(place as u32 + 1)
}

/// What a later host says is taken for nothing.
const fn is_none(outcome: &InputOutcome) -> bool {
    matches!(outcome, InputOutcome::NoInput | InputOutcome::Ext(_))
}

/// `*` is any value but none, `+49*` any that begins so, anything else itself.
fn matches(pattern: &str, value: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => !value.is_empty() && value.starts_with(start),
        None => pattern == value,
    }
}
