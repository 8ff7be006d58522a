//! G.711 (ITU-T G.711, 1988): mu-law and A-law to and from 16-bit samples, and from one law to the
//! other by table, a byte at a time.

use hotline_vocabulary::media::Codec;

/// Digital silence of each law.
pub(crate) const fn silence(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => 0xFF,
        Codec::Pcma => 0xD5,
    }
}

const PCMU_BIAS: i32 = 0x84;

/// 16-bit sample to mu-law, as the ITU's reference program does (G.191): 14 bits count, and the
/// negative side is one's complement so that both sides are alike.
pub const fn encode_pcmu(sample: i16) -> u8 {
    let (sign, magnitude) = if sample < 0 {
        (0x80, !sample as i32)
    } else {
        (0, sample as i32)
    };
    let biased = (magnitude + PCMU_BIAS) >> 2;
    let biased = if biased > 0x1FFF { 0x1FFF } else { biased };
    // The segment is the place of the highest set bit above bit 5.
    let segment = 31 - (biased as u32).leading_zeros() as i32 - 5;
    let mantissa = (biased >> (segment + 1)) & 0x0F;
    !(sign | (segment << 4) | mantissa) as u8
}

/// Mu-law to 16-bit sample.
pub const fn decode_pcmu(byte: u8) -> i16 {
    let byte = !byte;
    let segment = (byte >> 4) & 7;
    let magnitude = ((((byte & 0x0F) as i32) << 3) + PCMU_BIAS) << segment;
    let sample = magnitude - PCMU_BIAS;
    if byte & 0x80 != 0 {
        -sample as i16
    } else {
        sample as i16
    }
}

/// 16-bit sample to A-law.
pub const fn encode_pcma(sample: i16) -> u8 {
    // 13 significant bits; the negative side is one's complement so that both sides are alike.
    let value = (sample as i32) >> 3;
    let (mask, magnitude) = if value >= 0 {
        (0xD5, value)
    } else {
        (0x55, !value)
    };
    let byte = if magnitude < 32 {
        magnitude >> 1
    } else {
        let segment = 31 - (magnitude as u32).leading_zeros() as i32 - 4;
        (segment << 4) | ((magnitude >> segment) & 0x0F)
    };
    (byte ^ mask) as u8
}

/// A-law to 16-bit sample.
pub const fn decode_pcma(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let segment = (byte >> 4) & 7;
    let mantissa = ((byte & 0x0F) as i32) << 4;
    let magnitude = match segment {
        0 => mantissa + 8,
        _ => (mantissa + 0x108) << (segment - 1),
    };
    if byte & 0x80 != 0 {
        magnitude as i16
    } else {
        -magnitude as i16
    }
}

const fn pcmu_to_pcma() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = encode_pcma(decode_pcmu(byte as u8));
        byte += 1;
    }
    table
}

const fn pcma_to_pcmu() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = encode_pcmu(decode_pcma(byte as u8));
        byte += 1;
    }
    table
}

static PCMU_TO_PCMA: [u8; 256] = pcmu_to_pcma();
static PCMA_TO_PCMU: [u8; 256] = pcma_to_pcmu();

/// Rewrites `payload` from one law into the other, in place; nothing to do when they are equal.
pub(crate) fn translate(payload: &mut [u8], from: Codec, to: Codec) {
    let table = match (from, to) {
        (Codec::Pcmu, Codec::Pcma) => &PCMU_TO_PCMA,
        (Codec::Pcma, Codec::Pcmu) => &PCMA_TO_PCMU,
        (Codec::Pcmu, Codec::Pcmu) | (Codec::Pcma, Codec::Pcma) => return,
    };
    for byte in payload {
        *byte = table[usize::from(*byte)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use audio_codec_algorithms as reference;

    #[test]
    fn both_laws_agree_with_an_independent_implementation() {
        for byte in 0..=255u8 {
            assert_eq!(decode_pcmu(byte), reference::decode_ulaw(byte), "{byte}");
            assert_eq!(decode_pcma(byte), reference::decode_alaw(byte), "{byte}");
        }
        for sample in i16::MIN..=i16::MAX {
            let pcmu = (encode_pcmu(sample), reference::encode_ulaw(sample));
            assert_eq!(pcmu.0, pcmu.1, "mu-law {sample}");
            let pcma = (encode_pcma(sample), reference::encode_alaw(sample));
            assert_eq!(pcma.0, pcma.1, "A-law {sample}");
        }
    }

    #[test]
    fn translating_keeps_the_loudness_and_silence_stays_silent() {
        for byte in 0..=255u8 {
            let mut there = [byte];
            translate(&mut there, Codec::Pcmu, Codec::Pcma);
            let before = i32::from(decode_pcmu(byte));
            let after = i32::from(decode_pcma(there[0]));
            assert!(
                (before - after).abs() <= 16 + before.abs() / 16,
                "{before} {after}"
            );
        }
        let mut silent = [silence(Codec::Pcma)];
        translate(&mut silent, Codec::Pcma, Codec::Pcmu);
        assert!(decode_pcmu(silent[0]).abs() <= 8);
    }
}
