//! Spanish identity numbers, of nationals and of foreigners.
//!
//! National identity document (DNI): royal decree 1553/2005, article 11, and the
//! Ministry of the Interior, "Cálculo del dígito de control del NIF/NIE": eight
//! digits and a letter that the remainder by 23 picks. A leading zero is often left
//! out.
//!
//! Foreigners (NIE): order INT/2058/2008 and the same page: X, Y or Z, which count
//! as 0, 1 and 2, seven digits, the letter.
//!
//! Tax numbers that begin with K, L or M (royal decree 1065/2007, article 20: people
//! without either document) are neither, and not read.

use super::super::rules::{Compact, compact, number};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static DNI: Kind = Kind {
    name: "es-dni",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eight digits and a letter, upper case",
    check: "check letter (mod 23)",
    source: "Royal decree 1553/2005, Ministerio del Interior",
    // The number 0 is nobody's.
    example: "00000000T",
    headings: &["dninif", "nifdni", "dniletra", "numerodni", "spanishdni"],
    shape: Shape::Code {
        layouts: &[
            "99999999A",
            "99999999-A",
            "99-999-999-A",
            "99-999-999A",
            "9999999A",
            "9999999-A",
            "9-999-999-A",
        ],
    },
    // Eight free digits.
    space: Some(1e8),
    rate: None,
    born: None,
    canonical: dni,
};

pub(in super::super) static NIE: Kind = Kind {
    name: "es-nie",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "a letter, seven digits and a letter, upper case",
    check: "X, Y or Z; check letter (mod 23)",
    source: "Order INT/2058/2008, Ministerio del Interior",
    // The number 0 is nobody's.
    example: "X0000000T",
    headings: &[
        "nie",
        "numeronie",
        "numerodeidentidaddeextranjero",
        "numerodeidentificaciondeextranjero",
        "spanishnie",
    ],
    shape: Shape::Code {
        layouts: &[
            "A9999999A",
            "A-9999999-A",
            "A-9999999A",
            "A9999999-A",
            "A-9-999-999-A",
        ],
    },
    // Three letters and seven free digits.
    space: Some(3e7),
    rate: None,
    born: None,
    canonical: nie,
};

/// The remainder of division by 23 picks from these.
const CHECK: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn dni(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    const SHAPE: Unusable = Unusable("not eight digits and a letter");
    let written: Compact<9> = compact(text)?;
    if written.bytes().len() < 8 {
        return Err(SHAPE);
    }
    let mut code = [b'0'; 9];
    for (place, byte) in code.iter_mut().rev().zip(written.bytes().iter().rev()) {
        *place = *byte;
    }
    let [digits @ .., letter] = &code;
    if !digits.iter().all(u8::is_ascii_digit) || !letter.is_ascii_uppercase() {
        return Err(SHAPE);
    }
    check(number(digits), *letter)?;
    emit(
        std::str::from_utf8(&code).map_err(|_| SHAPE)?,
        Variant::Exact,
    );
    Ok(())
}

fn nie(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    const SHAPE: Unusable = Unusable("not X, Y or Z, seven digits and a letter");
    let code: Compact<9> = compact(text)?;
    let [first @ b'X'..=b'Z', digits @ .., letter] = code.bytes() else {
        return Err(SHAPE);
    };
    let all_digits = digits.len() == 7 && digits.iter().all(u8::is_ascii_digit);
    if !all_digits || !letter.is_ascii_uppercase() {
        return Err(SHAPE);
    }
    check(
        u64::from(first - b'X') * 10_000_000 + number(digits),
        *letter,
    )?;
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn check(number: u64, letter: u8) -> Result<(), Unusable> {
    let expected = usize::try_from(number % 23)
        .ok()
        .and_then(|at| CHECK.get(at));
    if expected == Some(&letter) {
        Ok(())
    } else {
        Err(Unusable("the check letter does not fit"))
    }
}
