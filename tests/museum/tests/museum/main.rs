//! What was released runs on, and what was frozen stays.

mod frozen;
mod keeping;
mod shown;

use hotline_museum::Stage;
use std::path::Path;

/// With compiled code that is kept between runs: components here never change.
fn stage() -> Stage {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("museum-compiled");
    Stage::open(&cache).expect("an engine")
}
