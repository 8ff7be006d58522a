//! What was measured, beside what was wanted and how busy the machine was meanwhile.

use std::fmt::Display;

/// The lines of the printed table.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    /// A figure with its goal, taken now: the load is the machine's own average over one minute.
    pub(crate) fn row(&mut self, figure: &str, goal: &str, value: impl Display) {
        let row = [
            figure.to_owned(),
            goal.to_owned(),
            value.to_string(),
            load_average(),
        ];
        progress(&format!("{}: {}", row[0], row[2]));
        self.rows.push(row);
    }

    #[expect(clippy::print_stdout, reason = "the table is what a bench is for")]
    pub(crate) fn print(&self) {
        let heads = ["figure", "goal", "value", "load"].map(str::to_owned);
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&heads]);
            cells
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths = [0, 1, 2, 3].map(width);
        println!();
        for row in [&heads].into_iter().chain(&self.rows) {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            println!("{}", cells.join("  ").trim_end());
        }
    }
}

/// Says on the terminal what is going on, apart from the table.
#[expect(clippy::print_stderr, reason = "a bench of minutes says where it is")]
pub(crate) fn progress(text: &str) {
    eprintln!("bench: {text}");
}

/// Runnable tasks, averaged over the last minute (proc(5)).
pub(crate) fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}

/// The middle and the tail of some measurements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) p50: u64,
    pub(crate) p99: u64,
}

impl Spread {
    /// None of nothing.
    pub(crate) fn of(mut values: Vec<u64>) -> Option<Spread> {
        values.sort_unstable();
        let at = |share: f64| values.get(((values.len() - 1) as f64 * share).round() as usize);
        if values.is_empty() {
            return None;
        }
        Some(Spread {
            p50: *at(0.5)?,
            p99: *at(0.99)?,
        })
    }

    pub(crate) fn in_ms(self) -> String {
        let ms = |us: u64| us as f64 / 1_000.0;
        format!("{:.1} / {:.1} ms", ms(self.p50), ms(self.p99))
    }
}
