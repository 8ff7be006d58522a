//! Use against limits, as a small table.

use comfy_table::{Table, presets::NOTHING};
use hotline_conformance::{BudgetLine, Spread};

pub(super) fn of(lines: &[BudgetLine]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header([
        "function",
        "calls",
        "",
        "p50",
        "max",
        "limit",
        "max of limit",
    ]);
    for line in lines {
        let rows = [
            ("fuel", line.fuel, thousands as fn(u64) -> String),
            ("memory", line.memory_bytes, kibibytes as fn(u64) -> String),
        ];
        for (what, spread, shown) in rows {
            table.add_row([
                line.function.to_owned(),
                line.calls.to_string(),
                what.to_owned(),
                shown(spread.p50),
                shown(spread.max),
                shown(spread.limit),
                share(spread),
            ]);
        }
    }
    table.to_string()
}

fn share(spread: Spread) -> String {
    let share = spread.max as f64 * 100.0 / spread.limit.max(1) as f64;
    format!("{share:.1} %")
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn kibibytes(bytes: u64) -> String {
    format!("{} KiB", thousands(bytes.div_ceil(1024)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_can_be_read() {
        let shown = [0, 999, 1_000, 20_000_000].map(thousands);
        assert_eq!(shown, ["0", "999", "1,000", "20,000,000"]);
    }
}
