//! Changes of a session in progress: re-INVITE and UPDATE (RFC 3261, section 14; RFC 3311).

use super::Reply;
use super::call::{AwaitedAck, Call, Invite, Phase};
use crate::router::Asked;
use crate::sdp::{self, Unusable};
use crate::shim::Checked;
use rsipstack::sip::{self, Header};
use rsipstack::transaction::transaction::Transaction;

/// 488 with the reason in a Warning (RFC 3261, section 20.43).
pub(crate) fn warning(unusable: Unusable) -> String {
    format!("{} hotline \"{unusable}\"", unusable.warn_code())
}

fn not_acceptable(unusable: Unusable) -> Reply {
    Reply::new(488).with(Header::Warning(sip::Warning::new(warning(unusable))))
}

impl Call {
    pub(super) async fn hear_reinvite(&mut self, transaction: Transaction, checked: Checked) {
        let (Phase::Talking, None, Some(local)) = (&self.phase, &self.awaited_ack, self.local)
        else {
            // An INVITE while one is open (14.2).
            return self
                .refuse_reinvite(transaction, "another INVITE is open")
                .await;
        };
        let described = match checked.request.body.as_slice() {
            [] => None,
            body => Some(sdp::read(body)),
        };
        let invite = Invite::watch(transaction, checked.cseq, self.inbox.clone(), &self.router);
        let reply = match &described {
            Some(Err(unusable)) => {
                // The session stays as it was; the far end's ACK is the stack's business.
                return invite.respond(not_acceptable(*unusable).to(&invite.request, None));
            }
            Some(Ok(described)) => {
                Reply::new(200).with_session(self.session.answer(described, local))
            }
            None => Reply::new(200).with_session(self.session.offer(local)),
        };
        self.retarget(&checked);
        self.awaited_ack = Some(AwaitedAck {
            cseq: checked.cseq,
            brings_answer: described.is_none(),
        });
        invite.respond(
            reply
                .in_dialog_of(&invite.request, &self.flow)
                .to(&invite.request, None),
        );
        if let Some(Ok(described)) = described {
            self.change(described.remote).await;
        }
    }

    pub(super) async fn refuse_reinvite(&self, mut transaction: Transaction, why: &'static str) {
        let retry = Header::RetryAfter(sip::RetryAfter::new("2"));
        let reply = Reply::new(500).because(why).with(retry);
        let response = reply.to(&transaction.original, None);
        if let Err(error) = transaction.respond(response).await {
            tracing::debug!(%error, "a response was not sent");
        }
    }

    pub(super) async fn hear_update(&mut self, asked: Asked, checked: &Checked) {
        let request = &checked.request;
        let described = match request.body.as_slice() {
            [] => None,
            body => Some(sdp::read(body)),
        };
        let reply = match (&described, self.local) {
            (None, _) => Reply::new(200),
            (Some(Err(unusable)), _) => {
                return asked.answer(request, not_acceptable(*unusable), None);
            }
            // An offer before the first one is answered (RFC 3311, section 5.2).
            (Some(Ok(_)), None) => {
                let retry = Header::RetryAfter(sip::RetryAfter::new("2"));
                return asked.answer(request, Reply::new(500).with(retry), None);
            }
            (Some(Ok(described)), Some(local)) => {
                Reply::new(200).with_session(self.session.answer(described, local))
            }
        };
        self.retarget(checked);
        asked.answer(request, reply.in_dialog_of(request, &self.flow), None);
        if let Some(Ok(described)) = described {
            self.change(described.remote).await;
        }
    }

    fn retarget(&mut self, checked: &Checked) {
        if let Some(contact) = checked.contacts.first() {
            self.dialog.target.clone_from(&contact.uri);
        }
    }
}
