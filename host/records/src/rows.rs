//! Between rows and words: typed columns, and inserts of many rows in few statements.

use crate::error::{Error, Result};
use hotline_vocabulary::time::{Millis, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{AnyConnection, Arguments, AssertSqlSafe, Executor, Row};
use std::fmt::Write;
use std::str::FromStr;

/// Statements come in these sizes only, so that few texts are prepared and kept.
const CHUNKS: [usize; 5] = [256, 64, 16, 4, 1];

/// Typed reading of columns by name.
pub(crate) trait Columns {
    fn text(&self, column: &'static str) -> Result<String>;
    fn optional_text(&self, column: &'static str) -> Result<Option<String>>;
    fn integer(&self, column: &'static str) -> Result<i64>;
    fn optional_integer(&self, column: &'static str) -> Result<Option<i64>>;

    /// An id, or another word with a text form.
    fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        self.text(column)?
            .parse()
            .map_err(|error| Error::corrupt(column, error))
    }

    fn optional_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        self.optional_text(column)?
            .map(|text| text.parse())
            .transpose()
            .map_err(|error| Error::corrupt(column, error))
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|error| Error::corrupt(column, error))
    }

    /// A word of a closed set, stored as serde writes it.
    fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        word(column, self.text(column)?)
    }

    fn optional_word<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>> {
        self.optional_text(column)?
            .map(|text| word(column, text))
            .transpose()
    }

    fn time(&self, column: &'static str) -> Result<Timestamp> {
        self.integer(column).map(Timestamp)
    }

    fn optional_time(&self, column: &'static str) -> Result<Option<Timestamp>> {
        Ok(self.optional_integer(column)?.map(Timestamp))
    }

    fn count(&self, column: &'static str) -> Result<u64> {
        u64::try_from(self.integer(column)?).map_err(|error| Error::corrupt(column, error))
    }

    fn millis(&self, column: &'static str) -> Result<Millis> {
        self.count(column).map(Millis)
    }

    fn optional_millis(&self, column: &'static str) -> Result<Option<Millis>> {
        self.optional_integer(column)?
            .map(|value| u64::try_from(value).map(Millis))
            .transpose()
            .map_err(|error| Error::corrupt(column, error))
    }
}

impl Columns for AnyRow {
    fn text(&self, column: &'static str) -> Result<String> {
        Ok(self.try_get(column)?)
    }

    fn optional_text(&self, column: &'static str) -> Result<Option<String>> {
        Ok(self.try_get(column)?)
    }

    fn integer(&self, column: &'static str) -> Result<i64> {
        Ok(self.try_get(column)?)
    }

    fn optional_integer(&self, column: &'static str) -> Result<Option<i64>> {
        Ok(self.try_get(column)?)
    }
}

fn word<T: DeserializeOwned>(column: &'static str, text: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text))
        .map_err(|error| Error::corrupt(column, error))
}

pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::corrupt("value", error))
}

/// Counts are far below 2^63; one that is not is written as the largest.
pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Values for a statement's placeholders, in order.
#[derive(Default)]
pub(crate) struct Values(AnyArguments);

impl Values {
    pub(crate) fn text(&mut self, value: impl ToString) -> Result<()> {
        self.put(value.to_string())
    }

    pub(crate) fn optional_text(&mut self, value: Option<impl ToString>) -> Result<()> {
        self.put(value.map(|value| value.to_string()))
    }

    pub(crate) fn integer(&mut self, value: i64) -> Result<()> {
        self.put(value)
    }

    pub(crate) fn optional_integer(&mut self, value: Option<i64>) -> Result<()> {
        self.put(value)
    }

    pub(crate) fn into_arguments(self) -> AnyArguments {
        self.0
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn put<T>(&mut self, value: T) -> Result<()>
    where
        T: sqlx::Encode<'static, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        self.0
            .add(value)
            .map_err(|error| Error::Database(sqlx::Error::Encode(error)))
    }
}

/// `INSERT INTO {into} VALUES (...), ... {conflict}` for any number of rows. `into` names the
/// table and its columns, `columns` is their number. Returns how many rows were written.
pub(crate) async fn insert<R>(
    connection: &mut AnyConnection,
    into: &'static str,
    columns: usize,
    conflict: &'static str,
    rows: &[R],
    put: impl Fn(&mut Values, &R) -> Result<()>,
) -> Result<u64> {
    let mut written = 0;
    let mut rest = rows;
    while let Some(size) = CHUNKS.into_iter().find(|size| *size <= rest.len()) {
        let (chunk, after) = rest.split_at(size);
        rest = after;
        let mut sql = format!("INSERT INTO {into} VALUES ");
        let mut placeholders = Placeholders::of(connection);
        for row in 0..size {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            placeholders.write(&mut sql, columns);
            sql.push(')');
        }
        sql.push(' ');
        sql.push_str(conflict);
        let mut values = Values::default();
        for row in chunk {
            put(&mut values, row)?;
        }
        let query = sqlx::query_with(AssertSqlSafe(sql), values.into_arguments());
        written += connection.execute(query).await?.rows_affected();
    }
    Ok(written)
}

/// The rows of `{select} ... tenant = $1 AND {column} IN (...)` for any number of keys. The order
/// is the database's.
pub(crate) async fn select_in<K: ToString>(
    connection: &mut AnyConnection,
    select: &'static str,
    tenant: &str,
    column: &'static str,
    keys: &[K],
) -> Result<Vec<AnyRow>> {
    let mut rows = Vec::new();
    let mut rest = keys;
    while let Some(size) = CHUNKS.into_iter().find(|size| *size <= rest.len()) {
        let (chunk, after) = rest.split_at(size);
        rest = after;
        let mut placeholders = Placeholders::of(connection);
        let mut sql = format!("{select} WHERE tenant = ");
        placeholders.write(&mut sql, 1);
        sql.push_str(&format!(" AND {column} IN ("));
        placeholders.write(&mut sql, size);
        sql.push(')');
        let mut values = Values::default();
        values.text(tenant)?;
        for key in chunk {
            values.text(key.to_string())?;
        }
        let query = sqlx::query_with(AssertSqlSafe(sql), values.into_arguments());
        rows.extend(connection.fetch_all(query).await?);
    }
    Ok(rows)
}

/// Writes a statement's placeholders in order. SQLite takes `$1` for a name and looks each name up
/// among all others when it is bound, so a statement of many rows has nameless ones there.
enum Placeholders {
    Nameless,
    /// How many there are already.
    Numbered(usize),
}

impl Placeholders {
    fn of(connection: &AnyConnection) -> Self {
        match connection.backend_name() {
            "SQLite" => Placeholders::Nameless,
            _ => Placeholders::Numbered(0),
        }
    }

    /// Writes `count` of them, with commas between.
    fn write(&mut self, sql: &mut String, count: usize) {
        for place in 0..count {
            if place > 0 {
                sql.push_str(", ");
            }
            match self {
                Placeholders::Nameless => sql.push('?'),
                Placeholders::Numbered(written) => {
                    *written += 1;
                    // Writing into a string can not fail.
                    let _ = write!(sql, "${written}");
                }
            }
        }
    }
}
