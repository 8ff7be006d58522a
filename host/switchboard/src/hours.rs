//! Business hours: whether a calendar is open at an instant, and when that changes next. What is
//! open is worked out as instants, so that nights with 23 or 25 hours are no special case.

use crate::desk::{Alarm, Desk};
use crate::switchboard::Switchboard;
use crate::timers::TimerId;
use hotline_vocabulary::configuration::{Calendar, Hours, Queue, TimeOfDay, Weekday};
use hotline_vocabulary::live::HoursLive;
use hotline_vocabulary::{Millis, Timestamp};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use std::collections::BTreeMap;

/// How far a calendar is looked through for its next change: first a week with a holiday or two,
/// then more than a year.
const DAYS_AHEAD: [i32; 2] = [10, 400];
/// When to look again where nothing changes in sight.
const LOOK_AGAIN_MS: Millis = Millis(30 * 86_400_000);

/// The tenant's calendars, each with how it stands now.
#[derive(Debug, Default)]
pub(crate) struct Calendars(BTreeMap<String, Entry>);

#[derive(Debug)]
struct Entry {
    /// Or the time zone that is none.
    hours: Result<OpeningHours, UnknownTimeZone>,
    stands: Stands,
    change: Option<TimerId>,
}

/// Whether a calendar is open, and until when that is so, where a change is in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stands {
    open: bool,
    until: Option<Timestamp>,
}

impl Calendars {
    /// What is set up now takes the place of what was.
    pub(crate) fn configure(&mut self, calendars: &[Calendar], desk: &mut Desk) {
        for (_, entry) in std::mem::take(&mut self.0) {
            desk.cancel(entry.change);
        }
        for calendar in calendars {
            let entry = Entry {
                hours: OpeningHours::of(calendar),
                stands: Stands {
                    open: true,
                    until: None,
                },
                change: None,
            };
            self.0.insert(calendar.name.clone(), entry);
            self.look(&calendar.name, desk);
        }
    }

    fn look(&mut self, name: &str, desk: &mut Desk) {
        let Some(entry) = self.0.get_mut(name) else {
            return;
        };
        let Ok(hours) = &entry.hours else {
            return;
        };
        entry.stands = hours.at(desk.now());
        let again = desk.now() + LOOK_AGAIN_MS;
        let due = entry.stands.until.map_or(again, |until| until.min(again));
        entry.change = Some(desk.at(due, Alarm::HoursChange(name.to_owned())));
    }

    /// Whether a queue lets contacts in by its hours, now.
    pub(crate) fn is_open(&self, queue: &Queue) -> bool {
        let stand = self.stand(queue.rules.hours.as_deref());
        !matches!(stand, HoursLive::Closed { .. })
    }

    /// How the calendar of this name stands; none is always open. One that is not there, or that can
    /// not be read, closes nothing.
    pub(crate) fn stand(&self, name: Option<&str>) -> HoursLive {
        let Some(name) = name else {
            return HoursLive::Always;
        };
        let why = match self.0.get(name) {
            None => format!("there is no calendar {name:?}"),
            Some(entry) => match (&entry.hours, entry.stands) {
                (Err(UnknownTimeZone(zone)), _) => format!("there is no time zone {zone:?}"),
                (Ok(_), Stands { open: true, until }) => return HoursLive::Open { until },
                (Ok(_), Stands { open: false, until }) => return HoursLive::Closed { until },
            },
        };
        HoursLive::Unknown { why }
    }
}

impl Switchboard {
    pub(crate) fn hours_change(&mut self, calendar: &str) {
        self.calendars.look(calendar, &mut self.desk);
    }
}

#[derive(Debug)]
struct UnknownTimeZone(String);

/// A calendar as it is asked.
#[derive(Debug)]
struct OpeningHours {
    zone: TimeZone,
    /// From Monday.
    week: [Vec<Hours>; 7],
    exceptions: BTreeMap<Date, Vec<Hours>>,
}

impl OpeningHours {
    fn of(calendar: &Calendar) -> Result<Self, UnknownTimeZone> {
        let name = &calendar.time_zone;
        let zone = TimeZone::get(name).map_err(|_| UnknownTimeZone(name.clone()))?;
        let mut week: [Vec<Hours>; 7] = Default::default();
        for day in &calendar.weekly {
            for weekday in &day.days {
                week[place(*weekday)].extend(&day.hours);
            }
        }
        let exceptions = calendar
            .exceptions
            .iter()
            .map(|exception| (exception.date, exception.hours.clone()))
            .collect();
        Ok(OpeningHours {
            zone,
            week,
            exceptions,
        })
    }

    fn at(&self, now: Timestamp) -> Stands {
        let mut stands = Stands {
            open: false,
            until: None,
        };
        for days in DAYS_AHEAD {
            stands = self.look_through(now, days);
            if stands.until.is_some() {
                break;
            }
        }
        stands
    }

    /// The same, looking ahead this many days.
    fn look_through(&self, now: Timestamp, days: i32) -> Stands {
        let mut stands = Stands {
            open: false,
            until: None,
        };
        let Ok(instant) = jiff::Timestamp::from_millisecond(now.0) else {
            return stands;
        };
        let today = self.zone.to_datetime(instant).date();
        // What began yesterday may not be over; a day more for zones that jump a whole one.
        let mut spans: Vec<(Timestamp, Timestamp)> = (-2..days)
            .filter_map(|day| today.checked_add(day.days()).ok())
            .flat_map(|date| self.on(date).iter().map(move |hours| (date, *hours)))
            .filter_map(|(date, hours)| self.span(date, hours))
            .collect();
        spans.sort_unstable();
        let end = today
            .checked_add((days - 1).days())
            .ok()
            .and_then(|date| self.instant(date, 0, Edge::Opens));
        for (from, to) in spans {
            match stands.until {
                _ if to <= now => {}
                None if from <= now => {
                    stands = Stands {
                        open: true,
                        until: Some(to),
                    };
                }
                None => stands.until = Some(from),
                // What follows without a gap is the same opening.
                Some(until) if stands.open && from <= until => stands.until = Some(until.max(to)),
                Some(_) => break,
            }
        }
        // An opening that reaches the last day may go on after it.
        stands.until = stands
            .until
            .filter(|until| !stands.open || Some(*until) < end);
        stands
    }

    fn on(&self, date: Date) -> &[Hours] {
        match self.exceptions.get(&date) {
            Some(hours) => hours,
            None => &self.week[date.weekday().to_monday_zero_offset() as usize],
        }
    }

    /// None where all of it is skipped by the clocks.
    fn span(&self, date: Date, hours: Hours) -> Option<(Timestamp, Timestamp)> {
        let ends = match hours.to <= hours.from {
            true => date.tomorrow().ok()?,
            false => date,
        };
        let from = self.instant(date, hours.from.minutes(), Edge::Opens)?;
        let to = self.instant(ends, hours.to.minutes(), Edge::Closes)?;
        (from < to).then_some((from, to))
    }

    fn instant(&self, date: Date, minutes: u16, edge: Edge) -> Option<Timestamp> {
        let (date, minutes) = match minutes >= TimeOfDay::END.minutes() {
            true => (date.tomorrow().ok()?, 0),
            false => (date, minutes),
        };
        let time = Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()?;
        let found = self.zone.to_ambiguous_timestamp(date.to_datetime(time));
        let instant = match (found.offset(), edge) {
            (AmbiguousOffset::Unambiguous { .. }, _) => found.unambiguous().ok()?,
            (AmbiguousOffset::Fold { .. }, Edge::Opens) => found.earlier().ok()?,
            (AmbiguousOffset::Fold { .. }, Edge::Closes) => found.later().ok()?,
            (AmbiguousOffset::Gap { .. }, _) => {
                let before = found.earlier().ok()?;
                self.zone.following(before).next()?.timestamp()
            }
        };
        Some(Timestamp(instant.as_millisecond()))
    }
}

/// Which end of an opening a time of day is: it matters when the clocks show that time twice.
#[derive(Debug, Clone, Copy)]
enum Edge {
    Opens,
    Closes,
}

const fn place(weekday: Weekday) -> usize {
    match weekday {
        Weekday::Mon => 0,
        Weekday::Tue => 1,
        Weekday::Wed => 2,
        Weekday::Thu => 3,
        Weekday::Fri => 4,
        Weekday::Sat => 5,
        Weekday::Sun => 6,
    }
}

#[cfg(test)]
mod tests;
