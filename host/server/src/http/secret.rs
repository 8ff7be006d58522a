//! Secrets that we hand out: 32 random bytes as hexadecimal digits. Only their hash is kept.

use rand::Rng;

pub(crate) fn new() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
