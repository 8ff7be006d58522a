//! QA rules: `wit/deps/qa`.

use super::{
    at_most, declared_owned, finite, interaction_owned, nonsense, short, state_at_most, text,
};
use crate::bindings::Reader;
use crate::bindings::owned::exports::hotline::qa::{live, rule};
use crate::bindings::owned::hotline::qa::types as wit;
use crate::call::{Called, call, fault};
use crate::engine::Ticker;
use crate::host::{Host, Universe, turn};
use crate::limits::Limits;
use crate::wording::Wording;
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use hotline_vocabulary::qa::{
    Answer, Audience, Finding, Hint, Observed, Question, Severity, Subject, Transcript, Utterance,
    Verdict,
};
use std::sync::Arc;
use wasmtime::component::{InstancePre, Resource};

pub(crate) const RULE_EXPORT: &str = "hotline:qa/rule@1.0.0";
pub(crate) const LIVE_EXPORT: &str = "hotline:qa/live@1.0.0";
pub(crate) const TYPES_IMPORT: &str = "hotline:qa/types@1.0.0";
pub(crate) const TRANSCRIPT_IMPORT: &str = "hotline:host/transcript@1.0.0";
pub(crate) const WORLD: &str = "hotline:qa/qa-rule@1.0.0";

const FINDINGS: usize = 64;
const RULE_BYTES: usize = 64;
const TITLE_BYTES: usize = 200;
const SENTENCE_BYTES: usize = 500;
const HINT_BYTES: usize = 300;

/// A compiled rule, ready to be instantiated: one that judges, one that listens, or both.
pub(crate) struct Rule {
    guest: InstancePre<Host>,
    rule: Option<rule::GuestIndices>,
    live: Option<live::GuestIndices>,
}

impl Rule {
    pub(crate) fn new(guest: InstancePre<Host>) -> wasmtime::Result<Self> {
        let has = |export| guest.component().get_export_index(None, export).is_some();
        Ok(Rule {
            rule: match has(RULE_EXPORT) {
                true => Some(rule::GuestIndices::new(&guest)?),
                false => None,
            },
            live: match has(LIVE_EXPORT) {
                true => Some(live::GuestIndices::new(&guest)?),
                false => None,
            },
            guest,
        })
    }

    /// Whether it hears contacts that go on.
    pub(crate) fn listens(&self) -> bool {
        self.live.is_some()
    }

    /// Whether it judges contacts that have ended.
    pub(crate) fn judges(&self) -> bool {
        self.rule.is_some()
    }

    pub(crate) fn answer(
        &self,
        ticker: &Ticker,
        universe: Universe,
        ask: &Question,
    ) -> Called<Answer> {
        match ask {
            Question::Evaluate {
                subject,
                transcript,
            } => self.evaluate(ticker, universe, subject, transcript),
            Question::Observe(utterance) => self.observe(ticker, universe, utterance),
        }
    }

    fn evaluate(
        &self,
        ticker: &Ticker,
        universe: Universe,
        about: &Subject,
        transcript: &Transcript,
    ) -> Called<Answer> {
        let Some(exports) = &self.rule else {
            return not_asked("it hears utterances only: it is a `qa-live`");
        };
        let universe = Universe {
            transcript: Arc::new(transcript.clone()),
            ..universe
        };
        let (limits, wording) = (universe.plan.qa, universe.wording);
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = exports.load(&mut *store, instance)?;
            let reader = Resource::<Reader>::new_own(0);
            let findings = guest.call_evaluate(store, &subject(about, wording), reader)?;
            Ok(match findings {
                Ok(list) => findings_of(list, transcript.turns.len()).map(Answer::Findings),
                Err(said) => Err(declared_owned(said)),
            })
        })
    }

    fn observe(
        &self,
        ticker: &Ticker,
        universe: Universe,
        utterance: &Utterance,
    ) -> Called<Answer> {
        let Some(exports) = &self.live else {
            return not_asked("it judges ended contacts only: it is a `qa-rule`");
        };
        let (limits, wording) = (universe.plan.qa_live, universe.wording);
        call(&self.guest, ticker, &limits, universe, |store, instance| {
            let guest = exports.load(&mut *store, instance)?;
            let heard = live::Utterance {
                interaction: interaction_owned(&utterance.interaction, wording),
                state: utterance.state.clone(),
                place: utterance.place,
                said: turn(&utterance.said, wording),
                ext: wording.ext_owned(),
            };
            Ok(match guest.call_observe(store, &heard)? {
                Ok(observed) => observed_of(observed, &limits).map(Answer::Observed),
                Err(said) => Err(declared_owned(said)),
            })
        })
    }
}

/// A question that this plugin's world does not have.
fn not_asked(why: &str) -> Called<Answer> {
    Called::without_guest(Err(fault(FaultKind::NotLoaded, why)))
}

/// A stream of randomness for each contact and, live, each of its utterances.
pub(crate) fn seed(contact: ContactId, ask: &Question) -> u64 {
    let bits = contact.bits();
    let contact = ((bits >> 64) as u64) ^ (bits as u64);
    match ask {
        Question::Evaluate { .. } => contact,
        Question::Observe(heard) => {
            contact ^ (u64::from(heard.place) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        }
    }
}

fn subject(about: &Subject, wording: Wording) -> rule::Subject {
    rule::Subject {
        interaction: interaction_owned(&about.interaction, wording),
        queue: about.queue.clone(),
        agents: about.agents.clone(),
        duration_ms: about.duration_ms.0,
        ext: wording.ext_owned(),
    }
}

fn findings_of(list: Vec<wit::Finding>, turns: usize) -> Result<Vec<Finding>, PluginFault> {
    at_most("findings", list.len(), FINDINGS)?;
    list.into_iter().map(|said| finding(said, turns)).collect()
}

fn finding(said: wit::Finding, turns: usize) -> Result<Finding, PluginFault> {
    let score = match said.score {
        None => None,
        Some(score) => {
            finite("score", f64::from(score))?;
            if !(0.0..=1.0).contains(&score) {
                return Err(nonsense(format!(
                    "returned the score {score}; 0 to 1 are scores"
                )));
            }
            Some(score)
        }
    };
    if let Some(place) = said.at_turn
        && place as usize >= turns
    {
        return Err(nonsense(format!(
            "returned a finding at the turn {place}; the transcript has {turns}"
        )));
    }
    Ok(Finding {
        rule: rule_id(said.rule)?,
        title: text("title", said.title, TITLE_BYTES)?,
        verdict: match said.verdict {
            wit::Verdict::Passed => Verdict::Passed,
            wit::Verdict::Failed => Verdict::Failed,
            wit::Verdict::NotApplicable => Verdict::NotApplicable,
            wit::Verdict::Unsure | wit::Verdict::Ext(_) => Verdict::Unsure,
        },
        severity: severity(&said.severity),
        score,
        at_turn: said.at_turn,
        evidence: short("piece of evidence", said.evidence, SENTENCE_BYTES)?.into(),
        reason: short("reason", said.reason, SENTENCE_BYTES)?.into(),
    })
}

fn observed_of(said: live::Observed, limits: &Limits) -> Result<Observed, PluginFault> {
    state_at_most(said.state.len(), limits, "utterances")?;
    at_most("hints", said.hints.len(), limits.effects)?;
    Ok(Observed {
        state: said.state,
        hints: said.hints.into_iter().map(hint).collect::<Result<_, _>>()?,
    })
}

fn hint(said: wit::Hint) -> Result<Hint, PluginFault> {
    Ok(Hint {
        rule: rule_id(said.rule)?,
        audience: match said.audience {
            wit::Audience::Agent => Audience::Agent,
            wit::Audience::Supervisor | wit::Audience::Ext(_) => Audience::Supervisor,
            wit::Audience::Everyone => Audience::Everyone,
        },
        severity: severity(&said.severity),
        text: text("hint", said.text, HINT_BYTES)?.into(),
    })
}

fn severity(said: &wit::Severity) -> Severity {
    match said {
        wit::Severity::Info => Severity::Info,
        wit::Severity::Warning | wit::Severity::Ext(_) => Severity::Warning,
        wit::Severity::Critical => Severity::Critical,
    }
}

fn rule_id(id: String) -> Result<String, PluginFault> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let id = text("rule", id, RULE_BYTES)?;
    if !id.chars().all(plain) {
        return Err(nonsense(format!(
            "returned `{id}` as a rule; small letters, digits, `-` and `.` make its id"
        )));
    }
    Ok(id)
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule")
            .field("judges", &self.judges())
            .field("listens", &self.listens())
            .finish_non_exhaustive()
    }
}
