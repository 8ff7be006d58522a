//! The demo tenant: what `make run` opens to.

use crate::directory::DEMO_TENANT;
use crate::secret;
use hotline_records::Records;
use hotline_records::repositories::queues::QueueDraft;
use hotline_records::repositories::tenants::TenantDraft;
use hotline_records::repositories::users::{Role, UserDraft};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::configuration::{Membership, Number, Skill};
use hotline_vocabulary::ids::QueueId;

/// The number of the demo line, and the flow that answers it.
pub(crate) const LINE: &str = "100";
const FLOW: &str = "main";
/// The demo tenant's SIP domain; a bare host means it too.
const DOMAIN: &str = "demo.hotline.invalid";

/// A user just created, with the secrets that are shown once.
#[derive(Clone)]
pub(crate) struct DemoUser {
    pub user_name: String,
    pub role: Role,
    pub password: String,
}

/// Creates the demo tenant unless there is one. Gives the new users, none when it was there.
pub(crate) async fn create(
    records: &Records,
    now: Timestamp,
) -> Result<Vec<DemoUser>, hotline_records::Error> {
    match records.tenants.by_name(DEMO_TENANT).await {
        Ok(_) => return Ok(Vec::new()),
        Err(hotline_records::Error::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    let tenant = records
        .tenants
        .create(
            now,
            TenantDraft {
                name: DEMO_TENANT.to_owned(),
                display_name: "Demo".to_owned(),
                sip_domain: Some(DOMAIN.to_owned()),
                language: "en".to_owned(),
            },
        )
        .await?
        .id;
    let support = records
        .queues
        .create(tenant, now, QueueDraft::named("support"))
        .await?
        .id;
    let sales = records
        .queues
        .create(tenant, now, QueueDraft::named("sales"))
        .await?
        .id;
    let mut settings = records.settings.get(tenant).await?;
    settings.default_queue = Some(support);
    records.settings.set(tenant, &settings).await?;
    let number = Number {
        dialled: LINE.to_owned(),
        flow: FLOW.to_owned(),
        click_to_call: true,
    };
    records.numbers.put(tenant, &number).await?;

    let mut created = Vec::new();
    for (name, shown, role, skills, queues) in people(support, sales) {
        let password = secret::readable();
        let draft = UserDraft {
            user_name: name.to_owned(),
            display_name: shown.to_owned(),
            role,
            language: None,
            skills,
            queues: queues.into_iter().map(Membership::of).collect(),
            capacity: Vec::new(),
        };
        let user = records.users.create(tenant, now, draft, &password).await?;
        if role == Role::Agent {
            // The desk phone takes the same password, so that a newcomer has one to remember.
            let ha1 = hotline_sip::ha1_md5(name, DOMAIN, &password);
            records
                .users
                .set_desk_phone(tenant, user.id, Some(&ha1))
                .await?;
        }
        created.push(DemoUser {
            user_name: name.to_owned(),
            role,
            password,
        });
    }
    Ok(created)
}

type Person = (&'static str, &'static str, Role, Vec<Skill>, Vec<QueueId>);

fn people(support: QueueId, sales: QueueId) -> [Person; 5] {
    let skill = |name: &str, level| Skill {
        name: name.to_owned(),
        level,
    };
    [
        (
            "ana",
            "Ana",
            Role::Agent,
            vec![skill("english", 9), skill("support", 8)],
            vec![support, sales],
        ),
        (
            "ben",
            "Ben",
            Role::Agent,
            vec![skill("english", 8), skill("sales", 7)],
            vec![sales],
        ),
        (
            "chen",
            "陈晨",
            Role::Agent,
            vec![
                skill("chinese", 10),
                skill("english", 6),
                skill("support", 6),
            ],
            vec![support, sales],
        ),
        ("sue", "Sue", Role::Supervisor, Vec::new(), Vec::new()),
        ("admin", "Admin", Role::Admin, Vec::new(), Vec::new()),
    ]
}
