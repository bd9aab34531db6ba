//! Korean resident registration numbers (주민등록번호), and those of foreigners.
//!
//! Resident Registration Act; Ministry of the Interior and Safety. Date of birth in
//! six digits; a digit for sex and century (1, 2: 1900s; 3, 4: 2000s; 9, 0: 1800s;
//! 5 to 8: foreigners of the 1900s and 2000s); six more. Until October 2020 those
//! were the place of registration, a serial number and a check digit, which is two
//! more for foreigners; since then they are random, also for those who were born
//! earlier and are naturalised or given another number.
//!
//! So place and check digit are advisory, and only asked for where nobody can have
//! a new number (born before 1900); the check digit also where zeros have to be put
//! in front. python-stdnum asks for both always, for foreigners' with the check
//! digit of citizens.

use super::super::rules::{compact, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static RRN: Kind = Kind {
    name: "kr-rrn",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "thirteen digits",
    check: "a real date; of the 1800s also a place and the check digit (mod 11)",
    source: "Resident Registration Act; Ministry of the Interior and Safety",
    // Born in 1897.
    example: "9710139019902",
    headings: &[
        "주민등록번호",
        "주민번호",
        "외국인등록번호",
        "rrn",
        "rrnkr",
        "jumin",
        "juminno",
        "residentregistrationnumber",
        "alienregistrationnumberkr",
    ],
    shape: Shape::Code {
        // A number of the years 2001 to 2009 loses a zero.
        layouts: &["999999-9999999", "9999999999999", "999999999999"],
    },
    // The days of a century, with six free digits for each of eight sexes, and with
    // 97 places and three free digits for the two of the 1800s.
    space: Some(36_525.0 * (8.0e6 + 2.0 * 97_000.0)),
    rate: None,
    born: Some(born),
    canonical,
};

const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
/// Places are numbered up to this one, Sejong.
const LAST_PLACE: u64 = 96;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<13>(text)?;
    let is_short = compact.bytes().len() < 13;
    // The year 00 and the first digit of the month.
    let number = compact.digits(3)?;
    let digits = number.bytes();
    if born(number.text()).is_none() {
        return Err(Unusable("there is no such date"));
    }
    let is_old = matches!(digits.get(6), Some(b'9' | b'0'));
    if is_old && part(digits, 7..9) > LAST_PLACE {
        return Err(Unusable("there is no such place"));
    }
    if (is_old || is_short) && !check_fits(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

fn check_fits(digits: &[u8]) -> bool {
    let sum = weighted(digits, &WEIGHTS) % 11;
    let more = match digits.get(6) {
        Some(b'5'..=b'8') => 2,
        _ => 0,
    };
    u64::from((11 - sum + more) % 10) == part(digits, 12..13)
}

/// The date of birth that the canonical form `number` tells.
fn born(number: &str) -> Option<Date> {
    let digits = number.as_bytes();
    let century = match digits.get(6)? {
        b'1' | b'2' | b'5' | b'6' => 1900,
        b'3' | b'4' | b'7' | b'8' => 2000,
        _ => 1800,
    };
    let two = |from| u8::try_from(part(digits, from..from + 2)).ok();
    Date::new(century + u16::from(two(0)?), two(2)?, two(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seventh_digit_tells_the_century() {
        for (sex, century) in "9012563478"
            .chars()
            .zip([18, 18, 19, 19, 19, 19, 20, 20, 20, 20])
        {
            let born = born(&format!("840229{sex}123456"));
            assert_eq!(born, Date::new(century * 100 + 84, 2, 29), "{sex}");
        }
    }
}
