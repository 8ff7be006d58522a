//! Rust types of every world that this host speaks, made from `wit/`. Arguments of guest functions
//! are borrowed, so that a question is not copied once more on its way in.

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package hotline:sandbox;
        world every-plugin {
            include hotline:all/everything@0.1.0;
            import hotline:host/artifact@0.1.0;
        }
    ",
    world: "hotline:sandbox/every-plugin",
    ownership: Borrowing { duplicate_if_necessary: true },
    imports: { default: trappable },
});
