//! Romanian personal numerical codes.
//!
//! Legea nr. 105/1996 and HG nr. 1375/2006 (the codes of the register of persons): a
//! digit for sex and century, year, month, day, the county, three digits, a check
//! digit (modulo 11; 10 becomes 1). Residents (7 and 8) and other foreigners (9) have
//! no century: python-stdnum takes the 1900s for it, here 29 February 2000 exists too.
//! Counties are 01-46, 51 and 52; 47 and 48 were districts of Bucharest, 70 and 80-83
//! are of newer registers (python-stdnum lists them).

use super::super::rules::{compact, date, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static CNP: Kind = Kind {
    name: "ro-cnp",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "thirteen digits",
    check: "a real date of its century; a county; check digit (mod 11)",
    source: "Legea nr. 105/1996; HG nr. 1375/2006",
    example: "1630615123457",
    headings: &[
        "cnp",
        "codnumericpersonal",
        "codulnumericpersonal",
        "romaniancnp",
    ],
    shape: Shape::Code {
        layouts: &["9999999999999"],
    },
    // Two sexes and the days of three centuries, three more digits and the days of one;
    // 55 counties, three free digits.
    space: Some((2.0 * 109_573.0 + 3.0 * 36_525.0) * 55.0 * 1000.0),
    rate: None,
    born: Some(born),
    canonical,
};

const WEIGHTS: [u32; 12] = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<13>(text)?.digits(0)?;
    let digits = code.bytes();
    let is_real = match part(digits, 0..1) {
        0 => return Err(Unusable("no century has that first digit")),
        7.. => day(digits, 1900).or(day(digits, 2000)).is_some(),
        _ => birth(digits).is_some(),
    };
    if !is_real {
        return Err(Unusable("there is no such date"));
    }
    if !matches!(part(digits, 7..9), 1..=48 | 51 | 52 | 70 | 80..=83) {
        return Err(Unusable("there is no such county"));
    }
    let check = match weighted(digits, &WEIGHTS) % 11 {
        10 => 1,
        check => check,
    };
    if part(digits, 12..13) != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn day(code: &[u8], century: u64) -> Option<Date> {
    date(
        century + part(code, 1..3),
        part(code, 3..5),
        part(code, 5..7),
    )
}

fn birth(code: &[u8]) -> Option<Date> {
    let century = match part(code, 0..1) {
        1 | 2 => 1900,
        3 | 4 => 1800,
        5 | 6 => 2000,
        _ => return None,
    };
    day(code, century)
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_digit_tells_the_century() {
        assert_eq!(born("1630615123457"), Date::new(1963, 6, 15));
        assert_eq!(born("4630615123457"), Date::new(1863, 6, 15));
        assert_eq!(born("5030615123457"), Date::new(2003, 6, 15));
        assert_eq!(born("7630615123457"), None);
    }
}
