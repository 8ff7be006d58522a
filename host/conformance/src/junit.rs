//! A report as JUnit XML, in the dialect that build servers read.

use crate::report::{Check, Report, Suite};
use std::fmt::Write as _;

/// `plugin` is the name of the outermost suite.
pub fn junit(plugin: &str, report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, failures) = count(&report.checks.iter().collect::<Vec<_>>());
    // Writing to a String does not fail.
    let _ = writeln!(
        xml,
        "<testsuites name=\"{}\" tests=\"{tests}\" failures=\"{failures}\">",
        escaped(plugin)
    );
    for (suite, name) in [(Suite::Fixtures, "fixtures"), (Suite::Laws, "laws")] {
        let checks: Vec<&Check> = report.checks.iter().filter(|c| c.suite == suite).collect();
        let (tests, failures) = count(&checks);
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">"
        );
        for check in checks {
            let _ = write!(
                xml,
                "    <testcase classname=\"{}.{name}\" name=\"{}\" time=\"{:.3}\"",
                escaped(plugin),
                escaped(&check.name),
                check.took.as_secs_f64()
            );
            let _ = match &check.failure {
                None => writeln!(xml, "/>"),
                Some(failure) => writeln!(
                    xml,
                    "><failure message=\"{}\">seed {}</failure></testcase>",
                    escaped(&failure.problem),
                    report.seed
                ),
            };
        }
        let _ = writeln!(xml, "  </testsuite>");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn count(checks: &[&Check]) -> (usize, usize) {
    let failures = checks.iter().filter(|check| check.failure.is_some());
    (checks.len(), failures.count())
}

/// For an attribute or a text; characters that XML 1.0 has not are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            c if c.is_control() || c == '\u{FFFE}' || c == '\u{FFFF}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Failure;
    use std::time::Duration;

    #[test]
    fn a_failure_is_told_with_what_xml_would_misread_escaped() {
        let check = |name: &str, failure: Option<&str>| Check {
            suite: Suite::Laws,
            name: name.to_owned(),
            says: String::new(),
            cases: 1,
            took: Duration::from_millis(1_500),
            failure: failure.map(|problem| Failure {
                problem: problem.to_owned(),
                smallest: None,
            }),
        };
        let report = Report {
            seed: 7,
            checks: vec![
                check("sound", None),
                check("restart", Some("a<b & \"c\"\u{1}")),
            ],
            budget: Vec::new(),
        };
        let xml = junit("x", &report);
        assert!(
            xml.contains("<testsuites name=\"x\" tests=\"2\" failures=\"1\">"),
            "{xml}"
        );
        assert!(xml.contains("name=\"sound\" time=\"1.500\"/>"), "{xml}");
        assert!(
            xml.contains("<failure message=\"a&lt;b &amp; &quot;c&quot;\">seed 7</failure>"),
            "{xml}"
        );
    }
}
