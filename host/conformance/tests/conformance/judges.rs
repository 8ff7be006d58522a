//! Each law of QA rules can fail, for those that judge and those that listen.

use crate::answerer::{Asked, Function, assert_breaks, assert_sound, declared, fault};
use hotline_conformance::{Kind, Law};
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use hotline_vocabulary::qa::{
    Answer as Said, Audience, Finding, Hint, Observed, Question as Ask, Severity, Speaker, Turn,
    Utterance, Verdict,
};
use hotline_vocabulary::question::{Answer, Question};

fn turns<'a>(asked: &Asked<'a>) -> &'a [Turn] {
    match asked.question {
        Question::Qa {
            ask: Ask::Evaluate { transcript, .. },
            ..
        } => &transcript.turns,
        other => panic!("a rule was asked {other:?}"),
    }
}

fn heard<'a>(asked: &Asked<'a>) -> &'a Utterance {
    match asked.question {
        Question::Qa {
            ask: Ask::Observe(heard),
            ..
        } => heard,
        other => panic!("a live rule was asked {other:?}"),
    }
}

fn found(verdict: Verdict) -> Result<Answer, PluginFault> {
    Ok(Answer::Qa(Said::Findings(vec![Finding {
        rule: "greeting".to_owned(),
        title: "Greeting".to_owned(),
        verdict,
        severity: Severity::Info,
        score: None,
        at_turn: None,
        evidence: String::new().into(),
        reason: String::new().into(),
    }])))
}

/// Passes where the first turn is an agent's.
fn judge(asked: &Asked<'_>) -> Result<Answer, PluginFault> {
    found(match turns(asked).first().map(|turn| &turn.speaker) {
        Some(Speaker::Agent(_)) => Verdict::Passed,
        Some(_) => Verdict::Failed,
        None => Verdict::NotApplicable,
    })
}

/// Counts utterances in its state, and says something at the second.
fn listener(asked: &Asked<'_>) -> Result<Answer, PluginFault> {
    let count = heard(asked).state.first().copied().unwrap_or(0);
    observed(count.saturating_add(1))
}

fn observed(count: u8) -> Result<Answer, PluginFault> {
    let hint = Hint {
        rule: "second".to_owned(),
        audience: Audience::Agent,
        severity: Severity::Info,
        text: "That was the second.".into(),
    };
    Ok(Answer::Qa(Said::Observed(Observed {
        state: vec![count],
        hints: if count == 2 { vec![hint] } else { Vec::new() },
    })))
}

#[test]
fn each_flaw_of_a_judge_breaks_its_law() {
    assert_sound(Kind::QaRule, &judge);
    let flaws: [(&str, Law, &Function<'_>); 5] = [
        (
            "fails on silence",
            Law::Sound,
            &|asked| match turns(asked).is_empty() {
                true => declared("rule.empty: nobody said anything"),
                false => judge(asked),
            },
        ),
        (
            "judges by the hour",
            Law::Deterministic,
            &|asked| match asked.before.is_multiple_of(2) {
                true => found(Verdict::Passed),
                false => found(Verdict::Failed),
            },
        ),
        (
            "is strict about fields",
            Law::ToleratesTheUnknown,
            &|asked| match asked.wording {
                Wording::UnknownFields => declared("rule.field: what is that?"),
                _ => judge(asked),
            },
        ),
        (
            "does not know the speaker",
            Law::ToleratesTheUnknown,
            &|asked| match asked.wording {
                Wording::UnknownCases => Err(fault(FaultKind::Trapped, "unreachable")),
                _ => judge(asked),
            },
        ),
        (
            "compares all with all",
            Law::HoldsAtTenTimes,
            &|asked| match turns(asked).len() > 200 {
                true => Err(fault(FaultKind::OutOfFuel, "ran out of fuel")),
                false => judge(asked),
            },
        ),
    ];
    for (flaw, law, flawed) in flaws {
        assert_breaks(Kind::QaRule, flaw, law, flawed, &judge);
    }
}

#[test]
fn each_flaw_of_a_listener_breaks_its_law() {
    let report = assert_sound(Kind::QaLive, &listener);
    assert_eq!(report.budget[0].function, "observe");
    let flaws: [(&str, Law, &Function<'_>); 5] = [
        ("expects every utterance", Law::Sound, &|asked| {
            let count = heard(asked).state.first().copied().unwrap_or(0);
            match heard(asked).place == u32::from(count) {
                true => listener(asked),
                false => declared("rule.gap: one is missing"),
            }
        }),
        ("hints at random", Law::Deterministic, &|asked| {
            observed(if asked.before.is_multiple_of(3) { 2 } else { 0 })
        }),
        ("counts in itself", Law::SurvivesRestart, &|asked| {
            observed(match heard(asked).state.is_empty() {
                true => 1,
                false if asked.before > 0 => 2,
                false => 1,
            })
        }),
        (
            "does not know the speaker",
            Law::ToleratesTheUnknown,
            &|asked| match asked.wording {
                Wording::UnknownCases => Err(fault(FaultKind::Trapped, "unreachable")),
                _ => listener(asked),
            },
        ),
        (
            "keeps everything that was said",
            Law::HoldsAtTenTimes,
            &|asked| match heard(asked).place > 300 {
                true => Err(fault(FaultKind::TooMuch, "returned a state of 20000 bytes")),
                false => listener(asked),
            },
        ),
    ];
    for (flaw, law, flawed) in flaws {
        assert_breaks(Kind::QaLive, flaw, law, flawed, &listener);
    }
}
