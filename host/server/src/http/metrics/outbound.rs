//! What the tenant's connectors asked of other systems.

use super::{Text, escape};
use hotline_outbound::breaker::BreakerState;
use hotline_outbound::{EndpointFigures, Figures, LATENCY_BUCKETS_MS};
use std::fmt::Write;

type Count = fn(&Figures) -> u64;

pub(super) fn write(text: &mut Text, endpoints: &[EndpointFigures]) {
    if endpoints.is_empty() {
        return;
    }
    let labels = |one: &EndpointFigures| {
        let (plugin, endpoint) = (escape(&one.owner.plugin), escape(&one.endpoint));
        format!("plugin=\"{plugin}\",endpoint=\"{endpoint}\"")
    };
    let count: [(&str, &str, Count); 4] = [
        (
            "hotline_outbound_requests_total",
            "Requests of connectors, each with all its tries",
            |figures| figures.requests,
        ),
        (
            "hotline_outbound_tries_total",
            "What was sent for them",
            |figures| figures.tries,
        ),
        (
            "hotline_outbound_retries_total",
            "What was sent again",
            |figures| figures.retries,
        ),
        (
            "hotline_outbound_cached_total",
            "Requests answered from the cache",
            |figures| figures.from_cache,
        ),
    ];
    for (name, help, value) in count {
        text.head(name, help, "counter");
        for one in endpoints {
            line(text, name, &labels(one), value(&one.figures));
        }
    }
    let name = "hotline_outbound_answers_total";
    text.head(
        name,
        "Answers by the first digit of their status",
        "counter",
    );
    for one in endpoints {
        for (class, count) in (1..).zip(one.figures.answers) {
            let labels = format!("{},class=\"{class}xx\"", labels(one));
            line(text, name, &labels, count);
        }
    }
    let name = "hotline_outbound_failures_total";
    text.head(name, "Requests without an answer, and why", "counter");
    for one in endpoints {
        for (word, count) in &one.figures.failures {
            let labels = format!("{},reason=\"{word}\"", labels(one));
            line(text, name, &labels, *count);
        }
    }
    let name = "hotline_outbound_breaker_open";
    let help = "1: the endpoint is left alone; 0.5: it is being probed; 0: all is well";
    text.head(name, help, "gauge");
    for one in endpoints {
        let open = match one.breaker {
            BreakerState::Closed => 0.0,
            BreakerState::HalfOpen => 0.5,
            BreakerState::Open => 1.0,
        };
        line(text, name, &labels(one), open);
    }
    let name = "hotline_outbound_seconds";
    text.head(
        name,
        "How long requests took, with all their tries",
        "histogram",
    );
    for one in endpoints {
        latency(text, name, &labels(one), &one.figures);
    }
}

fn latency(text: &mut Text, name: &str, labels: &str, figures: &Figures) {
    let mut below = 0;
    for (bound, count) in LATENCY_BUCKETS_MS.iter().zip(figures.latency) {
        below += count;
        let bound = *bound as f64 / 1_000.0;
        let labels = format!("{labels},le=\"{bound}\"");
        line(text, &format!("{name}_bucket"), &labels, below);
    }
    let labels_of_all = format!("{labels},le=\"+Inf\"");
    line(
        text,
        &format!("{name}_bucket"),
        &labels_of_all,
        figures.requests,
    );
    let sum = figures.latency_sum_ms as f64 / 1_000.0;
    line(text, &format!("{name}_sum"), labels, sum);
    line(text, &format!("{name}_count"), labels, figures.requests);
}

fn line(text: &mut Text, name: &str, labels: &str, value: impl std::fmt::Display) {
    // Writing to a String can not fail.
    let _ = writeln!(text.0, "{name}{{{labels}}} {value}");
}
