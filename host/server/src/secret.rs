//! Secrets that we hand out. Only their hashes are kept.

use rand::Rng;

/// For programs: 32 random bytes as hexadecimal digits.
pub(crate) fn long() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// For people to type once: about 70 bits, without letters that look alike.
pub(crate) fn readable() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    (0..14)
        .map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]))
        .collect()
}
