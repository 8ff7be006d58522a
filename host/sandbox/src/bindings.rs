//! Rust types of every world that this host speaks, made from `wit/`.
//!
//! Here, those asked while a caller waits: arguments of guest functions are borrowed, so that a
//! question is not copied once more on its way in. [`owned`] has the others.

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package hotline:sandbox;
        world calls {
            include hotline:ivr/ivr-flow-with-migration@1.0.0;
            include hotline:routing/routing-policy-with-lookups@1.0.0;
            include hotline:flow-language/flow-language@1.0.0;
            import hotline:host/artifact@1.0.0;
        }
    ",
    world: "hotline:sandbox/calls",
    ownership: Borrowing { duplicate_if_necessary: true },
    imports: { default: trappable },
});

/// The one transcript of a call; its turns stand in the [`crate::host::Universe`].
#[derive(Debug)]
#[allow(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Reader;

/// Worlds whose words go both ways, which the borrowing mode can not express.
pub(crate) mod owned {
    wasmtime::component::bindgen!({
        path: "../../wit",
        inline: "
            package hotline:sandbox;
            world records {
                include hotline:qa/qa-rule-and-live@1.0.0;
                include hotline:connector/crm-connector@1.0.0;
            }
        ",
        world: "hotline:sandbox/records",
        imports: { default: trappable },
        with: { "hotline:host/transcript.reader": crate::bindings::Reader },
    });
}
