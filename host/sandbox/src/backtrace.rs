//! Where in its author's code a guest trapped, read from the component's name section.

use wasmtime::WasmBacktrace;

/// Frames that are kept; deeper ones are most often a recursion.
const FRAMES: usize = 16;
/// A name of generic code can be pages long.
const NAME_BYTES: usize = 200;

/// How a panic gets from where it was raised to the trap: every Rust guest's backtrace begins so,
/// and nobody looks for it there.
const PANICKING: [&str; 6] = [
    "panicking::",
    "core::option::",
    "core::result::",
    "std::process::abort",
    "std::sys::backtrace::",
    "__rustc",
];

/// The functions on the guest's stack, the one that trapped first; empty when the error is no trap
/// or the component tells no names.
pub(crate) fn of(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return Vec::new();
    };
    let names = backtrace
        .frames()
        .iter()
        .map(|frame| match frame.func_name() {
            Some(name) => readable(name),
            None => format!("function {}", frame.func_index()),
        });
    let mut frames: Vec<String> = names
        .skip_while(|name| PANICKING.iter().any(|part| name.contains(part)))
        .take(FRAMES)
        .collect();
    frames.dedup();
    frames
}

/// Without the mangling, and without the hash that Rust appends.
fn readable(name: &str) -> String {
    let mut name = format!("{:#}", rustc_demangle::demangle(name));
    crate::text::cut(&mut name, NAME_BYTES);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mangled_name_reads_as_its_author_wrote_it() {
        assert_eq!(
            readable("_ZN6panics4step17h0123456789abcdefE"),
            "panics::step"
        );
        assert_eq!(readable("js_call_internal"), "js_call_internal");
    }
}
