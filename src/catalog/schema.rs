//! The tables, and how an older catalog becomes a newer one.

use rusqlite::Connection;

use super::Error;

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

/// Makes the tables where there are none, and refuses those of a newer version.
pub(super) fn prepare(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // In WAL mode this survives a kill at any time; after a power cut the last
    // transactions may be missing, and their artefacts are examined again.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Err(Error::Newer { version });
    }
    if version == 0 {
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"
        ))?;
    }
    Ok(())
}
