//! Figures for a monitoring system, in Prometheus' text format.

use super::App;
use super::caller::Administrator;
use super::problem::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::fmt::Write;

/// The figures of this host; an administrator's token reads them
#[utoipa::path(get, path = "/metrics", tag = "metrics",
    responses((status = 200, content_type = "text/plain", body = String), (status = "default", body = Problem)))]
pub(crate) async fn metrics(
    State(app): State<App>,
    Administrator(caller): Administrator,
) -> Result<Response, Problem> {
    let mut text = Text::default();
    let journal = app.journal.status();
    text.gauge(
        "hotline_journal_backlog_bytes",
        "Facts in the journal that SQL does not have yet",
        &[("", journal.backlog_bytes as f64)],
    );
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
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text.0).into_response())
}

#[derive(Default)]
struct Text(String);

impl Text {
    /// Each value with the queue it is of, or none.
    fn gauge(&mut self, name: &str, help: &str, values: &[(&str, f64)]) {
        let text = &mut self.0;
        // Writing to a String can not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
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
