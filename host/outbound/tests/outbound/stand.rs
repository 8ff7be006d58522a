//! What every test needs: a host that may reach loopback, a plugin, its secrets.

use hotline_outbound::address::Base;
use hotline_outbound::resolver::Lookup;
use hotline_outbound::retry::Retry;
use hotline_outbound::{
    Answer, Auth, Caller, Endpoint, FailureWord, Grant, Guard, Limits, Options, Outbound, Owner,
    Placement, Position, Request, Response, Secret, Vault, VaultError, breaker,
};
use hotline_vocabulary::ids::{Id, TenantId};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

/// Secrets in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<(Owner, String), Secret>>);

impl Memory {
    pub fn set(&self, owner: &Owner, name: &str, value: &str) {
        let key = (owner.clone(), name.to_owned());
        self.0.lock().insert(key, Secret::new(value));
    }

    pub fn get(&self, owner: &Owner, name: &str) -> Option<Secret> {
        self.0
            .lock()
            .get(&(owner.clone(), name.to_owned()))
            .cloned()
    }
}

#[async_trait::async_trait]
impl Vault for Memory {
    async fn secret(&self, owner: &Owner, name: &str) -> Result<Option<Secret>, VaultError> {
        Ok(self.get(owner, name))
    }

    async fn replace(&self, owner: &Owner, name: &str, value: &Secret) -> Result<(), VaultError> {
        self.set(owner, name, value.reveal());
        Ok(())
    }
}

/// Names that answer as they are told, the last answer again and again.
#[derive(Debug, Default)]
pub struct Names(Mutex<HashMap<&'static str, Vec<Vec<IpAddr>>>>);

impl Names {
    pub fn tell(&self, name: &'static str, answers: &[&[&str]]) {
        let answer = |list: &&[&str]| list.iter().map(|a| a.parse().expect("an IP")).collect();
        let mut answers: Vec<_> = answers.iter().map(answer).collect();
        answers.reverse();
        self.0.lock().insert(name, answers);
    }
}

#[async_trait::async_trait]
impl Lookup for Names {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut names = self.0.lock();
        let answers = names.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        match answers.len() {
            0 => Err(io::ErrorKind::NotFound.into()),
            1 => Ok(answers[0].clone()),
            _ => Ok(answers.pop().unwrap_or_default()),
        }
    }
}

pub struct Stand {
    pub outbound: Outbound,
    pub vault: Arc<Memory>,
    pub names: Arc<Names>,
    pub caller: Caller,
}

pub fn owner(tenant: u128) -> Owner {
    Owner {
        tenant: TenantId::from_bits(tenant),
        plugin: "connector/crm".to_owned(),
    }
}

pub fn endpoint(name: &str, base: &str) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        base: Base::parse(base).expect("a base"),
        methods: ["GET", "POST", "PUT"].map(str::to_owned).to_vec(),
        auth: Auth::None,
        placements: Vec::new(),
    }
}

pub fn placed(secret: &str, position: Position) -> Placement {
    Placement {
        secret: Some(secret.to_owned()),
        position,
    }
}

/// Quick tries, so that tests are quick.
pub fn options(allowed: &[&str]) -> Options {
    let allowed = allowed.iter().map(|text| text.parse().expect("a rule"));
    Options {
        guard: Guard::new(allowed.collect()),
        limits: Limits {
            try_timeout_ms: 2_000,
            request_timeout_ms: 20_000,
            response_body_bytes: 64 * 1024,
            ..Limits::default()
        },
        retry: Retry {
            first_wait_ms: 5,
            longest_wait_ms: 20,
            ..Retry::default()
        },
        breaker: breaker::Rules {
            opens_after: 6,
            open_ms: 200,
            ..breaker::Rules::default()
        },
        seed: 7,
        ..Options::default()
    }
}

impl Stand {
    /// Loopback's first address is allowed, and so is the name `crm.test`.
    pub fn new(endpoints: Vec<Endpoint>) -> Stand {
        Stand::with(options(&["127.0.0.1", "crm.test"]), endpoints)
    }

    pub fn with(options: Options, endpoints: Vec<Endpoint>) -> Stand {
        // Who has installed one already is another test of this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (vault, names) = (Arc::new(Memory::default()), Arc::new(Names::default()));
        let options = Options {
            lookup: names.clone(),
            ..options
        };
        Stand {
            outbound: Outbound::new(options, vault.clone()).expect("a client"),
            vault,
            names,
            caller: Caller {
                owner: owner(1),
                grant: Arc::new(Grant {
                    endpoints,
                    unconfigured: Vec::new(),
                }),
                contact: None,
            },
        }
    }

    pub fn secret(&self, name: &str, value: &str) {
        self.vault.set(&self.caller.owner, name, value);
    }

    pub async fn perform(&self, request: Request) -> Answer {
        let round = self.outbound.perform(&self.caller, &[request]).await;
        round.expect("one request").remove(0)
    }

    pub async fn response(&self, request: Request) -> Response {
        let answer = self.perform(request).await;
        answer.outcome.expect("an answer")
    }

    pub async fn failure(&self, request: Request) -> FailureWord {
        match self.perform(request).await.outcome {
            Ok(response) => panic!("an answer where none may be: {response:?}"),
            Err(failure) => failure.word,
        }
    }
}

pub fn get(path: &str) -> Request {
    Request {
        id: "1".to_owned(),
        endpoint: "api".to_owned(),
        method: "GET".to_owned(),
        path: path.to_owned(),
        ..Request::default()
    }
}

pub fn post(path: &str, body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        body: Some(body.as_bytes().to_vec()),
        ..get(path)
    }
}

pub fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
