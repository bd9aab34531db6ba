//! Finnish personal identity codes.
//!
//! The Digital and Population Data Services Agency (DVV, "The personal identity
//! code") and the decree 128/2010 with its change 690/2022: day, month, year in
//! two digits, a sign for the century, an individual number, a check character.
//! The sign is `+` for 1800-1899, one of `-UVWXY` for 1900-1999, one of `A`-`F`
//! for 2000-2099, and is part of the code. Individual numbers are 002-899;
//! 900-999 are temporary ones, given by hospitals among others, so they are in
//! their records and are read here as well.

use super::super::rules::part;
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static HETU: Kind = Kind {
    name: "fi-hetu",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eleven characters, upper case, with the century's sign",
    check: "a real date; individual number 002-999; check character (mod 31)",
    source: "DVV, decrees 128/2010 and 690/2022",
    example: "131052-308T",
    headings: &[
        "hetu",
        "henkilötunnus",
        "henkilotunnus",
        "personbeteckning",
        "ssnfi",
    ],
    shape: Shape::Code {
        // The sign, other than `+` and `-`, and the check character may be letters.
        layouts: &["999999-9999", "999999-999A", "999999A9999", "999999A999A"],
    },
    // Thirteen signs, of which one is of the 1800s: so many times the days of a
    // century, and the individual numbers 002 to 999.
    space: Some(13.0 * 36_525.0 * 998.0),
    // A real date, 998 of 1000, one of 36 characters.
    rate: Some(0.001),
    born: Some(born),
    canonical,
};

/// Characters of a code.
const LENGTH: usize = 11;
/// The remainder of division by 31 picks from these.
const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = <[u8; LENGTH]>::try_from(text.as_bytes())
        .ok()
        .filter(has_shape)
        .ok_or(Unusable(
            "not six digits, a sign, three digits and a character",
        ))?;
    let code = code.map(|byte| byte.to_ascii_uppercase());
    let text = std::str::from_utf8(&code).map_err(|_| Unusable("not text"))?;
    if born(text).is_none() {
        return Err(Unusable("there is no such date"));
    }
    let individual = part(&code, 7..10);
    if individual < 2 {
        return Err(Unusable("no code has that individual number"));
    }
    let remainder = (part(&code, 0..6) * 1000 + individual) % 31;
    let expected = usize::try_from(remainder).ok().and_then(|at| CHECK.get(at));
    if code.last() != expected {
        return Err(Unusable("the check character does not fit"));
    }
    emit(text, Variant::Exact);
    Ok(())
}

/// Whether `code` has digits, a sign and a check character where they belong.
fn has_shape(code: &[u8; LENGTH]) -> bool {
    let [day @ .., sign, a, b, c, check] = code;
    let digits = day.iter().chain([a, b, c]);
    digits.fold(true, |all, byte| all & byte.is_ascii_digit())
        && (matches!(sign, b'-' | b'+') || sign.is_ascii_alphabetic())
        && check.is_ascii_alphanumeric()
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    let code = code.as_bytes();
    let century = match code.get(6)? {
        b'+' => 1800,
        b'-' | b'U'..=b'Y' => 1900,
        b'A'..=b'F' => 2000,
        _ => return None,
    };
    let two = |from| u8::try_from(part(code, from..from + 2)).ok();
    Date::new(century + u16::from(two(4)?), two(2)?, two(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::super::forms;
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        forms(&HETU, text, &[]).map(|forms| forms[0].0.clone())
    }

    #[test]
    fn the_published_example_is_valid() {
        // DVV, "The personal identity code": 131052308 / 31 leaves 25, which is T.
        assert_eq!(read("131052-308T").as_deref(), Ok("131052-308T"));
        assert_eq!(born("131052-308T"), Date::new(1952, 10, 13));
    }

    #[test]
    fn spellings_of_a_code_meet() {
        for text in [
            " 131052-308t ",
            "131052–308T",
            "131052\u{2212}308T",
            "131052\u{2010}308t",
        ] {
            assert_eq!(read(text).as_deref(), Ok("131052-308T"), "{text}");
        }
    }

    #[test]
    fn every_sign_of_a_century_is_read() {
        // 010594 and 903 under 31: 10594903 - 31 * 341771 = 2, 1900s and 2000s alike.
        for sign in "-UVWXYABCDEF".chars() {
            let code = format!("010594{sign}9032");
            let century = if "ABCDEF".contains(sign) { 2000 } else { 1900 };
            assert_eq!(read(&code), Ok(code.clone()));
            assert_eq!(born(&code), Date::new(century + 94, 5, 1));
        }
        assert_eq!(born("131052+308T"), Date::new(1852, 10, 13));
        for sign in "GTZ*".chars() {
            assert!(read(&format!("010594{sign}9032")).is_err());
        }
    }

    #[test]
    fn what_breaks_the_rule_is_refused() {
        // 290200 and 902 under 31: 290200902 - 31 * 9361319 = 13, which is D.
        for (text, why) in [
            ("131052-308S", "the check character does not fit"),
            ("131052-308G", "the check character does not fit"),
            ("290200-902D", "there is no such date"),
            ("311152-9999", "there is no such date"),
            ("131052-001N", "no code has that individual number"),
            (
                "131052308T",
                "not six digits, a sign, three digits and a character",
            ),
            (
                "131052-308",
                "not six digits, a sign, three digits and a character",
            ),
            (
                "131052-308TT",
                "not six digits, a sign, three digits and a character",
            ),
            ("", "not six digits, a sign, three digits and a character"),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
        assert_eq!(read("290200A902D").as_deref(), Ok("290200A902D"));
    }

    #[test]
    fn every_check_character_is_told_apart() {
        let valid = (0..36).filter(|digit| {
            let check = char::from_digit(*digit, 36).unwrap();
            read(&format!("131052-308{check}")).is_ok()
        });
        assert_eq!(valid.count(), 1);
    }
}
