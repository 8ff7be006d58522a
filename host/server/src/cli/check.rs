//! `hotline check FOLDER`: a tenant's flows through the same gate as in the server.

use super::scratch::Scratch;
use crate::shipped;
use hotline_sandbox::Severity;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{Minter, TenantId};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(folder: &Path) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return super::fail(&format!("can not start threads: {error}")),
    };
    match runtime.block_on(check(folder)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => super::fail(&problem),
    }
}

/// Whether all is well; what is not was printed.
#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
async fn check(folder: &Path) -> Result<bool, String> {
    let whole = folder
        .canonicalize()
        .map_err(|error| format!("can not read {}: {error}", folder.display()))?;
    let (Some(root), Some(name)) = (whole.parent(), whole.file_name()) else {
        return Err(format!("{} is no tenant's folder", folder.display()));
    };
    let store = Scratch::make("check").map_err(|error| format!("no scratch folder: {error}"))?;
    let (service, handle, _events) = hotline_sandbox::start(hotline_sandbox::Options {
        flows_root: root.to_owned(),
        store_dir: store.path().to_owned(),
        compiler: shipped::compiler(),
        workers: 2,
        shipped: shipped::plugins(),
        plans: hotline_sandbox::limits::Plans::default(),
        ledger: None,
    })
    .map_err(|error| error.to_string())?;
    let tenant: TenantId = Minter::new(0).mint(Timestamp(0));
    handle.serve_tenants(vec![(tenant, name.to_string_lossy().into_owned())]);
    handle.settled().await;
    let mut good = true;
    let plugins = handle.catalogue(tenant);
    if plugins.is_empty() {
        println!("{} holds no flows and no policies", folder.display());
    }
    for plugin in plugins {
        let problems = plugin.problem.as_deref().unwrap_or_default();
        for diagnostic in problems.iter().chain(&plugin.warnings) {
            println!("{diagnostic}");
            good &= diagnostic.severity != Severity::Error;
        }
        if problems.is_empty() {
            println!("{}: good", plugin.path);
        }
    }
    service.stop().await;
    Ok(good)
}
