//! The tables, and how an older catalog becomes a newer one.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::Error;

/// How long to wait for another process.
const WAIT: Duration = Duration::from_secs(10);

/// The version that this program writes.
pub(super) const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE run (
    id       TEXT PRIMARY KEY,
    job      TEXT NOT NULL,
    started  TEXT NOT NULL,
    finished TEXT,
    state    INTEGER NOT NULL          -- 0 open, 1 sealed, 2 done
);
CREATE INDEX run_by_job ON run (job, state);

-- One row for each content that a place has held; `current` is the last one.
CREATE TABLE artefact (
    job           TEXT NOT NULL,
    source        TEXT NOT NULL,
    origin        TEXT NOT NULL,       -- opaque: a keyed hash of the address
    current       INTEGER NOT NULL,
    fate          INTEGER NOT NULL,    -- 0 examined, 1 unchanged, 2 failed
    run           TEXT NOT NULL,       -- that saw it last
    page          INTEGER NOT NULL,
    status        INTEGER,
    validator     TEXT NOT NULL,
    examined_with TEXT NOT NULL,
    verdict       TEXT,
    failure       TEXT,
    fetched       TEXT NOT NULL,
    first_seen    TEXT NOT NULL,
    last_seen     TEXT NOT NULL,
    gone          TEXT
);
CREATE UNIQUE INDEX artefact_by_place ON artefact (job, source, origin) WHERE current = 1;
CREATE INDEX artefact_by_job ON artefact (job, source, origin);

CREATE TABLE reported (
    job         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    run         TEXT NOT NULL,         -- that named it first
    PRIMARY KEY (job, kind, fingerprint)
) WITHOUT ROWID;
";

/// Makes the tables where there are none, and refuses those of a newer version and
/// the files of others.
pub(super) fn prepare(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(WAIT)?;
    // Both looks of `version` are at the same moment.
    let version = connection
        .unchecked_transaction()
        .map_err(Error::Sqlite)
        .and_then(|tx| version(&tx))
        .map_err(|error| match error {
            Error::Sqlite(error) if is_other_file(&error) => Error::NoCatalog,
            error => error,
        })?;
    // In WAL mode this survives a kill at any time; after a power cut the last
    // transactions may be missing, and their artefacts are examined again.
    write_ahead(connection)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    if version == 0 {
        let tx = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        // Another process may have made them in the meantime.
        if self::version(&tx)? == 0 {
            tx.execute_batch(&format!("{TABLES} PRAGMA user_version = {VERSION};"))?;
        }
        tx.commit()?;
    }
    Ok(())
}

/// Changes to WAL mode. SQLite does not wait for another process that is at it, too.
fn write_ahead(connection: &Connection) -> Result<(), rusqlite::Error> {
    let give_up = Instant::now() + WAIT;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < give_up =>
            {
                thread::sleep(Duration::from_millis(20));
            }
            done => return done,
        }
    }
}

/// The version of the catalog, 0 for an empty file. Changes nothing.
fn version(connection: &Connection) -> Result<i64, Error> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let (tables, own): (i64, i64) = connection.query_row(
        "SELECT COUNT(*), COUNT(CASE WHEN name IN ('run', 'artefact', 'reported') THEN 1 END)
         FROM sqlite_schema WHERE type = 'table'",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    match version {
        version if version > VERSION => Err(Error::Newer { version }),
        0 if tables == 0 => Ok(0),
        1.. if own == 3 => Ok(version),
        _ => Err(Error::NoCatalog),
    }
}

fn is_other_file(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}
