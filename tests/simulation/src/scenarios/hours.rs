//! Whether a queue is open is told to its policy, and to whoever asks why a contact waits.

use hotline_switchboard::{Drained, Switchboard};
use hotline_vocabulary::configuration::{Calendar, Configuration, DayHours, Hours, Queue, Weekday};
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::{ContactId, Id, QueueId, TenantId};
use hotline_vocabulary::input::Task;
use hotline_vocabulary::{Effect, Input, Question, Timestamp};

/// Thursday, 1 January 1970, 09:00 and 18:00 UTC.
const OPENS: Timestamp = Timestamp(9 * 3_600_000);
const CLOSES: Timestamp = Timestamp(18 * 3_600_000);

fn task(number: u128) -> Task {
    Task {
        contact: ContactId::from_bits(number),
        customer: "ticket".into(),
        queue: QueueId::from_bits(1),
        priority: 0,
        skills: hotline_vocabulary::skills::SkillExpression::Anyone,
        attributes: Vec::new(),
        parent: None,
    }
}

/// What the policy that ranks a contact is told.
fn told_open(drained: &Drained) -> Option<bool> {
    drained.effects.iter().find_map(|effect| match effect {
        Effect::Ask {
            ask: Question::Rank { visit, .. },
            ..
        } => Some(visit.queue.open),
        _ => None,
    })
}

#[test]
fn policies_and_whoever_asks_why_are_told_whether_the_queue_is_open() {
    let mut queue = Queue::named(QueueId::from_bits(1), "support");
    queue.rules.hours = Some("office".to_owned());
    let office = Calendar {
        name: "office".to_owned(),
        time_zone: "UTC".to_owned(),
        weekly: vec![DayHours {
            days: vec![Weekday::Thu],
            hours: vec![Hours {
                from: "09:00".parse().expect("a time of day"),
                to: "18:00".parse().expect("a time of day"),
            }],
        }],
        exceptions: Vec::new(),
    };
    let mut switchboard = Switchboard::new(TenantId::from_bits(1), Epoch(1), 1);
    let house = Configuration {
        calendars: vec![office],
        queues: vec![queue],
        ..Configuration::default()
    };
    switchboard.handle(OPENS, Input::Configured(house));
    let why = |switchboard: &Switchboard, number, now| {
        let why = switchboard.why_waiting(ContactId::from_bits(number), now);
        why.expect("it waits").queue_open
    };

    switchboard.handle(OPENS, Input::TaskCreated(task(1)));
    assert_eq!(told_open(&switchboard.drain()), Some(true));
    assert!(why(&switchboard, 1, OPENS));

    // Whoever waits when it closes stays, and a program may still leave work for the morning.
    switchboard.handle(CLOSES, Input::Tick);
    assert!(!why(&switchboard, 1, CLOSES));
    switchboard.handle(CLOSES, Input::TaskCreated(task(2)));
    assert_eq!(told_open(&switchboard.drain()), Some(false));
    assert!(!why(&switchboard, 2, CLOSES));
}
