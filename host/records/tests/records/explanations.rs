//! What supervisors are shown of routing: the latest decisions, and what the monitors found.

use super::projection::record;
use super::restart::tenant_named;
use crate::story::{Story, Until};
use hotline_records::Records;
use hotline_records::repositories::page::Limit;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::routing::Invariant;
use hotline_vocabulary::time::Timestamp;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

on_each_database! {
    async fn the_latest_decisions_and_violations_are_ones_own_and_newest_first(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let other = records.tenants.create(NOW, tenant_named("globex")).await.unwrap().id;
        let mut story = Story::new(tenant, 5);
        let mut facts = story.whole(3);
        let contact = story.contacts[2];
        for detail in ["first", "second"] {
            let what = What::InvariantViolated {
                invariant: Invariant::GhostOffer,
                contacts: vec![contact],
                agents: vec![story.agent],
                detail: detail.to_owned(),
                trail: vec!["a tick".to_owned()],
            };
            facts.push(story.fact(None, None, what));
        }
        facts.extend(Story::new(other, 6).contact(Until::Ended));
        record(&test, &database, &facts).await;

        let decided: Vec<_> = facts
            .iter()
            .filter(|fact| fact.tenant == tenant && matches!(fact.what, What::RoutingDecided(_)))
            .rev()
            .cloned()
            .collect();
        let two = Limit::new(2).unwrap();
        let decisions = records.events.decisions(tenant, two).await.unwrap();
        let told: Vec<_> = decisions.iter().map(|row| row.fact.clone()).collect();
        assert_eq!(told, decided[..2]);
        assert!(decisions.iter().all(|row| row.queue_name.as_deref() == Some("support")));

        let violations = records.events.violations(tenant, Limit::DEFAULT).await.unwrap();
        let details: Vec<_> = violations
            .iter()
            .map(|fact| match &fact.what {
                What::InvariantViolated { detail, .. } => detail.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(details, ["second", "first"]);
        assert!(records.events.violations(other, Limit::DEFAULT).await.unwrap().is_empty());
    }
}
