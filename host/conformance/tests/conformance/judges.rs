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

/// What a listener remembers: how many utterances it heard, and the place of the last.
fn remembered(heard: &Utterance) -> (u8, Option<u32>) {
    match heard.state.as_slice() {
        [count, place @ ..] => (*count, place.try_into().ok().map(u32::from_le_bytes)),
        [] => (0, None),
    }
}

/// Counts utterances in its state, and says something at the second.
fn listener(asked: &Asked<'_>) -> Result<Answer, PluginFault> {
    let heard = heard(asked);
    match remembered(heard) {
        (_, Some(last)) if heard.place <= last => observed(heard.state.clone(), false),
        (count, _) => counted(asked, count.saturating_add(1)),
    }
}

fn counted(asked: &Asked<'_>, count: u8) -> Result<Answer, PluginFault> {
    let place = heard(asked).place.to_le_bytes();
    observed([&[count][..], &place].concat(), count == 2)
}

fn observed(state: Vec<u8>, speaks: bool) -> Result<Answer, PluginFault> {
    let hint = Hint {
        rule: "second".to_owned(),
        audience: Audience::Agent,
        severity: Severity::Info,
        text: "That was the second.".into(),
    };
    let hints = if speaks { vec![hint] } else { Vec::new() };
    Ok(Answer::Qa(Said::Observed(Observed { state, hints })))
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
    let flaws: [(&str, Law, &Function<'_>); 6] = [
        ("expects every utterance", Law::Sound, &|asked| {
            let (count, _) = remembered(heard(asked));
            match heard(asked).place == u32::from(count) {
                true => listener(asked),
                false => declared("rule.gap: one is missing"),
            }
        }),
        ("hints at random", Law::Deterministic, &|asked| {
            observed(vec![0], asked.before.is_multiple_of(3))
        }),
        ("counts in itself", Law::SurvivesRestart, &|asked| {
            let goes_on = !heard(asked).state.is_empty() && asked.before > 0;
            counted(asked, if goes_on { 2 } else { 1 })
        }),
        ("hears twice", Law::DuplicatesHarmless, &|asked| {
            counted(asked, remembered(heard(asked)).0.saturating_add(1))
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
