//! International bank account numbers.
//!
//! ISO 13616-1:2020: two letters of the country, two check digits, and the
//! account within the country, in the length that the IBAN registry (SWIFT,
//! release 99) gives. The check is ISO 7064 mod 97-10 over the number with its
//! first four characters moved behind the others, letters as two digits.

use crate::base::{
    Anchor, Emit, Family, Kind, Regions, Runs, Shape, Strength, Unusable, Variant, is_blank,
    is_dash,
};

pub(super) static KIND: Kind = Kind {
    name: "iban",
    profile: 1,
    family: Family::Money,
    strength: Strength::Strong,
    canonical_form: "upper case, no spaces",
    check: "the country's length; ISO 7064 mod 97-10",
    source: "ISO 13616-1:2020, IBAN registry",
    example: "FI2112345600000785",
    headings: &[
        "tilinumero",
        "kontonummer",
        "account",
        "accountnumber",
        "bankaccount",
    ],
    shape: Shape::Bespoke {
        anchor: Anchor::LettersThenDigit,
        runs: Runs::from(2),
        span,
    },
    space: None,
    rate: None,
    born: None,
    canonical,
};

/// Country and length, as in the registry.
#[rustfmt::skip]
const LENGTHS: &[(&[u8; 2], u8)] = &[
    (b"AD", 24), (b"AE", 23), (b"AL", 28), (b"AT", 20), (b"AZ", 28), (b"BA", 20), (b"BE", 16),
    (b"BG", 22), (b"BH", 22), (b"BI", 27), (b"BR", 29), (b"BY", 28), (b"CH", 21), (b"CR", 22),
    (b"CY", 28), (b"CZ", 24), (b"DE", 22), (b"DJ", 27), (b"DK", 18), (b"DO", 28), (b"EE", 20),
    (b"EG", 29), (b"ES", 24), (b"FI", 18), (b"FK", 18), (b"FO", 18), (b"FR", 27), (b"GB", 22),
    (b"GE", 22), (b"GI", 23), (b"GL", 18), (b"GR", 27), (b"GT", 28), (b"HN", 28), (b"HR", 21),
    (b"HU", 28), (b"IE", 22), (b"IL", 23), (b"IQ", 23), (b"IS", 26), (b"IT", 27), (b"JO", 30),
    (b"KW", 30), (b"KZ", 20), (b"LB", 28), (b"LC", 32), (b"LI", 21), (b"LT", 20), (b"LU", 20),
    (b"LV", 21), (b"LY", 25), (b"MC", 27), (b"MD", 24), (b"ME", 22), (b"MK", 19), (b"MN", 20),
    (b"MR", 27), (b"MT", 31), (b"MU", 30), (b"NI", 28), (b"NL", 18), (b"NO", 15), (b"OM", 23),
    (b"PK", 24), (b"PL", 28), (b"PS", 29), (b"PT", 25), (b"QA", 29), (b"RO", 24), (b"RS", 22),
    (b"RU", 33), (b"SA", 24), (b"SC", 31), (b"SD", 18), (b"SE", 24), (b"SI", 19), (b"SK", 24),
    (b"SM", 27), (b"SO", 23), (b"ST", 25), (b"SV", 28), (b"TL", 23), (b"TN", 24), (b"TR", 26),
    (b"UA", 29), (b"VA", 22), (b"VG", 24), (b"XK", 20), (b"YE", 30),
];

/// ISO 13616-1, section 5.2.
const LONGEST: usize = 34;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let mut text = text.trim();
    if let Some(prefix) = text.get(..4)
        && prefix.eq_ignore_ascii_case("IBAN")
    {
        text = text.get(4..).unwrap_or_default();
        text = text.trim_start_matches(|c| c == ':' || is_blank(c));
    }
    let mut number = [0; LONGEST];
    let mut length = 0;
    for c in text.chars().filter(|c| !is_separator(*c)) {
        if !c.is_ascii_alphanumeric() {
            return Err(Unusable("not letters and digits"));
        }
        let to = number
            .get_mut(length)
            .ok_or(Unusable("the number is too long"))?;
        *to = u8::try_from(c.to_ascii_uppercase()).unwrap_or_default();
        length += 1;
    }
    let number = number.get(..length).unwrap_or_default();
    let expected = country_length(number).ok_or(Unusable("no country that has such numbers"))?;
    if length != expected {
        return Err(Unusable("not as long as numbers of its country"));
    }
    let (check, account) = number.split_at_checked(4).unwrap_or_default();
    if !has_check_digits(check) || remainder(account, check) != 1 {
        return Err(Unusable("the check digits do not fit"));
    }
    emit(
        std::str::from_utf8(number).map_err(|_| Unusable("not text"))?,
        Variant::Exact,
    );
    Ok(())
}

/// The length of what `text` begins with, if that has the shape of a number: as
/// many letters and digits as its country asks for, at most one separator
/// between any two.
fn span(text: &str) -> Option<usize> {
    let mut missing = country_length(text.as_bytes().get(..2)?)?;
    let mut separated = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            missing -= 1;
            if missing == 0 {
                return Some(at + 1);
            }
            separated = false;
        } else if separated || !is_separator(c) {
            return None;
        } else {
            separated = true;
        }
    }
    None
}

/// What stands between the groups of a number in print.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/') || is_dash(c) || is_blank(c)
}

fn country_length(number: &[u8]) -> Option<usize> {
    let [a, b, ..] = number else { return None };
    let country = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    let at = LENGTHS.binary_search_by_key(&country, |(country, _)| **country);
    LENGTHS
        .get(at.ok()?)
        .map(|(_, length)| usize::from(*length))
}

/// Whether the check digits are among 02 to 98, the only ones that are given.
fn has_check_digits(start: &[u8]) -> bool {
    let [_, _, tens @ b'0'..=b'9', units @ b'0'..=b'9'] = start else {
        return false;
    };
    (2..=98).contains(&((tens - b'0') * 10 + (units - b'0')))
}

/// The number that `account` and then `check` spell, modulo 97; A is 10.
fn remainder(account: &[u8], check: &[u8]) -> u32 {
    account.iter().chain(check).fold(0, |value, byte| {
        if byte.is_ascii_digit() {
            (value * 10 + u32::from(byte - b'0')) % 97
        } else {
            (value * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        forms(&KIND, text, &[]).map(|forms| forms[0].0.clone())
    }

    #[test]
    fn the_examples_of_the_registry_are_valid() {
        // "IBAN electronic format" of the countries' pages.
        for number in [
            "AT611904300234573201",
            "BE68539007547034",
            "CH9300762011623852957",
            "DE89370400440532013000",
            "DK5000400440116243",
            "EE382200221020145685",
            "FI2112345600000785",
            "FR1420041010050500013M02606",
            "GB29NWBK60161331926819",
            "LC55HEMM000100010012001200023015",
            "MT84MALT011000012345MTLCAST001S",
            "NL91ABNA0417164300",
            "NO9386011117947",
            "SC18SSCB11010000000000001497USD",
            "SE4550000000058398257466",
        ] {
            assert_eq!(read(number).as_deref(), Ok(number));
        }
    }

    #[test]
    fn spellings_of_a_number_meet() {
        for text in [
            "FI21 1234 5600 0007 85",
            "fi21 1234 5600 0007 85",
            "FI21\u{a0}1234\u{a0}5600\u{a0}0007\u{a0}85",
            "FI21-1234-5600-0007-85",
            "FI21.1234.5600.0007.85",
            "IBAN FI2112345600000785",
            "IBAN: FI21 1234 5600 0007 85",
            "iban:FI2112345600000785 ",
        ] {
            assert_eq!(read(text).as_deref(), Ok("FI2112345600000785"), "{text}");
        }
    }

    #[test]
    fn what_breaks_the_rule_is_refused() {
        for (text, why) in [
            ("FI2112345600000786", "the check digits do not fit"),
            ("FIAA12345600000785", "the check digits do not fit"),
            ("FI211234560000078", "not as long as numbers of its country"),
            (
                "FI21123456000007855",
                "not as long as numbers of its country",
            ),
            ("US2112345600000785", "no country that has such numbers"),
            ("FI21:1234560000078", "not letters and digits"),
            ("", "no country that has such numbers"),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
        assert!(read(&"FI".repeat(20)).is_err());
    }

    #[test]
    fn check_digits_beyond_98_are_never_given() {
        // 02 and 99 are the same modulo 97; ISO 7064 gives only the former.
        let account = |check: u32| format!("FI{check:02}123456000007{:02}", 0);
        let valid: Vec<u32> = (0..100)
            .filter(|check| read(&account(*check)).is_ok())
            .collect();
        assert_eq!(valid.len(), 1);
        assert!((2..=98).contains(&valid[0]));
        assert!(!has_check_digits(b"FI99") && !has_check_digits(b"FI01"));
    }

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(LENGTHS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(
            LENGTHS
                .iter()
                .all(|(_, length)| usize::from(*length) <= LONGEST)
        );
    }
}
