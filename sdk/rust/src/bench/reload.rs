//! A new version of a flow goes into service while a call is in progress.

use super::{FlowBench, StepFn, with_surroundings};
use crate::ivr::{Fault, RawEvent};
use crate::migration::{MigrateInput, Migrated, Version};
use std::fmt::Write as _;

/// How a flow is asked what becomes of a contact of an earlier version: the contract's own function.
pub type MigrateFn = fn(MigrateInput) -> Result<Migrated, Fault>;

impl FlowBench {
    /// A new version of the flow is in service from now on. As the host does, the bench asks it with
    /// the call's next event, once, what becomes of the call; a hang-up stays with the version that
    /// has the call.
    pub fn reload(&mut self, step: StepFn, migrate: MigrateFn) -> &mut Self {
        self.reloaded = Some((step, migrate));
        self
    }

    /// Lets a new version take the call over, if there is one; gives the event that comes next.
    pub(super) fn migrated(&mut self, event: RawEvent) -> RawEvent {
        if matches!(event, RawEvent::HangUp(_)) {
            return event;
        }
        let Some((step, migrate)) = self.reloaded.take() else {
            return event;
        };
        let input = MigrateInput {
            at: self.now_ms,
            interaction: self.interaction.clone(),
            from: Version {
                label: "earlier@00000000".to_owned(),
                component: "00".repeat(32),
                artifact: None,
                ext: Vec::new(),
            },
            state: self.state.clone(),
            ext: vec![("x-unknown".to_owned(), "1".to_owned())],
        };
        let ask = |input| {
            with_surroundings(|around| {
                around.now_ms = self.now_ms;
                around.random = self.steps;
            });
            migrate(input)
        };
        let (once, twice) = (ask(input.clone()), ask(input));
        assert_eq!(once, twice, "a migration must be a pure function");
        let (told, next) = match once {
            Ok(Migrated::Stay | Migrated::Ext(_)) => ("stays on its version".to_owned(), event),
            Ok(Migrated::State(state)) => {
                (self.step, self.state) = (step, state);
                ("goes on in the new version".to_owned(), event)
            }
            Ok(Migrated::Restart(state)) => {
                (self.step, self.state) = (step, state);
                let told = "begins anew in the new version".to_owned();
                (told, RawEvent::Started)
            }
            Err(fault) => {
                let told = format!("stays: fault {}: {}", fault.code, fault.message);
                self.fault = Some(fault);
                (told, event)
            }
        };
        let _ = writeln!(self.transcript, "  {told}");
        next
    }
}
