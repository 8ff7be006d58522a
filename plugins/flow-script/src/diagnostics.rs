//! How a problem is told: a stable code, an exact place, a sentence, and what to do.

use hotline_sdk::flow_language::{Diagnostic, Severity};

/// More than anyone reads at once.
const MOST: usize = 100;

/// Where something stands; line and column from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    pub line: u32,
    pub column: u32,
    /// 0 when it spans lines.
    pub length: u32,
}

/// All that was found in one source.
#[derive(Debug)]
pub struct Report {
    path: String,
    found: Vec<Diagnostic>,
}

impl Report {
    pub fn new(path: &str) -> Self {
        Report {
            path: path.to_owned(),
            found: Vec::new(),
        }
    }

    pub fn error(
        &mut self,
        code: &str,
        place: Place,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.add(Severity::Error, code, place, message.into(), hint);
    }

    pub fn warning(
        &mut self,
        code: &str,
        place: Place,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.add(Severity::Warning, code, place, message.into(), hint);
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &str,
        place: Place,
        message: String,
        hint: Option<String>,
    ) {
        self.found.push(Diagnostic {
            code: code.to_owned(),
            severity,
            path: self.path.clone(),
            line: place.line,
            column: place.column,
            length: place.length,
            message,
            hint,
            ext: Vec::new(),
        });
    }

    pub fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// In reading order, errors kept before warnings when there are too many.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        if self.found.len() > MOST {
            self.found
                .sort_by_key(|diagnostic| diagnostic.severity == Severity::Warning);
            self.found.truncate(MOST);
        }
        self.found
            .sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        self.found
    }
}

/// "did you mean ..." when one of the names is close to what was written, else the list of them.
pub fn suggest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.into_iter().collect();
    // One edit makes any two-letter word of any other.
    let tolerance = match written.chars().count() {
        0..=2 => 0,
        letters => (letters / 3).max(1),
    };
    let closest = names
        .iter()
        .map(|name| (distance(written, name), *name))
        .filter(|(distance, _)| *distance <= tolerance)
        .min();
    match closest {
        Some((_, name)) => Some(format!("did you mean `{name}`?")),
        None if names.is_empty() => None,
        None => {
            let shown: Vec<String> = names
                .iter()
                .take(12)
                .map(|name| format!("`{name}`"))
                .collect();
            let more = if names.len() > 12 { ", ..." } else { "" };
            Some(format!("there are {}{more}", shown.join(", ")))
        }
    }
}

/// Edits between two words: insert, delete, replace, swap neighbours; case counts nothing.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().collect();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    if left.len().abs_diff(right.len()) > 8 {
        return usize::MAX;
    }
    let width = right.len() + 1;
    let mut rows = vec![vec![0usize; width]; left.len() + 1];
    for (place, row) in rows.iter_mut().enumerate() {
        row[0] = place;
    }
    for (place, cell) in rows[0].iter_mut().enumerate() {
        *cell = place;
    }
    for i in 1..=left.len() {
        for j in 1..=right.len() {
            let same = usize::from(left[i - 1] != right[j - 1]);
            let mut best = (rows[i - 1][j] + 1)
                .min(rows[i][j - 1] + 1)
                .min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[left.len()][right.len()]
}
