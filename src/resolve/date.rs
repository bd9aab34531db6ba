//! Reads a date of birth as an organisation's list spells it.
//!
//! ISO 8601 calendar dates (`1952-10-13`, `19521013`), and the day first as
//! Finnish and Swedish lists have it (`13.10.1952`, `13/10/1952`); either with the
//! other's punctuation, for a year of four digits tells which end is which; months by
//! their names (`13 October 1952`, `October 13, 1952`); eight digits with the day
//! first (`13101952`). A time of day after it is what spreadsheets add, and is dropped.

use jiff::civil;

use crate::base::{self, plain};

/// Nobody on a list was born before, or after.
const YEARS: std::ops::RangeInclusive<i16> = 1880..=2100;

/// A date of birth.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Date {
    /// `1952-10-13`.
    pub(super) iso: String,
    /// Whether it could also have been read with the month first.
    pub(super) is_ambiguous: bool,
}

/// Reads `text`, a whole cell.
///
/// A two-digit year is refused, for a guess would be wrong for the oldest.
pub(super) fn parse(text: &str) -> Result<Date, &'static str> {
    let text = plain(text);
    let text = text.trim();
    numbers(text).or_else(|reason| named_or_packed(text).ok_or(reason))
}

/// A month by its name, or eight digits that begin with the day.
fn named_or_packed(text: &str) -> Option<Date> {
    if text.len() == 8 || text.contains(char::is_alphabetic) {
        return only(base::Date::readings(text)?);
    }
    None
}

fn only(readings: base::Readings) -> Option<Date> {
    let [Some(date), None, ..] = readings else {
        return None;
    };
    Some(Date {
        iso: date.to_string(),
        is_ambiguous: false,
    })
}

fn numbers(text: &str) -> Result<Date, &'static str> {
    // `13. 10. 1952`.
    let text = text.replace(". ", ".");
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    for separator in ['-', '.', '/'] {
        let parts: Vec<&str> = day.split(separator).take(4).collect();
        let Ok([first, middle, last]) = <[&str; 3]>::try_from(parts) else {
            continue;
        };
        if first.len() == 4 {
            return date(first, middle, last);
        }
        let mut date = date(last, middle, first)?;
        // Nobody writes dots with the month first.
        date.is_ambiguous = separator != '.'
            && number(first).is_some_and(|day| day <= 12)
            && number(first) != number(middle);
        return Ok(date);
    }
    match (day.len(), day.get(..4), day.get(4..6), day.get(6..)) {
        (8, Some(y), Some(m), Some(d)) => date(y, m, d),
        _ => Err("not a date such as 1952-10-13 or 13.10.1952"),
    }
}

fn date(year: &str, month: &str, day: &str) -> Result<Date, &'static str> {
    if year.len() == 2 {
        return Err("a year of two digits is not guessed");
    }
    let read = |text, digits| number(text).filter(|_| digits);
    let year = read(year, year.len() == 4).ok_or("the year has no four digits")?;
    let month = read(month, month.len() <= 2).ok_or("the month is no number")?;
    let day = read(day, day.len() <= 2).ok_or("the day is no number")?;
    let small = |number: i16| i8::try_from(number).map_err(|_| "no such day");
    let date = civil::Date::new(year, small(month)?, small(day)?).map_err(|_| "no such day")?;
    if !YEARS.contains(&year) {
        return Err("the year is not between 1880 and 2100");
    }
    Ok(Date {
        iso: date.to_string(),
        is_ambiguous: false,
    })
}

fn number(text: &str) -> Option<i16> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_spelling_is_the_same_day() {
        for text in [
            "1952-10-13",
            "13.10.1952",
            "13/10/1952",
            "19521013",
            " 1952-10-13 ",
            "1952-10-13T00:00:00",
            "13.10.1952 0.00",
            "1952/10/13",
            "1952.10.13",
            "13-10-1952",
            "13. 10. 1952",
            "13. 10. 1952 0:00:00",
            "13101952",
            "13 October 1952",
            "October 13, 1952",
            "13. lokakuuta 1952",
        ] {
            let date = parse(text).unwrap();
            assert_eq!(date.iso, "1952-10-13", "{text}");
            assert!(!date.is_ambiguous, "{text}");
        }
        assert_eq!(parse("1.2.1952").unwrap().iso, "1952-02-01");
    }

    #[test]
    fn a_slashed_date_is_read_day_first_and_says_when_it_could_be_otherwise() {
        let date = parse("03/04/1980").unwrap();
        assert_eq!(date.iso, "1980-04-03");
        assert!(date.is_ambiguous);
        assert!(!parse("04/04/1980").unwrap().is_ambiguous);
        assert!(parse("03-04-1980").unwrap().is_ambiguous);
        assert!(!parse("1980/04/03").unwrap().is_ambiguous);
        // The 13th month tells that this list has the month first.
        assert_eq!(parse("10/13/1952"), Err("no such day"));
    }

    #[test]
    fn what_is_no_day_of_a_life_is_refused() {
        for text in [
            "",
            "13.10.52",
            "52-10-13",
            "31 June 1952",
            "29.2.1951",
            "1952-13-01",
            "1779-01-01",
            "2101-01-01",
            "1952-10",
            "1952-10-13-1",
            "+952-10-13",
            "1952101",
            "October 1952",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
