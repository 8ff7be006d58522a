use super::*;

/// Opening hours out of lines like `mon-fri 09:00-18:00`, `2026-12-25 closed`.
fn hours(time_zone: &str, lines: &[&str]) -> OpeningHours {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let place = |day: &str| days.iter().position(|name| *name == day).expect("a day");
    let (mut weekly, mut exceptions) = (Vec::new(), Vec::new());
    for line in lines {
        let (when, open) = line.split_once(' ').expect("days, then hours");
        let hours: Vec<_> = open
            .split(' ')
            .filter_map(|span| span.split_once('-'))
            .map(|(from, to)| serde_json::json!({"from": from, "to": to}))
            .collect();
        match when.split_once('-') {
            Some((first, last)) if days.contains(&first) => {
                let days = &days[place(first)..=place(last)];
                weekly.push(serde_json::json!({"days": days, "hours": hours}));
            }
            None => weekly.push(serde_json::json!({"days": [when], "hours": hours})),
            Some(_) => exceptions
                .push(serde_json::json!({"date": when, "name": "an exception", "hours": hours})),
        }
    }
    let calendar = serde_json::json!({
        "name": "office", "time_zone": time_zone, "weekly": weekly, "exceptions": exceptions,
    });
    let calendar: Calendar = serde_json::from_value(calendar).expect("a calendar");
    OpeningHours::of(&calendar).expect("readable")
}

fn instant(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().expect("an instant");
    Timestamp(instant.as_millisecond())
}

/// Each instant with what is to be seen then: `open until ...`, `closed`.
fn holds(time_zone: &str, lines: &[&str], cases: &[(&str, &str)]) {
    let hours = hours(time_zone, lines);
    for (at, expected) in cases {
        let stands = hours.at(instant(at));
        let state = if stands.open { "open" } else { "closed" };
        let seen = match stands.until {
            None => state.to_owned(),
            Some(Timestamp(until)) => {
                let until = jiff::Timestamp::from_millisecond(until).expect("an instant");
                format!("{state} until {until}")
            }
        };
        assert_eq!(seen, *expected, "{time_zone} {lines:?} at {at}");
    }
}

#[test]
fn a_calendar_without_a_time_zone_that_is_known_closes_nothing_and_says_why() {
    let tenant = hotline_vocabulary::ids::Id::from_bits(1);
    let mut desk = Desk::new(tenant, hotline_vocabulary::fact::Epoch(1), 1);
    let mut calendars = Calendars::default();
    let lost = Calendar {
        name: "lost".to_owned(),
        time_zone: "Europe/Atlantis".to_owned(),
        weekly: Vec::new(),
        exceptions: Vec::new(),
    };
    calendars.configure(&[lost], &mut desk);
    let why = "there is no time zone \"Europe/Atlantis\"".to_owned();
    assert_eq!(calendars.stand(Some("lost")), HoursLive::Unknown { why });
    let why = "there is no calendar \"sundays\"".to_owned();
    assert_eq!(calendars.stand(Some("sundays")), HoursLive::Unknown { why });
    assert_eq!(calendars.stand(None), HoursLive::Always);
}

#[test]
fn office_hours_are_those_of_the_place() {
    let office = ["mon-fri 09:00-12:00 13:00-18:00", "sat 10:00-14:00"];
    holds(
        "Asia/Shanghai",
        &office,
        &[
            // Wednesday, 08:59:59 there.
            ("2026-01-14T00:59:59Z", "closed until 2026-01-14T01:00:00Z"),
            ("2026-01-14T01:00:00Z", "open until 2026-01-14T04:00:00Z"),
            ("2026-01-14T04:00:00Z", "closed until 2026-01-14T05:00:00Z"),
            // Saturday evening, until Monday.
            ("2026-01-17T06:00:00Z", "closed until 2026-01-19T01:00:00Z"),
        ],
    );
    holds(
        "Europe/Berlin",
        &office,
        &[
            ("2026-01-14T08:00:00Z", "open until 2026-01-14T11:00:00Z"),
            ("2026-07-15T07:00:00Z", "open until 2026-07-15T10:00:00Z"),
        ],
    );
}

#[test]
fn a_day_on_which_the_clocks_change_is_open_by_the_clock_on_the_wall() {
    // Berlin: 02:00 becomes 03:00 on 2026-03-29 at 01:00 UTC, 03:00 becomes 02:00 on 2026-10-25.
    holds(
        "Europe/Berlin",
        &["sun 00:00-04:00"],
        &[
            ("2026-03-28T23:00:00Z", "open until 2026-03-29T02:00:00Z"),
            ("2026-10-24T22:00:00Z", "open until 2026-10-25T03:00:00Z"),
        ],
    );
    // A time that the clocks skip.
    holds(
        "Europe/Berlin",
        &["sun 02:30-05:00"],
        &[("2026-03-29T00:59:59Z", "closed until 2026-03-29T01:00:00Z")],
    );
    holds(
        "Europe/Berlin",
        &["sun 00:00-02:30"],
        &[
            ("2026-03-29T00:59:59Z", "open until 2026-03-29T01:00:00Z"),
            // One that comes twice: open to the second.
            ("2026-10-25T00:45:00Z", "open until 2026-10-25T01:30:00Z"),
        ],
    );
    // All of it skipped: that Sunday does not open.
    holds(
        "Europe/Berlin",
        &["sun 02:10-02:50"],
        &[("2026-03-28T12:00:00Z", "closed until 2026-04-05T00:10:00Z")],
    );
}

#[test]
fn hours_over_midnight_belong_to_the_day_on_which_they_begin() {
    holds(
        "Europe/Berlin",
        &["fri 22:00-02:00", "2026-01-16 closed"],
        &[
            // Saturday, 01:00.
            ("2026-01-10T00:00:00Z", "open until 2026-01-10T01:00:00Z"),
            // The Friday after is a holiday: nothing begins.
            ("2026-01-16T22:00:00Z", "closed until 2026-01-23T21:00:00Z"),
        ],
    );
    // The holiday after a night does not cut it short.
    holds(
        "Europe/Berlin",
        &["thu 22:00-06:00", "2026-12-25 closed"],
        &[("2026-12-25T01:00:00Z", "open until 2026-12-25T05:00:00Z")],
    );
}

#[test]
fn an_exception_replaces_the_hours_of_its_day() {
    holds(
        "Asia/Shanghai",
        &[
            "mon-fri 09:00-18:00",
            "2026-02-17 closed",
            "2026-02-18 10:00-12:00",
        ],
        &[
            ("2026-02-17T03:00:00Z", "closed until 2026-02-18T02:00:00Z"),
            ("2026-02-18T03:00:00Z", "open until 2026-02-18T04:00:00Z"),
        ],
    );
}

#[test]
fn days_that_meet_at_midnight_are_one_opening_and_a_week_of_them_has_no_end() {
    holds(
        "Europe/Berlin",
        &["mon-tue 00:00-24:00"],
        &[("2026-01-12T12:00:00Z", "open until 2026-01-13T23:00:00Z")],
    );
    let always = "mon-sun 00:00-24:00";
    holds("UTC", &[always], &[("2026-01-12T12:00:00Z", "open")]);
    holds(
        "UTC",
        &[always, "2026-12-25 closed"],
        &[("2026-01-12T12:00:00Z", "open until 2026-12-25T00:00:00Z")],
    );
    holds("UTC", &[], &[("2026-01-12T12:00:00Z", "closed")]);
}
