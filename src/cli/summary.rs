//! What came of a run, on stdout.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use blindsift::base::Strength;
use blindsift::report::{self, Outcome, Report};
use blindsift::run::Finished;
use indicatif::{HumanBytes, HumanCount};

const BOLD: &str = "\x1b[1m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const RED: &str = "\x1b[1;31m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Prints what a person wants to know first, and where the rest stands; with the
/// file of its `list` where there are several.
pub(super) fn print(finished: &Finished, list: Option<&Path>) -> io::Result<()> {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut text, &finished.report);
    if let Some(list) = list {
        let _ = writeln!(text, "  {DIM}list:{PLAIN} {}", list.display());
    }
    if let Some(place) = &finished.place {
        let _ = writeln!(text, "  report: {}", place.join("report.html").display());
    }
    let mut out = anstream::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn write(text: &mut String, report: &Report) -> std::fmt::Result {
    let verdict = report::verdict(report);
    let (colour, word) = match verdict.outcome {
        Outcome::Complete => (GREEN, "complete"),
        Outcome::Incomplete => (YELLOW, "incomplete"),
        Outcome::Failed => (RED, "failed"),
    };
    writeln!(
        text,
        "{BOLD}{}{PLAIN} {colour}{word}{PLAIN}",
        report.run.job
    )?;
    writeln!(text, "  {BOLD}{}{PLAIN}", verdict.headline)?;
    for (kind, count) in &report.summary.by_kind {
        let chance = report.coverage.chance.get(kind);
        let chance = chance.filter(|chance| chance.expected >= 0.01);
        let by_chance = chance.map_or_else(String::new, |chance| {
            format!(
                "  {DIM}(about {:.2} expected by chance){PLAIN}",
                chance.expected
            )
        });
        let weak = report.matches.iter();
        let weak = weak.filter(|found| found.kind == *kind && found.strength == Strength::Weak);
        let weak = match weak.count() as u64 {
            0 => String::new(),
            weak => format!(", {} of them weak", HumanCount(weak)),
        };
        let count = HumanCount(*count).to_string();
        writeln!(text, "  {count:>9} {kind}{weak}{by_chance}")?;
    }
    let coverage = &report.coverage;
    let artefacts = coverage.artefacts;
    writeln!(
        text,
        "  {DIM}documents:{PLAIN} {} examined, {} unchanged, {} not fetched; {} fetched",
        HumanCount(artefacts.examined),
        HumanCount(artefacts.unchanged),
        HumanCount(artefacts.failed),
        HumanBytes(coverage.bytes.fetched_now),
    )?;
    for gap in &coverage.not_examined {
        writeln!(
            text,
            "  {YELLOW}not examined:{PLAIN} {} {} ({}). {}",
            HumanCount(gap.count),
            gap.reason.code(),
            HumanBytes(gap.bytes),
            gap.reason.explanation(),
        )?;
    }
    for met in &coverage.limits_met {
        writeln!(
            text,
            "  {YELLOW}limit met:{PLAIN} {} ({} times)",
            met.limit, met.count
        )?;
    }
    for source in &coverage.sources {
        if let Some(error) = &source.error {
            writeln!(text, "  {YELLOW}source {}:{PLAIN} {error}", source.name)?;
        }
    }
    for advice in &verdict.advice {
        writeln!(text, "  {DIM}what to do:{PLAIN} {advice}")?;
    }
    Ok(())
}
