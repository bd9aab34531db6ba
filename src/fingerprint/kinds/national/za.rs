//! South African identity numbers.
//!
//! Identification Act 68 of 1997; Department of Home Affairs. Date of birth in six
//! digits, four of which the first is 5 or more for men, a digit for citizens (0),
//! permanent residents (1) and refugees (2, which python-stdnum refuses), one
//! without meaning (once the race, then 8 or 9), Luhn's check digit. The year has no
//! century, so no date of birth is told; 29 February 00 is one of 2000.

use super::super::rules::{compact, luhn, part};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static ID: Kind = Kind {
    name: "za-id",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "thirteen digits",
    check: "a real date; citizenship 0, 1 or 2; check digit (Luhn)",
    source: "Department of Home Affairs, Act 68/1997",
    // The one that guides print.
    example: "8001015009087",
    headings: &[
        "saidnumber",
        "saidno",
        "rsaid",
        "rsaidno",
        "rsaidnumber",
        "southafricanid",
        "southafricanidnumber",
    ],
    shape: Shape::Code {
        layouts: &[
            "9999999999999",
            "999999-9999-99-9",
            "999999-9999-999",
            "999999-9999999",
            // A number of the years 2001 to 2009 loses a zero.
            "999999999999",
        ],
    },
    // The days of a century, four digits, citizenship, one digit.
    space: Some(36_525.0 * 1.0e4 * 3.0 * 10.0),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    // The year 00 and the first digit of the month.
    let number = compact::<13>(text)?.digits(3)?;
    let digits = number.bytes();
    if !has_date(digits) {
        return Err(Unusable("there is no such date"));
    }
    if !matches!(digits.get(10), Some(b'0'..=b'2')) {
        return Err(Unusable("there is no such citizenship"));
    }
    if !luhn(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// Whether there is such a day in some century: 2000 has all that others have.
fn has_date(digits: &[u8]) -> bool {
    let two = |from| u8::try_from(part(digits, from..from + 2)).unwrap_or_default();
    Date::new(2000 + u16::from(two(0)), two(2), two(4)).is_some()
}
