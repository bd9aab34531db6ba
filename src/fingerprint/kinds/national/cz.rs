//! Czech birth numbers, and the rule of the Slovak ones.
//!
//! Zákon č. 133/2000 Sb., section 13: year, month (50 added for women), day, and four
//! digits that make the whole a multiple of 11. NZIS, "Struktura rodného čísla": where
//! the first nine leave 10, the last digit is 0 (until 1985 and seldom since); people
//! born before 1954 have nine digits and no check. Since 2004 (zákon č. 53/2004 Sb.)
//! 20 more is added to the month when a day's numbers run out.
//!
//! Numbers that begin with 80 to 99 and have nine digits are of the 1800s. Nine digits
//! can also be ten without the zero that a spreadsheet took: both are read.
//!
//! python-stdnum also takes 41 to 49 and 91 to 99 for months, and 20 added in nine
//! digits; they are no months here.

use super::super::rules::{compact, date, number, part, without_country};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static RC: Kind = Kind {
    name: "cz-rc",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine or ten digits, without CZ",
    check: "a real date; ten digits: a multiple of 11; nine: born until 1953",
    source: "Zákon č. 133/2000 Sb., section 13",
    example: "7103192745",
    headings: &[
        "rodnecislocz",
        "czrodnecislo",
        "ceskerodnecislo",
        "czechbirthnumber",
    ],
    shape: Shape::Code {
        layouts: &[
            "999999-9999",
            "9999999999",
            "999999-999",
            "999999999",
            // The VAT number of somebody who trades in their own name.
            "AA9999999999",
            "AA999999999",
        ],
    },
    space: Some(SPACE),
    rate: None,
    born: Some(born),
    canonical,
};

/// The days of 1954-2053, four ways to write the month, three free digits; the days
/// of 1880-1953, two ways, three digits.
pub(super) const SPACE: f64 = 36_525.0 * 4.0 * 1000.0 + 27_027.0 * 2.0 * 1000.0;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    read(without_country(text, "CZ"), emit)
}

/// Reads a birth number of either country.
pub(super) fn read(text: &str, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<10>(text)?;
    let is_short = code.bytes().len() == 9 && code.bytes().iter().all(u8::is_ascii_digit);
    let short = if is_short { nine(code.bytes()) } else { Ok(()) };
    if is_short && short.is_ok() {
        emit(code.text(), Variant::Exact);
    }
    let long = code.digits(2).and_then(|code| {
        ten(code.bytes())?;
        emit(code.text(), Variant::Exact);
        Ok(())
    });
    if is_short { long.or(short) } else { long }
}

/// Whether nine digits are a number from before 1954.
fn nine(code: &[u8]) -> Result<(), Unusable> {
    if (54..80).contains(&part(code, 0..2)) {
        return Err(Unusable("nine digits were given to people born until 1953"));
    }
    birth(code)
        .map(|_| ())
        .ok_or(Unusable("there is no such date"))
}

/// Whether ten digits are a number.
fn ten(code: &[u8]) -> Result<(), Unusable> {
    if birth(code).is_none() {
        return Err(Unusable("there is no such date"));
    }
    let check = part(code, 0..9) % 11 % 10;
    if number(code) % 10 != check {
        return Err(Unusable("the check digit does not fit"));
    }
    Ok(())
}

fn birth(code: &[u8]) -> Option<Date> {
    let (year, month) = (part(code, 0..2), part(code, 2..4));
    let is_long = code.len() == 10;
    let century = match year {
        80.. if !is_long => 1800,
        0..54 if is_long => 2000,
        _ => 1900,
    };
    let month = if month > 50 { month - 50 } else { month };
    let month = if is_long && month > 20 {
        month - 20
    } else {
        month
    };
    date(century + year, month, part(code, 4..6))
}

/// The date of birth that the canonical form `code` tells.
pub(super) fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::super::forms;
    use super::*;

    #[test]
    fn nine_digits_are_of_the_years_before_1954() {
        assert_eq!(born("530121999"), Date::new(1953, 1, 21));
        assert_eq!(born("991231123"), Date::new(1899, 12, 31));
        assert_eq!(born("5301219990"), Date::new(2053, 1, 21));
        assert_eq!(born("5451219994"), Date::new(1954, 1, 21));
        assert_eq!(born("0424175466"), Date::new(2004, 4, 17));
        assert_eq!(born("0474175466"), Date::new(2004, 4, 17));
    }

    #[test]
    fn nine_digits_can_lack_a_zero() {
        let read = |text| {
            let forms = forms(&RC, text, &[]).unwrap();
            forms.into_iter().map(|(form, _)| form).collect::<Vec<_>>()
        };
        // 042417546 leaves 6; nothing has 41 months.
        assert_eq!(read("424175466"), ["0424175466"]);
        // Of 11 October 1911; and 011101113 leaves 1, of 1 November 2001.
        assert_eq!(read("111011131"), ["111011131", "0111011131"]);
    }
}
