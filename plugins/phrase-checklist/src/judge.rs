//! A whole contact, judged: one finding for each check, or for each breach of it, and one of the
//! whole with its share of the points.

use crate::phrase::Said;
use crate::settings::{Check, Kind, Language, Settings};
use crate::words;
use hotline_sdk::qa::{Finding, Severity, Turn, Verdict};

/// Findings of one check; the contract takes 64 in all.
const BREACHES: usize = 2;
const RULE: &str = "checklist";

/// A turn with its place.
pub(crate) type Placed = (u32, Turn);

pub(crate) fn judge(settings: &Settings, turns: &[Placed], tag: Option<&str>) -> Vec<Finding> {
    let language = language(turns, tag);
    let (mut findings, mut earned, mut possible) = (Vec::new(), 0u32, 0u32);
    let mut is_breached = false;
    for check in &settings.checks {
        let found = match check.kind {
            Kind::MustSay => vec![said(check, turns, language)],
            Kind::MustNotSay => not_said(check, turns, language),
        };
        let has = |verdict: &Verdict| found.iter().any(|finding| finding.verdict == *verdict);
        if !has(&Verdict::NotApplicable) {
            possible += check.points;
        }
        if has(&Verdict::Passed) {
            earned += check.points;
        }
        is_breached |= check.is_critical() && has(&Verdict::Failed);
        findings.extend(found);
    }
    findings.push(whole(settings, (earned, possible), is_breached, language));
    findings
}

/// What the contact was held in: as is known of it, else as the agents spoke.
fn language(turns: &[Placed], tag: Option<&str>) -> Language {
    tag.map(Language::of_tag).unwrap_or_else(|| {
        let mut agents = turns.iter().filter(|(_, turn)| turn.is_agents());
        match agents.any(|(_, turn)| Said::new(&turn.text).is_chinese()) {
            true => Language::Chinese,
            false => Language::English,
        }
    })
}

fn finding(check: &Check, verdict: Verdict, language: Language) -> Finding {
    let score = match verdict {
        Verdict::Passed => Some(1.0),
        Verdict::Failed => Some(0.0),
        _ => None,
    };
    let severity = match verdict {
        Verdict::Failed => check.severity(),
        _ => Severity::Info,
    };
    Finding {
        score,
        ..Finding::new(&check.rule, check.title.in_language(language), verdict).severity(severity)
    }
}

fn said(check: &Check, turns: &[Placed], language: Language) -> Finding {
    let mut agents = turns.iter().filter(|(_, turn)| turn.is_agents()).peekable();
    if agents.peek().is_none() {
        let finding = finding(check, Verdict::NotApplicable, language);
        return finding.because(words::no_agent(language));
    }
    let trigger = turns.iter().find_map(|(place, turn)| {
        let trigger = check.trigger(&Said::new(&turn.text))?;
        Some((*place, words::quote(&turn.text, trigger)))
    });
    if check.is_conditional() && trigger.is_none() {
        let finding = finding(check, Verdict::NotApplicable, language);
        return finding.because(words::does_not_apply(language));
    }
    // With a limit, a condition makes it count from there; without one, it may be said before too.
    let from = match (&trigger, check.within) {
        (Some((place, _)), Some(_)) => *place,
        _ => 0,
    };
    let within = check.within.map_or(usize::MAX, |within| within as usize);
    let found = agents
        .filter(|(place, _)| *place >= from)
        .take(within)
        .find_map(|(place, turn)| {
            let words = check.find(&Said::new(&turn.text))?;
            Some((*place, words::quote(&turn.text, words)))
        });
    match (found, trigger) {
        (Some((place, quote)), _) => finding(check, Verdict::Passed, language).at(place, quote),
        (None, trigger) => {
            let failed = finding(check, Verdict::Failed, language);
            let failed = failed.because(words::not_said(check, language));
            match trigger {
                Some((place, quote)) => failed.at(place, quote),
                None => failed,
            }
        }
    }
}

fn not_said(check: &Check, turns: &[Placed], language: Language) -> Vec<Finding> {
    let agents = turns.iter().filter(|(_, turn)| turn.is_agents());
    let breaches = agents.filter_map(|(place, turn)| {
        let utterance = Said::new(&turn.text);
        let words = check.find(&utterance)?;
        let language = Language::of(&utterance);
        let breach = finding(check, Verdict::Failed, language);
        let breach = breach.at(*place, words::quote(&turn.text, words));
        Some(breach.because(words::said(words, check, language)))
    });
    let breaches: Vec<Finding> = breaches.take(BREACHES).collect();
    match breaches.is_empty() {
        true => vec![finding(check, Verdict::Passed, language)],
        false => breaches,
    }
}

fn whole(
    settings: &Settings,
    (earned, possible): (u32, u32),
    is_breached: bool,
    language: Language,
) -> Finding {
    let title = words::checklist(language);
    if possible == 0 {
        let none = Finding::new(RULE, title, Verdict::NotApplicable).severity(Severity::Info);
        return none.because(words::does_not_apply(language));
    }
    let share = earned as f32 / possible as f32;
    let verdict = match share >= settings.pass_mark && !is_breached {
        true => Verdict::Passed,
        false => Verdict::Failed,
    };
    Finding::new(RULE, title, verdict)
        .severity(Severity::Info)
        .score(share)
        .because(words::points(earned, possible, language))
}
