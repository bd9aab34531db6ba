//! Addresses of houses, folded so that their spellings meet.
//!
//! The notations are those of the Universal Postal Union's addressing pages for
//! Finland, Sweden, Norway, Denmark, Estonia, Germany, the Netherlands, the United
//! Kingdom and the United States. A form is the street's name, folded and without
//! blanks, the house number's digits, and the postcode without blanks, in lower case:
//! `mannerheimintie 10 00100`.
//!
//! What stands behind the digits of a house number (`10 A 5`, `10a`, `10 bst. 5`,
//! `10-12`, `Apt 3`) is dropped. It would tell households apart, but registers and
//! people write it in too many ways to compare: a form names a house, or two that stand
//! beside each other, and so is weak. PO boxes are no addresses.

use std::ops::Range;

use super::Regions;
use super::spelling::is_word;

/// How a country writes addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// The number behind the street, five digits for the post: Estonia, Finland,
    /// Germany, Sweden.
    FiveDigits,
    /// The number behind the street, four digits.
    Danish,
    /// The same.
    Norwegian,
    /// The number behind the street, four digits and two letters.
    Dutch,
    /// The number before the street, letters and digits.
    British,
    /// The number before the street, five digits, and four more that do not matter.
    American,
}

/// Every notation: where several read a text, the first one counts.
pub const NOTATIONS: [Notation; 6] = [
    Notation::FiveDigits,
    Notation::Norwegian,
    Notation::Danish,
    Notation::Dutch,
    Notation::British,
    Notation::American,
];

/// What endings of streets stand for, with a dot behind them or as words of their
/// own; the first that fits counts.
pub(super) type Endings = &'static [(&'static str, &'static str)];

impl Notation {
    /// The notations of `regions` in their order; all when there are none.
    ///
    /// The first of [`NOTATIONS`] is always among them, for canonical forms of most
    /// countries, and those whom every run must find, are written in it.
    pub fn of(regions: &Regions) -> Vec<Self> {
        if regions.is_empty() {
            return NOTATIONS.to_vec();
        }
        let of_region = |code| match code {
            "NO" => Self::Norwegian,
            "DK" => Self::Danish,
            "NL" => Self::Dutch,
            "GB" => Self::British,
            "US" => Self::American,
            _ => Self::FiveDigits,
        };
        let mut all: Vec<Self> = Vec::new();
        let regions = regions.codes().map(of_region);
        for notation in regions.chain([Self::FiveDigits]) {
            if !all.contains(&notation) {
                all.push(notation);
            }
        }
        all
    }

    /// Whether the number stands before the street.
    pub fn has_number_first(self) -> bool {
        matches!(self, Self::British | Self::American)
    }

    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }

    pub(super) fn abbreviated(self) -> Endings {
        match self {
            Self::FiveDigits => &[
                ("str", "strasse"),
                ("mnt", "maantee"),
                ("pst", "puiestee"),
                ("tn", "tanav"),
                ("k", "katu"),
                ("t", "tie"),
                ("g", "gatan"),
                ("v", "vagen"),
            ],
            Self::Norwegian => &[
                ("g", "gata"),
                ("gt", "gata"),
                ("v", "veien"),
                ("vn", "veien"),
            ],
            Self::Danish => &[("g", "gade"), ("gd", "gade"), ("v", "vej")],
            Self::Dutch => &[
                ("str", "straat"),
                ("ln", "laan"),
                ("pl", "plein"),
                ("wg", "weg"),
            ],
            Self::British | Self::American => &[],
        }
    }

    /// Endings that are written in several ways, or cut without a dot.
    pub(super) fn alike(self) -> Endings {
        match self {
            Self::FiveDigits => &[("str", "strasse")],
            // The same for both: a form must be read as itself by either.
            Self::Norwegian | Self::Danish => &[
                ("gaten", "gata"),
                ("gate", "gata"),
                ("vegen", "veien"),
                ("vei", "veien"),
                ("veg", "veien"),
            ],
            Self::Dutch => &[("str", "straat")],
            Self::British | Self::American => &[("str", "street")],
        }
    }
}

/// What stands before a number of a PO box.
#[rustfmt::skip]
const BOXES: [&str; 11] = [
    "pl", "pb", "box", "pobox", "postbox", "postilokero", "postboks", "boks", "postfach",
    "postbus", "postboxi",
];

/// Whether `street`, folded, is no street but what is written before a PO box.
pub fn is_box(street: &str) -> bool {
    BOXES.contains(&street) || street.ends_with("pobox")
}

/// A house number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseNumber {
    /// Its digits.
    pub digits: Range<usize>,
    /// Where it ends with the letter that is glued to it.
    pub end: usize,
}

impl HouseNumber {
    /// The house number whose digits stand at `run`.
    #[inline]
    pub fn at(text: &str, run: &Range<usize>) -> Option<Self> {
        let bytes = text.as_bytes();
        if !(1..=5).contains(&run.len()) || bytes.get(run.start) == Some(&b'0') {
            return None;
        }
        let before = run.start.checked_sub(1).and_then(|at| bytes.get(at));
        let begins = match before {
            Some(b'.') => char_before(text, run.start - 1).is_some_and(char::is_alphabetic),
            Some(b' ' | b'\n' | b',' | b'"' | b'\'' | b'(' | b';' | b'|' | b'\t' | b'>') | None => {
                true
            }
            Some(_) => false,
        };
        if !begins {
            return None;
        }
        let is_word_at = |at| char_at(text, at).is_some_and(is_word);
        let end = match bytes.get(run.end) {
            Some(byte) if byte.is_ascii_alphabetic() => run.end + 1,
            _ => run.end,
        };
        let is_apart = match bytes.get(end) {
            Some(b'.' | b':') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
            Some(b'%' | b'@' | b'_') => false,
            _ => !is_word_at(end),
        };
        is_apart.then(|| Self {
            digits: run.clone(),
            end,
        })
    }

    /// Whether it may be the number of a day or of a street instead: `17. Juni`.
    pub fn is_ordinal(&self, text: &str) -> bool {
        let behind = text.get(self.end..).unwrap_or_default();
        behind
            .strip_prefix(". ")
            .is_some_and(|rest| rest.starts_with(char::is_alphabetic))
    }
}

/// Puts the canonical form into `form`.
pub fn address_form(street: &str, number: &str, postcode: &str, form: &mut String) {
    form.clear();
    for part in [street, " ", number, " ", postcode] {
        form.push_str(part);
    }
}

/// The character before `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    match at.checked_sub(1).and_then(|at| text.as_bytes().get(at)) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(..at)?.chars().next_back(),
    }
}

/// The character at `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}
