//! What a queue may be set to, as far as that can be seen from the draft alone.

use super::QueueDraft;
use crate::error::{Error, Result};
use crate::repositories::validate;
use hotline_vocabulary::configuration::{CallbackRule, Otherwise, QueueRules, Ring};
use hotline_vocabulary::time::Millis;

const SECOND: Millis = Millis::from_secs(1);
const HOUR: Millis = Millis::from_secs(3_600);
const DAY: Millis = Millis::from_secs(86_400);
const YEAR: Millis = Millis::from_secs(366 * 86_400);
/// Contacts that one queue may hold.
const MOST_WAITING: u32 = 100_000;
/// Rings after the first.
const RINGS: usize = 8;
/// Calls to one customer who is owed one.
const MOST_ATTEMPTS: u32 = 10;

impl QueueDraft {
    pub(super) fn check(&self) -> Result<()> {
        validate::name("name", &self.name)?;
        if let Some(policy) = &self.policy {
            validate::name("policy", policy)?;
        }
        if let Some(music) = &self.music {
            validate::title("music", music)?;
        }
        validate::between("ring_timeout_ms", self.ring_timeout_ms, SECOND, DAY)?;
        validate::between("progress_every_ms", self.progress_every_ms, SECOND, DAY)?;
        validate::between("service_level_ms", self.service_level_ms, SECOND, DAY)?;
        if let Some(wrap_up) = self.wrap_up_ms {
            validate::between("wrap_up_ms", wrap_up, Millis::ZERO, DAY)?;
        }
        if !(1..=MOST_WAITING).contains(&self.max_waiting) {
            let message = format!("must be between 1 and {MOST_WAITING} contacts");
            return Err(Error::invalid("max_waiting", message));
        }
        rules(&self.rules)
    }
}

fn rules(rules: &QueueRules) -> Result<()> {
    rings(&rules.rings)?;
    for (field, conditions) in [
        ("rules.refuse_when", &rules.refuse_when),
        ("rules.leave_when", &rules.leave_when),
    ] {
        for (place, condition) in conditions.iter().enumerate() {
            if conditions[..place].contains(condition) {
                return Err(Error::invalid(format!("{field}[{place}]"), "occurs twice"));
            }
        }
    }
    if let Some(wait) = rules.max_wait_ms {
        validate::between("rules.max_wait_ms", wait, SECOND, DAY)?;
    }
    if let Some(first) = rules.first_progress_ms {
        validate::between("rules.first_progress_ms", first, Millis::ZERO, DAY)?;
    }
    validate::between(
        "rules.redial_within_ms",
        rules.redial_within_ms,
        Millis::ZERO,
        DAY,
    )?;
    if let Some(callback) = &rules.callback {
        self::callback(callback)?;
    }
    for (field, otherwise) in rules.otherwise() {
        if otherwise == Otherwise::Callback && rules.callback.is_none() {
            return Err(Error::invalid(field, "needs `rules.callback`"));
        }
    }
    if let Some(last) = &rules.last_agent {
        validate::between("rules.last_agent.within_ms", last.within_ms, SECOND, YEAR)?;
        validate::between("rules.last_agent.wait_ms", last.wait_ms, Millis::ZERO, HOUR)?;
    }
    Ok(())
}

fn rings(rings: &[Ring]) -> Result<()> {
    validate::at_most("rules.rings", rings, RINGS)?;
    let mut before = Millis::ZERO;
    for (place, ring) in rings.iter().enumerate() {
        let field = format!("rules.rings[{place}].after_ms");
        if ring.after_ms <= before {
            let message = format!("must be later than the ring before ({} ms)", before.0);
            return Err(Error::invalid(field, message));
        }
        validate::between(field, ring.after_ms, SECOND, DAY)?;
        before = ring.after_ms;
    }
    Ok(())
}

fn callback(rule: &CallbackRule) -> Result<()> {
    if !(1..=MOST_ATTEMPTS).contains(&rule.attempts) {
        let message = format!("must be between 1 and {MOST_ATTEMPTS} calls");
        return Err(Error::invalid("rules.callback.attempts", message));
    }
    let retry = "rules.callback.retry_after_ms";
    validate::between(retry, rule.retry_after_ms, SECOND, DAY)?;
    let ringing = Millis::from_secs(5)..=Millis::from_secs(120);
    validate::between(
        "rules.callback.ring_timeout_ms",
        rule.ring_timeout_ms,
        *ringing.start(),
        *ringing.end(),
    )
}
