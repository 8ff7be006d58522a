//! A sandbox with its folders in a temporary place, and questions to put to it.

use bytes::Bytes;
use hotline_sandbox::limits::Plans;
use hotline_sandbox::rollout::{Actor, Cause, ChangeError, Upload, UploadBody, UploadError, Wish};
use hotline_sandbox::{
    Event, Handle, LanguageName, Options, PluginKind, PluginStatus, Service, Shipped,
    VersionDetail, start,
};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::configuration::{Skill, SkillNeed};
use hotline_vocabulary::flow::{FlowEvent, Interaction};
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId, TenantId, UserId};
use hotline_vocabulary::question::{Answer, FlowStep, FlowStepped, Question, Verdict};
use hotline_vocabulary::routing::{AgentView, Batch, Candidate, ContactView, QueueView, VisitView};
use hotline_vocabulary::time::Millis;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// A script with a menu and a queue.
pub(crate) const MENU: &[u8] = b"\
flow: Menu
languages: [en]
start: greeting
nodes:
  greeting:
    say:
      en: Welcome.
    next: main
  main:
    menu:
      en: For support, press 1. For sales, press 2.
    keys:
      1: support
      2: sales
    attempts: 3
    wait: 5s
    failed: support
  support:
    set: {topic: support}
    say:
      en: You are being connected to support.
    queue: support
  sales:
    say:
      en: You are being connected to sales.
    queue: sales
";

/// The tenant of the folder `demo`.
pub(crate) fn demo() -> TenantId {
    TenantId::from_bits(1)
}

/// The tenant of the folder `other`.
pub(crate) fn other() -> TenantId {
    TenantId::from_bits(2)
}

pub(crate) fn contact(number: u128) -> ContactId {
    ContactId::from_bits(number)
}

/// A component made from `plugins/`, `examples/` or `tests/hostile-guests`.
pub(crate) fn built(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let places = ["plugins/dist", "tests/hostile-guests/dist", "examples/dist"];
    places
        .iter()
        .map(|place| root.join(place).join(format!("{name}.wasm")))
        .find_map(|path| std::fs::read(path).ok())
        .unwrap_or_else(|| panic!("{name}.wasm is not built: run `make plugins`"))
}

pub(crate) struct Stand {
    pub(crate) handle: Handle,
    pub(crate) events: mpsc::Receiver<Event>,
    service: Option<Service>,
    folder: TempDir,
}

impl Stand {
    /// With the folders `demo` and `other`, both empty.
    pub(crate) fn new() -> Stand {
        Stand::under(Plans::default())
    }

    pub(crate) fn under(plans: Plans) -> Stand {
        let folder = TempDir::new().unwrap();
        for tenant in ["demo", "other"] {
            std::fs::create_dir_all(folder.path().join("flows").join(tenant)).unwrap();
        }
        let (service, handle, events) = open(folder.path(), plans);
        Stand {
            handle,
            events,
            service: Some(service),
            folder,
        }
    }

    /// With these files, already live or refused.
    pub(crate) async fn with(files: &[(&str, &[u8])]) -> Stand {
        let stand = Stand::new();
        for (path, content) in files {
            stand.save(path, content);
        }
        stand.serve().await;
        stand
    }

    pub(crate) async fn serve(&self) {
        self.handle.serve_tenants(vec![
            (demo(), "demo".to_owned()),
            (other(), "other".to_owned()),
        ]);
        self.handle.settled().await;
    }

    /// Ends the sandbox and starts it again on the same folders.
    pub(crate) async fn restart(self) -> Stand {
        let Stand {
            handle,
            events,
            service,
            folder,
        } = self;
        drop((handle, events));
        service.unwrap().stop().await;
        let (service, handle, events) = open(folder.path(), Plans::default());
        let stand = Stand {
            handle,
            events,
            service: Some(service),
            folder,
        };
        stand.serve().await;
        stand
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("flows").join(path)
    }

    /// As an editor does it: beside, then renamed into place.
    pub(crate) fn save(&self, path: &str, content: &[u8]) {
        let beside = self.path(&format!("{path}.saving"));
        std::fs::write(&beside, content).unwrap();
        std::fs::rename(&beside, self.path(path)).unwrap();
    }

    /// The next news of a plugin of the demo tenant that `wanted` accepts.
    pub(crate) async fn news(
        &mut self,
        name: &str,
        wanted: impl Fn(&PluginStatus) -> bool,
    ) -> PluginStatus {
        let waiting = async {
            loop {
                let Event::Changed { tenant, status } = self.events.recv().await.unwrap();
                if tenant == demo() && status.name == name && wanted(&status) {
                    return *status;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting)
            .await
            .expect("the plugin's news came")
    }

    pub(crate) fn status(&self, kind: PluginKind, name: &str) -> PluginStatus {
        self.handle
            .catalogue(demo())
            .into_iter()
            .find(|status| status.kind == kind && status.name == name)
            .expect("the plugin is known")
    }

    /// Uploads to the demo tenant.
    pub(crate) async fn upload(
        &self,
        kind: PluginKind,
        name: &str,
        body: UploadBody,
    ) -> Result<VersionDetail, UploadError> {
        let upload = Upload {
            kind,
            name: name.to_owned(),
            body,
            config: None,
        };
        self.handle
            .upload(demo(), upload, by_admin("a new version"))
            .await
    }

    /// Uploads a script, which is good; gives its label.
    pub(crate) async fn uploaded(&self, name: &str, text: &str) -> String {
        let body = in_yaml(text);
        let detail = self.upload(PluginKind::Flow, name, body).await;
        detail.expect("it is looked at").status.label
    }

    pub(crate) async fn change(
        &self,
        kind: PluginKind,
        name: &str,
        version: &str,
        wish: Wish,
    ) -> Result<VersionDetail, ChangeError> {
        let cause = by_admin("because");
        self.handle
            .change(demo(), kind, name, version, wish, cause)
            .await
    }

    /// Stages a version and accepts all that it asks for.
    pub(crate) async fn stage(&self, kind: PluginKind, name: &str, version: &str) {
        let asks = self.version(kind, name, version).permission_changes.added;
        let accept = asks.into_iter().map(|one| one.id).collect();
        let staged = self
            .change(kind, name, version, Wish::Staged { accept })
            .await;
        staged.expect("all was accepted");
    }

    pub(crate) fn version(&self, kind: PluginKind, name: &str, version: &str) -> VersionDetail {
        self.handle
            .version(demo(), kind, name, version)
            .expect("the version is kept")
    }

    /// The first step of a contact.
    pub(crate) async fn begin(&self, contact: ContactId, flow: &str) -> Verdict {
        self.handle
            .ask(
                demo(),
                step(contact, flow, 0, Vec::new(), FlowEvent::Started),
            )
            .await
    }
}

/// A script in the language that comes with Hotline.
pub(crate) fn in_yaml(text: &str) -> UploadBody {
    UploadBody::Script {
        language: LanguageName::shipped(),
        text: text.to_owned(),
    }
}

pub(crate) fn by_admin(reason: &str) -> Cause {
    Cause {
        at: Timestamp(1_790_000_000_000),
        by: Actor::Person {
            id: UserId::from_bits(7),
            name: "admin".to_owned(),
        },
        reason: reason.to_owned(),
    }
}

pub(crate) const STAGED: Wish = Wish::Staged { accept: Vec::new() };

/// Compiling the shipped components takes most of a test's time, so the tests pass on the code.
fn share_compiled(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let place = to.join(entry.file_name());
        if !place.exists() && entry.path().extension().is_some_and(|e| e == "compiled") {
            let beside = to.join(format!("{}.part", std::process::id()));
            // A test that runs beside this one may be as far; then the code is there.
            if std::fs::copy(entry.path(), &beside).is_ok() {
                let _ = std::fs::rename(&beside, &place);
            }
        }
    }
}

fn open(folder: &Path, plans: Plans) -> (Service, Handle, mpsc::Receiver<Event>) {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-compiled");
    let compiled = store_dir(folder).join("compiled");
    share_compiled(&shared, &compiled);
    let opened = open_alone(folder, plans);
    share_compiled(&compiled, &shared);
    opened
}

fn open_alone(folder: &Path, plans: Plans) -> (Service, Handle, mpsc::Receiver<Event>) {
    start(Options {
        flows_root: folder.join("flows"),
        store_dir: store_dir(folder),
        compiler: vec![env!("CARGO_BIN_EXE_hotline-compile-plugin").into()],
        workers: 2,
        shipped: Shipped {
            flow_interpreter: Bytes::from(built("flow_script")),
            skills_policy: Bytes::from(built("best_skill")),
        },
        plans,
        ledger: None,
    })
    .expect("the sandbox starts")
}

pub(crate) fn store_dir(folder: &Path) -> PathBuf {
    folder.join("store")
}

pub(crate) fn step(
    contact: ContactId,
    flow: &str,
    step: u64,
    state: Vec<u8>,
    event: FlowEvent,
) -> Question {
    Question::FlowStep(FlowStep {
        contact,
        flow: flow.to_owned(),
        step,
        at: Timestamp(1_790_000_000_000),
        interaction: interaction(contact),
        state,
        event,
    })
}

pub(crate) fn interaction(contact: ContactId) -> Interaction {
    Interaction {
        id: contact.to_string(),
        channel: "phone".to_owned(),
        direction: "inbound".to_owned(),
        caller: "+4930123456".into(),
        dialled: "100".to_owned(),
        language: Some("en".to_owned()),
        started_at: Timestamp(1_790_000_000_000),
        priority: 0,
        attributes: vec![("topic".to_owned(), "support".to_owned())],
    }
}

pub(crate) fn queue() -> QueueView {
    QueueView {
        id: QueueId::from_bits(1),
        name: "support".to_owned(),
        waiting: 2,
        oldest_wait_ms: Millis(40_000),
        ready_agents: 2,
        service_level_ms: Millis(20_000),
        expected_wait_ms: Some(Millis(60_000)),
        open: true,
    }
}

/// Just come to [`queue`].
pub(crate) fn visit(contact: ContactId) -> VisitView {
    VisitView {
        interaction: interaction(contact),
        queue: queue(),
        waited_ms: Millis(0),
        facts: Vec::new(),
    }
}

/// Two waiting contacts, two free agents of whom the second speaks better German.
pub(crate) fn batch(contacts: u128, agents: u128) -> Batch {
    let ids: Vec<AgentId> = (1..=agents).map(AgentId::from_bits).collect();
    Batch {
        at: Timestamp(1_790_000_000_000),
        queues: vec![queue()],
        agents: ids
            .iter()
            .map(|id| AgentView {
                id: *id,
                idle_ms: Millis(10_000 / id.bits() as u64),
                occupancy: 0.5,
                skills: vec![Skill {
                    name: "german".to_owned(),
                    level: (id.bits() % 10) as u8 + 1,
                }],
                experience: Vec::new(),
            })
            .collect(),
        contacts: (1..=contacts)
            .map(|number| ContactView {
                contact: contact(number),
                interaction: interaction(contact(number)),
                queue: QueueId::from_bits(1),
                waited_ms: Millis(40_000 - number as u64),
                attempt: 0,
                ring: 1,
                needs: vec![SkillNeed {
                    skill: "german".to_owned(),
                    at_least: 1,
                }],
                candidates: (0u32..)
                    .zip(&ids)
                    .map(|(agent, _)| Candidate { agent, ring: 1 })
                    .collect(),
                preferred: None,
                facts: Vec::new(),
                candidates_total: ids.len() as u32,
            })
            .collect(),
    }
}

/// The answer of a step that did not fail.
pub(crate) fn stepped(verdict: Verdict) -> FlowStepped {
    match verdict.outcome {
        Ok(Answer::FlowStep(stepped)) => stepped,
        answer => panic!("expected a step, got {answer:?}"),
    }
}

pub(crate) fn label(verdict: &Verdict) -> String {
    verdict
        .version
        .as_ref()
        .expect("a version answered")
        .label()
}
