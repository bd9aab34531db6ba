//! Swedish personal identity and co-ordination numbers.
//!
//! Folkbokföringslagen (1991:481), section 18, and Skatteverket (SKV 704, SKV 707):
//! date of birth, birth number 001-999 (SCB, "Personnummer", 2016), check digit by
//! Luhn's rule over the last ten digits. A co-ordination number (section 18 a, until
//! 2022) has 60 added to the day.
//!
//! Ten digits leave the century open. `+` stands before the last four from the year
//! in which somebody turns 100; other texts are read as of somebody younger first,
//! and then as of somebody a hundred years older, since leaks and registers may be
//! old, and many leave the sign away. Twelve digits say the year; a plus sign in
//! them says nothing more.
//!
//! python-stdnum leaves ten digits as they are, takes any year for the first four of
//! twelve, accepts the birth number 000, and knows no co-ordination numbers.

use super::super::rules::{compact, date, luhn, part};
use crate::base::{Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant};

pub(in super::super) static PNR: Kind = Kind {
    name: "se-pnr",
    profile: 1,
    family: Family::National,
    strength: Strength::Strong,
    canonical_form: "twelve digits; the century of ten digits is worked out",
    check: "a real date, or one with 60 added to the day; birth number 001-999; Luhn",
    source: "Folkbokföringslagen (1991:481), section 18; Skatteverket, SKV 704 and SKV 707",
    example: "191212121212",
    headings: &[
        "svensktpersonnummer",
        "swedishpersonnummer",
        "personnummerse",
        "samordningsnummer",
        "samordningsnr",
        "swedishpersonalidentitynumber",
    ],
    shape: Shape::Code {
        layouts: &[
            "99999999-9999",
            "999999999999",
            "999999-9999",
            "9999999999",
            // Of somebody born from 2001 to 2009, or 1901 to 1909.
            "999999999",
        ],
    },
    // The days of 1800 to 2099, once more with 60 added, and 999 birth numbers.
    space: Some(109_573.0 * 2.0 * 999.0),
    // Of ten digits, which are what is met: dates and their twins, 999 of 1000, Luhn.
    rate: Some(0.0073),
    born: Some(born),
    canonical,
};

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<12>(text)?;
    match code.bytes().len() {
        12 => {
            let code = code.digits(0)?;
            pass(code.bytes())?;
            emit(code.text(), Variant::Exact);
            Ok(())
        }
        11 => Err(Unusable("neither ten nor twelve digits")),
        _ => expand(text, emit),
    }
}

/// Reads the ten digits of `text` in the centuries that they can be of.
fn expand(text: &str, emit: Emit<'_>) -> Result<(), Unusable> {
    let code = compact::<10>(text)?.digits(1)?;
    let year = u64::from(Date::this_year());
    let last = year - (year - part(code.bytes(), 0..2)) % 100;
    let years = if text.contains('+') {
        [Some(last - 100), None]
    } else {
        [Some(last), Some(last - 100)]
    };
    let mut read = Err(Unusable("there is no such date"));
    for year in years.into_iter().flatten() {
        let mut whole = [b'0'; 12];
        let century = [(year / 1000 % 10), (year / 100 % 10)];
        let digits = century.map(|digit| b'0' + u8::try_from(digit).unwrap_or_default());
        for (to, from) in whole.iter_mut().zip(digits.iter().chain(code.bytes())) {
            *to = *from;
        }
        match pass(&whole) {
            Ok(()) => {
                emit(
                    std::str::from_utf8(&whole).unwrap_or_default(),
                    Variant::Exact,
                );
                read = Ok(());
            }
            Err(why) if read.is_err() => read = Err(why),
            Err(_) => {}
        }
    }
    read
}

/// Whether the twelve digits of `code` pass the check.
fn pass(code: &[u8]) -> Result<(), Unusable> {
    if !(18..=20).contains(&part(code, 0..2)) || birth(code).is_none() {
        return Err(Unusable("there is no such date"));
    }
    if part(code, 8..11) == 0 {
        return Err(Unusable("no number has that birth number"));
    }
    if !luhn(code.get(2..).unwrap_or_default()) {
        return Err(Unusable("the check digit does not fit"));
    }
    Ok(())
}

fn birth(code: &[u8]) -> Option<Date> {
    let day = part(code, 6..8);
    let day = if day > 60 { day - 60 } else { day };
    date(part(code, 0..4), part(code, 4..6), day)
}

/// The date of birth that the canonical form `code` tells.
fn born(code: &str) -> Option<Date> {
    birth(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::super::forms;
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let forms = forms(&PNR, text, &[]).unwrap();
        forms.into_iter().map(|(form, _)| form).collect()
    }

    #[test]
    fn ten_digits_are_of_the_younger_one_first() {
        // Somebody born in 2012 is no hundred years old before 2112.
        assert_eq!(read("121212-1212"), ["201212121212", "191212121212"]);
        assert_eq!(read("1212121212"), ["201212121212", "191212121212"]);
        assert_eq!(read("121212+1212"), ["191212121212"]);
        assert_eq!(read("20121212-1212"), ["201212121212"]);
    }

    #[test]
    fn a_leap_day_is_read_in_the_centuries_that_have_it() {
        // 1900 had no 29 February. 000229001: Luhn 0+0+0+2+4+9+0+0+2 = 17, so 3.
        assert_eq!(read("000229-0013"), ["200002290013"]);
    }

    #[test]
    fn the_day_of_a_co_ordination_number_is_told() {
        // SKV 707: 701063-2391 is born on 3 October 1970.
        assert_eq!(born("197010632391"), Date::new(1970, 10, 3));
        assert_eq!(born("191212121212"), Date::new(1912, 12, 12));
    }
}
