//! RTP packets (RFC 3550, section 5.1) and the static payload types of RFC 3551, section 6.

use hotline_vocabulary::media::Codec;

pub(crate) const HEADER_BYTES: usize = 12;
pub(crate) const PAYLOAD_TYPE_PCMU: u8 = 0;
pub(crate) const PAYLOAD_TYPE_PCMA: u8 = 8;
pub(crate) const PAYLOAD_TYPE_COMFORT_NOISE: u8 = 13;

pub(crate) const fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => PAYLOAD_TYPE_PCMU,
        Codec::Pcma => PAYLOAD_TYPE_PCMA,
    }
}

/// The fixed header; contributing sources and extensions are skipped when read, never written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RtpHeader {
    pub(crate) payload_type: u8,
    pub(crate) marker: bool,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
}

impl RtpHeader {
    pub(crate) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = 0x80;
        bytes[1] = u8::from(self.marker) << 7 | self.payload_type & 0x7F;
        bytes[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        bytes
    }
}

/// A packet as it lies in a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RtpPacket<'a> {
    pub(crate) header: RtpHeader,
    pub(crate) payload: &'a [u8],
}

impl<'a> RtpPacket<'a> {
    /// `None` for anything that is not well-formed RTP, and for RTCP that shares the port
    /// (RFC 5761, section 4: payload types 64 to 95).
    pub(crate) fn parse(datagram: &'a [u8]) -> Option<RtpPacket<'a>> {
        let (head, mut rest) = datagram.split_first_chunk::<HEADER_BYTES>()?;
        if head[0] >> 6 != 2 {
            return None;
        }
        let payload_type = head[1] & 0x7F;
        if (64..=95).contains(&payload_type) {
            return None;
        }
        let sources = usize::from(head[0] & 0x0F) * 4;
        rest = rest.get(sources..)?;
        if head[0] & 0x10 != 0 {
            let (extension, after) = rest.split_first_chunk::<4>()?;
            let words = usize::from(u16::from_be_bytes([extension[2], extension[3]]));
            rest = after.get(words * 4..)?;
        }
        if head[0] & 0x20 != 0 {
            let padding = usize::from(*rest.last()?);
            if padding == 0 {
                return None;
            }
            rest = rest.get(..rest.len().checked_sub(padding)?)?;
        }
        Some(RtpPacket {
            header: RtpHeader {
                payload_type,
                marker: head[1] & 0x80 != 0,
                sequence: u16::from_be_bytes([head[2], head[3]]),
                timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
                ssrc: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
            },
            payload: rest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: RtpHeader = RtpHeader {
        payload_type: 8,
        marker: true,
        sequence: 0xFFFE,
        timestamp: 0xDEAD_BEEF,
        ssrc: 0x0102_0304,
    };

    #[test]
    fn a_header_survives_its_bytes() {
        let mut bytes = HEADER.to_bytes().to_vec();
        bytes.extend([1, 2, 3]);
        let packet = RtpPacket::parse(&bytes).expect("well-formed");
        assert_eq!(packet.header, HEADER);
        assert_eq!(packet.payload, [1, 2, 3]);
    }

    #[test]
    fn sources_extension_and_padding_are_not_taken_for_audio() {
        let mut bytes = HEADER.to_bytes().to_vec();
        bytes[0] = 0xB0 | 2;
        bytes.extend([9; 8]);
        bytes.extend([0xBE, 0xDE, 0, 1, 7, 7, 7, 7]);
        bytes.extend([5, 6]);
        bytes.extend([0, 0, 3]);
        assert_eq!(
            RtpPacket::parse(&bytes).map(|packet| packet.payload),
            Some(&[5, 6][..])
        );
    }

    #[test]
    fn no_truncated_or_foreign_datagram_is_taken_for_rtp() {
        let mut bytes = HEADER.to_bytes().to_vec();
        bytes[0] = 0xB0 | 2;
        bytes.extend([9; 8]);
        bytes.extend([0xBE, 0xDE, 0, 1, 7, 7, 7, 7, 5, 3]);
        for length in 0..bytes.len() - 1 {
            // Cut anywhere, it may lose its payload, and never reads beyond its end.
            let _ = RtpPacket::parse(&bytes[..length]);
        }
        assert_eq!(
            RtpPacket::parse(&bytes),
            None,
            "padding longer than the rest"
        );
        let mut report = HEADER.to_bytes();
        report[1] = 200;
        assert_eq!(RtpPacket::parse(&report), None, "RTCP on the same port");
        assert_eq!(
            RtpPacket::parse(b"\x00\x01\x00\x00!\x12\xa4B____"),
            None,
            "STUN"
        );
    }
}
