//! Recorded contacts as CSV, a row each, without personal data. The columns are described in
//! `docs/simulator.md`.

use crate::mistake::Mistake;
use crate::recording::Recording;
use crate::repertoire::{MOST_CONTACTS, Outcome, Recorded};
use hotline_vocabulary::configuration::SkillExpression;
use hotline_vocabulary::{Channel, Millis, Timestamp};
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::str::FromStr;

/// One line of a trace, in the order of its columns.
#[derive(Debug, Serialize)]
struct Row<'a> {
    arrived_ms: i64,
    customer: u64,
    queue: &'a str,
    channel: Channel,
    priority: i32,
    skills: &'a SkillExpression,
    /// A JSON object of texts.
    attributes: String,
    outcome: Outcome,
    waited_ms: u64,
    talk_ms: Option<u64>,
    wrap_up_ms: Option<u64>,
}

/// In the order in which they are written; read in any.
const COLUMNS: [&str; 11] = [
    "arrived_ms",
    "customer",
    "queue",
    "channel",
    "priority",
    "skills",
    "attributes",
    "outcome",
    "waited_ms",
    "talk_ms",
    "wrap_up_ms",
];

/// Writes a trace. Attributes may say who a customer is: only the `attributes` named are written.
///
/// # Errors
/// The output can not be written.
pub fn write(
    recording: &Recording,
    attributes: &[String],
    output: impl Write,
) -> Result<(), csv::Error> {
    // The header stands in an empty trace too.
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(output);
    writer.write_record(COLUMNS)?;
    for contact in &recording.contacts {
        let named: BTreeMap<&str, &str> = contact
            .attributes
            .iter()
            .filter(|(name, _)| attributes.contains(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        writer.serialize(Row {
            arrived_ms: contact.arrived.0,
            customer: contact.customer,
            queue: &contact.queue,
            channel: contact.channel,
            priority: contact.priority,
            skills: &contact.skills,
            attributes: serde_json::to_string(&named).unwrap_or_default(),
            outcome: contact.outcome,
            waited_ms: contact.waited.0,
            talk_ms: contact.talked.map(|time| time.0),
            wrap_up_ms: contact.wrapped.map(|time| time.0),
        })?;
    }
    writer.flush()?;
    Ok(())
}

/// Reads a trace, in order of arrival; `file` is what mistakes are blamed on.
///
/// # Errors
/// The first [`Mistake`] in it, with its line and column's name.
pub fn read(file: &str, input: impl Read) -> Result<Vec<Recorded>, Mistake> {
    let mut reader = csv::Reader::from_reader(input);
    let headers = reader
        .headers()
        .map_err(|error| unreadable(file, &error))?
        .clone();
    let header = Header::of(&headers).map_err(|(field, problem)| Mistake {
        file: file.to_owned(),
        line: Some(1),
        field,
        problem,
    })?;
    let mut contacts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(file, &error))?;
        let line = record.position().map(|position| position.line() as usize);
        let mistake = |(column, problem): (&str, String)| Mistake {
            file: file.to_owned(),
            line,
            field: column.to_owned(),
            problem,
        };
        if contacts.len() == MOST_CONTACTS {
            let problem = format!("more than {MOST_CONTACTS} contacts; cut the trace into days");
            return Err(mistake(("", problem)));
        }
        contacts.push(header.contact(&record).map_err(mistake)?);
    }
    contacts.sort_by_key(|contact: &Recorded| contact.arrived);
    Ok(contacts)
}

fn unreadable(file: &str, error: &csv::Error) -> Mistake {
    Mistake {
        file: file.to_owned(),
        line: error.position().map(|position| position.line() as usize),
        field: String::new(),
        problem: match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!("{len} columns where the header has {expected_len}"),
            _ => error.to_string(),
        },
    }
}

/// Where each of [`COLUMNS`] is.
struct Header([usize; COLUMNS.len()]);

/// A column, and what is wrong with it.
type Wrong = (&'static str, String);

impl Header {
    fn of(headers: &csv::StringRecord) -> Result<Header, (String, String)> {
        let stranger = headers.iter().find(|name| !COLUMNS.contains(name));
        if let Some(stranger) = stranger {
            let problem = format!("no such column; a trace has {}", COLUMNS.join(","));
            return Err((stranger.to_owned(), problem));
        }
        let mut places = [0; COLUMNS.len()];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            let found = headers.iter().position(|header| header == name);
            let problem = || "the column is missing; add it to the header and to each line";
            *place = found.ok_or_else(|| (name.to_owned(), problem().to_owned()))?;
        }
        Ok(Header(places))
    }

    fn contact(&self, record: &csv::StringRecord) -> Result<Recorded, Wrong> {
        let text = |name: &'static str| {
            let place = COLUMNS.iter().position(|column| *column == name);
            let place = place.and_then(|place| self.0.get(place));
            (
                name,
                place
                    .and_then(|place| record.get(*place))
                    .unwrap_or_default(),
            )
        };
        let time = |column| match text(column) {
            (_, "") => Ok(None),
            some => number(some).map(|time| Some(Millis(time))),
        };
        Ok(Recorded {
            arrived: Timestamp(number(text("arrived_ms"))?),
            customer: number(text("customer"))?,
            queue: text("queue").1.to_owned(),
            channel: word(text("channel"))?,
            priority: number(text("priority"))?,
            skills: word(text("skills"))?,
            attributes: attributes(text("attributes"))?,
            outcome: word(text("outcome"))?,
            waited: Millis(number(text("waited_ms"))?),
            talked: time("talk_ms")?,
            wrapped: time("wrap_up_ms")?,
        })
    }
}

fn number<T: FromStr>((column, text): (&'static str, &str)) -> Result<T, Wrong> {
    let wrong = |_| (column, format!("{text:?} is not a whole number that fits"));
    text.parse().map_err(wrong)
}

/// Something that is written as one text.
fn word<T: DeserializeOwned>((column, text): (&'static str, &str)) -> Result<T, Wrong> {
    let wrong = |error: serde::de::value::Error| (column, error.to_string());
    T::deserialize(text.into_deserializer()).map_err(wrong)
}

fn attributes((column, text): (&'static str, &str)) -> Result<Vec<(String, String)>, Wrong> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let expected = "expected a JSON object of texts, such as {\"language\":\"en\"}";
    let read = serde_json::from_str::<BTreeMap<String, String>>(text);
    let read = read.map_err(|_| (column, expected.to_owned()))?;
    Ok(read.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contacts() -> impl Strategy<Value = Recorded> {
        let outcome = prop_oneof![
            Just(Outcome::Answered),
            Just(Outcome::Abandoned),
            Just(Outcome::Left)
        ];
        let times = (
            any::<u32>(),
            prop::option::of(any::<u32>()),
            prop::option::of(any::<u32>()),
        );
        let skills = prop_oneof![Just(""), Just("english >= 4 and (cards or \"粤语\" = 2)")];
        (
            (any::<i32>(), any::<u64>(), "[a-z,\" \n]{1,8}", any::<i32>()),
            (skills, "[ -~]{1,6}", "\\PC{0,6}"),
            (outcome, times),
        )
            .prop_map(
                |(who, (skills, name, value), (outcome, (waited, talked, wrapped)))| Recorded {
                    arrived: Timestamp(i64::from(who.0)),
                    customer: who.1,
                    queue: who.2,
                    channel: Channel::Web,
                    priority: who.3,
                    skills: skills.parse().expect("an expression"),
                    attributes: vec![(name, value)],
                    outcome,
                    waited: Millis(u64::from(waited)),
                    talked: talked.map(|time| Millis(u64::from(time))),
                    wrapped: wrapped.map(|time| Millis(u64::from(time))),
                },
            )
    }

    proptest! {
        #[test]
        fn a_trace_survives_its_file(mut contacts in prop::collection::vec(contacts(), 0..20)) {
            contacts.sort_by_key(|contact| contact.arrived);
            let names: Vec<String> = contacts.iter().map(|one| one.attributes[0].0.clone()).collect();
            let recording = Recording { contacts, attendance: Vec::new(), answers: Vec::new() };
            let mut file = Vec::new();
            write(&recording, &names, &mut file).expect("memory does not refuse");
            let read = read("trace.csv", file.as_slice()).expect("what was written");
            prop_assert_eq!(read, recording.contacts);
        }
    }

    const HEADER: &str = "arrived_ms,customer,queue,channel,priority,skills,attributes,outcome,\
                          waited_ms,talk_ms,wrap_up_ms\n";

    #[test]
    fn an_attribute_that_was_not_asked_for_stays_at_home() {
        let line = "1,0,support,phone,0,,\"{\"\"account\"\":\"\"4711\"\",\"\"language\"\":\"\"en\"\"}\",answered,5,6,7\n";
        let contacts = read("t", format!("{HEADER}{line}").as_bytes()).expect("a trace");
        let recording = Recording {
            contacts,
            attendance: Vec::new(),
            answers: Vec::new(),
        };
        let mut file = Vec::new();
        write(&recording, &["language".to_owned()], &mut file).expect("memory does not refuse");
        let text = String::from_utf8(file).expect("text");
        assert!(
            text.contains("language") && !text.contains("4711"),
            "{text}"
        );
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_column() {
        let rows = [
            "1,0,support,phone,0,,,answered,5,6,7\n1,0,support,fax,0,,,answered,5,6,7\n",
            "1,0,support,phone,0,english >=,,answered,5,6,7\n",
            "1,0,support,phone,0,,language,answered,5,6,7\n",
            "soon,0,support,phone,0,,,answered,5,6,7\n",
            "1,0,support,phone,0,,,answered,5,6,-7\n",
            "1,0,support\n",
        ];
        let told: Vec<String> = rows
            .iter()
            .map(
                |row| match read("trace.csv", format!("{HEADER}{row}").as_bytes()) {
                    Ok(read) => format!("{read:?}"),
                    Err(mistake) => mistake.to_string(),
                },
            )
            .collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
