//! Opening hours: a week of ranges at a fixed offset from UTC, and days that are closed.

use crate::compile::fields::Fields;
use crate::diagnostics::{Report, suggest};
use crate::yaml::{Value, Yaml};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_PER_DAY: u16 = 24 * 60;

/// Ranges of minutes since midnight, by day from Monday.
pub(crate) type Week = [Vec<(u16, u16)>; 7];

/// Reads `mon-fri: 09:00-17:00` lines. A range past midnight goes on into the next day.
pub(crate) fn week(yaml: &Yaml, report: &mut Report) -> Option<Week> {
    let fields = Fields::of(yaml, "`hours`", report)?;
    let mut week: Week = Default::default();
    for (key, value) in fields.into_entries() {
        let Some(days) = days(key, report) else {
            continue;
        };
        for range in ranges(value, report) {
            for day in &days {
                let (from, to) = range;
                if from < to {
                    week[*day].push((from, to));
                } else {
                    week[*day].push((from, MINUTES_PER_DAY));
                    week[(*day + 1) % 7].push((0, to));
                }
            }
        }
    }
    Some(week)
}

fn days(key: &Yaml, report: &mut Report) -> Option<Vec<usize>> {
    let written = key.as_text().unwrap_or_default().to_lowercase();
    if written == "daily" {
        return Some((0..7).collect());
    }
    let mut days = Vec::new();
    for part in written.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let day = |name: &str| {
            let short: String = name.trim().chars().take(3).collect();
            DAYS.iter().position(|day| *day == short)
        };
        let (Some(first), Some(last)) = (day(first), day(last)) else {
            report.error(
                "script.bad-value",
                key.place,
                format!("`{written}` is no day or range of days"),
                suggest(&written, DAYS.into_iter().chain(["mon-fri", "daily"])),
            );
            return None;
        };
        let mut at = first;
        loop {
            days.push(at);
            if at == last {
                break;
            }
            at = (at + 1) % 7;
        }
    }
    Some(days)
}

fn ranges(value: &Yaml, report: &mut Report) -> Vec<(u16, u16)> {
    let parts: Vec<&Yaml> = match &value.value {
        Value::Sequence(items) => items.iter().collect(),
        _ => vec![value],
    };
    let mut ranges = Vec::new();
    for part in parts {
        let text = part.as_text().unwrap_or_default();
        if text == "closed" {
            continue;
        }
        for range in text.split(',') {
            let read = range
                .split_once('-')
                .and_then(|(from, to)| Some((minute(from)?, minute(to)?)))
                .filter(|(from, to)| from != to && *from < MINUTES_PER_DAY);
            match read {
                Some(range) => ranges.push(range),
                None => report.error(
                    "script.bad-value",
                    part.place,
                    format!("`{text}` is no range of times"),
                    Some("write it as in `09:00-17:30`, or `closed`".to_owned()),
                ),
            }
        }
    }
    ranges
}

/// `09:30` in minutes since midnight; `24:00` is the day's end.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let hours: u16 = hours.parse().ok()?;
    let minutes: u16 = minutes.parse().ok()?;
    let minute = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && minute <= MINUTES_PER_DAY).then_some(minute)
}

/// `+01:00`, `-05:30`, `0`; in minutes.
pub(crate) fn utc_offset(yaml: &Yaml, report: &mut Report) -> i16 {
    let text = yaml.as_text().unwrap_or_default();
    let read = || {
        if text == "0" || text == "Z" || text == "UTC" {
            return Some(0);
        }
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let minutes = i16::try_from(minute(rest)?).ok()?;
        (minutes <= 14 * 60).then_some(sign * minutes)
    };
    read().unwrap_or_else(|| {
        report.error(
            "script.bad-value",
            yaml.place,
            format!("`{text}` is no offset from UTC"),
            Some(
                "write it as in `\"+08:00\"`; names of time zones are not understood yet"
                    .to_owned(),
            ),
        );
        0
    })
}

/// `[2026-12-25, 2027-01-01]` in days since 1970-01-01.
pub(crate) fn closed_on(yaml: &Yaml, report: &mut Report) -> Vec<i32> {
    let days: Vec<&Yaml> = match &yaml.value {
        Value::Sequence(days) => days.iter().collect(),
        Value::Null => Vec::new(),
        _ => vec![yaml],
    };
    days.into_iter()
        .filter_map(|day| {
            let text = day.as_text().unwrap_or_default();
            let found = date(text);
            if found.is_none() {
                report.error(
                    "script.bad-value",
                    day.place,
                    format!("`{text}` is no date"),
                    Some("write it as in `2026-12-25`".to_owned()),
                );
            }
            found
        })
        .collect()
}

fn date(text: &str) -> Option<i32> {
    let mut parts = text.split('-');
    let year: i32 = parts.next()?.parse().ok()?;
    let month: i32 = parts.next()?.parse().ok()?;
    let day: i32 = parts.next()?.parse().ok()?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let plain = (1970..=9999).contains(&year) && (1..=longest).contains(&day);
    if !plain || parts.next().is_some() {
        return None;
    }
    // Days from civil (Howard Hinnant, chrono-compatible low-level date algorithms): the year
    // begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::{date, minute};

    #[test]
    fn dates_are_days_since_the_epoch() {
        assert_eq!(date("1970-01-01"), Some(0));
        assert_eq!(date("2000-02-29"), Some(11_016));
        assert_eq!(date("2026-12-25"), Some(20_812));
        assert_eq!(date("2026-02-29"), None);
        assert_eq!(date("2026-12"), None);
    }

    #[test]
    fn times_are_minutes_since_midnight() {
        assert_eq!(minute("09:30"), Some(570));
        assert_eq!(minute("24:00"), Some(1_440));
        assert_eq!(minute("24:01"), None);
        assert_eq!(minute("9:60"), None);
    }
}
