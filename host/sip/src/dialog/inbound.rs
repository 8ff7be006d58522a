//! A call that comes to us: INVITE, ringing, answer, refusal.

use super::call::{AwaitedAck, Call, Invite, Phase};
use super::table::{self, Names};
use super::{Dialog, Reply, random_token};
use crate::event::{Event, Incoming};
use crate::router::Router;
use crate::sdp::{self, Described};
use crate::shim::Checked;
use crate::transport::Flow;
use hotline_vocabulary::ids::{Id, LegId, TenantId};
use hotline_vocabulary::media::{Codec, Direction, RemoteMedia};
use hotline_vocabulary::{Address, EndReason};
use rsipstack::sip::{self, Header};
use rsipstack::transaction::transaction::Transaction;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What waits for the house's decision.
pub(super) struct Ringing {
    pub(super) invite: Invite,
    /// None when the caller leaves the offer to us.
    offer: Option<Described>,
}

/// The port of the discard service: nobody listens there.
const DISCARD_PORT: u16 = 9;

/// Starts the task of an admitted call.
pub(crate) fn spawn(
    router: &Arc<Router>,
    leg: LegId,
    tenant: TenantId,
    checked: Checked,
    offer: Option<Described>,
    transaction: Transaction,
    flow: Flow,
) {
    let local_tag = random_token();
    let (commands, command_queue) = mpsc::channel(table::COMMANDS);
    let (inbox, inbox_queue) = mpsc::channel(table::INBOX);
    let presence = router.calls().enter(
        Names {
            leg,
            call_id: checked.call_id.clone(),
            local_tag: local_tag.clone(),
            received_tag: Some(checked.from.tag.clone().unwrap_or_default()),
        },
        commands,
        inbox.clone(),
        router.events().clone(),
    );
    let remote = offer.as_ref().map_or(
        RemoteMedia {
            address: SocketAddr::new(flow.peer.ip(), DISCARD_PORT),
            codec: Codec::Pcmu,
            telephone_event: None,
            direction: Direction::Inactive,
            rtcp_mux: false,
        },
        |described| described.remote,
    );
    let caller = match &checked.from.user {
        Some(user) => Address::new(user.clone()),
        None => Address::new(checked.from.uri.clone()),
    };
    let incoming = Incoming {
        leg,
        tenant,
        caller,
        dialled: checked.user.clone().unwrap_or_default(),
        remote,
    };
    let dialog = Dialog::answering(&checked, &local_tag);
    let invite = Invite::watch(transaction, checked.cseq, inbox.clone(), router);
    let call = Call {
        router: router.clone(),
        presence,
        flow,
        dialog,
        phase: Phase::Ringing(Box::new(Ringing { invite, offer })),
        inbox,
        awaited_ack: None,
        session: sdp::Local::new(leg.bits() as u64),
        local: None,
        remote: Some(remote),
        hung_up_by_far_end: EndReason::CallerHungUp,
        ack: None,
    };
    let task = tokio::spawn(async move {
        call.presence.tell(Event::Incoming(incoming)).await;
        call.live(command_queue, inbox_queue).await;
    });
    router.calls().abort_by(leg, task.abort_handle());
}

impl Call {
    pub(super) fn ring(&mut self) {
        if let Phase::Ringing(ringing) = &self.phase {
            let request = &ringing.invite.request;
            let response = Reply::new(180)
                .in_dialog_of(request, &self.flow)
                .to(request, Some(&self.dialog.local));
            ringing.invite.respond(response);
        }
    }

    /// 200 with our answer, or with our offer when the caller made none.
    pub(super) async fn answer(&mut self, local: SocketAddr) {
        let Phase::Ringing(ringing) = std::mem::replace(&mut self.phase, Phase::Talking) else {
            return;
        };
        self.local = Some(local);
        let description = match &ringing.offer {
            Some(described) => self.session.answer(described, local),
            None => self.session.offer(local),
        };
        let request = &ringing.invite.request;
        let response = Reply::new(200)
            .in_dialog_of(request, &self.flow)
            .with_session(description)
            .to(request, Some(&self.dialog.local));
        self.awaited_ack = Some(AwaitedAck {
            cseq: ringing.invite.cseq,
            brings_answer: ringing.offer.is_none(),
        });
        ringing.invite.respond(response);
    }

    /// A final failure to the INVITE, and the end of the call.
    pub(super) async fn refuse(&mut self, status: u16, reason: EndReason) {
        let Phase::Ringing(ringing) = std::mem::replace(&mut self.phase, Phase::Over) else {
            return;
        };
        // A house that hands out nonsense still gives the caller a final response.
        let status = if (300..700).contains(&status) {
            status
        } else {
            500
        };
        let mut reply = Reply::new(status);
        if status == 503 {
            let seconds = self.router.limits().retry_after_s.to_string();
            reply = reply.with(Header::RetryAfter(sip::RetryAfter::new(seconds)));
        }
        let response = reply.to(&ringing.invite.request, Some(&self.dialog.local));
        ringing.invite.respond(response);
        self.presence.end(reason).await;
    }
}
