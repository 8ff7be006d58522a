//! Chromium, driven step by step: `browser/driver.mjs` does what it is told over pipes, so that a
//! test tells its story in one place and phones and pages take turns in it.

use crate::host::{Host, root};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a page may take for anything: generous, the machine may be busy.
const WITHIN: Duration = Duration::from_secs(30);

/// The browsers of one test; they close when this is dropped. After a failure each page's picture
/// and console are kept, and their folder is printed.
#[derive(Debug)]
pub struct Browser {
    driver: Arc<Mutex<Driver>>,
}

/// One page with a session of its own.
#[derive(Debug, Clone)]
pub struct Page {
    driver: Arc<Mutex<Driver>>,
    name: String,
}

/// How a page is opened.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// What its microphone hears again and again; the browser's own beeps unless given. Pages with
    /// the same sound share a browser.
    pub microphone: Option<PathBuf>,
    /// Width and height; 1440 by 900 unless given.
    pub size: Option<(u32, u32)>,
    /// `en` unless given.
    pub language: Option<String>,
}

#[derive(Debug)]
struct Driver {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    last: u64,
}

static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Browser {
    pub fn start() -> Browser {
        let folder = root().join("tests/whole-host/browser");
        assert!(
            folder.join("node_modules/playwright-core").is_dir(),
            "no playwright-core in {}: run `make test`",
            folder.display()
        );
        let mut process = Command::new("node")
            .arg(folder.join("driver.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is installed");
        let requests = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("piped"));
        Browser {
            driver: Arc::new(Mutex::new(Driver {
                process,
                requests,
                answers,
                last: 0,
            })),
        }
    }

    /// Opens an empty page of a host.
    pub fn open(&self, name: &str, host: &Host, look: Look) -> Page {
        let page = Page {
            driver: self.driver.clone(),
            name: name.to_owned(),
        };
        let (width, height) = look.size.unwrap_or((1_440, 900));
        page.step(
            "open",
            json!({
                "url": host.url(),
                "microphone": look.microphone.unwrap_or_default(),
                "language": look.language.unwrap_or_else(|| "en".to_owned()),
                "width": width,
                "height": height,
            }),
        );
        page
    }
}

impl Drop for Browser {
    #[expect(clippy::print_stderr, reason = "a failing test shows where to look")]
    fn drop(&mut self) {
        let mut driver = match self.driver.lock() {
            Ok(driver) => driver,
            Err(poisoned) => poisoned.into_inner(),
        };
        if std::thread::panicking() {
            let folder = std::env::temp_dir().join(format!(
                "hotline-browser-{}-{}",
                std::process::id(),
                NUMBER.fetch_add(1, Ordering::Relaxed)
            ));
            if driver
                .ask("report", "", json!({ "folder": folder }))
                .is_ok()
            {
                eprintln!("--- what the pages showed: {} ---", folder.display());
            }
        }
        driver.end();
    }
}

impl Driver {
    fn ask(&mut self, step: &str, page: &str, arguments: Value) -> Result<Value, String> {
        self.last += 1;
        let mut request = Map::new();
        if let Value::Object(arguments) = arguments {
            request.extend(arguments);
        }
        request.insert("id".to_owned(), self.last.into());
        request.insert("do".to_owned(), step.into());
        request.insert("page".to_owned(), page.into());
        let requests = self.requests.as_mut().ok_or("the driver has ended")?;
        writeln!(requests, "{}", Value::Object(request)).map_err(|error| error.to_string())?;
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        let answer: Value =
            serde_json::from_str(&line).map_err(|_| format!("the driver said {line:?}"))?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["value"].clone()),
        }
    }

    /// Closing its input ends the driver and with it the browsers.
    fn end(&mut self) {
        drop(self.requests.take());
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The selector of an element's `data-testid`.
pub fn id(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

/// The selector of an element by its `data-testid` and `data-state`.
pub fn state(name: &str, state: &str) -> String {
    format!("[data-testid=\"{name}\"][data-state=\"{state}\"]")
}

impl Page {
    fn step(&self, step: &str, arguments: Value) -> Value {
        let shown = arguments.to_string();
        let answer = self
            .driver
            .lock()
            .map_err(|_| "an earlier step failed".to_owned())
            .and_then(|mut driver| driver.ask(step, &self.name, arguments));
        match answer {
            Ok(value) => value,
            Err(error) => panic!("{}: {step} {shown}: {error}", self.name),
        }
    }

    /// Signs a demo user in by the form, as a person does.
    pub fn sign_in(&self, host: &Host, user: &str) {
        let password = host.passwords.get(user).expect("a demo user");
        self.goto("/sign-in?tenant=demo");
        self.fill(&id("sign-in-user-name"), user);
        self.fill(&id("sign-in-password"), password);
        self.click(&id("sign-in-submit"));
        self.gone(&id("sign-in-submit"));
    }

    pub fn goto(&self, path: &str) {
        self.step("goto", json!({ "path": path }));
    }

    pub fn reload(&self) {
        self.step("reload", json!({}));
    }

    pub fn click(&self, on: &str) {
        self.step("click", json!({"on": on, "within": WITHIN.as_millis()}));
    }

    pub fn fill(&self, on: &str, text: &str) {
        self.step("fill", json!({"on": on, "text": text}));
    }

    /// Presses a key of the keyboard, such as `Alt+A`.
    pub fn key(&self, key: &str) {
        self.step("key", json!({ "key": key }));
    }

    /// Waits until something is seen and gives its text.
    pub fn see(&self, on: &str) -> String {
        self.see_within(on, WITHIN)
    }

    pub fn see_within(&self, on: &str, within: Duration) -> String {
        let seen = self.step("see", json!({"on": on, "within": within.as_millis()}));
        seen.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until nothing of the kind is seen.
    pub fn gone(&self, on: &str) {
        self.step("gone", json!({"on": on, "within": WITHIN.as_millis()}));
    }

    /// The texts of all that match.
    pub fn texts(&self, on: &str) -> Vec<String> {
        let texts = self.step("texts", json!({ "on": on }));
        serde_json::from_value(texts).expect("a list of texts")
    }

    /// Waits until a JavaScript expression is true in the page.
    pub fn until(&self, expression: &str) {
        self.step(
            "until",
            json!({"expression": expression, "within": WITHIN.as_millis()}),
        );
    }

    /// The value of a JavaScript expression in the page.
    pub fn evaluate(&self, expression: &str) -> Value {
        self.step("evaluate", json!({ "expression": expression }))
    }

    /// Waits until the page plays a tone; gives how long after the last click that was.
    pub fn hears(&self, hz: f64, within: Duration) -> Duration {
        let after = self.step("hears", json!({"hz": hz, "within": within.as_millis()}));
        Duration::from_millis(after.as_u64().unwrap_or_default())
    }

    /// Waits until the page plays any sound.
    pub fn hears_sound(&self, within: Duration) {
        self.step("hearsSound", json!({ "within": within.as_millis() }));
    }

    pub fn screenshot(&self, path: &Path) {
        self.step("screenshot", json!({ "path": path }));
    }

    /// What the page wrote into its console, a line each, with its kind in front.
    pub fn console(&self) -> Vec<String> {
        serde_json::from_value(self.step("log", json!({}))).expect("a list of lines")
    }

    pub fn close(self) {
        self.step("close", json!({}));
    }
}

/// A microphone's sound: bursts of a tone, which noise suppression takes for speech and not for
/// the hum of a fan.
pub fn microphone(folder: &Path, hz: f64) -> PathBuf {
    const RATE: u32 = 48_000;
    /// On for 300 ms, off for 150 ms.
    const BURST: u32 = RATE * 3 / 10;
    const PERIOD: u32 = RATE * 45 / 100;
    let path = folder.join(format!("microphone-{hz}.wav"));
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(&path, spec).expect("room for a sound");
    for n in 0..PERIOD * 4 {
        let place = n % PERIOD;
        let loud = if place < BURST {
            // Rises and falls within 5 ms, so that it does not click.
            f64::from(place.min(BURST - place)).min(240.0) / 240.0
        } else {
            0.0
        };
        let sine = (f64::from(n) / f64::from(RATE) * hz * std::f64::consts::TAU).sin();
        file.write_sample((sine * loud * 12_000.0) as i16)
            .expect("room for a sound");
    }
    file.finalize().expect("room for a sound");
    path
}
