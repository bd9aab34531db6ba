//! French registration numbers of people (NIR), known as social security numbers.
//!
//! Decree 82-103, article 4, and INSEE's description of the number: sex, year and
//! month of birth, department and commune of birth, the act's rank in that month,
//! and as a key 97 less the remainder of these thirteen digits by 97. Corsica's 2A
//! counts as 19 there and 2B as 18.
//!
//! The first digit is 1 or 2; 3 and 4 while somebody born abroad is being
//! registered, 7 and 8 in the waiting numbers (NIA) of the social security. Months
//! 20 to 42 and from 50 on are given where the act is incomplete. Other libraries
//! check the key alone; a sex, month or department that was never given is refused
//! here.
//!
//! Thirteen digits without the key are not read: every time in milliseconds would
//! look like one.

use super::super::rules::{compact, part};
use crate::base::{Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static NIR: Kind = Kind {
    name: "fr-nir",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "fifteen digits, the sixth and seventh 2A or 2B for Corsica",
    check: "sex, month and department that are given; key (mod 97)",
    source: "Decree 82-103, INSEE: numéro d'inscription au répertoire",
    // Wikipedia's example.
    example: "255081416802538",
    headings: &[
        "nir",
        "nirpp",
        "numerosecu",
        "numsecu",
        "numerodesecuritesociale",
        "numerosecuritesociale",
        "numerodesecu",
        "nsecuritesociale",
        "numeroinsee",
        "frenchsocialsecuritynumber",
    ],
    shape: Shape::Code {
        layouts: &[
            "999999999999999",
            "9999999999999-99",
            "9-99-99-99-999-999-99",
            "9-99-99-99999-999-99",
            "999999A99999999",
            "999999A999999-99",
            "9-99-99-9A-999-999-99",
            "9-99-99-9A999-999-99",
        ],
    },
    // Six first digits, years, 85 months, 99 departments and two of Corsica,
    // communes, ranks.
    space: Some(6.0 * 100.0 * 85.0 * 101.0 * 1000.0 * 1000.0),
    rate: None,
    born: None,
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let number = compact::<15>(text)?;
    let mut digits =
        <[u8; 15]>::try_from(number.bytes()).map_err(|_| Unusable("too few characters"))?;
    let [_, _, _, _, _, tens, ones, ..] = &mut digits;
    match (*tens, *ones) {
        (b'2', b'A') => (*tens, *ones) = (b'1', b'9'),
        (b'2', b'B') => (*tens, *ones) = (b'1', b'8'),
        _ => {}
    }
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Unusable("not only digits, but for 2A and 2B"));
    }
    if !matches!(digits, [b'1'..=b'4' | b'7' | b'8', ..]) {
        return Err(Unusable("no number begins with that digit"));
    }
    if !matches!(part(&digits, 3..5), 1..=12 | 20..=42 | 50..=99) {
        return Err(Unusable("there is no such month"));
    }
    if part(&digits, 5..7) == 0 {
        return Err(Unusable("there is no such department"));
    }
    if 97 - part(&digits, 0..13) % 97 != part(&digits, 13..15) {
        return Err(Unusable("the key does not fit"));
    }
    emit(number.text(), Variant::Exact);
    Ok(())
}
