//! Two tenants with the same names for everything never see each other's rows.

use super::accounts::agent_named;
use super::projection::record;
use super::restart::tenant_named;
use crate::story::{Story, Until};
use hotline_records::repositories::calendars::CalendarDraft;
use hotline_records::repositories::contacts::ContactFilter;
use hotline_records::repositories::page::{FactCursor, Limit};
use hotline_records::repositories::queues::QueueDraft;
use hotline_records::repositories::settings::Settings;
use hotline_records::repositories::tokens::TokenDraft;
use hotline_records::{Error, Records, reports};
use hotline_vocabulary::configuration::{Membership, Number, Otherwise, QueueRules};
use hotline_vocabulary::ids::{ContactId, QueueId, SessionId, TenantId, UserId};
use hotline_vocabulary::time::{Millis, Timestamp};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

struct House {
    tenant: TenantId,
    queue: QueueId,
    user: UserId,
    token: SessionId,
    session: SessionId,
    secret: String,
    contacts: Vec<ContactId>,
    facts: Vec<hotline_vocabulary::Fact>,
}

async fn furnish(records: &Records, name: &str, seed: u64) -> House {
    let tenant = records
        .tenants
        .create(NOW, tenant_named(name))
        .await
        .unwrap()
        .id;
    let queue = records
        .queues
        .create(tenant, NOW, QueueDraft::named("support"))
        .await
        .unwrap()
        .id;
    let number = Number {
        dialled: "100".to_owned(),
        flow: name.to_owned(),
        click_to_call: true,
    };
    records.numbers.put(tenant, &number).await.unwrap();
    let hours = CalendarDraft {
        time_zone: "Europe/Berlin".to_owned(),
        weekly: Vec::new(),
        exceptions: Vec::new(),
    };
    let hours_of = format!("hours of {name}");
    records
        .calendars
        .put(tenant, &hours_of, hours)
        .await
        .unwrap();
    let mut ana = agent_named("ana");
    ana.queues = vec![Membership::of(queue)];
    let password = format!("password of {name}");
    let user = records
        .users
        .create(tenant, NOW, ana, &password)
        .await
        .unwrap()
        .id;
    records
        .users
        .set_desk_phone(tenant, user, Some("0123456789abcdef0123456789abcdef"))
        .await
        .unwrap();
    let draft = TokenDraft {
        name: "wallboard".to_owned(),
        scopes: vec!["read".to_owned()],
        created_by: user,
        expires_at: None,
    };
    let (token, _) = records.tokens.create(tenant, NOW, draft).await.unwrap();
    let session = records
        .sessions
        .create(tenant, user, NOW, Millis::from_secs(60))
        .await
        .unwrap();
    let mut story = Story::new(tenant, seed);
    story.agent = user.into();
    story.queue = queue;
    let facts = [story.whole(2), story.contact(Until::Talking)].concat();
    House {
        tenant,
        queue,
        user,
        token: token.id,
        session: session.id,
        secret: session.secret,
        contacts: story.contacts,
        facts,
    }
}

fn is_not_found<T: std::fmt::Debug>(answer: Result<T, Error>) -> bool {
    matches!(answer, Err(Error::NotFound { .. }))
}

on_each_database! {
    async fn no_repository_shows_another_tenants_rows(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        // The same seed: even the ids of what happened are the same in both houses.
        let houses = [furnish(&records, "acme", 71).await, furnish(&records, "globex", 71).await];
        let facts = [houses[0].facts.clone(), houses[1].facts.clone()].concat();
        record(&test, &database, &facts).await;

        for (own, other) in [(&houses[0], &houses[1]), (&houses[1], &houses[0])] {
            let tenant = own.tenant;
            // Lists have one's own alone.
            let queues = records.queues.all(tenant).await.unwrap();
            assert_eq!(queues.iter().map(|queue| queue.id).collect::<Vec<_>>(), [own.queue]);
            let users = records.users.all(tenant).await.unwrap();
            assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [own.user]);
            assert_eq!(users[0].queues, [Membership::of(own.queue)]);
            let agents = records.users.agents(tenant).await.unwrap();
            assert_eq!(agents.iter().map(|agent| UserId::from(agent.id)).collect::<Vec<_>>(), [own.user]);
            let phones = records.users.desk_phones(tenant).await.unwrap();
            assert_eq!(phones.iter().map(|phone| UserId::from(phone.agent)).collect::<Vec<_>>(), [own.user]);
            let tokens = records.tokens.all(tenant).await.unwrap();
            assert_eq!(tokens.iter().map(|token| token.id).collect::<Vec<_>>(), [own.token]);
            let name = records.tenants.get(tenant).await.unwrap().name;
            let calendars = records.calendars.all(tenant).await.unwrap();
            assert_eq!(calendars.len(), 1);
            assert_eq!(calendars[0].name, format!("hours of {name}"));
            let numbers = records.numbers.all(tenant).await.unwrap();
            assert_eq!(numbers.iter().map(|number| &number.flow).collect::<Vec<_>>(), [&name]);
            let configuration = records.settings.configuration(tenant).await.unwrap();
            assert_eq!((configuration.queues, configuration.agents, configuration.numbers), (queues, agents, numbers));
            let page = records.events.page(tenant, FactCursor::default(), Limit::new(500).unwrap()).await.unwrap();
            assert_eq!(page.items, own.facts);
            assert_eq!(records.events.end(tenant).await.unwrap(), FactCursor::from(own.facts.last().unwrap()));
            assert_eq!(records.events.last_at(tenant).await.unwrap(), own.facts.last().map(|fact| fact.at));
            let states = records.events.last_agent_states(tenant).await.unwrap();
            assert!(states.iter().all(|fact| fact.tenant == tenant && fact.agent == Some(own.user.into())));
            let page = records.contacts.page(tenant, &ContactFilter::default(), None, Limit::DEFAULT).await.unwrap();
            assert_eq!(page.items.len(), own.contacts.len());
            assert!(page.items.iter().all(|row| row.agent_names == ["ana 阿娜"]));
            for contact in &own.contacts {
                let timeline = records.contacts.timeline(tenant, *contact).await.unwrap();
                assert!(timeline.iter().all(|fact| fact.tenant == tenant));
                assert_eq!(records.contacts.recordings(tenant, *contact).await.unwrap().len(), 1);
                assert!(records.contacts.get(tenant, *contact).await.unwrap().media.len() <= 1);
            }
            assert_eq!(records.contacts.open(tenant).await.unwrap(), [own.contacts[2]]);
            assert_eq!(records.contacts.with_unfinished_recordings(tenant).await.unwrap(), [own.contacts[2]]);
            let figures = reports::queues(&database, tenant, NOW, NOW + Millis::from_secs(86_400)).await.unwrap();
            assert_eq!(figures.into_keys().collect::<Vec<_>>(), [own.queue]);

            // Another's password, ids and secrets open nothing here.
            let foreign = records.tenants.get(other.tenant).await.unwrap().name;
            let password = format!("password of {foreign}");
            assert_eq!(records.users.verify(tenant, "ana", &password).await.unwrap(), None);
            let whose = records.sessions.authenticate(&own.secret, NOW).await.unwrap().unwrap();
            assert_eq!((whose.tenant, whose.user.id), (tenant, own.user));
            let filter = ContactFilter { queue: Some(other.queue), ..ContactFilter::default() };
            let page = records.contacts.page(tenant, &filter, None, Limit::DEFAULT).await.unwrap();
            assert_eq!(page.items, []);
            let filter = ContactFilter { agent: Some(other.user.into()), ..ContactFilter::default() };
            let page = records.contacts.page(tenant, &filter, None, Limit::DEFAULT).await.unwrap();
            assert_eq!(page.items, []);
            assert!(is_not_found(records.queues.get(tenant, other.queue).await));
            assert!(is_not_found(records.users.get(tenant, other.user).await));

            // Nor do they change anything there.
            assert!(is_not_found(records.queues.update(tenant, other.queue, QueueDraft::named("mine")).await));
            assert!(is_not_found(records.queues.delete(tenant, other.queue).await));
            assert!(is_not_found(records.users.update(tenant, other.user, agent_named("mine")).await));
            assert!(is_not_found(records.users.set_password(tenant, other.user, "password of mine").await));
            assert!(is_not_found(records.users.set_desk_phone(tenant, other.user, None).await));
            assert!(is_not_found(records.tokens.delete(tenant, other.token).await));
            records.sessions.end(tenant, other.session).await.unwrap();
            assert!(records.sessions.authenticate(&other.secret, NOW).await.unwrap().is_some());
            let settings = Settings { default_queue: Some(other.queue), ..Settings::default() };
            assert!(matches!(records.settings.set(tenant, &settings).await, Err(Error::Invalid { field, .. }) if field == "default_queue"));
            let foreign = records.tenants.get(other.tenant).await.unwrap().name;
            let foreign = format!("hours of {foreign}");
            assert!(is_not_found(records.calendars.get(tenant, &foreign).await));
            assert!(is_not_found(records.calendars.delete(tenant, &foreign).await));
            for (field, rules) in [
                ("rules.hours", QueueRules { hours: Some(foreign), ..QueueRules::default() }),
                ("rules.on_full", QueueRules { on_full: Otherwise::Queue(other.queue), ..QueueRules::default() }),
            ] {
                let draft = QueueDraft { rules, ..QueueDraft::named("reaching") };
                let made = records.queues.create(tenant, NOW, draft).await;
                assert!(matches!(made, Err(Error::Invalid { field: named, .. }) if named == field));
            }
            let mut greedy = agent_named("greedy");
            greedy.queues = vec![Membership::of(other.queue)];
            let made = records.users.create(tenant, NOW, greedy, "password of greedy").await;
            assert!(matches!(made, Err(Error::Invalid { field, .. }) if field == "queues[0].queue"));
            let session = records.sessions.create(tenant, other.user, NOW, Millis(1)).await;
            assert!(session.is_err(), "a session of one tenant's user in another's house");
        }
        // One house burns down, the other stands.
        records.numbers.delete(houses[0].tenant, "100").await.unwrap();
        assert_eq!(records.numbers.all(houses[1].tenant).await.unwrap().len(), 1);
    }
}
