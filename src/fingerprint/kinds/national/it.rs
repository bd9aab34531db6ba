//! Italian tax codes of people.
//!
//! Ministerial decree of 23 December 1976 (n. 13813): three letters of the surname,
//! three of the name, year of birth, a letter for the month, the day (40 more for
//! women), the letter and three digits of the place of birth, a check letter. Where
//! two people would have the same code, digits are replaced by letters, one or more
//! of the seven ("omocodia"); such a code is another person's, so it keeps them.
//!
//! The same decree has eleven digits for organisations, and (article 10) for people
//! who wait for a code of their own: seven digits, three for the office that gave
//! it, and a Luhn check digit.

use std::ops::Range;

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
        // All of omocodia but the code that has no digit left to be found by.
        layouts: &["AAAAAA**A**A***A", "99999999999"],
    },
    // Letters of names, the days of a century twice, places; those of eleven digits
    // are left out, since lists hold few.
    space: Some(308_915_776.0 * 36_525.0 * 2.0 * 26.0 * 1000.0),
    rate: None,
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
    let [name @ .., _, _, month, _, _, place, _, _, _, last] = code else {
        return Err(SHAPE);
    };
    let mut letters = name.iter().chain([month, place, last]);
    let digits = [
        number(code, 6..8),
        number(code, 9..11),
        number(code, 12..15),
    ];
    let ([Some(year), Some(day), Some(_)], true) = (digits, letters.all(u8::is_ascii_uppercase))
    else {
        return Err(SHAPE);
    };
    let month = (1..)
        .zip(MONTHS)
        .find(|(_, letter)| *letter == month)
        .map(|(month, _)| month)
        .ok_or(Unusable("no month has that letter"))?;
    let day = u8::try_from(if day > 40 { day - 40 } else { day }).unwrap_or_default();
    // The century is not told. Of 1900 and 2000, the latter has a 29 February.
    if Date::new(2000 + year, month, day).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if check_letter(code) != *last {
        return Err(Unusable("the check letter does not fit"));
    }
    Ok(())
}

/// The number that the characters of `code` in that range spell.
fn number(code: &[u8], range: Range<usize>) -> Option<u16> {
    let mut bytes = code.get(range)?.iter();
    bytes.try_fold(0, |number, byte| {
        Some(number * 10 + u16::from(digit(*byte)?))
    })
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
}
