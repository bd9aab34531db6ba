//! Turkish identification numbers (T.C. Kimlik Numarası).
//!
//! Law 5490 on population services; the General Directorate of Population and
//! Citizenship (NVİ) gives them to citizens and, beginning with 99, to foreigners.
//! Eleven digits, the first not 0. The tenth is seven times the sum of the odd
//! places less the sum of the even ones, the eleventh the sum of the first ten,
//! both modulo 10.

use super::super::rules::{compact, part, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static TCKN: Kind = Kind {
    name: "tr-tckn",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "the first digit is not 0; two check digits (mod 10)",
    source: "NVİ, Law 5490",
    // What forms are tried out with.
    example: "11111111110",
    headings: &[
        "tckn",
        "tckimlik",
        "tckimlikno",
        "tckimliknumarası",
        "tckimliknumarasi",
        "türkiyecumhuriyetikimliknumarası",
        "turkishidnumber",
    ],
    shape: Shape::Code {
        layouts: &["99999999999", "999-999-999-99"],
    },
    // The first nine digits; the others follow from them.
    space: Some(9.0e8),
    rate: None,
    born: None,
    canonical,
};

/// The weights of the tenth digit: 9 takes away, modulo 10.
const TENTH: [u32; 9] = [7, 9, 7, 9, 7, 9, 7, 9, 7];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<11>(text)?.digits(0)?;
    let digits = number.bytes();
    if digits.first() == Some(&b'0') {
        return Err(Unusable("no number begins with 0"));
    }
    let tenth = weighted(digits, &TENTH) % 10;
    let eleventh = weighted(digits, &[1; 10]) % 10;
    if part(digits, 9..11) != u64::from(10 * tenth + eleventh) {
        return Err(Unusable("the check digits do not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
