//! `hotline sim export`: recorded traffic as a trace, and the scenario that plays it.

use crate::configuration::{Overrides, Settings};
use crate::recorded::{self, ReadError};
use hotline_records::{Database, Records, schema};
use hotline_simulator::{Recording, trace};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::configuration::Configuration;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The tenant's short name
    #[arg(long)]
    tenant: String,
    /// The first day, or instant: 2026-03-02, 2026-03-02T09:00:00+01:00
    #[arg(long, value_name = "WHEN")]
    from: String,
    /// Up to, not including
    #[arg(long, value_name = "WHEN")]
    to: String,
    /// Where days begin and end
    #[arg(long, default_value = "UTC", value_name = "IANA")]
    time_zone: String,
    /// Write the trace here instead of to standard output
    #[arg(long, value_name = "FILE.csv")]
    trace: Option<PathBuf>,
    /// Also write the scenario that plays it: agents, their shifts and skills, queues
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
    /// Keep this attribute of the contacts; none is kept unless named. May be repeated
    #[arg(long = "attribute", value_name = "NAME")]
    attributes: Vec<String>,
    #[command(flatten)]
    settings: Box<Overrides>,
}

pub(super) fn run(options: Options) -> Result<(), String> {
    let from = instant(&options.from, &options.time_zone)?;
    let to = instant(&options.to, &options.time_zone)?;
    if to <= from {
        return Err("--to must be later than --from".to_owned());
    }
    let settings = Settings::load(*options.settings).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("can not start: {error}"))?;
    let (recording, configuration) = runtime
        .block_on(read(&settings, &options.tenant, from, to))
        .map_err(|error| error.to_string())?;

    let mut csv = Vec::new();
    trace::write(&recording, &options.attributes, &mut csv).map_err(|error| error.to_string())?;
    match &options.trace {
        Some(path) => super::write(path, &csv)?,
        None => std::io::stdout()
            .write_all(&csv)
            .map_err(|error| error.to_string())?,
    }
    if let Some(path) = &options.scenario {
        let trace = options.trace.as_deref().unwrap_or(Path::new("trace.csv"));
        let trace = trace.file_name().map_or(trace, Path::new);
        let scenario = recording
            .scenario(&configuration, trace, &options.time_zone)
            .map_err(|error| error.to_string())?;
        let text = toml::to_string(&scenario).map_err(|error| error.to_string())?;
        super::write(path, text.as_bytes())?;
    }
    Ok(())
}

/// A day begins at its midnight in the time zone.
fn instant(text: &str, time_zone: &str) -> Result<Timestamp, String> {
    let millis = |at: jiff::Timestamp| Timestamp(at.as_millisecond());
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(millis(at));
    }
    let zone = jiff::tz::TimeZone::get(time_zone)
        .map_err(|_| format!("{time_zone:?} is no time zone; say an IANA name"))?;
    let date: jiff::civil::Date = text
        .parse()
        .map_err(|_| format!("{text:?} is no time; say 2026-03-02 or 2026-03-02T09:00:00Z"))?;
    let midnight = date.to_zoned(zone).map_err(|error| error.to_string())?;
    Ok(millis(midnight.timestamp()))
}

async fn read(
    settings: &Settings,
    tenant: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Recording, Configuration), ReadError> {
    let database = Database::open(&schema::Options::new(settings.location())).await?;
    let records = Records::new(&database);
    let tenant = records.tenants.by_name(tenant).await?.id;
    let configuration = records.settings.configuration(tenant).await?;
    let recording = recorded::traffic(&records, tenant, from, to).await?;
    database.close().await;
    Ok((recording, configuration))
}
