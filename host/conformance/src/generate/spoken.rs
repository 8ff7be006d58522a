//! What was said: whole transcripts, and conversations heard as they go on.

use super::Size;
use crate::conversation::{Conversation, Heard};
use crate::ordinary::{MONDAY_TEN_O_CLOCK, interaction, subject, turn};
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::qa::{self, Speaker, Transcript, Turn};
use hotline_vocabulary::question::Question;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// What people and recognisers say; nothing, and what is no word in any language, among it.
fn words(size: Size) -> BoxedStrategy<String> {
    let phrases = prop::sample::select(vec![
        "Good morning, Li speaking.",
        "您好，请问有什么可以帮您？",
        "I promise that it arrives tomorrow.",
        "我保证明天送到。",
        "That is none of my business!",
        "投资有风险，请谨慎。",
        "Goodbye, have a nice day.",
        "再见。",
        "hm",
        "My number is 4111 1111 1111 1111.",
    ]);
    let usual = prop_oneof![
        8 => phrases.prop_map(str::to_owned),
        2 => "[a-z]{1,12}( [a-z]{1,12}){0,20}",
        1 => Just(String::new()),
        1 => r"\PC{0,40}",
    ];
    match size {
        Size::Usual => usual.boxed(),
        Size::TenTimes => usual
            .prop_map(|said| said.chars().cycle().take(600).collect())
            .boxed(),
    }
}

/// Contacts in which nobody, not everybody, or somebody for very long speaks.
fn corner_turns() -> Vec<Vec<Turn>> {
    let agent = || Speaker::Agent("Li".to_owned());
    let monologue = "Let me tell you a long story. ".repeat(200);
    vec![
        Vec::new(),
        vec![turn(0, Speaker::Customer, "Hello?".to_owned())],
        vec![turn(0, agent(), String::new())],
        vec![turn(0, agent(), "好".repeat(2_000))],
        vec![
            turn(0, Speaker::System, "Welcome.".to_owned()),
            turn(1, agent(), format!("Good morning. {monologue}Goodbye.")),
        ],
    ]
}

pub(super) fn corner_questions() -> Vec<Question> {
    let corners = corner_turns().into_iter();
    corners
        .map(|turns| judged(subject(turns.len()), turns))
        .collect()
}

/// The last begins in the middle, and misses something.
pub(super) fn corner_conversations() -> Vec<Conversation> {
    let heard = |turns: Vec<Turn>, first: u32, step: usize| Conversation {
        heard: (first..)
            .step_by(step)
            .zip(turns)
            .map(|(place, said)| Heard { place, said })
            .collect(),
        interaction: None,
    };
    let mut all: Vec<Conversation> = corner_turns()
        .into_iter()
        .map(|turns| heard(turns, 0, 1))
        .collect();
    all.extend(corner_turns().pop().map(|turns| heard(turns, 3, 2)));
    all
}

fn speaker() -> impl Strategy<Value = Speaker> {
    prop_oneof![
        4 => Just(Speaker::Agent("Li".to_owned())),
        4 => Just(Speaker::Customer),
        1 => Just(Speaker::System),
        1 => Just(Speaker::Agent("王芳".to_owned())),
    ]
}

fn turns(size: Size) -> impl Strategy<Value = Vec<Turn>> {
    let count = match size {
        Size::Usual => 0..40,
        Size::TenTimes => 400..401,
    };
    let language = option::of(prop::sample::select(vec!["en", "zh-CN", "x-unknown"]));
    let said = (speaker(), words(size), language, option::of(0.0f32..=1.0));
    vec(said, count).prop_map(|said| {
        let turns = said.into_iter().enumerate();
        turns
            .map(|(place, (speaker, text, language, confidence))| Turn {
                language: language.map(str::to_owned),
                confidence,
                ..turn(place, speaker, text)
            })
            .collect()
    })
}

/// In a language of the house, in another one, or in nobody knows which.
fn contact() -> impl Strategy<Value = Interaction> {
    let languages = vec![Some("en"), Some("zh-CN"), Some("tlh"), None];
    prop::sample::select(languages).prop_map(|language| Interaction {
        language: language.map(str::to_owned),
        ..interaction(1)
    })
}

pub(super) fn question(size: Size) -> impl Strategy<Value = Question> {
    let served = prop::bool::weighted(0.8);
    (turns(size), contact(), served).prop_map(|(turns, interaction, served)| {
        let mut subject = qa::Subject {
            interaction,
            ..subject(turns.len())
        };
        if !served {
            subject.queue = None;
            subject.agents.clear();
        }
        judged(subject, turns)
    })
}

fn judged(subject: qa::Subject, turns: Vec<Turn>) -> Question {
    Question::Qa {
        rule: "rule".to_owned(),
        contact: ContactId::from_bits(1),
        at: MONDAY_TEN_O_CLOCK + subject.duration_ms,
        ask: qa::Question::Evaluate {
            subject,
            transcript: Transcript { turns },
        },
    }
}

/// Now and then an utterance is missing.
pub(super) fn conversation(size: Size) -> impl Strategy<Value = Conversation> {
    let gaps = vec(prop_oneof![9 => Just(0u32), 1 => 1u32..4], 401);
    (turns(size), gaps, contact()).prop_map(|(turns, gaps, contact)| {
        let mut place = 0;
        let heard = turns.into_iter().zip(gaps).map(|(said, gap)| {
            let heard = Heard {
                place: place + gap,
                said,
            };
            place = heard.place + 1;
            heard
        });
        Conversation {
            heard: heard.collect(),
            interaction: Some(contact),
        }
    })
}
