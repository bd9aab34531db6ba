//! Croatian personal identification numbers (OIB).
//!
//! Zakon o osobnom identifikacijskom broju (NN 60/2008) and its by-law (NN 1/2009):
//! ten digits drawn by lot and a check digit by ISO/IEC 7064, MOD 11,10. Organisations
//! have them as well. `HR` stands before them in VAT numbers.

use super::super::rules::{compact, mod11_10, without_country};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static OIB: Kind = Kind {
    name: "hr-oib",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits, without HR",
    check: "check digit (ISO 7064, MOD 11,10)",
    source: "Zakon o osobnom identifikacijskom broju (NN 60/2008); NN 1/2009",
    example: "94577403194",
    headings: &[
        "oib",
        "osobniidentifikacijskibroj",
        "oibbroj",
        "croatianoib",
    ],
    shape: Shape::Code {
        layouts: &[
            "99999999999",
            "AA99999999999",
            "AA-99999999999",
            "9999999999",
        ],
    },
    // Ten free digits.
    space: Some(1e10),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<11>(without_country(text, "HR"))?.digits(1)?;
    if !mod11_10(code.bytes()) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}
