//! Speech engines: text in, recorded voice out. The engine is a provider behind a trait of the
//! host, so that another one (a neural voice, a cloud service) is one implementation more.

use super::conditioning::Recording;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::OnceCell;

/// Why an engine did not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    #[error(
        "the speech engine `{program}` is not installed; install it with `apt-get install espeak-ng`, or use audio files as prompts"
    )]
    NotInstalled { program: String },
    #[error(
        "no voice speaks `{language}`; use a BCP 47 tag such as `en` or `zh-CN` (`espeak-ng --voices` lists what is installed)"
    )]
    UnknownLanguage { language: String },
    #[error(
        "the speech engine took longer than {time_limit_ms} ms; shorten the text or split it into several prompts"
    )]
    TooSlow { time_limit_ms: u64 },
    #[error("the speech engine failed: {0}")]
    Failed(String),
}

/// Speaks text. Implementations bound their own run time; the caller bounds how many run at once.
#[async_trait::async_trait]
pub trait SpeechEngine: Send + Sync + 'static {
    /// Name and version: part of the cache's key, so that another engine speaks anew.
    async fn version(&self) -> Result<String, SpeechError>;

    /// The voice that speaks a BCP 47 `language` tag, in the engine's own naming.
    fn voice(&self, language: &str) -> Result<String, SpeechError>;

    /// Speaks `text` with `voice`. The recording may have any sample rate.
    async fn speak(&self, voice: &str, text: &str) -> Result<Recording, SpeechError>;
}

/// espeak-ng as a subprocess: text on its standard input, a WAV file on its standard output.
/// It stays a process of its own: its licence (GPL) forbids linking it in, and a crash of it
/// costs one prompt.
#[derive(Debug)]
pub struct Espeak {
    program: String,
    time_limit: Duration,
    version: OnceCell<String>,
}

/// What one rendering may write: ten minutes of 22,050 Hz mono, 16 bits.
const MAX_OUTPUT_BYTES: u64 = 10 * 60 * 22_050 * 2;
/// How much of the engine's complaint goes into an error.
const MAX_COMPLAINT_BYTES: u64 = 400;

impl Default for Espeak {
    fn default() -> Self {
        Espeak::new("espeak-ng", Duration::from_secs(10))
    }
}

impl Espeak {
    /// `program` is looked up on `PATH` unless it is a path; `time_limit` holds for one text.
    pub fn new(program: impl Into<String>, time_limit: Duration) -> Self {
        Espeak {
            program: program.into(),
            time_limit,
            version: OnceCell::new(),
        }
    }

    /// Runs the program with `arguments`, feeds it `input`, returns what it wrote.
    async fn run(&self, arguments: &[&str], input: &str) -> Result<Vec<u8>, SpeechError> {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => SpeechError::NotInstalled {
                    program: self.program.clone(),
                },
                _ => SpeechError::Failed(format!("can not start `{}`: {error}", self.program)),
            })?;
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(SpeechError::Failed("its pipes are missing".into()));
        };
        let talk = async {
            let write = async {
                // A broken pipe means that it gave up early; its exit status says why.
                let _ = stdin.write_all(input.as_bytes()).await;
                drop(stdin);
            };
            let mut output = Vec::new();
            let mut complaint = Vec::new();
            let mut stdout = stdout.take(MAX_OUTPUT_BYTES);
            let mut stderr = stderr.take(MAX_COMPLAINT_BYTES);
            let (_, read, _) = tokio::join!(
                write,
                stdout.read_to_end(&mut output),
                stderr.read_to_end(&mut complaint)
            );
            read.map_err(|error| SpeechError::Failed(error.to_string()))?;
            // Close both pipes first: a program that still writes must not block for ever.
            drop((stdout, stderr));
            let status = child
                .wait()
                .await
                .map_err(|error| SpeechError::Failed(error.to_string()))?;
            if !status.success() {
                let complaint = String::from_utf8_lossy(&complaint);
                return Err(SpeechError::Failed(format!(
                    "{status}: {}",
                    complaint.trim()
                )));
            }
            Ok(output)
        };
        // On time-out the child is dropped, and killed with it.
        tokio::time::timeout(self.time_limit, talk)
            .await
            .unwrap_or(Err(SpeechError::TooSlow {
                time_limit_ms: self.time_limit.as_millis().try_into().unwrap_or(u64::MAX),
            }))
    }
}

#[async_trait::async_trait]
impl SpeechEngine for Espeak {
    async fn version(&self) -> Result<String, SpeechError> {
        let ask = || async {
            let output = self.run(&["--version"], "").await?;
            let text = String::from_utf8_lossy(&output);
            // "eSpeak NG text-to-speech: 1.51  Data at: /usr/lib/..."
            let version = text.split("Data at").next().unwrap_or(&text);
            Ok(version.trim().to_owned())
        };
        self.version.get_or_try_init(ask).await.cloned()
    }

    fn voice(&self, language: &str) -> Result<String, SpeechError> {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let primary = primary.to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Ok("cmn".into()),
            tag if (2..=3).contains(&tag.len())
                && tag.bytes().all(|byte| byte.is_ascii_lowercase()) =>
            {
                Ok(primary)
            }
            _ => Err(SpeechError::UnknownLanguage {
                language: language.to_owned(),
            }),
        }
    }

    async fn speak(&self, voice: &str, text: &str) -> Result<Recording, SpeechError> {
        // `-b 1`: the text is UTF-8. `-s 155`: a little slower than its default of 175 words a
        // minute, which is hard to follow through a telephone.
        let arguments = ["-v", voice, "-b", "1", "-s", "155", "--stdin", "--stdout"];
        let wav = match self.run(&arguments, text).await {
            Err(SpeechError::Failed(reason)) if reason.contains("voice does not exist") => {
                return Err(SpeechError::UnknownLanguage {
                    language: voice.to_owned(),
                });
            }
            other => other?,
        };
        parse_streamed_wav(&wav)
            .ok_or_else(|| SpeechError::Failed("what it wrote is not a 16-bit mono WAV".into()))
    }
}

/// Reads the WAV that a program writes to a pipe: since it can not seek back, its length fields
/// hold a placeholder, which strict readers refuse. 16-bit mono PCM only; the data chunk is last.
fn parse_streamed_wav(bytes: &[u8]) -> Option<Recording> {
    let rest = bytes.strip_prefix(b"RIFF")?.get(4..)?;
    let mut rest = rest.strip_prefix(b"WAVE")?;
    let mut sample_rate_hz = None;
    loop {
        let (header, body) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes(header[4..8].try_into().ok()?);
        match &header[..4] {
            b"fmt " => {
                let format = body.get(..16)?;
                let word = |at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
                if (word(0), word(2), word(14)) != (1, 1, 16) {
                    return None;
                }
                sample_rate_hz = Some(u32::from_le_bytes(format[4..8].try_into().ok()?));
            }
            b"data" => {
                let samples = body
                    .chunks_exact(2)
                    .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
                    .collect();
                return Some(Recording {
                    sample_rate_hz: sample_rate_hz?,
                    samples,
                });
            }
            _ => {}
        }
        // Chunks are padded to an even length.
        let length = usize::try_from(length).ok()?;
        rest = body.get(length.checked_add(length % 2)?..)?;
    }
}
