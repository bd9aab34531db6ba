//! Argentine identity document numbers (Documento Nacional de Identidad).
//!
//! Law 17.671; the National Registry of Persons (RENAPER). Seven or eight digits,
//! written with dots between thousands, begun again at 92 million for foreigners.
//! No check digit is published and eight digits are a common shape, so it is weak.
//!
//! The numbers of the older books of enrolment (LE for men, LC for women) were
//! taken over as DNI, so a few of seven digits are those of a man and of a woman.

use super::super::rules::compact;
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static DNI: Kind = Kind {
    name: "ar-dni",
    profile: 1,
    family: Family::National,
    strength: Strength::Weak,
    canonical_form: "seven or eight digits, the first not 0",
    check: "length only",
    source: "RENAPER, Law 17.671",
    // Thirty years beyond what is given out.
    example: "89999999",
    headings: &[
        "dniar",
        "dniargentina",
        "dniargentino",
        "documentonacionaldeidentidadargentino",
    ],
    shape: Shape::Code {
        layouts: &["99-999-999", "9-999-999", "99999999", "9999999"],
    },
    // 1,000,000 to 99,999,999.
    space: Some(9.9e7),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<8>(text)?;
    if !compact.bytes().iter().all(u8::is_ascii_digit) {
        return Err(Unusable("not only digits"));
    }
    let number = compact.text().trim_start_matches('0');
    if number.len() < 7 {
        return Err(Unusable("too few digits"));
    }
    emit(number, Variant::Exact);
    Ok(())
}
