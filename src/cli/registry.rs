//! `kinds`: the registry as a table.

use std::fmt::Write as _;
use std::path::Path;

use blindsift::base::{Family, Kind, Shape, Strength};
use serde_json::json;

use super::organisation::all_kinds;
use super::outcome::{FINISHED, Failure};
use super::reports;

/// Prints the registry.
pub(super) fn kinds(as_json: bool, kind_config: Option<&Path>) -> Result<u8, Failure> {
    let kinds = all_kinds(kind_config)?;
    let text = if as_json {
        let all: Vec<_> = kinds.iter().map(|kind| object(kind)).collect();
        format!("{:#}\n", json!(all))
    } else {
        table(&kinds)
    };
    reports::print(text.as_bytes())?;
    Ok(FINISHED)
}

fn object(kind: &Kind) -> serde_json::Value {
    json!({
        "kind": kind.name, "profile": kind.profile, "family": family(kind.family).0,
        "strength": kind.strength, "canonical_form": kind.canonical_form,
        "check": kind.check, "source": kind.source, "example": kind.example,
        "chance": chance(kind), "space": kind.space,
    })
}

/// The share of random texts that pass the check, where there is such a thing.
fn chance(kind: &Kind) -> Option<f64> {
    let is_code = matches!(kind.shape, Shape::Code { .. } | Shape::Pattern(_));
    (is_code && kind.space.is_some()).then(|| kind.chance())
}

/// Families: the name for programs, and the heading.
const FAMILIES: [(Family, &str, &str); 5] = [
    (Family::Contact, "contact", "CONTACT"),
    (Family::Money, "money", "MONEY"),
    (
        Family::National,
        "national",
        "NATIONAL IDENTIFICATION NUMBERS",
    ),
    (Family::Document, "document", "DOCUMENTS"),
    (Family::Composite, "composite", "PEOPLE AND PLACES"),
];

fn family(family: Family) -> (&'static str, &'static str) {
    let mut families = FAMILIES.into_iter();
    let known = families.find(|(of, ..)| *of == family);
    known.map_or(("own", "THE ORGANISATION'S OWN"), |(_, name, heading)| {
        (name, heading)
    })
}

/// Figures in columns, and below them in words what is too long for one.
fn table(all: &[&Kind]) -> String {
    let width = |of: fn(&Kind) -> usize| all.iter().map(|kind| of(kind)).max().unwrap_or(0);
    let (name, example) = (
        width(|kind| kind.name.len()),
        width(|kind| kind.example.len()),
    );
    let mut families: Vec<Family> = all.iter().map(|kind| kind.family).collect();
    families.sort_unstable();
    families.dedup();
    let mut text = String::new();
    // Writing to a string does not fail.
    for of in families {
        let _ = writeln!(text, "{}", family(of).1);
        let _ = writeln!(
            text,
            "  {:name$}  strength  {:example$}  {:>9}  {:>9}",
            "kind", "example", "chance", "space"
        );
        for kind in all.iter().filter(|kind| kind.family == of) {
            let chance = chance(kind).map_or_else(|| "-".to_owned(), percent);
            let space = kind
                .space
                .map_or_else(|| "-".to_owned(), |s| format!("{s:.1e}"));
            let _ = writeln!(
                text,
                "  {:name$}  {:8}  {:example$}  {chance:>9}  {space:>9}",
                kind.name,
                strength(kind.strength),
                kind.example,
            );
            for (what, words) in [
                ("form", kind.canonical_form),
                ("check", kind.check),
                ("source", kind.source),
            ] {
                let _ = writeln!(text, "  {:name$}  {what:8}  {words}", "");
            }
        }
        text.push('\n');
    }
    text.push_str(
        "strong: identifies by itself; compound: several things together; weak: never enough by \
         itself\nchance: the share of random text of its shape that passes the check; space: how \
         many different ones there can be\n",
    );
    text
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.01 {
        "< 0.01 %".to_owned()
    } else {
        format!("{percent:.2} %")
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Strong => "strong",
        Strength::Compound => "compound",
        Strength::Weak => "weak",
    }
}
