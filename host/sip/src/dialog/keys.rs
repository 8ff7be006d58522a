//! Keys in SIP INFO: `application/dtmf-relay` (`Signal=5`, `Duration=160`) and `application/dtmf`
//! (the key alone, or its number). No RFC; what phones and gateways send.

use hotline_vocabulary::media::Digit;

/// The key that a body names; none for another body.
pub(super) fn read(content_type: &str, body: &[u8]) -> Option<Digit> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let key = match content_type {
        "application/dtmf-relay" => text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("signal")
                .then(|| value.trim())
        })?,
        "application/dtmf" => text,
        _ => return None,
    };
    let mut characters = key.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) => Digit::new(one),
        // Some gateways give the event code of RFC 4733 for * and #.
        _ => match key {
            "10" => Digit::new('*'),
            "11" => Digit::new('#'),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bodies_name_the_same_key() {
        let relay = b"Signal= 5\r\nDuration= 160\r\n".as_slice();
        assert_eq!(read("application/dtmf-relay", relay), Digit::new('5'));
        assert_eq!(read("application/dtmf", b"#"), Digit::new('#'));
        assert_eq!(
            read("application/dtmf-relay", b"Signal=10"),
            Digit::new('*')
        );
        assert_eq!(read("application/dtmf", b"flash"), None);
        assert_eq!(read("text/plain", b"5"), None);
    }
}
