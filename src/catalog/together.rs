//! Several artefacts in one transaction.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use jiff::Timestamp;

use super::rows::{COLUMNS, artefact, insert, time};
use super::{Artefact, Catalog, Error};
use crate::base::Origin;

/// What was known of a place before what is recorded now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// Nothing.
    Nothing,
    /// The same content.
    Same,
    /// Other content: it stays as history, gone since now.
    Other,
}

/// A transaction under way.
#[derive(Debug)]
pub struct Together<'t>(&'t Transaction<'t>);

impl Catalog {
    /// Lets `work` look at places and record them, all in one transaction: when it
    /// fails, nothing of it has happened.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`], and the error of `work`.
    pub fn together<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Together<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact(|tx| work(&Together(tx)))
    }
}

impl Together<'_> {
    /// What is known of a place.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn recall(
        &self,
        job: &str,
        source: &str,
        origin: Origin,
    ) -> Result<Option<Artefact>, Error> {
        recall(self.0, job, source, origin)
    }

    /// Records what became of an artefact; `past` is what [`Together::recall`] told.
    /// Content that comes back is history no longer.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn record(&self, job: &str, artefact: &Artefact, past: Past) -> Result<(), Error> {
        // Where a place has a past, it has a present.
        if past == Past::Nothing {
            return insert(self.0, job, artefact);
        }
        record(self.0, job, artefact, past == Past::Other)
    }

    /// Records that a place is as it was.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn unchanged(
        &self,
        job: &str,
        source: &str,
        origin: Origin,
        run: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        unchanged(self.0, job, source, origin, run, now)
    }
}

pub(super) fn recall(
    connection: &Connection,
    job: &str,
    source: &str,
    origin: Origin,
) -> Result<Option<Artefact>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM artefact WHERE job = ?1 AND source = ?2 AND origin = ?3 AND current = 1"
    ))?;
    let found = statement
        .query_row(params![job, source, origin.to_string()], |row| {
            Ok(artefact(row))
        })
        .optional()?;
    found.transpose()
}

pub(super) fn record(
    tx: &Transaction<'_>,
    job: &str,
    artefact: &Artefact,
    replaces: bool,
) -> Result<(), Error> {
    let origin = artefact.origin.to_string();
    if replaces {
        tx.prepare_cached(
            "UPDATE artefact SET current = 0, gone = COALESCE(gone, ?4) WHERE job = ?1 AND source = ?2 AND origin = ?3 AND current = 1",
        )?
        .execute(params![job, artefact.source, origin, artefact.last_seen.to_string()])?;
    } else {
        tx.prepare_cached(
            "DELETE FROM artefact WHERE job = ?1 AND source = ?2 AND origin = ?3 AND current = 1",
        )?
        .execute(params![job, artefact.source, origin])?;
    }
    let mut artefact = artefact.clone();
    if let Some(first_seen) = take_back(tx, job, &artefact)? {
        artefact.first_seen = artefact.first_seen.min(first_seen);
    }
    insert(tx, job, &artefact)
}

pub(super) fn unchanged(
    tx: &Transaction<'_>,
    job: &str,
    source: &str,
    origin: Origin,
    run: &str,
    now: Timestamp,
) -> Result<(), Error> {
    // A run that was taken up again keeps what it examined itself.
    tx.prepare_cached(
        "UPDATE artefact SET fate = CASE WHEN run = ?4 THEN fate ELSE 1 END, failure = NULL, run = ?4, last_seen = ?5, gone = NULL
         WHERE job = ?1 AND source = ?2 AND origin = ?3 AND current = 1",
    )?
    .execute(params![job, source, origin.to_string(), run, now.to_string()])?;
    Ok(())
}

/// Takes the content of `artefact` out of its place's history; when it was first seen.
fn take_back(
    tx: &Transaction<'_>,
    job: &str,
    artefact: &Artefact,
) -> Result<Option<Timestamp>, Error> {
    let first_seen: Option<String> = tx
        .prepare_cached(
            "DELETE FROM artefact WHERE job = ?1 AND source = ?2 AND origin = ?3 AND current = 0
             AND json_extract(verdict, '$.sha256') = json_extract(?4, '$.sha256')
             RETURNING first_seen",
        )?
        .query_map(
            params![
                job,
                artefact.source,
                artefact.origin.to_string(),
                artefact.verdict
            ],
            |row| row.get(0),
        )?
        // All of it: the rows are deleted as they are asked for.
        .try_fold(None, |first: Option<String>, row| {
            let row: String = row?;
            Ok::<_, rusqlite::Error>(Some(first.map_or(row.clone(), |first| first.min(row))))
        })?;
    first_seen
        .map(|first_seen| time(&first_seen, "artefact.first_seen"))
        .transpose()
}
