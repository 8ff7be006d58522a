//! Opens tenants for business: their folders, flows and exchange. A tenant that is created while
//! the host runs is found and opened too; nobody else notices.

use crate::connectors::Connectors;
use crate::directory::{Directory, Tenant};
use crate::exchange::{Awaited, Exchanges, Knowledge, Performers, Start};
use crate::folders;
use crate::host_wide::HostWide;
use crate::legs::Legs;
use crate::presence::Presence;
use crate::recordings::RecordingOwners;
use crate::tables::Tables;
use crate::web_calls::WebCalls;
use futures_util::FutureExt;
use hotline_media::Prompts;
use hotline_records::journal::{Journal, Recovered};
use hotline_records::restart::RepairedRecording;
use hotline_records::{Records, projector};
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::TenantId;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;

/// How often tenants that somebody created are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What tenants are opened with.
#[derive(Clone)]
pub(crate) struct Tenancy {
    pub records: Records,
    pub journal: Journal,
    pub recovered: Recovered,
    pub projector: projector::Handle,
    pub repaired: Vec<RepairedRecording>,
    pub directory: Directory,
    pub exchanges: Exchanges,
    pub sandbox: hotline_sandbox::Handle,
    pub media: hotline_media::Handle,
    pub prompts: Prompts,
    pub sip: hotline_sip::Handle,
    pub legs: Legs,
    pub presence: Presence,
    pub web_calls: WebCalls,
    pub owners: RecordingOwners,
    pub flows: PathBuf,
    pub recordings: PathBuf,
    pub host_wide: HostWide,
    pub traces: Option<hotline_traces::Tap>,
    pub connectors: Connectors,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("can not use the folder {folder}: {source}")]
    Folder {
        folder: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Records(#[from] hotline_records::Error),
}

impl Tenancy {
    /// Opens every tenant that is not open yet.
    pub(crate) async fn open_all(&self) -> Result<(), OpenError> {
        self.directory.load(&self.records).await?;
        let tenants = self.directory.tenants();
        for tenant in &tenants {
            self.make_folders(tenant)?;
        }
        let folders: Vec<(TenantId, String)> = tenants
            .iter()
            .map(|tenant| (tenant.id, tenant.name.clone()))
            .collect();
        self.sandbox.serve_tenants(folders);
        let mut first_failure = Ok(());
        for tenant in tenants {
            if !self.exchanges.serves(tenant.id) {
                // One that can not be opened does not keep the others waiting.
                let opened = self.open(&tenant).await;
                first_failure = first_failure.and(opened);
            }
        }
        first_failure
    }

    fn make_folders(&self, tenant: &Tenant) -> Result<(), OpenError> {
        for folder in [
            folders::recordings_of(&self.recordings, tenant.id),
            self.flows.join(&tenant.name),
        ] {
            std::fs::create_dir_all(&folder)
                .map_err(|source| OpenError::Folder { folder, source })?;
        }
        Ok(())
    }

    async fn open(&self, tenant: &Tenant) -> Result<(), OpenError> {
        let recordings_dir = folders::recordings_of(&self.recordings, tenant.id);
        let (tenancy, id, language) = (self.clone(), tenant.id, tenant.language.clone());
        let presence = self.presence.clone();
        let prompts_dir = folders::prompts(&self.flows, &tenant.name);
        let knowledge = Knowledge::new(
            self.records.customers.clone(),
            Tables::new(folders::tables(&self.flows, &tenant.name)),
            self.connectors.clone(),
        );
        let performers = move || Performers {
            tenant: id,
            language: language.clone(),
            legs: tenancy.legs.clone(),
            media: tenancy.media.clone(),
            prompts: tenancy.prompts.clone(),
            sip: tenancy.sip.clone(),
            sandbox: tenancy.sandbox.clone(),
            web_calls: tenancy.web_calls.clone(),
            prompts_dir: prompts_dir.clone(),
            recordings_dir: recordings_dir.clone(),
            recordings: tenancy.owners.clone(),
            trunk: tenancy.host_wide.trunk.clone(),
            knowledge: knowledge.clone(),
            awaited: Awaited::default(),
        };
        let start = Start {
            tenant: id,
            records: self.records.clone(),
            journal: self.journal.clone(),
            projector: self.projector.clone(),
            highest_epoch: self.recovered.epochs.get(&id).copied().unwrap_or(Epoch(0)),
            repaired: self.repaired.clone(),
            recordings: folders::recordings_of(&self.recordings, tenant.id),
            host_wide: self.host_wide.clone(),
            traces: self.traces.clone(),
            legs: self.legs.clone(),
            performers: Box::new(performers),
            devices: Box::new(move || presence.standing(id)),
        };
        Ok(self.exchanges.start(start).await?)
    }

    /// Looks for new tenants until the host stops.
    pub(crate) async fn follow(self) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            if AssertUnwindSafe(self.look()).catch_unwind().await.is_err() {
                tracing::error!("looking for new tenants panicked; it is tried again");
            }
        }
    }

    async fn look(&self) {
        match self.records.tenants.all().await {
            Ok(tenants) => {
                let all_open = tenants
                    .iter()
                    .all(|tenant| self.exchanges.serves(tenant.id));
                if !all_open && let Err(error) = self.open_all().await {
                    tracing::error!(%error, "a new tenant could not be opened; it is tried again");
                }
            }
            Err(error) => tracing::debug!(%error, "tenants could not be looked for"),
        }
    }
}
