//! Dates as they stand in lists and leaks.
//!
//! Year, month, day as in ISO 8601 (`1952-10-13`, also before a time), with dots or
//! slashes for dashes, or with nothing between (`19521013`); day, month, year with
//! dots, slashes or dashes (`13.10.1952`, `13. 10. 1952`), and in a cell of its own
//! with nothing between (`13101952`). With slashes and dashes the month may come
//! first, as in the United States. Months may be names (`month.rs`). A year of two
//! digits is no date, but [`Date::short_at_start`] says which it could be.

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;
use std::time::SystemTime;

use super::month;

/// Years in which somebody who is in a leak can have been born.
///
/// The upper end is far off, so that nothing here needs a clock.
const YEARS: std::ops::RangeInclusive<u16> = 1880..=2100;

/// Two digits up to these can stand for a year of this century, too.
///
/// A few years ahead, so that nothing here needs a clock: nobody who is on a list
/// was born in the future, so what is read too much is found by nobody.
const THIS_CENTURY: u16 = 40;

/// A day of the Gregorian calendar; shown as in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// What a spelling can mean: one date, or several where day and month may be
/// swapped or the century is left out. The likeliest comes first.
pub type Readings = [Option<Date>; 4];

/// No date at all.
const NO_READINGS: Readings = [None; 4];

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
        let is_dashed = bytes.len() == 10 && bytes.get(4) == Some(&b'-');
        let (length, readings) = (is_dashed && digits_at(bytes, 0) == 4)
            .then(|| year_first(bytes))
            .flatten()?;
        let [date, ..] = readings;
        date.filter(|_| length == bytes.len())
    }

    /// What the whole of `text`, plainly written, can mean.
    pub fn readings(text: &str) -> Option<Readings> {
        if let Some(readings) = Self::in_cell(text) {
            return Some(readings);
        }
        let first = text.find(|c: char| c.is_ascii_digit())?;
        if first == 0 {
            let (length, readings) = Self::at_start(text)?;
            return (length == text.len()).then_some(readings);
        }
        let (span, readings) = Self::behind_month(text, first)?;
        (span == (0..text.len())).then_some(readings)
    }

    /// What eight digits can mean that begin with the day and are all that stands in
    /// a cell: anywhere else, too much looks like that.
    pub fn in_cell(text: &str) -> Option<Readings> {
        let bytes = text.as_bytes();
        if bytes.len() != 8 || digits_at(bytes, 0) != 8 {
            return None;
        }
        let year = number(bytes, 4, 4)?;
        one(date(year, number(bytes, 2, 2)?, number(bytes, 0, 2)?))
    }

    /// The length in bytes of the date that `text` begins with, and its readings.
    ///
    /// A date that a letter, a digit or more of the same punctuation is glued to
    /// is none, but for the `T` before a time of day.
    #[inline]
    pub fn at_start(text: &str) -> Option<(usize, Readings)> {
        let bytes = text.as_bytes();
        let (length, readings) = match digits_at(bytes, 0) {
            8 => (8, one(packed(bytes))?),
            4 => year_first(bytes)?,
            1 | 2 => day_first(bytes).or_else(|| day_and_name(text))?,
            _ => return None,
        };
        ends(text, length).then_some((length, readings))
    }

    /// The same for a date whose year has two digits, as `13.10.52` and `13/10/52`:
    /// 1952, and 2052 unless that is far ahead.
    pub fn short_at_start(text: &str) -> Option<(usize, Readings)> {
        let bytes = text.as_bytes();
        let parts = Parts::at_start(bytes)?;
        if parts.mark == b'-' || parts.digits != 2 || parts.is_spaced {
            return None;
        }
        let length = parts.year_at + 2;
        let last = number(bytes, parts.year_at, 2)?;
        let this = (last <= THIS_CENTURY).then_some(2000 + last);
        let [first, swapped] = parts.dates(1900 + last);
        let [other, other_swapped] = this.map_or([None; 2], |year| parts.dates(year));
        let readings = distinct([first, other, swapped, other_swapped])?;
        ends(text, length).then_some((length, readings))
    }

    /// The date whose month is a name and stands before the day at `at`, as in
    /// `October 13, 1952`: where it stands, and its readings.
    pub fn behind_month(text: &str, at: usize) -> Option<(Range<usize>, Readings)> {
        let bytes = text.as_bytes();
        let digits = digits_at(bytes, at);
        if !(1..=2).contains(&digits) {
            return None;
        }
        let behind = month::behind_ordinal(bytes, at + digits);
        let year_at = month::behind_marks(bytes, behind);
        if year_at == behind || digits_at(bytes, year_at) != 4 {
            return None;
        }
        let (start, month) = month::before(text, at)?;
        let year = number(bytes, year_at, 4)?;
        let readings = one(date(year, month, number(bytes, at, digits)?))?;
        let rest = text.get(start..)?;
        let length = year_at + 4 - start;
        ends(rest, length).then_some((start..year_at + 4, readings))
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

/// The likely ones of `dates`, each once, the first one first; `None` if there is
/// none.
fn distinct(dates: Readings) -> Option<Readings> {
    let mut readings = NO_READINGS;
    let mut rooms = 0;
    for date in dates.into_iter().flatten() {
        if YEARS.contains(&date.year) && !readings.contains(&Some(date)) {
            *readings.get_mut(rooms)? = Some(date);
            rooms += 1;
        }
    }
    (rooms > 0).then_some(readings)
}

fn one(date: Option<Date>) -> Option<Readings> {
    distinct([date, None, None, None])
}

fn packed(bytes: &[u8]) -> Option<Date> {
    date(
        number(bytes, 0, 4)?,
        number(bytes, 4, 2)?,
        number(bytes, 6, 2)?,
    )
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b'/' | b'-')
}

/// Four digits, a mark, the month, the same mark, the day.
fn year_first(bytes: &[u8]) -> Option<(usize, Readings)> {
    let mark = *bytes.get(4).filter(|byte| is_mark(**byte))?;
    let month = digits_at(bytes, 5);
    let day_at = 5 + month + 1;
    let day = digits_at(bytes, day_at);
    let is_date =
        (1..=2).contains(&month) && (1..=2).contains(&day) && bytes.get(5 + month) == Some(&mark);
    if !is_date {
        return None;
    }
    let (year, month) = (number(bytes, 0, 4)?, number(bytes, 5, month)?);
    let readings = one(date(year, month, number(bytes, day_at, day)?))?;
    Some((day_at + day, readings))
}

/// Two numbers and the digits of a year, with the same mark between.
struct Parts {
    mark: u8,
    numbers: [u16; 2],
    year_at: usize,
    digits: usize,
    /// Whether blanks stand behind the marks.
    is_spaced: bool,
}

impl Parts {
    #[inline]
    fn at_start(bytes: &[u8]) -> Option<Self> {
        let first = digits_at(bytes, 0);
        let mark = *bytes.get(first).filter(|byte| is_mark(**byte))?;
        // `13. 10. 1952`.
        let behind = |at: usize| {
            let is_spaced = mark == b'.' && bytes.get(at + 1) == Some(&b' ');
            (at + 1 + usize::from(is_spaced), is_spaced)
        };
        let (at, is_spaced) = behind(first);
        let second = digits_at(bytes, at);
        let is_date = (1..=2).contains(&first)
            && (1..=2).contains(&second)
            && bytes.get(at + second) == Some(&mark);
        if !is_date {
            return None;
        }
        let (year_at, too) = behind(at + second);
        Some(Self {
            mark,
            numbers: [number(bytes, 0, first)?, number(bytes, at, second)?],
            year_at,
            digits: digits_at(bytes, year_at),
            is_spaced: is_spaced || too,
        })
    }

    /// The date of `year`, and the one with day and month swapped: nobody writes
    /// dots with the month first.
    fn dates(&self, year: u16) -> [Option<Date>; 2] {
        let [a, b] = self.numbers;
        let swapped = (self.mark != b'.').then(|| date(year, a, b)).flatten();
        [date(year, b, a), swapped]
    }
}

#[inline]
fn day_first(bytes: &[u8]) -> Option<(usize, Readings)> {
    let parts = Parts::at_start(bytes)?;
    if parts.digits != 4 {
        return None;
    }
    let [first, swapped] = parts.dates(number(bytes, parts.year_at, 4)?);
    let readings = distinct([first, swapped, None, None])?;
    Some((parts.year_at + 4, readings))
}

/// `13 October 1952`, `13. lokakuuta 1952`, `13 de octubre de 1952`.
fn day_and_name(text: &str) -> Option<(usize, Readings)> {
    let bytes = text.as_bytes();
    let digits = digits_at(bytes, 0);
    let (month, behind) = month::behind_day(text, digits)?;
    if digits_at(bytes, behind) != 4 {
        return None;
    }
    let year = number(bytes, behind, 4)?;
    let readings = one(date(year, month, number(bytes, 0, digits)?))?;
    Some((behind + 4, readings))
}

/// Whether a date may end after `length` bytes of `text`.
fn ends(text: &str, length: usize) -> bool {
    let mut rest = text.get(length..).unwrap_or_default().chars();
    match rest.next() {
        Some('.' | '-' | '/') => !rest.next().is_some_and(|c| c.is_ascii_digit()),
        Some('T') if matches!(length, 8 | 10) => rest.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !super::spelling::is_word(c),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        shown(Date::at_start(text).map(|(_, readings)| readings))
    }

    fn shown(readings: Option<Readings>) -> Vec<String> {
        let dates = readings.into_iter().flatten().flatten();
        dates.map(|date| date.to_string()).collect()
    }

    #[test]
    fn every_spelling_of_a_day_meets() {
        for text in [
            "1952-10-13",
            "19521013",
            "13.10.1952",
            "13/10/1952",
            "10/13/1952",
            "13-10-1952",
            "10-13-1952",
            "1952/10/13",
            "1952.10.13",
            "13. 10. 1952",
            "19521013T000000",
            "13 October 1952",
            "13th October, 1952",
            "13-Oct-1952",
            "13. lokakuuta 1952",
            "13 oktober 1952",
            "13 de octubre de 1952",
            "13 octobre 1952",
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
        assert_eq!(read("1-2-1952"), ["1952-02-01", "1952-01-02"]);
    }

    #[test]
    fn a_month_by_name_may_stand_before_the_day() {
        let read = |text: &str| {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            let found = Date::behind_month(text, at);
            found.map(|(span, readings)| (text[span].to_owned(), shown(Some(readings))))
        };
        for text in [
            "October 13, 1952",
            "Oct 13 1952",
            "OCT. 13th, 1952",
            "Oct-13-1952",
        ] {
            let expected = (text.to_owned(), vec!["1952-10-13".to_owned()]);
            assert_eq!(read(&format!("born {text}.")), Some(expected), "{text}");
            assert_eq!(shown(Date::readings(text)), ["1952-10-13"]);
        }
        for text in [
            "Rocktober 13, 1952",
            "October 13, 19",
            "October 32, 1952",
            "in 13, 1952",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_of_this_century_only_if_it_is_not_ahead() {
        let read = |text: &str| shown(Date::short_at_start(text).map(|(_, all)| all));
        assert_eq!(read("13.10.52"), ["1952-10-13"]);
        assert_eq!(read("13/10/52"), ["1952-10-13"]);
        assert_eq!(read("13.10.05"), ["1905-10-13", "2005-10-13"]);
        assert_eq!(
            read("1/2/05"),
            ["1905-02-01", "2005-02-01", "1905-01-02", "2005-01-02"]
        );
        // 1900 was no leap year, 2000 was one.
        assert_eq!(read("29.2.00"), ["2000-02-29"]);
        for text in [
            "13.10.1952",
            "1.2.345",
            "1.2.34.5",
            "1-2-34",
            "32.1.52",
            "1. 2. 34",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn eight_digits_begin_with_the_day_only_where_they_are_all() {
        assert_eq!(shown(Date::readings("13101952")), ["1952-10-13"]);
        assert_eq!(shown(Date::readings("19521013")), ["1952-10-13"]);
        assert_eq!(shown(Date::in_cell("13101952 ")), [""; 0]);
        // No eight digits are a date both ways: a year up to 2100 is no day and month.
        let both = (18_800_101_u32..=21_001_231).filter(|number| {
            let text = number.to_string();
            Date::at_start(&text).is_some() && Date::in_cell(&text).is_some()
        });
        assert_eq!(both.count(), 0);
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
            "1952-10/1",
            "13 Octobers 1952",
            "13 October 19521",
            "13 October 52",
            "31 June 1990",
            "10 A 1952",
            "13101952",
            "",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
        assert_eq!(read("29.2.2000"), ["2000-02-29"]);
        assert_eq!(read("1952-1-3"), ["1952-01-03"]);
    }

    #[test]
    fn iso_is_the_whole_text_or_nothing() {
        assert_eq!(Date::iso("1952-10-13"), Date::new(1952, 10, 13));
        assert_eq!(Date::iso("1952-10-13 "), None);
        assert_eq!(Date::iso("13.10.1952"), None);
    }
}
