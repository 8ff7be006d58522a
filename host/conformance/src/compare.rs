//! Where one value differs from another.

use serde_json::Value;

/// Where two values differ, by JSON pointer; empty when they are equal, at most 8.
pub fn differences(expected: &Value, got: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", expected, got, &mut found);
    found
}

/// Differences shown; the rest would only scroll them away.
const DIFFERENCES: usize = 8;

/// Writes down where two values differ, by JSON pointer.
fn compare(path: &str, expected: &Value, got: &Value, differences: &mut Vec<String>) {
    if expected == got || differences.len() >= DIFFERENCES {
        return;
    }
    match (expected, got) {
        (Value::Array(one), Value::Array(other)) => {
            for place in 0..one.len().max(other.len()) {
                let (left, right) = (one.get(place), other.get(place));
                let path = format!("{path}/{place}");
                compare(
                    &path,
                    left.unwrap_or(&NONE),
                    right.unwrap_or(&NONE),
                    differences,
                );
            }
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let (left, right) = (one.get(key), other.get(key));
                let path = format!("{path}/{key}");
                compare(
                    &path,
                    left.unwrap_or(&NONE),
                    right.unwrap_or(&NONE),
                    differences,
                );
            }
        }
        _ => differences.push(format!("at {path}: expected {expected}, got {got}")),
    }
}

static NONE: Value = Value::Null;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_with_its_place() {
        let expected = serde_json::json!({"a": [1, 2], "b": "x"});
        let got = serde_json::json!({"a": [1, 3, 4], "b": "x"});
        let differences = differences(&expected, &got);
        assert_eq!(
            differences,
            [
                "at /a/1: expected 2, got 3",
                "at /a/2: expected null, got 4"
            ]
        );
    }
}
