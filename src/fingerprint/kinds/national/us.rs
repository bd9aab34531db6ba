//! Social security numbers of the United States.
//!
//! Social Security Administration, "SSN randomization" and POMS RM 10201: an area
//! of three digits, a group of two, a serial number of four. The area is neither
//! 000 nor 666 nor above 899, the group not 00, the serial not 0000. Three numbers
//! that advertisements made known belong to nobody.
//!
//! No check digit is published and nine digits are common: weak. For the same reason
//! zeros that a spreadsheet took are not put back, and separators stand between the
//! parts or nowhere. Taxpayers' numbers (ITIN) begin with 9, and are not read.

use super::super::rules::{compact, part};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static SSN: Kind = Kind {
    name: "us-ssn",
    profile: 1,
    family: Family::National,
    strength: Strength::Weak,
    canonical_form: "nine digits",
    check: "an area, a group and a serial number that can be given; no check digit",
    source: "SSA: POMS RM 10201",
    // Nobody's since everybody writes it.
    example: "123456789",
    headings: &[
        "ussocialsecuritynumber",
        "ussocialsecurity",
        "socialsecuritynumberus",
    ],
    shape: Shape::Code {
        layouts: &["999999999", "999-99-9999"],
    },
    // Areas, groups, serials.
    space: Some(898.0 * 99.0 * 9999.0),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<9>(text)?.digits(0)?;
    if !is_grouped(text) {
        return Err(Unusable("not three, two and four digits"));
    }
    let digits = number.bytes();
    if matches!(part(digits, 0..3), 0 | 666 | 900..) {
        return Err(Unusable("no number has that area"));
    }
    if part(digits, 3..5) == 0 {
        return Err(Unusable("no number has that group"));
    }
    if part(digits, 5..9) == 0 {
        return Err(Unusable("no number has that serial number"));
    }
    if matches!(number.text(), "078051120" | "219099999" | "457555462") {
        return Err(Unusable("known from advertisements"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// Whether the separators in `text` stand between the parts, if anywhere.
fn is_grouped(text: &str) -> bool {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    let mut parts = parts.map(str::len).filter(|length| *length > 0);
    let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
    matches!(
        parts,
        [Some(9), None, ..]
            | [Some(3), Some(6), None, _]
            | [Some(5), Some(4), None, _]
            | [Some(3), Some(2), Some(4), None]
    )
}
