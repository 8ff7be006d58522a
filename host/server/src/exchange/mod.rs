//! One exchange per tenant: stamps the time on what happened, lets the switchboard decide, writes
//! the facts down, and only then has the effects performed. **One input, then drain.**
//!
//! It waits for nothing but its inputs: media, SIP and plugins answer through further inputs, and
//! facts go to the local journal (one `write`), never to a database.

mod audience;
mod effects;
mod lookups;
mod publish;
mod supervise;
mod visits;

pub(crate) use effects::{Awaited, Performers};
pub(crate) use lookups::Knowledge;
pub(crate) use supervise::{Exchanges, Start};

use crate::clock::Clock;
use audience::Audience;
use hotline_records::journal::Journal;
use hotline_switchboard::Switchboard;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId, TenantId};
use hotline_vocabulary::input::AgentRequest;
use hotline_vocabulary::live::Live;
use hotline_vocabulary::routing::WhyWaiting;
use hotline_vocabulary::{Fact, Input};
use publish::Publisher;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use visits::Visits;

/// Inputs that may wait for one tenant. When full: new calls get 503, agents' requests get 503, and
/// events of running calls wait in their sender, which is bounded in turn.
const INPUTS: usize = 8_192;
/// Questions of people that may wait for one tenant's answer; the next one gets 503. They wait apart
/// from inputs, so that curiosity takes no place of a call.
const QUESTIONS: usize = 8;
/// Facts that a subscriber may lag behind before it is told that it missed some (and reads them
/// from the database by their cursor).
const FACTS: usize = 8_192;

/// A cheap handle on one tenant's exchange.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    inputs: mpsc::Sender<Message>,
    questions: mpsc::Sender<Question>,
    facts: broadcast::Sender<Arc<Fact>>,
    live: watch::Receiver<Arc<Live>>,
    audience: Audience,
}

#[derive(Debug)]
enum Message {
    Input(Input),
    /// An input that may be refused, and whoever waits to hear of it.
    Request {
        input: Input,
        reply: oneshot::Sender<Result<(), Refused>>,
    },
    Rendered(effects::Rendered),
    /// The host stops: [`Input::Stopping`], and word when all that followed from it is written down
    /// and under way.
    Stop {
        done: oneshot::Sender<()>,
    },
    /// Nothing more is coming; the loop ends.
    End,
}

/// What somebody wants to know of the switchboard; changes nothing.
#[derive(Debug)]
struct Question {
    /// Why does it still wait?
    contact: ContactId,
    reply: oneshot::Sender<Option<WhyWaiting>>,
}

/// What an exchange is told and asked, as it comes in.
#[derive(Debug)]
struct Line {
    inputs: mpsc::Receiver<Message>,
    questions: mpsc::Receiver<Question>,
}

/// The switchboard said no, and why, in a sentence for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("{}", .0.reason)]
    Refused(Refused),
    #[error("the switchboard is too busy")]
    Busy,
}

/// The tenant's line of inputs is full, or its exchange is just restarting.
#[derive(Debug, thiserror::Error)]
#[error("the switchboard is too busy")]
pub(crate) struct Busy;

impl Exchange {
    /// Hands in what may be refused under load (a new call).
    pub(crate) fn try_submit(&self, input: Input) -> Result<(), Busy> {
        self.inputs
            .try_send(Message::Input(input))
            .map_err(|_| Busy)
    }

    /// Hands in what must not be lost (an event of a running call), waiting for room.
    pub(crate) async fn submit(&self, input: Input) {
        // The receiver is gone only while the host stops or after a panic, and its calls with it.
        let _ = self.inputs.send(Message::Input(input)).await;
    }

    /// Hands in an agent's wish and waits until it was decided.
    pub(crate) async fn request(
        &self,
        agent: AgentId,
        request: AgentRequest,
    ) -> Result<(), RequestError> {
        self.ask(Input::AgentRequested { agent, request }).await
    }

    /// Hands in what may be refused, and waits until it was decided.
    pub(crate) async fn ask(&self, input: Input) -> Result<(), RequestError> {
        let (reply, decided) = oneshot::channel();
        self.inputs
            .try_send(Message::Request { input, reply })
            .map_err(|_| RequestError::Busy)?;
        decided
            .await
            .map_err(|_| RequestError::Busy)?
            .map_err(RequestError::Refused)
    }

    /// Why a contact still waits; none when it waits in no queue.
    pub(crate) async fn why_waiting(&self, contact: ContactId) -> Result<Option<WhyWaiting>, Busy> {
        let (reply, answered) = oneshot::channel();
        self.questions
            .try_send(Question { contact, reply })
            .map_err(|_| Busy)?;
        answered.await.map_err(|_| Busy)
    }

    /// The tenant at its latest published instant.
    pub(crate) fn live(&self) -> watch::Receiver<Arc<Live>> {
        self.live.clone()
    }

    /// Changes when [`Exchange::live`] has, in what concerns one agent alone.
    pub(crate) fn own_changes(&self, agent: AgentId) -> watch::Receiver<()> {
        self.audience.listen(agent)
    }

    /// Facts from now on.
    pub(crate) fn facts(&self) -> broadcast::Receiver<Arc<Fact>> {
        self.facts.subscribe()
    }
}

/// The loop's own state; lives in the exchange's task.
struct Running {
    tenant: TenantId,
    switchboard: Switchboard,
    clock: Clock,
    journal: Journal,
    performers: Performers,
    publisher: Publisher,
    visits: Visits,
    /// Through which performers answer; weak, so that an answer on its way keeps no lost exchange.
    myself: mpsc::WeakSender<Message>,
}

impl Running {
    async fn run(&mut self, line: &mut Line) {
        loop {
            let wake = self.clock.instant_of(self.switchboard.next_wake());
            tokio::select! {
                message = line.inputs.recv() => match message {
                    Some(Message::End) | None => return,
                    Some(message) => self.take(message),
                },
                Some(question) = line.questions.recv() => self.answer(question),
                () = sleep_until(wake) => self.take(Message::Input(Input::Tick)),
                () = self.publisher.due() => {
                    let now = self.clock.now();
                    self.publisher.publish(|| self.switchboard.live(now));
                }
            }
        }
    }

    fn answer(&mut self, Question { contact, reply }: Question) {
        let now = self.clock.now();
        // Whoever asked may have lost patience.
        let _ = reply.send(self.switchboard.why_waiting(contact, now));
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Input(input) => {
                self.step(input);
            }
            Message::Request { input, reply } => {
                let refused = self.step(input);
                // Who no longer waits for the answer does not matter to the switchboard.
                let _ = reply.send(refused.map_or(Ok(()), Err));
            }
            Message::Rendered(rendered) => {
                if let Some(input) = self.performers.rendered(rendered) {
                    self.step(input);
                }
            }
            Message::Stop { done } => {
                self.step(Input::Stopping);
                // Whoever stops the host may have lost patience.
                let _ = done.send(());
            }
            Message::End => {}
        }
    }

    /// One input, then drain. Gives the refusal, when the input was a request and was refused.
    fn step(&mut self, input: Input) -> Option<Refused> {
        if let Input::Configured(configuration) = &input {
            self.visits.configured(configuration);
        }
        self.switchboard.handle(self.clock.now(), input);
        let drained = self.switchboard.drain();
        if !drained.facts.is_empty()
            && let Err(error) = self.journal.append(&drained.facts)
        {
            // Running calls go on; `has_room` refuses new ones until the disk is well again.
            tracing::error!(tenant = %self.tenant, %error, "facts could not be written to the journal");
        }
        let refused = drained.facts.iter().find_map(|fact| match &fact.what {
            What::RequestRefused { reason, .. } => Some(Refused {
                reason: reason.clone(),
            }),
            _ => None,
        });
        for fact in &drained.facts {
            if let (Some(contact), Some(outcome)) = (fact.contact, self.visits.outcome(&fact.what))
            {
                let sandbox = &self.performers.sandbox;
                sandbox.visit_ended(self.tenant, contact, outcome);
            }
        }
        self.publisher.facts(drained.facts);
        for effect in drained.effects {
            self.performers.perform(effect, &self.myself);
        }
        refused
    }
}

async fn sleep_until(wake: Option<tokio::time::Instant>) {
    match wake {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
