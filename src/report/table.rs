//! The matches as rows (`matches.csv`, RFC 4180) and as lines of JSON.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a
//! formula, and some skip a tab or a carriage return before it (OWASP, "CSV
//! Injection"). Such a cell gets an apostrophe in front, which spreadsheets hide.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{Exposure, Match, Report, Weakness};
use crate::base::{Origin, Strength};

const HEADINGS: &str = "fingerprint,kind,variant,strength,new,source,first_seen,last_seen,places,gone,exposed_with,weak_because";

/// Some exposures in numbers.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    /// Each place, and whether it is there no more.
    origins: BTreeMap<Origin, bool>,
    /// What else was exposed in any of them.
    pub exposed_with: BTreeSet<&'a str>,
}

impl<'a> Places<'a> {
    /// Takes `exposure` in.
    pub(super) fn add(&mut self, exposure: &'a Exposure) {
        let gone = self.origins.entry(exposure.origin).or_insert(true);
        *gone &= exposure.gone;
        self.exposed_with
            .extend(exposure.exposed_with.iter().map(String::as_str));
    }

    /// How many places.
    pub(super) fn count(&self) -> u64 {
        self.origins.len() as u64
    }

    /// How many of them are there no more.
    pub(super) fn gone(&self) -> u64 {
        self.origins.values().filter(|gone| **gone).count() as u64
    }
}

/// The name of `strength` in reports.
pub(super) fn strength_name(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "weak",
        Strength::Compound => "compound",
        Strength::Strong => "strong",
    }
}

/// The name of `weakness` in reports.
pub(super) fn weakness_name(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::Chance => "chance",
        Weakness::Shared => "shared",
    }
}

/// One row for each (entry, source); an entry without a place has one row, too.
pub(super) fn csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{HEADINGS}")?;
    for found in &report.matches {
        let mut by_source: BTreeMap<&str, Places<'_>> = BTreeMap::new();
        for exposure in &found.exposures {
            by_source.entry(&exposure.source).or_default().add(exposure);
        }
        if by_source.is_empty() {
            by_source.insert("", Places::default());
        }
        for (source, places) in by_source {
            row(found, source, &places, out)?;
        }
    }
    Ok(())
}

/// One match a line.
pub(super) fn jsonl(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for found in &report.matches {
        serde_json::to_writer(&mut *out, found)?;
        out.write_all(b"\n")?;
    }
    // A report without matches is an empty file.
    out.flush()
}

fn row(found: &Match, source: &str, places: &Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    let exposed_with: Vec<&str> = places.exposed_with.iter().copied().collect();
    let cells = [
        found.fingerprint.to_string(),
        found.kind.clone(),
        found.variant.name().to_owned(),
        strength_name(found.strength).to_owned(),
        found.new.to_string(),
        source.to_owned(),
        found.first_seen.to_string(),
        found.last_seen.to_string(),
        places.count().to_string(),
        places.gone().to_string(),
        exposed_with.join(";"),
        found.weak_because.map_or("", weakness_name).to_owned(),
    ];
    writeln!(out, "{}", cells.map(|text| cell(&text)).join(","))
}

fn cell(text: &str) -> String {
    let harmless = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if harmless.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rows(report: &Report) -> Vec<String> {
        let mut bytes = Vec::new();
        csv(report, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.ends_with('\n'));
        text.lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn an_entry_in_two_sources_has_two_rows() {
        let mut found = sample::found(7, true, "2026-11-21T10:00:00Z");
        found.exposures = vec![
            sample::exposure("mirror", 1),
            sample::exposure("blog", 2),
            sample::exposure("blog", 3),
            sample::exposure("blog", 3),
        ];
        found.exposures[1].gone = true;
        let print = "07".repeat(16);
        let time = "2026-11-21T10:00:00Z";
        assert_eq!(
            rows(&sample::with_matches(sample::empty(), vec![found])),
            [
                format!("{print},email,exact,strong,true,blog,{time},{time},2,1,person,"),
                format!("{print},email,exact,strong,true,mirror,{time},{time},1,0,person,"),
            ]
        );
    }

    #[test]
    fn an_entry_without_a_place_is_not_lost() {
        let mut found = sample::found(7, false, "2026-11-21T10:00:00Z");
        found.exposures.clear();
        let rows = rows(&sample::with_matches(sample::empty(), vec![found]));
        assert_eq!(rows.len(), 1);
        assert!(rows[0].ends_with(",0,0,,"));
    }

    #[test]
    fn why_a_match_is_weak_stands_in_its_row() {
        let mut found = sample::found(7, false, "2026-11-21T10:00:00Z");
        found.strength = Strength::Weak;
        found.weak_because = Some(Weakness::Chance);
        let rows = rows(&sample::with_matches(sample::empty(), vec![found]));
        assert!(rows[0].contains(",exact,weak,") && rows[0].ends_with(",person,chance"));
    }

    #[test]
    fn a_place_that_is_still_there_in_one_record_is_not_gone() {
        let mut gone = sample::exposure("blog", 1);
        gone.gone = true;
        let there = sample::exposure("blog", 1);
        let mut places = Places::default();
        places.add(&gone);
        places.add(&there);
        assert_eq!((places.count(), places.gone()), (1, 0));
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+358", "'+358"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("=A,\"B\"", "\"'=A,\"\"B\"\"\""),
            ("blog", "blog"),
        ] {
            assert_eq!(cell(text), shown);
        }
    }

    #[test]
    fn a_hostile_source_name_stays_in_its_cell() {
        let mut found = sample::found(7, true, "2026-11-21T10:00:00Z");
        found.exposures[0].source = "=HYPERLINK(\"a\"),b".into();
        let rows = rows(&sample::with_matches(sample::empty(), vec![found]));
        assert!(rows[0].contains(r#","'=HYPERLINK(""a""),b","#));
    }

    #[test]
    fn every_line_of_json_is_a_match_of_the_report() {
        let report = sample::report();
        let mut bytes = Vec::new();
        jsonl(&report, &mut bytes).unwrap();
        let read: Vec<Match> = String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(read, report.matches);
    }
}
