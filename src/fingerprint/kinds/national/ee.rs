//! Estonian personal identification codes.
//!
//! EVS 585:2007 and the regulation on personal identification codes (RT I,
//! 06.03.2012, 4): a digit for sex and century, year, month, day, a serial number,
//! and a check digit (modulo 11, in two rounds).

use super::super::rules::{compact, date, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static IK: Kind = Kind {
    name: "ee-ik",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "a real date of its century; check digit (mod 11, two rounds)",
    source: "EVS 585:2007",
    // The specimen of the identity card of 2018.
    example: "38001085718",
    headings: &[
        "isikukood",
        "isikukoodi",
        "isikukoodid",
        "estonianid",
        "estonianpersonalcode",
    ],
    shape: Shape::Code {
        layouts: &["99999999999"],
    },
    // Two sexes, the days of four centuries, a thousand serial numbers.
    space: Some(2.0 * 146_097.0 * 1000.0),
    rate: None,
    born: Some(born),
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(text)?.digits(0)?;
    if !matches!(code.bytes(), [b'1'..=b'8', ..]) {
        return Err(Unusable("no century has that first digit"));
    }
    if birth(code.bytes()).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if !fits(code.bytes()) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

/// Whether the last of eleven digits is the check digit, in Estonia and Lithuania.
pub(super) fn fits(code: &[u8]) -> bool {
    const FIRST: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
    const SECOND: [u32; 10] = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3];
    let check = match weighted(code, &FIRST) % 11 {
        10 => weighted(code, &SECOND) % 11 % 10,
        check => check,
    };
    part(code, 10..11) == u64::from(check)
}

/// The date of birth, in Estonia and Lithuania.
pub(super) fn birth(code: &[u8]) -> Option<Date> {
    let century = match part(code, 0..1) {
        first @ 1..=8 => 1800 + (first - 1) / 2 * 100,
        _ => return None,
    };
    date(
        century + part(code, 1..3),
        part(code, 3..5),
        part(code, 5..7),
    )
}

/// The date of birth that the canonical form `code` tells.
pub(super) fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_digit_tells_the_century() {
        assert_eq!(born("16805280107"), Date::new(1868, 5, 28));
        assert_eq!(born("46805280103"), Date::new(1968, 5, 28));
        assert_eq!(born("51205280105"), Date::new(2012, 5, 28));
        assert_eq!(born("81205280108"), Date::new(2112, 5, 28));
        assert_eq!(born("98102290101"), None);
    }
}
