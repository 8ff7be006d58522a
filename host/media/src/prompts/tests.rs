#![allow(clippy::unwrap_used)]

use super::*;
use crate::{SAMPLE_RATE_HZ, decode_pcmu};
use hotline_vocabulary::media::Codec;
use std::f32::consts::TAU;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Says the same tone whatever the text, and counts how often it had to.
struct CountingEngine {
    spoken: AtomicUsize,
    delay: Duration,
}

impl CountingEngine {
    fn new(delay: Duration) -> Arc<Self> {
        Arc::new(CountingEngine {
            spoken: AtomicUsize::new(0),
            delay,
        })
    }

    fn spoken(&self) -> usize {
        self.spoken.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl SpeechEngine for CountingEngine {
    async fn version(&self) -> Result<String, SpeechError> {
        Ok("counting 1".into())
    }

    fn voice(&self, language: &str) -> Result<String, SpeechError> {
        Ok(language.to_owned())
    }

    async fn speak(&self, _voice: &str, _text: &str) -> Result<Recording, SpeechError> {
        self.spoken.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        Ok(Recording {
            sample_rate_hz: 22_050,
            samples: tone(22_050, 600.0, 0.5),
        })
    }
}

fn tone(sample_rate_hz: u32, frequency_hz: f32, seconds: f32) -> Vec<f32> {
    (0..(sample_rate_hz as f32 * seconds) as usize)
        .map(|at| 0.4 * (TAU * frequency_hz * at as f32 / sample_rate_hz as f32).sin())
        .collect()
}

fn samples(sound: &Sound) -> Vec<f32> {
    let bytes = sound.encoded(Codec::Pcmu).iter();
    bytes
        .map(|byte| f32::from(decode_pcmu(*byte)) / 32_768.0)
        .collect()
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

/// Which part of the energy is at `frequency_hz` (Goertzel), 0 to 1.
fn share_at(samples: &[f32], frequency_hz: f32) -> f32 {
    let coefficient = 2.0 * (TAU * frequency_hz / SAMPLE_RATE_HZ as f32).cos();
    let (mut one, mut two) = (0f32, 0f32);
    for sample in samples {
        (one, two) = (sample + coefficient * one - two, one);
    }
    let power = one * one + two * two - coefficient * one * two;
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    2.0 * power / (samples.len() as f32 * energy)
}

fn text(text: &str, language: Option<&str>) -> Prompt {
    Prompt {
        source: PromptSource::Text(text.into()),
        language: language.map(Into::into),
    }
}

fn audio(name: &str) -> Prompt {
    Prompt {
        source: PromptSource::Audio(name.into()),
        language: None,
    }
}

fn write_wav(path: &Path, sample_rate_hz: u32, channels: u16, mono: &[f32]) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: sample_rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in mono {
        for _ in 0..channels {
            writer.write_sample((sample * 32_767.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
}

struct Bench {
    prompts: Prompts,
    engine: Arc<CountingEngine>,
    cache: tempfile::TempDir,
    files: tempfile::TempDir,
}

fn bench() -> Bench {
    bench_with(Duration::ZERO, |_| {})
}

fn bench_with(delay: Duration, change: impl FnOnce(&mut PromptOptions)) -> Bench {
    let cache = tempfile::tempdir().unwrap();
    let engine = CountingEngine::new(delay);
    let mut options = PromptOptions::new(cache.path());
    options.engine = Arc::clone(&engine) as Arc<dyn SpeechEngine>;
    change(&mut options);
    Bench {
        prompts: Prompts::new(options),
        engine,
        cache,
        files: tempfile::tempdir().unwrap(),
    }
}

impl Bench {
    async fn render(&self, prompt: &Prompt) -> Outcome {
        self.prompts.render(prompt, "en", self.files.path()).await
    }
}

#[tokio::test]
async fn speech_in_both_languages_sounds_like_speech() {
    let cache = tempfile::tempdir().unwrap();
    let prompts = Prompts::new(PromptOptions::new(cache.path()));
    for (words, language, shortest_ms) in [
        ("Welcome to Hotline. For support, press one.", "en", 1_500),
        ("欢迎致电。技术支持请按一。", "zh-CN", 1_200),
    ] {
        let prompt = text(words, Some(language));
        let sound = prompts.render(&prompt, "en", cache.path()).await.unwrap();
        assert!(sound.duration().0 >= shortest_ms, "{language}: {sound:?}");
        let samples = samples(&sound);
        let level_db = 20.0 * rms(&samples).log10();
        assert!((-30.0..=-15.0).contains(&level_db), "{level_db} dB");
        // Speech is syllables: loud and soft 20 ms frames alternate, unlike a tone or noise.
        let loud = samples.chunks(160).filter(|frame| rms(frame) > 0.05);
        let soft = samples.chunks(160).filter(|frame| rms(frame) < 0.015);
        let frames = samples.len() / 160;
        let (loud, soft) = (loud.count(), soft.count());
        assert!(loud > frames / 4, "{language}: {loud} loud of {frames}");
        assert!(soft > frames / 20, "{language}: {soft} soft of {frames}");
        // It begins at once: silence was trimmed.
        assert!(rms(&samples[..1_600]) > 0.01);
    }
}

#[tokio::test]
async fn the_same_text_is_spoken_once_even_across_restarts() {
    let bench = bench();
    let first = bench.render(&text("One moment.", None)).await.unwrap();
    let again = bench.render(&text(" One\nmoment. ", None)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again), "from memory");

    let mut options = PromptOptions::new(bench.cache.path());
    options.engine = Arc::clone(&bench.engine) as Arc<dyn SpeechEngine>;
    let restarted = Prompts::new(options);
    let prompt = text("One moment.", None);
    let from_disk = restarted
        .render(&prompt, "en", bench.files.path())
        .await
        .unwrap();
    assert_eq!(*first, *from_disk);
    assert_eq!(bench.engine.spoken(), 1);

    bench
        .render(&text("One moment.", Some("zh-CN")))
        .await
        .unwrap();
    assert_eq!(bench.engine.spoken(), 2, "another voice speaks anew");
}

#[tokio::test]
async fn many_who_ask_at_once_share_one_rendering() {
    let bench = bench_with(Duration::from_millis(50), |_| {});
    let asking: Vec<_> = (0..50)
        .map(|_| {
            let (prompts, folder) = (bench.prompts.clone(), bench.files.path().to_owned());
            tokio::spawn(
                async move { prompts.render(&text("Hold on.", None), "en", &folder).await },
            )
        })
        .collect();
    for asked in asking {
        asked.await.unwrap().unwrap();
    }
    assert_eq!(bench.engine.spoken(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_leaves_the_rendering_to_the_next() {
    let bench = bench_with(Duration::from_millis(100), |_| {});
    let prompt = text("Sorry to see you go.", None);
    let gave_up = tokio::time::timeout(Duration::from_millis(20), bench.render(&prompt)).await;
    assert!(gave_up.is_err());
    bench.render(&prompt).await.unwrap();
    assert_eq!(bench.engine.spoken(), 1);
}

#[tokio::test]
async fn too_many_renderings_at_once_are_refused() {
    let bench = bench_with(Duration::from_millis(200), |options| {
        options.max_in_flight = 1
    });
    let first = text("First.", None);
    let busy = async {
        while bench.engine.spoken() == 0 {
            tokio::task::yield_now().await;
        }
        bench.render(&text("Second.", None)).await
    };
    let (first, second) = tokio::join!(bench.render(&first), busy);
    first.unwrap();
    assert_eq!(second.unwrap_err(), PromptError::Busy(1));
    bench.render(&text("Second.", None)).await.unwrap();
}

#[tokio::test]
async fn memory_keeps_to_its_bound_and_disk_serves_the_rest() {
    // Half a second is 8,000 bytes in two codecs: room for two.
    let bench = bench_with(Duration::ZERO, |options| options.memory_bytes = 20_000);
    let first = bench.render(&text("a", None)).await.unwrap();
    for words in ["b", "c", "d"] {
        bench.render(&text(words, None)).await.unwrap();
    }
    let again = bench.render(&text("a", None)).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &again), "it was evicted");
    assert_eq!(first, again);
    assert_eq!(bench.engine.spoken(), 4);
}

#[tokio::test]
async fn a_tone_in_a_file_keeps_its_frequency_at_any_rate() {
    let bench = bench();
    for (rate, channels) in [
        (8_000, 1),
        (11_025, 1),
        (16_000, 2),
        (44_100, 2),
        (48_000, 1),
    ] {
        let name = format!("tone-{rate}.wav");
        let path = bench.files.path().join(&name);
        write_wav(&path, rate, channels, &tone(rate, 1_000.0, 1.0));
        let sound = bench.render(&audio(&name)).await.unwrap();
        let length = sound.duration().0;
        assert!((995..=1_005).contains(&length), "{name}: {length} ms");
        let samples = samples(&sound);
        let middle = &samples[2_000..6_000];
        assert!(share_at(middle, 1_000.0) > 0.95, "{name}");
    }
}

#[tokio::test]
async fn compressed_files_are_read_too() {
    let bench = bench();
    for (name, bytes) in [
        ("tone.mp3", &include_bytes!("fixtures/tone_1khz.mp3")[..]),
        ("tone.flac", &include_bytes!("fixtures/tone_1khz.flac")[..]),
        ("tone.ogg", &include_bytes!("fixtures/tone_1khz.ogg")[..]),
    ] {
        std::fs::write(bench.files.path().join(name), bytes).unwrap();
        let sound = bench.render(&audio(name)).await.unwrap();
        // MP3 adds up to a tenth of a second of its own.
        let length = sound.duration().0;
        assert!((380..=510).contains(&length), "{name}: {length} ms");
        assert!(
            share_at(&samples(&sound)[1_000..2_600], 1_000.0) > 0.95,
            "{name}"
        );
    }
}

#[tokio::test]
async fn what_a_telephone_can_not_carry_does_not_fold_back() {
    let bench = bench();
    let path = bench.files.path().join("high.wav");
    // 6 kHz would fold to 2 kHz without a filter. The quiet 500 Hz tone keeps it from silence.
    let mut mixed = tone(48_000, 6_000.0, 1.0);
    for (sample, low) in mixed.iter_mut().zip(tone(48_000, 500.0, 1.0)) {
        *sample = (*sample + low * 0.2) / 1.2;
    }
    write_wav(&path, 48_000, 1, &mixed);
    let sound = bench.render(&audio("high.wav")).await.unwrap();
    let samples = samples(&sound);
    assert!(share_at(&samples[2_000..6_000], 500.0) > 0.95);
    assert!(share_at(&samples[2_000..6_000], 2_000.0) < 0.01);
}

#[tokio::test]
async fn a_changed_file_is_read_again() {
    let bench = bench();
    let path = bench.files.path().join("hours.wav");
    write_wav(&path, 16_000, 1, &tone(16_000, 500.0, 0.5));
    bench.render(&audio("hours.wav")).await.unwrap();
    write_wav(&path, 16_000, 1, &tone(16_000, 900.0, 0.6));
    let sound = bench.render(&audio("hours.wav")).await.unwrap();
    assert!(share_at(&samples(&sound)[1_000..3_000], 900.0) > 0.95);
}

#[tokio::test]
async fn nothing_outside_the_prompts_folder_can_be_played() {
    let bench = bench();
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("secret.wav");
    write_wav(&secret, 8_000, 1, &tone(8_000, 500.0, 0.5));
    std::os::unix::fs::symlink(&secret, bench.files.path().join("link.wav")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), bench.files.path().join("dir")).unwrap();
    let absolute = secret.display().to_string();
    for name in [
        "../secret.wav",
        "a/../../secret.wav",
        &absolute,
        "link.wav",
        "dir/secret.wav",
        "",
        "a\0.wav",
    ] {
        let error = bench.render(&audio(name)).await.unwrap_err();
        assert_eq!(
            error,
            PromptError::File(SoundFileError::OutsideFolder(name.to_owned()))
        );
    }
    std::fs::create_dir(bench.files.path().join("de")).unwrap();
    write_wav(
        &bench.files.path().join("de/ok.wav"),
        8_000,
        1,
        &tone(8_000, 500.0, 0.5),
    );
    bench.render(&audio("de/ok.wav")).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_prompt_is_refused_with_what_to_do() {
    let bench = bench_with(Duration::ZERO, |options| {
        options.max_file_bytes = 50_000;
        options.max_duration = Duration::from_secs(2);
    });
    let folder = bench.files.path();
    std::fs::write(folder.join("notes.wav"), "these are not sounds").unwrap();
    std::fs::write(folder.join("broken.mp3"), [0xFFu8; 4_000]).unwrap();
    std::fs::write(folder.join("empty.ogg"), "").unwrap();
    std::fs::write(folder.join("huge.wav"), vec![0u8; 50_001]).unwrap();
    write_wav(&folder.join("long.wav"), 8_000, 1, &tone(8_000, 500.0, 2.5));
    write_wav(&folder.join("nothing.wav"), 8_000, 1, &[]);
    for (name, words) in [
        ("absent.wav", "put it there or correct the name"),
        ("notes.wav", "save it as WAV, MP3, FLAC or Ogg Vorbis"),
        ("broken.mp3", "save it as WAV, MP3, FLAC or Ogg Vorbis"),
        ("empty.ogg", "save it as WAV, MP3, FLAC or Ogg Vorbis"),
        ("huge.wav", "at most 50000 are allowed"),
        ("long.wav", "longer than 2 s"),
        ("nothing.wav", "holds no sound"),
        (".", "not a regular file"),
    ] {
        let error = bench.render(&audio(name)).await.unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_missing_engine_says_what_to_install() {
    let cache = tempfile::tempdir().unwrap();
    let mut options = PromptOptions::new(cache.path());
    options.engine = Arc::new(Espeak::new(
        "espeak-of-another-world",
        Duration::from_secs(1),
    ));
    let prompts = Prompts::new(options);
    let prompt = text("Hello", None);
    let error = prompts
        .render(&prompt, "en", cache.path())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("apt-get install espeak-ng"),
        "{error}"
    );
}

#[tokio::test]
async fn a_stuck_engine_is_given_up() {
    let stuck = Espeak::new("/bin/cat", Duration::from_millis(100));
    // `cat` refuses the arguments of espeak-ng, `tail -f` would not end: both are errors.
    assert!(matches!(
        stuck.speak("en", "Hello").await,
        Err(SpeechError::Failed(_))
    ));
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("sleeper");
    std::fs::write(&script, "#!/bin/sh\nexec sleep 60\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&script, mode).unwrap();
    let stuck = Espeak::new(script.display().to_string(), Duration::from_millis(100));
    assert_eq!(
        stuck.speak("en", "Hello").await,
        Err(SpeechError::TooSlow { time_limit_ms: 100 })
    );
}

#[tokio::test]
async fn hostile_words_are_only_words() {
    let cache = tempfile::tempdir().unwrap();
    let mut options = PromptOptions::new(cache.path());
    options.max_text_chars = 100;
    let prompts = Prompts::new(options);
    let render = async |words: &str, language: &str| {
        let prompt = text(words, Some(language));
        prompts.render(&prompt, "en", cache.path()).await
    };
    let marker = cache.path().join("marker");
    let shell = format!("$(touch {0}) `touch {0}`; --version", marker.display());
    let shell: String = shell.chars().take(100).collect();
    render(&shell, "en").await.unwrap();
    render("-f /etc/passwd", "en").await.unwrap();
    assert!(!marker.exists());
    assert_eq!(render(" \n ... ", "en").await, Err(PromptError::EmptyText));
    assert!(matches!(
        render(&"a".repeat(101), "en").await,
        Err(PromptError::TextTooLong { chars: 101, .. })
    ));
    for language in ["qqq", "--help", "../en", ""] {
        let error = render("Hello", language).await.unwrap_err();
        assert!(
            matches!(
                error,
                PromptError::Speech(SpeechError::UnknownLanguage { .. })
            ),
            "{language}: {error}"
        );
    }
}

#[tokio::test]
async fn music_on_hold_is_music_and_loops_without_a_click() {
    let bench = bench();
    let music = bench.prompts.music(None).await.unwrap();
    assert!((20_000..=30_000).contains(&music.duration().0));
    assert_eq!(music.duration().0 % 20, 0, "whole frames");
    let samples = samples(&music);
    // Never silent for half a second, and always moving: no second is one steady tone.
    for (second, part) in samples.chunks(8_000).enumerate() {
        assert!(rms(part) > 0.02, "second {second}: {}", rms(part));
        let strongest = (100..3_000)
            .step_by(1)
            .map(|frequency| share_at(part, frequency as f32))
            .fold(0f32, f32::max);
        assert!(strongest < 0.7, "second {second}: {strongest} in one tone");
    }
    let largest_step = samples
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .fold(0f32, f32::max);
    let seam = (samples[0] - samples[samples.len() - 1]).abs();
    assert!(seam <= largest_step, "{seam} {largest_step}");
    let again = bench.prompts.music(None).await.unwrap();
    assert!(Arc::ptr_eq(&music, &again));

    let own = bench.files.path().join("own.wav");
    write_wav(&own, 44_100, 2, &tone(44_100, 440.0, 1.0));
    let own = bench.prompts.music(Some(&own)).await.unwrap();
    assert!(share_at(&self::samples(&own)[1_000..5_000], 440.0) > 0.95);
}
