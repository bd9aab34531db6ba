//! Lithuanian personal codes.
//!
//! Gyventojų registro įstatymas (I-2237), article 8: a digit for sex and century,
//! year, month, day, a serial number and a check digit, which is the Estonian one.
//! Codes that begin with 9 are exceptions and tell no date.

use super::super::rules::compact;
use super::ee::{birth, born, fits};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static AK: Kind = Kind {
    name: "lt-ak",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "a real date of its century, or 9 first; check digit (mod 11, two rounds)",
    source: "Gyventojų registro įstatymas (I-2237), article 8",
    example: "33309240064",
    headings: &[
        "asmenskodas",
        "asmenskodai",
        "lithuanianid",
        "lithuanianpersonalcode",
    ],
    shape: Shape::Code {
        layouts: &["99999999999"],
    },
    // Two sexes, the days of four centuries, a thousand serial numbers; and nine free
    // digits behind 9.
    space: Some(2.0 * 146_097.0 * 1000.0 + 1e9),
    rate: None,
    born: Some(born),
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(text)?.digits(0)?;
    match code.bytes() {
        [b'9', ..] => {}
        [b'1'..=b'8', ..] if birth(code.bytes()).is_some() => {}
        [b'1'..=b'8', ..] => return Err(Unusable("there is no such date")),
        _ => return Err(Unusable("no century has that first digit")),
    }
    if !fits(code.bytes()) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Date;

    #[test]
    fn codes_that_begin_with_nine_tell_no_date() {
        assert_eq!(born("33309240064"), Date::new(1933, 9, 24));
        assert_eq!(born("96813280109"), None);
    }
}
