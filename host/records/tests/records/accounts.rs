//! Users, sessions, tokens: who may come in.

use super::restart::tenant_named;
use crate::databases::TestDatabase;
use hotline_records::repositories::queues::QueueDraft;
use hotline_records::repositories::settings::Settings;
use hotline_records::repositories::tokens::TokenDraft;
use hotline_records::repositories::users::{Role, UserDraft};
use hotline_records::{Error, Location, Records};
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration::{Capacity, Membership, Number, Skill};
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::time::{Millis, Timestamp};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

pub fn agent_named(name: &str) -> UserDraft {
    UserDraft {
        user_name: name.to_owned(),
        display_name: format!("{name} 阿娜"),
        role: Role::Agent,
        language: Some("zh-CN".to_owned()),
        skills: vec![Skill {
            name: "english".to_owned(),
            level: 7,
        }],
        queues: Vec::new(),
        capacity: Vec::new(),
    }
}

on_each_database! {
    async fn only_the_right_password_verifies(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let user = records.users.create(tenant, NOW, agent_named("Ana"), "correct horse").await.unwrap();
        assert_eq!(user.user_name, "ana");
        let verify = |name: &'static str, password: &'static str| {
            let users = records.users.clone();
            async move { users.verify(tenant, name, password).await.unwrap().map(|user| user.id) }
        };
        assert_eq!(verify("ana", "correct horse").await, Some(user.id));
        assert_eq!(verify("ANA", "correct horse").await, Some(user.id));
        for (name, password) in [("ana", "correct horsf"), ("ana", ""), ("bob", "correct horse"), ("", ""), ("ana' --", "x")] {
            assert_eq!(verify(name, password).await, None, "{name} {password}");
        }
        records.users.set_password(tenant, user.id, "battery staple").await.unwrap();
        assert_eq!(verify("ana", "correct horse").await, None);
        assert_eq!(verify("ana", "battery staple").await, Some(user.id));
        let short = records.users.set_password(tenant, user.id, "short").await;
        assert!(matches!(short, Err(Error::Invalid { field, .. }) if field == "password"));
    }

    async fn a_session_lasts_until_it_expires_or_ends(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let user = records.users.create(tenant, NOW, agent_named("ana"), "correct horse").await.unwrap();
        let hour = Millis::from_secs(3600);
        let session = records.sessions.create(tenant, user.id, NOW, hour).await.unwrap();
        let whose = |secret: String, at| {
            let sessions = records.sessions.clone();
            async move { sessions.authenticate(&secret, at).await.unwrap() }
        };
        let signed_in = whose(session.secret.clone(), NOW).await.unwrap();
        assert_eq!((signed_in.tenant, signed_in.session), (tenant, session.id));
        assert_eq!(signed_in.user, user);
        assert!(whose(session.secret.clone(), Timestamp(NOW.0 + hour.0 as i64 - 1)).await.is_some());
        assert_eq!(whose(session.secret.clone(), NOW + hour).await, None);
        assert_eq!(whose(format!("{}0", session.secret), NOW).await, None);
        assert_eq!(whose(String::new(), NOW).await, None);

        records.sessions.end(tenant, session.id).await.unwrap();
        assert_eq!(whose(session.secret.clone(), NOW).await, None);

        // A changed password ends the sessions.
        let session = records.sessions.create(tenant, user.id, NOW, hour).await.unwrap();
        records.users.set_password(tenant, user.id, "battery staple").await.unwrap();
        assert_eq!(whose(session.secret, NOW).await, None);

        let old = records.sessions.create(tenant, user.id, NOW, hour).await.unwrap();
        let new = records.sessions.create(tenant, user.id, NOW + hour, hour).await.unwrap();
        assert_eq!(records.sessions.end_expired(NOW + hour).await.unwrap(), 1);
        assert_eq!(whose(old.secret, NOW).await, None);
        assert!(whose(new.secret, NOW + hour).await.is_some());
    }

    async fn a_token_works_for_its_scopes_until_it_is_deleted(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        let user = records.users.create(tenant, NOW, agent_named("ana"), "correct horse").await.unwrap();
        let draft = TokenDraft {
            name: "wallboard".to_owned(),
            scopes: vec!["read".to_owned()],
            created_by: user.id,
            expires_at: Some(NOW + Millis(1000)),
        };
        let (token, secret) = records.tokens.create(tenant, NOW, draft.clone()).await.unwrap();
        assert_eq!(records.tokens.authenticate(&secret, NOW).await.unwrap(), Some((tenant, token.clone())));
        assert_eq!(records.tokens.authenticate(&secret, NOW + Millis(1000)).await.unwrap(), None);
        // A session's place takes no token, nor the other way round.
        assert_eq!(records.sessions.authenticate(&secret, NOW).await.unwrap(), None);
        assert!(matches!(records.tokens.create(tenant, NOW, draft).await, Err(Error::Conflict { field: "name" })));
        assert_eq!(records.tokens.all(tenant).await.unwrap(), std::slice::from_ref(&token));
        records.tokens.delete(tenant, token.id).await.unwrap();
        assert!(matches!(records.tokens.delete(tenant, token.id).await, Err(Error::NotFound { .. })));
        assert_eq!(records.tokens.authenticate(&secret, NOW).await.unwrap(), None);
    }

    async fn the_configuration_is_what_was_set_up(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let made = records.tenants.create(NOW, tenant_named("acme")).await.unwrap();
        assert_eq!(made.sip_domain.as_deref(), Some("acme.example"));
        let tenant = made.id;
        let mut draft = QueueDraft::named("support");
        draft.skills = "english >= 3".parse().expect("an expression");
        draft.wrap_up_ms = None;
        let queue = records.queues.create(tenant, NOW, draft.clone()).await.unwrap();
        let sales = records.queues.create(tenant, NOW, QueueDraft::named("sales")).await.unwrap();
        let number = Number { dialled: "100".to_owned(), flow: "main".to_owned(), click_to_call: true };
        records.numbers.put(tenant, &number).await.unwrap();
        let number = Number { click_to_call: false, ..number };
        records.numbers.put(tenant, &number).await.unwrap();
        let mut ana = agent_named("ana");
        let later = Membership { queue: sales.id, level: 2, after_ms: Millis::from_secs(30) };
        ana.queues = vec![later, Membership::of(queue.id)];
        ana.capacity = vec![Capacity { medium: Medium::Chat, at_once: 3, interrupted_by: vec![Medium::Voice] }];
        let ana = records.users.create(tenant, NOW, ana, "correct horse").await.unwrap();
        let mut boss = agent_named("boss");
        boss.role = Role::Supervisor;
        let boss = records.users.create(tenant, NOW, boss, "correct horse").await.unwrap();
        let settings = Settings { default_queue: Some(sales.id), ..Settings::default() };
        records.settings.set(tenant, &settings).await.unwrap();

        let configuration = records.settings.configuration(tenant).await.unwrap();
        assert_eq!(configuration.numbers, [number]);
        assert_eq!(configuration.queues, [sales.clone(), queue.clone()]);
        assert_eq!(configuration.default_queue, Some(sales.id));
        assert_eq!(configuration.language, "en");
        assert_eq!(configuration.agents.len(), 1);
        assert_eq!(configuration.agents[0].id, AgentId::from(ana.id));
        assert_eq!(configuration.agents[0].queues, [Membership::of(queue.id), later]);
        assert_eq!(configuration.agents[0].capacity, ana.capacity);
        assert_eq!(configuration.agents[0].skills, ana.skills);

        // A supervisor who serves a queue is an agent too; a queue that goes takes nobody along.
        let mut draft = agent_named("boss");
        draft.role = Role::Supervisor;
        draft.queues = vec![Membership::of(sales.id)];
        draft.skills = Vec::new();
        let changed = records.users.update(tenant, boss.id, draft).await.unwrap();
        assert_eq!((changed.queues, changed.skills), (vec![Membership::of(sales.id)], Vec::new()));
        assert_eq!(records.users.agents(tenant).await.unwrap().len(), 2);
        records.queues.delete(tenant, sales.id).await.unwrap();
        let configuration = records.settings.configuration(tenant).await.unwrap();
        assert_eq!(configuration.default_queue, None);
        assert_eq!(configuration.agents[0].queues, [Membership::of(queue.id)]);
        assert_eq!(records.users.all(tenant).await.unwrap().len(), 2);

        let desk = "0123456789abcdef0123456789ABCDEF";
        records.users.set_desk_phone(tenant, ana.id, Some(desk)).await.unwrap();
        let phones = records.users.desk_phones(tenant).await.unwrap();
        assert_eq!((phones.len(), phones[0].agent), (1, ana.id.into()));
        assert_eq!(phones[0].ha1_md5, desk.to_lowercase());
        assert!(records.users.get(tenant, ana.id).await.unwrap().has_desk_phone);
        records.users.set_desk_phone(tenant, ana.id, None).await.unwrap();
        assert!(records.users.desk_phones(tenant).await.unwrap().is_empty());
    }

    async fn what_can_not_be_stored_is_refused_by_field(test: TestDatabase) {
        let database = test.open().await;
        let records = Records::new(&database);
        let tenant = records.tenants.create(NOW, tenant_named("acme")).await.unwrap().id;
        records.queues.create(tenant, NOW, QueueDraft::named("support")).await.unwrap();
        records.users.create(tenant, NOW, agent_named("ana"), "correct horse").await.unwrap();
        let bob = records.users.create(tenant, NOW, agent_named("bob"), "correct horse").await.unwrap();

        fn field<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
            match answer.unwrap_err() {
                Error::Invalid { field, .. } => field.into_owned(),
                Error::Conflict { field } => field.to_owned(),
                other => panic!("{other:?}"),
            }
        }
        let mut draft = tenant_named("acme");
        draft.sip_domain = None;
        assert_eq!(field(records.tenants.create(NOW, draft).await), "name");
        let mut draft = tenant_named("other");
        draft.sip_domain = Some("ACME.example".to_owned());
        assert_eq!(field(records.tenants.create(NOW, draft).await), "sip_domain");
        assert_eq!(field(records.tenants.create(NOW, tenant_named("../etc")).await), "name");
        assert_eq!(field(records.queues.create(tenant, NOW, QueueDraft::named("support")).await), "name");
        assert_eq!(field(records.queues.create(tenant, NOW, QueueDraft::named("")).await), "name");
        let mut draft = QueueDraft::named("sales");
        draft.ring_timeout_ms = Millis(0);
        assert_eq!(field(records.queues.create(tenant, NOW, draft).await), "ring_timeout_ms");
        assert_eq!(field(records.users.create(tenant, NOW, agent_named("ANA"), "correct horse").await), "user_name");
        assert_eq!(field(records.users.update(tenant, bob.id, agent_named("ana")).await), "user_name");
        let mut draft = agent_named("carl");
        draft.queues = vec![Membership::of(hotline_vocabulary::ids::Minter::new(3).mint(NOW))];
        assert_eq!(field(records.users.create(tenant, NOW, draft, "correct horse").await), "queues[0].queue");
        // The refused one left nothing behind.
        assert_eq!(records.users.all(tenant).await.unwrap().len(), 2);
        let number = Number { dialled: "1 0 0".to_owned(), flow: "main".to_owned(), click_to_call: true };
        assert_eq!(field(records.numbers.put(tenant, &number).await), "dialled");
        assert_eq!(field(records.users.set_desk_phone(tenant, bob.id, Some("secret")).await), "desk_phone");
    }
}

#[tokio::test]
async fn no_secret_lies_in_the_database_file() {
    let test = TestDatabase::sqlite();
    let database = test.open().await;
    let records = Records::new(&database);
    let tenant = records
        .tenants
        .create(NOW, tenant_named("acme"))
        .await
        .unwrap()
        .id;
    let user = records
        .users
        .create(tenant, NOW, agent_named("ana"), "correct horse battery")
        .await
        .unwrap();
    let session = records
        .sessions
        .create(tenant, user.id, NOW, Millis(1000))
        .await
        .unwrap();
    let draft = TokenDraft {
        name: "wallboard".to_owned(),
        scopes: Vec::new(),
        created_by: user.id,
        expires_at: None,
    };
    let (_, token) = records.tokens.create(tenant, NOW, draft).await.unwrap();
    database.close().await;
    let Location::Sqlite(file) = &test.location else {
        unreachable!("asked for SQLite")
    };
    let bytes = std::fs::read(file).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("$argon2id$"));
    for secret in ["correct horse battery", &session.secret[4..], &token[4..]] {
        assert!(!holds(secret));
    }
}
