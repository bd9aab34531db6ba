//! Portuguese tax identification numbers.
//!
//! Decree-law 14/2013, article 3, and decree-law 463/79 before it: eight digits and
//! a check digit. People have numbers that begin with 1, 2, 3 or 45, and once had
//! 8; the others are organisations', funds' and estates', and are read as well.
//! Registers of VAT put `PT` before it.

use super::super::rules::{compact, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static NIF: Kind = Kind {
    name: "pt-nif",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine digits",
    check: "no zero first; check digit (mod 11)",
    source: "Decree-law 14/2013, Autoridade Tributária",
    // Stands in invoices to consumers who give none.
    example: "999999990",
    headings: &[
        "numerodeidentificacaofiscal",
        "numerodecontribuinte",
        "ncontribuinte",
        "contribuinte",
        "portuguesenif",
    ],
    shape: Shape::Code {
        layouts: &["999999999", "999-999-999"],
    },
    // Eight digits of which the first is no zero.
    space: Some(9e7),
    rate: None,
    born: None,
    canonical,
};

const WEIGHTS: [u32; 8] = [9, 8, 7, 6, 5, 4, 3, 2];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let written = compact::<11>(text)?;
    let written = written.text();
    let number = compact::<9>(written.strip_prefix("PT").unwrap_or(written))?.digits(0)?;
    let [digits @ .., check] = number.bytes() else {
        return Err(Unusable("too few digits"));
    };
    if digits.first() == Some(&b'0') {
        return Err(Unusable("no number begins with a zero"));
    }
    // A check digit of 10 is written 0.
    let expected = (11 - weighted(digits, &WEIGHTS) % 11) % 11 % 10;
    if u32::from(check - b'0') != expected {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
