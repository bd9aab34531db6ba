//! Icelandic identification numbers.
//!
//! Þjóðskrá Íslands, "Um kennitölur": day, month, year, two digits, a check digit
//! (modulo 11), and the century's digit: 8, 9 or 0. Organisations have 40 added to
//! the day; they stand in the same columns as people and are read as well.
//!
//! Since 18 February 2026 numbers of people are given out without the check digit
//! (Þjóðskrá, "Vartölutékk af öllum kennitölum"), so it is asked for only in numbers
//! of organisations, and where a spreadsheet took the zero in front. System numbers
//! (first digit 8 or 9) have neither date nor check and are not read.
//!
//! python-stdnum asks everybody for the check digit, knows no 1800s, and reads years
//! to come, which belong to nobody.

use super::super::rules::{compact, date, is_to_come, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static KT: Kind = Kind {
    name: "is-kt",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits",
    check: "a real date of its century, or one with 40 added to the day and a check digit \
            (mod 11); people's check digit is advisory since 2026",
    source: "Þjóðskrá Íslands, \"Um kennitölur\"",
    example: "1201603389",
    headings: &[
        "kennitala",
        "kennitalan",
        "kennitolur",
        "kennitölur",
        "icelandicid",
    ],
    shape: Shape::Code {
        layouts: &["999999-9999", "9999999999", "999999999"],
    },
    // The days of the 1800s, the 1900s and 2000-2026; three free digits for people,
    // two and the ones of eleven remainders that are a digit for organisations.
    space: Some((2.0 * 36_524.0 + 9_862.0) * (1000.0 + 1000.0 / 11.0)),
    rate: None,
    born: Some(born),
    canonical,
};

const WEIGHTS: [u32; 9] = [3, 2, 7, 6, 5, 4, 3, 2, 1];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<10>(text)?;
    let is_whole = code.bytes().len() == 10;
    let code = code.digits(1)?;
    let digits = code.bytes();
    let year = year(digits).ok_or(Unusable("no century has that last digit"))?;
    if day(digits).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if is_to_come(year) {
        return Err(Unusable("nobody is born in that year yet"));
    }
    if !weighted(digits, &WEIGHTS).is_multiple_of(11) {
        if !is_whole {
            return Err(Unusable("too few digits"));
        }
        if is_organisation(digits) {
            return Err(Unusable("the check digit does not fit"));
        }
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn is_organisation(code: &[u8]) -> bool {
    part(code, 0..2) > 40
}

/// The year of birth, or of registration.
fn year(code: &[u8]) -> Option<u64> {
    let century = match code.last()? {
        b'8' => 1800,
        b'9' => 1900,
        b'0' => 2000,
        _ => return None,
    };
    Some(century + part(code, 4..6))
}

/// The day of birth, or of registration.
fn day(code: &[u8]) -> Option<Date> {
    let day = part(code, 0..2);
    let day = if is_organisation(code) { day - 40 } else { day };
    date(year(code)?, part(code, 2..4), day)
}

/// The date of birth that the canonical form `code` tells, when it is a person's.
fn born(code: &str) -> Option<Date> {
    let code = code.as_bytes();
    day(code).filter(|_| !is_organisation(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_born_and_organisations_are_not() {
        assert_eq!(born("1201603389"), Date::new(1960, 1, 12));
        assert_eq!(born("1201603388"), Date::new(1860, 1, 12));
        assert_eq!(born("1201103380"), Date::new(2010, 1, 12));
        assert_eq!(born("4504013150"), None);
    }
}
