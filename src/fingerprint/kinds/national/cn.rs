//! Chinese citizen identification numbers (公民身份号码).
//!
//! GB 11643-1999: six digits of a place (GB/T 2260), date of birth, a serial number
//! whose last digit is odd for men, a check character (ISO 7064, MOD 11-2). Of the
//! place only the province is checked: counties have had some 6,500 codes, new ones
//! every year, and a list of them, as python-stdnum has, would refuse the newest.
//!
//! Beginning with 81, 82, 83, they are those of residents from Hong Kong, Macau and
//! Taiwan (2018); with 9, a province and a country's three digits, those of
//! foreigners with permanent residence (National Immigration Administration, 2023).
//!
//! Until 1999 (GB 11643-1989) the year had two digits and there was no check
//! character. Such numbers are given both. They are of the 1900s, but for the
//! serial numbers 996 to 999, which were kept for those who were a hundred.

use super::super::rules::{compact, part};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static RIC: Kind = Kind {
    name: "cn-ric",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "eighteen characters: seventeen digits and a check digit or X",
    check: "a province, a real date of 1800-2099, check character (ISO 7064, MOD 11-2)",
    source: "GB 11643-1999, GB 11643-1989, GB/T 2260",
    // The standard's example.
    example: "11010519491231002X",
    headings: &[
        "身份证",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号码",
        "居民身份证",
        "居民身份证号码",
        "sfz",
        "sfzh",
        "sfzhm",
        "shenfenzheng",
        "residentidentitycardnumber",
        "chineseidnumber",
    ],
    shape: Shape::Code {
        layouts: &[
            "99999999999999999*",
            "999999-99999999-999*",
            "999999999999999",
        ],
    },
    // Places of 35 provinces, and of as many with a 9 before them; the days of
    // three centuries; a thousand a day. The check character follows from them.
    space: Some((350_000.0 + 35_000.0) * 109_573.0 * 1000.0),
    rate: None,
    born: Some(born),
    canonical,
};

/// Serial numbers, in a number of fifteen digits, of those who were a hundred.
const OLD_PEOPLE: std::ops::RangeInclusive<u64> = 996..=999;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let compact = compact::<18>(text)?;
    match compact.bytes().len() {
        18 => {
            check(compact.bytes())?;
            emit(compact.text(), Variant::Exact);
            Ok(())
        }
        15 => before_1999(compact.bytes(), emit),
        _ => Err(Unusable("neither eighteen characters nor fifteen")),
    }
}

/// Checks the eighteen characters of `code`.
fn check(code: &[u8]) -> Result<(), Unusable> {
    let [body @ .., last] = code else {
        return Err(Unusable("neither eighteen characters nor fifteen"));
    };
    if !body.iter().all(u8::is_ascii_digit) {
        return Err(Unusable("not only digits before the check character"));
    }
    let place = body.strip_prefix(b"9").unwrap_or(body);
    if !is_province(part(place, 0..2)) {
        return Err(Unusable("there is no such province"));
    }
    let years = 1800..=2099;
    if !years.contains(&part(code, 6..10)) || date(code).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if *last != check_character(body) {
        return Err(Unusable("the check character does not fit"));
    }
    Ok(())
}

/// Hands the eighteen characters that stand for the fifteen digits of `old` to `emit`.
fn before_1999(old: &[u8], emit: Emit<'_>) -> Result<(), Unusable> {
    let whole = old.iter().all(u8::is_ascii_digit);
    let (Some((place, rest)), true) = (old.split_at_checked(6), whole) else {
        return Err(Unusable("not only digits"));
    };
    if !is_province(part(place, 0..2)) {
        return Err(Unusable("there is no such province"));
    }
    let centuries: &[&[u8; 2]] = if OLD_PEOPLE.contains(&part(old, 12..15)) {
        &[b"18", b"19"]
    } else {
        &[b"19"]
    };
    let mut any = false;
    for century in centuries {
        let mut code = [0; 18];
        let body = place.iter().chain(*century).chain(rest);
        for (to, from) in code.iter_mut().zip(body) {
            *to = *from;
        }
        if date(&code).is_none() {
            continue;
        }
        let [body @ .., last] = &mut code;
        *last = check_character(body);
        emit(
            std::str::from_utf8(&code).unwrap_or_default(),
            Variant::Exact,
        );
        any = true;
    }
    any.then_some(()).ok_or(Unusable("there is no such date"))
}

/// The provinces of GB/T 2260, and 83 for residents from Taiwan.
fn is_province(code: u64) -> bool {
    matches!(
        code,
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

/// ISO 7064, MOD 11-2: the sum of all, doubled once for each place from the end,
/// leaves 1.
fn check_character(body: &[u8]) -> u8 {
    let sum = body.iter().fold(0, |sum, digit| {
        (sum + u32::from(digit.wrapping_sub(b'0'))) * 2 % 11
    });
    b"10X98765432"
        .get(sum as usize)
        .copied()
        .unwrap_or_default()
}

fn date(code: &[u8]) -> Option<Date> {
    let two = |from| u8::try_from(part(code, from..from + 2)).ok();
    Date::new(u16::try_from(part(code, 6..10)).ok()?, two(10)?, two(12)?)
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    date(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::super::forms;
    use super::*;

    #[test]
    fn what_was_kept_for_the_oldest_can_be_of_either_century() {
        // 10X98765432 at the sum of 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 times the
        // digits, modulo 11: reckoned apart from this file.
        let both = ["110105188501019982", "110105198501019981"];
        let read = forms(&RIC, "110105850101998", &[]).unwrap();
        let read: Vec<_> = read.iter().map(|(form, _)| form.as_str()).collect();
        assert_eq!(read, both);
        // 1800 and 1900 have no 29 February.
        let none = forms(&RIC, "110105000229998", &[]);
        assert_eq!(none, Err("there is no such date"));
        assert_eq!(forms(&RIC, "110105491231002", &[]).unwrap().len(), 1);
    }

    #[test]
    fn the_date_of_birth_is_told() {
        assert_eq!(born("11010519491231002X"), Date::new(1949, 12, 31));
        assert_eq!(born("931840198504120031"), Date::new(1985, 4, 12));
    }
}
