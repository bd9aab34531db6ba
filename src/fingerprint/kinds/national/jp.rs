//! Japanese individual numbers (個人番号, My Number).
//!
//! Act 27 of 2013; Ordinance 85 of 2014 of the Ministry of Internal Affairs,
//! article 5, for the check digit. Eleven digits and a check digit: weights 2 to 7
//! and 2 to 6 from the right, modulo 11; a remainder of 0 or 1 gives 0.

use super::super::rules::{compact, part, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static MYNUMBER: Kind = Kind {
    name: "jp-mynumber",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "twelve digits",
    check: "check digit (mod 11)",
    source: "Ordinance 85/2014 of the Ministry of Internal Affairs, article 5",
    // What specimens of forms show.
    example: "123456789018",
    headings: &[
        "個人番号",
        "マイナンバー",
        "mynumber",
        "mynumberjp",
        "kojinbango",
        "individualnumberjp",
    ],
    shape: Shape::Code {
        layouts: &["9999-9999-9999", "999999999999", "99999999999"],
    },
    // The first eleven digits, but zeros.
    space: Some(1.0e11 - 1.0),
    rate: None,
    born: None,
    canonical,
};

const WEIGHTS: [u32; 11] = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<12>(text)?.digits(2)?;
    let digits = number.bytes();
    if part(digits, 0..12) == 0 {
        return Err(Unusable("zeros are nobody's number"));
    }
    let check = (11 - weighted(digits, &WEIGHTS) % 11) % 11 % 10;
    if part(digits, 11..12) != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
