//! Telephone numbers.
//!
//! ITU-T E.164 says what a number is; which lengths and prefixes a country has
//! comes from the metadata of Google's libphonenumber. A number in national
//! notation is read in the numbering plan of each region that was asked for, in
//! their order. An extension is dropped: it reaches the same subscriber's line.

use std::borrow::Cow;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

use super::numbering::plans;
use crate::base::{
    Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant, is_blank, is_dash,
};

pub(super) static KIND: Kind = Kind {
    name: "phone",
    profile: 1,
    family: Family::Contact,
    strength: Strength::Strong,
    canonical_form: "E.164 with +",
    check: "the numbering plan's lengths and prefixes",
    source: "ITU-T E.164, libphonenumber metadata",
    example: "+358401234567",
    headings: &[
        "puhelin",
        "puhelinnumero",
        "puh",
        "gsm",
        "matkapuhelin",
        "mobile",
        "mobilephone",
        "phonenumber",
        "telephone",
        "tel",
        "telefon",
        "telefonnummer",
        "mobil",
        "mobilnummer",
    ],
    shape: Shape::Telephone { plans },
    space: Some(SPACE),
    rate: None,
    born: None,
    canonical,
};

/// Numbers of usual length in the plan of one country: 10^8 where they have eight digits
/// (Denmark, Norway), 7 x 10^8 in Finland, some 3 x 10^9 in North America. One figure for
/// all, so it is rough, and errs towards too many matches by chance.
const SPACE: f64 = 2e8;
/// Digits that are read at most: E.164 has 15, `00` and a trunk prefix come first.
const DIGITS: usize = 20;

fn canonical(text: &str, regions: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let dialled = dialled(text)?;
    let mut emitted: Vec<String> = Vec::new();
    let mut give = |number: Option<String>| {
        if let Some(number) = number
            && !emitted.contains(&number)
        {
            emit(&number, Variant::Exact);
            emitted.push(number);
        }
    };
    let international = dialled.strip_prefix('+');
    if let Some(digits) = international.or_else(|| dialled.strip_prefix("00")) {
        let number = format!("+{digits}");
        give(valid(&number, None).or_else(|| without_trunk(text, &number)));
    }
    if international.is_none() {
        for region in regions
            .codes()
            .filter_map(|code| Region::from_code(code).ok())
        {
            let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region);
            let has_code = code.is_some_and(|code| dialled.starts_with(&code.to_string()));
            // `358401234567`: a country code without its sign, which the library
            // takes for a national number where it can.
            let number = has_code.then(|| valid(&format!("+{dialled}"), None));
            give(number.flatten());
            give(valid(&dialled, Some(region)));
        }
    }
    if !emitted.is_empty() {
        return Ok(());
    }
    Err(Unusable(if international.is_none() && regions.is_empty() {
        "national notation, and no region was given"
    } else {
        "no number of a numbering plan"
    }))
}

/// What is dialled: digits, behind a `+` if there is one.
fn dialled(text: &str) -> Result<String, Unusable> {
    let restored = restored(text.trim())?;
    let mut text = restored.as_ref();
    text = unlabelled(text);
    let mut dialled = String::new();
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '0'..='9' | '\u{ff10}'..='\u{ff19}' => {
                let digit = u32::from(c) - if c.is_ascii() { 0 } else { 0xff10 - 0x30 };
                dialled.extend(char::from_u32(digit));
                digits += 1;
            }
            '+' | '＋' if dialled.is_empty() => dialled.push('+'),
            '.' | '/' | '(' | ')' | '[' | ']' => {}
            c if is_dash(c) || is_blank(c) => {}
            // RFC 3966 writes `;ext=`; others `x12`, `ext. 12`, `#12`, `alanumero 12`.
            'x' | 'X' | 'e' | 'E' | '#' | ';' | ',' | 'a' | 'A' if digits >= 5 => break,
            _ => return Err(Unusable("not a telephone number")),
        }
        if digits > DIGITS {
            return Err(Unusable("too many digits for a telephone number"));
        }
    }
    if digits < 5 {
        return Err(Unusable("too few digits for a telephone number"));
    }
    Ok(dialled)
}

/// `text` without what it is called: `tel:`, `puh. `.
fn unlabelled(text: &str) -> &str {
    const LABELS: [&str; 9] = [
        "tel", "puh", "gsm", "mob", "mobil", "mobile", "phone", "tlf", "matkapuh",
    ];
    let behind = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let label = text.strip_suffix(behind).unwrap_or_default();
    if LABELS.iter().any(|known| known.eq_ignore_ascii_case(label)) {
        behind.trim_start_matches(['.', ':', ' '])
    } else {
        text
    }
}

/// `text` as it was before a program took it for an amount: `401234567.0`,
/// `3.58401234567E+11`. Where digits were lost (`3.58401E+11`), there is no number.
fn restored(text: &str) -> Result<Cow<'_, str>, Unusable> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some((whole, rest)) = text.split_once(['.', ',']) else {
        return Ok(Cow::Borrowed(text));
    };
    if whole.len() > 5 && is_number(whole) && matches!(rest, "0" | "00") {
        return Ok(Cow::Borrowed(whole));
    }
    let Some((decimals, exponent)) = rest.split_once(['E', 'e']) else {
        return Ok(Cow::Borrowed(text));
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    if whole.len() > 1 || ![whole, decimals, exponent].into_iter().all(is_number) {
        return Ok(Cow::Borrowed(text));
    }
    if exponent.parse() == Ok(decimals.len()) {
        return Ok(Cow::Owned([whole, decimals].concat()));
    }
    Err(Unusable("a spreadsheet has rounded the number"))
}

/// `+45 (0)32...`: a trunk prefix in parentheses, where the country has none.
fn without_trunk(text: &str, number: &str) -> Option<String> {
    let before = text.split_once("(0)")?.0;
    let code = before
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>();
    let code = code.strip_prefix("00").unwrap_or(&code);
    let rest = number.strip_prefix('+')?.strip_prefix(code)?;
    valid(&format!("+{code}{}", rest.strip_prefix('0')?), None)
}

/// The canonical form of `dialled` if there can be such a number.
fn valid(dialled: &str, region: Option<Region>) -> Option<String> {
    let number = PhoneNumber::parse(dialled, region).ok()?;
    number
        .is_valid()
        .then(|| number.format_as(PhoneNumberFormat::E164).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;

    fn read(text: &str, regions: &[&str]) -> Result<Vec<String>, &'static str> {
        forms(&KIND, text, regions).map(|forms| forms.into_iter().map(|form| form.0).collect())
    }

    #[test]
    fn spellings_of_a_number_meet() {
        for text in [
            "040 123 4567",
            "0401234567",
            "040-1234567",
            "040/123 4567",
            "040.123.4567",
            "(040) 123 4567",
            "040\u{a0}123\u{a0}4567",
            "040–123‑4567",
            "+358 40 123 4567",
            "+358401234567",
            "+358 (0)40 123 4567",
            "(+358) 40 1234567",
            "00358-40-1234567",
            "00358 (0) 40 1234567",
            "358401234567",
            "tel:+358-40-123-4567",
            "TEL:040-1234567",
            "puh. 040 123 4567",
            "Mobile 040 123 4567",
            "040 1234567 x12",
            "040 1234567 ext. 12",
            "tel:+358401234567;ext=12",
            "＋３５８４０１２３４５６７",
        ] {
            assert_eq!(
                read(text, &["FI"]),
                Ok(vec!["+358401234567".into()]),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_that_a_spreadsheet_took_for_an_amount_is_restored_or_refused() {
        for text in [
            "401234567.0",
            "0401234567,00",
            "358401234567.0",
            "3.58401234567E+11",
            "4,01234567e8",
        ] {
            let expected = Ok(vec!["+358401234567".into()]);
            assert_eq!(read(text, &["FI"]), expected, "{text}");
        }
        for text in ["3.58401E+11", "3,58401E+11", "4.01235E+08", "4.01235E8"] {
            let refused = Err("a spreadsheet has rounded the number");
            assert_eq!(read(text, &["FI"]), refused, "{text}");
        }
    }

    #[test]
    fn example_numbers_of_libphonenumber_are_valid() {
        // The library's test numbers, and those that Ofcom and NANPA keep for fiction.
        for (text, region, expected) in [
            ("044 668 18 00", "CH", "+41446681800"),
            ("(650) 253-0000", "US", "+16502530000"),
            ("1 202 555 0143", "US", "+12025550143"),
            ("020 7946 0018", "GB", "+442079460018"),
            ("02 3661 8300", "IT", "+390236618300"),
            ("03 331 6005", "NZ", "+6433316005"),
            ("08 912 345 67", "SE", "+46891234567"),
        ] {
            assert_eq!(read(text, &[region]), Ok(vec![expected.into()]), "{text}");
            assert_eq!(read(expected, &[]), Ok(vec![expected.into()]));
        }
    }

    #[test]
    fn national_notation_is_read_with_each_region_in_order() {
        assert_eq!(
            read("08 123 456 78", &["SE", "FI"]).unwrap(),
            ["+46812345678", "+358812345678"]
        );
        assert_eq!(
            read("08 123 456 78", &["FI", "SE"]).unwrap(),
            ["+358812345678", "+46812345678"]
        );
    }

    #[test]
    fn a_zero_in_parentheses_is_dropped_where_the_country_has_no_trunk_prefix() {
        assert_eq!(read("+45 (0)32 12 34 56", &[]).unwrap(), ["+4532123456"]);
        assert_eq!(read("+39 (0)2 3661 8300", &[]).unwrap(), ["+390236618300"]);
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_reason() {
        for (text, regions, why) in [
            (
                "040 123 4567",
                &[][..],
                "national notation, and no region was given",
            ),
            (
                "+358 40 123 4567 890 123",
                &[],
                "no number of a numbering plan",
            ),
            ("+999 123 4567", &[], "no number of a numbering plan"),
            ("+358 00 1234567", &[], "no number of a numbering plan"),
            ("040 12x34567", &["FI"], "no number of a numbering plan"),
            ("0401", &["FI"], "too few digits for a telephone number"),
            (
                "123456789012345678901",
                &["FI"],
                "too many digits for a telephone number",
            ),
            ("call me", &["FI"], "not a telephone number"),
            ("", &["FI"], "too few digits for a telephone number"),
        ] {
            assert_eq!(read(text, regions), Err(why), "{text}");
        }
    }

    #[test]
    fn the_space_is_that_of_the_plan_of_a_small_country() {
        let mut spaces = Vec::new();
        for (region, prefix, digits) in
            [("FI", "0", 9), ("SE", "0", 9), ("DK", "", 8), ("NO", "", 8)]
        {
            let all = 10_u32.pow(digits);
            let every = all / 5_000 + 7;
            let numbers = (0..all).step_by(usize::try_from(every).unwrap());
            let is_valid = |number: &u32| {
                let width = usize::try_from(digits).unwrap();
                read(&format!("{prefix}{number:0width$}"), &[region]).is_ok()
            };
            let valid = u32::try_from(numbers.filter(is_valid).count()).unwrap();
            spaces.push(f64::from(valid) * f64::from(every));
        }
        assert!(spaces.iter().any(|space| *space <= SPACE), "{spaces:?}");
        assert!(spaces.iter().any(|space| *space >= SPACE), "{spaces:?}");
        let is_near = |space: &f64| (SPACE / 8.0..SPACE * 8.0).contains(space);
        assert!(spaces.iter().all(is_near), "{spaces:?}");
    }
}
