//! `report.json` as a file: written, read back, described by a schema.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::Deserialize;
use serde_json::error::Category;

use super::{Error, Report};

/// Names the schema in every version; the number follows.
const FAMILY: &str = "blindsift.report/";
const VERSION: u32 = 1;
/// A report with a million matches has about 600 MB; more than this is something else.
const MOST_BYTES: u64 = 2 << 30;

/// Writes `report` as indented JSON with a line feed at the end.
///
/// Fields stand in the order of the model and names in alphabetical order, so
/// two equal reports give the same bytes.
///
/// # Errors
///
/// Those of `out`.
pub fn write_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    out.write_all(b"\n")
}

/// Reads the report in the file at `path`.
///
/// # Errors
///
/// As [`read_from`].
pub fn read(path: &Path) -> Result<Report, Error> {
    let mut file = File::open(path).map_err(Error::Read)?;
    read_from(&mut file)
}

/// Reads a report.
///
/// # Errors
///
/// [`Error::Newer`] for a later version of the schema; otherwise what is wrong,
/// with the line and never with the text that stands there.
pub fn read_from(input: &mut dyn Read) -> Result<Report, Error> {
    let mut bytes = Vec::new();
    input
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(Error::Read)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::TooLong { limit: MOST_BYTES });
    }
    check_version(&bytes)?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| Error::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    check_summary(&report)?;
    Ok(report)
}

/// JSON Schema (draft 2020-12) of `report.json`.
pub fn schema() -> &'static str {
    include_str!("report.schema.json")
}

/// The one field that every version has.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

fn check_version(bytes: &[u8]) -> Result<(), Error> {
    let head: Head = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => Error::NotAReport,
        _ => Error::NotJson {
            line: error.line(),
            column: error.column(),
        },
    })?;
    let version: u32 = head
        .schema
        .strip_prefix(FAMILY)
        .and_then(|number| number.parse().ok())
        .ok_or(Error::NotAReport)?;
    match version {
        VERSION => Ok(()),
        0 => Err(Error::NotAReport),
        version => Err(Error::Newer { version }),
    }
}

// The verdict is built on these two numbers, so they must be true.
fn check_summary(report: &Report) -> Result<(), Error> {
    let new = report.matches.iter().filter(|found| found.new).count();
    for (field, said, counted) in [
        (
            "summary.matched",
            report.summary.matched,
            report.matches.len(),
        ),
        ("summary.new", report.summary.new, new),
    ] {
        if said != counted as u64 {
            return Err(Error::Contradiction { field });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{LimitCount, Source, SourceOutcome, Weakness, sample};
    use super::*;
    use crate::base::{Limit, Reason, Strength, Variant};

    fn faults(report: &Value) -> Option<String> {
        let mut compiler = boon::Compiler::new();
        compiler.enable_format_assertions();
        let schema: Value = serde_json::from_str(schema()).unwrap();
        compiler
            .add_resource("https://schema.invalid/report", schema)
            .unwrap();
        let mut schemas = boon::Schemas::new();
        let index = compiler
            .compile("https://schema.invalid/report", &mut schemas)
            .unwrap();
        schemas
            .validate(report, index)
            .err()
            .map(|error| error.to_string())
    }

    fn value(report: &Report) -> Value {
        serde_json::to_value(report).unwrap()
    }

    /// A report in which every optional field stands.
    fn full() -> Report {
        let mut report = sample::report();
        report.coverage.sources.push(Source {
            name: "drop".into(),
            outcome: SourceOutcome::Failed,
            artefacts: 0,
            error: Some("it does not answer".into()),
        });
        report.coverage.limits_met.push(LimitCount {
            limit: Limit::Bytes.name().into(),
            count: 1,
        });
        report.matches[0].exposures[0].gone = true;
        report.matches[0].variant = Variant::Subaddress;
        report.matches[0].weak_because = Some(Weakness::Shared);
        report
    }

    fn read_text(text: &str) -> Result<Report, Error> {
        read_from(&mut text.as_bytes())
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        for report in [sample::report(), sample::empty(), full()] {
            let mut bytes = Vec::new();
            write_json(&report, &mut bytes).unwrap();
            assert_eq!(bytes.last(), Some(&b'\n'));
            assert_eq!(read_from(&mut bytes.as_slice()).unwrap(), report);
        }
    }

    #[test]
    fn the_sample_is_written_byte_for_byte_as_it_stands_in_the_fixtures() {
        let mut bytes = Vec::new();
        write_json(&sample::report(), &mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), sample::JSON);
    }

    #[test]
    fn reports_follow_the_schema() {
        for report in [sample::report(), sample::empty(), full()] {
            assert_eq!(faults(&value(&report)), None);
        }
    }

    #[test]
    fn the_schema_asks_for_every_field() {
        // Every object loses each of its fields in turn, but for the two optional ones.
        fn paths(at: &Value, path: &str, all: &mut Vec<String>) {
            match at {
                Value::Object(fields) => {
                    for (name, below) in fields {
                        all.push(format!("{path}/{name}"));
                        paths(below, &format!("{path}/{name}"), all);
                    }
                }
                Value::Array(items) => {
                    if let Some(first) = items.first() {
                        paths(first, &format!("{path}/0"), all);
                    }
                }
                _ => {}
            }
        }
        let whole = value(&full());
        let mut all = Vec::new();
        paths(&whole, "", &mut all);
        let named = [
            "entries",
            "by_kind",
            "by_source",
            "candidates",
            "by_format",
            "chance",
        ];
        for path in all {
            let (above, name) = path.rsplit_once('/').unwrap();
            // Numbers of a kind have the names of maps, and are none.
            let in_chance = above.contains("/chance/");
            let is_map = !in_chance
                && named
                    .iter()
                    .any(|map| above.ends_with(&format!("/{map}")) || above == format!("/{map}"));
            let optional = name == "gone" && above.contains("exposures")
                || name == "error"
                || name == "weak_because";
            let mut broken = whole.clone();
            let holder = broken.pointer_mut(above).unwrap().as_object_mut().unwrap();
            holder.remove(name);
            assert_eq!(faults(&broken).is_some(), !is_map && !optional, "{path}");
        }
    }

    #[test]
    fn the_schema_refuses_what_no_run_writes() {
        let whole = value(&full());
        for (place, wrong) in [
            ("/schema", json!("blindsift.report/2")),
            ("/run/outcome", json!("fine")),
            ("/run/started", json!("yesterday")),
            ("/watchlist/sha256", json!("00")),
            ("/watchlist/key_id", json!("3F9A0C1122334455")),
            ("/watchlist/entries/email", json!(-1)),
            ("/coverage/not_examined/0/reason", json!("lazy")),
            ("/matches/0/fingerprint", json!("anna@example.com")),
            ("/matches/0/strength", json!("iron")),
            ("/matches/0/weak_because", json!("anna")),
            ("/coverage/chance/phone/expected", json!(-0.1)),
            ("/coverage/chance/phone/space", json!(0)),
            ("/matches/0/exposures/0/record", json!(0)),
            ("/matches/0/exposures/0/origin", json!("patients/anna.txt")),
        ] {
            let mut broken = whole.clone();
            *broken.pointer_mut(place).unwrap() = wrong;
            assert!(faults(&broken).is_some(), "{place}");
        }
        let mut more = whole;
        more["matches"][0]["content"] = json!("x");
        assert!(faults(&more).is_some());
    }

    #[test]
    fn the_schema_lists_the_same_words_as_the_program() {
        let schema: Value = serde_json::from_str(schema()).unwrap();
        let words = |name: &str| schema["$defs"][name]["enum"].clone();
        assert_eq!(words("reason"), json!(Reason::ALL));
        assert_eq!(
            words("strength"),
            json!([Strength::Weak, Strength::Compound, Strength::Strong])
        );
        assert_eq!(
            words("variant"),
            json!([
                Variant::Exact,
                Variant::Obfuscated,
                Variant::ProviderAlias,
                Variant::Subaddress
            ])
        );
        assert_eq!(words("limit"), json!(Limit::ALL.map(Limit::name)));
        let because = "/properties/matches/items/properties/weak_because/enum";
        assert_eq!(
            schema.pointer(because),
            Some(&json!([Weakness::Chance, Weakness::Shared]))
        );
    }

    #[test]
    fn a_newer_schema_is_refused_by_name() {
        let error = read_text(r#"{"schema": "blindsift.report/2", "more": {}}"#).unwrap_err();
        assert!(matches!(error, Error::Newer { version: 2 }));
        assert!(error.to_string().contains("blindsift.report/2"));
        assert!(error.advice().contains("at least as new"));
    }

    #[test]
    fn another_file_is_refused_without_repeating_its_text() {
        for text in [
            "{}",
            "[]",
            "7",
            r#"{"schema": "anna"}"#,
            r#"{"schema": "blindsift.report/0"}"#,
            r#"{"schema": 1}"#,
        ] {
            let error = read_text(text).unwrap_err();
            assert!(matches!(error, Error::NotAReport), "{text}");
            assert!(!error.to_string().contains("anna"));
        }
    }

    #[test]
    fn a_cut_off_report_is_refused_with_the_line() {
        let cut = &sample::JSON[..sample::JSON.find("\"matches\"").unwrap()];
        let last_line = cut.lines().count();
        assert!(matches!(
            read_text(cut),
            Err(Error::NotJson { line, .. }) if line == last_line
        ));
        assert!(matches!(read_text(""), Err(Error::NotJson { .. })));
        assert!(matches!(
            read_text("name,email\n"),
            Err(Error::NotJson { line: 1, .. })
        ));
    }

    #[test]
    fn a_broken_field_is_refused_with_its_line() {
        let broken = sample::JSON.replacen("\"outcome\": \"complete\"", "\"outcome\": \"anna\"", 1);
        let line = 1 + broken
            .lines()
            .position(|line| line.contains("\"anna\""))
            .unwrap();
        let error = read_text(&broken).unwrap_err();
        assert!(matches!(error, Error::Malformed { line: at, .. } if at == line));
        assert!(!error.to_string().contains("anna"));
    }

    #[test]
    fn a_summary_that_hides_a_match_is_refused() {
        let mut report = sample::report();
        report.summary.matched -= 1;
        let text = serde_json::to_string(&report).unwrap();
        assert!(matches!(
            read_text(&text),
            Err(Error::Contradiction {
                field: "summary.matched"
            })
        ));
    }
}
