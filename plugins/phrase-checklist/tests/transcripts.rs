//! Conversations in English and Chinese, and what the checklist makes of them.

use hotline_sdk::bench::qa::{judge, listen, said};
use hotline_sdk::bench::with_surroundings;
use hotline_sdk::qa::{Audience, Finding, Severity, Verdict, observe};
use phrase_checklist::Checklist;

fn configured(config: &str) {
    let config = config.to_owned();
    with_surroundings(|around| around.config = config);
}

fn judged(lines: &str) -> Vec<Finding> {
    judge::<Checklist>(&said(lines)).expect("no fault")
}

fn of<'a>(findings: &'a [Finding], rule: &str) -> &'a Finding {
    let found = findings.iter().find(|finding| finding.rule == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {findings:#?}"))
}

/// Rule, verdict and place of each finding.
fn short(findings: &[Finding]) -> Vec<(&str, Verdict, Option<u32>)> {
    let short = |one| -> (&str, Verdict, Option<u32>) {
        let one: &Finding = one;
        (&one.rule, one.verdict.clone(), one.at_turn)
    };
    findings.iter().map(short).collect()
}

#[test]
fn a_good_call_in_english_passes_with_all_points() {
    let findings = judged(
        "system: Your call is recorded.
         agent: Good morning, this is Li.
         customer: I would like to put money into your fund.
         agent: Gladly. Please note that it carries risk, and that the return is not guaranteed.
         customer: Fine.",
    );
    assert_eq!(
        short(&findings),
        [
            ("greeting", Verdict::Passed, Some(1)),
            ("forbidden-words", Verdict::Passed, None),
            ("risk-disclosure", Verdict::Passed, Some(3)),
            ("promise", Verdict::Passed, None),
            ("checklist", Verdict::Passed, None),
        ]
    );
    assert_eq!(of(&findings, "checklist").score, Some(1.0));
    assert_eq!(of(&findings, "checklist").reason, "100 of 100 points.");
    assert_eq!(
        of(&findings, "greeting").evidence,
        "Good morning, this is Li."
    );
}

#[test]
fn a_bad_call_in_english_is_quoted_with_places_and_better_words() {
    let findings = judged(
        "agent: Yes?
         customer: About that fund.
         agent: I guarantee you eight percent a year, it is risk-free.
         customer: And my complaint?
         agent: That is NOT my problem.",
    );
    assert_eq!(
        short(&findings),
        [
            ("greeting", Verdict::Failed, None),
            ("forbidden-words", Verdict::Failed, Some(4)),
            ("risk-disclosure", Verdict::Failed, Some(1)),
            ("promise", Verdict::Failed, Some(2)),
            ("checklist", Verdict::Failed, None),
        ]
    );
    let greeting = of(&findings, "greeting");
    assert_eq!(
        greeting.reason,
        "Not said in the agent's first 2 utterances. \
         Say: “Good morning, this is NAME. How may I help you?”"
    );
    let promise = of(&findings, "promise");
    assert_eq!(promise.severity, Severity::Critical);
    assert_eq!(
        promise.evidence,
        "I guarantee you eight percent a year, it is risk-free."
    );
    assert!(
        promise.reason.contains("“I guarantee”"),
        "{}",
        promise.reason
    );
    assert!(
        of(&findings, "forbidden-words")
            .reason
            .contains("“NOT my problem”")
    );
    assert_eq!(of(&findings, "checklist").score, Some(0.0));
}

#[test]
fn a_good_call_in_chinese_passes_and_is_told_in_chinese() {
    let findings = judged(
        "agent: 您好，工号三零一为您服务。
         customer: 我想了解一下你们的理财产品。
         agent: 好的。提醒您，投资有风险，本产品不保本、不保证收益。
         customer: 明白。",
    );
    let passed = findings.iter().all(|one| one.verdict == Verdict::Passed);
    assert!(passed, "{findings:#?}");
    assert_eq!(of(&findings, "greeting").title, "问候");
    assert_eq!(of(&findings, "checklist").reason, "得分 100，满分 100。");
}

#[test]
fn a_bad_call_in_chinese_is_found_whatever_the_punctuation() {
    let findings = judged(
        "agent: 喂，什么事？
         customer: 这个基金怎么样？
         agent: 放心，我们，保证 每年有收益，没有风险的。
         customer: 那我要投诉。
         agent: 有本事，你去投诉。",
    );
    assert_eq!(
        short(&findings),
        [
            ("greeting", Verdict::Failed, None),
            ("forbidden-words", Verdict::Failed, Some(4)),
            ("risk-disclosure", Verdict::Failed, Some(1)),
            ("promise", Verdict::Failed, Some(2)),
            ("checklist", Verdict::Failed, None),
        ]
    );
    let promise = of(&findings, "promise");
    assert_eq!(promise.title, "违规承诺");
    assert!(
        promise.reason.starts_with("坐席说了“我们，保证”。建议说："),
        "{}",
        promise.reason
    );
    assert_eq!(
        of(&findings, "forbidden-words").evidence,
        "有本事，你去投诉。"
    );
}

#[test]
fn a_denied_promise_is_none_and_a_denied_risk_is_no_disclosure() {
    let findings = judged(
        "agent: Hello.
         customer: Can you promise a return on that investment?
         agent: We cannot guarantee anything.",
    );
    assert_eq!(of(&findings, "promise").verdict, Verdict::Passed);
    let findings = judged("agent: 您好，这个理财没有风险。");
    assert_eq!(of(&findings, "risk-disclosure").verdict, Verdict::Failed);
}

#[test]
fn what_a_contact_does_not_call_for_costs_no_points() {
    let findings = judged("agent: Hello.\ncustomer: What are your hours?");
    let disclosure = of(&findings, "risk-disclosure");
    assert_eq!(disclosure.verdict, Verdict::NotApplicable);
    assert_eq!(disclosure.score, None);
    assert_eq!(of(&findings, "checklist").reason, "70 of 70 points.");
    let findings = judged("customer: Anybody?");
    assert_eq!(of(&findings, "greeting").verdict, Verdict::NotApplicable);
}

#[test]
fn a_critical_breach_fails_the_contact_whatever_its_points() {
    configured(r#"{"pass_mark": 0.1}"#);
    let findings = judged("agent: Hello, I promise it.");
    let whole = of(&findings, "checklist");
    assert_eq!(
        (whole.verdict.clone(), whole.score),
        (Verdict::Failed, Some(40.0 / 70.0))
    );
}

#[test]
fn an_agent_is_told_at_once_what_they_should_not_have_said_and_in_time_what_is_missing() {
    let turns = said(
        "agent: Yes?
         customer: About that fund.
         agent: Sure.
         agent: It yields much.
         agent: I promise!
         agent: I promise, again.
         agent: It carries risk.",
    );
    let hints = listen(observe::<Checklist>, &turns).expect("no fault");
    let told: Vec<_> = hints
        .iter()
        .map(|(at, hint)| (*at, hint.rule.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, "greeting"),
            (4, "risk-disclosure"),
            (4, "promise"),
            (5, "promise")
        ]
    );
    let promise = &hints[2].1;
    assert_eq!(promise.audience, Audience::Everyone);
    assert_eq!(
        promise.text,
        "Promise made: say “I will pass it on, and you will hear from us by DATE.”"
    );
    let turns = said("agent: 喂？\nagent: 请讲。");
    let hints = listen(observe::<Checklist>, &turns).expect("no fault");
    assert!(
        hints[0].1.text.starts_with("问候：请说“您好"),
        "{}",
        hints[0].1.text
    );
}

#[test]
fn a_tenants_own_checks_take_the_place_of_the_shipped() {
    configured(
        r#"{"checks": [{
            "rule": "farewell", "kind": "must_say", "points": 10, "severity": "info",
            "title": {"en": "Farewell"}, "phrases": {"en": ["goodbye"], "zh": ["再见"]}
        }]}"#,
    );
    let findings = judged("agent: Hello.\nagent: 再见！");
    assert_eq!(
        short(&findings),
        [
            ("farewell", Verdict::Passed, Some(1)),
            ("checklist", Verdict::Passed, None)
        ]
    );
    configured(
        r#"{"checks": [{"rule": "x", "kind": "must_say", "points": 1, "title": {}, "phrases": {"en": ["?"]}}]}"#,
    );
    let fault = judge::<Checklist>(&said("agent: Hello.")).expect_err("no word");
    assert_eq!(fault.code, "checklist.config");
    assert!(
        fault.message.contains("`checks[0].phrases.en[0]`"),
        "{}",
        fault.message
    );
}
