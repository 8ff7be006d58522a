//! Worlds `routing-policy` and `routing-policy-with-lookups`: who gets whom. The policy proposes;
//! the queue engine checks every answer against the same moment's truth.

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
        world: "hotline:routing/routing-policy@1.0.0",
        pub_export_macro: true,
        export_macro_name: "__export_routing_policy",
        default_bindings_module: "hotline_sdk::routing::bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
            "hotline:host/log@1.0.0": crate::ivr::bindings::hotline::host::log,
            "hotline:host/config@1.0.0": crate::ivr::bindings::hotline::host::config,
            "hotline:host/clock@1.0.0": crate::ivr::bindings::hotline::host::clock,
            "hotline:host/random@1.0.0": crate::ivr::bindings::hotline::host::random,
            "hotline:host/metrics@1.0.0": crate::ivr::bindings::hotline::host::metrics,
            "hotline:routing/types@1.0.0": generate,
        },
    });
}

/// What the second world adds.
#[doc(hidden)]
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]
pub mod lookups_bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "package hotline:sdk; world lookups { export hotline:routing/lookups@1.0.0; }",
        world: "hotline:sdk/lookups",
        pub_export_macro: true,
        export_macro_name: "__export_routing_lookups",
        default_bindings_module: "hotline_sdk::routing::lookups_bindings",
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
            "hotline:routing/types@1.0.0": crate::routing::bindings::hotline::routing::types,
        },
    });
}

mod view;

pub use crate::common::{Fault, Interaction};
pub use bindings::hotline::routing::types::{
    Agents, Batch, ContactView, Decision, Experience, Fact, Lookup, Need, Order, Outcome,
    QueueView, Score, Source, Visit,
};
pub use view::{Agent, Candidate, Experienced};

/// A routing policy.
pub trait Policy {
    /// The contact's place in its queue: `base + slope * waited milliseconds`, highest first.
    ///
    /// # Errors
    /// A fault makes the engine use its built-in order.
    fn rank(contact: Visit) -> Result<Order, Fault>;

    /// Who gets whom, for the first contacts in that order. Contacts without an outcome wait on.
    ///
    /// # Errors
    /// A fault makes the engine use its built-in choice.
    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault>;
}

/// What a policy wants looked up before it ranks a contact.
pub trait Lookups: Policy {
    /// At most 8. What is found stands in [`Visit::facts`] and [`ContactView::facts`].
    ///
    /// # Errors
    /// A fault has the contact ranked without facts.
    fn plan(contact: Visit) -> Result<Vec<Lookup>, Fault>;
}

impl Lookup {
    /// What the host's own records know of the customer; see [`Source::CustomerHistory`].
    pub fn customer_history(id: &str) -> Self {
        Lookup::of(id, Source::CustomerHistory)
    }

    /// The value of `key` in the tenant's `tables/TABLE.json`.
    pub fn table(id: &str, table: &str, key: &str) -> Self {
        Lookup::of(id, Source::Table((table.to_owned(), key.to_owned())))
    }

    fn of(id: &str, source: Source) -> Self {
        Lookup {
            id: id.to_owned(),
            source,
            ext: Vec::new(),
        }
    }
}

/// The JSON that the lookup of this id found; none when it is not in, `null` when there is nothing.
pub fn fact<'a>(facts: &'a [Fact], id: &str) -> Option<&'a str> {
    let found = facts.iter().find(|(name, _)| name == id);
    found.map(|(_, value)| value.as_str())
}

impl Order {
    pub fn new(base: f64, slope: f64) -> Self {
        Order {
            base,
            slope,
            reasons: Vec::new(),
            ext: Vec::new(),
        }
    }

    /// Adds a sentence for people.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }
}

impl Outcome {
    /// For the contact at this place of the batch.
    pub fn of(contact: usize, decision: Decision) -> Self {
        Outcome {
            contact: contact as u32,
            decision,
            reasons: Vec::new(),
            scores: Vec::new(),
            recheck_after_ms: None,
            ext: Vec::new(),
        }
    }

    /// Adds a sentence for people; the most important comes first.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }
}

/// Makes a [`Policy`] the component's `routing-policy`.
#[macro_export]
macro_rules! export_policy {
    ($policy:ty) => {
        $crate::__export_policy!($policy);
        $crate::__manifest!("routing-policy");
    };
}

/// Makes a [`Policy`] that is [`Lookups`] the component's `routing-policy-with-lookups`.
#[macro_export]
macro_rules! export_policy_with_lookups {
    ($policy:ty) => {
        $crate::__export_policy!($policy);
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::routing::Visit,
        ) -> ::core::result::Result<::std::vec::Vec<$crate::routing::Lookup>, $crate::Fault> =
            <$policy as $crate::routing::Lookups>::plan;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::routing::lookups_bindings::exports::hotline::routing::lookups::Guest
                for Exported
            {
                fn plan(
                    contact: $crate::routing::Visit,
                ) -> ::core::result::Result<::std::vec::Vec<$crate::routing::Lookup>, $crate::Fault>
                {
                    <$policy as $crate::routing::Lookups>::plan(contact)
                }
            }
            $crate::routing::lookups_bindings::__export_routing_lookups!(Exported with_types_in $crate::routing::lookups_bindings);
        };
        $crate::__manifest!("routing-policy-with-lookups");
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_policy {
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
                    contact: $crate::routing::Visit,
                ) -> ::core::result::Result<$crate::routing::Order, $crate::Fault> {
                    <$policy as $crate::routing::Policy>::rank(contact)
                }
                fn decide(
                    batch: $crate::routing::Batch,
                ) -> ::core::result::Result<::std::vec::Vec<$crate::routing::Outcome>, $crate::Fault> {
                    <$policy as $crate::routing::Policy>::decide(batch)
                }
            }
            $crate::routing::bindings::__export_routing_policy!(Exported with_types_in $crate::routing::bindings);
        };
    };
}
