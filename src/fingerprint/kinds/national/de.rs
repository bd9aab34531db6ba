//! German tax identification numbers.
//!
//! Fiscal Code (Abgabenordnung) section 139b, and the Bavarian State Tax Office,
//! "Prüfung der Steuer- und Steueridentifikationsnummer" (ELSTER), chapter 2: ten
//! digits and a check digit. The first is no zero; among the ten, one digit stands
//! two or three times and each other one at most once.
//!
//! The office adds that three equal digits never stand side by side. That rule is
//! left out: other libraries do not have it, and a person is lost by it sooner than
//! noise is kept out.

use super::super::rules::{compact, mod11_10};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static IDNR: Kind = Kind {
    name: "de-idnr",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven digits",
    check: "one digit two or three times among the first ten; check digit (mod 11, 10)",
    source: "AO § 139b, Bayerisches Landesamt für Steuern (ELSTER)",
    // The example of Wikipedia and others.
    example: "36574261809",
    headings: &[
        "idnr",
        "steuerid",
        "steueridnr",
        "steueridnummer",
        "steueridentnummer",
        "steueridentifikationsnummer",
        "steuerlicheidentifikationsnummer",
        "germantaxid",
    ],
    shape: Shape::Code {
        layouts: &["99999999999", "99-999-999-999"],
    },
    // One digit twice and one missing: 90 * 10!/2!; one thrice and two missing:
    // 360 * 10!/3!. Nine tenths of them do not begin with a zero.
    space: Some((90.0 * 1_814_400.0 + 360.0 * 604_800.0) * 0.9),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<11>(text)?.digits(0)?;
    if number.bytes().first() == Some(&b'0') {
        return Err(Unusable("no number begins with a zero"));
    }
    if !repeats_one_digit(number.bytes()) {
        return Err(Unusable("not one digit two or three times among ten"));
    }
    if !mod11_10(number.bytes()) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

/// Whether one of the first ten digits stands there two or three times and no
/// other one more than once.
fn repeats_one_digit(number: &[u8]) -> bool {
    let ten = number.iter().take(10);
    // Four bits for each digit hold counts up to ten.
    let counts = ten.fold(0_u64, |counts, digit| {
        counts + (1 << (4 * (digit.wrapping_sub(b'0') % 10)))
    });
    let repeated = (0..10).map(|digit| counts >> (4 * digit) & 15);
    let mut repeated = repeated.filter(|count| *count > 1);
    matches!((repeated.next(), repeated.next()), (Some(2 | 3), None))
}
