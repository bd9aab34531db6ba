//! Addresses: a street, a house number and a postcode, in one record.
//!
//! In rows, every house number of a row that a street stands beside goes with every
//! postcode in it; street, number and postcode may each have a cell. In free text the
//! record is the postcode's line and two lines of its paragraph on either side, as on
//! an envelope.
//!
//! Where a street's name begins (or ends, in countries that write the number first)
//! cannot be seen: one word, two words and more are tried, and the list decides. The
//! number of tries in one record is bounded.

use std::ops::Range;

use super::anchor::{Anchor, Anchors};
use super::record;
use crate::base::{
    HouseNumber, Kind, Layout, Notation, Piece, Postcode, Regions, Runs, Street, address_form,
    is_box,
};

/// Streets with postcodes that are tried in one record, unless told otherwise.
const LIMIT: usize = 4096;
/// Lines on either side of a postcode's own in which its street can stand.
const LINES: usize = 2;
/// Bytes on either side, in text without lines.
const NEAR: usize = 256;

/// Takes a canonical form and where its postcode stands.
type Each<'a> = &'a mut dyn FnMut(&str, Range<usize>);

/// Looks for addresses. Owns the buffers.
pub(super) struct Addresses {
    pub(super) kind: &'static Kind,
    notations: Vec<Notation>,
    limit: usize,
    met: bool,
    postcodes: Vec<Postcode>,
    numbers: Vec<HouseNumber>,
    street: Street,
    form: String,
}

impl Addresses {
    pub(super) fn new(kind: &'static Kind, regions: &Regions) -> Self {
        Self {
            kind,
            notations: Notation::of(regions),
            limit: LIMIT,
            met: false,
            postcodes: Vec::new(),
            numbers: Vec::new(),
            street: Street::default(),
            form: String::new(),
        }
    }

    pub(super) fn set_limit(&mut self, tries: usize) {
        self.limit = tries;
    }

    /// Whether the limit was met since this was asked last.
    pub(super) fn limit_met(&mut self) -> bool {
        std::mem::take(&mut self.met)
    }

    /// Hands every street with a postcode to `each`.
    pub(super) fn find(&mut self, piece: &Piece<'_>, each: Each<'_>) {
        let mut postcodes = std::mem::take(&mut self.postcodes);
        let mut numbers = std::mem::take(&mut self.numbers);
        self.read(piece.text, &mut postcodes, &mut numbers);
        // The record that the last postcode stands in, and what may still be tried.
        let (mut record, mut allowance) = (0..0, 0);
        for postcode in &postcodes {
            let at = postcode.span.start;
            let unit = match piece.layout {
                Layout::Rows => record::row(piece, at),
                Layout::Lines => Some(record::line(piece.text, at)),
            };
            let Some(unit) = unit else { continue };
            if unit != record {
                (record, allowance) = (unit, self.limit);
            }
            if !piece.own.contains(&at) {
                continue;
            }
            let near = match piece.layout {
                Layout::Rows => record.clone(),
                Layout::Lines => around(piece.text, &record, at),
            };
            let first = numbers.partition_point(|number| number.digits.start < near.start);
            let count = numbers
                .iter()
                .skip(first)
                .take_while(|number| number.end <= near.end)
                .count();
            let here = numbers.get(first..first + count).unwrap_or_default();
            for notation in 0..self.notations.len() {
                self.give(piece, (postcode, here), notation, &mut allowance, each);
            }
        }
        (self.postcodes, self.numbers) = (postcodes, numbers);
    }

    /// Finds all postcodes and house numbers, in order.
    fn read(&self, text: &str, postcodes: &mut Vec<Postcode>, numbers: &mut Vec<HouseNumber>) {
        postcodes.clear();
        numbers.clear();
        let mut anchors = Anchors::none().and_runs(Runs::of(&[1, 2, 3, 4, 5]));
        if self.notations.contains(&Notation::British) {
            // `SW1A`, `M60`, and `M601NW`.
            anchors = anchors.and_glued(Runs::of(&[1, 2, 3]));
        }
        for anchor in anchors.within(text.as_bytes(), 0..text.len()) {
            let Anchor::Digits(run) = anchor else {
                continue;
            };
            postcodes.extend(Postcode::at(text, &run, &self.notations));
            numbers.extend(HouseNumber::at(text, &run));
        }
    }

    /// Hands the streets of `numbers` with `postcode` to `each`, while the allowance
    /// lasts.
    fn give(
        &mut self,
        piece: &Piece<'_>,
        (postcode, numbers): (&Postcode, &[HouseNumber]),
        notation: usize,
        allowance: &mut usize,
        each: Each<'_>,
    ) {
        let Some(notation) = self.notations.get(notation).copied() else {
            return;
        };
        if !postcode.fits(notation) {
            return;
        }
        let text = piece.text;
        for number in numbers {
            let digits = number.digits.clone();
            if postcode.span.contains(&digits.start) {
                continue;
            }
            let is_read = if notation.has_number_first() {
                self.street.read_behind(text, number.end, notation)
            } else {
                // A line that begins with a number has no street before it.
                let is_cell =
                    digits.start > 0 && text.as_bytes().get(digits.start - 1) == Some(&b'\n');
                !(is_cell && piece.layout == Layout::Lines)
                    && self.street.read_before(text, digits.start, notation)
            };
            if !is_read {
                continue;
            }
            let number = text.get(digits).unwrap_or_default();
            let (street, form, met) = (&self.street, &mut self.form, &mut self.met);
            let mut spell = |name: &str| {
                if is_box(name) {
                    return;
                }
                if *allowance == 0 {
                    *met = true;
                    return;
                }
                *allowance -= 1;
                address_form(name, number, postcode.text(), form);
                each(form, postcode.span.clone());
            };
            if notation.has_number_first() {
                street.heads().for_each(&mut spell);
            } else {
                street.tails().for_each(&mut spell);
            }
        }
    }
}

/// `line`, with the lines next to it as far as its paragraph goes, near `at`.
fn around(text: &str, line: &Range<usize>, at: usize) -> Range<usize> {
    let is_blank = |line: &Range<usize>| {
        let line = text.get(line.clone()).unwrap_or_default();
        line.bytes()
            .take(NEAR)
            .all(|byte| byte.is_ascii_whitespace())
    };
    let mut unit = line.clone();
    for _ in 0..LINES {
        if unit.start > 0 && unit.start + NEAR > at {
            let above = record::line(text, unit.start - 1);
            if is_blank(&above) {
                break;
            }
            unit.start = above.start;
        }
    }
    for _ in 0..LINES {
        if unit.end < text.len() && unit.end < at + NEAR {
            let below = record::line(text, unit.end + 1);
            if is_blank(&below) {
                break;
            }
            unit.end = below.end;
        }
    }
    unit.start.max(at.saturating_sub(NEAR))..unit.end.min(at + NEAR)
}
