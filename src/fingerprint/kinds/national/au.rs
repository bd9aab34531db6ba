//! Australian tax file numbers and Medicare card numbers.

use super::super::rules::{compact, part, weighted};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

/// Tax file numbers.
///
/// The Australian Taxation Office's algorithm: nine digits whose weighted sum is a
/// multiple of 11. Older numbers have eight digits, with weights of their own: they
/// are those of nine digits, but for the one before the last, which they lack
/// (1, 4, 3, 7, 5, 8, 6, 10 are ten times 10, 7, 8, 4, 6, 3, 5, 1 modulo 11).
/// python-stdnum takes the first eight of the nine weights for them instead. Eight
/// digits can also be nine that lost a 0, and are read as both where both fit.
pub(in super::super) static TFN: Kind = Kind {
    name: "au-tfn",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "nine digits, or eight",
    check: "weighted sum (mod 11)",
    source: "Australian Taxation Office, TFN algorithm",
    // The Office's example.
    example: "123456782",
    headings: &[
        "tfn",
        "tfnau",
        "taxfilenumber",
        "taxfileno",
        "australiantaxfilenumber",
    ],
    shape: Shape::Code {
        layouts: &["999-999-999", "999999999", "99-999-999", "99999999"],
    },
    // Of all numbers of nine digits, and of eight, one in eleven.
    space: Some((1.0e9 + 1.0e8) / 11.0),
    rate: None,
    born: None,
    canonical: tfn,
};

/// Medicare card numbers.
///
/// Services Australia; "Use of Healthcare Identifiers in Health Software Systems",
/// NEHTA. Eight digits, the first 2 to 6; a check digit, weights 1, 3, 7, 9
/// twice, modulo 10; how often the card was issued. An eleventh digit that says who
/// on the card is meant is read and left out, because records have it or not.
///
/// A card can be a family's: listed relatives share the number, and the list's
/// building says so. A card that was issued anew has another number.
pub(in super::super) static MEDICARE: Kind = Kind {
    name: "au-medicare",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "ten digits: the card's number with its issue, without the person on it",
    check: "the first digit is 2 to 6; check digit (mod 10)",
    source: "Services Australia; NEHTA, Use of Healthcare Identifiers",
    // The document's example.
    example: "2123456701",
    headings: &[
        "medicareau",
        "medicareaustralia",
        "australianmedicare",
        "australianmedicarenumber",
        "medicareirn",
    ],
    shape: Shape::Code {
        layouts: &[
            "9999-99999-9",
            "9999-99999-9-9",
            "9999999999",
            "99999999999",
            "9999999999-9",
        ],
    },
    // Five first digits and seven others, and the issue.
    space: Some(5.0e7 * 10.0),
    rate: None,
    born: None,
    canonical: medicare,
};

const TFN_WEIGHTS: [u32; 9] = [1, 4, 3, 7, 5, 8, 6, 9, 10];
const OLD_TFN_WEIGHTS: [u32; 8] = [10, 7, 8, 4, 6, 3, 5, 1];
const MEDICARE_WEIGHTS: [u32; 8] = [1, 3, 7, 9, 1, 3, 7, 9];

fn tfn(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let written = compact::<9>(text)?;
    let digits = written.bytes();
    let whole = compact::<9>(text)?.digits(1)?;
    let fits = |digits, weights| match weighted(digits, weights) {
        0 => Err(Unusable("zeros are nobody's number")),
        sum if !sum.is_multiple_of(11) => Err(Unusable("the check digit does not fit")),
        _ => Ok(()),
    };
    let old = match digits.len() {
        8 => fits(digits, &OLD_TFN_WEIGHTS),
        _ => Err(Unusable("not eight digits")),
    };
    if old.is_ok() {
        emit(written.text(), Variant::Exact);
    }
    let new = fits(whole.bytes(), &TFN_WEIGHTS);
    if new.is_ok() {
        emit(whole.text(), Variant::Exact);
    }
    old.or(new)
}

fn medicare(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<11>(text)?;
    let digits = compact.bytes();
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Unusable("not only digits"));
    }
    let card = compact.text().get(..10);
    let card = card.ok_or(Unusable("too few digits"))?;
    if !matches!(digits.first(), Some(b'2'..=b'6')) {
        return Err(Unusable("no number begins with that digit"));
    }
    if part(digits, 8..9) != u64::from(weighted(digits, &MEDICARE_WEIGHTS) % 10) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(card, Variant::Exact);
    Ok(())
}
