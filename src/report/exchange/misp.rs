//! A MISP event (MISP core format, draft-dulaunoy-misp-core-format).
//!
//! Numbers are strings in that format. Distribution 0, "your organisation only",
//! is the narrowest there is: whoever shares the event decides to.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::super::{Outcome, Report, verdict};
use super::{artefacts, exposed_with, run_name, uuid};

/// "Your organisation only".
const DISTRIBUTION: &str = "0";
/// An attribute goes where its event goes.
const AS_THE_EVENT: &str = "5";
/// "Undefined": a leak of personal data is none of the others.
const THREAT_LEVEL: &str = "4";

/// Writes the event of `report`.
pub(in super::super) fn misp(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let verdict = verdict(report);
    let analysis = match verdict.outcome {
        Outcome::Complete => "2",
        Outcome::Incomplete | Outcome::Failed => "1",
    };
    let event = json!({"Event": {
        "uuid": uuid::named(&uuid::BLINDSIFT, run_name(report, "event").as_bytes()),
        "info": format!("Leak check: {}", verdict.headline),
        "date": report.run.finished.strftime("%Y-%m-%d").to_string(),
        "timestamp": report.run.finished.as_second().to_string(),
        "threat_level_id": THREAT_LEVEL,
        "analysis": analysis,
        "distribution": DISTRIBUTION,
        "published": false,
        "Attribute": attributes(report),
    }});
    serde_json::to_writer_pretty(&mut *out, &event)?;
    out.write_all(b"\n")
}

fn attributes(report: &Report) -> Vec<Value> {
    let (summary, bytes) = (&report.summary, report.coverage.bytes);
    let listed = report
        .watchlist
        .entries
        .values()
        .fold(0_u64, |sum, n| sum.saturating_add(*n));
    let mut all = vec![
        number(report, "counter", listed, "identifiers listed"),
        number(report, "counter", summary.matched, "identifiers found"),
        number(report, "counter", summary.new, "identifiers found, new"),
        number(report, "size-in-bytes", bytes.fetched, "fetched"),
        number(report, "size-in-bytes", bytes.examined, "examined"),
    ];
    for (kind, found) in &summary.by_kind {
        let comment = format!("identifiers found: {kind}");
        all.push(number(report, "counter", *found, &comment));
    }
    for (name, found) in exposed_with(report) {
        let comment = format!("identifiers found, exposed with: {name}");
        all.push(number(report, "counter", found, &comment));
    }
    for digest in artefacts(report) {
        all.push(attribute(
            report,
            ["External analysis", "sha256"],
            &digest.to_string(),
            "an artefact that holds listed identifiers",
        ));
    }
    all
}

fn number(report: &Report, unit: &str, value: u64, comment: &str) -> Value {
    let mut made = attribute(report, ["Other", unit], &value.to_string(), comment);
    if let Value::Object(fields) = &mut made {
        // Equal counts of two events say nothing about them.
        fields.insert("disable_correlation".into(), json!(true));
    }
    made
}

fn attribute(report: &Report, [category, of]: [&str; 2], value: &str, comment: &str) -> Value {
    let name = run_name(report, &[of, value, comment].join("\0"));
    json!({
        "uuid": uuid::named(&uuid::BLINDSIFT, name.as_bytes()),
        "category": category,
        "type": of,
        "value": value,
        "comment": comment,
        "to_ids": false,
        "distribution": AS_THE_EVENT,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::sample;
    use super::*;

    fn event(report: &Report) -> Value {
        let mut bytes = Vec::new();
        misp(report, &mut bytes).unwrap();
        serde_json::from_slice::<Value>(&bytes).unwrap()["Event"].clone()
    }

    #[test]
    fn the_event_stays_in_the_organisation_and_unpublished() {
        let event = event(&sample::report());
        assert_eq!(event["distribution"], "0");
        assert_eq!(event["published"], false);
    }

    #[test]
    fn every_attribute_has_its_own_id() {
        let event = event(&sample::report());
        let attributes = event["Attribute"].as_array().unwrap();
        let ids: BTreeSet<&str> = attributes
            .iter()
            .map(|attribute| attribute["uuid"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), attributes.len());
    }

    #[test]
    fn every_artefact_is_named_once_and_no_fingerprint() {
        let report = sample::report();
        let event = event(&report);
        let digests = event["Attribute"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|attribute| attribute["type"] == "sha256")
            .count();
        assert_eq!(digests, artefacts(&report).len());
        for found in &report.matches {
            assert!(!event.to_string().contains(&found.fingerprint.to_string()));
        }
    }

    #[test]
    fn what_was_exposed_is_counted_once_for_each_identifier() {
        let mut report = sample::report();
        report.matches.truncate(1);
        let mut one = report.matches[0].exposures[0].clone();
        one.exposed_with = vec!["health".into(), "password".into()];
        report.matches[0].exposures = vec![one.clone(), one];
        let event = event(&report);
        let beside: Vec<(&str, &str)> = event["Attribute"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|attribute| {
                let comment = attribute["comment"].as_str()?;
                let name = comment.strip_prefix("identifiers found, exposed with: ")?;
                Some((name, attribute["value"].as_str()?))
            })
            .collect();
        assert_eq!(beside, [("health", "1"), ("password", "1")]);
    }

    #[test]
    fn an_unfinished_run_is_an_ongoing_analysis() {
        let mut report = sample::report();
        assert_eq!(event(&report)["analysis"], "2");
        report.run.outcome = Outcome::Incomplete;
        assert_eq!(event(&report)["analysis"], "1");
    }
}
