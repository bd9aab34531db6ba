//! Payment cards.
//!
//! ISO/IEC 7812-1: up to nineteen digits, of which the first ones name the issuer
//! and the last one is the check digit of its annex B. Which beginnings and
//! lengths are in use is each scheme's own word: Visa "Core Rules" (4), Mastercard
//! "Transaction Processing Rules" (51-55, 2221-2720, Maestro 50, 56-58, 63, 67),
//! American Express (34, 37), Discover "IIN ranges" (Discover, Diners Club, JCB),
//! UnionPay (62, 81), NPCI (RuPay: 60, 82), NSPK (Mir: 2200-2204), BKM (Troy: 9792).
//! A table of single issuers would be larger and out of date within a month.

use super::rules::{compact, luhn, part};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(super) static KIND: Kind = Kind {
    name: "card",
    profile: 1,
    family: Family::Money,
    strength: Strength::Strong,
    canonical_form: "digits only",
    check: "a scheme's first digits and length; Luhn check digit",
    source: "ISO/IEC 7812-1; the schemes' published ranges",
    example: "4111111111111111",
    headings: &[
        "cardnumber",
        "cardno",
        "creditcard",
        "creditcardnumber",
        "debitcard",
        "paymentcard",
        "kortti",
        "korttinumero",
        "luottokortti",
        "maksukortti",
        "kort",
        "kortnummer",
        "kreditkort",
        "betalkort",
    ],
    shape: Shape::Code {
        layouts: &[
            "9999999999999999",
            "9999-9999-9999-9999",
            "999999999999999",
            "9999-999999-99999",
            "99999999999999",
            "9999-999999-9999",
            "9999999999999999999",
            "9999-9999-9999-9999-999",
            "999999-9999999999999",
            "999999999999999999",
            "99999999999999999",
            "9999999999999",
            "999999999999",
            "9999-9999-9999",
        ],
    },
    // Nearly all cards have sixteen digits: 3,589 of their 10,000 beginnings of four,
    // eleven free digits, one check digit.
    space: Some(3589.0 * 1e11),
    rate: None,
    born: None,
    canonical,
};

/// The first and last beginning of four digits, and the lengths of such numbers.
#[rustfmt::skip]
const RANGES: &[(u16, u16, &[usize])] = &[
    (2200, 2204, &[16, 17, 18, 19]),
    (2221, 2720, &[16]),
    (3000, 3059, &[14, 16, 17, 18, 19]),
    (3095, 3095, &[14, 16, 17, 18, 19]),
    (3400, 3499, &[15]),
    (3528, 3589, &[16, 17, 18, 19]),
    (3600, 3699, &[14, 16, 17, 18, 19]),
    (3700, 3799, &[15]),
    (3800, 3999, &[14, 16, 17, 18, 19]),
    (4000, 4999, &[13, 16, 19]),
    (5000, 5099, &[12, 13, 14, 15, 16, 17, 18, 19]),
    (5100, 5599, &[16]),
    (5600, 5899, &[12, 13, 14, 15, 16, 17, 18, 19]),
    (6000, 6099, &[16, 17, 18, 19]),
    (6200, 6299, &[16, 17, 18, 19]),
    (6300, 6399, &[12, 13, 14, 15, 16, 17, 18, 19]),
    (6440, 6599, &[16, 17, 18, 19]),
    (6700, 6799, &[12, 13, 14, 15, 16, 17, 18, 19]),
    (8100, 8299, &[16, 17, 18, 19]),
    (9792, 9792, &[16]),
];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<19>(text)?;
    let digits = number.bytes();
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Unusable("not only digits"));
    }
    if digits.len() < 12 {
        return Err(Unusable("too few digits"));
    }
    let start = part(digits, 0..4);
    let range = RANGES
        .iter()
        .find(|(first, last, _)| (u64::from(*first)..=u64::from(*last)).contains(&start));
    let Some((_, _, lengths)) = range else {
        return Err(Unusable("no scheme has cards that begin so"));
    };
    if !lengths.contains(&digits.len()) {
        return Err(Unusable("not as long as cards of its scheme"));
    }
    if !luhn(digits) {
        return Err(Unusable("the check digit does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_space_is_that_of_the_ranges() {
        let of_sixteen = RANGES
            .iter()
            .filter(|(_, _, lengths)| lengths.contains(&16));
        let starts: u32 = of_sixteen
            .map(|(first, last, _)| u32::from(last - first) + 1)
            .sum();
        assert_eq!(KIND.space, Some(f64::from(starts) * 1e11));
        assert!(RANGES.is_sorted_by(|one, other| one.1 < other.0));
    }
}
