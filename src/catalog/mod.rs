//! What earlier runs saw and reported: one SQLite file.
//!
//! | in  | what became of each artefact of a run, as it happens                |
//! |-----|----------------------------------------------------------------------|
//! | out | what is known of a place; everything a report is made from           |
//! | not | addresses, names, content: places are opaque, verdicts are JSON that the engine made |
//!
//! Every call is one transaction, so a run that is killed loses nothing that was
//! recorded; [`Catalog::begin`] takes an unfinished run up again.

mod rows;
mod schema;
mod together;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rows::{COLUMNS, artefact, unfinished};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

pub use together::{Past, Together};

use crate::base::Origin;

/// The catalog could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused.
    #[error("the catalog could not be read or written")]
    Sqlite(#[from] rusqlite::Error),
    /// It was written by a newer version.
    #[error(
        "the catalog has version {version}; this program reads version {}",
        schema::VERSION
    )]
    Newer {
        /// The version that it bears.
        version: i64,
    },
    /// The file is something else, or damaged.
    #[error("the file is no catalog of blindsift, or it is damaged")]
    NoCatalog,
    /// A value in it is not what this program writes.
    #[error("the catalog holds a value that this program does not write ({column})")]
    Foreign {
        /// Where.
        column: &'static str,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => {
                "check that the file of `state.url` and its folder can be written and that the disk is not full"
            }
            Self::NoCatalog => {
                "name another file with `state.url`, or restore the catalog from a backup; the file was not changed"
            }
            Self::Newer { .. } => "use a newer blindsift, or another `state.url`",
            Self::Foreign { .. } => {
                "restore the catalog from a backup, or begin a new one with another `state.url`"
            }
        }
    }
}

/// What earlier runs saw and reported.
#[derive(Debug)]
pub struct Catalog(Mutex<Connection>);

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has begun.
    Open,
    /// Its report is written and what it reports is noted, but the report may not
    /// stand in its place yet.
    Sealed,
    /// Its report stands in its place.
    Done,
}

/// A run as the catalog knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// When it began.
    pub started: Timestamp,
    /// How it stands.
    pub state: State,
}

/// What became of an artefact in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Fetched and examined.
    Examined,
    /// As an earlier run left it.
    Unchanged,
    /// Not fetched, or not to its end.
    Failed,
}

impl Fate {
    fn code(self) -> i64 {
        match self {
            Self::Examined => 0,
            Self::Unchanged => 1,
            Self::Failed => 2,
        }
    }

    fn of(code: i64) -> Option<Self> {
        [Self::Examined, Self::Unchanged, Self::Failed]
            .into_iter()
            .find(|fate| fate.code() == code)
    }
}

/// An artefact as the catalog knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    /// The source's name.
    pub source: String,
    /// Its place.
    pub origin: Origin,
    /// What became of it in the run that saw it last.
    pub fate: Fate,
    /// The run that saw it last.
    pub run: String,
    /// Whether it is a page whose links are followed.
    pub page: bool,
    /// The status that its server answered with.
    pub status: Option<u16>,
    /// What its server or file system says to tell versions apart, as JSON.
    pub validator: String,
    /// List, engine and limits that it was examined with; empty if it must be
    /// examined again.
    pub examined_with: String,
    /// What was found in it, as JSON; `None` if it never came.
    pub verdict: Option<String>,
    /// What the last attempt to fetch it met, as JSON.
    pub failure: Option<String>,
    /// When it was fetched.
    pub fetched: Timestamp,
    /// When a run first saw this content.
    pub first_seen: Timestamp,
    /// When a run last saw it.
    pub last_seen: Timestamp,
    /// When a run found it gone, or changed into another.
    pub gone: Option<Timestamp>,
    /// Whether it is the last content that its place held.
    pub current: bool,
}

/// An entry that a report of the job has named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reported {
    /// Its kind.
    pub kind: String,
    /// Its fingerprint.
    pub fingerprint: String,
}

impl Catalog {
    /// Opens the catalog at `path` and makes it if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] for a catalog of a newer version, [`Error::NoCatalog`] for
    /// another file, [`Error::Sqlite`] for one that cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::prepare(Connection::open(path)?)
    }

    /// A catalog that lives in memory, for a run that has no past and no future.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`] when there is no memory.
    pub fn in_memory() -> Result<Self, Error> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, Error> {
        schema::prepare(&connection)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Begins a run of `job`, or takes up the one that did not come to its end.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn begin(&self, job: &str, id: &str, now: Timestamp) -> Result<Run, Error> {
        self.transact(|tx| {
            if let Some(run) = unfinished(tx, job)? {
                return Ok(run);
            }
            tx.execute(
                "INSERT INTO run (id, job, started, state) VALUES (?1, ?2, ?3, 0)",
                params![id, job, now.to_string()],
            )?;
            Ok(Run {
                id: id.to_owned(),
                started: now,
                state: State::Open,
            })
        })
    }

    /// The run of `job` that did not come to its end.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn unfinished(&self, job: &str) -> Result<Option<Run>, Error> {
        self.transact(|tx| unfinished(tx, job))
    }

    /// Whether anything is known of a place of `job`.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn knows(&self, job: &str) -> Result<bool, Error> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM artefact WHERE job = ?1)")?;
        Ok(statement.query_row(params![job], |row| row.get(0))?)
    }

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
        together::recall(&self.lock(), job, source, origin)
    }

    /// Records what became of an artefact.
    ///
    /// When the place held other content before (`replaces`), that stays as
    /// history: gone since now. Content that comes back is history no longer.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn record(&self, job: &str, artefact: &Artefact, replaces: bool) -> Result<(), Error> {
        self.transact(|tx| together::record(tx, job, artefact, replaces))
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
        self.transact(|tx| together::unchanged(tx, job, source, origin, run, now))
    }

    /// Notes that what the run did not see in `source` is gone.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn sweep(&self, job: &str, source: &str, run: &str, now: Timestamp) -> Result<(), Error> {
        self.transact(|tx| {
            tx.execute(
                "UPDATE artefact SET gone = ?4 WHERE job = ?1 AND source = ?2 AND run <> ?3 AND gone IS NULL AND current = 1",
                params![job, source, run, now.to_string()],
            )?;
            Ok(())
        })
    }

    /// Hands every artefact of `job` to `each`, those that are gone too, in the
    /// order of sources' names, places and times.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`], and the first error of `each`.
    pub fn artefacts<E: From<Error>>(
        &self,
        job: &str,
        each: &mut dyn FnMut(Artefact) -> Result<(), E>,
    ) -> Result<(), E> {
        let connection = self.lock();
        let mut statement = connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM artefact WHERE job = ?1 ORDER BY source, origin, first_seen, rowid"
            ))
            .map_err(Error::Sqlite)?;
        let mut rows = statement.query(params![job]).map_err(Error::Sqlite)?;
        while let Some(row) = rows.next().map_err(Error::Sqlite)? {
            each(artefact(row)?)?;
        }
        Ok(())
    }

    /// The entries that earlier reports of `job` have named.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn reported(&self, job: &str) -> Result<std::collections::BTreeSet<Reported>, Error> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("SELECT kind, fingerprint FROM reported WHERE job = ?1")?;
        let rows = statement.query_map(params![job], |row| {
            Ok(Reported {
                kind: row.get(0)?,
                fingerprint: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that the run's report is written and names `new` for the first time.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn seal(
        &self,
        job: &str,
        run: &str,
        new: &[Reported],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.transact(|tx| {
            let mut statement = tx.prepare_cached(
                "INSERT OR IGNORE INTO reported (job, kind, fingerprint, run) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for entry in new {
                statement.execute(params![job, entry.kind, entry.fingerprint, run])?;
            }
            tx.execute(
                "UPDATE run SET state = 1, finished = ?2 WHERE id = ?1",
                params![run, now.to_string()],
            )?;
            Ok(())
        })
    }

    /// Takes a seal back: the report that was written is lost.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn unseal(&self, run: &str) -> Result<(), Error> {
        self.transact(|tx| {
            tx.execute("DELETE FROM reported WHERE run = ?1", params![run])?;
            tx.execute(
                "UPDATE run SET state = 0, finished = NULL WHERE id = ?1",
                params![run],
            )?;
            Ok(())
        })
    }

    /// Notes that the run's report stands in its place.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn finish(&self, run: &str) -> Result<(), Error> {
        self.transact(|tx| {
            tx.execute("UPDATE run SET state = 2 WHERE id = ?1", params![run])?;
            Ok(())
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked inside left a transaction, which was rolled back.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn transact<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::Sqlite)?;
        let value = work(&tx)?;
        tx.commit().map_err(Error::Sqlite)?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests;
