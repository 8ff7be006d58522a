//! Where each message goes: to the stack's transactions, to a dialog, to the registrar, or back
//! with a refusal, decided before anything is spawned for it.

use crate::admission::Admission;
use crate::dialog::table::Calls;
use crate::dialog::{self, Reply, call::Inbox};
use crate::directory::Directory;
use crate::event::Event;
use crate::options::{Limits, Options, Timers};
use crate::registrar::Registrar;
use crate::replay::{Replays, Seen, Ticket};
use crate::sdp;
use crate::shim::request::{ACCEPT, ALLOW, Refusal};
use crate::shim::{self, Checked, Verdict, reply};
use crate::transport::{Flow, udp};
use crate::trunk::Reaching;
use hotline_vocabulary::ids::{LegId, Minter, TenantId};
use parking_lot::Mutex;
use rsipstack::sip::{self, Header, HeadersExt, Method, SipMessage};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::Transaction;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) struct Router {
    endpoint: EndpointInnerRef,
    directory: Arc<dyn Directory>,
    options: Options,
    events: mpsc::Sender<Event>,
    calls: Arc<Calls>,
    admission: Admission,
    registrar: Registrar,
    replays: Replays,
    tags: reply::Tags,
    minter: Mutex<Minter>,
    /// What calls by a trunk go out by.
    datagrams: Vec<udp::Bound>,
    reaching: Reaching,
    stop: CancellationToken,
}

impl Router {
    pub(crate) fn new(
        endpoint: EndpointInnerRef,
        directory: Arc<dyn Directory>,
        options: Options,
        datagrams: Vec<udp::Bound>,
        events: mpsc::Sender<Event>,
        stop: CancellationToken,
    ) -> Router {
        let now = Instant::now();
        Router {
            endpoint,
            directory,
            events,
            calls: Arc::default(),
            admission: Admission::new(&options.limits, now),
            registrar: Registrar::new(&options.limits, &options.timers, rand::random(), now),
            replays: Replays::new(options.timers.t1 * 64),
            tags: reply::Tags::default(),
            minter: Mutex::new(Minter::new(rand::random())),
            datagrams,
            reaching: Reaching::default(),
            options,
            stop,
        }
    }

    pub(crate) const fn endpoint(&self) -> &EndpointInnerRef {
        &self.endpoint
    }

    pub(crate) const fn calls(&self) -> &Arc<Calls> {
        &self.calls
    }

    pub(crate) const fn events(&self) -> &mpsc::Sender<Event> {
        &self.events
    }

    pub(crate) const fn registrar(&self) -> &Registrar {
        &self.registrar
    }

    pub(crate) fn datagrams(&self) -> &[udp::Bound] {
        &self.datagrams
    }

    pub(crate) const fn reaching(&self) -> &Reaching {
        &self.reaching
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.options.limits
    }

    pub(crate) const fn timers(&self) -> &Timers {
        &self.options.timers
    }

    pub(crate) const fn advertised(&self) -> Option<IpAddr> {
        self.options.advertised
    }

    pub(crate) fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    pub(crate) fn mint_leg(&self) -> LegId {
        self.minter.lock().mint(SystemTime::now().into())
    }

    /// Takes one message: a datagram, or what the framing cut from a stream.
    pub(crate) async fn receive(self: &Arc<Self>, octets: &[u8], flow: &Flow) {
        let limits = &self.options.limits;
        match shim::examine(octets, flow.transport, flow.peer, limits, &self.tags) {
            Verdict::Drop(why) => tracing::trace!(why, "a message was dropped"),
            Verdict::Refuse { status, octets } => {
                tracing::debug!(status, "a message was refused");
                flow.send(octets);
            }
            Verdict::Request(checked) => self.request(*checked, flow).await,
            Verdict::Response(response) => self.response(*response, flow).await,
        }
    }

    fn refuse(&self, checked: &Checked, refusal: &Refusal, flow: &Flow) {
        tracing::debug!(status = refusal.status, "a request was refused");
        flow.send(reply::to_request(&checked.request, refusal, &self.tags));
    }

    async fn request(self: &Arc<Self>, checked: Checked, flow: &Flow) {
        let Ok(key) = TransactionKey::from_request(&checked.request, TransactionRole::Server)
        else {
            if checked.request.method != Method::Ack {
                let refusal = Refusal::because(400, "a Via that can not be followed");
                self.refuse(&checked, &refusal, flow);
            }
            return;
        };
        match checked.request.method {
            Method::Ack => {
                self.tell_of_ack(&checked);
                self.to_stack(checked.request.into(), flow).await;
            }
            Method::Cancel => self.to_stack(checked.request.into(), flow).await,
            Method::Options => self.options_request(&checked, flow),
            Method::Register => self.register(&key, &checked, flow),
            Method::Invite if self.knows(&key) => self.to_stack(checked.request.into(), flow).await,
            Method::Invite if self.replays.absorbs(&key) => {}
            Method::Invite if checked.to.tag.is_none() => self.invite(key, checked, flow),
            _ => self.in_dialog(key, checked, flow),
        }
    }

    /// Whether the stack has the transaction of `key`, open or finished.
    fn knows(&self, key: &TransactionKey) -> bool {
        self.endpoint.transactions.contains_key(key)
            || self.endpoint.finished_transactions.contains_key(key)
    }

    /// An INVITE whose ACK came needs no transaction any more; should it come again, it is absorbed.
    pub(crate) fn finish_invite(&self, key: &TransactionKey) {
        self.replays.absorb(key, Instant::now());
        self.endpoint.finished_transactions.remove(key);
    }

    /// Takes a request other than INVITE; none when it came before and that is settled.
    fn take(self: &Arc<Self>, key: &TransactionKey, flow: &Flow) -> Option<Asked> {
        match self.replays.take(key, Instant::now()) {
            Seen::New(ticket) => Some(Asked {
                router: self.clone(),
                ticket: Some(ticket),
                flow: flow.clone(),
            }),
            Seen::Absorb => None,
            Seen::Answered(octets) => {
                flow.send(octets);
                None
            }
        }
    }

    async fn to_stack(&self, message: SipMessage, flow: &Flow) {
        let (connection, source) = (flow.connection.clone(), flow.destination());
        let received = self
            .endpoint
            .on_received_message(message, connection, &source);
        if let Err(error) = received.await {
            tracing::debug!(%error, "the stack did not take a message");
        }
    }

    fn transaction(&self, key: TransactionKey, checked: &Checked, flow: &Flow) -> Transaction {
        let mut transaction = Transaction::new_server(
            key,
            checked.request.clone(),
            self.endpoint.clone(),
            Some(flow.connection.clone()),
        );
        transaction.destination = Some(flow.destination());
        transaction
    }

    fn overloaded(&self) -> Refusal {
        Refusal::plain(503).with("Retry-After", self.options.limits.retry_after_s.to_string())
    }

    /// The tenant and the number that a request is for.
    fn callee<'a>(&self, checked: &'a Checked) -> Result<(TenantId, &'a str), Refusal> {
        // A request for somebody else would have to be forwarded: then, and only then, its hops
        // matter (RFC 3261, section 16.3, step 3).
        let elsewhere = || {
            if checked.max_forwards == Some(0) && checked.request.method != Method::Options {
                Refusal::plain(483)
            } else {
                Refusal::because(404, "no such domain here")
            }
        };
        let tenant = self
            .directory
            .tenant_of_domain(&checked.host)
            .ok_or_else(elsewhere)?;
        let user = checked.user.as_deref().unwrap_or_default();
        if self.directory.is_published(tenant, user) {
            Ok((tenant, user))
        } else {
            Err(Refusal::plain(404))
        }
    }

    /// RFC 3261, section 11.2: as an INVITE would be answered, without a call. One for the host
    /// itself (no user part) asks whether we live.
    fn options_request(&self, checked: &Checked, flow: &Flow) {
        let known = match &checked.user {
            None => Ok(()),
            Some(_) => self.callee(checked).map(|_| ()),
        };
        let answer = match known {
            Ok(()) => Refusal::plain(200)
                .with("Allow", ALLOW)
                .with("Accept", ACCEPT)
                .with("Accept-Encoding", "identity")
                .with("Accept-Language", "en")
                .with("Supported", ""),
            Err(refusal) => refusal,
        };
        self.refuse(checked, &answer, flow);
    }

    fn register(self: &Arc<Self>, key: &TransactionKey, checked: &Checked, flow: &Flow) {
        let Some(asked) = self.take(key, flow) else {
            return;
        };
        // The event's place is taken first: what can not be told must not happen.
        let Ok(permit) = self.events.try_reserve() else {
            return self.refuse(checked, &self.overloaded(), flow);
        };
        let registered =
            self.registrar
                .register(checked, flow, self.directory.as_ref(), Instant::now());
        // A refusal leaves nothing behind: it is decided anew when its request comes again.
        let accepted = match registered {
            Ok(accepted) => accepted,
            Err(refusal) => return self.refuse(checked, &refusal, flow),
        };
        if let Some(event) = accepted.event {
            permit.send(event);
        }
        let mut reply = Reply::new(200);
        for (uri, left_s) in &accepted.contacts {
            let contact = format!("<{uri}>;expires={left_s}");
            reply = reply.with(Header::Contact(sip::Contact::new(contact)));
        }
        let to = checked
            .request
            .to_header()
            .map(|to| format!("{};tag={}", to.value(), dialog::random_token()))
            .ok()
            .filter(|_| checked.to.tag.is_none());
        asked.answer(&checked.request, reply, to.as_deref());
    }

    fn invite(self: &Arc<Self>, key: TransactionKey, checked: Checked, flow: &Flow) {
        match self.admit(&checked, flow) {
            Err(refusal) => self.refuse(&checked, &refusal, flow),
            Ok((tenant, offer)) => {
                let transaction = self.transaction(key, &checked, flow);
                let leg = self.mint_leg();
                tracing::debug!(%leg, %tenant, "a call came in");
                dialog::spawn_inbound(self, leg, tenant, checked, offer, transaction, flow.clone());
            }
        }
    }

    fn admit(
        &self,
        checked: &Checked,
        flow: &Flow,
    ) -> Result<(TenantId, Option<sdp::Described>), Refusal> {
        let from_tag = checked.from.tag.as_deref().unwrap_or_default();
        if self.calls.is_merged(&checked.call_id, from_tag) {
            return Err(Refusal::because(482, "this call came by another path too"));
        }
        let (tenant, _) = self.callee(checked)?;
        let limits = &self.options.limits;
        let crowded = self.calls.len() >= limits.concurrent_calls
            || self.endpoint.transactions.len() >= limits.pending_transactions
            || self.events.capacity() < limits.events / 8;
        if crowded || !self.admission.admits(flow.peer.ip(), Instant::now()) {
            return Err(self.overloaded());
        }
        let offer = match checked.request.body.as_slice() {
            [] => None,
            body => Some(sdp::read(body).map_err(|unusable| {
                Refusal::plain(488).with("Warning", dialog::warning(unusable))
            })?),
        };
        Ok((tenant, offer))
    }

    /// The dialog hears of an ACK in the order of arrival; by its transaction's task it could be
    /// overtaken by the request behind it.
    fn tell_of_ack(&self, checked: &Checked) {
        let tag = checked.to.tag.as_deref();
        if let Some(inbox) = tag.and_then(|tag| self.calls.find(tag, &checked.call_id)) {
            let _ = inbox.try_send(Inbox::Acked {
                cseq: checked.cseq,
                body: checked.request.body.clone(),
            });
        }
    }

    /// A request within a dialog is let through whatever the load.
    fn in_dialog(self: &Arc<Self>, key: TransactionKey, checked: Checked, flow: &Flow) {
        let asked = match checked.request.method {
            Method::Invite => None,
            _ => match self.take(&key, flow) {
                Some(asked) => Some(asked),
                None => return,
            },
        };
        let inbox = checked
            .to
            .tag
            .as_deref()
            .and_then(|tag| self.calls.find(tag, &checked.call_id));
        let Some(inbox) = inbox else {
            return self.refuse(&checked, &Refusal::plain(481), flow);
        };
        match inbox.try_reserve() {
            Ok(permit) => permit.send(match asked {
                Some(asked) => Inbox::Request(Box::new((asked, checked))),
                None => {
                    let transaction = self.transaction(key, &checked, flow);
                    Inbox::Reinvite(Box::new((transaction, checked, flow.clone())))
                }
            }),
            Err(mpsc::error::TrySendError::Full(())) => {
                let refusal = Refusal::because(500, "too many requests in this dialog")
                    .with("Retry-After", "1");
                self.refuse(&checked, &refusal, flow);
            }
            Err(mpsc::error::TrySendError::Closed(())) => {
                self.refuse(&checked, &Refusal::plain(481), flow);
            }
        }
    }

    async fn response(&self, response: sip::Response, flow: &Flow) {
        let Ok(key) = TransactionKey::from_response(&response, TransactionRole::Client) else {
            return;
        };
        if self.knows(&key) {
            return self.to_stack(response.into(), flow).await;
        }
        // A 2xx to an INVITE comes until its ACK arrives, also when its transaction is gone.
        if response.status_code.code() / 100 != 2 {
            return;
        }
        let tag = response.from_header().and_then(sip::From::tag);
        let call_id = response.call_id_header();
        let method = response.cseq_header().and_then(sip::CSeq::method);
        if let (Ok(Some(tag)), Ok(call_id), Ok(Method::Invite)) = (tag, call_id, method)
            && let Some(inbox) = self.calls.find(tag.value(), call_id.value())
        {
            let _ = inbox.try_send(Inbox::AnsweredAgain);
        }
    }
}

/// A request other than INVITE that waits for its answer. Dropped without one, it is decided anew
/// when it comes again.
pub(crate) struct Asked {
    router: Arc<Router>,
    ticket: Option<Ticket>,
    pub(crate) flow: Flow,
}

impl Asked {
    /// Answers `request`, now and each time that it comes again; `to` replaces its To.
    pub(crate) fn answer(mut self, request: &sip::Request, reply: Reply, to: Option<&str>) {
        let response = reply.to(request, to).to_bytes();
        let octets = reply::strip_null_tag(&response);
        if let Some(ticket) = self.ticket.take() {
            self.router.replays.answer(ticket, &octets);
        }
        self.flow.send(octets.into_owned());
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.router.replays.forget(ticket);
        }
    }
}
