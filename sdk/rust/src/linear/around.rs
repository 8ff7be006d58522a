//! Clock and randomness of a linear flow: while it is run over its journal they tell again what they
//! told, also to code that reads them by [`crate::host`].

use std::cell::Cell;

#[derive(Debug, Clone, Copy)]
struct Around {
    now_ms: u64,
    /// State of SplitMix64.
    random: u64,
}

thread_local! {
    static AROUND: Cell<Option<Around>> = const { Cell::new(None) };
}

/// As long as it lives, time and randomness are the journal's.
#[derive(Debug)]
pub(super) struct Replayed(());

impl Replayed {
    pub(super) fn begin(began_ms: u64, seed: u64) -> Replayed {
        AROUND.set(Some(Around {
            now_ms: began_ms,
            random: seed,
        }));
        Replayed(())
    }
}

impl Drop for Replayed {
    fn drop(&mut self) {
        AROUND.set(None);
    }
}

/// When the last step of the flow that is run ended; none outside of linear flows.
pub(crate) fn now_ms() -> Option<u64> {
    AROUND.get().map(|around| around.now_ms)
}

pub(super) fn set_now_ms(now_ms: u64) {
    if let Some(around) = AROUND.get() {
        AROUND.set(Some(Around { now_ms, ..around }));
    }
}

/// The next random number of the flow that is run; none outside of linear flows.
pub(crate) fn next_random() -> Option<u64> {
    let around = AROUND.get()?;
    let random = around.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
    AROUND.set(Some(Around { random, ..around }));
    let mixed = (random ^ (random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    Some(mixed ^ (mixed >> 31))
}
