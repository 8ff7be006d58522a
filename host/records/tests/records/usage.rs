//! What plugins used: nothing of it is lost with the host, and nothing is counted twice.

use hotline_records::repositories::page::Limit;
use hotline_records::repositories::usage::{Day, DayUsage};
use hotline_records::usage::{Ledger, Options, start};
use hotline_records::{Database, Records};
use hotline_vocabulary::ids::{ContactId, Id, TenantId};
use hotline_vocabulary::metering::{Charge, Purpose};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginVersion, Usage};
use hotline_vocabulary::time::Timestamp;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// 2026-11-21 23:59:59.900 UTC.
const LATE: Timestamp = Timestamp(1_795_305_599_900);
const DAY_MS: i64 = 86_400_000;

fn acme() -> TenantId {
    TenantId::from_bits(1)
}

fn contact(number: u128) -> ContactId {
    ContactId::from_bits(number)
}

fn version(name: &str, digest: u8) -> PluginVersion {
    PluginVersion {
        name: name.to_owned(),
        component: Digest([digest; 32]),
        artifact: (digest > 100).then(|| Digest([digest - 100; 32])),
    }
}

fn step(at: i64, digest: u8, fuel: u64, fault: Option<FaultKind>) -> Charge {
    Charge {
        at: Timestamp(at),
        tenant: acme(),
        kind: "flow".into(),
        version: version("main", digest),
        purpose: Purpose::Contacts,
        contacts: vec![contact(7)],
        usage: Usage {
            fuel,
            took_us: fuel / 100,
            memory_bytes: fuel * 3,
        },
        fault,
    }
}

fn options() -> Options {
    Options {
        batch_bytes: 2_000,
        ..Options::default()
    }
}

/// Brings what is in the ledger into SQL, as a host does that runs for a moment.
async fn settle(ledger: Ledger, database: &Database) {
    let ledger = Arc::new(ledger);
    start(options(), ledger.clone(), database.clone())
        .stop()
        .await;
    assert_eq!(ledger.lost(), 0);
}

async fn all_days(records: &Records, tenant: TenantId) -> Vec<DayUsage> {
    let days = (
        Day::of(Timestamp(0)),
        Day::of(Timestamp(LATE.0 + 10 * DAY_MS)),
    );
    let limit = Limit::new(2).expect("a limit");
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let page = records
            .usage
            .days(tenant, days, cursor.as_ref(), limit)
            .await;
        let page = page.expect("a page");
        items.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return items;
        }
    }
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder").count()
}

on_each_database! {
    async fn a_day_tells_what_each_version_used_and_how_it_failed(test: TestDatabase) {
        let database = test.open().await;
        let ledger = Ledger::open(&test.dir.path().join("usage")).expect("a ledger");
        ledger.write(&step(LATE.0, 1, 1_000, None));
        ledger.write(&step(LATE.0 + 50, 1, 4_000, Some(FaultKind::Trapped)));
        let never_run = Charge { usage: Usage::default(), ..step(LATE.0 + 60, 1, 0, Some(FaultKind::Suspended)) };
        ledger.write(&never_run);
        ledger.write(&never_run);
        ledger.write(&step(LATE.0 + 70, 101, 10, None));
        // The next day has begun.
        ledger.write(&step(LATE.0 + 100, 1, 500, None));
        ledger.write(&Charge { tenant: TenantId::from_bits(2), ..step(LATE.0, 1, 77, None) });
        settle(ledger, &database).await;

        let records = Records::new(&database);
        let days = all_days(&records, acme()).await;
        let told: Vec<_> = days.iter().map(|row| (row.day.to_string(), row.version.clone(), row.calls, row.fuel)).collect();
        assert_eq!(told, [
            ("2026-11-22".to_owned(), version("main", 1), 1, 500),
            ("2026-11-21".to_owned(), version("main", 1), 2, 5_000),
            ("2026-11-21".to_owned(), version("main", 101), 1, 10),
        ]);
        let [_, first, _] = &days[..] else { panic!("three rows") };
        assert_eq!(first.faults, BTreeMap::from([(FaultKind::Trapped, 1), (FaultKind::Suspended, 2)]));
        assert_eq!((first.most_fuel, first.took_us, first.longest_us, first.most_memory_bytes), (4_000, 50, 40, 12_000));
        assert_eq!(all_days(&records, TenantId::from_bits(2)).await.len(), 1);
        assert_eq!(all_days(&records, TenantId::from_bits(3)).await, []);
    }

    async fn what_a_version_was_run_for_is_told_apart_and_charged_to_no_contact(test: TestDatabase) {
        let database = test.open().await;
        let ledger = Ledger::open(&test.dir.path().join("usage")).expect("a ledger");
        let beside = |purpose, fuel| Charge { purpose, contacts: vec![], ..step(LATE.0, 1, fuel, None) };
        ledger.write(&step(LATE.0, 1, 1_000, None));
        ledger.write(&beside(Purpose::Shadow, 200));
        ledger.write(&beside(Purpose::Shadow, 30));
        ledger.write(&beside(Purpose::Replay, 4));
        ledger.write(&beside(Purpose::Admission, 5));
        settle(ledger, &database).await;

        let records = Records::new(&database);
        let days = all_days(&records, acme()).await;
        let told: Vec<_> = days.iter().map(|row| (row.purpose, row.calls, row.fuel)).collect();
        assert_eq!(told, [
            (Purpose::Admission, 1, 5),
            (Purpose::Contacts, 1, 1_000),
            (Purpose::Replay, 1, 4),
            (Purpose::Shadow, 2, 230),
        ]);
        let of_contact = records.usage.of_contact(acme(), contact(7)).await.expect("asked");
        assert_eq!(of_contact.iter().map(|row| row.fuel).collect::<Vec<_>>(), [1_000]);
    }

    async fn contacts_share_a_decision_and_add_up_to_the_day(test: TestDatabase) {
        let database = test.open().await;
        let ledger = Ledger::open(&test.dir.path().join("usage")).expect("a ledger");
        let decided = |contacts: &[u128], fuel| Charge {
            kind: "policy".into(),
            contacts: contacts.iter().copied().map(contact).collect(),
            ..step(LATE.0, 1, fuel, None)
        };
        ledger.write(&decided(&[1, 2, 3], 1_000));
        ledger.write(&decided(&[2], 7));
        settle(ledger, &database).await;
        let records = Records::new(&database);
        let mut fuel = Vec::new();
        for number in 1..=4 {
            let used = records.usage.of_contact(acme(), contact(number)).await.expect("asked");
            fuel.push(used.iter().map(|row| (row.calls, row.fuel)).collect::<Vec<_>>());
        }
        assert_eq!(fuel, [vec![(1, 334)], vec![(2, 340)], vec![(1, 333)], vec![]]);
        let of_another = records.usage.of_contact(TenantId::from_bits(2), contact(1)).await;
        assert_eq!(of_another.expect("asked"), []);
        assert_eq!(all_days(&records, acme()).await[0].fuel, 1_007);
    }

    async fn what_a_killed_host_left_in_its_ledger_is_added_once(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let folder = test.dir.path().join("usage");
        let sum = async || all_days(&records, acme()).await.iter().map(|row| row.fuel).sum::<u64>();
        let mut charged = 0;
        for run in 0..4 {
            // Several files, each of several batches.
            let ledger = Ledger::with_files_of(5_000, &folder).expect("a ledger");
            for number in 0..60 {
                ledger.write(&step(LATE.0 + number, 1, 1_000 + number as u64, None));
                charged += 1_000 + number as u64;
            }
            if run % 2 == 0 {
                settle(ledger, &database).await;
                assert_eq!(sum().await, charged, "run {run}");
            } else {
                // Killed before any of it was added up, and while a line was written.
                drop(ledger);
                let mut paths: Vec<_> = std::fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
                paths.sort();
                let last = paths.last().expect("the file that was written to");
                let mut torn = std::fs::OpenOptions::new().append(true).open(last).expect("the file");
                torn.write_all(b"{\"at\":179530559").expect("written");
            }
        }
        // What is in SQL for good is gone from the disk: what is left is this run's own file.
        settle(Ledger::open(&folder).expect("a ledger"), &database).await;
        assert_eq!(sum().await, charged);
        assert_eq!(files(&folder), 1);
        let used = records.usage.of_contact(acme(), contact(7)).await.expect("asked");
        assert_eq!(used.iter().map(|row| (row.calls, row.fuel)).collect::<Vec<_>>(), [(240, charged)]);
    }

    async fn a_database_that_fails_in_the_middle_counts_nothing_twice(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let folder = test.dir.path().join("usage");
        let ledger = Ledger::open(&folder).expect("a ledger");
        for number in 0..40 {
            ledger.write(&step(LATE.0 + number, 1, 1_000, None));
        }
        // The days can be added to, but not the contacts.
        test.run("ALTER TABLE contact_usage RENAME TO away").await;
        let ledger = Arc::new(ledger);
        start(options(), ledger.clone(), database.clone()).stop().await;
        assert_eq!(all_days(&records, acme()).await, []);
        test.run("ALTER TABLE away RENAME TO contact_usage").await;
        start(options(), ledger, database.clone()).stop().await;
        assert_eq!(all_days(&records, acme()).await[0].fuel, 40_000);
    }

    async fn what_was_charged_before_purposes_were_told_is_the_contacts_after_an_upgrade(test: TestDatabase) {
        test.open().await.close().await;
        // As the release before left it.
        test.run("DROP TABLE plugin_usage").await;
        test.run(&test.table_of_0013("plugin_usage")).await;
        test.run("DELETE FROM _sqlx_migrations WHERE version = 14").await;
        let (tenant, component) = (acme(), version("main", 1).component);
        test.run(&format!(
            "INSERT INTO plugin_usage VALUES \
             ('{tenant}', 0, 'flow', 'main', '{component}', '', '', 3, 3, 30, 6, 12, 4, 99), \
             ('{tenant}', 0, 'flow', 'main', '{component}', '', 'trapped', 1, 1, 7, 2, 7, 2, 50)"
        )).await;

        let records = Records::new(&test.open().await);
        let days = all_days(&records, tenant).await;
        let [day] = &days[..] else { panic!("one row: {days:?}") };
        assert_eq!(day.purpose, Purpose::Contacts);
        assert_eq!((day.calls, day.fuel, day.most_fuel), (4, 37, 12));
        assert_eq!(day.faults, BTreeMap::from([(FaultKind::Trapped, 1)]));
    }
}
