//! Tells each agent's consoles when the agent's own part of the picture changed, and nobody else's:
//! with hundreds of agents most pictures concern few of them.

use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::live::Live;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::watch;

/// Cheap to clone. An entry lives as long as somebody listens.
#[derive(Debug, Clone, Default)]
pub(super) struct Audience {
    agents: Arc<Mutex<HashMap<AgentId, watch::Sender<()>>>>,
}

impl Audience {
    /// Changes when the agent's part of the picture has; the picture itself is read elsewhere.
    pub(super) fn listen(&self, agent: AgentId) -> watch::Receiver<()> {
        self.agents.lock().entry(agent).or_default().subscribe()
    }

    /// After the new picture can be read.
    pub(super) fn tell(&self, before: &Live, now: &Live) {
        let names = |live: &Live| -> Vec<_> {
            let queues = live.queues.iter();
            queues.map(|queue| (queue.id, queue.name.clone())).collect()
        };
        let concerns_all = names(before) != names(now);
        self.agents.lock().retain(|agent, sender| {
            if concerns_all || differs(*agent, before, now) {
                sender.send_replace(());
            }
            sender.receiver_count() > 0
        });
    }
}

fn differs(agent: AgentId, before: &Live, now: &Live) -> bool {
    let (before_own, now_own) = (before.agent(agent), now.agent(agent));
    before_own != now_own
        || now_own.is_some_and(|own| {
            !before.contacts_of(own).eq(now.contacts_of(own))
                || !before.customers_of(own).eq(now.customers_of(own))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::Timestamp;
    use hotline_vocabulary::agent::{AgentState, Device};
    use hotline_vocabulary::ids::Id;
    use hotline_vocabulary::live::AgentLive;

    fn agent(id: u128, ready: bool) -> AgentLive {
        AgentLive {
            id: AgentId::from_bits(id),
            name: "Ana".to_owned(),
            state: match ready {
                true => AgentState::Ready {
                    since: Timestamp(1),
                },
                false => AgentState::SignedOut,
            },
            work: Vec::new(),
            device: Device::Browser,
            browser_up: true,
            desk_phone_up: false,
            pause_next: None,
            offers: Vec::new(),
        }
    }

    fn picture(at: i64, agents: [bool; 2]) -> Live {
        Live {
            at: Timestamp(at),
            queues: Vec::new(),
            agents: vec![agent(1, agents[0]), agent(2, agents[1])],
            contacts: Vec::new(),
            monitors: Vec::new(),
            customers: Default::default(),
        }
    }

    #[test]
    fn an_agent_is_told_of_their_own_change_alone() {
        let audience = Audience::default();
        let one = audience.listen(AgentId::from_bits(1));
        let other = audience.listen(AgentId::from_bits(2));
        audience.tell(&picture(1, [false, false]), &picture(2, [true, false]));
        assert_eq!(one.has_changed().ok(), Some(true));
        assert_eq!(other.has_changed().ok(), Some(false));
    }

    #[test]
    fn nothing_is_kept_of_those_who_left() {
        let audience = Audience::default();
        drop(audience.listen(AgentId::from_bits(1)));
        let _stays = audience.listen(AgentId::from_bits(2));
        audience.tell(&picture(1, [true, true]), &picture(2, [true, true]));
        assert_eq!(audience.agents.lock().len(), 1);
    }
}
