//! Greek social security numbers (ΑΜΚΑ).
//!
//! Law 3655/2008, article 153, and ΗΔΙΚΑ (amka.gr): day, month, year in two digits,
//! four digits, a check digit by Luhn's rule. Nothing tells the century, so no date
//! of birth is told.

use super::super::rules::{compact, date, luhn, part};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static AMKA: Kind = Kind {
    name: "gr-amka",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "a real date in either century; Luhn",
    source: "Law 3655/2008, article 153; ΗΔΙΚΑ",
    example: "01013099997",
    headings: &["αμκα", "amka", "αριθμόςαμκα", "amkanumber"],
    shape: Shape::Code {
        layouts: &["99999999999", "999999-99999", "9999999999"],
    },
    // The days of a century with a leap day in its first year, four free digits.
    space: Some(36_525.0 * 10_000.0),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(text)?.digits(1)?;
    let digits = code.bytes();
    let (day, month, year) = (part(digits, 0..2), part(digits, 2..4), part(digits, 4..6));
    // 2000 had every day that 1900 had, and one more.
    let century = if year == 0 { 2000 } else { 1900 };
    if date(century + year, month, day).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if !luhn(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}
