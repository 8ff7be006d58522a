//! The custom section of the core module by which the build learns a plugin's name, version, world
//! and SDK; it moves them, with what the author declared, into the component's manifest.

/// This crate's version, as a literal that `concat!` takes.
#[doc(hidden)]
#[macro_export]
macro_rules! __sdk_version {
    () => {
        "1.0.0"
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __manifest {
    ($world:literal) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            const TEXT: &str = concat!(
                "{\"name\":\"",
                env!("CARGO_PKG_NAME"),
                "\",\"version\":\"",
                env!("CARGO_PKG_VERSION"),
                "\",\"sdk\":\"rust ",
                $crate::__sdk_version!(),
                "\",\"world\":\"",
                $world,
                "\"}\n"
            );
            const BYTES: [u8; TEXT.len()] = {
                let mut bytes = [0u8; TEXT.len()];
                let mut place = 0;
                while place < bytes.len() {
                    bytes[place] = TEXT.as_bytes()[place];
                    place += 1;
                }
                bytes
            };
            // SAFETY: on wasm a static with a section name becomes a custom section, which is data
            // for tools and never part of the memory.
            #[used]
            #[unsafe(link_section = "hotline:manifest")]
            static MANIFEST: [u8; TEXT.len()] = BYTES;
        };
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_manifest_names_this_version() {
        assert_eq!(crate::__sdk_version!(), env!("CARGO_PKG_VERSION"));
    }
}
