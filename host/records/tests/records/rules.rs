//! Queues with their rules, calendars, memberships and capacity: what is kept, what is refused,
//! and what can not go because others hold on to it.

use super::accounts::agent_named;
use super::restart::tenant_named;
use hotline_records::repositories::calendars::CalendarDraft;
use hotline_records::repositories::queues::QueueDraft;
use hotline_records::{Error, Records};
use hotline_vocabulary::time::Timestamp;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn queue(change: Value) -> QueueDraft {
    let draft = serde_json::to_value(QueueDraft::named("support")).unwrap();
    serde_json::from_value(laid_over(draft, change)).unwrap()
}

fn laid_over(mut below: Value, above: Value) -> Value {
    for (field, value) in above.as_object().unwrap() {
        below[field] = value.clone();
    }
    below
}

fn calendar(change: Value) -> CalendarDraft {
    let draft = json!({
        "time_zone": "Europe/Berlin",
        "weekly": [
            {"days": ["mon", "tue", "wed", "thu"], "hours": [{"from": "09:00", "to": "12:30"}, {"from": "13:00", "to": "18:00"}]},
            {"days": ["fri"], "hours": [{"from": "22:00", "to": "04:00"}]},
        ],
        "exceptions": [
            {"date": "2026-12-25", "name": "Christmas Day"},
            {"date": "2026-02-17", "name": "春节", "hours": [{"from": "10:00", "to": "12:00"}]},
        ],
    });
    serde_json::from_value(laid_over(draft, change)).unwrap()
}

fn field<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer.unwrap_err() {
        Error::Invalid { field, .. } => field.into_owned(),
        other => panic!("{other:?}"),
    }
}

on_each_database! {
    async fn a_queue_comes_back_with_all_its_rules(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        records.calendars.put(tenant, "office", calendar(json!({}))).await.unwrap();
        let sales = records.queues.create(tenant, NOW, QueueDraft::named("sales")).await.unwrap().id;
        let draft = queue(json!({
            "skills": "english >= 4 and (cards >= 2 or loans)",
            "rules": {
                "rings": [{"after_ms": 10_000, "skills": "english"}, {"after_ms": 30_000, "skills": ""}],
                "hours": "office", "refuse_when": ["invalid", "paused"], "leave_when": ["invalid"],
                "max_wait_ms": 600_000, "on_full": {"queue": sales}, "on_closed": "voicemail",
                "on_empty": "hang_up", "on_max_wait": "callback",
                "callback": {"attempts": 3, "retry_after_ms": 60_000, "ring_timeout_ms": 20_000},
                "redial_within_ms": 120_000, "last_agent": {"within_ms": 86_400_000, "wait_ms": 20_000},
            },
        }));
        let made = records.queues.create(tenant, NOW, draft.clone()).await.unwrap();
        assert_eq!((&made.skills, &made.rules), (&draft.skills, &draft.rules));
        assert_eq!(records.queues.get(tenant, made.id).await.unwrap(), made);
        let configuration = records.settings.configuration(tenant).await.unwrap();
        assert!(configuration.queues.contains(&made));
        assert_eq!(configuration.calendars, records.calendars.all(tenant).await.unwrap());
        assert_eq!(configuration.calendars[0].exceptions[0].name, "春节", "by date");
    }

    async fn a_rule_that_can_not_be_is_refused_by_its_path(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let stranger = "qu_00000000000000000000000007";
        for (rules, path) in [
            (json!({"rings": [{"after_ms": 0, "skills": ""}]}), "rules.rings[0].after_ms"),
            (json!({"rings": [{"after_ms": 9_000, "skills": ""}, {"after_ms": 9_000, "skills": ""}]}), "rules.rings[1].after_ms"),
            (json!({"hours": "nowhere"}), "rules.hours"),
            (json!({"on_full": {"queue": stranger}}), "rules.on_full"),
            (json!({"on_max_wait": "callback"}), "rules.on_max_wait"),
            (json!({"refuse_when": ["paused", "paused"]}), "rules.refuse_when[1]"),
            (json!({"max_wait_ms": 1}), "rules.max_wait_ms"),
            (json!({"redial_within_ms": 90_000_000}), "rules.redial_within_ms"),
            (json!({"callback": {"attempts": 0, "retry_after_ms": 60_000, "ring_timeout_ms": 20_000}}), "rules.callback.attempts"),
            (json!({"callback": {"attempts": 1, "retry_after_ms": 60_000, "ring_timeout_ms": 1}}), "rules.callback.ring_timeout_ms"),
            (json!({"last_agent": {"within_ms": 60_000, "wait_ms": 7_200_000}}), "rules.last_agent.wait_ms"),
        ] {
            let draft = queue(json!({"rules": rules}));
            assert_eq!(field(records.queues.create(tenant, NOW, draft).await), path);
        }
        assert_eq!(field(records.queues.create(tenant, NOW, queue(json!({"max_waiting": 0}))).await), "max_waiting");
        let made = records.queues.create(tenant, NOW, QueueDraft::named("support")).await.unwrap();
        let draft = queue(json!({"rules": {"on_closed": {"queue": made.id}}}));
        assert_eq!(field(records.queues.update(tenant, made.id, draft).await), "rules.on_closed", "itself");
        assert_eq!(records.queues.all(tenant).await.unwrap(), [made], "nothing was changed");
    }

    async fn a_calendar_that_can_not_be_is_refused_by_its_path(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let open = |from: &str, to: &str| json!({"from": from, "to": to});
        let weekly = |hours: Value| json!({"weekly": [{"days": ["mon"], "hours": hours}]});
        for (change, path) in [
            (json!({"time_zone": "Europe/Berlim"}), "time_zone"),
            (json!({"time_zone": ""}), "time_zone"),
            (json!({"weekly": [{"days": ["mon"], "hours": []}, {"days": ["tue", "mon"], "hours": []}]}), "weekly[1].days[1]"),
            (weekly(json!([open("09:00", "12:00"), open("11:00", "13:00")])), "weekly[0].hours[1].from"),
            (weekly(json!([open("22:00", "04:00"), open("05:00", "06:00")])), "weekly[0].hours[0]"),
            (json!({"exceptions": [{"date": "2026-12-25", "name": ""}]}), "exceptions[0].name"),
            (json!({"exceptions": [{"date": "2026-12-25", "name": "a"}, {"date": "2026-12-25", "name": "b"}]}), "exceptions[1].date"),
        ] {
            let answer = records.calendars.put(tenant, "office", calendar(change)).await;
            assert_eq!(field(answer), path);
        }
        assert_eq!(records.calendars.all(tenant).await.unwrap(), []);
        assert_eq!(field(records.calendars.put(tenant, " ", calendar(json!({}))).await), "name");
    }

    async fn what_a_queue_holds_on_to_can_not_go(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        records.calendars.put(tenant, "office", calendar(json!({}))).await.unwrap();
        let sales = records.queues.create(tenant, NOW, QueueDraft::named("sales")).await.unwrap().id;
        let rules = json!({"rules": {"hours": "office", "on_closed": {"queue": sales}}});
        let support = records.queues.create(tenant, NOW, queue(rules)).await.unwrap().id;

        let holds = |answer: Result<(), Error>| match answer.unwrap_err() {
            Error::InUse { what, by } => (what, by),
            other => panic!("{other:?}"),
        };
        let by = vec!["support".to_owned()];
        assert_eq!(holds(records.calendars.delete(tenant, "office").await), ("calendar", by.clone()));
        assert_eq!(holds(records.queues.delete(tenant, sales).await), ("queue", by));

        records.queues.update(tenant, support, queue(json!({}))).await.unwrap();
        records.calendars.delete(tenant, "office").await.unwrap();
        records.queues.delete(tenant, sales).await.unwrap();
        assert!(matches!(records.calendars.get(tenant, "office").await, Err(Error::NotFound { .. })));
    }

    async fn a_membership_or_capacity_that_can_not_be_is_refused_by_its_path(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let queue = records.queues.create(tenant, NOW, QueueDraft::named("support")).await.unwrap().id;
        for (change, path) in [
            (json!({"queues": [{"queue": queue}, {"queue": queue, "level": 2}]}), "queues[1].queue"),
            (json!({"queues": [{"queue": queue, "level": 0}]}), "queues[0].level"),
            (json!({"queues": [{"queue": queue, "after_ms": 100_000_000}]}), "queues[0].after_ms"),
            (json!({"capacity": [{"medium": "voice", "at_once": 2}]}), "capacity[0].at_once"),
            (json!({"capacity": [{"medium": "chat", "at_once": 0}]}), "capacity[0].at_once"),
            (json!({"capacity": [{"medium": "chat", "at_once": 1}, {"medium": "chat", "at_once": 2}]}), "capacity[1].medium"),
            (json!({"capacity": [{"medium": "chat", "at_once": 1, "interrupted_by": ["chat"]}]}), "capacity[0].interrupted_by[0]"),
            (json!({"skills": [{"name": "english", "level": 11}]}), "skills[0].level"),
            (json!({"skills": [{"name": "a", "level": 1}, {"name": "a", "level": 2}]}), "skills[1].name"),
        ] {
            let draft = laid_over(serde_json::to_value(agent_named("ana")).unwrap(), change);
            let draft = serde_json::from_value(draft).unwrap();
            assert_eq!(field(records.users.create(tenant, NOW, draft, "correct horse").await), path);
        }
        assert_eq!(records.users.all(tenant).await.unwrap(), []);
    }
}
