//! All that a plugin may ask of its surroundings. Each is a plain function that returns at once.
//! Run natively (tests), they answer from [`crate::bench::Surroundings`].

/// Structured log lines: shown to the plugin's author, at most 64 a call, a message cut at 1 KiB.
pub mod log {
    pub use crate::ivr::bindings::hotline::host::log::Level;

    pub fn emit(level: Level, message: &str, fields: &[(&str, &str)]) {
        #[cfg(target_arch = "wasm32")]
        {
            let fields: Vec<(String, String)> = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            crate::ivr::bindings::hotline::host::log::emit(level, message, &fields);
        }
        #[cfg(not(target_arch = "wasm32"))]
        crate::bench::with_surroundings(|around| {
            let mut line = format!("{level:?}: {message}");
            for (name, value) in fields {
                line.push_str(&format!(" {name}={value}"));
            }
            around.log.push(line);
        });
    }

    pub fn debug(message: &str) {
        emit(Level::Debug, message, &[]);
    }

    pub fn info(message: &str) {
        emit(Level::Info, message, &[]);
    }

    pub fn warn(message: &str) {
        emit(Level::Warn, message, &[]);
    }
}

/// The plugin's `NAME.config.json`.
pub mod config {
    /// The JSON text; `{}` when there is none.
    pub fn json() -> String {
        #[cfg(target_arch = "wasm32")]
        return crate::ivr::bindings::hotline::host::config::get();
        #[cfg(not(target_arch = "wasm32"))]
        crate::bench::with_surroundings(|around| around.config.clone())
    }
}

/// The time of the event being handled; it does not change within a step. In a linear flow it is when
/// the last step ended, in every replay the same.
pub mod clock {
    /// Milliseconds since 1970-01-01 UTC.
    pub fn now_ms() -> u64 {
        if let Some(now_ms) = crate::linear::around::now_ms() {
            return now_ms;
        }
        #[cfg(target_arch = "wasm32")]
        return crate::ivr::bindings::hotline::host::clock::now_ms();
        #[cfg(not(target_arch = "wasm32"))]
        crate::bench::with_surroundings(|around| around.now_ms)
    }
}

/// Random numbers that a replay sees again.
pub mod random {
    pub fn next_u64() -> u64 {
        if let Some(random) = crate::linear::around::next_random() {
            return random;
        }
        #[cfg(target_arch = "wasm32")]
        return crate::ivr::bindings::hotline::host::random::next_u64();
        #[cfg(not(target_arch = "wasm32"))]
        crate::bench::with_surroundings(crate::bench::Surroundings::next_random)
    }

    /// Evenly from 0 to `bound` - 1; 0 when `bound` is 0.
    pub fn below(bound: u64) -> u64 {
        // The high half of the product: no modulo bias worth speaking of.
        ((u128::from(next_u64()) * u128::from(bound)) >> 64) as u64
    }
}

/// What the plugin counts and measures, under names that its `hotline.plugin.json` declares.
pub mod metrics {
    /// Adds to a counter.
    pub fn count(name: &str, by: u64) {
        #[cfg(target_arch = "wasm32")]
        crate::ivr::bindings::hotline::host::metrics::count(name, by);
        #[cfg(not(target_arch = "wasm32"))]
        crate::bench::with_surroundings(|around| around.metrics.push((name.to_owned(), by as f64)));
    }

    /// Adds a value to a histogram.
    pub fn observe(name: &str, value: f64) {
        #[cfg(target_arch = "wasm32")]
        crate::ivr::bindings::hotline::host::metrics::observe(name, value);
        #[cfg(not(target_arch = "wasm32"))]
        crate::bench::with_surroundings(|around| around.metrics.push((name.to_owned(), value)));
    }
}
