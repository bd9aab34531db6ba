//! Italian tax codes of people.
//!
//! Ministerial decree of 23 December 1976 (13813): three letters of the surname,
//! three of the name, year of birth, a letter for the month, the day (40 more for
//! women), the letter and three digits of the place of birth, a check letter. Where
//! two people would have the same code, digits are replaced by letters, one or more
//! of the seven ("omocodia"); such a code is another person's, so it keeps them.
//!
//! The same decree has eleven digits for organisations, and for people who wait for
//! a code of their own: seven digits, three for the office that gave it, and a Luhn
//! check digit.

use super::super::rules::{Compact, compact, luhn, part};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static CF: Kind = Kind {
    name: "it-cf",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "sixteen letters and digits, upper case; or eleven digits",
    check: "a date; check letter (mod 26), in all forms of omocodia",
    source: "Decree of 23 December 1976, Agenzia delle Entrate",
    // Everybody's example.
    example: "RSSMRA85T10A562S",
    headings: &[
        "codicefiscale",
        "codfiscale",
        "codfisc",
        "cfiscale",
        "italiantaxcode",
    ],
    shape: Shape::Code {
        // All that has eight runs at most and a digit; see the test. A place's middle
        // digit alone replaced, with digits in year and day, makes nine.
        layouts: &[
            "AAAAAA**A**A*99A",
            "AAAAAA**A**A**AA",
            "AAAAAA**A**AAA9A",
            "AAAAAAAAA**A9A9A",
            "AAAAAA**AAAA9A9A",
            "99999999999",
        ],
    },
    // Letters of names, the days of a century twice, places; those of eleven digits
    // are left out, since lists hold few.
    space: Some(308_915_776.0 * 36_525.0 * 2.0 * 26.0 * 1000.0),
    born: None,
    canonical,
};

/// Characters of a person's code, and digits of a provisional one.
const LENGTH: usize = 16;
const PROVISIONAL: usize = 11;
/// What stands for January to December.
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
/// What stands for 0 to 9 in omocodia.
const DIGITS: &[u8; 10] = b"LMNPQRSTUV";
/// What 0 to 9, and A to Z, count in the first, third, fifth place and so on.
const ODD: [u8; 26] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code: Compact<LENGTH> = compact(text)?;
    match code.bytes().len() {
        PROVISIONAL => check_provisional(code.bytes())?,
        LENGTH => check(code.bytes())?,
        _ => return Err(Unusable("neither sixteen characters nor eleven digits")),
    }
    emit(code.text(), Variant::Exact);
    Ok(())
}

fn check(code: &[u8]) -> Result<(), Unusable> {
    const SHAPE: Unusable = Unusable("letters and digits are not where they belong");
    let [name @ .., y, z, month, d, e, place, f, g, h, last] = code else {
        return Err(SHAPE);
    };
    let letters = name.iter().chain([month, place, last]);
    let places = [f, g, h].map(|byte| digit(*byte));
    if !letters.fold(true, |all, byte| all & byte.is_ascii_uppercase()) || places.contains(&None) {
        return Err(SHAPE);
    }
    let two = |tens: u8, ones: u8| Some(10 * digit(tens)? + digit(ones)?);
    let (Some(year), Some(day)) = (two(*y, *z), two(*d, *e)) else {
        return Err(SHAPE);
    };
    let month = (1..)
        .zip(MONTHS)
        .find(|(_, letter)| *letter == month)
        .map(|(month, _)| month)
        .ok_or(Unusable("no month has that letter"))?;
    let day = if day > 40 { day - 40 } else { day };
    // The century is not told. Of 1900 and 2000, the latter has a 29 February.
    if Date::new(2000 + u16::from(year), month, day).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if check_letter(code) != *last {
        return Err(Unusable("the check letter does not fit"));
    }
    Ok(())
}

/// The digit that `byte` is or stands for.
fn digit(byte: u8) -> Option<u8> {
    if byte.is_ascii_digit() {
        return Some(byte - b'0');
    }
    let mut stand_ins = (0..).zip(DIGITS);
    stand_ins
        .find(|(_, letter)| **letter == byte)
        .map(|(digit, _)| digit)
}

/// The check letter of the first fifteen characters.
fn check_letter(code: &[u8]) -> u8 {
    let body = code.iter().take(LENGTH - 1).enumerate();
    let sum: u32 = body
        .map(|(at, byte)| {
            let value = match byte {
                b'0'..=b'9' => byte - b'0',
                letter => letter.wrapping_sub(b'A'),
            };
            let odd = || ODD.get(usize::from(value)).copied().unwrap_or_default();
            u32::from(if at % 2 == 0 { odd() } else { value })
        })
        .sum();
    b'A' + u8::try_from(sum % 26).unwrap_or_default()
}

/// Checks eleven digits.
fn check_provisional(code: &[u8]) -> Result<(), Unusable> {
    if !code.iter().all(u8::is_ascii_digit) {
        return Err(Unusable("neither sixteen characters nor eleven digits"));
    }
    if part(code, 0..7) == 0 {
        return Err(Unusable("no number begins with seven zeros"));
    }
    if !matches!(part(code, 7..10), 1..=100 | 120 | 121 | 888 | 999) {
        return Err(Unusable("no office has that number"));
    }
    if !luhn(code) {
        return Err(Unusable("the check digit does not fit"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::forms;
    use super::*;

    /// `RSSMRA45C12F205` with the digits of `mask` replaced, the last one first.
    fn omocode(mask: u32) -> String {
        let places = [14, 13, 12, 10, 9, 7, 6];
        let mut code = b"RSSMRA45C12F205".to_vec();
        for (_, at) in (0..).zip(places).filter(|(bit, _)| mask >> bit & 1 == 1) {
            code[at] = DIGITS[usize::from(code[at] - b'0')];
        }
        String::from_utf8(code).unwrap()
    }

    #[test]
    fn every_form_of_omocodia_has_one_check_letter() {
        for mask in 0..128 {
            let code = omocode(mask);
            let letters: String = ('A'..='Z')
                .filter(|letter| forms(&CF, &format!("{code}{letter}"), &[]).is_ok())
                .collect();
            assert_eq!(letters.len(), 1, "{code}: {letters}");
        }
    }

    #[test]
    fn layouts_cover_omocodia_but_for_nine_runs_and_no_digit() {
        let Shape::Code { layouts } = CF.shape else {
            panic!("a code");
        };
        let mut left_out = Vec::new();
        for mask in 0..128 {
            let code = omocode(mask) + "A";
            let fits = |layout: &&str| {
                layout.len() == code.len()
                    && layout
                        .bytes()
                        .zip(code.bytes())
                        .all(|(class, c)| class == b'*' || (class == b'9') == c.is_ascii_digit())
            };
            let bytes = code.as_bytes().windows(2);
            let runs = 1 + bytes
                .filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit())
                .count();
            // Without a digit there is nothing to look around.
            let is_covered = runs > 1 && layouts.iter().any(|layout| fits(&layout));
            assert_eq!(is_covered, (2..=8).contains(&runs), "{code}");
            if !is_covered {
                left_out.push(runs);
            }
        }
        // Year and day each keep a digit in three of four ways; one code has none.
        assert_eq!(left_out.len(), 3 * 3 + 1);
    }
}
