//! Tables that routing policies look things up in: `tables/NAME.json` of a tenant's flows folder, one
//! JSON object each. Read when asked for, and again when the file changed; a table with a mistake is
//! told once, and its last good content stays.

use parking_lot::Mutex;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::{fs, io};

/// A larger file is refused unread.
const TABLE_BYTES: u64 = 8 * 1024 * 1024;
/// Tables of one tenant that are kept in memory; further ones are not read.
const TABLES: usize = 64;
/// A value that is longer is not handed to a policy.
const VALUE_BYTES: usize = 64 * 1024;

/// Why a lookup in a table failed; for the tenant's people.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum TableError {
    #[error("`{0}` is no name of a table: letters, digits, `-` and `_` only")]
    Name(String),
    #[error("there is no table `tables/{0}.json`")]
    Missing(String),
    #[error("the table `tables/{name}.json`: {problem}")]
    Unusable { name: String, problem: String },
    #[error("the value in the table `tables/{0}.json` is longer than {VALUE_BYTES} bytes")]
    TooLong(String),
}

type Rows = HashMap<String, Value>;

/// The tables of one tenant. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    folder: PathBuf,
    read: Arc<Mutex<HashMap<String, Table>>>,
}

/// A table as it was read last.
#[derive(Debug, Clone)]
struct Table {
    seen: Seen,
    /// The last good content, and what is wrong with the file as it is now.
    rows: Option<Arc<Rows>>,
    problem: Option<String>,
}

/// Changes whenever a file is written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Tables {
    /// Below `folder`, which need not exist.
    pub(crate) fn new(folder: PathBuf) -> Tables {
        Tables {
            folder,
            read: Arc::default(),
        }
    }

    /// The JSON of a key; none when the table has no such key. Reads files: not for an async task.
    ///
    /// # Errors
    /// No such table, or one that never was good.
    pub(crate) fn look_up(&self, table: &str, key: &str) -> Result<Option<String>, TableError> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if table.is_empty() || table.len() > 64 || !table.chars().all(plain) {
            return Err(TableError::Name(table.chars().take(64).collect()));
        }
        let rows = self.rows(table)?;
        let Some(value) = rows.get(key) else {
            return Ok(None);
        };
        let value = value.to_string();
        if value.len() > VALUE_BYTES {
            return Err(TableError::TooLong(table.to_owned()));
        }
        Ok(Some(value))
    }

    fn rows(&self, name: &str) -> Result<Arc<Rows>, TableError> {
        let path = self.folder.join(format!("{name}.json"));
        let seen = match fs::metadata(&path) {
            Ok(about) => Seen {
                bytes: about.len(),
                modified: about.modified().ok(),
            },
            Err(_) => return Err(TableError::Missing(name.to_owned())),
        };
        let known = self.read.lock().get(name).cloned();
        let table = match known {
            Some(table) if table.seen == seen => table,
            before => self.read_anew(name, &path, seen, before.and_then(|table| table.rows))?,
        };
        table.rows.ok_or_else(|| TableError::Unusable {
            name: name.to_owned(),
            problem: table.problem.unwrap_or_default(),
        })
    }

    fn read_anew(
        &self,
        name: &str,
        path: &Path,
        seen: Seen,
        last_good: Option<Arc<Rows>>,
    ) -> Result<Table, TableError> {
        let table = match parse(path, seen.bytes) {
            Ok(rows) => Table {
                seen,
                rows: Some(Arc::new(rows)),
                problem: None,
            },
            Err(problem) => {
                tracing::warn!(
                    table = %path.display(), problem,
                    "a table can not be read; its last good content stays"
                );
                Table {
                    seen,
                    rows: last_good,
                    problem: Some(problem),
                }
            }
        };
        let mut read = self.read.lock();
        if read.len() >= TABLES && !read.contains_key(name) {
            return Err(TableError::Unusable {
                name: name.to_owned(),
                problem: format!("more than {TABLES} tables are in use"),
            });
        }
        read.insert(name.to_owned(), table.clone());
        Ok(table)
    }
}

fn parse(path: &Path, bytes: u64) -> Result<Rows, String> {
    if bytes > TABLE_BYTES {
        return Err(format!("is larger than {TABLE_BYTES} bytes"));
    }
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => "is not text in UTF-8".to_owned(),
        _ => error.to_string(),
    })?;
    // Line and column are in the error.
    serde_json::from_str(&text).map_err(|error| format!("a JSON object is expected: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_anew_when_saved_and_keeps_its_last_good_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let tables = Tables::new(folder.path().to_owned());
        let save = |text: &str| {
            fs::write(folder.path().join("tiers.json"), text).expect("a table is saved");
        };
        let missing = tables.look_up("tiers", "a").expect_err("there is none");
        assert!(matches!(missing, TableError::Missing(_)), "{missing}");
        save(r#"{"a": {"points": 5}, "b": null}"#);
        let found = |key| tables.look_up("tiers", key).expect("a good table");
        assert_eq!(found("a").as_deref(), Some(r#"{"points":5}"#));
        assert_eq!(found("c"), None);
        save(r#"{"a": 6}"#);
        assert_eq!(found("a").as_deref(), Some("6"));
        save("{\"a\": 7,\n}");
        assert_eq!(found("a").as_deref(), Some("6"), "the last good content");
    }

    #[test]
    fn a_table_that_never_was_good_says_where_and_names_can_not_climb() {
        let folder = tempfile::tempdir().expect("a folder");
        let tables = Tables::new(folder.path().join("tables"));
        fs::create_dir(folder.path().join("tables")).expect("a folder");
        fs::write(folder.path().join("secret.json"), "{\"a\": 1}").expect("a file");
        fs::write(folder.path().join("tables/list.json"), "[\n1]").expect("a file");
        let told = tables.look_up("list", "a").expect_err("a list is no table");
        assert!(told.to_string().contains("line 1"), "{told}");
        for name in ["../secret", "", "a/b", "."] {
            let refused = tables.look_up(name, "a").expect_err("no name of a table");
            assert!(matches!(refused, TableError::Name(_)), "{name}: {refused}");
        }
    }
}
