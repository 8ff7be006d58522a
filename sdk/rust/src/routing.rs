//! World `routing-policy`: who gets whom. The policy proposes; the queue engine checks every answer
//! against the same moment's truth.

/// Generated from `wit/`.
#[doc(hidden)]
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "hotline:routing/routing-policy@0.1.0",
        pub_export_macro: true,
        export_macro_name: "__export_routing_policy",
        default_bindings_module: "hotline_sdk::routing::bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@0.1.0": crate::ivr::bindings::hotline::common::types,
            "hotline:host/log@0.1.0": crate::ivr::bindings::hotline::host::log,
            "hotline:host/config@0.1.0": crate::ivr::bindings::hotline::host::config,
            "hotline:host/clock@0.1.0": crate::ivr::bindings::hotline::host::clock,
            "hotline:host/random@0.1.0": crate::ivr::bindings::hotline::host::random,
        },
    });
}

pub use crate::common::{Fault, Interaction, SkillNeed};
pub use bindings::exports::hotline::routing::policy::{
    AgentView, Batch, ContactView, Decision, Order, Outcome, QueueView, Score, Skill,
};

/// A routing policy.
pub trait Policy {
    /// The contact's place in its queue: `base + slope * waited milliseconds`, highest first.
    ///
    /// # Errors
    /// A fault makes the engine use its built-in order.
    fn rank(interaction: Interaction, queue: QueueView) -> Result<Order, Fault>;

    /// Who gets whom, for the first contacts in that order. Contacts without an outcome wait on.
    ///
    /// # Errors
    /// A fault makes the engine use its built-in choice.
    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault>;
}

/// Makes a [`Policy`] the component's `routing-policy`.
#[macro_export]
macro_rules! export_policy {
    ($policy:ty) => {
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::routing::Batch,
        ) -> ::core::result::Result<::std::vec::Vec<$crate::routing::Outcome>, $crate::Fault> =
            <$policy as $crate::routing::Policy>::decide;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::routing::bindings::exports::hotline::routing::policy::Guest for Exported {
                fn rank(
                    interaction: $crate::routing::Interaction,
                    queue: $crate::routing::QueueView,
                ) -> ::core::result::Result<$crate::routing::Order, $crate::Fault> {
                    <$policy as $crate::routing::Policy>::rank(interaction, queue)
                }
                fn decide(
                    batch: $crate::routing::Batch,
                ) -> ::core::result::Result<::std::vec::Vec<$crate::routing::Outcome>, $crate::Fault> {
                    <$policy as $crate::routing::Policy>::decide(batch)
                }
            }
            $crate::routing::bindings::__export_routing_policy!(Exported with_types_in $crate::routing::bindings);
        };
        $crate::__manifest!("routing-policy");
    };
}
