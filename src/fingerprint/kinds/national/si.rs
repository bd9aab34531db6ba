//! Slovenian personal identification numbers (EMŠO).
//!
//! Zakon o centralnem registru prebivalstva (Uradni list RS 1/1999) and the law of
//! Yugoslavia that it continues (Sl. list SFRJ 58/1976): day, month, the last three
//! digits of the year, the region, three digits for sex and order, a check digit
//! (modulo 11). Regions of other republics stand in numbers of people who moved.
//! Where the check would be 10 the law skips the number; other republics wrote 0, and
//! so does python-stdnum: 0 is accepted. It also accepts years from 2100 to 2799.

use super::super::rules::{compact, date, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static EMSO: Kind = Kind {
    name: "si-emso",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "thirteen digits",
    check: "a real date from 1800 to 2099; check digit (mod 11)",
    source: "Zakon o centralnem registru prebivalstva (Uradni list RS 1/1999)",
    example: "0101006500006",
    headings: &[
        "emšo",
        "emso",
        "enotnamatičnaštevilkaobčana",
        "enotnamaticnastevilkaobcana",
    ],
    shape: Shape::Code {
        layouts: &["9999999999999", "9999999-999999", "999999999999"],
    },
    // The days of three centuries, five free digits.
    space: Some(109_573.0 * 100_000.0),
    rate: None,
    born: Some(born),
    canonical,
};

const WEIGHTS: [u32; 12] = [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<13>(text)?.digits(1)?;
    if birth(code.bytes()).is_none() {
        return Err(Unusable("there is no such date"));
    }
    let check = (11 - weighted(code.bytes(), &WEIGHTS) % 11) % 11 % 10;
    if part(code.bytes(), 12..13) != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn birth(code: &[u8]) -> Option<Date> {
    let year = match part(code, 4..7) {
        year @ 800.. => 1000 + year,
        year @ 0..100 => 2000 + year,
        _ => return None,
    };
    date(year, part(code, 2..4), part(code, 0..2))
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_tell_the_year() {
        assert_eq!(born("0101006500006"), Date::new(2006, 1, 1));
        assert_eq!(born("2902932505526"), Date::new(1932, 2, 29));
        assert_eq!(born("0101899500006"), Date::new(1899, 1, 1));
    }
}
