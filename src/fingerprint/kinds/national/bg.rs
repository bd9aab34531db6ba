//! Bulgarian uniform civil numbers (ЕГН).
//!
//! Закон за гражданската регистрация (ДВ 67/1999), article 11, and GRAO: year, month,
//! day, three digits, a check digit (modulo 11). The month tells the century: 20 is
//! added in the 1800s, 40 in the 2000s.

use super::super::rules::{compact, date, part, weighted};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static EGN: Kind = Kind {
    name: "bg-egn",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits",
    check: "a real date of its century; check digit (mod 11)",
    source: "Закон за гражданската регистрация, article 11; GRAO",
    example: "7523169263",
    headings: &["егн", "egn", "единенгражданскиномер", "bulgarianegn"],
    shape: Shape::Code {
        layouts: &["9999999999", "999999-9999", "999999999"],
    },
    // The days of three centuries, three free digits.
    space: Some(109_573.0 * 1000.0),
    rate: None,
    born: Some(born),
    canonical,
};

const WEIGHTS: [u32; 9] = [2, 4, 8, 5, 10, 9, 7, 3, 6];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    // Of people born in 2000 two zeros are lost.
    let code = compact::<10>(text)?.digits(2)?;
    if birth(code.bytes()).is_none() {
        return Err(Unusable("there is no such date"));
    }
    let check = weighted(code.bytes(), &WEIGHTS) % 11 % 10;
    if part(code.bytes(), 9..10) != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn birth(code: &[u8]) -> Option<Date> {
    let (century, month) = match part(code, 2..4) {
        month @ 41.. => (2000, month - 40),
        month @ 21.. => (1800, month - 20),
        month => (1900, month),
    };
    date(century + part(code, 0..2), month, part(code, 4..6))
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_tells_the_century() {
        assert_eq!(born("7501020018"), Date::new(1975, 1, 2));
        assert_eq!(born("7523169263"), Date::new(1875, 3, 16));
        assert_eq!(born("0542011030"), Date::new(2005, 2, 1));
    }
}
