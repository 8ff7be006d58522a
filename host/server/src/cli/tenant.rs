//! `hotline tenant ...`: for the operator of a host.

use crate::configuration::{Overrides, Settings};
use crate::secret;
use hotline_records::repositories::tenants::TenantDraft;
use hotline_records::repositories::users::{Role, UserDraft};
use hotline_records::{Database, Error, Records, schema};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Create a tenant and its first administrator; a running host opens it within seconds
    Create {
        /// The short name in addresses, and of the folder of its flows
        name: String,
        /// What people read [default: the name]
        #[arg(long)]
        display_name: Option<String>,
        /// Its SIP domain, by which callers and desk phones find it
        #[arg(long, value_name = "DOMAIN")]
        sip_domain: Option<String>,
        /// The language of its announcements and console, e.g. en or zh-CN
        #[arg(long, default_value = "en")]
        language: String,
        /// The user name of its first administrator
        #[arg(long, default_value = "admin")]
        admin: String,
        #[command(flatten)]
        settings: Box<Overrides>,
    },
}

pub(crate) fn run(command: Command) -> ExitCode {
    let Command::Create {
        name,
        display_name,
        sip_domain,
        language,
        admin,
        settings,
    } = command;
    let settings = match Settings::load(*settings) {
        Ok(settings) => settings,
        Err(error) => return super::fail(&error.to_string()),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return super::fail(&format!("can not start: {error}")),
    };
    let draft = TenantDraft {
        display_name: display_name.unwrap_or_else(|| name.clone()),
        name,
        sip_domain,
        language,
    };
    match runtime.block_on(create(&settings, draft, &admin)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::fail(&error.to_string()),
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
async fn create(settings: &Settings, draft: TenantDraft, admin: &str) -> Result<(), Error> {
    let database = Database::open(&schema::Options::new(settings.location())).await?;
    let records = Records::new(&database);
    let now = crate::clock::now();
    let name = draft.name.clone();
    let tenant = records.tenants.create(now, draft).await?;
    let password = secret::readable();
    let user = UserDraft {
        user_name: admin.to_owned(),
        display_name: admin.to_owned(),
        role: Role::Admin,
        language: None,
        skills: Vec::new(),
        queues: Vec::new(),
        capacity: Vec::new(),
    };
    records
        .users
        .create(tenant.id, now, user, &password)
        .await?;
    println!("Created the tenant {name}. Its password is shown this once:");
    println!("    {admin:<8} {:<11} {password}", Role::Admin.as_str());
    println!(
        "Sign in at /sign-in?tenant={name}; its flows go into {}.",
        settings.flows.join(&name).display()
    );
    database.close().await;
    Ok(())
}
