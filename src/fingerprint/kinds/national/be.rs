//! Belgian national register numbers, and the BIS numbers of people who are not in
//! the register.
//!
//! Royal decrees of 3 April 1984 and (BIS) of 8 February 1991, changed on 13 October
//! 1998: year, month and day of birth in two digits each, three digits that tell
//! people of that day apart, and 97 less the remainder of these nine digits by 97;
//! for people born since 2000 a 2 is put before the nine. The two never give the
//! same check digits, so these tell the century.
//!
//! The month is 0 where the date is not known or its numbers ran out; a BIS number
//! has 40 more where the sex was known when it was given, 20 more where it was not.
//! Days are not checked: 0 stands for an unknown one, and python-stdnum's tests take
//! days past the month's end for unknown ones too.
//!
//! Other libraries ask the clock and do not take 2000s that are still to come. What
//! has a canonical form must not depend on the day on which it is asked for.

use super::super::rules::{compact, part};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static NN: Kind = Kind {
    name: "be-nn",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "month 0-12, also with 20 or 40 added; check digits (mod 97)",
    source: "Royal decrees of 3 April 1984 and 8 February 1991",
    // The example of python-stdnum and others.
    example: "85073003328",
    headings: &[
        "rijksregisternummer",
        "rijksregisternr",
        "numeroderegistrenational",
        "numeroregistrenational",
        "registrenational",
        "nationalregisternumber",
        "insz",
        "insznummer",
        "niss",
        "numeroniss",
        "bisnummer",
        "numerobis",
    ],
    shape: Shape::Code {
        layouts: &[
            "99999999999",
            "99-99-99-999-99",
            "999999-999-99",
            "999999-99999",
            // Born in 2000 to 2009, or in 1900 to 1909.
            "9999999999",
            "999999999",
        ],
    },
    // A hundred years and 39 months, a hundred days, a thousand people, two centuries.
    space: Some(100.0 * 39.0 * 100.0 * 1000.0 * 2.0),
    rate: None,
    born: Some(born),
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<11>(text)?.digits(2)?;
    if !matches!(part(number.bytes(), 2..4), 0..=12 | 20..=32 | 40..=52) {
        return Err(Unusable("there is no such month"));
    }
    if century(number.bytes()).is_none() {
        return Err(Unusable("the check digits do not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// The century whose rule the check digits follow.
fn century(number: &[u8]) -> Option<u16> {
    let (nine, check) = (part(number, 0..9), part(number, 9..11));
    if 97 - nine % 97 == check {
        Some(1900)
    } else {
        (97 - (2_000_000_000 + nine) % 97 == check).then_some(2000)
    }
}

/// The date of birth that the canonical form `number` tells.
fn born(number: &str) -> Option<Date> {
    let number = number.as_bytes();
    let two = |from| u8::try_from(part(number, from..from + 2)).ok();
    // There is none where the month or the day is 0.
    Date::new(century(number)? + u16::from(two(0)?), two(2)? % 20, two(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_tell_the_century_of_birth() {
        // 850730033 = 97 * 8770412 + 69, and 97 - 69 = 28;
        // 2170730033 = 97 * 22378660 + 13, and 97 - 13 = 84.
        assert_eq!(born("85073003328"), Date::new(1985, 7, 30));
        assert_eq!(born("17073003384"), Date::new(2017, 7, 30));
    }

    #[test]
    fn months_of_bis_numbers_are_moved_and_unknown_ones_are_no_date() {
        assert_eq!(born("98472899765"), Date::new(1998, 7, 28));
        assert_eq!(born("75260898052"), Date::new(1975, 6, 8));
        for unknown in ["85000000138", "00000100166", "85473500193"] {
            assert_eq!(born(unknown), None, "{unknown}");
        }
    }
}
