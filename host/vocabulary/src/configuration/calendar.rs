//! Business hours: weekly hours in a time zone, and the days that differ.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Open by the week, except on the days named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Unique in the tenant; what queues say.
    pub name: String,
    /// IANA time zone (`Europe/Berlin`, `Asia/Shanghai`).
    pub time_zone: String,
    pub weekly: Vec<DayHours>,
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// The same hours on several days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DayHours {
    pub days: Vec<Weekday>,
    pub hours: Vec<Hours>,
}

/// A holiday, or a day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// `2026-12-25`.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Date))]
    pub date: jiff::civil::Date,
    /// What it is called: "Christmas Day", "春节".
    pub name: String,
    /// Empty: closed all day.
    #[serde(default)]
    pub hours: Vec<Hours>,
}

/// Open from the beginning of one minute to the beginning of another, by the wall clock. `to` at or
/// before `from` is on the next day: hours belong to the day on which they begin, and a holiday
/// there does not cut them short. A time that the clocks skip is the moment at which they skip it;
/// of one that comes twice, a house opens at the first and closes at the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A minute of a day, `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a time of day from 00:00 to 24:00")]
pub struct TimeOfDayError;

impl TimeOfDay {
    /// 24:00.
    pub const END: TimeOfDay = TimeOfDay(24 * 60);

    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let (hour, minute) = text.split_once(':').ok_or(TimeOfDayError)?;
        let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true if digits.len() == 2 => digits.parse::<u16>().map_err(|_| TimeOfDayError),
            _ => Err(TimeOfDayError),
        };
        let (hour, minute) = (number(hour)?, number(minute)?);
        match hour * 60 + minute {
            minutes if minute < 60 && minutes <= 24 * 60 => Ok(TimeOfDay(minutes)),
            _ => Err(TimeOfDayError),
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for TimeOfDay {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for TimeOfDay {}
