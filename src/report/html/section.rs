//! What stands in the page's tables.

use serde::Serialize;

use super::super::coverage::{bytes_there, is_unread};
use super::super::number::{count, estimate, percent, size, tenths_of_percent, things};
use super::super::table::{Places, strength_name};
use super::super::{Match, NotExamined, Report, Weakness};
use super::words;
use crate::base::{Reason, Variant};

/// Rows of the table of matches; a browser shows more, a person reads fewer.
pub(super) const MOST_ROWS: usize = 1000;
/// Examples of a reason.
const MOST_EXAMPLES: usize = 3;
/// Digits of a fingerprint: enough to find it in `matches.csv`.
const SHORT: usize = 12;

/// A row of what was not examined.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Gap {
    reason: &'static str,
    explanation: &'static str,
    count: u64,
    size: String,
    share: String,
    examples: Vec<String>,
    remark: &'static str,
}

/// What was not examined: first what may hide something, the largest first.
pub(super) fn gaps(report: &Report) -> Vec<Gap> {
    let there = bytes_there(&report.coverage);
    let mut gaps: Vec<&NotExamined> = report.coverage.not_examined.iter().collect();
    gaps.sort_by_key(|gap| {
        (
            !is_unread(gap.reason),
            std::cmp::Reverse((gap.bytes, gap.count)),
        )
    });
    gaps.into_iter().map(|gap| row(gap, there)).collect()
}

fn row(gap: &NotExamined, there: u128) -> Gap {
    let unread = is_unread(gap.reason);
    let (size, share) = match gap.bytes {
        0 if unread => ("unknown".to_owned(), "unknown".to_owned()),
        0 => ("\u{2013}".to_owned(), "\u{2013}".to_owned()),
        bytes => (
            size(bytes),
            tenths_of_percent(bytes.into(), there).map_or_else(|| "\u{2013}".to_owned(), percent),
        ),
    };
    let examples = gap.examples.iter().take(MOST_EXAMPLES);
    Gap {
        reason: gap.reason.code(),
        explanation: gap.reason.explanation(),
        count: gap.count,
        size,
        share,
        examples: examples.map(ToString::to_string).collect(),
        remark: remark(gap.reason),
    }
}

/// Whether that is final.
fn remark(reason: Reason) -> &'static str {
    match reason {
        Reason::FetchFailed | Reason::Interrupted => "Another run tries again.",
        Reason::LimitBytes | Reason::LimitDepth | Reason::LimitMembers | Reason::LimitTime => {
            "A run with a higher limit can read it."
        }
        _ if is_unread(reason) => "",
        _ => "It was never meant to be read.",
    }
}

/// The limits that were met, each in words.
pub(super) fn limits(report: &Report) -> Vec<[String; 2]> {
    let met = report.coverage.limits_met.iter();
    met.map(|limit| [limit.limit.clone(), things(limit.count, "time", "times")])
        .collect()
}

/// What was opened: format, how many, how large.
pub(super) fn formats(report: &Report) -> Vec<[String; 3]> {
    let formats = report.coverage.by_format.iter();
    let rows = formats.map(|(name, opened)| {
        let size = match opened.bytes {
            0 => "\u{2013}".to_owned(),
            bytes => size(bytes),
        };
        [name.clone(), count(opened.count), size]
    });
    rows.collect()
}

/// Whether the engine was awake, in a sentence.
pub(super) fn canaries(report: &Report) -> String {
    let canaries = report.run.canaries;
    let why = "Test persons who do not exist are hidden in small files of every format and go \
               through each run with everything else.";
    let result = match (canaries.planted, canaries.found) {
        (0, _) => {
            return "No test persons went through this run, so it did not check itself.".to_owned();
        }
        (planted, found) if found >= planted => {
            format!("All {} of them were found.", count(planted))
        }
        (planted, found) => format!(
            "{} of them {} missed: the run is failed, and nothing can be concluded from what it \
             did not find.",
            count(planted - found),
            if planted - found == 1 { "was" } else { "were" }
        ),
    };
    format!("{why} {result}")
}

/// What chance has to do with the matches, a sentence for each kind that was found.
pub(super) fn chances(report: &Report) -> Vec<String> {
    let found = report
        .summary
        .by_kind
        .iter()
        .filter(|(_, found)| **found > 0);
    let said = found.filter_map(|(name, found)| {
        let kind = words::sentence(words::kind(name.clone()));
        let Some(chance) = report.coverage.chance.get(name) else {
            let is_person = name == "person";
            return is_person.then(|| {
                format!(
                    "{kind}: no figure can be given. How many people share a name and a day of \
                     birth depends on how common the name is."
                )
            });
        };
        let mut matches = report.matches.iter();
        let is_weak =
            matches.any(|one| one.kind == *name && one.weak_because == Some(Weakness::Chance));
        let weak = match (is_weak, *found) {
            (false, _) => String::new(),
            (true, 1) => " Only 1 was found, so it is weak.".to_owned(),
            (true, found) => format!(" Only {} were found, so they are weak.", count(found)),
        };
        Some(format!(
            "{kind}: {} matches of this kind are expected by chance ({} compared with {} \
             listed, of {} possible).{weak}",
            match estimate(chance.expected) {
                few if few.starts_with('<') => few.replace('<', "fewer than"),
                some => format!("about {some}"),
            },
            count(chance.candidates),
            count(chance.entries),
            estimate(chance.space),
        ))
    });
    said.collect()
}

/// A row of the table of matches.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct MatchRow {
    fingerprint: String,
    kind: String,
    /// How it was found, where that was not as it is listed.
    variant: Option<&'static str>,
    strength: &'static str,
    weak_because: &'static str,
    new: bool,
    first_seen: String,
    places: u64,
    gone: u64,
    occurrences: u64,
    exposed_with: Vec<String>,
}

/// The rows, new and strong ones first, and how many were left out.
pub(super) fn matches(report: &Report) -> (Vec<MatchRow>, usize) {
    let mut order: Vec<&Match> = report.matches.iter().collect();
    order.sort_by_key(|found| {
        (
            !found.new,
            std::cmp::Reverse(found.strength),
            &found.kind,
            found.fingerprint,
        )
    });
    let rows = order.iter().take(MOST_ROWS).map(|found| match_row(found));
    (rows.collect(), order.len().saturating_sub(MOST_ROWS))
}

fn match_row(found: &Match) -> MatchRow {
    let mut places = Places::default();
    for exposure in &found.exposures {
        places.add(exposure);
    }
    MatchRow {
        fingerprint: found.fingerprint.to_string().chars().take(SHORT).collect(),
        kind: found.kind.clone(),
        variant: match found.variant {
            Variant::Exact => None,
            Variant::Obfuscated => Some("obfuscated"),
            Variant::ProviderAlias => Some("as an alias"),
            Variant::Subaddress => Some("as a sub-address"),
        },
        strength: strength_name(found.strength),
        weak_because: match found.weak_because {
            Some(Weakness::Chance) => "may be chance",
            Some(Weakness::Shared) => "shared by many",
            None => "",
        },
        new: found.new,
        first_seen: found.first_seen.strftime("%Y-%m-%d %H:%M").to_string(),
        places: places.count(),
        gone: places.gone(),
        occurrences: found.occurrences,
        exposed_with: places
            .exposed_with
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;
    use crate::base::Strength;

    #[test]
    fn what_may_hide_something_comes_first_and_the_largest_of_it() {
        let mut report = sample::with_gap(sample::empty(), Reason::OutOfScope, 900, 0);
        report = sample::with_gap(report, Reason::Encrypted, 1, 100);
        report = sample::with_gap(report, Reason::LimitTime, 1, 200);
        let reasons: Vec<&str> = gaps(&report).iter().map(|gap| gap.reason).collect();
        assert_eq!(reasons, ["limit-time", "encrypted", "out-of-scope"]);
    }

    #[test]
    fn a_size_that_nobody_knows_is_not_called_nothing() {
        let report = sample::with_gap(sample::empty(), Reason::FetchFailed, 1, 0);
        assert_eq!(gaps(&report)[0].size, "unknown");
        assert_eq!(gaps(&report)[0].share, "unknown");
    }

    #[test]
    fn new_and_strong_matches_come_first() {
        let time = "2026-11-21T10:00:00Z";
        let mut weak = sample::found(1, true, time);
        weak.strength = Strength::Weak;
        let matches = vec![
            sample::found(0, false, time),
            weak,
            sample::found(2, true, time),
        ];
        let (rows, left_out) = matches_of(matches);
        let order: Vec<&str> = rows.iter().map(|row| &row.fingerprint[..2]).collect();
        assert_eq!((order, left_out), (vec!["02", "01", "00"], 0));
    }

    fn matches_of(matches: Vec<Match>) -> (Vec<MatchRow>, usize) {
        super::matches(&sample::with_matches(sample::empty(), matches))
    }

    #[test]
    fn rows_beyond_the_bound_are_counted() {
        let one = sample::found(0, false, "2026-11-21T10:00:00Z");
        let (rows, left_out) = matches_of(vec![one; MOST_ROWS + 7]);
        assert_eq!((rows.len(), left_out), (MOST_ROWS, 7));
    }

    #[test]
    fn a_run_without_canaries_does_not_claim_to_have_checked_itself() {
        let mut report = sample::empty();
        report.run.canaries.planted = 0;
        report.run.canaries.found = 0;
        assert!(canaries(&report).contains("did not check itself"));
    }
}
