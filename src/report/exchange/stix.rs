//! A STIX 2.1 bundle (OASIS Standard, 10 June 2021).
//!
//! The tool is an `identity`; every artefact with listed identifiers a `file`
//! that is known by its digest alone; that they were seen is `observed-data`; the
//! counts are a `note`; a `report` holds them together.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::{Report, verdict};
use super::{artefacts, exposed_with, run_name, uuid};
use crate::base::Sha256;

/// When the identity of the tool was first written; an id keeps its date.
const SINCE: &str = "2026-11-21T00:00:00.000Z";
/// Section 4.14: `number_observed` is between 1 and 999,999,999.
const MOST_OBSERVED: u64 = 999_999_999;

/// Writes the bundle of `report`.
pub(in super::super) fn stix(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tool = identity();
    let files: Vec<Value> = artefacts(report).iter().map(file).collect();
    let observed = observed_data(report, &id_of(&tool), &files);
    let about = observed.as_ref().map_or_else(|| id_of(&tool), id_of);
    let note = note(report, &id_of(&tool), &about);
    let mut objects = vec![json!({"name": format!("Leak check {}", report.run.id),
               "published": time(report.run.finished),
               "report_types": ["observed-data"],
               "object_refs": [about, id_of(&note)]})];
    for object in &mut objects {
        fill(object, "report", report, &id_of(&tool));
    }
    objects.push(note);
    objects.extend(observed);
    objects.extend(files);
    objects.insert(0, tool);
    let bundle = json!({
        "type": "bundle",
        "id": format!("bundle--{}", uuid::named(&uuid::BLINDSIFT, run_name(report, "bundle").as_bytes())),
        "objects": objects,
    });
    serde_json::to_writer_pretty(&mut *out, &bundle)?;
    out.write_all(b"\n")
}

fn identity() -> Value {
    json!({
        "type": "identity",
        "spec_version": "2.1",
        "id": format!("identity--{}", uuid::named(&uuid::BLINDSIFT, b"identity\0blindsift")),
        "created": SINCE,
        "modified": SINCE,
        "name": "blindsift",
        "identity_class": "system",
    })
}

fn file(digest: &Sha256) -> Value {
    // Section 2.9: the id follows from the properties that identify the object,
    // as canonical JSON (RFC 8785). For a file known by its digest that is this.
    let name = format!(r#"{{"hashes":{{"SHA-256":"{digest}"}}}}"#);
    json!({
        "type": "file",
        "spec_version": "2.1",
        "id": format!("file--{}", uuid::named(&uuid::STIX_OBSERVABLES, name.as_bytes())),
        "hashes": {"SHA-256": digest.to_string()},
    })
}

/// Nothing when nothing was found: the standard wants at least one object.
fn observed_data(report: &Report, tool: &str, files: &[Value]) -> Option<Value> {
    let first = report.matches.iter().map(|found| found.first_seen).min()?;
    let last = report.matches.iter().map(|found| found.last_seen).max()?;
    if files.is_empty() {
        return None;
    }
    let number = report
        .matches
        .iter()
        .fold(0_u64, |sum, found| sum.saturating_add(found.occurrences));
    let mut object = json!({
        "first_observed": time(first),
        "last_observed": time(last.max(first)),
        "number_observed": number.clamp(1, MOST_OBSERVED),
        "object_refs": files.iter().map(id_of).collect::<Vec<_>>(),
    });
    fill(&mut object, "observed-data", report, tool);
    Some(object)
}

fn note(report: &Report, tool: &str, about: &str) -> Value {
    let mut sentences = vec![verdict(report).headline];
    let by_kind = report.summary.by_kind.iter();
    sentences.extend(by_kind.map(|(kind, number)| format!("{kind}: {number}.")));
    let beside = exposed_with(report).into_iter();
    sentences.extend(beside.map(|(name, number)| format!("Exposed with {name}: {number}.")));
    let mut object = json!({
        "abstract": "What was found, in numbers",
        "content": sentences.join(" "),
        "object_refs": [about],
    });
    fill(&mut object, "note", report, tool);
    object
}

/// Adds what every domain object has (section 3.2).
fn fill(object: &mut Value, kind: &str, report: &Report, tool: &str) {
    let id = uuid::named(&uuid::BLINDSIFT, run_name(report, kind).as_bytes());
    let written = time(report.run.finished);
    if let Value::Object(fields) = object {
        fields.insert("type".into(), json!(kind));
        fields.insert("spec_version".into(), json!("2.1"));
        fields.insert("id".into(), json!(format!("{kind}--{id}")));
        fields.insert("created".into(), json!(written));
        fields.insert("modified".into(), json!(written));
        fields.insert("created_by_ref".into(), json!(tool));
    }
}

fn id_of(object: &Value) -> String {
    let id = object.get("id").and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

/// Section 3.2: precise to the millisecond.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::sample;
    use super::*;

    fn bundle(report: &Report) -> Value {
        let mut bytes = Vec::new();
        stix(report, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn every_reference_leads_to_an_object_of_the_bundle() {
        for report in [sample::report(), sample::empty()] {
            let bundle = bundle(&report);
            let objects = bundle["objects"].as_array().unwrap();
            let ids: BTreeSet<String> = objects.iter().map(id_of).collect();
            assert_eq!(ids.len(), objects.len());
            for object in objects {
                let kind = object["type"].as_str().unwrap();
                assert!(id_of(object).starts_with(&format!("{kind}--")));
                assert_eq!(object["spec_version"], "2.1");
                let refs = object["object_refs"].as_array().cloned();
                for id in refs.unwrap_or_default() {
                    assert!(ids.contains(id.as_str().unwrap()));
                }
            }
        }
    }

    #[test]
    fn an_artefact_is_known_by_its_digest_alone() {
        // uuid.uuid5(uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7"),
        //            '{"hashes":{"SHA-256":"' + "07" * 32 + '"}}')
        assert_eq!(
            file(&Sha256([7; 32])),
            json!({
                "type": "file",
                "spec_version": "2.1",
                "id": "file--7eeaa521-6ba6-5f8f-a0a5-31d94e8e913c",
                "hashes": {"SHA-256": "07".repeat(32)},
            })
        );
    }

    #[test]
    fn no_fingerprint_and_no_name_leaves_in_the_bundle() {
        let report = sample::report();
        let text = bundle(&report).to_string();
        for found in &report.matches {
            assert!(!text.contains(&found.fingerprint.to_string()));
        }
        assert!(!text.contains(&report.watchlist.name));
        assert!(!text.contains(&report.watchlist.key_id));
    }

    #[test]
    fn times_are_precise_to_the_millisecond() {
        assert_eq!(
            time(sample::at("2026-11-21T10:00:00.123999Z")),
            "2026-11-21T10:00:00.123Z"
        );
    }
}
