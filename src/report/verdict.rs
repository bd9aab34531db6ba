//! The sentence that is read first, and what to do about it.
//!
//! "Not found" is only as good as what was read, so the sentence never stands
//! without its coverage.

use super::coverage::Share;
use super::number::{count, things};
use super::{Match, Outcome, Report, Weakness};
use crate::base::{Limit, Reason, Strength};

/// What a report says in a few sentences. Plain text, without names from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How the run ended; [`Outcome::Failed`] whenever a canary was missed.
    pub outcome: Outcome,
    /// What was found, and in how much of what is there.
    pub headline: String,
    /// What that means.
    pub meaning: Vec<String>,
    /// What to do, in this order; empty after a complete run.
    pub advice: Vec<String>,
}

/// Puts `report` in a few sentences.
pub fn verdict(report: &Report) -> Verdict {
    let canaries = report.run.canaries;
    let outcome = if canaries.found < canaries.planted {
        Outcome::Failed
    } else {
        report.run.outcome
    };
    let share = Share::of(report);
    let sentence = sentence(report, share, outcome == Outcome::Incomplete);
    let mut meaning = Vec::new();
    let headline = if outcome == Outcome::Failed {
        meaning.push(format!("What it says nevertheless: {sentence}"));
        failure(report, share)
    } else {
        sentence
    };
    meaning.push(meaning_of(outcome, share).to_owned());
    meaning.extend(about_names(report));
    meaning.extend(about_weak_matches(report));
    Verdict {
        outcome,
        headline,
        meaning,
        advice: advice(report, outcome),
    }
}

fn sentence(report: &Report, share: Share, so_far: bool) -> String {
    let listed = report
        .watchlist
        .entries
        .values()
        .fold(0_u64, |sum, n| sum.saturating_add(*n));
    let matched = report.summary.matched;
    if listed == 0 && matched == 0 {
        return "The list is empty: nothing was looked for.".to_owned();
    }
    if share.examined == 0 && matched == 0 {
        return format!(
            "Nothing was examined, so nothing can be said about the {}{}.",
            things(listed, "listed identifier", "listed identifiers"),
            unread(report, share)
        );
    }
    let so_far = if so_far { " so far" } else { "" };
    let found = match matched {
        0 if listed == 1 => format!("The one listed identifier was not found{so_far}"),
        0 => format!(
            "None of the {} listed identifiers was found{so_far}",
            count(listed)
        ),
        _ => format!(
            "{} of {} {} found{so_far}, {},",
            count(matched),
            things(listed, "listed identifier", "listed identifiers"),
            if matched == 1 { "was" } else { "were" },
            novelty(matched, report.summary.new)
        ),
    };
    format!("{found} in {}{}.", part(share), unread(report, share))
}

fn novelty(matched: u64, new: u64) -> String {
    match (matched, new) {
        (1, 0) => "which is not new".to_owned(),
        (1, _) => "which is new".to_owned(),
        (_, 0) => "none of them new".to_owned(),
        _ if matched == new => "all of them new".to_owned(),
        _ => format!("{} of them new", count(new)),
    }
}

fn part(share: Share) -> String {
    match share.percent() {
        text if text.starts_with("less") || text.starts_with("0 ") => {
            format!("what was examined, {text} of what is there")
        }
        text => format!("the {text} that was examined"),
    }
}

fn unread(report: &Report, share: Share) -> String {
    let things_left = match share.unread {
        0 if share.is_whole() => "; nothing was left unread".to_owned(),
        0 => String::new(),
        number => format!("; {} could not be read", things(number, "thing", "things")),
    };
    if share.silent_sources == 0 {
        return things_left;
    }
    let sources = report.coverage.sources.len() as u64;
    format!(
        "{things_left}; {} of {} did not answer",
        count(share.silent_sources),
        things(sources, "source", "sources")
    )
}

fn failure(report: &Report, share: Share) -> String {
    let canaries = report.run.canaries;
    if canaries.found < canaries.planted {
        return format!(
            "This run failed and must not be relied on: it missed {} of {} that it had to find.",
            count(canaries.planted - canaries.found),
            things(canaries.planted, "test person", "test persons")
        );
    }
    if share.silent_sources > 0 && share.silent_sources == report.coverage.sources.len() as u64 {
        return "This run failed and must not be relied on: no source answered.".to_owned();
    }
    "This run failed and must not be relied on.".to_owned()
}

fn meaning_of(outcome: Outcome, share: Share) -> &'static str {
    match outcome {
        Outcome::Complete if share.is_whole() => "The run is complete: everything was read.",
        Outcome::Complete => {
            "The run is complete: everything that can be read was read. What could not be read \
             may hold listed identifiers all the same."
        }
        Outcome::Incomplete => {
            "The run is incomplete: something was not read that another run can read. It may hold \
             listed identifiers."
        }
        Outcome::Failed => {
            "What was found is there. That something was not found means nothing after a failed run."
        }
    }
}

/// Everything was read, and still somebody may be missed.
fn about_names(report: &Report) -> Option<String> {
    let mut limits = report.coverage.limits_met.iter();
    let met = limits.find(|met| met.limit == Limit::Names.name())?;
    let documents = things(met.count, "document", "documents");
    Some(format!(
        "In {documents} more words stood beside a date, or more streets beside a postcode, than \
         were tried: people may be missed there by name or address. A higher limit `names` tries \
         more."
    ))
}

fn about_weak_matches(report: &Report) -> Option<String> {
    let weak = report
        .matches
        .iter()
        .filter(|found| found.strength == Strength::Weak)
        .count() as u64;
    (weak > 0).then(|| {
        let (are, they_do) = if weak == 1 {
            ("is", "it does")
        } else {
            ("are", "they do")
        };
        let because = |weakness| {
            let is_so = |found: &&Match| found.weak_because == Some(weakness);
            report.matches.iter().filter(is_so).count() as u64
        };
        let mut said = vec![format!(
            "{} of the matches {are} weak: alone {they_do} not show that a person is affected.",
            count(weak)
        )];
        let (chance, shared) = (because(Weakness::Chance), because(Weakness::Shared));
        if chance > 0 {
            said.push(format!(
                "{} of them may be chance: few of that kind were found, and very many compared.",
                count(chance)
            ));
        }
        if shared > 0 {
            said.push(format!(
                "{} of them {} to many people on the list.",
                count(shared),
                if shared == 1 { "belongs" } else { "belong" }
            ));
        }
        said.join(" ")
    })
}

fn advice(report: &Report, outcome: Outcome) -> Vec<String> {
    match outcome {
        Outcome::Complete => Vec::new(),
        Outcome::Failed => vec![
            "Tell nobody, on the strength of this report, that they are not affected.".to_owned(),
            "Run the job again. If it fails again, report it to the makers of blindsift, with \
             the version at the end of this report."
                .to_owned(),
        ],
        Outcome::Incomplete => incomplete_advice(report),
    }
}

fn incomplete_advice(report: &Report) -> Vec<String> {
    let met = |wanted: fn(Reason) -> bool| {
        let mut gaps = report.coverage.not_examined.iter();
        gaps.any(|gap| gap.count > 0 && wanted(gap.reason))
    };
    let mut advice = Vec::new();
    if met(|reason| {
        matches!(
            reason,
            Reason::LimitBytes | Reason::LimitDepth | Reason::LimitMembers | Reason::LimitTime
        )
    }) {
        advice.push(
            "Raise the limits that are named under \u{201c}What was not examined\u{201d}, in the \
             section [limits] of the configuration, and run the job again."
                .to_owned(),
        );
    }
    if met(|reason| reason == Reason::DecoderCrashed) {
        advice.push("Report the decoder that failed to the makers of blindsift.".to_owned());
    }
    if advice.is_empty()
        || met(|reason| matches!(reason, Reason::FetchFailed | Reason::Interrupted))
    {
        advice.insert(
            0,
            "Run the job again: what could not be read is tried once more.".to_owned(),
        );
    }
    advice.push("Until a run is complete, tell nobody that they are not affected.".to_owned());
    advice
}

#[cfg(test)]
mod tests {
    use super::super::{LimitCount, Source, SourceOutcome, sample};
    use super::*;

    fn headline(report: &Report) -> String {
        verdict(report).headline
    }

    fn some(new: u8, known: u8) -> Report {
        let matches = (0..new + known)
            .map(|number| sample::found(number, number < new, "2026-11-20T10:00:00Z"))
            .collect();
        sample::with_matches(sample::empty(), matches)
    }

    #[test]
    fn none_found_is_said_with_its_coverage() {
        assert_eq!(
            headline(&sample::empty()),
            "None of the 1,000 listed identifiers was found in the 100 % that was examined; \
             nothing was left unread."
        );
        // 1000 / 1008 = 99.206 %.
        let report = sample::with_gap(sample::empty(), Reason::Encrypted, 2, 8);
        assert_eq!(
            headline(&report),
            "None of the 1,000 listed identifiers was found in the 99.2 % that was examined; \
             2 things could not be read."
        );
    }

    #[test]
    fn new_matches_are_told_from_known_ones() {
        let report = sample::with_gap(some(3, 9), Reason::Truncated, 2, 8);
        assert_eq!(
            headline(&report),
            "12 of 1,000 listed identifiers were found, 3 of them new, in the 99.2 % that was \
             examined; 2 things could not be read."
        );
        for (new, known, words) in [
            (0, 2, "were found, none of them new, in"),
            (2, 0, "were found, all of them new, in"),
            (
                1,
                0,
                "1 of 1,000 listed identifiers was found, which is new, in",
            ),
            (0, 1, "was found, which is not new, in"),
        ] {
            let said = headline(&some(new, known));
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn something_of_unknown_size_is_never_a_hundred_per_cent() {
        let report = sample::with_gap(sample::empty(), Reason::Corrupt, 1, 0);
        assert_eq!(
            headline(&report),
            "None of the 1,000 listed identifiers was found in what was examined, less than 100 % \
             of what is there; 1 thing could not be read."
        );
    }

    #[test]
    fn a_run_that_examined_nothing_does_not_say_none_found() {
        let mut report = sample::empty();
        report.coverage.bytes = super::super::Bytes::default();
        let report = sample::with_gap(report, Reason::FetchFailed, 1, 0);
        assert_eq!(
            headline(&report),
            "Nothing was examined, so nothing can be said about the 1,000 listed identifiers; \
             1 thing could not be read."
        );
    }

    #[test]
    fn an_incomplete_run_says_so_far_and_what_to_do() {
        let mut report = sample::with_gap(sample::empty(), Reason::FetchFailed, 1, 250);
        report.run.outcome = Outcome::Incomplete;
        let verdict = verdict(&report);
        assert_eq!(
            verdict.headline,
            "None of the 1,000 listed identifiers was found so far in the 80.0 % that was \
             examined; 1 thing could not be read."
        );
        assert!(verdict.advice[0].starts_with("Run the job again"));
        assert_eq!(
            verdict.advice[1],
            "Until a run is complete, tell nobody that they are not affected."
        );
    }

    #[test]
    fn a_limit_that_was_met_is_answered_with_raising_it() {
        let mut report = sample::with_gap(sample::empty(), Reason::LimitBytes, 1, 250);
        report.run.outcome = Outcome::Incomplete;
        assert!(verdict(&report).advice[0].starts_with("Raise the limits"));
    }

    #[test]
    fn a_silent_source_is_named_in_the_same_breath() {
        let mut report = sample::empty();
        for outcome in [SourceOutcome::Failed, SourceOutcome::Complete] {
            report.coverage.sources.push(Source {
                name: "blog".into(),
                outcome,
                artefacts: 0,
                error: None,
            });
        }
        assert_eq!(
            headline(&report),
            "None of the 1,000 listed identifiers was found in what was examined, less than 100 % \
             of what is there; 1 of 2 sources did not answer."
        );
    }

    #[test]
    fn a_missed_canary_fails_the_run_whatever_it_calls_itself() {
        let mut report = some(3, 9);
        report.run.canaries.found = 12;
        let verdict = verdict(&report);
        assert_eq!(verdict.outcome, Outcome::Failed);
        assert_eq!(
            verdict.headline,
            "This run failed and must not be relied on: it missed 2 of 14 test persons that it \
             had to find."
        );
        assert!(verdict.meaning[0].contains("12 of 1,000"));
        assert!(verdict.advice[0].starts_with("Tell nobody"));
    }

    #[test]
    fn names_that_were_not_tried_are_told_of() {
        let mut report = some(2, 0);
        assert!(!verdict(&report).meaning.join(" ").contains("`names`"));
        report.coverage.limits_met.push(LimitCount {
            limit: "names".to_owned(),
            count: 1,
        });
        let said = verdict(&report).meaning.join(" ");
        assert!(said.contains("In 1 document more words stood beside a date"));
    }

    #[test]
    fn weak_matches_are_said_to_be_weak() {
        let mut report = some(2, 0);
        report.matches[0].strength = Strength::Weak;
        let said = verdict(&report).meaning.join(" ");
        assert!(said.contains("1 of the matches is weak"));
        assert!(!said.contains("of them"), "{said}");
        report.matches[1].strength = Strength::Weak;
        report.matches[1].weak_because = Some(Weakness::Shared);
        let said = verdict(&report).meaning.join(" ");
        assert!(said.contains("2 of the matches are weak"), "{said}");
        assert!(said.contains("1 of them belongs to many people"), "{said}");
    }
}
