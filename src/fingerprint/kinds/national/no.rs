//! Norwegian national identity numbers.
//!
//! Folkeregisterforskriften (2017-07-14-1201), chapter 2, and Skatteetaten,
//! "Fødselsnummer": day, month, year, an individual number that tells the century,
//! two check digits (modulo 11). A D-number, for people without residence, has 40
//! added to the day; an H-number, which hospitals give, has 40 added to the month.
//!
//! FH-numbers (first digit 8 or 9, drawn by lot) tell no date and are not read, nor
//! are the test persons of Tenor, who have 80 added to the month.

use super::super::rules::{compact, date, is_to_come, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static FNR: Kind = Kind {
    name: "no-fnr",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "a real date, or one with 40 added to day or month; individual number of that \
            year; two check digits (mod 11)",
    source: "Folkeregisterforskriften, chapter 2; Skatteetaten",
    // Born in 1854, 110 years before the first number was given.
    example: "01015450068",
    headings: &[
        "fødselsnummer",
        "fodselsnummer",
        "foedselsnummer",
        "fødselsnr",
        "fodselsnr",
        "fnr",
        "dnummer",
        "hnummer",
        "norwegiannationalid",
    ],
    shape: Shape::Code {
        layouts: &["999999-99999", "99999999999", "9999999999"],
    },
    // Dates and individual numbers: 500 for each day of the 1900s, 250 for each of
    // 1854-1899, 500 for each of 2000-2026, 100 for each of 1940-1999. Four ways to
    // write the date. Ten of eleven remainders are a digit, twice.
    space: Some(
        (500.0 * 36_524.0 + 250.0 * 16_801.0 + 500.0 * 9_862.0 + 100.0 * 21_915.0) * 4.0 * 100.0
            / 121.0,
    ),
    rate: None,
    born: Some(born),
    canonical,
};

/// Both sums, of which each ends with its check digit, are multiples of 11.
const FIRST: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(text)?.digits(1)?;
    let digits = code.bytes();
    if part(digits, 0..2) >= 80 {
        return Err(Unusable("an FH-number tells no date"));
    }
    let year = year(digits).ok_or(Unusable(
        "no number of that year has that individual number",
    ))?;
    if birth(digits).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if is_to_come(year) {
        return Err(Unusable("nobody is born in that year yet"));
    }
    let fits = |weights| weighted(digits, weights).is_multiple_of(11);
    if !fits(&FIRST) || !fits(&SECOND) {
        return Err(Unusable("the check digits do not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

/// The year of birth.
fn year(code: &[u8]) -> Option<u64> {
    let year = part(code, 4..6);
    match (part(code, 6..9), year) {
        (500..750, 54..) => Some(1800 + year),
        (500.., 0..40) => Some(2000 + year),
        (0..500 | 900.., _) => Some(1900 + year),
        _ => None,
    }
}

fn birth(code: &[u8]) -> Option<Date> {
    let less = |number| if number > 40 { number - 40 } else { number };
    date(year(code)?, less(part(code, 2..4)), less(part(code, 0..2)))
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_individual_number_tells_the_century() {
        assert_eq!(born("15108695088"), Date::new(1986, 10, 15));
        assert_eq!(born("26111593816"), Date::new(2015, 11, 26));
        assert_eq!(born("13049958441"), Date::new(1899, 4, 13));
        assert_eq!(born("55108695088"), Date::new(1986, 10, 15));
        assert_eq!(born("15508695088"), Date::new(1986, 10, 15));
    }
}
