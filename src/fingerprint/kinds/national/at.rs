//! Austrian social insurance numbers.
//!
//! General Social Insurance Act (ASVG), section 31(4), and the Main Association of
//! Social Insurance Institutions, quoted in the parliamentary answer 4690/AB XXIII:
//! three digits from 100 on, a check digit, and day, month and year of birth. The
//! month is 13, 14 or 15 where the date is not known or its numbers ran out.
//!
//! Other libraries do not look at the date; what is none is refused here.

use super::super::rules::{compact, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static VNR: Kind = Kind {
    name: "at-vnr",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits",
    check: "no zero first; check digit (mod 11); a date, or a month of 13 to 15",
    source: "ASVG § 31, Hauptverband (4690/AB XXIII. GP)",
    // In explanations of the number.
    example: "1237010180",
    headings: &[
        "svnr",
        "svnummer",
        "ecardnummer",
        "asvgnummer",
        "austriansocialinsurancenumber",
    ],
    shape: Shape::Code {
        layouts: &["9999999999", "9999-999999", "9999-99-99-99"],
    },
    // Nine hundred numbers a day, one in eleven without a check digit; 36525 days of
    // a century, and three months of 31 more in each year.
    space: Some(900.0 * 10.0 / 11.0 * (36_525.0 + 100.0 * 3.0 * 31.0)),
    rate: None,
    born: None,
    canonical,
};

/// The check digit is the sum's remainder by 11, and does not count itself.
const WEIGHTS: [u32; 10] = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<10>(text)?.digits(0)?;
    let digits = number.bytes();
    if digits.first() == Some(&b'0') {
        return Err(Unusable("no number begins with a zero"));
    }
    if !is_date(digits).unwrap_or(false) {
        return Err(Unusable("there is no such date"));
    }
    if u64::from(weighted(digits, &WEIGHTS) % 11) != part(digits, 3..4) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// Whether the last six of `digits` are a day, or one of the additional months.
fn is_date(digits: &[u8]) -> Option<bool> {
    let two = |from| u8::try_from(part(digits, from..from + 2)).ok();
    let (day, month, year) = (two(4)?, two(6)?, two(8)?);
    // The century is not told. Of 1900 and 2000, the latter has a 29 February.
    Some(match month {
        13..=15 => (1..=31).contains(&day),
        _ => Date::new(2000 + u16::from(year), month, day).is_some(),
    })
}
