//! A report for people: tables of text.

use crate::figures::{Figure, Unit};
use crate::report::{Difference, Estimate, PolicyReport, Report};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::fmt::Write;

/// All tables of a report, one below the other.
pub fn of(report: &Report) -> String {
    let mut text = format!(
        "{}\n{} replications, seed {}\n",
        report.title, report.replications, report.seed
    );
    for policy in &report.policies {
        // Writing into a string can not fail.
        let _ = write!(text, "\n{}\n{}\n", policy.name, figures(policy));
        if policy.faults.mean > 0.0 {
            let faults = policy.faults.mean;
            let _ = writeln!(
                text,
                "The policy failed or was overruled {faults:.1} times a replication."
            );
        }
    }
    if !report.differences.is_empty() {
        let _ = write!(
            text,
            "\nDifferences, with the interval that holds them with a confidence of 95 %\n{}\n",
            differences(&report.differences)
        );
    }
    text
}

fn plain(headings: Vec<String>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(headings);
    table
}

/// A row a figure, a column a group.
fn figures(policy: &PolicyReport) -> Table {
    let groups = policy.groups.iter().map(|group| group.group.to_string());
    let mut table = plain(std::iter::once(String::new()).chain(groups).collect());
    for figure in Figure::ALL {
        let mut said = false;
        let mut row = vec![figure.label().to_owned()];
        for group in &policy.groups {
            let estimate = group.figures.get(figure);
            said |= estimate.is_some();
            row.push(estimate.map_or_else(String::new, |one| estimated(*figure, one)));
        }
        if said {
            table.add_row(row);
        }
    }
    align(table, policy.groups.len())
}

fn align(mut table: Table, columns: usize) -> Table {
    for column in 1..=columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn estimated(figure: Figure, estimate: &Estimate) -> String {
    let mean = value(figure, estimate.mean);
    match estimate.standard_error {
        Some(error) => format!("{mean} ± {}", value(figure, error)),
        None => mean,
    }
}

fn value(figure: Figure, value: f64) -> String {
    match figure.unit() {
        Unit::Count => format!("{value:.1}"),
        Unit::Share => format!("{:.2} %", value * 100.0),
        Unit::Seconds => format!("{value:.2} s"),
    }
}

/// Those whose interval does not hold zero.
fn differences(differences: &[Difference]) -> Table {
    let headings = [
        "policy",
        "from",
        "group",
        "figure",
        "difference",
        "low",
        "high",
    ];
    let mut table = plain(headings.map(str::to_owned).to_vec());
    for one in differences {
        if one.low > 0.0 || one.high < 0.0 {
            table.add_row(vec![
                one.policy.clone(),
                one.from.clone(),
                one.group.to_string(),
                one.figure.label().to_owned(),
                value(one.figure, one.mean),
                value(one.figure, one.low),
                value(one.figure, one.high),
            ]);
        }
    }
    table
}
