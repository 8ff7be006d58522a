//! What a decision costs, asked without the host around it: a fresh instance, the question in, the
//! policy's thinking, the answer out. The same calls in both languages of the SDKs.

use crate::table::{Spread, Table, progress};
use hotline_sandbox::Compiling;
use hotline_sandbox::offline::Bench;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId};
use hotline_vocabulary::question::Question;
use hotline_vocabulary::routing::{
    AgentView, Batch, Candidate, ContactView, Experience, QueueView,
};
use hotline_vocabulary::skills::{Skill, SkillNeed};
use hotline_vocabulary::time::Millis;
use std::path::Path;

const CALLS: usize = 1_000;
/// Until memory that instances share is in place.
const WARM_UP: usize = 100;

/// Contacts and agents of a batch.
const SIZES: [(u128, u128); 3] = [(1, 10), (1, 50), (8, 50)];

pub(crate) fn measure(table: &mut Table) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cache = tempfile::TempDir::new().expect("a folder");
    let bench = Bench::open(Compiling::Here, cache.path(), 1).expect("a bench opens");
    let policies = [
        ("Rust", "plugins/dist/best_skill.wasm", "60 us"),
        ("TypeScript", "examples/dist/ts_longest_idle.wasm", "500 us"),
    ];
    for (language, path, goal) in policies {
        progress(&format!("decisions in {language}"));
        let component = std::fs::read(root.join(path)).expect("it is built");
        let policy = bench
            .policy(language, path, &component, "{}")
            .expect("the policy is good");
        for (contacts, agents) in SIZES {
            let question = Question::Decide {
                policy: None,
                batch: batch(contacts, agents),
            };
            let usage = (0..WARM_UP + CALLS).map(|_| {
                let verdict = policy.answer(&question);
                verdict.outcome.expect("a decision");
                verdict.usage
            });
            let usage: Vec<_> = usage.skip(WARM_UP).collect();
            let took = Spread::of(usage.iter().map(|usage| usage.took_us).collect());
            let took = took.expect("calls were made");
            let value = format!("{} / {} us, {} fuel", took.p50, took.p99, usage[0].fuel);
            let title =
                format!("decision in {language}, {contacts} x {agents}, p50 / p99 of {CALLS}");
            table.row(&title, if contacts == 1 { goal } else { "" }, value);
        }
    }
}

/// Contacts that wait, and as many agents who could take any: each of three skills, of which the
/// contacts need one, in which some have worked today.
fn batch(contacts: u128, agents: u128) -> Batch {
    let skill = |name: &str, level: u128| Skill {
        name: name.to_owned(),
        level: (level % 10) as u8 + 1,
    };
    let agents: Vec<AgentView> = (1..=agents)
        .map(|number| AgentView {
            id: AgentId::from_bits(number),
            idle_ms: Millis(1_000_000 / number as u64),
            occupancy: 0.5,
            skills: vec![
                skill("german", number),
                skill("english", number + 3),
                skill("mobile contracts", number + 6),
            ],
            experience: (number % 2 == 0)
                .then(|| Experience {
                    topic: "german".to_owned(),
                    handled: number as u32,
                    last_ended_ms: Some(Millis(60_000)),
                    resolution: None,
                    rating: None,
                })
                .into_iter()
                .collect(),
        })
        .collect();
    let candidates: Vec<Candidate> = (0..agents.len() as u32)
        .map(|agent| Candidate { agent, ring: 1 })
        .collect();
    Batch {
        at: Timestamp(1_790_000_000_000),
        queues: vec![QueueView {
            id: QueueId::from_bits(1),
            name: "support".to_owned(),
            waiting: 1,
            oldest_wait_ms: Millis(40_000),
            ready_agents: agents.len() as u32,
            service_level_ms: Millis(20_000),
            expected_wait_ms: Some(Millis(60_000)),
            open: true,
        }],
        contacts: (1..=contacts)
            .map(|number| waiting(ContactId::from_bits(number), candidates.clone()))
            .collect(),
        agents,
    }
}

fn waiting(contact: ContactId, candidates: Vec<Candidate>) -> ContactView {
    ContactView {
        contact,
        interaction: Interaction {
            id: contact.to_string(),
            channel: "phone".to_owned(),
            direction: "inbound".to_owned(),
            caller: "+4930123456".into(),
            dialled: "+4930000000".to_owned(),
            language: Some("de".to_owned()),
            started_at: Timestamp(1_789_999_900_000),
            priority: 1,
            attributes: vec![("topic".to_owned(), "contract".to_owned())],
        },
        queue: QueueId::from_bits(1),
        waited_ms: Millis(40_000),
        attempt: 0,
        ring: 1,
        needs: vec![SkillNeed {
            skill: "german".to_owned(),
            at_least: 1,
        }],
        candidates_total: candidates.len() as u32,
        candidates,
        preferred: None,
        facts: Vec::new(),
    }
}
