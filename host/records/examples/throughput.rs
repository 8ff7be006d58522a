//! What history costs: `cargo run --release -p hotline-records --example throughput [contacts]`.
//! Appends contacts of 25 facts, one append for each two facts, follows them into SQLite, and
//! prints times and processor time of this process for each.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use hotline_records::{Database, Location, journal, projector, schema};
use hotline_vocabulary::Fact;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::end_reason::EndReason;
use hotline_vocabulary::fact::{Epoch, Sequence, What};
use hotline_vocabulary::ids::{ContactId, Id, Minter, TenantId};
use hotline_vocabulary::plugin::{Digest, PluginVersion, Usage};
use hotline_vocabulary::time::{Millis, Timestamp};
use std::time::{Duration, Instant};

fn contact(minter: &mut Minter, sequence: &mut u64) -> Vec<Fact> {
    let at = Timestamp(1_700_000_000_000 + *sequence as i64);
    let id: ContactId = minter.mint(at);
    let (leg, visit, queue) = (minter.mint(at), minter.mint(at), minter.mint(at));
    let mut whats = vec![What::ContactStarted {
        channel: Channel::Phone,
        caller: "+4930123456".into(),
        dialled: "100".to_owned(),
        leg: Some(leg),
        flow: "main".to_owned(),
        parent: None,
    }];
    for step in 0..8 {
        whats.push(What::FlowStepped {
            step,
            event: "done".to_owned(),
            trace: vec!["menu".to_owned(), "support".to_owned()],
            actions: vec!["play".to_owned(), "collect".to_owned()],
            version: PluginVersion {
                name: "main".to_owned(),
                component: Digest([1; 32]),
                artifact: Some(Digest([2; 32])),
            },
            usage: Usage::default(),
        });
        whats.push(What::AttributesSet {
            attributes: vec![("topic".to_owned(), "cards".to_owned())],
        });
        whats.push(What::QueueRanked {
            visit,
            base: 1.0,
            slope: 0.5,
            reasons: vec!["priority 0".to_owned()],
            version: None,
            usage: Usage::default(),
        });
    }
    let queue_name = "support".to_owned();
    let priority = 0;
    whats[5] = What::QueueEntered {
        visit,
        queue,
        queue_name,
        priority,
        place_since: None,
        skills: Default::default(),
    };
    whats[24] = What::ContactEnded {
        reason: EndReason::CallerHungUp,
    };
    whats
        .into_iter()
        .map(|what| {
            *sequence += 1;
            Fact {
                tenant: TenantId::from_bits(1),
                epoch: Epoch(1),
                sequence: Sequence(*sequence),
                at: at + Millis(*sequence % 7),
                contact: Some(id),
                agent: None,
                what,
            }
        })
        .collect()
}

/// User and system time of this process, from `/proc/self/stat` (proc(5): fields 14 and 15).
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[tokio::main]
async fn main() {
    let contacts: usize = std::env::args()
        .nth(1)
        .map_or(4_000, |text| text.parse().expect("a number of contacts"));
    let dir = tempfile::TempDir::new().unwrap();
    let location = Location::Sqlite(dir.path().join("hotline.db"));
    let database = Database::open(&schema::Options::new(location))
        .await
        .unwrap();
    let (journal, _) =
        journal::Journal::open(&dir.path().join("journal"), journal::Options::default()).unwrap();
    let (mut minter, mut sequence) = (Minter::new(1), 0);
    let facts: Vec<Fact> = (0..contacts)
        .flat_map(|_| contact(&mut minter, &mut sequence))
        .collect();
    let report = |what: &str, began: Instant, before: Duration| {
        let (took, cost) = (began.elapsed(), processor_time() - before);
        println!(
            "{what}: {} facts in {took:.2?}, {:.0} facts/s, {:.1} us of processor a fact, {:.3} ms a contact",
            facts.len(),
            facts.len() as f64 / took.as_secs_f64(),
            cost.as_secs_f64() * 1e6 / facts.len() as f64,
            cost.as_secs_f64() * 1e3 / contacts as f64,
        );
    };
    let (began, before) = (Instant::now(), processor_time());
    for some in facts.chunks(2) {
        journal.append(some).unwrap();
    }
    report("journal  ", began, before);
    let (began, before) = (Instant::now(), processor_time());
    let (service, handle) =
        projector::start(projector::Options::default(), journal.clone(), database);
    handle.caught_up().await.unwrap();
    report("projector", began, before);
    service.stop().await;
}
