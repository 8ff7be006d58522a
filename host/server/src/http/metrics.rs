//! Figures for a monitoring system, in Prometheus' text format.

mod outbound;

mod plugins;

use super::App;
use super::caller::Administrator;
use super::problem::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hotline_vocabulary::live::Live;
use hotline_vocabulary::routing::MonitorLive;
use std::fmt::Write;

/// The figures of the tenant, and of the host when it serves no other; an administrator's token reads them
#[utoipa::path(get, operation_id = "metrics", path = "/metrics", tag = "metrics",
    responses((status = 200, content_type = "text/plain", body = String), (status = "default", body = Problem)))]
pub(crate) async fn metrics(
    State(app): State<App>,
    Administrator(caller): Administrator,
) -> Result<Response, Problem> {
    let mut text = Text::default();
    let live = app.exchange(caller.tenant)?.live().borrow().clone();
    let waiting: Vec<(&str, f64)> = live
        .queues
        .iter()
        .map(|queue| (queue.name.as_str(), f64::from(queue.waiting)))
        .collect();
    text.gauge("hotline_queue_waiting", "Contacts waiting now", &waiting);
    let oldest: Vec<(&str, f64)> = live
        .queues
        .iter()
        .map(|queue| (queue.name.as_str(), queue.oldest_wait_ms.as_secs_f64()))
        .collect();
    text.gauge(
        "hotline_queue_oldest_wait_seconds",
        "The longest wait of those waiting",
        &oldest,
    );
    text.gauge(
        "hotline_contacts",
        "Contacts that have not ended",
        &[("", live.contacts.len() as f64)],
    );
    invariants(&mut text, &live);
    outbound::write(&mut text, &app.connectors.outbound.figures(caller.tenant));
    plugins::write(
        &mut text,
        &app.sandbox.metered(caller.tenant),
        &app.sandbox.catalogue(caller.tenant),
    );
    // How busy the host is tells one tenant of the others' calls: it is shown to nobody while there
    // are several, for want of an account that is the operator's own.
    if app.directory.tenants().len() == 1 {
        host(&mut text, &app);
    }
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text.0).into_response())
}

/// What must hold in the tenant's switchboard at every instant: a rise of the second is a defect.
fn invariants(text: &mut Text, live: &Live) {
    let labelled = |count: fn(&MonitorLive) -> u64| {
        let monitors = live.monitors.iter();
        monitors.map(move |monitor| (monitor.invariant.as_str(), count(monitor)))
    };
    for (name, help, values) in [
        (
            "hotline_invariant_checked_total",
            "Contacts and agents that an invariant was checked for",
            labelled(|monitor| monitor.checked),
        ),
        (
            "hotline_invariant_violated_total",
            "Checks that found an invariant broken",
            labelled(|monitor| monitor.violated),
        ),
    ] {
        text.head(name, help, "counter");
        for (invariant, value) in values {
            // Writing to a String can not fail.
            let _ = writeln!(text.0, "{name}{{invariant=\"{invariant}\"}} {value}");
        }
    }
}

/// The figures of the whole host.
fn host(text: &mut Text, app: &App) {
    let journal = app.journal.status();
    text.gauge(
        "hotline_journal_backlog_bytes",
        "Facts in the journal that SQL does not have yet",
        &[("", journal.backlog_bytes as f64)],
    );
    media(text, &app.media.metrics());
}

/// The media plane of the whole host. Gaps are what a listener notices: 20 ms is none.
fn media(text: &mut Text, media: &hotline_media::Metrics) {
    let legs = [("", media.legs as f64)];
    text.gauge("hotline_media_legs", "Open legs", &legs);
    for (name, help, value) in [
        (
            "hotline_media_packets_received_total",
            "RTP packets received",
            media.packets_received,
        ),
        (
            "hotline_media_packets_sent_total",
            "RTP packets sent",
            media.packets_sent,
        ),
        (
            "hotline_media_packets_refused_total",
            "RTP packets from a stranger, or of no payload type agreed on",
            media.packets_refused,
        ),
        (
            "hotline_media_frames_dropped_total",
            "Received frames dropped to keep the delay short",
            media.frames_dropped,
        ),
        (
            "hotline_media_recording_frames_dropped_total",
            "Frames missing from recordings because the disk stood still",
            media.recording_frames_dropped,
        ),
    ] {
        text.counter(name, help, value);
    }
    for (name, help, times) in [
        (
            "hotline_media_tick_lateness_seconds",
            "How late a worker's tick of 20 ms began",
            &media.lateness,
        ),
        (
            "hotline_media_received_gap_seconds",
            "Time between two packets of a leg, as they came in",
            &media.received_gap,
        ),
        (
            "hotline_media_sent_gap_seconds",
            "Time between two packets of a leg, as they went out",
            &media.sent_gap,
        ),
    ] {
        text.summary(name, help, times);
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        // Writing to a String can not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, help, "counter");
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// Half, 99 of 100 and all of the times since the start.
    fn summary(&mut self, name: &str, help: &str, times: &hotline_media::Distribution) {
        self.head(name, help, "summary");
        let text = &mut self.0;
        for quantile in [0.5, 0.99, 1.0] {
            let seconds = times.percentile_us(quantile) as f64 / 1e6;
            let _ = writeln!(text, "{name}{{quantile=\"{quantile}\"}} {seconds}");
        }
        let _ = writeln!(text, "{name}_count {}", times.count());
    }

    /// Each value with the queue it is of, or none.
    fn gauge(&mut self, name: &str, help: &str, values: &[(&str, f64)]) {
        self.head(name, help, "gauge");
        let text = &mut self.0;
        for (queue, value) in values {
            let _ = match *queue {
                "" => writeln!(text, "{name} {value}"),
                queue => writeln!(text, "{name}{{queue=\"{}\"}} {value}", escape(queue)),
            };
        }
    }
}

fn escape(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
