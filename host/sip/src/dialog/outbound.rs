//! A call that we make: to a registered desk phone, by the way that it registered, or to a customer
//! by a trunk.

use super::call::{Call, Inbox, Phase, receive};
use super::table::{self, Names};
use super::{Dialog, random_token};
use crate::event::Event;
use crate::registrar::bindings::Binding;
use crate::router::Router;
use crate::sdp;
use crate::status::end_reason;
use crate::transport::Flow;
use crate::trunk::{Account, Challenge, user_part};
use hotline_vocabulary::ids::{Id, LegId};
use hotline_vocabulary::{Address, EndReason};
use rsipstack::sip::{self, Header, Method, Request, Response, SipMessage};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::Transaction;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Whom we call, and by which way.
pub(crate) struct Callee {
    pub(crate) flow: Flow,
    /// The Request-URI.
    pub(crate) uri: String,
    /// For the `To`.
    pub(crate) address: String,
    /// Whose doing it is when the far end hangs up.
    pub(crate) hangs_up_as: EndReason,
    /// Who we are when asked.
    pub(crate) account: Option<Account>,
}

impl From<Binding> for Callee {
    fn from(device: Binding) -> Self {
        Callee {
            flow: device.flow,
            uri: device.uri,
            address: device.address_of_record,
            hangs_up_as: EndReason::AgentHungUp,
            account: None,
        }
    }
}

/// Our INVITE, not finally answered.
pub(super) struct Dialling {
    invite: Request,
    /// Told once: a far end that asks again does not believe us.
    account: Option<Account>,
    /// A CANCEL may not overtake the first provisional response (RFC 3261, section 9.1).
    rang: bool,
    given_up: bool,
}

/// Starts the task of a call to `callee`.
pub(crate) fn spawn(
    router: &Arc<Router>,
    leg: LegId,
    callee: Callee,
    caller: &Address,
    local: SocketAddr,
) {
    let flow = callee.flow;
    let local_tag = random_token();
    let call_id = format!("{}{}", random_token(), random_token());
    let mut dialog = Dialog {
        call_id: call_id.clone(),
        local: format!("<sip:{}@{}>;tag={local_tag}", user_part(caller), flow.local),
        remote: format!("<{}>", callee.address),
        target: callee.uri,
        routes: Vec::new(),
        local_cseq: 0,
        remote_cseq: None,
    };
    let mut session = sdp::Local::new(leg.bits() as u64);
    let mut invite = dialog.request(Method::Invite, &flow);
    invite.body = session.offer(local).into_bytes();
    invite
        .headers
        .push(Header::ContentType(sip::ContentType::new(
            "application/sdp",
        )));

    let (commands, command_queue) = mpsc::channel(table::COMMANDS);
    let (inbox, inbox_queue) = mpsc::channel(table::INBOX);
    let presence = router.calls().enter(
        Names {
            leg,
            call_id,
            local_tag,
            received_tag: None,
        },
        commands,
        inbox.clone(),
        router.events().clone(),
    );
    let call = Call {
        router: router.clone(),
        presence,
        flow,
        dialog,
        phase: Phase::Dialling(Box::new(Dialling {
            invite: invite.clone(),
            account: callee.account,
            rang: false,
            given_up: false,
        })),
        inbox: inbox.clone(),
        awaited_ack: None,
        session,
        local: Some(local),
        remote: None,
        hung_up_by_far_end: callee.hangs_up_as,
        ack: None,
    };
    call.send_invite(invite, inbox);
    let task = tokio::spawn(call.live(command_queue, inbox_queue));
    router.calls().abort_by(leg, task.abort_handle());
}

impl Call {
    fn send_invite(&self, invite: Request, inbox: mpsc::Sender<Inbox>) {
        let Ok(key) = TransactionKey::from_request(&invite, TransactionRole::Client) else {
            tracing::error!("a request of ours has no transaction key");
            return;
        };
        let mut transaction = Transaction::new_client(
            key,
            invite,
            self.router.endpoint().clone(),
            Some(self.flow.connection.clone()),
        );
        transaction.destination = Some(self.flow.destination());
        let stop = self.router.stopping();
        tokio::spawn(async move {
            let _ = transaction.send().await;
            while let Some(message) = receive(&mut transaction, &stop).await {
                if let SipMessage::Response(response) = message
                    && inbox
                        .send(Inbox::Response(Box::new(response)))
                        .await
                        .is_err()
                {
                    return;
                }
            }
        });
    }

    pub(super) async fn hear_response(&mut self, response: Response) {
        let Phase::Dialling(dialling) = &mut self.phase else {
            return;
        };
        let given_up = dialling.given_up;
        match response.status_code.code() {
            100..=199 => {
                let first = !std::mem::replace(&mut dialling.rang, true);
                if first && given_up {
                    self.cancel();
                }
            }
            200..=299 => self.hear_answer(&response, given_up).await,
            401 | 407 if !given_up && self.tell_who_we_are(&response) => {}
            status => {
                self.presence.end(end_reason(status)).await;
                self.phase = Phase::Over;
            }
        }
    }

    /// Sends the INVITE again with credentials (RFC 3261, section 22.2). False when we have none
    /// for this.
    fn tell_who_we_are(&mut self, response: &Response) -> bool {
        let Phase::Dialling(dialling) = &mut self.phase else {
            return false;
        };
        let Some((account, challenge)) = dialling.account.take().zip(Challenge::of(response))
        else {
            return false;
        };
        let mut invite = self.dialog.request(Method::Invite, &self.flow);
        let answer = challenge.answer(&account, "INVITE", &self.dialog.target, &random_token());
        invite.headers.push(answer);
        invite
            .headers
            .push(Header::ContentType(sip::ContentType::new(
                "application/sdp",
            )));
        invite.body = std::mem::take(&mut dialling.invite.body);
        dialling.invite = invite.clone();
        dialling.rang = false;
        self.send_invite(invite, self.inbox.clone());
        true
    }

    async fn hear_answer(&mut self, response: &Response, given_up: bool) {
        self.dialog.establish(response);
        let ack = self
            .dialog
            .request_numbered(Method::Ack, self.dialog.local_cseq, &self.flow);
        self.ack = Some(ack);
        self.repeat_ack().await;
        if given_up {
            return self.bye();
        }
        match sdp::read(&response.body) {
            Ok(described) => {
                let (leg, remote) = (self.presence.leg(), described.remote);
                self.remote = Some(remote);
                self.phase = Phase::Talking;
                self.presence.tell(Event::Answered { leg, remote }).await;
            }
            Err(_) => {
                self.presence.end(EndReason::NoCommonCodec).await;
                self.bye();
            }
        }
    }

    /// The ACK of a 2xx is ours, each time the 2xx comes (RFC 3261, section 13.2.2.4).
    pub(super) async fn repeat_ack(&self) {
        if let Some(ack) = &self.ack {
            let message = SipMessage::Request(ack.clone());
            let destination = self.flow.destination();
            if let Err(error) = self.flow.connection.send(message, Some(&destination)).await {
                tracing::debug!(%error, "an ACK was not sent");
            }
        }
    }

    /// The house wants the phone to stop ringing.
    pub(super) async fn give_up(&mut self, reason: EndReason) {
        self.presence.end(reason).await;
        let Phase::Dialling(dialling) = &mut self.phase else {
            return;
        };
        let first = !std::mem::replace(&mut dialling.given_up, true);
        if first && dialling.rang {
            self.cancel();
        }
    }

    /// The CANCEL copies what names its INVITE's transaction (RFC 3261, section 9.1).
    fn cancel(&self) {
        let Phase::Dialling(dialling) = &self.phase else {
            return;
        };
        let cseq = self.dialog.local_cseq;
        let mut cancel = self
            .dialog
            .request_numbered(Method::Cancel, cseq, &self.flow);
        cancel
            .headers
            .retain(|header| !matches!(header, Header::Via(_)));
        let via = dialling
            .invite
            .headers
            .iter()
            .find(|header| matches!(header, Header::Via(_)));
        if let Some(via) = via {
            cancel.headers.push_front(via.clone());
        }
        self.send_and_forget(cancel);
    }
}
