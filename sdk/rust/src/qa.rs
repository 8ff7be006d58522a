//! Worlds `qa-rule`, `qa-live` and `qa-rule-and-live`: what was said, judged. A [`Rule`] looks at a
//! whole contact after it has ended; a [`Live`] one hears one utterance at a time.

use crate::state;
use serde::{Serialize, de::DeserializeOwned};

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
        world: "hotline:qa/qa-rule@1.0.0",
        pub_export_macro: true,
        export_macro_name: "__export_qa_rule",
        default_bindings_module: "hotline_sdk::qa::bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
            "hotline:host/log@1.0.0": crate::ivr::bindings::hotline::host::log,
            "hotline:host/config@1.0.0": crate::ivr::bindings::hotline::host::config,
            "hotline:host/clock@1.0.0": crate::ivr::bindings::hotline::host::clock,
            "hotline:host/random@1.0.0": crate::ivr::bindings::hotline::host::random,
            "hotline:host/metrics@1.0.0": crate::ivr::bindings::hotline::host::metrics,
            "hotline:host/transcript@1.0.0": generate,
            "hotline:qa/types@1.0.0": generate,
        },
    });
}

/// The other half.
#[doc(hidden)]
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]
pub mod live_bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "package hotline:sdk; world live { export hotline:qa/live@1.0.0; }",
        world: "hotline:sdk/live",
        pub_export_macro: true,
        export_macro_name: "__export_qa_live",
        default_bindings_module: "hotline_sdk::qa::live_bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
            "hotline:host/transcript@1.0.0": crate::qa::bindings::hotline::host::transcript,
            "hotline:qa/types@1.0.0": crate::qa::bindings::hotline::qa::types,
        },
    });
}

pub use crate::common::{Fault, Interaction};
pub use bindings::exports::hotline::qa::rule::Subject;
pub use bindings::hotline::host::transcript::{Speaker, Turn};
pub use bindings::hotline::qa::types::{Audience, Finding, Hint, Severity, Verdict};
pub use live_bindings::exports::hotline::qa::live::{Observed, Utterance};

/// Judges contacts after they have ended.
pub trait Rule {
    /// At most 64 findings.
    ///
    /// # Errors
    /// A fault means that this contact could not be judged; its author is told.
    fn evaluate(contact: Subject, transcript: &Transcript<'_>) -> Result<Vec<Finding>, Fault>;
}

/// Listens while a contact goes on.
pub trait Live {
    /// What it remembers of a contact; kept by the host between utterances, at most 16 KiB.
    type State: Default + Serialize + DeserializeOwned;

    /// At most 8 hints.
    ///
    /// # Errors
    /// A fault shows nothing; the state stays what it was.
    fn hear(state: &mut Self::State, heard: &Utterance) -> Result<Vec<Hint>, Fault>;
}

/// What was said in a contact. It stays with the host and is read page by page.
#[derive(Debug, Clone, Copy)]
pub struct Transcript<'a> {
    #[cfg(target_arch = "wasm32")]
    reader: &'a bindings::hotline::host::transcript::Reader,
    #[cfg(not(target_arch = "wasm32"))]
    turns: &'a [Turn],
}

/// The longest quotation that a finding may hold.
const EVIDENCE_BYTES: usize = 500;
/// Turns that are fetched at once while walking.
const PAGE: u32 = 100;

#[cfg(target_arch = "wasm32")]
impl<'a> Transcript<'a> {
    #[doc(hidden)]
    pub fn of(reader: &'a bindings::hotline::host::transcript::Reader) -> Self {
        Transcript { reader }
    }

    /// How many turns there are.
    pub fn len(&self) -> u32 {
        self.reader.len()
    }

    /// Turns from this place on; at most 200, fewer at the end.
    pub fn page(&self, start: u32, count: u32) -> Vec<Turn> {
        self.reader.page(start, count)
    }

    /// The places of turns whose text holds the words, small and capital letters alike; at most 200.
    pub fn find(&self, words: &str, limit: u32) -> Vec<u32> {
        self.reader.find(words, limit)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<'a> Transcript<'a> {
    /// One for a test.
    pub fn of(turns: &'a [Turn]) -> Self {
        Transcript { turns }
    }

    /// How many turns there are.
    pub fn len(&self) -> u32 {
        self.turns.len() as u32
    }

    /// Turns from this place on; at most 200, fewer at the end.
    pub fn page(&self, start: u32, count: u32) -> Vec<Turn> {
        let from = self.turns.iter().skip(start as usize);
        from.take(count.min(200) as usize).cloned().collect()
    }

    /// The places of turns whose text holds the words, small and capital letters alike; at most 200.
    pub fn find(&self, words: &str, limit: u32) -> Vec<u32> {
        let words = words.to_lowercase();
        let holds = |turn: &Turn| !words.is_empty() && turn.text.to_lowercase().contains(&words);
        let places = (0u32..).zip(self.turns).filter(|(_, turn)| holds(turn));
        places
            .map(|(place, _)| place)
            .take(limit.min(200) as usize)
            .collect()
    }
}

impl Transcript<'_> {
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every turn with its place, in order.
    pub fn turns(&self) -> impl Iterator<Item = (u32, Turn)> {
        let pages = (0..self.len()).step_by(PAGE as usize);
        pages.flat_map(|start| (start..).zip(self.page(start, PAGE)))
    }
}

impl Turn {
    /// Whether an agent said it.
    pub fn is_agents(&self) -> bool {
        matches!(self.speaker, Speaker::Agent(_))
    }

    /// Whether the customer said it.
    pub fn is_customers(&self) -> bool {
        matches!(self.speaker, Speaker::Customer)
    }
}

impl Finding {
    /// What this rule makes of the contact; [`Severity::Warning`] until said otherwise.
    pub fn new(rule: &str, title: impl Into<String>, verdict: Verdict) -> Self {
        Finding {
            rule: rule.to_owned(),
            title: title.into(),
            verdict,
            severity: Severity::Warning,
            score: None,
            at_turn: None,
            evidence: String::new(),
            reason: String::new(),
            ext: Vec::new(),
        }
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// From 0 to 1.
    #[must_use]
    pub fn score(mut self, score: f32) -> Self {
        self.score = Some(score);
        self
    }

    /// What the finding rests on: a turn's place and its words, of which as many are quoted as a
    /// finding may hold.
    #[must_use]
    pub fn at(mut self, place: u32, evidence: impl Into<String>) -> Self {
        self.at_turn = Some(place);
        self.evidence = evidence.into();
        let kept = self.evidence.floor_char_boundary(EVIDENCE_BYTES);
        self.evidence.truncate(kept);
        self
    }

    /// One sentence for people.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }
}

impl Hint {
    pub fn new(
        rule: &str,
        audience: Audience,
        severity: Severity,
        text: impl Into<String>,
    ) -> Self {
        Hint {
            rule: rule.to_owned(),
            audience,
            severity,
            text: text.into(),
            ext: Vec::new(),
        }
    }
}

/// What the host keeps of a [`Live`] rule.
#[derive(Serialize, serde::Deserialize)]
struct Remembered<S> {
    /// The place of the last utterance that was heard.
    last: u32,
    state: S,
}

/// What the state is called where it can not be read or kept.
const RULES: &str = "the rule's state";

/// Runs a [`Live`] rule as the contract has it; the export macros do it for you. An utterance that
/// was heard already says nothing new.
pub fn observe<L: Live>(heard: Utterance) -> Result<Observed, Fault> {
    let mut state = match heard.state.as_slice() {
        [] => L::State::default(),
        bytes => {
            let before: Remembered<L::State> = state::read(RULES, bytes)?;
            if heard.place <= before.last {
                return Ok(Observed {
                    state: heard.state,
                    hints: Vec::new(),
                    ext: Vec::new(),
                });
            }
            before.state
        }
    };
    let hints = L::hear(&mut state, &heard)?;
    let last = heard.place;
    let state = state::keep(RULES, &Remembered { last, state })?;
    Ok(Observed {
        state,
        hints,
        ext: Vec::new(),
    })
}

/// Makes a [`Rule`] the component's `qa-rule`.
#[macro_export]
macro_rules! export_qa_rule {
    ($rule:ty) => {
        $crate::__export_qa_rule_only!($rule);
        $crate::__manifest!("qa-rule");
    };
}

/// Makes a [`Live`] rule the component's `qa-live`.
#[macro_export]
macro_rules! export_qa_live {
    ($live:ty) => {
        $crate::__export_qa_live_only!($live);
        $crate::__manifest!("qa-live");
    };
}

/// Makes a type that is a [`Rule`] and [`Live`] the component's `qa-rule-and-live`.
#[macro_export]
macro_rules! export_qa_rule_and_live {
    ($rule:ty) => {
        $crate::__export_qa_rule_only!($rule);
        $crate::__export_qa_live_only!($rule);
        $crate::__manifest!("qa-rule-and-live");
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_qa_rule_only {
    ($rule:ty) => {
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::qa::Subject,
            &$crate::qa::Transcript<'_>,
        )
            -> ::core::result::Result<::std::vec::Vec<$crate::qa::Finding>, $crate::Fault> =
            <$rule as $crate::qa::Rule>::evaluate;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::qa::bindings::exports::hotline::qa::rule::Guest for Exported {
                fn evaluate(
                    contact: $crate::qa::Subject,
                    transcript: $crate::qa::bindings::hotline::host::transcript::Reader,
                ) -> ::core::result::Result<::std::vec::Vec<$crate::qa::Finding>, $crate::Fault>
                {
                    let transcript = $crate::qa::Transcript::of(&transcript);
                    <$rule as $crate::qa::Rule>::evaluate(contact, &transcript)
                }
            }
    $crate::qa::bindings::__export_qa_rule!(Exported with_types_in $crate::qa::bindings);
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_qa_live_only {
    ($live:ty) => {
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::qa::Utterance,
        ) -> ::core::result::Result<$crate::qa::Observed, $crate::Fault> =
            $crate::qa::observe::<$live>;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::qa::live_bindings::exports::hotline::qa::live::Guest for Exported {
                fn observe(
                    heard: $crate::qa::Utterance,
                ) -> ::core::result::Result<$crate::qa::Observed, $crate::Fault> {
                    $crate::qa::observe::<$live>(heard)
                }
            }
            $crate::qa::live_bindings::__export_qa_live!(Exported with_types_in $crate::qa::live_bindings);
        };
    };
}
