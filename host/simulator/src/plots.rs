//! A report as pictures: SVG, a line a policy.

use crate::report::{CoursePoint, PolicyReport, Report, WaitShare};
use plotters::prelude::*;

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    /// `waits-by-time.svg`.
    pub file_name: &'static str,
    pub svg: String,
}

#[derive(Debug, thiserror::Error)]
#[error("{file_name} could not be drawn: {reason}")]
pub struct PlotError {
    file_name: &'static str,
    reason: String,
}

const SIZE: (u32, u32) = (860, 380);
/// Told apart by people who are colour-blind too (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
];

/// What a picture shows.
struct Chart {
    file_name: &'static str,
    title: &'static str,
    x: Axis,
    y: Axis,
    lines: Vec<Line>,
}

struct Axis {
    label: &'static str,
    least: f64,
    most: f64,
    write: fn(&f64) -> String,
}

struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

/// Waits and service level over the day, and how waits are distributed, of all and of the urgent.
///
/// # Errors
/// A picture that could not be drawn.
pub fn of(report: &Report) -> Result<Vec<Plot>, PlotError> {
    let over_day = |value: fn(&CoursePoint) -> Option<f64>| {
        lines(report, |policy| {
            let point = |point: &CoursePoint| Some((f64::from(point.minute) / 60.0, value(point)?));
            policy.course.iter().filter_map(point).collect()
        })
    };
    let distribution = |waits: fn(&PolicyReport) -> &[WaitShare]| {
        lines(report, |policy| {
            let point = |one: &WaitShare| (f64::from(one.longer_than_s), one.share);
            waits(policy).iter().map(point).collect()
        })
    };
    let charts = [
        Chart {
            file_name: "waits-by-time.svg",
            title: "Mean wait by time of day",
            x: hours(),
            y: seconds(),
            lines: over_day(|point| point.mean_wait_s),
        },
        Chart {
            file_name: "service-level-by-time.svg",
            title: "Service level by time of day",
            x: hours(),
            y: share("answered within T"),
            lines: over_day(|point| point.service_level),
        },
        Chart {
            file_name: "waits.svg",
            title: "How many wait longer",
            x: waited(),
            y: share("of all calls"),
            lines: distribution(|policy| &policy.waits),
        },
        Chart {
            file_name: "urgent-waits.svg",
            title: "How many of the urgent wait longer",
            x: waited(),
            y: share("of urgent calls"),
            lines: distribution(|policy| &policy.urgent_waits),
        },
    ];
    charts
        .into_iter()
        .filter(|chart| chart.lines.iter().any(|line| !line.points.is_empty()))
        .map(|chart| {
            let file_name = chart.file_name;
            match chart.fitted().draw() {
                Ok(svg) => Ok(Plot { file_name, svg }),
                Err(error) => Err(PlotError {
                    file_name,
                    reason: error.to_string(),
                }),
            }
        })
        .collect()
}

fn lines(report: &Report, points: impl Fn(&PolicyReport) -> Vec<(f64, f64)>) -> Vec<Line> {
    let policies = report.policies.iter();
    policies
        .map(|policy| Line {
            name: policy.name.clone(),
            points: points(policy),
        })
        .collect()
}

fn hours() -> Axis {
    Axis {
        label: "local time",
        least: 0.0,
        most: 24.0,
        write: |hour| format!("{hour:02.0}:00"),
    }
}

fn seconds() -> Axis {
    Axis {
        label: "seconds",
        least: 0.0,
        most: 0.0,
        write: |seconds| format!("{seconds:.0}"),
    }
}

fn waited() -> Axis {
    Axis {
        label: "seconds waited",
        ..seconds()
    }
}

fn share(label: &'static str) -> Axis {
    Axis {
        label,
        least: 0.0,
        most: 1.0,
        write: |share| format!("{:.0} %", share * 100.0),
    }
}

type DrawingError = DrawingAreaErrorKind<std::io::Error>;

impl Chart {
    /// With axes as long as the lines.
    fn fitted(mut self) -> Chart {
        let largest = |of: fn(&(f64, f64)) -> f64, lines: &[Line]| {
            let values = lines.iter().flat_map(|line| line.points.iter().map(of));
            values.fold(1.0, f64::max)
        };
        if self.x.most == 0.0 {
            self.x.most = largest(|point| point.0, &self.lines);
        } else {
            // A day without its empty hours.
            let values = || self.lines.iter().flat_map(|line| &line.points).map(|p| p.0);
            self.x.least = values().fold(self.x.most, f64::min).floor();
            self.x.most = values().fold(self.x.least + 1.0, f64::max).ceil();
        }
        if self.y.most == 0.0 {
            self.y.most = largest(|point| point.1, &self.lines) * 1.05;
        }
        self
    }

    fn draw(&self) -> Result<String, DrawingError> {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            area.fill(&WHITE)?;
            let mut chart = ChartBuilder::on(&area)
                .caption(self.title, ("sans-serif", 18))
                .margin(12)
                .x_label_area_size(42)
                .y_label_area_size(62)
                .build_cartesian_2d(self.x.least..self.x.most, self.y.least..self.y.most)?;
            chart
                .configure_mesh()
                .x_desc(self.x.label)
                .y_desc(self.y.label)
                .x_label_formatter(&self.x.write)
                .y_label_formatter(&self.y.write)
                .light_line_style(TRANSPARENT)
                .bold_line_style(BLACK.mix(0.1))
                .label_style(("sans-serif", 14))
                .draw()?;
            for (line, colour) in self.lines.iter().zip(COLOURS.into_iter().cycle()) {
                let style = colour.stroke_width(2);
                chart
                    .draw_series(LineSeries::new(line.points.iter().copied(), style))?
                    .label(&line.name)
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
            }
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperRight)
                .label_font(("sans-serif", 15))
                .background_style(WHITE.mix(0.85))
                .border_style(BLACK.mix(0.3))
                .draw()?;
            area.present()?;
        }
        Ok(svg)
    }
}
