//! Addresses of houses.
//!
//! No register publishes a rule for comparing them: this one is the project's own, over
//! the notations of the Universal Postal Union's addressing pages (`base/address.rs`
//! says what is kept and what is dropped, and why). A form is three words: the street's
//! name folded and without blanks, the digits of the house number, the postcode without
//! blanks. No country stands in it: a country is told by what is written around an
//! address, and most leaks do not write it.
//!
//! It names a household or a whole house, so a match on it alone says little about
//! anybody.

use crate::base::{
    Emit, Family, HouseNumber, Kind, Notation, Postcode, Regions, Shape, Street, Strength,
    Unusable, Variant, address_form, is_box,
};

pub(super) static KIND: Kind = Kind {
    name: "address",
    profile: 1,
    family: Family::Composite,
    strength: Strength::Weak,
    canonical_form: "folded street name without blanks, house number, postcode without blanks",
    check: "a street with a number; a postcode as its country writes them",
    source: "this project; UPU postal addressing systems",
    example: "mannerheimintie 10 00100",
    headings: &[],
    shape: Shape::Address,
    space: None,
    rate: None,
    born: None,
    canonical,
};

/// Bytes of an address that are read; more is none.
const LONGEST: usize = 512;

fn canonical(text: &str, regions: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    if text.len() > LONGEST {
        return Err(Unusable("too long for an address"));
    }
    let runs = runs(text);
    let mut why = Unusable("no postcode of a country whose addresses are read");
    // Where the postcode ends, and the form that it is in.
    let mut forms: Vec<(usize, String)> = Vec::new();
    for notation in Notation::of(regions) {
        match read(text, &runs, notation) {
            Ok(Some(form)) => forms.push(form),
            Ok(None) => {}
            Err(reason) => why = reason,
        }
    }
    // Behind the postcode stands the city; four digits before it may be a flat's.
    let last = forms.iter().map(|(at, _)| *at).max().ok_or(why)?;
    forms.retain(|(at, _)| *at == last);
    forms.dedup_by(|one, other| one.1 == other.1);
    // The first reading, and in Norway and Denmark, where an abbreviation is of two
    // words, the other.
    let is_four = |form: &str| form.rsplit(' ').next().is_some_and(|code| code.len() == 4);
    for (at, (_, form)) in forms.iter().enumerate() {
        if at == 0 || is_four(form) {
            emit(form, Variant::Exact);
        }
    }
    Ok(())
}

/// Where digits stand in `text`.
fn runs(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    let digits = text.bytes().enumerate();
    for (at, _) in digits.filter(|(_, byte)| byte.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// The form of `text` in `notation`, and where its postcode ends; none if it has no such
/// postcode.
fn read(
    text: &str,
    runs: &[std::ops::Range<usize>],
    notation: Notation,
) -> Result<Option<(usize, String)>, Unusable> {
    let mut codes = runs.iter().rev();
    let Some(code) = codes.find_map(|run| Postcode::at(text, run, &[notation])) else {
        return Ok(None);
    };
    // The postcode parts what stands before it from what stands behind it.
    let behind = text.get(code.span.end..).unwrap_or_default();
    let parts = [
        (text.get(..code.span.start).unwrap_or_default(), 0),
        (behind, code.span.end),
    ];
    let mut street = Street::default();
    let mut has_box = false;
    for is_first in [true, false] {
        if is_first && !notation.has_number_first() {
            continue;
        }
        // `17. Juni` is no number of a house if there is a better one.
        for takes_ordinals in [false, true] {
            for (part, start) in parts {
                let numbers = runs
                    .iter()
                    .filter(|run| run.start >= start && run.end <= start + part.len())
                    .filter_map(|run| HouseNumber::at(part, &(run.start - start..run.end - start)));
                for number in numbers {
                    if number.is_ordinal(part) && !takes_ordinals {
                        continue;
                    }
                    let is_read = if is_first {
                        street.read_behind(part, number.end, notation)
                    } else {
                        street.read_before(part, number.digits.start, notation)
                    };
                    if !is_read {
                        continue;
                    }
                    if is_box(street.name()) {
                        has_box = true;
                        continue;
                    }
                    let digits = part.get(number.digits).unwrap_or_default();
                    let mut form = String::new();
                    address_form(street.name(), digits, code.text(), &mut form);
                    return Ok(Some((code.span.end, form)));
                }
            }
        }
    }
    Err(Unusable(if has_box {
        "a PO box is no address"
    } else {
        "no street with a house number"
    }))
}
