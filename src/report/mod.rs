//! What a run can say: to machines, to people, and to a court.
//!
//! | in  | what a run found and what it did not read                        |
//! |-----|-------------------------------------------------------------------|
//! | out | `report.json`, and from it HTML, CSV, STIX, MISP; signed evidence |
//! | not | content or names from the leak: there is no field for them        |

mod model;

pub use model::{
    Artefacts, Bytes, Canaries, Count, Coverage, Exposure, FormatCount, LimitCount, List, Match,
    NotExamined, Outcome, Report, Run, SCHEMA, Source, SourceOutcome, Summary, Tool,
};
