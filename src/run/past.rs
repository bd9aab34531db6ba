//! What the catalog holds of a job, in the words of the crawl and of the report.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Error, Job};
use crate::base::{Origin, Reason};
use crate::catalog::{Catalog, Fate, Run};
use crate::crawl::{Memory, Recollection, Validator};
use crate::pipeline::Verdict;
use crate::report::{Known, Standing};

/// What was met when an artefact was fetched, as the catalog keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Trouble {
    pub(super) reason: Reason,
    pub(super) missing: u64,
    /// The verdict beside it is of an earlier run.
    pub(super) is_stale: bool,
}

/// Whether the verdict beside that failure is of an earlier run.
pub(super) fn is_stale(failure: Option<&str>) -> Result<bool, Error> {
    let trouble: Option<Trouble> = failure.map(serde_json::from_str).transpose()?;
    Ok(trouble.is_some_and(|trouble| trouble.is_stale))
}

/// Hands everything that the catalog knows of the job to `each`.
pub(super) fn known(
    job: &Job<'_>,
    run: &Run,
    each: &mut dyn FnMut(&Known<'_>),
) -> Result<(), Error> {
    job.catalog.artefacts(job.name, &mut |row| {
        let verdict: Option<Verdict> = row
            .verdict
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?;
        let trouble: Option<Trouble> = row
            .failure
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?;
        let standing = match row.fate {
            _ if !row.current => Standing::Past,
            _ if row.gone.is_some() => Standing::Gone,
            _ if row.run != run.id => Standing::NotSeen,
            Fate::Examined => Standing::Examined,
            Fate::Unchanged => Standing::Unchanged,
            Fate::Failed => Standing::Failed,
        };
        each(&Known {
            source: &row.source,
            origin: row.origin,
            standing,
            verdict: verdict.as_ref(),
            is_stale: trouble.as_ref().is_some_and(|t| t.is_stale),
            missing: trouble.map(|t| (t.reason, t.missing)),
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            status: row.status,
            fetched: row.fetched,
        });
        Ok(())
    })
}

/// Asks the catalog what earlier runs of some jobs know of a place.
pub(super) struct CatalogMemory(pub(super) Vec<JobMemory>);

/// One of the jobs.
pub(super) struct JobMemory {
    pub(super) catalog: Arc<Catalog>,
    pub(super) job: String,
    pub(super) examined_with: String,
    /// Whether the job has a past. Without one, nobody need be asked: no place is
    /// fetched twice in a run.
    pub(super) has_past: bool,
}

impl Memory for CatalogMemory {
    /// What all of the jobs know. A place that one of them must see again is fetched
    /// again for all: the others find it unchanged.
    fn recall(&self, source: &str, origin: Origin) -> Option<Recollection> {
        let mut all: Option<Recollection> = None;
        for job in &self.0 {
            let known = job.recall(source, origin)?;
            all = Some(match all {
                None => known,
                Some(all) => Recollection {
                    page: all.page || known.page,
                    examined: all.examined && known.examined && all.validator == known.validator,
                    validator: all.validator,
                },
            });
        }
        all
    }
}

impl JobMemory {
    fn recall(&self, source: &str, origin: Origin) -> Option<Recollection> {
        if !self.has_past {
            return None;
        }
        // What cannot be recalled is fetched again.
        let known = self.catalog.recall(&self.job, source, origin).ok()??;
        let validator: Validator = serde_json::from_str(&known.validator).ok()?;
        Some(Recollection {
            validator,
            page: known.page,
            examined: known.verdict.is_some() && known.examined_with == self.examined_with,
        })
    }
}
