//! Every number is found in a leak however it is spelled, and in whatever it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use blindsift::base::{Kind, OriginKey, Regions, Shape};
use blindsift::config::Limits;
use blindsift::decode::{self, Context, Input, Out};
use blindsift::extract::Extractor;
use blindsift::fingerprint::kinds;

use crate::support::finder::Finder;

/// What a separator of a layout is written as.
const SEPARATORS: [&str; 9] = [
    "-", " ", ".", "/", "\u{a0}", "\u{2011}", "\u{2013}", "\u{2009}", " - ",
];

/// How digits and what stands between them are written.
const SCRIPTS: [fn(&str) -> String; 6] = [
    str::to_owned,
    str::to_lowercase,
    |text| in_digits(text, 0xff10),
    |text| in_digits(text, 0x660),
    |text| in_digits(text, 0x966),
    |text| {
        text.chars()
            .flat_map(|c| [c, '\u{ad}', '\u{200b}'])
            .collect()
    },
];

/// Writes a leak around a value.
type Write = fn(&str) -> String;

/// A format, and how a value of its third record is written.
const FORMATS: [(&str, Write); 6] = [
    ("free text", |value| {
        format!("Asiakas kävi 13.4. klo 9.\nTunnus on {value}, kiitos.\nHyvää päivää.\n")
    }),
    ("CSV", |value| {
        format!("no;value;note\n1;;kevät\n2;{value};syksy\n3;;talvi\n")
    }),
    ("JSON", |value| {
        format!(
            "{{\"no\":1,\"note\":\"kevät\"}}\n{{\"no\":2,\"value\":\"{value}\"}}\n{{\"no\":3}}\n"
        )
    }),
    ("JSON with escapes", |value| {
        let mut escaped = String::new();
        for unit in value.encode_utf16() {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
        format!("[{{\"no\":1}},{{\"no\":2,\"value\":\"{escaped}\"}}]\n")
    }),
    ("SQL", |value| {
        format!("INSERT INTO t (no, value) VALUES (1,'x'),(2,'{value}'),(3,NULL);\n")
    }),
    ("HTML", |value| {
        let escaped: String = value
            .chars()
            .map(|c| format!("&#{};", u32::from(c)))
            .collect();
        format!(
            "<html><body><table><tr><td>1<td>{value}</td></tr></table><p>{escaped}</p></body></html>\n"
        )
    }),
];

fn in_digits(text: &str, zero: u32) -> String {
    let other = |c: char| {
        c.to_digit(10)
            .and_then(|digit| char::from_u32(zero + digit))
    };
    text.chars().map(|c| other(c).unwrap_or(c)).collect()
}

/// `number` in that layout, if it has such letters and digits; zeros that a
/// spreadsheet drops are left out.
fn laid_out(number: &str, layout: &str, separator: &str) -> Option<String> {
    let wanted = layout.bytes().filter(|class| *class != b'-').count();
    let (zeros, rest) = number.split_at(number.len().checked_sub(wanted)?);
    let mut rest = rest.chars();
    let mut text = String::new();
    for class in layout.chars() {
        if class == '-' {
            text.push_str(separator);
            continue;
        }
        let c = rest.next()?;
        let fits = match class {
            '9' => c.is_ascii_digit(),
            'A' => c.is_ascii_uppercase(),
            _ => true,
        };
        text.push(fits.then_some(c)?);
    }
    zeros.bytes().all(|zero| zero == b'0').then_some(text)
}

/// Whether `text` is written in that layout.
fn is_written_in(text: &str, layout: &str) -> bool {
    let fits = |(class, c): (char, char)| match class {
        '9' => c.is_ascii_digit(),
        'A' => c.is_ascii_alphabetic(),
        '*' => c.is_ascii_alphanumeric(),
        _ => " -./+".contains(c),
    };
    text.chars().count() == layout.len() && layout.chars().zip(text.chars()).all(fits)
}

/// The valid vectors of the kind: a text and its canonical form.
fn vectors(kind: &Kind) -> Vec<(String, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/fixtures/kinds/{}.tsv", kind.name);
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let valid = lines.filter_map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [text, canonical] => Some((text.to_owned(), canonical.to_owned())),
        _ => None,
    });
    valid.collect()
}

/// Texts in that layout, with every separator that does not change what they are,
/// and their canonical forms: one number, and what vectors write in it.
fn texts(kind: &Kind, layout: &str) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (text, number) in vectors(kind) {
        if is_written_in(&text, layout) {
            all.insert((text, number.clone()));
        }
        let compact: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        if all.len() > SEPARATORS.len() {
            continue;
        }
        for separator in SEPARATORS {
            let Some(text) = laid_out(&compact, layout, separator) else {
                continue;
            };
            // Where the sign is part of the number, others make another number.
            let mut is_same = false;
            let read = kind.read(&text, &Regions::default(), &mut |form, _| {
                is_same |= form == number;
            });
            if read.is_ok() && is_same {
                all.insert((text, number.clone()));
            }
        }
    }
    all
}

fn decode(leak: &[u8], out: &mut dyn Out) {
    let (limits, origins) = (Limits::default(), OriginKey::new(&[1; 32]));
    let budget = limits.budget();
    let context = Context {
        budget: &budget,
        origins: &origins,
        spool_memory: limits.spool_memory,
        spool_bytes: limits.spool,
        piece_bytes: decode::text::PIECE,
        ahead: false,
    };
    let input = Input {
        stream: Box::new(leak),
        random: None,
        charset: None,
    };
    decode::read(input, origins.place("test", b"leak"), context, out);
}

#[test]
fn every_number_is_found_in_every_spelling_and_format() {
    let mut tried = 0;
    let mut missed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in kinds::ALL {
        let Shape::Code { layouts } = kind.shape else {
            continue;
        };
        let regions = Regions::default();
        let mut finder = Finder {
            extractor: Extractor::new(&[*kind], kinds::ALL, &regions),
            found: Vec::new(),
        };
        for layout in layouts {
            let texts = texts(kind, layout);
            assert!(!texts.is_empty(), "{}: nothing is {layout}", kind.name);
            // What has no digit is not looked for: of the 128 forms of an Italian code,
            // the one in which letters stand for all seven.
            let has_digits = |(text, _): &(String, String)| text.contains(|c: char| c.is_numeric());
            for (text, number) in texts.into_iter().filter(has_digits) {
                for (format, write) in FORMATS {
                    for script in SCRIPTS {
                        let spelled = script(&text);
                        finder.found.clear();
                        decode(write(&spelled).as_bytes(), &mut finder);
                        tried += 1;
                        if !finder.found.iter().any(|(_, _, form)| *form == number) {
                            let missed = missed.entry(kind.name).or_default();
                            missed.push(format!("{spelled} in {format}"));
                        }
                    }
                }
            }
        }
    }
    let some: BTreeMap<_, _> = missed
        .iter()
        .map(|(kind, texts)| (kind, (texts.len(), &texts[..texts.len().min(4)])))
        .collect();
    assert!(tried > 50_000, "only {tried} spellings");
    assert!(missed.is_empty(), "of {tried} these were missed: {some:#?}");
}
