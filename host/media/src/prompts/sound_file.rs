//! Audio files that an operator brings: found safely, read within limits.

use super::conditioning::Recording;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

/// Sample rates that are taken, in Hz.
const SAMPLE_RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// Why a file is not a prompt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoundFileError {
    #[error(
        "`{0}` is not a path below the prompts folder; name the file relative to it, without `..`"
    )]
    OutsideFolder(String),
    #[error("there is no file `{name}` in {folder}; put it there or correct the name")]
    Missing { name: String, folder: PathBuf },
    #[error("`{name}` can not be read: {reason}")]
    Unreadable { name: String, reason: String },
    #[error(
        "`{name}` has {bytes} bytes, at most {limit} are allowed; shorten it or save it as MP3"
    )]
    TooLarge {
        name: String,
        bytes: u64,
        limit: u64,
    },
    #[error("`{name}` plays longer than {limit_s} s; cut it")]
    TooLong { name: String, limit_s: u64 },
    #[error(
        "`{name}` is not audio that Hotline can read ({reason}); save it as WAV, MP3, FLAC or Ogg Vorbis"
    )]
    Undecodable { name: String, reason: String },
    #[error("`{name}` holds no sound; record it again")]
    Empty { name: String },
}

/// Where a file is and which version of it: what the memory cache goes by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FileVersion {
    pub(super) path: PathBuf,
    modified_ns: u128,
    length: u64,
}

/// Finds `name` below `folder`. Refuses whatever leads out of it: `..`, absolute paths, and
/// symbolic links that point elsewhere.
pub(super) fn locate_below(folder: &Path, name: &str) -> Result<FileVersion, SoundFileError> {
    let outside = || SoundFileError::OutsideFolder(name.to_owned());
    let relative = Path::new(name);
    let plain = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || name.contains('\0') || !plain {
        return Err(outside());
    }
    let missing = |_| SoundFileError::Missing {
        name: name.to_owned(),
        folder: folder.to_owned(),
    };
    let folder = folder.canonicalize().map_err(missing)?;
    let path = folder.join(relative).canonicalize().map_err(missing)?;
    if !path.starts_with(&folder) {
        return Err(outside());
    }
    version_of(path, name)
}

/// The present version of the file at `path`, called `name` in errors.
pub(super) fn version_of(path: PathBuf, name: &str) -> Result<FileVersion, SoundFileError> {
    let unreadable = |reason: String| SoundFileError::Unreadable {
        name: name.to_owned(),
        reason,
    };
    let metadata = path
        .metadata()
        .map_err(|error| unreadable(error.to_string()))?;
    // A named pipe would block the reader for ever.
    if !metadata.is_file() {
        return Err(unreadable("it is not a regular file".into()));
    }
    let modified_ns = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |age| age.as_nanos());
    Ok(FileVersion {
        path,
        modified_ns,
        length: metadata.len(),
    })
}

/// Reads the whole file, at most `limit` bytes.
pub(super) fn read(
    version: &FileVersion,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, SoundFileError> {
    let too_large = |bytes| SoundFileError::TooLarge {
        name: name.to_owned(),
        bytes,
        limit,
    };
    if version.length > limit {
        return Err(too_large(version.length));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(version.length).unwrap_or(0));
    File::open(&version.path)
        // It may have grown since it was looked at.
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| SoundFileError::Unreadable {
            name: name.to_owned(),
            reason: error.to_string(),
        })?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// Decodes WAV, MP3, FLAC or Ogg Vorbis to mono (the mean of all channels). Damaged packets are
/// skipped as players do; a file without a single good one is refused.
pub(super) fn decode(
    bytes: Vec<u8>,
    name: &str,
    max_duration: Duration,
) -> Result<Recording, SoundFileError> {
    let undecodable = |reason: String| SoundFileError::Undecodable {
        name: name.to_owned(),
        reason,
    };
    let mut hint = Hint::new();
    if let Some(extension) = Path::new(name).extension().and_then(|text| text.to_str()) {
        hint.with_extension(extension);
    }
    let source = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(
            &hint,
            source,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .map_err(|error| undecodable(error.to_string()))?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or_else(|| undecodable("it has no audio track".into()))?;
    let track_id = track.id;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or_else(|| undecodable("its codec is unknown".into()))?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| undecodable(error.to_string()))?;

    let mut recording: Option<Recording> = None;
    let mut interleaved: Vec<f32> = Vec::new();
    let mut last_fault = None;
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) => packet,
            // A cut-off file ends where it ends.
            Ok(None) | Err(SymphoniaError::IoError(_) | SymphoniaError::ResetRequired) => break,
            Err(error) => {
                last_fault = Some(error.to_string());
                break;
            }
        };
        if packet.track_id != track_id {
            continue;
        }
        let audio = match decoder.decode(&packet) {
            Ok(audio) => audio,
            Err(SymphoniaError::DecodeError(fault)) => {
                last_fault = Some(fault.to_owned());
                continue;
            }
            Err(error) => {
                last_fault = Some(error.to_string());
                break;
            }
        };
        let sample_rate_hz = audio.spec().rate();
        if !SAMPLE_RATES_HZ.contains(&sample_rate_hz) {
            return Err(undecodable(format!("its rate is {sample_rate_hz} Hz")));
        }
        let channels = audio.spec().channels().count().max(1);
        let recording = recording.get_or_insert(Recording {
            sample_rate_hz,
            samples: Vec::new(),
        });
        if recording.sample_rate_hz != sample_rate_hz {
            return Err(undecodable("its sample rate changes half-way".into()));
        }
        audio.copy_to_vec_interleaved(&mut interleaved);
        let mono = interleaved
            .chunks_exact(channels)
            .map(|frame| frame.iter().sum::<f32>() / channels as f32);
        recording.samples.extend(mono);
        let limit_s = max_duration.as_secs();
        if recording.samples.len() as u64 > limit_s * u64::from(sample_rate_hz) {
            return Err(SoundFileError::TooLong {
                name: name.to_owned(),
                limit_s,
            });
        }
    }
    match (recording, last_fault) {
        (Some(recording), _) if !recording.samples.is_empty() => Ok(recording),
        (_, Some(fault)) => Err(undecodable(fault)),
        _ => Err(SoundFileError::Empty {
            name: name.to_owned(),
        }),
    }
}
