//! What a manifest may say besides being of the right shape.

use crate::{Auth, Endpoint, Manifest, Method, Part, Problem, Text, World, check_schema};
use std::collections::HashSet;

const NAME_BYTES: usize = 64;
const DESCRIPTION_BYTES: usize = 1000;
const URL_BYTES: usize = 500;
const TEXT_BYTES: usize = 200;
const ENDPOINTS: usize = 16;
const SECRETS: usize = 16;
const METRICS: usize = 32;
const PLACEMENTS: usize = 16;

/// What the host itself says with each request.
const HEADERS_OF_THE_HOST: [&str; 8] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem::at(path, message));
    }

    fn text(&mut self, path: &str, text: &str, bytes: usize) {
        if text.len() > bytes {
            self.add(path, format!("is longer than {bytes} bytes"));
        } else if text.chars().any(char::is_control) {
            self.add(path, "holds a control character");
        }
    }

    fn filled(&mut self, path: &str, text: &str, bytes: usize) {
        if text.is_empty() {
            self.add(path, "is empty");
        }
        self.text(path, text, bytes);
    }

    fn description(&mut self, path: &str, text: &Text) {
        self.text(&format!("{path}.en"), &text.en, DESCRIPTION_BYTES);
        self.text(&format!("{path}.zh-CN"), &text.zh, DESCRIPTION_BYTES);
    }

    fn kebab(&mut self, path: &str, name: &str) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > NAME_BYTES || !name.chars().all(plain) {
            self.add(
                path,
                format!("`{name}` is no name: 1 to {NAME_BYTES} small letters, digits and `-`"),
            );
        }
    }

    fn header(&mut self, path: &str, header: &str) {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if header.is_empty() || header.len() > NAME_BYTES || !header.chars().all(token) {
            self.add(path, format!("`{header}` is no name of a header"));
        } else if HEADERS_OF_THE_HOST.contains(&header.to_ascii_lowercase().as_str()) {
            self.add(path, format!("`{header}` is the host's own"));
        }
    }

    fn unique<'a>(&mut self, list: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for (place, name) in names.enumerate() {
            if !seen.insert(name) {
                self.add(
                    format!("{list}[{place}].name"),
                    format!("`{name}` stands twice"),
                );
            }
        }
    }

    fn at_most(&mut self, list: &str, count: usize, most: usize) {
        if count > most {
            self.add(
                list,
                format!("has {count} entries; at most {most} are possible"),
            );
        }
    }
}

impl Manifest {
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let mut found = Findings(Vec::new());
        found.filled("name", &self.name, NAME_BYTES);
        found.filled("version", &self.version, NAME_BYTES);
        found.filled("sdk", &self.sdk, NAME_BYTES);
        found.description("description", &self.description);
        self.check_secrets(&mut found);
        self.check_http(&mut found);
        self.check_metrics(&mut found);
        if let Some(schema) = &self.config_schema
            && let Err(problems) = check_schema(schema.value())
        {
            found.0.extend(problems.into_iter().map(|problem| Problem {
                path: format!("config_schema{}", problem.path),
                ..problem
            }));
        }
        if found.0.is_empty() {
            Ok(())
        } else {
            Err(found.0)
        }
    }

    fn check_secrets(&self, found: &mut Findings) {
        found.at_most("secrets", self.secrets.len(), SECRETS);
        found.unique("secrets", self.secrets.iter().map(|s| s.name.as_str()));
        for (place, secret) in self.secrets.iter().enumerate() {
            found.kebab(&format!("secrets[{place}].name"), &secret.name);
            found.description(
                &format!("secrets[{place}].description"),
                &secret.description,
            );
        }
        if self.world != World::CrmConnector && !self.secrets.is_empty() {
            found.add(
                "secrets",
                format!(
                    "only a `crm-connector` has secrets; this is of the world `{}`",
                    self.world
                ),
            );
        }
    }

    fn check_http(&self, found: &mut Findings) {
        found.at_most("http", self.http.len(), ENDPOINTS);
        found.unique("http", self.http.iter().map(|e| e.name.as_str()));
        if self.world != World::CrmConnector && !self.http.is_empty() {
            found.add(
                "http",
                format!(
                    "only a `crm-connector` describes requests; this is of the world `{}`",
                    self.world
                ),
            );
        }
        for (place, endpoint) in self.http.iter().enumerate() {
            self.check_endpoint(&format!("http[{place}]"), endpoint, found);
        }
    }

    fn check_endpoint(&self, path: &str, endpoint: &Endpoint, found: &mut Findings) {
        found.kebab(&format!("{path}.name"), &endpoint.name);
        self.url(&format!("{path}.base_url"), &endpoint.base_url, found);
        let methods: HashSet<Method> = endpoint.methods.iter().copied().collect();
        if endpoint.methods.is_empty() {
            found.add(
                format!("{path}.methods"),
                "is empty: name at least one, e.g. `GET`",
            );
        } else if methods.len() != endpoint.methods.len() {
            found.add(format!("{path}.methods"), "names a method twice");
        }
        self.check_placements(path, endpoint, found);
        let Some(auth) = &endpoint.auth else {
            return;
        };
        for name in auth.secrets() {
            if self.secret(name).is_none() {
                found.add(
                    format!("{path}.auth"),
                    format!("needs the secret `{name}`, which `secrets` does not declare"),
                );
            }
        }
        if let Some(url) = auth.token_url() {
            self.url(&format!("{path}.auth.token_url"), url, found);
        }
        match auth {
            Auth::Bearer { .. } => {}
            Auth::Basic { username, .. } => {
                self.template(&format!("{path}.auth.username"), username, found);
            }
            Auth::Header { header, prefix, .. } => {
                let at = format!("{path}.auth.header");
                match header.contains("{{") {
                    true => self.template(&at, header, found),
                    false => found.header(&at, header),
                }
                let at = format!("{path}.auth.prefix");
                found.text(&at, prefix, TEXT_BYTES);
                self.placeholders(&at, prefix, found);
            }
            Auth::OAuth2ClientCredentials {
                client_id,
                scope,
                audience,
                ..
            } => {
                self.template(&format!("{path}.auth.client_id"), client_id, found);
                for (field, text) in [("scope", scope), ("audience", audience)] {
                    if let Some(text) = text {
                        self.template(&format!("{path}.auth.{field}"), text, found);
                    }
                }
            }
            Auth::OAuth2RefreshToken {
                client_id, scope, ..
            } => {
                self.template(&format!("{path}.auth.client_id"), client_id, found);
                if let Some(scope) = scope {
                    self.template(&format!("{path}.auth.scope"), scope, found);
                }
            }
        }
    }

    fn check_placements(&self, path: &str, endpoint: &Endpoint, found: &mut Findings) {
        found.at_most(
            &format!("{path}.placements"),
            endpoint.placements.len(),
            PLACEMENTS,
        );
        for (place, placement) in endpoint.placements.iter().enumerate() {
            let path = format!("{path}.placements[{place}]");
            if let Some(secret) = &placement.secret
                && self.secret(secret).is_none()
            {
                let message =
                    format!("places the secret `{secret}`, which `secrets` does not declare");
                found.add(format!("{path}.secret"), message);
            }
            let at = format!("{path}.name");
            match (placement.part, &placement.name) {
                (Part::Header, Some(name)) => found.header(&at, name),
                (Part::Query, Some(name)) => found.filled(&at, name, NAME_BYTES),
                (Part::Body, None) => {}
                (Part::Body, Some(_)) => found.add(at, "a body has no name; leave it out"),
                (Part::Header | Part::Query, None) => found.add(
                    path,
                    "needs `name`: that of the header or of the query parameter",
                ),
            }
        }
    }

    /// A text in which `{{config:KEY}}` may stand.
    fn template(&self, path: &str, text: &str, found: &mut Findings) {
        found.filled(path, text, TEXT_BYTES);
        self.placeholders(path, text, found);
    }

    fn placeholders(&self, path: &str, text: &str, found: &mut Findings) {
        for part in text.split("{{").skip(1) {
            let key = part
                .split_once("}}")
                .and_then(|(inner, _)| inner.strip_prefix("config:"));
            match key {
                None => found.add(
                    path,
                    "holds `{{` that is no `{{config:KEY}}`; secrets are named in `auth`",
                ),
                Some(key) if !self.configures(key) => found.add(
                    path,
                    format!(
                        "takes `{key}` from the configuration, but `config_schema` has no such \
                         property"
                    ),
                ),
                Some(_) => {}
            }
        }
    }

    fn configures(&self, key: &str) -> bool {
        let properties = self
            .config_schema
            .as_ref()
            .and_then(|schema| schema.value().get("properties"));
        properties.is_some_and(|properties| properties.get(key).is_some())
    }

    /// The host looks closer when it has the configuration; here, what needs none.
    fn url(&self, path: &str, url: &str, found: &mut Findings) {
        found.filled(path, url, URL_BYTES);
        self.placeholders(path, url, found);
        let known_scheme = url.starts_with("https://") || url.starts_with("http://");
        if !url.is_empty() && !known_scheme && !url.starts_with("{{config:") {
            found.add(path, "does not begin with `https://` or `http://`");
        }
        if url.contains(['?', '#', '\\', ' ']) {
            found.add(path, "may have no query, fragment, blank or backslash");
        }
        let host = url.split("://").nth(1).unwrap_or_default();
        if host
            .split('/')
            .next()
            .is_some_and(|host| host.contains('@'))
        {
            found.add(path, "names a user; use `auth`");
        }
    }

    fn check_metrics(&self, found: &mut Findings) {
        found.at_most("metrics", self.metrics.len(), METRICS);
        found.unique("metrics", self.metrics.iter().map(|m| m.name.as_str()));
        for (place, metric) in self.metrics.iter().enumerate() {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let name = &metric.name;
            let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
            if !begins || name.len() > NAME_BYTES || !name.chars().all(plain) {
                found.add(
                    format!("metrics[{place}].name"),
                    format!("`{name}` is no name: a small letter, then letters, digits and `_`"),
                );
            }
            found.description(
                &format!("metrics[{place}].description"),
                &metric.description,
            );
        }
    }
}
