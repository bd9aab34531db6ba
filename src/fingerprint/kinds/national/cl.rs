//! Chilean identification numbers: the RUN of a person, which is the RUT by which
//! the tax service knows her.
//!
//! Decree with force of law 3 of 1969 (RUT), Law 19.477 (Civil Registry). Seven or
//! eight digits and a check digit: weights 2 to 7 from the right, over and over,
//! modulo 11, where 10 is written K. Those of companies, from 50 million on, are of
//! the same series and are read as well. Zeros in front, which fill a column, and
//! CL, the prefix of value added tax, are left out.

use super::super::rules::compact;
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static RUT: Kind = Kind {
    name: "cl-rut",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "seven or eight digits, the first not 0, and a check digit or K",
    check: "check digit (mod 11)",
    source: "SII, DFL 3/1969; Registro Civil, Law 19.477",
    // The last one of the companies' series.
    example: "999999999",
    headings: &[
        "rut",
        "rutpersona",
        "rutcliente",
        "rutrun",
        "runrut",
        "rolúnicotributario",
        "rolunicotributario",
        "rolúniconacional",
        "roluniconacional",
    ],
    shape: Shape::Code {
        layouts: &[
            "99-999-999-*",
            "9-999-999-*",
            "99999999-*",
            "9999999-*",
            "99999999*",
            "9999999*",
        ],
    },
    // 1,000,000 to 99,999,999; the check digit follows from them.
    space: Some(9.9e7),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<12>(text)?;
    let number = compact.text();
    let number = number.strip_prefix("CL").unwrap_or(number);
    let number = number.trim_start_matches('0');
    if !(8..=9).contains(&number.len()) {
        return Err(Unusable("not seven or eight digits and a check digit"));
    }
    let [digits @ .., check] = number.as_bytes() else {
        return Err(Unusable("not seven or eight digits and a check digit"));
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Unusable("not digits before the check digit"));
    }
    let check = match check {
        b'K' => 10,
        digit if digit.is_ascii_digit() => u32::from(digit - b'0'),
        _ => return Err(Unusable("the check digit is a digit or K")),
    };
    let sum: u32 = (2..=7)
        .cycle()
        .zip(digits.iter().rev())
        .map(|(weight, digit)| weight * u32::from(digit - b'0'))
        .sum();
    if !(sum + check).is_multiple_of(11) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number, Variant::Exact);
    Ok(())
}
