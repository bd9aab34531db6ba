//! The figures: bars by kind and by source, columns by time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::super::number::estimate;
use super::super::{Match, Report, SourceOutcome};

/// Length of the longest bar, in units of the drawing.
const FULL: u64 = 1000;
/// Height of the tallest column, in pixels.
const TALL: u64 = 120;
/// Days that are drawn one by one; more are drawn by month.
const MOST_DAYS: i64 = 31;
/// Months that are drawn one by one; more are drawn by year.
const MOST_MONTHS: i64 = 36;
/// Years that are drawn; earlier ones are put together.
const MOST_YEARS: usize = 30;
/// Columns that have room for a number and a label each.
const MOST_LABELS: usize = 10;

/// A row of the figure by kind.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct KindBar {
    kind: String,
    listed: u64,
    found: u64,
    new: u64,
    looked_up: u64,
    /// Matches that chance alone would give; a dash where nobody can say.
    by_chance: String,
    bar: Bar,
}

/// A row of the figure by source.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct SourceBar {
    name: String,
    found: u64,
    artefacts: Option<u64>,
    outcome: &'static str,
    error: Option<String>,
    bar: Bar,
}

/// Lengths: what earlier reports had, then what is new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Bar {
    known: u64,
    new: u64,
}

impl Bar {
    fn of(found: u64, new: u64, most: u64, full: u64) -> Self {
        let whole = scale(found, most, full);
        let new = scale(new, most, full).min(whole);
        Self {
            known: whole - new,
            new,
        }
    }
}

/// The figure by time.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Timeline {
    unit: &'static str,
    columns: Vec<Column>,
    /// Every column bears its number and its label.
    roomy: bool,
    /// The largest number.
    most: u64,
    /// What the figure shows, for those who cannot see it.
    first: String,
    last: String,
}

/// One day, month or year.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Column {
    /// Two short lines.
    label: [String; 2],
    labelled: bool,
    found: u64,
    bar: Bar,
}

/// By kind: all that the list holds, found or not.
pub(super) fn kinds(report: &Report) -> Vec<KindBar> {
    let mut new: BTreeMap<&str, u64> = BTreeMap::new();
    for found in report.matches.iter().filter(|found| found.new) {
        *new.entry(&found.kind).or_default() += 1;
    }
    let (entries, by_kind) = (&report.watchlist.entries, &report.summary.by_kind);
    let names: BTreeSet<&String> = entries.keys().chain(by_kind.keys()).collect();
    let most = by_kind.values().copied().max().unwrap_or_default();
    let number = |numbers: &BTreeMap<String, u64>, name| numbers.get(name).copied().unwrap_or(0);
    let rows = names.into_iter().map(|name| {
        let found = number(by_kind, name);
        let new = new.get(name.as_str()).copied().unwrap_or(0);
        KindBar {
            kind: name.clone(),
            listed: number(entries, name),
            found,
            new,
            looked_up: number(&report.coverage.candidates, name),
            by_chance: match report.coverage.chance.get(name) {
                Some(chance) => estimate(chance.expected),
                None => "\u{2013}".to_owned(),
            },
            bar: Bar::of(found, new, most, FULL),
        }
    });
    rows.collect()
}

/// By source: those of this run, then those that only earlier runs had.
pub(super) fn sources(report: &Report) -> Vec<SourceBar> {
    let by_source = &report.summary.by_source;
    let most = by_source.values().copied().max().unwrap_or_default();
    let mut new: BTreeMap<&str, u64> = BTreeMap::new();
    for found in report.matches.iter().filter(|found| found.new) {
        let names: BTreeSet<&str> = found
            .exposures
            .iter()
            .map(|exposure| exposure.source.as_str())
            .collect();
        for name in names {
            *new.entry(name).or_default() += 1;
        }
    }
    let row = |name: &str| {
        let found = by_source.get(name).copied().unwrap_or(0);
        let new = new.get(name).copied().unwrap_or(0);
        SourceBar {
            name: name.to_owned(),
            found,
            artefacts: None,
            outcome: "not part of this run",
            error: None,
            bar: Bar::of(found, new, most, FULL),
        }
    };
    let of_this_run = &report.coverage.sources;
    let mut rows: Vec<SourceBar> = of_this_run
        .iter()
        .map(|source| SourceBar {
            artefacts: Some(source.artefacts),
            outcome: match source.outcome {
                SourceOutcome::Complete => "read to its end",
                SourceOutcome::Incomplete => "not read to its end",
                SourceOutcome::Failed => "did not answer",
            },
            error: source.error.clone(),
            ..row(&source.name)
        })
        .collect();
    let names: BTreeSet<&str> = of_this_run.iter().map(|one| one.name.as_str()).collect();
    let others = by_source
        .keys()
        .filter(|name| !names.contains(name.as_str()));
    rows.extend(others.map(|name| row(name)));
    rows
}

/// By the day on which they were first seen, or by month or year; nothing for none.
pub(super) fn timeline(matches: &[Match]) -> Option<Timeline> {
    let mut days: BTreeMap<Date, Found> = BTreeMap::new();
    for found in matches {
        let day = found.first_seen.to_zoned(TimeZone::UTC).date();
        days.entry(day).or_default().add(1, found.new.into());
    }
    let (first, last) = (*days.keys().next()?, *days.keys().next_back()?);
    let span = first.duration_until(last).as_hours() / 24;
    let (unit, bins) = if span < MOST_DAYS {
        ("day", by_day(&days, first, last))
    } else if month_number(last) - month_number(first) < MOST_MONTHS {
        ("month", by_month(&days))
    } else {
        ("year", by_year(&days))
    };
    let most = bins.iter().map(|bin| bin.1.all).max().unwrap_or_default();
    let roomy = bins.len() <= MOST_LABELS;
    let every = bins.len().div_ceil(MOST_LABELS).max(1);
    let columns = bins
        .into_iter()
        .enumerate()
        .map(|(at, (label, found))| Column {
            label,
            labelled: at.is_multiple_of(every),
            found: found.all,
            bar: Bar::of(found.all, found.new, most, TALL),
        });
    Some(Timeline {
        unit,
        columns: columns.collect(),
        roomy,
        most,
        first: first.strftime("%-d %B %Y").to_string(),
        last: last.strftime("%-d %B %Y").to_string(),
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Found {
    all: u64,
    new: u64,
}

impl Found {
    fn add(&mut self, all: u64, new: u64) {
        self.all += all;
        self.new += new;
    }
}

type Bin = ([String; 2], Found);

fn by_day(days: &BTreeMap<Date, Found>, first: Date, last: Date) -> Vec<Bin> {
    let mut bins = Vec::new();
    let mut day = first;
    loop {
        let found = days.get(&day).copied().unwrap_or_default();
        let label = [
            day.strftime("%-d").to_string(),
            day.strftime("%b").to_string(),
        ];
        bins.push((label, found));
        match day.tomorrow() {
            Ok(next) if next <= last => day = next,
            _ => return bins,
        }
    }
}

fn by_month(days: &BTreeMap<Date, Found>) -> Vec<Bin> {
    let mut months: BTreeMap<i64, ([String; 2], Found)> = BTreeMap::new();
    let mut day = days.keys().next().map(|day| day.first_of_month());
    while let Some(first) = day.filter(|first| days.range(first..).next().is_some()) {
        let label = [first.strftime("%b").to_string(), first.year().to_string()];
        months.insert(month_number(first), (label, Found::default()));
        day = first.last_of_month().tomorrow().ok();
    }
    for (day, found) in days {
        if let Some((_, sum)) = months.get_mut(&month_number(*day)) {
            sum.add(found.all, found.new);
        }
    }
    months.into_values().collect()
}

fn by_year(days: &BTreeMap<Date, Found>) -> Vec<Bin> {
    let mut years: BTreeMap<i16, Found> = BTreeMap::new();
    for (day, found) in days {
        years
            .entry(day.year())
            .or_default()
            .add(found.all, found.new);
    }
    let mut earlier = Found::default();
    let mut is_cut = false;
    while years.len() > MOST_YEARS {
        if let Some((_, found)) = years.pop_first() {
            earlier.add(found.all, found.new);
            is_cut = true;
        }
    }
    let drawn = years
        .into_iter()
        .map(|(year, found)| ([year.to_string(), String::new()], found));
    is_cut
        .then(|| (["earlier".to_owned(), String::new()], earlier))
        .into_iter()
        .chain(drawn)
        .collect()
}

fn month_number(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month())
}

/// `part` of `most` on a scale up to `full`; something is never nothing.
fn scale(part: u64, most: u64, full: u64) -> u64 {
    let length = u128::from(part) * u128::from(full) / u128::from(most.max(1));
    let length = u64::try_from(length).unwrap_or(full).min(full);
    length.max(if part > 0 { full / 100 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    fn seen(days: &[&str]) -> Timeline {
        let matches: Vec<Match> = days
            .iter()
            .zip(0..)
            .map(|(day, number)| sample::found(number, false, &format!("{day}T23:59:59Z")))
            .collect();
        timeline(&matches).unwrap()
    }

    #[test]
    fn days_on_which_nothing_was_seen_are_drawn_too() {
        let figure = seen(&["2026-02-27", "2026-03-02", "2026-03-02"]);
        let columns: Vec<(String, u64)> = figure
            .columns
            .iter()
            .map(|column| (column.label.join(" "), column.found))
            .collect();
        assert_eq!(figure.unit, "day");
        assert_eq!(
            columns,
            [
                ("27 Feb".to_owned(), 1),
                ("28 Feb".to_owned(), 0),
                ("1 Mar".to_owned(), 0),
                ("2 Mar".to_owned(), 2)
            ]
        );
    }

    #[test]
    fn long_times_are_drawn_by_month_and_by_year() {
        let months = seen(&["2025-12-31", "2026-02-01"]);
        assert_eq!(months.unit, "month");
        let labels: Vec<String> = months
            .columns
            .iter()
            .map(|column| column.label.join(" "))
            .collect();
        assert_eq!(labels, ["Dec 2025", "Jan 2026", "Feb 2026"]);
        assert_eq!(seen(&["2001-12-31", "2026-02-01"]).unit, "year");
    }

    #[test]
    fn a_report_with_absurd_dates_is_drawn_in_few_columns() {
        let days: Vec<String> = (0..200)
            .map(|n| format!("{:04}-01-01", n * 49 + 1))
            .collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        let figure = seen(&days);
        assert_eq!(figure.columns.len(), 1 + MOST_YEARS);
        assert_eq!(figure.columns.iter().map(|c| c.found).sum::<u64>(), 200);
        assert_eq!(seen(&["-009999-01-03", "9999-12-01"]).unit, "year");
    }

    #[test]
    fn one_match_among_a_million_is_still_drawn() {
        assert_eq!(scale(1, 1_000_000, FULL), 10);
        assert_eq!(scale(0, 1_000_000, FULL), 0);
        assert_eq!(scale(u64::MAX, u64::MAX, FULL), FULL);
        assert_eq!(scale(0, 0, FULL), 0);
    }

    #[test]
    fn a_bar_is_as_long_as_both_its_parts() {
        // 8 of 10 is 800 of 1000; 2 of them new are 200.
        assert_eq!(
            Bar::of(8, 2, 10, FULL),
            Bar {
                known: 600,
                new: 200
            }
        );
    }

    #[test]
    fn a_source_of_earlier_runs_is_shown_as_such() {
        let mut report = sample::report();
        report.summary.by_source.insert("old".into(), 1);
        let rows = sources(&report);
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[2].name, "old");
        assert_eq!(rows[2].outcome, "not part of this run");
    }
}
