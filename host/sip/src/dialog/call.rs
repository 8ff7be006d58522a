//! One call, one task: commands of the house on one side, messages of the far end on the other.
//! Nothing that goes wrong here reaches another call.

use super::inbound::Ringing;
use super::outbound::Dialling;
use super::table::Presence;
use super::{Dialog, Reply, keys};
use crate::event::Event;
use crate::router::{Asked, Router};
use crate::sdp;
use crate::shim::Checked;
use crate::shim::request::{ACCEPT, ALLOW};
use crate::transport::Flow;
use hotline_vocabulary::EndReason;
use hotline_vocabulary::media::RemoteMedia;
use rsipstack::sip::{self, Header, Method, Request, Response, SipMessage};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::{Transaction, TransactionEvent};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a call may ring either way before we give up on it, whatever the house does.
const LONGEST_RINGING: Duration = Duration::from_secs(300);

/// How long a finished call waits for what its transactions still owe (64 T1 and some).
const LONGEST_CLOSING: Duration = Duration::from_secs(40);

/// What the house tells a call.
#[derive(Debug)]
pub(crate) enum Command {
    Ring,
    Answer(SocketAddr),
    Reject(u16),
    HangUp(EndReason),
}

/// What reaches a call from its far end.
pub(crate) enum Inbox {
    /// A request in the dialog that wants an answer.
    Request(Box<(Asked, Checked)>),
    /// An INVITE in the dialog, with its transaction.
    Reinvite(Box<(Transaction, Checked, Flow)>),
    /// The ACK of an INVITE that we answered with 200.
    Acked { cseq: u32, body: Vec<u8> },
    /// That ACK never came (64 T1).
    NeverAcked { cseq: u32 },
    /// A CANCEL of an INVITE that has no final response; already answered with 200.
    Cancelled { cseq: u32 },
    /// A response to our INVITE.
    Response(Box<Response>),
    /// A 2xx that was acknowledged before and came again.
    AnsweredAgain,
}

/// An open INVITE transaction of the far end; its own task keeps it.
#[derive(Debug)]
pub(super) struct Invite {
    pub(super) request: Request,
    pub(super) cseq: u32,
    respond: rsipstack::transaction::transaction::TransactionEventSender,
}

impl Invite {
    /// Starts to watch over `transaction`, which says 100 at once.
    pub(super) fn watch(
        mut transaction: Transaction,
        cseq: u32,
        inbox: mpsc::Sender<Inbox>,
        router: &Arc<Router>,
    ) -> Invite {
        let (router, stop) = (router.clone(), router.stopping());
        let invite = Invite {
            request: transaction.original.clone(),
            cseq,
            respond: transaction.tu_sender.clone(),
        };
        tokio::spawn(async move {
            let _ = transaction.send_trying().await;
            let mut acked = false;
            while let Some(message) = receive(&mut transaction, &stop).await {
                let SipMessage::Request(request) = message else {
                    continue;
                };
                let said = match request.method {
                    Method::Ack => {
                        acked = true;
                        Inbox::Acked {
                            cseq,
                            body: request.body,
                        }
                    }
                    Method::Cancel => Inbox::Cancelled { cseq },
                    _ => continue,
                };
                // The call may be over; its transaction still finishes in order.
                let _ = inbox.send(said).await;
            }
            if acked {
                let key = transaction.key.clone();
                drop(transaction);
                router.finish_invite(&key);
            } else if !stop.is_cancelled() {
                let _ = inbox.send(Inbox::NeverAcked { cseq }).await;
            }
        });
        invite
    }

    pub(super) fn respond(&self, response: Response) {
        let _ = self.respond.send(TransactionEvent::Respond(response));
    }
}

/// What a transaction says next; none when it is over or the room closes.
pub(super) async fn receive(
    transaction: &mut Transaction,
    stop: &CancellationToken,
) -> Option<SipMessage> {
    tokio::select! {
        message = transaction.receive() => message,
        // Dropped half-way, a transaction may lose its place, which no longer matters then.
        () = stop.cancelled() => None,
    }
}

pub(super) enum Phase {
    /// Their INVITE waits for an answer of the house.
    Ringing(Box<Ringing>),
    /// Our INVITE waits for an answer of the phone.
    Dialling(Box<Dialling>),
    Talking,
    /// Over for the house; the protocol still owes something.
    Closing,
    Over,
}

/// A 200 of ours that waits for its ACK.
#[derive(Debug)]
pub(super) struct AwaitedAck {
    pub(super) cseq: u32,
    /// Whether the 200 carried an offer, so that the ACK carries the answer.
    pub(super) brings_answer: bool,
}

pub(super) struct Call {
    pub(super) router: Arc<Router>,
    pub(super) presence: Presence,
    pub(super) flow: Flow,
    pub(super) dialog: Dialog,
    pub(super) phase: Phase,
    pub(super) inbox: mpsc::Sender<Inbox>,
    pub(super) awaited_ack: Option<AwaitedAck>,
    pub(super) session: sdp::Local,
    /// Where our RTP is; none until the house said.
    pub(super) local: Option<SocketAddr>,
    pub(super) remote: Option<RemoteMedia>,
    /// What a BYE of the far end means.
    pub(super) hung_up_by_far_end: EndReason,
    /// The ACK of the 2xx to our INVITE, to be repeated.
    pub(super) ack: Option<Request>,
}

impl Call {
    pub(super) async fn live(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        mut inbox: mpsc::Receiver<Inbox>,
    ) {
        let patience = tokio::time::sleep(LONGEST_RINGING);
        tokio::pin!(patience);
        let stop = self.router.stopping();
        let stopped = stop.cancelled();
        tokio::pin!(stopped);
        loop {
            let was_ended = self.presence.is_ended();
            let waits = was_ended || !matches!(self.phase, Phase::Talking);
            tokio::select! {
                Some(command) = commands.recv() => self.obey(command).await,
                Some(message) = inbox.recv() => self.hear(message).await,
                () = &mut patience, if waits => self.lose_patience().await,
                () = &mut stopped => return self.presence.end(EndReason::HostRestart).await,
            }
            if matches!(self.phase, Phase::Over) {
                return;
            }
            if self.presence.is_ended() && !was_ended {
                patience.as_mut().reset(Instant::now() + LONGEST_CLOSING);
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        match (command, &mut self.phase) {
            (Command::Ring, Phase::Ringing(_)) => self.ring(),
            (Command::Answer(local), Phase::Ringing(_)) => self.answer(local).await,
            (Command::Reject(status), Phase::Ringing(_)) => {
                self.refuse(status, crate::status::reason_of_rejection(status))
                    .await;
            }
            (Command::HangUp(reason), Phase::Ringing(_)) => {
                self.refuse(crate::status::status_of(reason), reason).await;
            }
            (Command::HangUp(reason), Phase::Dialling(_)) => self.give_up(reason).await,
            (Command::HangUp(reason), Phase::Talking) => {
                self.presence.end(reason).await;
                // No BYE before the ACK (RFC 3261, section 15).
                if self.awaited_ack.is_some() {
                    self.phase = Phase::Closing;
                } else {
                    self.bye();
                }
            }
            // Commands that crossed with an end or an answer.
            _ => {}
        }
    }

    async fn hear(&mut self, message: Inbox) {
        match message {
            Inbox::Request(request) => {
                let (asked, checked) = *request;
                self.hear_request(asked, checked).await;
            }
            Inbox::Reinvite(request) => {
                let (transaction, checked, flow) = *request;
                if !self.dialog.takes(checked.cseq) {
                    return self.refuse_reinvite(transaction, "an older CSeq").await;
                }
                self.flow = flow;
                self.hear_reinvite(transaction, checked).await;
            }
            Inbox::Acked { cseq, body } => self.hear_ack(cseq, &body).await,
            Inbox::NeverAcked { cseq } => {
                if self
                    .awaited_ack
                    .take_if(|awaited| awaited.cseq == cseq)
                    .is_some()
                {
                    self.presence.end(EndReason::FarEndFailed).await;
                    self.bye();
                }
            }
            Inbox::Cancelled { cseq } => {
                if matches!(&self.phase, Phase::Ringing(ringing) if ringing.invite.cseq == cseq) {
                    self.refuse(487, EndReason::CallerCancelled).await;
                }
            }
            Inbox::Response(response) => self.hear_response(*response).await,
            Inbox::AnsweredAgain => self.repeat_ack().await,
        }
    }

    async fn hear_ack(&mut self, cseq: u32, body: &[u8]) {
        let Some(awaited) = self.awaited_ack.take_if(|awaited| awaited.cseq == cseq) else {
            return;
        };
        if matches!(self.phase, Phase::Closing) {
            self.bye();
        } else if awaited.brings_answer {
            match sdp::read(body) {
                Ok(described) => self.change(described.remote).await,
                Err(_) => {
                    self.presence.end(EndReason::NoCommonCodec).await;
                    self.bye();
                }
            }
        }
    }

    async fn hear_request(&mut self, asked: Asked, checked: Checked) {
        let request = &checked.request;
        if !self.dialog.takes(checked.cseq) {
            return asked.answer(request, Reply::new(500).because("an older CSeq"), None);
        }
        // The far end may have come by another connection or address.
        self.flow.clone_from(&asked.flow);
        match request.method {
            Method::Bye => {
                asked.answer(request, Reply::new(200), None);
                self.hear_bye().await;
            }
            Method::Info => {
                let content_type = checked.content_type.as_deref().unwrap_or_default();
                let reply = match keys::read(content_type, &request.body) {
                    Some(digit) => {
                        let leg = self.presence.leg();
                        self.presence.tell(Event::Key { leg, digit }).await;
                        Reply::new(200)
                    }
                    None if request.body.is_empty() => Reply::new(200),
                    None => Reply::new(415).with(Header::Accept(sip::Accept::new(ACCEPT))),
                };
                asked.answer(request, reply, None);
            }
            Method::Update => self.hear_update(asked, &checked).await,
            Method::Refer => asked.answer(request, Reply::new(603), None),
            _ => {
                let allow = Header::Allow(sip::Allow::new(ALLOW));
                asked.answer(request, Reply::new(405).with(allow), None);
            }
        }
    }

    async fn hear_bye(&mut self) {
        match &self.phase {
            Phase::Ringing(_) => self.refuse(487, EndReason::CallerCancelled).await,
            _ => {
                self.presence.end(self.hung_up_by_far_end).await;
                self.phase = Phase::Over;
            }
        }
    }

    async fn lose_patience(&mut self) {
        match self.phase {
            _ if self.presence.is_ended() => self.phase = Phase::Over,
            Phase::Ringing(_) => self.refuse(480, EndReason::NoAnswer).await,
            Phase::Dialling(_) => self.give_up(EndReason::NoAnswer).await,
            Phase::Talking | Phase::Closing | Phase::Over => {}
        }
    }

    pub(super) async fn change(&mut self, remote: RemoteMedia) {
        if self.remote != Some(remote) {
            self.remote = Some(remote);
            let leg = self.presence.leg();
            self.presence.tell(Event::Changed { leg, remote }).await;
        }
    }

    /// Ends the dialog from our side and the call with it; the BYE finishes by itself.
    pub(super) fn bye(&mut self) {
        let request = self.dialog.request(Method::Bye, &self.flow);
        self.send_and_forget(request);
        self.phase = Phase::Over;
    }

    /// Sends a request whose response changes nothing.
    pub(super) fn send_and_forget(&self, request: Request) {
        let Ok(key) = TransactionKey::from_request(&request, TransactionRole::Client) else {
            tracing::error!("a request of ours has no transaction key");
            return;
        };
        let mut transaction = Transaction::new_client(
            key,
            request,
            self.router.endpoint().clone(),
            Some(self.flow.connection.clone()),
        );
        transaction.destination = Some(self.flow.destination());
        let stop = self.router.stopping();
        tokio::spawn(async move {
            if transaction.send().await.is_err() {
                return;
            }
            while let Some(message) = receive(&mut transaction, &stop).await {
                let provisional = matches!(&message, SipMessage::Response(response)
                    if response.status_code.code() < 200);
                if !provisional {
                    return;
                }
            }
        });
    }
}
