//! Ukrainian registration numbers of taxpayers (РНОКПП, formerly ІПН).
//!
//! The State Tax Service, Order of the Ministry of Finance 822 of 2017 on the State
//! Register of Individual Taxpayers. Ten digits: the day of birth, counted from
//! 31 December 1899, in five; a serial number whose last digit is odd for men; a
//! check digit, modulo 11, where 10 is written 0.
//!
//! Days that are still to come are let through: the number 99999 would be 2173.

use super::super::rules::{compact, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static RNOKPP: Kind = Kind {
    name: "ua-rnokpp",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits",
    check: "a day of birth; check digit (mod 11)",
    source: "State Tax Service, Order 822/2017",
    // Born in 2173.
    example: "9999900007",
    headings: &[
        "рнокпп",
        "іпн",
        "rnokpp",
        "rntrc",
        "реєстраційнийномеробліковоїкарткиплатникаподатків",
    ],
    shape: Shape::Code {
        // Nobody who is alive was born before day 01000.
        layouts: &["9999999999", "999999999"],
    },
    // Days 00001 to 99999, and four digits.
    space: Some(99_999.0 * 10_000.0),
    rate: None,
    born: Some(born),
    canonical,
};

/// The first is -1, modulo 11.
const WEIGHTS: [u32; 9] = [10, 5, 7, 9, 4, 6, 10, 5, 7];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<10>(text)?.digits(1)?;
    let digits = number.bytes();
    if part(digits, 0..5) == 0 {
        return Err(Unusable("there is no such date"));
    }
    if part(digits, 9..10) != u64::from(weighted(digits, &WEIGHTS) % 11 % 10) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// The date of birth that the canonical form `number` tells.
fn born(number: &str) -> Option<Date> {
    let days = i64::try_from(part(number.as_bytes(), 0..5)).ok()?;
    let days = jiff::Span::new().try_days(days).ok()?;
    let date = jiff::civil::date(1899, 12, 31).checked_add(days).ok()?;
    Date::new(
        u16::try_from(date.year()).ok()?,
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_the_last_one_of_1899() {
        for (number, date) in [
            ("0000100010", Date::new(1900, 1, 1)),
            // 1900 has no 29 February: 59 is 28 February, 60 is 1 March.
            ("0006000000", Date::new(1900, 3, 1)),
            // 79 years of 365 days and 19 days of 29 February are 28854 days.
            ("2885400000", Date::new(1978, 12, 31)),
            ("3658400007", Date::new(2000, 2, 29)),
            ("9999900007", Date::new(2173, 10, 14)),
        ] {
            assert_eq!(born(number), date, "{number}");
        }
    }
}
