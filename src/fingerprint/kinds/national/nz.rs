//! New Zealand tax numbers (IRD numbers).
//!
//! Inland Revenue, "RWT and NRWT Certificates: Software Requirements Specification",
//! IR number validation. Seven or eight digits and a check digit, modulo 11, with
//! other weights where the first ones leave 10; with neither, a number is not given.
//!
//! That specification ends the range at 150,000,000, which was to do for the ten
//! years after 2016. They are over, so here it ends at 200,000,000; python-stdnum
//! stays with 150,000,000.

use super::super::rules::{compact, number, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static IRD: Kind = Kind {
    name: "nz-ird",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eight or nine digits, the first not 0",
    check: "above 10,000,000 and below 200,000,000; check digit (mod 11)",
    source: "Inland Revenue, RWT and NRWT specification, IR number validation",
    // Far beyond what is given out.
    example: "199999990",
    headings: &[
        "ird",
        "irdno",
        "irdnumber",
        "nzird",
        "irnumber",
        "inlandrevenuenumber",
    ],
    shape: Shape::Code {
        layouts: &["99-999-999", "999-999-999", "99999999", "999999999"],
    },
    // Those within the range before the check digit, less the 121st part of them.
    space: Some(1.9e7 * 120.0 / 121.0),
    rate: None,
    born: None,
    canonical,
};

const FIRST: [u32; 8] = [3, 2, 7, 6, 5, 4, 3, 2];
const SECOND: [u32; 8] = [7, 4, 3, 2, 5, 2, 7, 6];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<11>(text)?;
    let written = compact.text();
    let written = written.strip_prefix("NZ").unwrap_or(written);
    if !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unusable("not only digits"));
    }
    if !(8..=9).contains(&written.len()) {
        return Err(Unusable("not eight or nine digits"));
    }
    let mut digits = [b'0'; 9];
    for (digit, byte) in digits.iter_mut().rev().zip(written.bytes().rev()) {
        *digit = byte;
    }
    let value = number(&digits);
    if !(10_000_001..200_000_000).contains(&value) {
        return Err(Unusable("no number is that low or that high"));
    }
    let check = |weights| (11 - weighted(&digits, weights) % 11) % 11;
    let check = match check(&FIRST) {
        10 => check(&SECOND),
        check => check,
    };
    if value % 10 != u64::from(check) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(written.trim_start_matches('0'), Variant::Exact);
    Ok(())
}
