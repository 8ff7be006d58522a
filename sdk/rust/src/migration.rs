//! World `ivr-flow-with-migration`: contacts that an earlier version of the flow has begun with go on
//! in this one, each from its next event.

use crate::ivr::{FLOWS, Fault, Flow, Interaction, Pending};
use crate::state;
use serde::de::DeserializeOwned;

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
        inline: "package hotline:sdk; world migrating { export hotline:ivr/migration@1.0.0; }",
        world: "hotline:sdk/migrating",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "__export_migration",
        default_bindings_module: "hotline_sdk::migration::bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
        },
    });
}

pub use bindings::exports::hotline::ivr::migration::{MigrateInput, Migrated, Version};

/// A [`Flow`] that takes contacts over from its earlier versions.
pub trait Migrate: Flow {
    /// What becomes of a contact. Asked at its next event, once for each contact.
    ///
    /// # Errors
    /// The contact stays on its version, and the fault is told like any other.
    fn migrate(earlier: &Earlier) -> Result<Moved<Self::State>, Fault>;
}

/// What becomes of a contact.
#[derive(Debug, Clone, PartialEq)]
pub enum Moved<S> {
    /// It ends on the version that it is on.
    Stay,
    /// It goes on here, in this state; the event that has come is the next.
    To(S),
    /// It begins anew here, answered and perhaps queued as it is.
    Restart,
}

/// A contact that another version of this flow has begun with.
#[derive(Debug)]
pub struct Earlier {
    pub version: Version,
    pub interaction: Interaction,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
    pending: Pending,
    state: Vec<u8>,
}

impl Earlier {
    /// The state that the earlier version kept, of the type that it had there.
    ///
    /// # Errors
    /// It is of another type.
    pub fn state<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let read = postcard::take_from_bytes(&self.state);
        match read {
            Ok((state, [])) => Ok(state),
            _ => Err(Fault::new(
                "sdk.state",
                format!(
                    "the state that {} kept is of another type",
                    self.version.label
                ),
            )),
        }
    }
}

/// An interpreter, or another [`crate::ivr::RawFlow`], that takes contacts over from earlier versions.
pub trait RawMigrate {
    /// # Errors
    /// The contact stays on its version, and the fault is told like any other.
    fn migrate(input: MigrateInput) -> Result<Migrated, Fault>;
}

/// Runs a [`Migrate`] as the contract asks; [`crate::export_flow_with_migration!`] does it for you.
pub fn migrate_flow<F: Migrate>(input: MigrateInput) -> Result<Migrated, Fault> {
    let (pending, state) = state::read_first(FLOWS, &input.state)?;
    let earlier = Earlier {
        version: input.from,
        interaction: input.interaction,
        at_ms: input.at,
        pending,
        state: state.to_vec(),
    };
    Ok(match F::migrate(&earlier)? {
        Moved::Stay => Migrated::Stay,
        // What the contact waits for goes on, so its ends are still known.
        Moved::To(state) => Migrated::State(state::keep(FLOWS, &(&earlier.pending, &state))?),
        Moved::Restart => Migrated::Restart(Vec::new()),
    })
}

/// Makes a [`Flow`] that is [`Migrate`] the component's `ivr-flow-with-migration`.
#[macro_export]
macro_rules! export_flow_with_migration {
    ($flow:ty) => {
        $crate::__raw_flow!($flow);
        $crate::__export_ivr!($flow);
        $crate::__export_migrating!($crate::migration::migrate_flow::<$flow>);
        $crate::__manifest!("ivr-flow-with-migration");
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_migrating {
    ($migrate:expr) => {
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::migration::MigrateInput,
        )
            -> ::core::result::Result<$crate::migration::Migrated, $crate::Fault> = $migrate;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::migration::bindings::exports::hotline::ivr::migration::Guest for Exported {
                fn migrate(
                    input: $crate::migration::MigrateInput,
                ) -> ::core::result::Result<$crate::migration::Migrated, $crate::Fault> {
                    $migrate(input)
                }
            }
            $crate::migration::bindings::__export_migration!(Exported with_types_in $crate::migration::bindings);
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{FlowBench, caller};
    use crate::ivr::{Call, Event, RawEvent, Step, StepInput, keys, step_flow};
    use serde::{Deserialize, Serialize};

    /// As an earlier version kept it.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    enum Before {
        #[default]
        Start,
        Asking,
    }

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    enum Now {
        #[default]
        Start,
        Asking {
            tries: u8,
        },
        Done,
    }

    struct Old;

    impl Flow for Old {
        type State = Before;
        fn step(_: &Call, state: Before, event: Event) -> Result<Step<Before>, Fault> {
            Ok(match event {
                Event::Started => Step::to(Before::Asking).collect(keys(1)),
                _ => Step::wait(state),
            })
        }
        fn describe() -> Vec<crate::ivr::Node> {
            Vec::new()
        }
    }

    struct New;

    impl Flow for New {
        type State = Now;
        fn step(_: &Call, state: Now, event: Event) -> Result<Step<Now>, Fault> {
            Ok(match (state, event) {
                (Now::Asking { tries: 1 }, Event::Input(_)) => Step::to(Now::Done).hang_up(),
                (state, _) => Step::wait(state),
            })
        }
        fn describe() -> Vec<crate::ivr::Node> {
            Vec::new()
        }
    }

    impl Migrate for New {
        fn migrate(earlier: &Earlier) -> Result<Moved<Now>, Fault> {
            Ok(match earlier.state()? {
                Before::Asking => Moved::To(Now::Asking { tries: 1 }),
                Before::Start => Moved::Restart,
            })
        }
    }

    fn asked(state: Vec<u8>) -> MigrateInput {
        MigrateInput {
            at: 0,
            interaction: caller(),
            from: Version {
                label: "main@00000000".to_owned(),
                component: "00".repeat(32),
                artifact: None,
                ext: Vec::new(),
            },
            state,
            ext: Vec::new(),
        }
    }

    fn step(step: u64, state: Vec<u8>, event: RawEvent) -> StepInput {
        StepInput {
            step,
            at: 0,
            interaction: caller(),
            state,
            event,
            ext: Vec::new(),
        }
    }

    #[test]
    fn what_an_earlier_version_asked_is_answered_to_the_new_one() {
        let begun = step_flow::<Old>(step(0, Vec::new(), RawEvent::Started)).expect("it begins");
        let moved = migrate_flow::<New>(asked(begun.state)).expect("it is understood");
        let Migrated::State(state) = moved else {
            panic!("{moved:?}");
        };
        let pressed = RawEvent::Input(crate::ivr::InputResult {
            action: begun.actions[0].id,
            digits: "1".to_owned(),
            token: None,
            length: 1,
            outcome: crate::ivr::InputOutcome::Complete,
            ext: Vec::new(),
        });
        let next = step_flow::<New>(step(1, state, pressed)).expect("it goes on");
        assert_eq!(
            next.actions.len(),
            1,
            "the key was the one that was asked for"
        );
        let mut call = FlowBench::new(step_flow::<New>);
        assert!(!call.start().is_over());
    }

    #[test]
    fn a_state_of_another_type_is_a_fault_that_names_the_version() {
        let foreign = postcard::to_allocvec(&(Pending::default(), "a text")).expect("bytes");
        let refused = migrate_flow::<New>(asked(foreign)).expect_err("it is none of ours");
        assert!(refused.message.contains("main@00000000"), "{refused:?}");
    }
}
