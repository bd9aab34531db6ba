//! Rows of the tables to values, and back.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{Artefact, Error, Fate, Run, State};
use crate::base::Origin;

pub(super) const COLUMNS: &str = "source, origin, fate, run, page, status, validator, examined_with, verdict, failure, fetched, first_seen, last_seen, gone, current";

pub(super) fn insert(tx: &Transaction<'_>, job: &str, artefact: &Artefact) -> Result<(), Error> {
    tx.prepare_cached(&format!(
        "INSERT INTO artefact (job, {COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    ))?
    .execute(params![
        job,
        artefact.source,
        artefact.origin.to_string(),
        artefact.fate.code(),
        artefact.run,
        artefact.page,
        artefact.status,
        artefact.validator,
        artefact.examined_with,
        artefact.verdict,
        artefact.failure,
        artefact.fetched.to_string(),
        artefact.first_seen.to_string(),
        artefact.last_seen.to_string(),
        artefact.gone.map(|time| time.to_string()),
        artefact.current,
    ])?;
    Ok(())
}

pub(super) fn unfinished(tx: &Transaction<'_>, job: &str) -> Result<Option<Run>, Error> {
    let found = tx
        .query_row(
            "SELECT id, started, state FROM run WHERE job = ?1 AND state < 2 ORDER BY started LIMIT 1",
            params![job],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)),
        )
        .optional()?;
    let Some((id, started, state)) = found else {
        return Ok(None);
    };
    Ok(Some(Run {
        id,
        started: time(&started, "run.started")?,
        state: match state {
            0 => State::Open,
            1 => State::Sealed,
            _ => State::Done,
        },
    }))
}

pub(super) fn artefact(row: &Row<'_>) -> Result<Artefact, Error> {
    Ok(Artefact {
        source: row.get(0)?,
        origin: Origin::try_from(row.get::<_, String>(1)?).map_err(|_| Error::Foreign {
            column: "artefact.origin",
        })?,
        fate: Fate::of(row.get(2)?).ok_or(Error::Foreign {
            column: "artefact.fate",
        })?,
        run: row.get(3)?,
        page: row.get(4)?,
        status: row.get(5)?,
        validator: row.get(6)?,
        examined_with: row.get(7)?,
        verdict: row.get(8)?,
        failure: row.get(9)?,
        fetched: time(&row.get::<_, String>(10)?, "artefact.fetched")?,
        first_seen: time(&row.get::<_, String>(11)?, "artefact.first_seen")?,
        last_seen: time(&row.get::<_, String>(12)?, "artefact.last_seen")?,
        gone: row
            .get::<_, Option<String>>(13)?
            .map(|text| time(&text, "artefact.gone"))
            .transpose()?,
        current: row.get(14)?,
    })
}

pub(super) fn time(text: &str, column: &'static str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| Error::Foreign { column })
}
