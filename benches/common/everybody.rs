//! A list of people who do not exist, with an identifier of every kind each.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use blindsift::base::{Kind, Regions, Shape};
use blindsift::fingerprint::kinds;

use super::dice::Dice;
use super::people::{Person, iban};

/// The rows of a list of so many people, with a heading.
pub(crate) fn rows(count: usize) -> String {
    let mut dice = Dice::new(0xe7e7);
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for kind in kinds::ALL {
        if let Some(values) = values(kind, count, &mut dice) {
            columns.push((kind.name.to_owned(), values));
        }
    }
    let people: Vec<Person> = (0..count).map(|_| Person::new(&mut dice, true)).collect();
    let born = (0..count).map(|_| {
        let [year, month, day] = [(1930, 2012), (1, 12), (1, 28)].map(|(a, b)| dice.between(a, b));
        format!("{year}-{month:02}-{day:02}")
    });
    columns.push(("date_of_birth".to_owned(), born.collect()));
    let of = |value: fn(&Person) -> String| people.iter().map(value).collect::<Vec<_>>();
    columns.push(("name".to_owned(), of(|person| person.name.clone())));
    columns.push(("street".to_owned(), of(|person| person.street.clone())));
    columns.push(("postcode".to_owned(), of(|person| person.postcode.clone())));
    let mut rows = String::from("ref");
    for (heading, _) in &columns {
        let _ = write!(rows, ",{heading}");
    }
    for row in 0..count {
        let _ = write!(rows, "\n{row}");
        for (_, values) in &columns {
            let _ = write!(rows, ",{}", values[row]);
        }
    }
    rows.push('\n');
    rows
}

/// So many identifiers of `kind`, all different; `None` for what is put together
/// from several columns.
fn values(kind: &Kind, count: usize, dice: &mut Dice) -> Option<Vec<String>> {
    let mut one: Box<dyn FnMut(&mut Dice) -> String> = match (kind.name, kind.shape) {
        ("email", _) => Box::new(|dice| {
            let letters = dice.text(9, b"abcdefghijklmnopqrstuvwxyz");
            format!("{letters}@example.org")
        }),
        ("phone", _) => Box::new(|dice| format!("+35840{:07}", dice.roll(10_000_000))),
        ("iban", _) => Box::new(|dice| iban(dice.roll(1_000_000_000_000))),
        ("passport", _) => Box::new(|dice| {
            format!(
                "UTO {}{:07}",
                dice.text(2, b"ABCDEFGH"),
                dice.roll(10_000_000)
            )
        }),
        (_, Shape::Code { .. }) => {
            let mut last = vectors(kind);
            Box::new(move |dice| {
                let next = varied(kind, dice.pick(&last).clone(), dice);
                // The valid ones spread over all that there are.
                let at = usize::try_from(dice.roll(last.len() as u64)).unwrap();
                if last.len() < 1000 {
                    last.push(next.clone());
                } else {
                    last[at].clone_from(&next);
                }
                next
            })
        }
        _ => return None,
    };
    let (mut values, mut taken) = (Vec::new(), HashSet::new());
    while values.len() < count {
        let value = one(dice);
        if taken.insert(value.clone()) {
            values.push(value);
        }
    }
    Some(values)
}

/// The canonical forms of the kind's vectors.
fn vectors(kind: &Kind) -> Vec<String> {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = Path::new(root).join(format!("fixtures/kinds/{}.tsv", kind.name));
    let text = fs::read_to_string(path).unwrap();
    let fields = text.lines().filter(|line| !line.starts_with('#'));
    let valid = fields.filter_map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [_, canonical] => Some(canonical.to_owned()),
        _ => None,
    });
    valid.collect()
}

/// Another valid one: some characters changed, and the last two found by trying.
fn varied(kind: &Kind, from: String, dice: &mut Dice) -> String {
    let alphabet = |byte: u8| -> &'static [u8] {
        match byte {
            b'0'..=b'9' => b"0123456789",
            b'A'..=b'Z' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            _ => b"",
        }
    };
    let is_valid = |text: &[u8]| {
        let text = std::str::from_utf8(text).unwrap();
        let mut is_same = false;
        let read = (kind.canonical)(text, &Regions::default(), &mut |form, _| {
            is_same |= form == text;
        });
        read.is_ok() && is_same
    };
    let from = from.into_bytes();
    loop {
        let mut text = from.clone();
        for _ in 0..dice.between(1, 4) {
            let at = usize::try_from(dice.roll(text.len() as u64)).unwrap();
            if !alphabet(text[at]).is_empty() {
                text[at] = *dice.pick(alphabet(text[at]));
            }
        }
        let end = text.len();
        for one in alphabet(text[end - 2]) {
            for other in alphabet(text[end - 1]) {
                text[end - 2] = *one;
                text[end - 1] = *other;
                if text != from && is_valid(&text) {
                    return String::from_utf8(text).unwrap();
                }
            }
        }
    }
}
