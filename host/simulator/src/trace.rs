//! Recorded contacts as CSV, a row each, without personal data. The columns are described in
//! `docs/simulator.md`.

use crate::recording::{MOST_CONTACTS, Outcome, Recorded, Recording};
use crate::scenario::Mistake;
use hotline_vocabulary::configuration::SkillExpression;
use hotline_vocabulary::{Channel, Millis, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::collections::BTreeMap;
use std::io::{Read, Write};

/// One line of a trace, in the order of its columns.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    arrived_ms: i64,
    customer: u64,
    queue: String,
    channel: Channel,
    priority: i32,
    skills: SkillExpression,
    attributes: Attributes,
    outcome: Outcome,
    waited_ms: u64,
    talk_ms: Option<u64>,
    wrap_up_ms: Option<u64>,
}

/// A JSON object of texts, inside a column.
#[derive(Debug)]
struct Attributes(BTreeMap<String, String>);

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = serde_json::to_string(&self.0).map_err(ser::Error::custom)?;
        serializer.serialize_str(&json)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = String::deserialize(deserializer)?;
        if json.is_empty() {
            return Ok(Attributes(BTreeMap::new()));
        }
        let wrong =
            |_| de::Error::custom("expected a JSON object of texts, such as {\"language\":\"en\"}");
        serde_json::from_str(&json).map(Attributes).map_err(wrong)
    }
}

/// Writes a trace. Attributes may say who a customer is: only the `attributes` named are written.
///
/// # Errors
/// The output can not be written.
pub fn write(
    recording: &Recording,
    attributes: &[String],
    output: impl Write,
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(output);
    for contact in &recording.contacts {
        let named = |(name, _): &&(String, String)| attributes.contains(name);
        writer.serialize(Row {
            arrived_ms: contact.arrived.0,
            customer: contact.customer,
            queue: contact.queue.clone(),
            channel: contact.channel,
            priority: contact.priority,
            skills: contact.skills.clone(),
            attributes: Attributes(contact.attributes.iter().filter(named).cloned().collect()),
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
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return Err(mistake(file, &error, &csv::StringRecord::new())),
    };
    let mut contacts = Vec::new();
    for row in reader.deserialize::<Row>() {
        let row = row.map_err(|error| mistake(file, &error, &headers))?;
        if contacts.len() == MOST_CONTACTS {
            return Err(Mistake {
                file: file.to_owned(),
                line: None,
                field: String::new(),
                problem: format!("holds more than {MOST_CONTACTS} contacts; cut it into days"),
            });
        }
        contacts.push(Recorded {
            arrived: Timestamp(row.arrived_ms),
            customer: row.customer,
            queue: row.queue,
            channel: row.channel,
            priority: row.priority,
            skills: row.skills,
            attributes: row.attributes.0.into_iter().collect(),
            outcome: row.outcome,
            waited: Millis(row.waited_ms),
            talked: row.talk_ms.map(Millis),
            wrapped: row.wrap_up_ms.map(Millis),
        });
    }
    contacts.sort_by_key(|contact| contact.arrived);
    Ok(contacts)
}

fn mistake(file: &str, error: &csv::Error, headers: &csv::StringRecord) -> Mistake {
    let line = error.position().map(|position| position.line() as usize);
    let (field, problem) = match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let column = err.field().and_then(|field| headers.get(field as usize));
            (
                column.unwrap_or_default().to_owned(),
                err.kind().to_string(),
            )
        }
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            let problem = format!("{len} columns where the header has {expected_len}");
            (String::new(), problem)
        }
        _ => (String::new(), error.to_string()),
    };
    Mistake {
        file: file.to_owned(),
        line,
        field,
        problem,
    }
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
