//! Secrets of plugins, what connectors are used for, and what they have to do after contacts.

use super::projection::record;
use super::restart::tenant_named;
use crate::story::{Story, Until};
use hotline_records::repositories::connectors::{ConnectorUse, JobState};
use hotline_records::{Error, Records};
use hotline_vocabulary::Fact;
use hotline_vocabulary::ids::{Id, TenantId, UserId};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const CRM: &str = "connector/crm";
const LEASE: Millis = Millis::from_secs(60);

async fn two_tenants(records: &Records) -> [TenantId; 2] {
    let mut tenants = Vec::new();
    for name in ["acme", "globex"] {
        let made = records.tenants.create(NOW, tenant_named(name)).await;
        tenants.push(made.expect("a tenant").id);
    }
    [tenants[0], tenants[1]]
}

/// Contacts that have ended and one that goes on, and how many have ended.
fn traffic(tenant: TenantId) -> (Vec<Fact>, usize) {
    let mut story = Story::new(tenant, 7);
    let facts = [story.whole(3), story.contact(Until::Talking)].concat();
    (facts, 3)
}

on_each_database! {
    async fn a_secret_is_kept_for_one_plugin_of_one_tenant_and_can_not_be_listed(test: TestDatabase) {
        let records = Records::new(&test.open().await);
        let [acme, globex] = two_tenants(&records).await;
        let secrets = &records.plugin_secrets;
        let user = UserId::from_bits(7);
        secrets.set(acme, (CRM, "api-key"), "sealed-1", Some(user), NOW).await.expect("set");
        secrets.set(acme, (CRM, "api-key"), "sealed-2", None, Timestamp(NOW.0 + 1)).await.expect("set anew");
        secrets.set(acme, (CRM, "pin"), "sealed-3", Some(user), NOW).await.expect("set");

        let listed = secrets.all(acme, CRM).await.expect("a list");
        let about: Vec<_> = listed.iter().map(|s| (s.name.as_str(), s.set_by, s.set_at.0 - NOW.0)).collect();
        assert_eq!(about, [("api-key", None, 1), ("pin", Some(user), 0)]);
        let shown = serde_json::to_string(&listed).expect("JSON");
        assert!(!shown.contains("sealed"), "{shown}");
        let sealed = secrets.sealed(acme, CRM, "api-key").await.expect("asked");
        assert_eq!(sealed.as_deref(), Some("sealed-2"));

        for (tenant, plugin) in [(globex, CRM), (acme, "connector/other")] {
            assert_eq!(secrets.sealed(tenant, plugin, "api-key").await.expect("asked"), None);
            assert_eq!(secrets.all(tenant, plugin).await.expect("a list"), []);
            let gone = secrets.delete(tenant, plugin, "api-key").await;
            assert!(matches!(gone, Err(Error::NotFound { .. })));
        }
        secrets.delete(acme, CRM, "api-key").await.expect("there");
        assert_eq!(secrets.sealed(acme, CRM, "api-key").await.expect("asked"), None);
        let wrong = secrets.set(acme, (CRM, "a b"), "x", None, NOW).await;
        assert!(matches!(wrong, Err(Error::Invalid { field, .. }) if field == "name"));
        for number in 0..31 {
            secrets.set(acme, (CRM, &format!("s{number}")), "x", None, NOW).await.expect("room");
        }
        let full = secrets.set(acme, (CRM, "one-more"), "x", None, NOW).await;
        assert!(matches!(full, Err(Error::Invalid { .. })));
        secrets.set(acme, (CRM, "s0"), "y", None, NOW).await.expect("one that is there");
    }

    async fn the_end_of_a_contact_makes_one_job_for_each_connector_that_is_told(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let [acme, globex] = two_tenants(&records).await;
        let telling = BTreeSet::from([ConnectorUse::LogActivity, ConnectorUse::ScreenPop]);
        let connectors = &records.connectors;
        connectors.set_uses(acme, "crm", &telling).await.expect("set");
        connectors.set_uses(acme, "other", &BTreeSet::from([ConnectorUse::ScreenPop])).await.expect("set");
        assert_eq!(connectors.uses(acme).await.expect("uses")["crm"], telling);
        assert!(connectors.uses(globex).await.expect("uses").is_empty());

        let (facts, ended) = traffic(acme);
        record(&test, &database, &[facts.clone(), traffic(globex).0].concat()).await;
        let jobs = connectors.jobs(acme, "crm").await.expect("jobs");
        assert_eq!(jobs.len(), ended);
        assert!(jobs.iter().all(|job| job.state == JobState::Waiting && job.use_for == ConnectorUse::LogActivity));
        assert_eq!(connectors.jobs(acme, "other").await.expect("jobs"), []);
        assert_eq!(connectors.jobs(globex, "crm").await.expect("jobs"), []);

        // A connector that is used no longer gets no new ones.
        connectors.set_uses(acme, "crm", &BTreeSet::new()).await.expect("set");
        assert!(connectors.uses(acme).await.expect("uses").keys().eq(["other"]));
    }

    async fn a_job_is_one_runners_until_its_lease_is_over(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let [acme, _] = two_tenants(&records).await;
        let connectors = &records.connectors;
        connectors.set_uses(acme, "crm", &BTreeSet::from([ConnectorUse::LogActivity])).await.expect("set");
        let (facts, ended) = traffic(acme);
        record(&test, &database, &facts).await;
        let now = facts.last().expect("facts").at;

        let claimed = connectors.claim(now, LEASE, 10).await.expect("claimed");
        assert_eq!(claimed.len(), ended);
        assert_eq!(connectors.claim(now, LEASE, 10).await.expect("claimed"), []);
        let [first, second, third] = &claimed[..] else {
            panic!("three of them: {claimed:?}");
        };
        connectors.done(first, now, &json!({"id": "42"})).await.expect("written");
        connectors.postpone(second, now + Millis(1_000), Some("timeout")).await.expect("written");

        // The third one's runner died.
        let later = now + LEASE;
        let again = connectors.claim(later, LEASE, 10).await.expect("claimed");
        let tries: BTreeSet<_> = again.iter().map(|job| (job.contact, job.tries)).collect();
        assert_eq!(tries, BTreeSet::from([(second.contact, 2), (third.contact, 2)]));
        connectors.give_up(&again[0], later, "refused").await.expect("written");
        connectors.postpone(&again[1], later, None).await.expect("written");

        let jobs = connectors.jobs(acme, "crm").await.expect("jobs");
        let of = |contact| jobs.iter().find(|job| job.contact == contact).expect("its job");
        assert_eq!((of(first.contact).state, &of(first.contact).result), (JobState::Done, &Some(json!({"id": "42"}))));
        let given_up = of(again[0].contact);
        assert_eq!((given_up.state, given_up.problem.as_deref()), (JobState::GivenUp, Some("refused")));
        assert_eq!(of(again[1].contact).tries, 1, "too early is no try");

        let revived = connectors.revive(acme, "crm", again[0].contact, later).await;
        revived.expect("it was given up");
        assert!(connectors.revive(acme, "crm", first.contact, later).await.is_err(), "it is done");
        let due = connectors.claim(later, LEASE, 1).await.expect("claimed");
        assert_eq!(due.len(), 1, "no more than were asked for");
    }
}
