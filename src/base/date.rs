//! Dates as they stand in lists and leaks.
//!
//! Four spellings are read: ISO 8601 (`1952-10-13`, also before a time), the same
//! without dashes (`19521013`), and day, month, year with dots or slashes
//! (`13.10.1952`). With slashes the month may come first, as in the United
//! States. Two-digit years are not guessed.

use std::fmt;
use std::sync::OnceLock;
use std::time::SystemTime;

/// Years in which somebody who is in a leak can have been born.
///
/// The upper end is far off, so that nothing here needs a clock.
const YEARS: std::ops::RangeInclusive<u16> = 1880..=2100;

/// A day of the Gregorian calendar; shown as in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// What a spelling can mean: one date, or two where day and month may be swapped.
pub type Readings = [Option<Date>; 2];

impl Date {
    /// That day, if there is such a day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=days)
            .contains(&day)
            .then_some(Self { year, month, day })
    }

    /// The year it is in UTC, when it was first asked for. Never one before 2026, so
    /// that a clock which was not set makes nobody unborn.
    pub fn this_year() -> u16 {
        // A mean year of the Gregorian calendar: a day off at New Year at most.
        const SECONDS: u64 = 31_556_952;
        static YEAR: OnceLock<u16> = OnceLock::new();
        *YEAR.get_or_init(|| {
            let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let years = since.map_or(0, |since| since.as_secs() / SECONDS);
            u16::try_from(1970 + years).unwrap_or(2026).max(2026)
        })
    }

    /// Reads exactly `1952-10-13`.
    pub fn iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let whole = bytes.len() == 10 && digits_at(bytes, 0) == 4;
        whole.then(|| dashed(bytes)).flatten()
    }

    /// What the whole of `text` can mean.
    pub fn readings(text: &str) -> Option<Readings> {
        let (length, readings) = Self::at_start(text)?;
        (length == text.len()).then_some(readings)
    }

    /// The length in bytes of the date that `text` begins with, and its readings.
    ///
    /// A date that a letter, a digit or more of the same punctuation is glued to
    /// is none, but for the `T` before a time of day.
    pub fn at_start(text: &str) -> Option<(usize, Readings)> {
        let bytes = text.as_bytes();
        let (length, readings) = match digits_at(bytes, 0) {
            8 => (8, [packed(bytes), None]),
            4 => (10, [dashed(bytes), None]),
            1 | 2 => punctuated(bytes)?,
            _ => return None,
        };
        let likely = readings.map(|date| date.filter(|date| YEARS.contains(&date.year)));
        let readings = match likely {
            [None, other] => [other, None],
            [one, other] if one == other => [one, None],
            both => both,
        };
        (readings != [None, None] && ends(text, length)).then_some((length, readings))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// How many digits stand from `at` on; nine means nine or more.
fn digits_at(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .take(9)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// The number that the `length` digits from `at` on spell.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u16> {
    let digits = bytes.get(at..at + length)?;
    digits.iter().try_fold(0_u16, |value, byte| {
        let digit = byte.is_ascii_digit().then(|| u16::from(byte - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

fn packed(bytes: &[u8]) -> Option<Date> {
    date(
        number(bytes, 0, 4)?,
        number(bytes, 4, 2)?,
        number(bytes, 6, 2)?,
    )
}

fn dashed(bytes: &[u8]) -> Option<Date> {
    let dashes = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let days = digits_at(bytes, 8) == 2;
    (dashes && days).then(|| {
        date(
            number(bytes, 0, 4)?,
            number(bytes, 5, 2)?,
            number(bytes, 8, 2)?,
        )
    })?
}

fn punctuated(bytes: &[u8]) -> Option<(usize, Readings)> {
    let first = digits_at(bytes, 0);
    let mark = *bytes.get(first)?;
    let second = digits_at(bytes, first + 1);
    let year_at = first + 1 + second + 1;
    let shape = matches!(mark, b'.' | b'/')
        && (1..=2).contains(&second)
        && bytes.get(year_at - 1) == Some(&mark)
        && digits_at(bytes, year_at) == 4;
    if !shape {
        return None;
    }
    let year = number(bytes, year_at, 4)?;
    let (a, b) = (number(bytes, 0, first)?, number(bytes, first + 1, second)?);
    let swapped = if mark == b'/' { date(year, a, b) } else { None };
    Some((year_at + 4, [date(year, b, a), swapped]))
}

/// Whether a date may end after `length` bytes of `text`.
fn ends(text: &str, length: usize) -> bool {
    let mut rest = text.get(length..).unwrap_or_default().chars();
    match rest.next() {
        Some('.' | '-' | '/') => !rest.next().is_some_and(|c| c.is_ascii_digit()),
        Some('T') if length == 10 => rest.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !super::spelling::is_word(c),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let readings = Date::at_start(text).map_or([None, None], |(_, both)| both);
        readings
            .into_iter()
            .flatten()
            .map(|date| date.to_string())
            .collect()
    }

    #[test]
    fn every_spelling_of_a_day_meets() {
        for text in [
            "1952-10-13",
            "19521013",
            "13.10.1952",
            "13/10/1952",
            "10/13/1952",
            "1952-10-13T08:00",
            "1952-10-13 08:00",
            "13.10.1952.",
        ] {
            assert_eq!(read(text), ["1952-10-13"], "{text}");
        }
    }

    #[test]
    fn day_and_month_are_swapped_where_slashes_leave_it_open() {
        assert_eq!(read("1/2/1952"), ["1952-02-01", "1952-01-02"]);
        assert_eq!(read("1.2.1952"), ["1952-02-01"]);
        assert_eq!(read("2/2/1952"), ["1952-02-02"]);
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in [
            "29.2.1900",
            "31.4.1990",
            "13.13.1952",
            "1952-10-131",
            "13.10.19521",
            "13.10.1952.1",
            "13.10/1952",
            "13.10.52",
            "195210130",
            "19521013a",
            "1752-10-13",
            "2101-10-13",
            "1952-10-1",
            "",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
        assert_eq!(read("29.2.2000"), ["2000-02-29"]);
    }

    #[test]
    fn iso_is_the_whole_text_or_nothing() {
        assert_eq!(Date::iso("1952-10-13"), Date::new(1952, 10, 13));
        assert_eq!(Date::iso("1952-10-13 "), None);
        assert_eq!(Date::iso("13.10.1952"), None);
    }
}
