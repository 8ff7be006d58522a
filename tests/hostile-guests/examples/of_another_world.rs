//! A sound component of a world that Hotline does not know. Its admission is refused.

#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
mod other {
    wit_bindgen::generate!({
        inline: "package hostile:other@0.1.0; interface kettle { boil: func(litres: u32) -> string; } world kitchen { export kettle; }",
        world: "hostile:other/kitchen@0.1.0",
        generate_all,
    });

    struct Kettle;

    impl exports::hostile::other::kettle::Guest for Kettle {
        fn boil(litres: u32) -> String {
            format!("{litres} litres of tea")
        }
    }

    export!(Kettle);
}
