//! What can go wrong with a question to the records.

use hotline_vocabulary::ids::IdError;
use std::borrow::Cow;

/// Why a repository could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no such {what}")]
    NotFound { what: &'static str },
    /// Another row has this value, which must be unique.
    #[error("{field} is taken")]
    Conflict { field: &'static str },
    /// Others hold on to what was to go.
    #[error("the {what} is in use by {}", .by.join(", "))]
    InUse { what: &'static str, by: Vec<String> },
    /// `field` is the path of the value in what was given: `rules.rings[1].skills`.
    #[error("{field}: {message}")]
    Invalid {
        field: Cow<'static, str>,
        message: String,
    },
    /// The database is away, busy or shutting down; the same question may work later.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The database refused a statement: a defect of ours.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
    /// A stored value is not what its column holds.
    #[error("the stored {what} can not be read")]
    Corrupt {
        what: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("the schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("a password could not be hashed: {0}")]
    Password(String),
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if is_outage(&error) {
            Error::Unavailable(error)
        } else {
            Error::Database(error)
        }
    }
}

impl From<IdError> for Error {
    fn from(error: IdError) -> Self {
        Error::corrupt("id", error)
    }
}

impl Error {
    pub(crate) fn invalid(
        field: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Error {
        Error::Invalid {
            field: field.into(),
            message: message.into(),
        }
    }

    pub(crate) fn corrupt(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        Error::Corrupt {
            what,
            source: source.into(),
        }
    }

    /// Names the field when the database found a value taken that must be unique. `fields` pairs
    /// a part of the constraint's name (PostgreSQL) or of its columns (SQLite) with the field.
    pub(crate) fn from_write(error: sqlx::Error, fields: &[(&str, &'static str)]) -> Error {
        if let sqlx::Error::Database(database) = &error
            && database.is_unique_violation()
        {
            let text = format!(
                "{} {}",
                database.constraint().unwrap_or_default(),
                database.message()
            );
            let field = fields.iter().find(|(part, _)| text.contains(part));
            return Error::Conflict {
                field: field.map_or("id", |(_, field)| field),
            };
        }
        error.into()
    }
}

impl Error {
    /// Whether the values of a statement are at fault, so that it will never work: not an outage,
    /// and not a schema that someone may put right.
    pub(crate) fn is_about_values(&self) -> bool {
        match self {
            Error::Corrupt { .. } => true,
            Error::Database(sqlx::Error::Encode(_)) => true,
            Error::Database(sqlx::Error::Database(database)) => match database.code().as_deref() {
                // PostgreSQL's classes: data exception, integrity constraint, program limit.
                Some(code) if code.len() == 5 => ["22", "23", "54"]
                    .iter()
                    .any(|class| code.starts_with(class)),
                // SQLite's primary codes: too big, constraint, mismatch.
                Some(code) => code
                    .parse::<u32>()
                    .is_ok_and(|code| matches!(code & 0xff, 18..=20)),
                None => false,
            },
            _ => false,
        }
    }
}

/// Whether the same statement may work later without any change of it.
fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => match database.code().as_deref() {
            // PostgreSQL's classes: connection, resources, operator intervention, serialisation,
            // a database that is not accepting connections.
            Some(code) if code.len() == 5 => ["08", "53", "57", "40", "55"]
                .iter()
                .any(|class| code.starts_with(class)),
            // SQLite's primary codes, in the low byte: busy, locked, I/O error, full, can't open.
            Some(code) => code
                .parse::<u32>()
                .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14)),
            None => false,
        },
        _ => false,
    }
}
