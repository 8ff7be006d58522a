//! The language of the stories. First the house, then what happens:
//!
//! ```text
//! calendar office in Europe/Berlin, mon-fri 09:00-18:00, 2026-12-25 closed
//! queue support needs english 4, rings 20s, wraps up 30s, tells every 15s, tells first 2s, holds 10
//! queue support opens office, refuses when invalid paused, loses them when invalid, waits 60s,
//!   when full to sales | when closed hang up | when empty tell flow | when over call back,
//!   keeps places 60s
//! queue sales widens after 30s to english 2, widens after 60s to anyone
//! queue vip wants the last agent within 600s for 20s
//! agent ana serves support with english 5       (signed in, browser up, ready)
//! agent cho serves sales, support level 2 after 30s
//! agent ben serves support, away
//! capacity of ana: 1 voice, 3 task under voice  (a call may come on top of tasks)
//! default queue support | language zh-CN | at most 2 contacts
//!
//! at 0s call a1 to 100                           (or: call a1 to 100 from 555)
//! flow says answer, play Welcome, collect 1, enqueue support
//! flow says look up tiers within 5s, go on in bot
//! at 1s the lookup finds "gold" | finds nothing | fails: no such table
//! at 2s a1 presses 1
//! routing says ana | keep | keep 5s | overflow sales | flow bot | callback | voicemail | later
//! at 4s routing answers ana                     (to the question that was left for later)
//! at 5s why does a1 wait
//! at 9s ana accepts
//! at 60s a1 hangs up
//! at 60s task t1 for support
//! at 61s ana accepts t1                          (or: rejects, completes, gives back, disposes)
//! at 62s t1 is withdrawn
//! at 63s the wallboard shows support
//! ```
//!
//! An adviser may also be broken: `flow fails`, `routing is silent`.
//!
//! `flow` and `routing` lines answer the next question of their kind that the line before leads to;
//! a question without one is answered with *carry on* and *the longest idle candidate*.

use hotline_vocabulary::Millis;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration::{
    Calendar, Capacity, DayHours, Exception, Hours, Unavailability, Weekday,
};
use hotline_vocabulary::fact::QueueRefusal;
use hotline_vocabulary::flow::Finding;

#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    Calendar(Calendar),
    Queue {
        name: String,
        traits: Vec<Trait>,
    },
    Agent {
        name: String,
        queues: Vec<Serves>,
        skills: Vec<(String, u8)>,
        away: bool,
    },
    Capacity(String, Vec<Capacity>),
    DefaultQueue(Option<String>),
    Language(String),
    AtMost(u32),
    At(Millis, Deed),
    Flow(FlowSays),
    Routing(RoutingSays),
}

/// `support level 2 after 30s`.
#[derive(Debug, Clone, PartialEq)]
pub struct Serves {
    pub queue: String,
    pub level: u8,
    pub after: Millis,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Trait {
    /// After a wait, to those with a skill at a level, or to anyone.
    Widens(Millis, Option<(String, u8)>),
    WantsLastAgent {
        within: Millis,
        wait: Millis,
    },
    Needs(String, u8),
    Rings(Millis),
    WrapsUp(Millis),
    Tells(Millis),
    TellsFirst(Millis),
    Holds(u32),
    Opens(String),
    RefusesWhen(Vec<Unavailability>),
    LosesThemWhen(Vec<Unavailability>),
    Waits(Millis),
    When(QueueRefusal, Instead),
    KeepsPlaces(Millis),
    CallsBack(u32, Millis),
}

/// An [`Otherwise`](hotline_vocabulary::configuration::Otherwise) with the name of its queue.
#[derive(Debug, Clone, PartialEq)]
pub enum Instead {
    TellFlow,
    Queue(String),
    Callback,
    Voicemail,
    HangUp,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    Call {
        contact: String,
        number: String,
        caller: String,
    },
    Task {
        contact: String,
        queue: String,
    },
    /// A task that its creator takes back.
    Withdraw(String),
    Contact(String, ContactDeed),
    Agent(String, AgentDeed),
    /// Queues and agents as written so far apply from here on.
    Reconfigure,
    /// A supervisor asks why this customer still waits.
    Why(String),
    /// To the question that was left for later.
    RoutingAnswers(RoutingSays),
    RemoveQueue(String),
    Wallboard(String),
    Stop,
    /// What was looked up first is answered.
    LookupAnswers(Finding),
    /// Whom we called last, about a callback.
    CustomerAnswers,
    CustomerBusy,
    Nothing,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ContactDeed {
    HangsUp,
    Presses(String),
    /// The playback that runs is over.
    HearsItAll,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AgentDeed {
    SignsIn,
    SignsOut,
    Ready,
    Pauses(String),
    Accepts,
    Rejects,
    HangsUp,
    Disposes(String),
    /// Of several contacts, the one of this name.
    AcceptsOne(String),
    RejectsOne(String),
    Completes(String),
    GivesBack(String),
    DisposesOf(String, String),
    UsesDeskPhone,
    BrowserUp,
    BrowserDown,
    DeskPhoneUp,
    DeskPhoneDown,
    PicksUp,
    DeskPhoneBusy,
    DeskPhoneHangsUp,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FlowSays {
    Actions(Vec<Says>),
    Fails,
    Silent,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    Answer,
    Reject(u16),
    Play(String),
    Collect {
        keys: u32,
        secretly: bool,
    },
    Set(String, String),
    Timer(String, Millis),
    Enqueue(String, i32),
    EnqueuePreferring {
        queue: String,
        agent: String,
        wait: Millis,
    },
    Dequeue,
    Voicemail,
    Callback(Option<String>),
    /// The caller's row of a table.
    LookUp {
        table: String,
        within: Millis,
    },
    Transfer(String),
    HangUp,
}

#[derive(Debug, Clone, PartialEq)]
pub enum RoutingSays {
    Offer(String),
    /// Without or with a time to look again.
    Keep(Option<Millis>),
    Overflow(String),
    Flow(String),
    Callback,
    Voicemail,
    /// Not yet: see [`Deed::RoutingAnswers`].
    Later,
    Fails,
    Silent,
}

/// # Panics
/// With the line that does not parse: a story is part of a test.
pub fn parse(script: &str) -> Vec<Line> {
    script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|text| line(text).unwrap_or_else(|| panic!("do not understand: {text}")))
        .collect()
}

fn line(text: &str) -> Option<Line> {
    let (word, rest) = text.split_once(' ')?;
    match word {
        "queue" => {
            let (name, traits) = rest.split_once(' ').unwrap_or((rest, ""));
            Some(Line::Queue {
                name: name.to_owned(),
                traits: list(traits).map(of_queue).collect::<Option<_>>()?,
            })
        }
        "calendar" => Some(Line::Calendar(calendar(rest)?)),
        "agent" => agent(rest),
        "capacity" => {
            let (name, media) = rest.strip_prefix("of ")?.split_once(": ")?;
            let media = list(media).map(capacity).collect::<Option<_>>()?;
            Some(Line::Capacity(name.to_owned(), media))
        }
        "default" => Some(Line::DefaultQueue(match rest.strip_prefix("queue ")? {
            "none" => None,
            name => Some(name.to_owned()),
        })),
        "language" => Some(Line::Language(rest.to_owned())),
        "at" => match rest.strip_prefix("most ") {
            Some(most) => Some(Line::AtMost(most.strip_suffix(" contacts")?.parse().ok()?)),
            None => {
                let (time, deed) = rest.split_once(' ')?;
                Some(Line::At(span(time)?, self::deed(deed)?))
            }
        },
        "flow" => Some(Line::Flow(match rest {
            "fails" => FlowSays::Fails,
            "is silent" => FlowSays::Silent,
            _ => FlowSays::Actions(
                list(rest.strip_prefix("says ")?)
                    .map(action)
                    .collect::<Option<_>>()?,
            ),
        })),
        "routing" => Some(Line::Routing(match rest {
            "fails" => RoutingSays::Fails,
            "is silent" => RoutingSays::Silent,
            _ => decision(&words(rest.strip_prefix("says ")?))?,
        })),
        _ => None,
    }
}

fn decision(words: &[&str]) -> Option<RoutingSays> {
    Some(match words {
        ["keep"] => RoutingSays::Keep(None),
        ["keep", time] => RoutingSays::Keep(Some(span(time)?)),
        ["flow", name] => RoutingSays::Flow((*name).to_owned()),
        ["callback"] => RoutingSays::Callback,
        ["voicemail"] => RoutingSays::Voicemail,
        ["later"] => RoutingSays::Later,
        ["overflow", queue] => RoutingSays::Overflow((*queue).to_owned()),
        [agent] => RoutingSays::Offer((*agent).to_owned()),
        _ => return None,
    })
}

fn of_queue(text: &str) -> Option<Trait> {
    Some(match words(text).as_slice() {
        ["needs", skill, level] => Trait::Needs((*skill).to_owned(), level.parse().ok()?),
        ["rings", time] => Trait::Rings(span(time)?),
        ["wraps", "up", time] => Trait::WrapsUp(span(time)?),
        ["tells", "every", time] => Trait::Tells(span(time)?),
        ["tells", "first", time] => Trait::TellsFirst(span(time)?),
        ["opens", calendar] => Trait::Opens((*calendar).to_owned()),
        ["refuses", "when", all @ ..] => Trait::RefusesWhen(unavailabilities(all)?),
        ["loses", "them", "when", all @ ..] => Trait::LosesThemWhen(unavailabilities(all)?),
        ["waits", time] => Trait::Waits(span(time)?),
        ["when", why, instead @ ..] => Trait::When(refusal(why)?, self::instead(instead)?),
        ["keeps", "places", time] => Trait::KeepsPlaces(span(time)?),
        ["calls", "back", times, "times", "every", time] => {
            Trait::CallsBack(times.parse().ok()?, span(time)?)
        }
        ["widens", "after", time, "to", "anyone"] => Trait::Widens(span(time)?, None),
        ["widens", "after", time, "to", skill, level] => {
            let skill = ((*skill).to_owned(), level.parse().ok()?);
            Trait::Widens(span(time)?, Some(skill))
        }
        [
            "wants",
            "the",
            "last",
            "agent",
            "within",
            within,
            "for",
            wait,
        ] => Trait::WantsLastAgent {
            within: span(within)?,
            wait: span(wait)?,
        },
        ["holds", most] => Trait::Holds(most.parse().ok()?),
        _ => return None,
    })
}

fn refusal(word: &str) -> Option<QueueRefusal> {
    Some(match word {
        "full" => QueueRefusal::Full,
        "closed" => QueueRefusal::Closed,
        "empty" => QueueRefusal::Empty,
        "over" => QueueRefusal::TimedOut,
        _ => return None,
    })
}

fn instead(words: &[&str]) -> Option<Instead> {
    Some(match words {
        ["tell", "flow"] => Instead::TellFlow,
        ["to", queue] => Instead::Queue((*queue).to_owned()),
        ["call", "back"] => Instead::Callback,
        ["take", "message"] => Instead::Voicemail,
        ["hang", "up"] => Instead::HangUp,
        _ => return None,
    })
}

/// Asterisk's words.
fn unavailabilities(words: &[&str]) -> Option<Vec<Unavailability>> {
    let word = |word: &&str| {
        Some(match *word {
            "paused" => Unavailability::Paused,
            "penalty" => Unavailability::Penalty,
            "inuse" => Unavailability::InUse,
            "ringing" => Unavailability::Ringing,
            "unavailable" => Unavailability::Unavailable,
            "invalid" => Unavailability::Invalid,
            "unknown" => Unavailability::Unknown,
            "wrapup" => Unavailability::WrapUp,
            _ => return None,
        })
    };
    words.iter().map(word).collect()
}

/// `office in Europe/Berlin, mon-fri 09:00-12:00 13:00-18:00, sat 10:00-14:00, 2026-12-25 closed`
fn calendar(text: &str) -> Option<Calendar> {
    const DAYS: [(&str, Weekday); 7] = [
        ("mon", Weekday::Mon),
        ("tue", Weekday::Tue),
        ("wed", Weekday::Wed),
        ("thu", Weekday::Thu),
        ("fri", Weekday::Fri),
        ("sat", Weekday::Sat),
        ("sun", Weekday::Sun),
    ];
    let place = |day: &str| DAYS.iter().position(|(name, _)| *name == day);
    let mut parts = list(text);
    let (name, time_zone) = parts.next()?.split_once(" in ")?;
    let mut calendar = Calendar {
        name: name.to_owned(),
        time_zone: time_zone.to_owned(),
        weekly: Vec::new(),
        exceptions: Vec::new(),
    };
    for part in parts {
        let (when, open) = part.split_once(' ')?;
        let hours = open
            .split_whitespace()
            .filter(|span| *span != "closed")
            .map(|span| {
                let (from, to) = span.split_once('-')?;
                Some(Hours {
                    from: from.parse().ok()?,
                    to: to.parse().ok()?,
                })
            })
            .collect::<Option<_>>()?;
        let (first, last) = when.split_once('-').unwrap_or((when, when));
        match (place(first), place(last)) {
            (Some(first), Some(last)) => calendar.weekly.push(DayHours {
                days: DAYS[first..=last].iter().map(|(_, day)| *day).collect(),
                hours,
            }),
            _ => calendar.exceptions.push(Exception {
                date: when.parse().ok()?,
                name: "an exception".to_owned(),
                hours,
            }),
        }
    }
    Some(calendar)
}

fn agent(text: &str) -> Option<Line> {
    let (text, away) = match text.strip_suffix(", away") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (name, rest) = text.split_once(" serves ")?;
    let (queues, skills) = rest.split_once(" with ").unwrap_or((rest, ""));
    let skills = list(skills).map(|skill| {
        let (name, level) = skill.split_once(' ')?;
        Some((name.to_owned(), level.parse().ok()?))
    });
    Some(Line::Agent {
        name: name.to_owned(),
        queues: list(queues).map(serves).collect::<Option<_>>()?,
        skills: skills.collect::<Option<_>>()?,
        away,
    })
}

/// `3 task under voice`.
fn capacity(text: &str) -> Option<Capacity> {
    let medium = |name: &str| Medium::ALL.into_iter().find(|one| word(*one) == name);
    let (at_once, named, over) = match words(text).as_slice() {
        [at_once, named] => (*at_once, *named, None),
        [at_once, named, "under", over] => (*at_once, *named, Some(medium(over)?)),
        _ => return None,
    };
    Some(Capacity {
        medium: medium(named)?,
        at_once: at_once.parse().ok()?,
        interrupted_by: over.into_iter().collect(),
    })
}

const fn word(medium: Medium) -> &'static str {
    match medium {
        Medium::Voice => "voice",
        Medium::Chat => "chat",
        Medium::Email => "email",
        Medium::Task => "task",
    }
}

fn serves(text: &str) -> Option<Serves> {
    let (queue, level, after) = match words(text).as_slice() {
        [queue] => (*queue, 1, Millis::ZERO),
        [queue, "level", level] => (*queue, level.parse().ok()?, Millis::ZERO),
        [queue, "after", time] => (*queue, 1, span(time)?),
        [queue, "level", level, "after", time] => (*queue, level.parse().ok()?, span(time)?),
        _ => return None,
    };
    Some(Serves {
        queue: queue.to_owned(),
        level,
        after,
    })
}

fn deed(text: &str) -> Option<Deed> {
    let contact = |name: &str, deed| Some(Deed::Contact(name.to_owned(), deed));
    let agent = |name: &str, deed| Some(Deed::Agent(name.to_owned(), deed));
    match words(text).as_slice() {
        ["call", contact, "to", number] => Some(Deed::Call {
            contact: (*contact).to_owned(),
            number: (*number).to_owned(),
            caller: "+4930123".to_owned(),
        }),
        ["call", contact, "to", number, "from", caller] => Some(Deed::Call {
            contact: (*contact).to_owned(),
            number: (*number).to_owned(),
            caller: (*caller).to_owned(),
        }),
        ["the", "wallboard", "shows", queue] => Some(Deed::Wallboard((*queue).to_owned())),
        ["task", contact, "for", queue] => Some(Deed::Task {
            contact: (*contact).to_owned(),
            queue: (*queue).to_owned(),
        }),
        [contact, "is", "withdrawn"] => Some(Deed::Withdraw((*contact).to_owned())),
        ["the", "set-up", "changes"] => Some(Deed::Reconfigure),
        ["why", "does", who, "wait"] => Some(Deed::Why((*who).to_owned())),
        ["routing", "answers", rest @ ..] => Some(Deed::RoutingAnswers(decision(rest)?)),
        ["queue", name, "is", "removed"] => Some(Deed::RemoveQueue((*name).to_owned())),
        ["the", "lookup", "finds", "nothing"] => Some(Deed::LookupAnswers(Finding::Nothing)),
        ["the", "lookup", "finds", value] => {
            Some(Deed::LookupAnswers(Finding::Found((*value).to_owned())))
        }
        ["the", "lookup", "fails:", why @ ..] => {
            Some(Deed::LookupAnswers(Finding::Failed(why.join(" "))))
        }
        ["the", "customer", "answers"] => Some(Deed::CustomerAnswers),
        ["the", "customer", "is", "busy"] => Some(Deed::CustomerBusy),
        ["the", "host", "stops"] => Some(Deed::Stop),
        ["nothing", "happens"] => Some(Deed::Nothing),
        [who, "presses", keys] => contact(who, ContactDeed::Presses((*keys).to_owned())),
        [who, "hears", "it", "all"] => contact(who, ContactDeed::HearsItAll),
        // Customers are a1, b2, ...; agents have names.
        [who, "hangs", "up"] if who.ends_with(|last: char| last.is_ascii_digit()) => {
            contact(who, ContactDeed::HangsUp)
        }
        [who, "hangs", "up"] => agent(who, AgentDeed::HangsUp),
        [who, "signs", "in"] => agent(who, AgentDeed::SignsIn),
        [who, "signs", "out"] => agent(who, AgentDeed::SignsOut),
        [who, "is", "ready"] => agent(who, AgentDeed::Ready),
        [who, "pauses", "for", reason] => agent(who, AgentDeed::Pauses((*reason).to_owned())),
        [who, "accepts"] => agent(who, AgentDeed::Accepts),
        [who, "accepts", one] => agent(who, AgentDeed::AcceptsOne((*one).to_owned())),
        [who, "rejects", one] => agent(who, AgentDeed::RejectsOne((*one).to_owned())),
        [who, "completes", one] => agent(who, AgentDeed::Completes((*one).to_owned())),
        [who, "gives", "back", one] => agent(who, AgentDeed::GivesBack((*one).to_owned())),
        [who, "disposes", how, "of", one] => {
            let (how, one) = ((*how).to_owned(), (*one).to_owned());
            agent(who, AgentDeed::DisposesOf(how, one))
        }
        [who, "rejects"] => agent(who, AgentDeed::Rejects),
        [who, "disposes", how] => agent(who, AgentDeed::Disposes((*how).to_owned())),
        [who, "uses", "the", "desk", "phone"] => agent(who, AgentDeed::UsesDeskPhone),
        [who, "gets", "a", "browser"] => agent(who, AgentDeed::BrowserUp),
        [who, "loses", "the", "browser"] => agent(who, AgentDeed::BrowserDown),
        [who, "gets", "a", "desk", "phone"] => agent(who, AgentDeed::DeskPhoneUp),
        [who, "loses", "the", "desk", "phone"] => agent(who, AgentDeed::DeskPhoneDown),
        [who, "picks", "up"] => agent(who, AgentDeed::PicksUp),
        [who, "is", "busy"] => agent(who, AgentDeed::DeskPhoneBusy),
        [who, "puts", "down"] => agent(who, AgentDeed::DeskPhoneHangsUp),
        _ => None,
    }
}

fn action(text: &str) -> Option<Says> {
    Some(match words(text).as_slice() {
        ["answer"] => Says::Answer,
        ["reject", status] => Says::Reject(status.parse().ok()?),
        ["play", rest @ ..] => Says::Play(rest.join(" ")),
        ["collect", keys] => Says::Collect {
            keys: keys.parse().ok()?,
            secretly: false,
        },
        ["secretly", "collect", keys] => Says::Collect {
            keys: keys.parse().ok()?,
            secretly: true,
        },
        ["set", name, value] => Says::Set((*name).to_owned(), (*value).to_owned()),
        ["timer", name, time] => Says::Timer((*name).to_owned(), span(time)?),
        ["enqueue", queue] => Says::Enqueue((*queue).to_owned(), 0),
        ["enqueue", queue, "with", "priority", priority] => {
            Says::Enqueue((*queue).to_owned(), priority.parse().ok()?)
        }
        ["enqueue", queue, "preferring", agent, "for", time] => Says::EnqueuePreferring {
            queue: (*queue).to_owned(),
            agent: (*agent).to_owned(),
            wait: span(time)?,
        },
        ["dequeue"] => Says::Dequeue,
        ["voicemail"] => Says::Voicemail,
        ["callback"] => Says::Callback(None),
        ["callback", "to", number] => Says::Callback(Some((*number).to_owned())),
        ["look", "up", table, "within", time] => Says::LookUp {
            table: (*table).to_owned(),
            within: span(time)?,
        },
        ["go", "on", "in", flow] => Says::Transfer((*flow).to_owned()),
        ["hang", "up"] => Says::HangUp,
        _ => return None,
    })
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// `2s` or `1500ms`.
fn span(text: &str) -> Option<Millis> {
    match text.strip_suffix("ms") {
        Some(millis) => Some(Millis(millis.parse().ok()?)),
        None => Some(Millis::from_secs(text.strip_suffix('s')?.parse().ok()?)),
    }
}
