//! Erlang's formulas: M/M/c without abandonment (C) and with exponential patience (A), and rows that
//! others published for them.

use hotline_simulator::{Arm, Estimate, Figure, Group, Report, Running, scenario, simulate};
use std::fmt;

/// Over so many runs of so many contacts, the first few of each left out.
const REPLICATIONS: u32 = 12;
const CONTACTS: u32 = 50_000;
const WARM_UP: u32 = 2_000;
/// So far may the simulated be from the theory.
pub(crate) const STANDARD_ERRORS: f64 = 3.0;

/// A house of alike agents with one queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Model {
    pub(crate) offered_erlang: f64,
    pub(crate) agents: u32,
    pub(crate) handle_s: f64,
    pub(crate) service_level_s: f64,
    /// Mean; customers wait for ever when none.
    pub(crate) patience_s: Option<f64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Theory {
    pub(crate) probability_of_wait: f64,
    pub(crate) mean_wait_s: f64,
    /// None where no closed form is used here.
    pub(crate) service_level: Option<f64>,
    pub(crate) abandoned_share: f64,
}

const fn model(
    offered_erlang: f64,
    agents: u32,
    handle_s: f64,
    service_level_s: f64,
    patience_s: Option<f64>,
) -> Model {
    Model {
        offered_erlang,
        agents,
        handle_s,
        service_level_s,
        patience_s,
    }
}

const fn theory(
    probability_of_wait: f64,
    mean_wait_s: f64,
    service_level: Option<f64>,
    abandoned_share: f64,
) -> Theory {
    Theory {
        probability_of_wait,
        mean_wait_s,
        service_level,
        abandoned_share,
    }
}

pub(crate) const C_48: Model = model(48.0, 55, 240.0, 15.0, None);
pub(crate) const C_10: Model = model(10.0, 14, 180.0, 20.0, None);
pub(crate) const C_100: Model = model(100.0, 107, 240.0, 20.0, None);
pub(crate) const A_10: Model = model(10.5, 13, 180.0, 20.0, Some(300.0));
pub(crate) const A_48: Model = model(48.0, 50, 240.0, 20.0, Some(120.0));

pub(crate) const ROWS: [(Model, Theory); 5] = [
    (C_48, theory(0.2387, 8.184, Some(0.8459), 0.0)),
    (C_10, theory(0.1741, 7.836, Some(0.8884), 0.0)),
    (C_100, theory(0.3835, 13.149, Some(0.7860), 0.0)),
    (A_10, theory(0.2813, 9.913, None, 0.0330)),
    (A_48, theory(0.3423, 5.763, None, 0.0480)),
];

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.patience_s {
            None => 'C',
            Some(_) => 'A',
        };
        write!(
            f,
            "{kind}: {} Erlang, {} agents",
            self.offered_erlang, self.agents
        )
    }
}

/// The mean of a figure over all contacts, and its standard error.
pub(crate) fn found(report: &Report, figure: Figure) -> (f64, f64) {
    let estimate = report.policies[0].estimate(&Group::All, figure);
    let Estimate {
        mean,
        standard_error,
    } = estimate.expect("contacts were played");
    (mean, standard_error.expect("several replications"))
}

impl Model {
    /// The same house, played by the switchboard in its built-in order.
    pub(crate) fn simulated(&self) -> Report {
        let patience = self.patience_s.map_or_else(String::new, |mean| {
            format!("patience = {{ exponential = {{ mean_s = {mean} }} }}")
        });
        let text = format!(
            r#"
            title = "{self}"
            [run]
            replications = {REPLICATIONS}
            contacts = {CONTACTS}
            warm_up_contacts = {WARM_UP}
            [[queue]]
            name = "calls"
            service_level_s = {service_level}
            [[agents]]
            count = {agents}
            queues = ["calls"]
            [[contacts]]
            queue = "calls"
            arrivals = {{ poisson = {{ per_hour = {per_hour} }} }}
            handle = {{ exponential = {{ mean_s = {handle} }} }}
            {patience}
            "#,
            service_level = self.service_level_s,
            agents = self.agents,
            per_hour = self.offered_erlang * 3600.0 / self.handle_s,
            handle = self.handle_s,
        );
        let loaded = scenario::parse("oracle.toml", &text).expect("a valid scenario");
        simulate(
            &loaded.plan,
            &[Arm::built_in()],
            &Running::default(),
            &|| {},
        )
        .expect("nobody stops it")
    }

    /// The figures that theory gives.
    pub(crate) fn expected(&self) -> Vec<(Figure, f64)> {
        let theory = self.theory();
        let always = [
            (Figure::ProbabilityOfWait, theory.probability_of_wait),
            (Figure::MeanWaitS, theory.mean_wait_s),
            (Figure::AbandonedShare, theory.abandoned_share),
        ];
        let service_level = theory
            .service_level
            .map(|level| (Figure::ServiceLevel, level));
        always.into_iter().chain(service_level).collect()
    }

    pub(crate) fn theory(&self) -> Theory {
        match self.patience_s {
            None => self.erlang_c(),
            Some(patience) => self.erlang_a(patience),
        }
    }

    /// The probability that all agents are busy, by way of Erlang B's recursion.
    fn erlang_c(&self) -> Theory {
        let (load, agents) = (self.offered_erlang, f64::from(self.agents));
        let blocked = (1..=self.agents).fold(1.0, |blocked, busy| {
            load * blocked / (f64::from(busy) + load * blocked)
        });
        let waits = blocked / (1.0 - load / agents * (1.0 - blocked));
        let spare = agents - load;
        let late = (-spare * self.service_level_s / self.handle_s).exp();
        Theory {
            probability_of_wait: waits,
            mean_wait_s: waits * self.handle_s / spare,
            service_level: Some(1.0 - waits * late),
            abandoned_share: 0.0,
        }
    }

    /// The stationary distribution of the birth and death chain of contacts in the house: each
    /// further one who waits leaves at the rate of a served one's or an impatient one's end.
    fn erlang_a(&self, patience_s: f64) -> Theory {
        const MOST_IN_HOUSE: u32 = 2_000;
        let arrival = self.offered_erlang / self.handle_s;
        let end = |present: u32| {
            let busy = f64::from(present.min(self.agents));
            let waiting = f64::from(present.saturating_sub(self.agents));
            busy / self.handle_s + waiting / patience_s
        };
        let mut weights = vec![1.0];
        for present in 1..=MOST_IN_HOUSE {
            let before = weights[present as usize - 1];
            weights.push(before * arrival / end(present));
        }
        let all: f64 = weights.iter().sum();
        let waits: f64 = weights[self.agents as usize..].iter().sum::<f64>() / all;
        let in_line: f64 = (0u32..)
            .zip(&weights)
            .map(|(present, weight)| f64::from(present.saturating_sub(self.agents)) * weight)
            .sum::<f64>()
            / all;
        Theory {
            probability_of_wait: waits,
            // Little's law.
            mean_wait_s: in_line / arrival,
            service_level: None,
            abandoned_share: in_line / patience_s / arrival,
        }
    }
}
