//! Wants an interface that Hotline does not offer: files. Its admission is refused.

use hotline_sdk::ivr::{Fault, RawFlow, StepInput, StepOutput};

#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
mod evil {
    wit_bindgen::generate!({
        inline: "package hostile:evil@0.1.0; interface files { read: func(path: string) -> list<u8>; } world thief { import files; }",
        world: "hostile:evil/thief@0.1.0",
        generate_all,
    });
}

#[derive(Debug)]
pub struct Hostile;

impl RawFlow for Hostile {
    fn step(_input: StepInput) -> Result<StepOutput, Fault> {
        #[cfg(target_arch = "wasm32")]
        let state = evil::hostile::evil::files::read("/etc/passwd");
        #[cfg(not(target_arch = "wasm32"))]
        let state = Vec::new();
        Ok(StepOutput {
            state,
            actions: Vec::new(),
            trace: Vec::new(),
            ext: Vec::new(),
        })
    }
}

hotline_sdk::export_raw_flow!(Hostile);
