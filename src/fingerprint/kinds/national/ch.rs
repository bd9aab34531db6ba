//! Swiss insured persons' numbers (AHV, AVS).
//!
//! Ordinance on old-age insurance (AHVV), article 133, and the Central Compensation
//! Office: 756, nine digits and the check digit of an EAN-13 (GS1). Given since
//! July 2008; the eleven digits before that are another number of the same person,
//! and are not read.

use super::super::rules::{compact, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static AHV: Kind = Kind {
    name: "ch-ahv",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "thirteen digits",
    check: "756 first; check digit (EAN-13)",
    source: "AHVV article 133, Zentrale Ausgleichsstelle",
    // The example of sozialversicherungsnummer.ch and others.
    example: "7569217076985",
    headings: &[
        "ahv",
        "ahvnr",
        "ahvnummer",
        "ahvn13",
        "avs",
        "navs",
        "navs13",
        "noavs",
        "numeroavs",
        "avsnumber",
        "ahvnumber",
    ],
    shape: Shape::Code {
        layouts: &["9999999999999", "999-9999-9999-99"],
    },
    // Nine free digits.
    space: Some(1e9),
    rate: None,
    born: None,
    canonical,
};

const WEIGHTS: [u32; 13] = [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<13>(text)?.digits(0)?;
    if !number.bytes().starts_with(b"756") {
        return Err(Unusable("does not begin with 756"));
    }
    if !weighted(number.bytes(), &WEIGHTS).is_multiple_of(10) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
