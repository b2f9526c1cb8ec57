//! What the database says, in the words of the port.

use gamification_core::ports::StoreError;
use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

pub(crate) type Stored<T> = Result<T, StoreError>;

/// Turns a database error into the one that the core decides by.
pub(crate) fn store_error(error: DbErr) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(what)) => return StoreError::AlreadyExists(what),
        Some(SqlErr::ForeignKeyConstraintViolation(what)) => return StoreError::Missing(what),
        _ => {}
    }
    match &error {
        DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause) => match cause {
            RuntimeErr::SqlxError(cause) => driver_error(cause),
            RuntimeErr::Internal(text) => StoreError::Unavailable(text.clone()),
        },
        DbErr::TryIntoErr { .. } | DbErr::Type(_) | DbErr::Json(_) => {
            StoreError::Corrupt(error.to_string())
        }
        _ => StoreError::Unavailable(error.to_string()),
    }
}

fn driver_error(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(cause) => {
            let text = cause.to_string();
            let code = cause.code().unwrap_or_default();
            if cause.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                postgres_error(&code, text)
            } else {
                sqlite_error(&code, text)
            }
        }
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::TypeNotFound { .. } => StoreError::Corrupt(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// By SQLSTATE: serialisation failure, deadlock, lock timeout and statement timeout leave nothing
/// behind and may be tried again.
fn postgres_error(code: &str, text: String) -> StoreError {
    match code {
        "40001" | "40P01" | "55P03" | "57014" => StoreError::Contention(text),
        _ => StoreError::Unavailable(text),
    }
}

/// By result code, whose lowest byte is the primary one: 5 busy, 6 locked, 11 malformed,
/// 26 not a database.
fn sqlite_error(code: &str, text: String) -> StoreError {
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => StoreError::Contention(text),
        Ok(11 | 26) => StoreError::Corrupt(text),
        _ => StoreError::Unavailable(text),
    }
}

/// The error of a column whose value the core does not know.
pub(crate) fn corrupt(column: &str, problem: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{column}: {problem}"))
}

/// The error of a write that did not meet the rows that were decided on.
pub(crate) fn contention(what: &str) -> StoreError {
    StoreError::Contention(format!("{what} is not as it was read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_left_nothing_behind_may_be_tried_again() {
        for code in ["40001", "40P01", "55P03", "57014"] {
            assert!(matches!(postgres_error(code, String::new()), StoreError::Contention(_)));
        }
        for code in ["5", "6", "261", "517"] {
            assert!(matches!(sqlite_error(code, String::new()), StoreError::Contention(_)));
        }
    }

    #[test]
    fn everything_else_is_not_tried_again_at_once() {
        for code in ["57P01", "53300", "42P01", "08006"] {
            assert!(matches!(postgres_error(code, String::new()), StoreError::Unavailable(_)));
        }
        assert!(matches!(sqlite_error("13", String::new()), StoreError::Unavailable(_)));
        assert!(matches!(sqlite_error("11", String::new()), StoreError::Corrupt(_)));
    }
}
