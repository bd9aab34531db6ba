//! Danish personal identification numbers.
//!
//! CPR-kontoret, "Personnummeret i CPR-systemet" (2008): day, month, year, and a
//! serial number whose first digit tells the century. The check digit (modulo 11)
//! is no longer guaranteed since 1 October 2007, so that numbers without it are read
//! as well; only where a spreadsheet took the zero in front is it asked for.
//! CPR-kontoret, "Erstatningspersonnummer i eksterne systemer": for people without a
//! number of their own, hospitals and others add 60 to the day. python-stdnum does
//! not read these.

use super::super::rules::{compact, date, is_to_come, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static CPR: Kind = Kind {
    name: "dk-cpr",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits",
    check: "a real date of its century, or one with 60 added to the day; the check digit \
            (mod 11) is advisory since 2007",
    source: "CPR-kontoret, \"Personnummeret i CPR-systemet\"",
    // Born in 1858, 110 years before the first number was given.
    example: "0101585018",
    headings: &[
        "cpr",
        "cprnr",
        "cprno",
        "cprnummer",
        "cprnumber",
        "danskcpr",
        "erstatningscpr",
        "erstatningspersonnummer",
    ],
    shape: Shape::Code {
        layouts: &["999999-9999", "9999999999", "999999999"],
    },
    // The days of each century's serial numbers, until 2026: four thousand of the
    // 1900s, two thousand of 1937-2026, four thousand of 1858-1899 and 2000-2026.
    // Once more with 60 added.
    space: Some((4.0 * 36_524.0 + 2.0 * 32_872.0 + 4.0 * 25_202.0) * 1000.0 * 2.0),
    rate: None,
    born: Some(born),
    canonical,
};

const WEIGHTS: [u32; 10] = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<10>(text)?;
    let is_whole = code.bytes().len() == 10;
    let code = code.digits(1)?;
    let digits = code.bytes();
    if birth(digits).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if is_to_come(year(digits)) {
        return Err(Unusable("nobody is born in that year yet"));
    }
    if !is_whole && !weighted(digits, &WEIGHTS).is_multiple_of(11) {
        return Err(Unusable("too few digits"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

/// The year of birth.
fn year(code: &[u8]) -> u64 {
    let year = part(code, 4..6);
    match (part(code, 6..7), year) {
        (0..=3, _) | (4 | 9, 37..) => 1900 + year,
        (5..=8, 58..) => 1800 + year,
        _ => 2000 + year,
    }
}

fn birth(code: &[u8]) -> Option<Date> {
    let day = part(code, 0..2);
    let day = if day > 60 { day - 60 } else { day };
    date(year(code), part(code, 2..4), day)
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seventh_digit_tells_the_century() {
        assert_eq!(born("2110625629"), Date::new(1862, 10, 21));
        assert_eq!(born("2110620629"), Date::new(1962, 10, 21));
        assert_eq!(born("2110104629"), Date::new(2010, 10, 21));
        assert_eq!(born("2110379629"), Date::new(1937, 10, 21));
        assert_eq!(born("8110620629"), Date::new(1962, 10, 21));
    }
}
