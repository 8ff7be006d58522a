//! Prompts: text spoken by a local engine, audio files, music on hold; rendered once into a
//! [`Sound`] that every listener shares.
//!
//! Three caches stand in front of the work: sounds in memory (by use, within a bound), samples on
//! disk (by hash of what made them), and renderings under way (whoever asks for the same prompt
//! meanwhile waits for the one that runs). A rendering goes on when its caller hangs up: the next
//! one finds it done.

mod cache;
mod conditioning;
mod music;
mod sound_file;
mod speech;
#[cfg(test)]
mod tests;

pub use conditioning::Recording;
pub use sound_file::SoundFileError;
pub use speech::{Espeak, SpeechEngine, SpeechError};

use crate::Sound;
use cache::{DiskCache, RecentSounds};
use hotline_vocabulary::media::{Prompt, PromptSource};
use sound_file::FileVersion;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// How prompts are rendered and kept.
#[derive(Clone)]
pub struct PromptOptions {
    /// Where rendered prompts are kept across restarts. What callers are told may be personal:
    /// the folder deserves the same protection as recordings.
    pub cache_dir: PathBuf,
    /// Who speaks text.
    pub engine: Arc<dyn SpeechEngine>,
    /// Bound of the sounds kept in memory, in bytes (16,000 a second).
    pub memory_bytes: usize,
    /// Bound of `cache_dir`, in bytes; the oldest files go first.
    pub disk_bytes: u64,
    /// The longest text that is spoken, in characters.
    pub max_text_chars: usize,
    /// The largest audio file, in bytes.
    pub max_file_bytes: u64,
    /// The longest audio file, once decoded.
    pub max_duration: Duration,
    /// How many renderings run at once.
    pub concurrency: usize,
    /// How many renderings may run or wait; beyond, [`PromptError::Busy`].
    pub max_in_flight: usize,
}

impl PromptOptions {
    /// espeak-ng and limits that suit one machine.
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        PromptOptions {
            cache_dir: cache_dir.into(),
            engine: Arc::new(Espeak::default()),
            memory_bytes: 64 << 20,
            disk_bytes: 1 << 30,
            max_text_chars: 2_000,
            max_file_bytes: 64 << 20,
            max_duration: Duration::from_secs(600),
            concurrency: 2,
            max_in_flight: 256,
        }
    }
}

impl fmt::Debug for PromptOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PromptOptions")
            .field("cache_dir", &self.cache_dir)
            .field("memory_bytes", &self.memory_bytes)
            .finish_non_exhaustive()
    }
}

/// Why there is no sound to play.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    #[error("this Hotline knows no prompt of the kind `{0}`")]
    UnknownSource(String),
    #[error("the prompt has no text to speak")]
    EmptyText,
    #[error("the prompt has {chars} characters, at most {limit} are spoken; split it")]
    TextTooLong { chars: usize, limit: usize },
    #[error(transparent)]
    Speech(#[from] SpeechError),
    #[error(transparent)]
    File(#[from] SoundFileError),
    #[error("{0} prompts are being rendered already; try again in a moment")]
    Busy(usize),
    #[error("rendering the prompt broke off; the log says more")]
    Interrupted,
}

type Outcome = Result<Arc<Sound>, PromptError>;

/// What makes a rendering the same as another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// Hash of engine, voice and text.
    Speech(blake3::Hash),
    File(FileVersion, Loudness),
}

/// What a file is for decides how loud it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Loudness {
    Speech,
    Music,
}

/// Renders prompts. Cheap to clone; all clones share the caches.
#[derive(Clone)]
pub struct Prompts {
    inner: Arc<Inner>,
}

struct Inner {
    options: PromptOptions,
    disk: DiskCache,
    recent: Mutex<RecentSounds<Key>>,
    /// Renderings under way; the watch holds the outcome once there is one.
    in_flight: Mutex<HashMap<Key, watch::Receiver<Option<Outcome>>>>,
    turns: Semaphore,
    built_in_music: OnceLock<Arc<Sound>>,
    tone: OnceLock<Arc<Sound>>,
}

impl fmt::Debug for Prompts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prompts")
            .field("options", &self.inner.options)
            .finish_non_exhaustive()
    }
}

/// The guarded maps are consistent between any two statements, so a panic elsewhere that
/// poisoned the lock did not break them.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Prompts {
    pub fn new(options: PromptOptions) -> Self {
        Prompts {
            inner: Arc::new(Inner {
                disk: DiskCache::new(options.cache_dir.clone(), options.disk_bytes),
                recent: Mutex::new(RecentSounds::new(options.memory_bytes)),
                in_flight: Mutex::new(HashMap::new()),
                turns: Semaphore::new(options.concurrency.max(1)),
                built_in_music: OnceLock::new(),
                tone: OnceLock::new(),
                options,
            }),
        }
    }

    /// The sound of `prompt`. Text without a language of its own is spoken in
    /// `default_language` (BCP 47); audio files are looked for below `prompts_dir` only.
    ///
    /// Must be called within a tokio runtime. Dropping the future does not stop the rendering.
    pub async fn render(
        &self,
        prompt: &Prompt,
        default_language: &str,
        prompts_dir: &Path,
    ) -> Outcome {
        match &prompt.source {
            PromptSource::Text(text) => {
                let language = prompt.language.as_deref().unwrap_or(default_language);
                self.speech(text, language).await
            }
            PromptSource::Unknown(name) => Err(PromptError::UnknownSource(name.clone())),
            PromptSource::Tone => Ok(Arc::clone(self.inner.tone.get_or_init(|| {
                Arc::new(Sound::from_samples(&conditioning::to_pcm(&music::tone())))
            }))),
            PromptSource::Audio(name) => {
                let (folder, wanted) = (prompts_dir.to_owned(), name.clone());
                let version =
                    blocking(move || sound_file::locate_below(&folder, &wanted)).await??;
                self.file(version, name.clone(), Loudness::Speech).await
            }
        }
    }

    /// Music on hold: the operator's file, or the built-in loop. Meant to be played over and over.
    pub async fn music(&self, file: Option<&Path>) -> Outcome {
        if let Some(path) = file {
            let name = path.display().to_string();
            let (path, wanted) = (path.to_owned(), name.clone());
            let version = blocking(move || sound_file::version_of(path, &wanted)).await??;
            return self.file(version, name, Loudness::Music).await;
        }
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let make = || {
                let mut music = music::built_in();
                conditioning::normalise(&mut music, conditioning::MUSIC_LEVEL_DB);
                Arc::new(Sound::from_samples(&conditioning::to_pcm(&music)))
            };
            Arc::clone(inner.built_in_music.get_or_init(make))
        })
        .await
    }

    async fn speech(&self, text: &str, language: &str) -> Outcome {
        let options = &self.inner.options;
        // Line breaks and control characters mean nothing to a listener, and an engine may
        // stop at them.
        let text: String = text
            .split(|c: char| c.is_control() || c.is_whitespace())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let chars = text.chars().count();
        if !text.chars().any(char::is_alphanumeric) {
            return Err(PromptError::EmptyText);
        }
        if chars > options.max_text_chars {
            return Err(PromptError::TextTooLong {
                chars,
                limit: options.max_text_chars,
            });
        }
        let voice = options.engine.voice(language)?;
        let version = options.engine.version().await?;
        let mut hasher = blake3::Hasher::new();
        for part in [version.as_str(), voice.as_str(), text.as_str()] {
            // The length keeps ("a", "bc") apart from ("ab", "c").
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let hash = hasher.finalize();
        self.once(Key::Speech(hash), |inner| async move {
            let kept = Arc::clone(&inner);
            if let Some(pcm) = blocking(move || kept.disk.load(&hash)).await? {
                return Ok(pcm);
            }
            let recording = inner.options.engine.speak(&voice, &text).await?;
            blocking(move || {
                let mut samples =
                    conditioning::to_telephone_rate(recording).map_err(SpeechError::Failed)?;
                conditioning::trim_silence(&mut samples);
                if samples.is_empty() {
                    return Err(PromptError::Speech(SpeechError::Failed(
                        "it produced only silence".into(),
                    )));
                }
                conditioning::normalise(&mut samples, conditioning::SPEECH_LEVEL_DB);
                let pcm = conditioning::to_pcm(&samples);
                inner.keep(&hash, &pcm);
                Ok(pcm)
            })
            .await?
        })
        .await
    }

    async fn file(&self, version: FileVersion, name: String, loudness: Loudness) -> Outcome {
        let key = Key::File(version.clone(), loudness);
        self.once(key, move |inner| async move {
            blocking(move || {
                let options = &inner.options;
                let bytes = sound_file::read(&version, &name, options.max_file_bytes)?;
                let level = match loudness {
                    Loudness::Speech => conditioning::SPEECH_LEVEL_DB,
                    Loudness::Music => conditioning::MUSIC_LEVEL_DB,
                };
                let mut hasher = blake3::Hasher::new();
                hasher.update(&level.to_le_bytes());
                hasher.update(&bytes);
                let hash = hasher.finalize();
                if let Some(pcm) = inner.disk.load(&hash) {
                    return Ok(pcm);
                }
                let recording = sound_file::decode(bytes, &name, options.max_duration)?;
                let mut samples = conditioning::to_telephone_rate(recording).map_err(|reason| {
                    SoundFileError::Undecodable {
                        name: name.clone(),
                        reason,
                    }
                })?;
                // Not trimmed: a pause at the end of a file is there because someone wants it.
                conditioning::normalise(&mut samples, level);
                let pcm = conditioning::to_pcm(&samples);
                inner.keep(&hash, &pcm);
                Ok(pcm)
            })
            .await?
        })
        .await
    }

    /// From memory, or by `make` (samples at 8 kHz); at most one `make` runs per key.
    async fn once<F>(&self, key: Key, make: impl FnOnce(Arc<Inner>) -> F) -> Outcome
    where
        F: Future<Output = Result<Vec<i16>, PromptError>> + Send + 'static,
    {
        if let Some(sound) = locked(&self.inner.recent).get(&key) {
            return Ok(sound);
        }
        let mut outcome = {
            let mut in_flight = locked(&self.inner.in_flight);
            match in_flight.get(&key) {
                Some(outcome) => outcome.clone(),
                None => {
                    if in_flight.len() >= self.inner.options.max_in_flight {
                        return Err(PromptError::Busy(in_flight.len()));
                    }
                    let (done, outcome) = watch::channel(None);
                    in_flight.insert(key.clone(), outcome.clone());
                    let rendering = Rendering {
                        inner: Arc::clone(&self.inner),
                        key,
                    };
                    tokio::spawn(rendering.run(make(Arc::clone(&self.inner)), done));
                    outcome
                }
            }
        };
        let finished = outcome.wait_for(Option::is_some).await;
        let finished = finished.map_err(|_| PromptError::Interrupted)?;
        finished.clone().unwrap_or(Err(PromptError::Interrupted))
    }
}

impl Inner {
    fn keep(&self, hash: &blake3::Hash, pcm: &[i16]) {
        if let Err(error) = self.disk.store(hash, pcm) {
            tracing::warn!(
                %error,
                folder = %self.options.cache_dir.display(),
                "a rendered prompt could not be kept on disk; it will be rendered again after a restart"
            );
        }
    }
}

/// One rendering under way; leaves the list when it ends, however it ends.
struct Rendering {
    inner: Arc<Inner>,
    key: Key,
}

impl Rendering {
    async fn run(
        self,
        make: impl Future<Output = Result<Vec<i16>, PromptError>>,
        done: watch::Sender<Option<Outcome>>,
    ) {
        let turn = self.inner.turns.acquire().await;
        let outcome = make.await.map(|pcm| Arc::new(Sound::from_samples(&pcm)));
        drop(turn);
        if let Ok(sound) = &outcome {
            locked(&self.inner.recent).insert(self.key.clone(), Arc::clone(sound));
        }
        // Memory first, then the list: a newcomer finds it in one of them. Nobody waiting is fine.
        drop(self);
        let _ = done.send(Some(outcome));
    }
}

impl Drop for Rendering {
    fn drop(&mut self) {
        locked(&self.inner.in_flight).remove(&self.key);
    }
}

/// Runs file and number work where it may take long. A panic in a decoder ends here.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PromptError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "rendering a prompt broke off");
        PromptError::Interrupted
    })
}
