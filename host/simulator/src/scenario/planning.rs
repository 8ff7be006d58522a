//! From what a scenario says to what is played.

use super::mistake::{Field, Wrong};
use super::values::{sampler, share};
use super::{Arrivals, Contacts, Run, Scenario, queues, workforce};
use crate::contact::{Kind, Transfer};
use crate::distribution::{Distribution, Sampler, millis};
use crate::plan::{Counting, Plan};
use crate::repertoire::{Recorded, RecordingError, Repertoire};
use crate::source::{self, Redial, Source, Stream, Until};
use hotline_vocabulary::configuration::{Configuration, SkillExpression, TenantLimits};
use hotline_vocabulary::{Millis, Timestamp};
use std::sync::Arc;

/// More would not fit a day's work, or memory.
const MOST_CONTACTS: usize = 5_000_000;
const MOST_REPLICATIONS: u32 = 10_000;
const MOST_HOURS: f64 = 24.0 * 366.0;
const DAY_MS: f64 = 86_400_000.0;

/// `recorded` is what the scenario's trace holds, if it names one.
pub(super) fn plan(scenario: &Scenario, recorded: Option<&[Recorded]>) -> Result<Plan, Wrong> {
    let run = Field::of("run");
    let (midnight, until) = match recorded {
        Some(recorded) => recorded_time(&scenario.run, &run, recorded)?,
        None => {
            let midnight = midnight(&scenario.run, &run)?;
            (midnight, until(&scenario.run, &run, midnight)?)
        }
    };
    if !(1..=MOST_REPLICATIONS).contains(&scenario.run.replications) {
        let problem = format!("say from 1 to {MOST_REPLICATIONS}");
        return Err(run.name("replications").wrong(problem));
    }
    if let Until::Contacts(contacts) = until
        && scenario.run.warm_up_contacts >= contacts
    {
        let field = run.name("warm_up_contacts");
        return Err(field.wrong(format!("leaves none of {contacts} contacts; say fewer")));
    }
    let queues = queues::plan(scenario)?;
    let agents = workforce::plan(scenario, &queues, midnight, until)?;
    policies(scenario)?;
    let (plans, configured) = agents.into_iter().unzip();
    let configuration = Configuration {
        queues,
        agents: configured,
        calendars: scenario.calendars.clone(),
        language: "en".to_owned(),
        limits: limits(scenario),
        ..Configuration::default()
    };
    let source = match recorded {
        Some(recorded) => {
            let repertoire = Repertoire::of(recorded, &configuration);
            let wrong = |error: RecordingError| Field::of("recorded").wrong(error.to_string());
            Source::Recorded(Arc::new(repertoire.map_err(wrong)?))
        }
        None => Source::Streams {
            streams: streams(scenario)?,
            until,
        },
    };
    Ok(Plan {
        title: scenario.title.clone(),
        configuration,
        agents: plans,
        source,
        midnight,
        counting: Counting {
            warm_up_contacts: scenario.run.warm_up_contacts,
            short_abandon: millis(scenario.run.short_abandon_s),
            denominator: scenario.run.service_level_of,
        },
        seed: scenario.run.seed,
        replications: scenario.run.replications,
    })
}

fn streams(scenario: &Scenario) -> Result<Vec<Stream>, Wrong> {
    let field = Field::of("contacts");
    if scenario.contacts.is_empty() {
        let problem = "nobody arrives; add a [[contacts]] table, or `recorded = \"trace.csv\"`";
        return Err(field.wrong(problem));
    }
    let streams = scenario.contacts.iter().enumerate();
    streams
        .map(|(place, contacts)| stream(scenario, contacts, &field.at(place)))
        .collect()
}

/// The midnight before the first recorded contact, and the end of the last one's hour.
fn recorded_time(
    run: &Run,
    field: &Field,
    recorded: &[Recorded],
) -> Result<(Timestamp, Until), Wrong> {
    let (Some(first), Some(last)) = (recorded.first(), recorded.last()) else {
        return Err(Field::of("recorded").wrong(RecordingError::NoContacts.to_string()));
    };
    let midnight = midnight_before(first.arrived, &run.time_zone);
    let midnight = midnight.ok_or_else(|| unknown_zone(run, field))?;
    Ok((midnight, Until::At(last.arrived + Millis::from_secs(3_600))))
}

/// None where there is no such time zone.
pub(super) fn midnight_before(at: Timestamp, time_zone: &str) -> Option<Timestamp> {
    let zone = jiff::tz::TimeZone::get(time_zone).ok()?;
    let local = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone);
    let midnight = local.start_of_day().ok()?;
    Some(Timestamp(midnight.timestamp().as_millisecond()))
}

fn unknown_zone(run: &Run, field: &Field) -> Wrong {
    let problem = format!(
        "{:?} is no time zone; say one of the IANA names, such as Europe/Berlin",
        run.time_zone
    );
    field.name("time_zone").wrong(problem)
}

fn midnight(run: &Run, field: &Field) -> Result<Timestamp, Wrong> {
    let zone = jiff::tz::TimeZone::get(&run.time_zone).map_err(|_| unknown_zone(run, field))?;
    let zoned = run.date.to_zoned(zone);
    let zoned = zoned.map_err(|error| field.name("date").wrong(error.to_string()))?;
    Ok(Timestamp(zoned.timestamp().as_millisecond()))
}

fn until(run: &Run, field: &Field, midnight: Timestamp) -> Result<Until, Wrong> {
    match (run.contacts, run.hours) {
        (Some(contacts), None) if (1..=MOST_CONTACTS).contains(&contacts) => {
            Ok(Until::Contacts(contacts))
        }
        (None, Some(hours)) if hours > 0.0 && hours <= MOST_HOURS => {
            Ok(Until::At(midnight + Millis((hours * 3_600_000.0) as u64)))
        }
        (Some(_), None) => {
            let problem = format!("say from 1 to {MOST_CONTACTS}");
            Err(field.name("contacts").wrong(problem))
        }
        (None, Some(_)) => {
            let problem = format!("say more than 0 and up to {MOST_HOURS}");
            Err(field.name("hours").wrong(problem))
        }
        (Some(_), Some(_)) => Err(field
            .name("hours")
            .wrong("arrivals end after `contacts` or after `hours`; say one of them")),
        (None, None) => {
            Err(field.wrong("say when arrivals end: `contacts = 50000` or `hours = 24`"))
        }
    }
}

/// As in production, but for what is said.
fn limits(scenario: &Scenario) -> TenantLimits {
    fn set<T>(limit: &mut T, said: Option<T>) {
        if let Some(said) = said {
            *limit = said;
        }
    }
    let said = &scenario.limits;
    let mut limits = TenantLimits::default();
    set(&mut limits.concurrent_contacts, said.concurrent_contacts);
    set(
        &mut limits.contact_length_ms,
        said.contact_length_s.map(millis),
    );
    set(&mut limits.batch_contacts, said.batch_contacts);
    set(&mut limits.batch_agents, said.batch_agents);
    set(&mut limits.missed_offers, said.missed_offers);
    set(&mut limits.hold_ms, said.hold_s.map(millis));
    set(&mut limits.aged_after_ms, said.aged_after_s.map(millis));
    limits
}

fn policies(scenario: &Scenario) -> Result<(), Wrong> {
    for (place, policy) in scenario.policies.iter().enumerate() {
        let field = Field::of("policy").at(place).name("name");
        if policy.name.is_empty() {
            return Err(field.wrong("is empty; say what the report shall call it"));
        }
        if scenario.policies[..place]
            .iter()
            .any(|other| other.name == policy.name)
        {
            let problem = format!("{:?} is taken; each policy needs its own", policy.name);
            return Err(field.wrong(problem));
        }
    }
    Ok(())
}

fn stream(scenario: &Scenario, contacts: &Contacts, field: &Field) -> Result<Stream, Wrong> {
    let queue = queues::named(scenario, &contacts.queue, &field.name("queue"))?;
    let optional = |distribution: &Option<Distribution>, name: &str| match distribution {
        Some(distribution) => sampler(distribution, &field.name(name)).map(Some),
        None => Ok(None),
    };
    let redial = match &contacts.redial {
        None => None,
        Some(redial) => Some(Redial {
            share: share(redial.share, &field.name("redial").name("share"))?,
            after: sampler(&redial.after, &field.name("redial").name("after"))?,
        }),
    };
    Ok(Stream {
        arrivals: arrivals(&contacts.arrivals, &field.name("arrivals"))?,
        kinds: kinds(contacts, queue, field)?,
        handle: sampler(&contacts.handle, &field.name("handle"))?,
        wrap_up: optional(&contacts.wrap_up, "wrap_up")?.unwrap_or(Sampler::NOTHING),
        patience: optional(&contacts.patience, "patience")?,
        redial,
    })
}

fn arrivals(arrivals: &Arrivals, field: &Field) -> Result<source::Arrivals, Wrong> {
    const MOST_PER_HOUR: f64 = 1e7;
    let rate = |per_hour: f64, field: Field| match (0.0..=MOST_PER_HOUR).contains(&per_hour) {
        true => Ok(per_hour),
        false => Err(field.wrong(format!(
            "{per_hour} is no rate; say from 0 to {MOST_PER_HOUR}"
        ))),
    };
    match arrivals {
        Arrivals::Poisson { per_hour } => {
            let field = field.name("poisson").name("per_hour");
            let per_hour = rate(*per_hour, field.clone())?;
            if per_hour == 0.0 {
                return Err(field.wrong("nobody would ever arrive; say a rate above 0"));
            }
            Ok(source::Arrivals::Poisson {
                interval_ms: 3_600_000.0,
                per_interval: [per_hour].into(),
            })
        }
        Arrivals::Curve { per_day, weights } => {
            let field = field.name("curve");
            let per_day = rate(*per_day, field.name("per_day"))?;
            let field = field.name("weights");
            let count = weights.len();
            let interval_ms = DAY_MS / count as f64;
            if count == 0 || interval_ms.fract() != 0.0 {
                return Err(field.wrong(format!(
                    "{count} intervals do not divide a day; say 24 (hours) or 48 (half hours)"
                )));
            }
            let whole: f64 = weights.iter().sum();
            if let Some(place) = weights
                .iter()
                .position(|weight| weight.is_nan() || *weight < 0.0)
            {
                let problem = format!("{} is no weight; say 0 or more", weights[place]);
                return Err(field.at(place).wrong(problem));
            }
            if !(whole > 0.0 && whole.is_finite()) || per_day == 0.0 {
                return Err(field.wrong("nobody would ever arrive; say a weight above 0"));
            }
            Ok(source::Arrivals::Poisson {
                interval_ms,
                per_interval: weights
                    .iter()
                    .map(|weight| per_day * weight / whole)
                    .collect(),
            })
        }
        Arrivals::Scheduled { at_s } => {
            let field = field.name("scheduled").name("at_s");
            let mut times = Vec::with_capacity(at_s.len());
            for (place, at) in at_s.iter().enumerate() {
                if !(0.0..=MOST_HOURS * 3600.0).contains(at) {
                    let problem = format!("{at} is no time; say seconds after midnight");
                    return Err(field.at(place).wrong(problem));
                }
                times.push(millis(*at).0);
            }
            times.sort_unstable();
            Ok(source::Arrivals::Scheduled(times.into()))
        }
    }
}

/// Each language with and without priority, by the shares said.
fn kinds(contacts: &Contacts, queue: usize, field: &Field) -> Result<Vec<(f64, Arc<Kind>)>, Wrong> {
    const ROUNDING: f64 = 1e-9;
    let everyone = vec![(None, 1.0)];
    let languages = match contacts.languages.is_empty() {
        true => everyone,
        false => contacts
            .languages
            .iter()
            .map(|(language, share)| (Some(language.as_str()), *share))
            .collect(),
    };
    let whole: f64 = languages.iter().map(|(_, share)| share).sum();
    if (whole - 1.0).abs() > ROUNDING {
        let problem = format!("the shares add up to {whole}; they must add up to 1");
        return Err(field.name("languages").wrong(problem));
    }
    let transfer = match &contacts.transfer {
        None => None,
        Some(transfer) => {
            let field = field.name("transfer");
            Some(Transfer {
                share: share(transfer.share, &field.name("share"))?,
                after_share: share(transfer.after_share, &field.name("after_share"))?,
            })
        }
    };
    let answers_callback = share(contacts.answers_callback, &field.name("answers_callback"))?;
    let vip_share = match &contacts.vip {
        Some(vip) => share(vip.share, &field.name("vip").name("share"))?,
        None => 0.0,
    };
    let mut kinds = Vec::new();
    let mut up_to = 0.0;
    for (language, language_share) in languages {
        share(language_share, &field.name("languages"))?;
        let mut skills = contacts.skills.clone();
        let mut attributes: Vec<(String, String)> =
            contacts.attributes.clone().into_iter().collect();
        if let Some(language) = language {
            skills = skills.and(SkillExpression::at_least(language, 1));
            attributes.push(("language".to_owned(), language.to_owned()));
        }
        let vip = contacts.vip.as_ref().map(|vip| (vip.priority, vip_share));
        for (priority, part) in [(None, 1.0 - vip_share)]
            .into_iter()
            .chain(vip.map(|(priority, share)| (Some(priority), share)))
        {
            let mut attributes = attributes.clone();
            if priority.is_some() {
                attributes.push(("tier".to_owned(), "vip".to_owned()));
            }
            up_to += language_share * part;
            let kind = Kind {
                queue,
                channel: contacts.channel,
                priority: priority.unwrap_or(contacts.priority),
                skills: skills.clone(),
                attributes,
                transfer,
                answers_callback,
            };
            kinds.push((up_to, Arc::new(kind)));
        }
    }
    // Sums of shares may fall short of 1 by a rounding.
    if let Some((up_to, _)) = kinds.last_mut() {
        *up_to = 1.0;
    }
    Ok(kinds)
}
