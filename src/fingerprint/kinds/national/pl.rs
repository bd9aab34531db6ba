//! Polish PESEL numbers.
//!
//! Ustawa o ewidencji ludności (Dz.U. 2010 nr 217 poz. 1427), article 15, and the
//! Ministry's description of the number: year, month, day, four digits, a check
//! digit (modulo 10). The month tells the century: 80 is added in the 1800s, nothing
//! in the 1900s, 20 in the 2000s, 40 in the 2100s, 60 in the 2200s.

use super::super::rules::{compact, date, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static PESEL: Kind = Kind {
    name: "pl-pesel",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "a real date of its century; check digit (mod 10)",
    source: "Ustawa o ewidencji ludności, article 15",
    example: "44051401359",
    headings: &["pesel", "nrpesel", "numerpesel", "peselnr", "peselnumber"],
    shape: Shape::Code {
        layouts: &[
            "99999999999",
            "999999-99999",
            // Of people born from 2001 to 2009, and in 2000.
            "9999999999",
            "999999999",
        ],
    },
    // The days of five centuries, four free digits.
    space: Some(182_621.0 * 10_000.0),
    rate: None,
    born: Some(born),
    canonical,
};

/// The sum, with the check digit, is a multiple of 10.
const WEIGHTS: [u32; 11] = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(text)?.digits(2)?;
    if birth(code.bytes()).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if !weighted(code.bytes(), &WEIGHTS).is_multiple_of(10) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn birth(code: &[u8]) -> Option<Date> {
    let month = part(code, 2..4);
    let century = match month / 20 {
        4 => 1800,
        later => 1900 + 100 * later,
    };
    date(century + part(code, 0..2), month % 20, part(code, 4..6))
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_tells_the_century() {
        assert_eq!(born("44051401359"), Date::new(1944, 5, 14));
        assert_eq!(born("02211307589"), Date::new(2002, 1, 13));
        assert_eq!(born("02851307589"), Date::new(1802, 5, 13));
    }
}
