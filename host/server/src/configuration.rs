//! What the operator has set: defaults, then `hotline.toml`, then the environment, then the command
//! line, each over the one before.

use crate::plans::{self, PlansError};
use crate::secret::Secret;
use hotline_outbound::Allowed;
use hotline_outbound::guard::NotAllowable;
use hotline_records::Location;
use hotline_sandbox::limits::Plans;
use hotline_sip::{Account, Trunk};
use hotline_vocabulary::configuration::RecordingRule;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Where a server keeps its things and listens, complete.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub data: PathBuf,
    pub flows: PathBuf,
    pub http: SocketAddr,
    pub sip: SocketAddr,
    /// A sqlx address; SQLite below `data` unless set.
    pub database: String,
    pub external_ip: Option<IpAddr>,
    pub tls: Option<Tls>,
    pub rtp_ports: std::ops::RangeInclusive<u16>,
    /// STUN servers, for browsers and for us.
    pub ice_servers: Vec<String>,
    /// Whether to create the demo tenant when it is missing.
    pub demo: bool,
    /// For all tenants.
    pub recording: RecordingRule,
    /// Where calls to customers go out, those of every tenant: the line is the host's, and each call
    /// shows the number that its customer had dialled.
    pub trunk: Option<Trunk>,
    /// The OpenTelemetry collector that gets a trace of each contact.
    pub otlp: Option<String>,
    pub max_calls: u32,
    pub max_calls_per_second: u32,
    pub media_workers: usize,
    pub plugin_workers: usize,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    /// What the tenants' plugins may use, as the file says it.
    pub plans: Plans,
    /// Besides public addresses, where connectors may send requests.
    pub allow_outbound: Vec<Allowed>,
    /// What secrets are sealed with; a file below `data` when none.
    pub secrets_key: Option<Secret>,
}

/// How the console is served over TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tls {
    /// A certificate made at the first start and kept below `data`.
    SelfSigned,
    /// PEM files.
    Files { certificate: PathBuf, key: PathBuf },
}

/// One layer of settings: the command line and environment, or the file. The same names in all three.
#[derive(Debug, Default, Clone, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Overrides {
    /// Read settings from this file [default: hotline.toml, when it exists]
    #[arg(long, env = "HOTLINE_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// Where to keep the database, journal, recordings and caches [default: data]
    #[arg(long, env = "HOTLINE_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The hot-reloaded flows, a folder per tenant [default: flows]
    #[arg(long, env = "HOTLINE_FLOWS", value_name = "DIR")]
    flows: Option<PathBuf>,
    /// Where the console and the API listen [default: 127.0.0.1:8080]
    #[arg(long, env = "HOTLINE_HTTP", value_name = "ADDR")]
    http: Option<SocketAddr>,
    /// Where SIP listens, UDP and TCP [default: 127.0.0.1:5060]
    #[arg(long, env = "HOTLINE_SIP", value_name = "ADDR")]
    sip: Option<SocketAddr>,
    /// The database: sqlite://FILE or postgres://USER@HOST/NAME [default: SQLite in the data folder]
    #[arg(
        long,
        env = "HOTLINE_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// The address that phones and browsers reach us at, when it is not the one we listen on
    #[arg(long, env = "HOTLINE_EXTERNAL_IP", value_name = "IP")]
    external_ip: Option<IpAddr>,
    /// Serve the console over TLS: `self-signed`, or CERTIFICATE.pem,KEY.pem
    ///
    /// Browsers give a page the microphone on localhost and over TLS only.
    #[arg(long, env = "HOTLINE_TLS", value_name = "HOW")]
    tls: Option<String>,
    /// UDP ports for RTP, FIRST-LAST [default: 20000-29999]
    #[arg(long, env = "HOTLINE_RTP_PORTS", value_name = "RANGE")]
    rtp_ports: Option<String>,
    /// A STUN server for browsers behind a NAT, e.g. stun:stun.example.org:3478; may be repeated
    #[arg(
        long,
        env = "HOTLINE_ICE_SERVER",
        value_name = "URL",
        value_delimiter = ','
    )]
    ice_server: Option<Vec<String>>,
    /// Create a demo tenant with queues, agents and a demo line, when there is none
    #[arg(long, env = "HOTLINE_DEMO", num_args = 0..=1, default_missing_value = "true")]
    demo: Option<bool>,
    /// Which calls are recorded: always or never [default: always]
    #[arg(long, env = "HOTLINE_RECORDING", value_name = "WHICH")]
    recording: Option<String>,
    /// Where calls to customers go out (callbacks), those of every tenant: sip:HOST:PORT, with
    /// ;transport=tcp for TCP
    #[arg(long, env = "HOTLINE_TRUNK", value_name = "URI")]
    trunk: Option<String>,
    /// Who we are when the trunk asks; the password is in HOTLINE_TRUNK_PASSWORD or the file
    #[arg(long, env = "HOTLINE_TRUNK_USER", value_name = "NAME")]
    trunk_user: Option<String>,
    #[arg(
        long,
        env = "HOTLINE_TRUNK_PASSWORD",
        hide = true,
        hide_env_values = true
    )]
    trunk_password: Option<Secret>,
    /// An OpenTelemetry collector that gets a trace of each contact by OTLP over HTTP, e.g.
    /// http://localhost:4318
    #[arg(long, env = "HOTLINE_OTLP", value_name = "URL")]
    otlp: Option<String>,
    /// Calls at once, over all tenants; more get 503 [default: 2000]
    #[arg(long, env = "HOTLINE_MAX_CALLS", value_name = "CALLS")]
    max_calls: Option<u32>,
    /// New calls per second, over all tenants; more get 503 [default: 500]
    #[arg(long, env = "HOTLINE_MAX_CALLS_PER_SECOND", value_name = "CALLS")]
    max_calls_per_second: Option<u32>,
    /// Media threads [default: one for two cores]
    #[arg(long, env = "HOTLINE_MEDIA_WORKERS", value_name = "THREADS")]
    media_workers: Option<usize>,
    /// Plugin threads [default: one for two cores]
    #[arg(long, env = "HOTLINE_PLUGIN_WORKERS", value_name = "THREADS")]
    plugin_workers: Option<usize>,
    /// What plugins may use, by the names of plans; in the file alone: see [`plans`].
    #[arg(skip)]
    plans: IgnoredAny,
    /// Which tenants have one of them, by their short names; in the file alone.
    #[arg(skip)]
    tenant_plans: IgnoredAny,
    /// A host or network that connectors may reach although it is not public, e.g. crm.internal or
    /// 10.1.0.0/16; may be repeated
    #[arg(
        long,
        env = "HOTLINE_ALLOW_OUTBOUND",
        value_name = "HOST",
        value_delimiter = ','
    )]
    allow_outbound: Option<Vec<String>>,
    /// 64 hexadecimal digits that connectors' secrets are sealed with, in place of data/secrets.key
    #[arg(long, env = "HOTLINE_SECRETS_KEY", hide = true, hide_env_values = true)]
    secrets_key: Option<Secret>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("can not read {path}: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {source}")]
    Parse {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error(transparent)]
    Plans(#[from] PlansError),
    #[error("{setting}: {problem}; expected {expected}")]
    Value {
        setting: &'static str,
        problem: String,
        expected: &'static str,
    },
}

impl Settings {
    /// Reads the file that `line` names (or `hotline.toml` beside us, when there is one) and lays
    /// `line` over it.
    pub(crate) fn load(line: Overrides) -> Result<Settings, SettingsError> {
        let usual = Path::new("hotline.toml");
        let file = match &line.config {
            Some(path) => Some(path.clone()),
            None => usual.exists().then(|| usual.to_owned()),
        };
        let Some(path) = file else {
            return line.over(Overrides::default()).complete();
        };
        let settings = line.over(Overrides::read(&path)?).complete()?;
        Ok(Settings {
            plans: plans::read(&path)?,
            file: Some(path),
            ..settings
        })
    }

    /// Where the records are.
    pub(crate) fn location(&self) -> Location {
        match self.database.strip_prefix("sqlite://") {
            Some(path) => Location::Sqlite(path.into()),
            None => Location::Postgres(self.database.clone()),
        }
    }
}

impl Overrides {
    fn read(path: &Path) -> Result<Overrides, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| SettingsError::Parse {
            path: path.to_owned(),
            source: source.into(),
        })
    }

    fn over(self, below: Overrides) -> Overrides {
        Overrides {
            config: self.config,
            data: self.data.or(below.data),
            flows: self.flows.or(below.flows),
            http: self.http.or(below.http),
            sip: self.sip.or(below.sip),
            database: self.database.or(below.database),
            external_ip: self.external_ip.or(below.external_ip),
            tls: self.tls.or(below.tls),
            rtp_ports: self.rtp_ports.or(below.rtp_ports),
            ice_server: self.ice_server.or(below.ice_server),
            demo: self.demo.or(below.demo),
            recording: self.recording.or(below.recording),
            trunk: self.trunk.or(below.trunk),
            otlp: self.otlp.or(below.otlp),
            trunk_user: self.trunk_user.or(below.trunk_user),
            trunk_password: self.trunk_password.or(below.trunk_password),
            max_calls: self.max_calls.or(below.max_calls),
            max_calls_per_second: self.max_calls_per_second.or(below.max_calls_per_second),
            media_workers: self.media_workers.or(below.media_workers),
            plugin_workers: self.plugin_workers.or(below.plugin_workers),
            plans: IgnoredAny,
            tenant_plans: IgnoredAny,
            allow_outbound: self.allow_outbound.or(below.allow_outbound),
            secrets_key: self.secrets_key.or(below.secrets_key),
        }
    }

    fn complete(self) -> Result<Settings, SettingsError> {
        let data = self.data.unwrap_or_else(|| "data".into());
        let half_the_cores =
            std::thread::available_parallelism().map_or(1, |n| n.get().div_ceil(2));
        Ok(Settings {
            flows: self.flows.unwrap_or_else(|| "flows".into()),
            http: self
                .http
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            sip: self
                .sip
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 5060))),
            database: self
                .database
                .unwrap_or_else(|| format!("sqlite://{}", data.join("hotline.sqlite").display())),
            external_ip: self.external_ip,
            tls: self.tls.as_deref().map(parse_tls).transpose()?,
            rtp_ports: self
                .rtp_ports
                .as_deref()
                .map_or(Ok(20_000..=29_999), parse_ports)?,
            ice_servers: self
                .ice_server
                .unwrap_or_default()
                .into_iter()
                .map(stun)
                .collect::<Result<_, _>>()?,
            demo: self.demo.unwrap_or(false),
            recording: self
                .recording
                .as_deref()
                .map_or(Ok(RecordingRule::default()), parse_recording)?,
            trunk: parse_trunk(self.trunk, self.trunk_user, self.trunk_password)?,
            otlp: self.otlp.map(parse_otlp).transpose()?,
            max_calls: self.max_calls.unwrap_or(2_000),
            max_calls_per_second: self.max_calls_per_second.unwrap_or(500),
            media_workers: at_least_one("media-workers", self.media_workers, half_the_cores)?,
            plugin_workers: at_least_one("plugin-workers", self.plugin_workers, half_the_cores)?,
            file: None,
            plans: Plans::default(),
            allow_outbound: self
                .allow_outbound
                .unwrap_or_default()
                .iter()
                .map(|text| parse_allowed(text))
                .collect::<Result<_, _>>()?,
            secrets_key: self.secrets_key,
            data,
        })
    }
}

fn at_least_one(
    setting: &'static str,
    given: Option<usize>,
    default: usize,
) -> Result<usize, SettingsError> {
    match given {
        Some(0) => {
            let problem = "0 threads can not do the work".to_owned();
            Err(SettingsError::Value {
                setting,
                problem,
                expected: "1 or more",
            })
        }
        Some(threads) => Ok(threads),
        None => Ok(default),
    }
}

/// TURN needs credentials, which a page would have to be given: not offered yet.
fn stun(url: String) -> Result<String, SettingsError> {
    if url.starts_with("stun:") {
        return Ok(url);
    }
    Err(SettingsError::Value {
        setting: "ice-server",
        problem: format!("`{url}` is no STUN server"),
        expected: "stun:HOST:PORT",
    })
}

fn parse_allowed(text: &str) -> Result<Allowed, SettingsError> {
    text.parse()
        .map_err(|problem: NotAllowable| SettingsError::Value {
            setting: "allow-outbound",
            problem: problem.to_string(),
            expected: "HOST or NETWORK/BITS, e.g. crm.internal or 10.1.0.0/16",
        })
}

fn parse_tls(text: &str) -> Result<Tls, SettingsError> {
    if text == "self-signed" {
        return Ok(Tls::SelfSigned);
    }
    let (certificate, key) = text.split_once(',').ok_or_else(|| SettingsError::Value {
        setting: "tls",
        problem: format!("`{text}` names no key"),
        expected: "`self-signed` or CERTIFICATE.pem,KEY.pem",
    })?;
    Ok(Tls::Files {
        certificate: certificate.into(),
        key: key.into(),
    })
}

fn parse_recording(text: &str) -> Result<RecordingRule, SettingsError> {
    match text {
        "always" => Ok(RecordingRule::Always),
        "never" => Ok(RecordingRule::Never),
        _ => Err(SettingsError::Value {
            setting: "recording",
            problem: format!("`{text}` says nothing"),
            expected: "`always` or `never`",
        }),
    }
}

fn parse_otlp(url: String) -> Result<String, SettingsError> {
    if url.starts_with("http://") && url.len() > "http://".len() {
        return Ok(url);
    }
    Err(SettingsError::Value {
        setting: "otlp",
        problem: format!("`{url}` is no address that traces can be sent to"),
        expected: "http://HOST:PORT of a collector in your own network",
    })
}

fn parse_trunk(
    uri: Option<String>,
    user_name: Option<String>,
    password: Option<Secret>,
) -> Result<Option<Trunk>, SettingsError> {
    let wrong = |setting, problem: String, expected| {
        Err(SettingsError::Value {
            setting,
            problem,
            expected,
        })
    };
    let Some(uri) = uri else {
        return match (user_name, password) {
            (None, None) => Ok(None),
            _ => wrong(
                "trunk",
                "an account without a trunk".to_owned(),
                "sip:HOST:PORT",
            ),
        };
    };
    let mut trunk: Trunk = match uri.parse() {
        Ok(trunk) => trunk,
        Err(error) => {
            return wrong("trunk", error.to_string(), "sip:HOST:PORT[;transport=tcp]");
        }
    };
    trunk.account = match (user_name, password) {
        (Some(user_name), Some(Secret(password))) => Some(Account {
            user_name,
            password,
        }),
        (None, None) => None,
        _ => {
            let problem = "a name without a password, or a password without a name".to_owned();
            return wrong("trunk-user", problem, "both, or neither");
        }
    };
    Ok(Some(trunk))
}

fn parse_ports(text: &str) -> Result<std::ops::RangeInclusive<u16>, SettingsError> {
    let wrong = |problem: String| SettingsError::Value {
        setting: "rtp-ports",
        problem,
        expected: "FIRST-LAST, e.g. 20000-29999",
    };
    let (first, last) = text
        .split_once('-')
        .ok_or_else(|| wrong(format!("`{text}` is no range")))?;
    let port = |text: &str| {
        text.trim()
            .parse::<u16>()
            .map_err(|_| wrong(format!("`{text}` is no port")))
    };
    let (first, last) = (port(first)?, port(last)?);
    if first < 1024 || first >= last {
        return Err(wrong(format!("{first}-{last} is empty or below port 1024")));
    }
    Ok(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(file: &str, line: Overrides) -> Result<Settings, SettingsError> {
        let file = toml::from_str(file).expect("a settings file");
        line.over(file).complete()
    }

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_the_default() {
        let line = Overrides {
            http: "127.0.0.1:1".parse().ok(),
            ..Overrides::default()
        };
        let settings = settings("http = '127.0.0.1:2'\nsip = '127.0.0.1:3'", line).expect("valid");
        assert_eq!(settings.http.port(), 1);
        assert_eq!(settings.sip.port(), 3);
        assert_eq!(settings.flows, Path::new("flows"));
    }

    #[test]
    fn a_wrong_setting_is_named_with_what_was_expected() {
        let error = settings("rtp-ports = '9-20'", Overrides::default()).expect_err("too low");
        assert_eq!(
            error.to_string(),
            "rtp-ports: 9-20 is empty or below port 1024; expected FIRST-LAST, e.g. 20000-29999"
        );
        let nobody = settings("trunk = 'sip:gw'\ntrunk-user = 'x'", Overrides::default());
        assert_eq!(
            nobody.expect_err("half an account").to_string(),
            "trunk-user: a name without a password, or a password without a name; expected both, or neither"
        );
        let nowhere = settings("allow-outbound = ['http://crm']", Overrides::default());
        assert_eq!(
            nowhere.expect_err("a URL").to_string(),
            "allow-outbound: `http://crm` is neither a host name nor a network such as 10.1.0.0/16; \
             expected HOST or NETWORK/BITS, e.g. crm.internal or 10.1.0.0/16"
        );
        let unknown = toml::from_str::<Overrides>("htpp = 'x'").expect_err("unknown");
        assert!(unknown.to_string().contains("htpp"), "{unknown}");
    }
}
