//! What holds for every kind.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::base::{Regions, Shape, Variant};
use crate::fingerprint::{Fingerprinter, Key};

/// `fixtures/kinds/<kind>.tsv`: a text and its canonical form, or a text, `!` and
/// why it has none. Lines that begin with `#` say where the vectors are from.
struct Vectors {
    valid: Vec<(String, String)>,
    invalid: Vec<(String, String)>,
    /// What stands behind `# name:`.
    notes: BTreeMap<String, String>,
}

impl Vectors {
    fn of(kind: &Kind) -> Self {
        let root = env!("CARGO_MANIFEST_DIR");
        let path = format!("{root}/fixtures/kinds/{}.tsv", kind.name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"));
        let (mut valid, mut invalid, mut notes) = (Vec::new(), Vec::new(), BTreeMap::new());
        for line in text.lines() {
            if let Some(note) = line.strip_prefix("# ") {
                if let Some((name, value)) = note.split_once(": ") {
                    notes.insert(name.to_owned(), value.to_owned());
                }
                continue;
            }
            match line.split('\t').collect::<Vec<_>>()[..] {
                [text, "!", reason] => invalid.push((text.to_owned(), reason.to_owned())),
                [text, canonical] => valid.push((text.to_owned(), canonical.to_owned())),
                _ => panic!("{path}: two or three fields: {line}"),
            }
        }
        Self {
            valid,
            invalid,
            notes,
        }
    }

    fn regions(&self) -> Vec<&str> {
        let regions = self.notes.get("regions").map_or("", String::as_str);
        regions.split_whitespace().collect()
    }
}

/// How `fixtures/kinds/README.md` begins.
const TABLE: &str = "\
# Vectors of every kind

A file a kind: a text and its canonical form, or a text, `!` and why it has none. `# source:` says where they are from,
`# random:` and `# rate:` from what random text is drawn (`9` a digit, `A` a letter, `*` either) and what share of it the rule lets through:
the tests draw it and count. This table is written by them.

| kind | valid | invalid | random text | passes | source |
|---|---|---|---|---|---|
";

#[test]
fn vectors_of_every_kind_are_read_as_their_source_says() {
    let mut table = TABLE.to_owned();
    for kind in ALL {
        let vectors = Vectors::of(kind);
        for (text, canonical) in &vectors.valid {
            let forms = forms(kind, text, &vectors.regions());
            let first = forms.as_ref().map(|forms| &forms[0]);
            let expected = (canonical.clone(), Variant::Exact);
            assert_eq!(first, Ok(&expected), "{}: {text}", kind.name);
            let again = super::forms(kind, canonical, &vectors.regions()).unwrap();
            assert_eq!(again[0], expected, "{}: {text}", kind.name);
        }
        for (text, reason) in &vectors.invalid {
            let read = forms(kind, text, &vectors.regions());
            assert_eq!(read, Err(reason.as_str()), "{}: {text}", kind.name);
        }
        let (valid, invalid) = (vectors.valid.len(), vectors.invalid.len());
        let source = vectors.notes.get("source").map(String::as_str);
        let source = source.unwrap_or_else(|| panic!("{}: no source", kind.name));
        assert!(
            valid >= 6 && invalid >= 5,
            "{}: {valid}, {invalid}",
            kind.name
        );
        let random = vectors.notes.get("random").zip(vectors.notes.get("rate"));
        let random = random.map_or_else(
            || " | ".to_owned(),
            |(layout, rate)| format!("`{layout}` | {:.1e}", evaluate(rate)),
        );
        let _ = writeln!(
            table,
            "| `{}` | {valid} | {invalid} | {random} | {source} |",
            kind.name
        );
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kinds/README.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap();
    assert!(
        written == table,
        "fixtures/kinds/README.md is out of date: run this test with UPDATE=1"
    );
}

/// `compact` in that layout, with `separator`, if it has such letters and digits.
fn laid_out(compact: &str, layout: &str, separator: &str) -> Option<String> {
    let wanted = layout.bytes().filter(|byte| *byte != b'-').count();
    // Zeros that spreadsheets drop.
    let lost = compact.len().checked_sub(wanted)?;
    let (zeros, rest) = compact.split_at(lost);
    let mut rest = rest.chars();
    let mut text = String::new();
    for class in layout.bytes() {
        match class {
            b'-' => text.push_str(separator),
            class => {
                let c = rest.next()?;
                let fits = match class {
                    b'9' => c.is_ascii_digit(),
                    b'A' => c.is_ascii_uppercase(),
                    _ => true,
                };
                text.push(fits.then_some(c)?);
            }
        }
    }
    zeros.bytes().all(|byte| byte == b'0').then_some(text)
}

/// Whether `text` is written in that layout.
fn is_written(text: &str, layout: &str) -> bool {
    let fits = |(c, class): (char, u8)| match class {
        b'-' => " -./+".contains(c),
        b'9' => c.is_ascii_digit(),
        b'A' => c.is_ascii_alphabetic(),
        _ => c.is_ascii_alphanumeric(),
    };
    text.chars().count() == layout.len() && text.chars().zip(layout.bytes()).all(fits)
}

#[test]
fn every_spelling_of_a_number_has_its_canonical_form() {
    for kind in ALL {
        let Shape::Code { layouts } = kind.shape else {
            continue;
        };
        let mut used = vec![false; layouts.len()];
        for (text, canonical) in Vectors::of(kind).valid {
            // Short forms that the canonical form does not show.
            for (layout, used) in layouts.iter().zip(&mut used) {
                *used |= is_written(&text, layout);
            }
            let bare: String = canonical
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            // A sign that is part of the number is no separator.
            let dashes = ["-", "\u{2011}", "–", "\u{2212}", "－"];
            let blanks = [" ", ".", "/", "\u{a0}", "\u{2009}", " - "];
            let others = if bare == canonical { &blanks[..] } else { &[] };
            for (layout, used) in layouts.iter().zip(&mut used) {
                for separator in dashes.iter().chain(others) {
                    let Some(text) = laid_out(&bare, layout, separator) else {
                        continue;
                    };
                    if bare != canonical && canonical.contains('+') {
                        continue;
                    }
                    *used = true;
                    let digits = |zero: u32| -> String {
                        let other = |c: char| c.to_digit(10).and_then(|d| char::from_u32(zero + d));
                        text.chars().map(|c| other(c).unwrap_or(c)).collect()
                    };
                    let hidden = |c: &str| text.split("").collect::<Vec<_>>().join(c);
                    for spelling in [
                        text.clone(),
                        text.to_lowercase(),
                        format!("\u{a0}{text} "),
                        digits(0xff10),
                        digits(0x660),
                        digits(0x6f0),
                        hidden("\u{ad}"),
                        hidden("\u{200b}"),
                    ] {
                        let read = forms(kind, &spelling, &[]);
                        let exact = |(form, _): &(String, Variant)| *form == canonical;
                        let is_read = read.as_ref().is_ok_and(|forms| forms.iter().any(exact));
                        assert!(is_read, "{}: {spelling} is read as {read:?}", kind.name);
                    }
                }
            }
        }
        // A form of another length than the canonical one.
        for (text, _) in Vectors::of(kind).valid {
            let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
            let bare = bare.to_ascii_uppercase();
            for (layout, used) in layouts.iter().zip(&mut used) {
                let layout = layout.replace('-', "");
                *used |= laid_out(&bare, &layout, "").is_some_and(|laid| laid == bare);
            }
        }
        for (layout, used) in layouts.iter().zip(used) {
            assert!(used, "{}: no vector is written as {layout}", kind.name);
        }
    }
}

/// What `a/b * c` makes; no brackets.
fn evaluate(expression: &str) -> f64 {
    let mut value = 1.0;
    let mut divides = false;
    for word in expression
        .replace('*', " * ")
        .replace('/', " / ")
        .split_whitespace()
    {
        match word {
            "*" => divides = false,
            "/" => divides = true,
            number => {
                let number: f64 = number.parse().unwrap();
                value = if divides {
                    value / number
                } else {
                    value * number
                };
            }
        }
    }
    value
}

#[test]
fn random_text_is_accepted_as_often_as_the_check_digits_say() {
    const TRIES: u32 = if cfg!(debug_assertions) {
        100_000
    } else {
        2_000_000
    };
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut dice = |sides: u64| {
        // Xorshift; Marsaglia, 2003.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % sides
    };
    for kind in ALL
        .iter()
        .filter(|kind| matches!(kind.shape, Shape::Code { .. }))
    {
        let notes = Vectors::of(kind).notes;
        let note = |name: &str| {
            let note = notes.get(name);
            note.unwrap_or_else(|| panic!("{}: no {name}", kind.name))
        };
        let (layout, rate) = (note("random"), evaluate(note("rate")));
        let regions = Regions::default();
        let mut accepted = 0_u32;
        for _ in 0..TRIES {
            let mut text = String::new();
            for class in layout.bytes() {
                let base = match class {
                    b'9' => (0, 10),
                    b'A' => (10, 26),
                    b'*' => (0, 36),
                    other => {
                        text.push(char::from(other));
                        continue;
                    }
                };
                let digit = u32::try_from(base.0 + dice(base.1)).unwrap();
                text.extend(char::from_digit(digit, 36).map(|c| c.to_ascii_uppercase()));
            }
            accepted += u32::from((kind.canonical)(&text, &regions, &mut |_, _| {}).is_ok());
        }
        let (expected, found) = (rate * f64::from(TRIES), f64::from(accepted));
        // Five standard deviations, and a percent for what the reckoning leaves out.
        let slack = 5.0 * expected.sqrt() + 0.02 * expected + 5.0;
        assert!(
            (found - expected).abs() <= slack,
            "{}: {found} of {TRIES}, expected {expected:.1}",
            kind.name
        );
    }
}

#[test]
fn golden_vectors_keep_their_fingerprints() {
    let vectors = include_str!("../../../fixtures/fingerprint/vectors.tsv");
    let mut read = 0;
    for line in vectors.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [key, label, input, canonical, fingerprint] = fields[..] else {
            panic!("five fields: {line}");
        };
        let mut key = crate::base::hex::decode::<32>(key).unwrap();
        let key = Key::from_bytes(&mut key);
        let kind = ALL.iter().find(|kind| kind.label() == label).unwrap();
        let forms = forms(kind, input, &["FI"]).unwrap();
        assert!(forms.iter().any(|(form, _)| form == canonical), "{line}");
        let computed = Fingerprinter::new(&key).of(kind, canonical).to_string();
        assert_eq!(computed, fingerprint, "{line}");
        read += 1;
    }
    assert_eq!(read, 125);
}

#[test]
fn every_example_is_its_own_canonical_form() {
    for kind in ALL {
        let own = (kind.example.to_owned(), Variant::Exact);
        assert_eq!(forms(kind, kind.example, &[]), Ok(vec![own]));
    }
}

#[test]
fn names_are_unique_and_headings_are_folded() {
    for (at, kind) in ALL.iter().enumerate() {
        assert!(ALL[..at].iter().all(|other| other.name != kind.name));
        for heading in kind.headings {
            let folded: String = heading
                .chars()
                .flat_map(char::to_lowercase)
                .filter(|c| c.is_alphanumeric())
                .collect();
            assert_eq!(folded, *heading);
        }
    }
    assert_eq!(named("fi_hetu").map(|kind| kind.name), Some("fi-hetu"));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[0-9 +()./-]{0,20}",
        "[0-9]{8,13}",
        "[0-9]{2}[0-9][0-2][0-3][0-9][-+/ ]?[0-9]{3,5}",
        "[a-zÄß+._ -]{1,9}@[a-zÄß.-]{1,9}\\.[a-z]{2,3}",
        "\\PC{1,3}[a-z]@\\PC{1,3}[a-z]\\.fi",
        "[A-Z]{2}[0-9]{2}[ 0-9A-Z]{4,34}",
        "[0-3][0-9][01][0-9]{3}[-+AY][0-9]{3}[0-9A-Z]",
        "[A-Za-zÄØ' -]{1,20},? [1-3]{1,2}[./]1[0-2][./]19[0-9]{2}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_canonical_form_is_its_own_canonical_form(text in text()) {
        for kind in ALL {
            for (form, _) in forms(kind, &text, &["FI", "US"]).unwrap_or_default() {
                let again = forms(kind, &form, &[]).unwrap();
                prop_assert_eq!(&again[0], &(form, Variant::Exact));
            }
        }
    }
}
