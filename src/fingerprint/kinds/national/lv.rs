//! Latvian personal codes.
//!
//! Until 30 June 2017: day, month, year, the century's digit (0 for the 1800s), a
//! serial number, a check digit (Iedzīvotāju reģistra likums). Since then: 3, a
//! digit from 2 to 9, and nine more that tell nothing (Fizisko personu reģistra
//! likums; PMLP, "Personas koda maiņa").
//!
//! The law calls the new codes' digits random and names no check digit, but all new
//! codes that were published (the identity card's specimen, the example of the
//! Commission's TIN pages, the test persons of Smart-ID) end with the old one, and
//! python-stdnum asks for it: so it is asked for here. It accepts any century's
//! digit in old codes and of the new ones only those that begin with 32.

use super::super::rules::{compact, date, part, weighted, without_country};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static PK: Kind = Kind {
    name: "lv-pk",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits, without LV",
    check: "a real date and its century's digit, or 32-39 first; check digit (mod 11)",
    source: "Fizisko personu reģistra likums; PMLP",
    example: "16117519997",
    headings: &[
        "personaskods",
        "perskods",
        "latvianid",
        "latvianpersonalcode",
    ],
    shape: Shape::Code {
        layouts: &[
            "999999-99999",
            "99999999999",
            "9999999999",
            // The VAT number of somebody who trades in their own name.
            "AA99999999999",
        ],
    },
    // The days of three centuries and three free digits; eight free digits behind each
    // of 32 to 39.
    space: Some(109_573.0 * 1000.0 + 8.0 * 1e8),
    rate: None,
    born: Some(born),
    canonical,
};

/// What is added to 1 to make the check digit, modulo 11 and then 10.
const WEIGHTS: [u32; 10] = [10, 5, 8, 4, 2, 1, 6, 3, 7, 9];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(without_country(text, "LV"))?.digits(1)?;
    let digits = code.bytes();
    if !is_new(digits) && birth(digits).is_none() {
        return Err(Unusable("there is no such date"));
    }
    let check = (1 + weighted(digits, &WEIGHTS)) % 11 % 10;
    if part(digits, 10..11) != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

/// Whether `code` tells no date.
fn is_new(code: &[u8]) -> bool {
    (32..=39).contains(&part(code, 0..2))
}

fn birth(code: &[u8]) -> Option<Date> {
    let century = match part(code, 6..7) {
        digit @ 0..=2 => 1800 + 100 * digit,
        _ => return None,
    };
    date(
        century + part(code, 4..6),
        part(code, 2..4),
        part(code, 0..2),
    )
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_codes_tell_a_date() {
        assert_eq!(born("16117519997"), Date::new(1975, 11, 16));
        assert_eq!(born("03030310012"), Date::new(1903, 3, 3));
        assert_eq!(born("32867300679"), None);
    }
}
