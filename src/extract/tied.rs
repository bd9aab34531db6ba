//! Whose date it is, where a line is about several people.
//!
//! `Anna Virtanen s. 13.10.1952, Matti Niemi s. 31.1.1960` leaves no doubt: every date
//! stands behind a name, or behind the word for being born, and what parts two people
//! parts more than what stands between a name and its date. Anything else does leave
//! doubt, and then every name goes with every date.

use super::anchor::{after, before};

/// Words that stand before a date of birth.
const BORN: [&str; 20] = [
    "s",
    "f",
    "b",
    "d",
    "synt",
    "syntynyt",
    "född",
    "fodd",
    "født",
    "fodt",
    "born",
    "geb",
    "geboren",
    "dob",
    "né",
    "née",
    "sünd",
    "sündinud",
    "nacido",
    "nacida",
];
/// Words between two people.
const AND: [&str; 13] = [
    "and", "ja", "sekä", "och", "samt", "og", "und", "sowie", "en", "et", "y", "ning", "e",
];
/// Characters of a word that are looked at.
const WORD: usize = 16;

/// How much something parts what stands on its sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    Blank,
    Comma,
    Semicolon,
    And,
}

/// What stands between the date that begins at `at` and the name before it; `None`
/// if there is no name directly before it.
pub(super) fn before_date(text: &str, at: usize) -> Option<Gap> {
    let (mut end, mut gap) = (at, Gap::Blank);
    while let Some(c) = before(text, end) {
        match c {
            ' ' | '(' | '[' | '*' | ':' | '.' | '"' => {}
            ',' => gap = Gap::Comma,
            ';' | '|' | '\t' => gap = Gap::Semicolon,
            _ => break,
        }
        end -= c.len_utf8();
    }
    let head = text.get(..end)?;
    let letters = head.chars().rev().take(WORD);
    let word: usize = letters
        .take_while(|c| c.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let word = head.get(end - word..)?;
    let is_name = word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1;
    (is_name || is_one_of(word, &BORN)).then_some(gap)
}

/// What stands behind a date that ends at `at`.
pub(super) fn behind_date(text: &str, at: usize) -> Gap {
    let (mut from, mut gap) = (at, Gap::Blank);
    while let Some(c) = after(text, from) {
        match c {
            ' ' | ')' | ']' | '"' | '.' => {}
            ',' => gap = gap.max(Gap::Comma),
            ';' | '|' | '\t' => gap = gap.max(Gap::Semicolon),
            '&' => return Gap::And,
            _ => break,
        }
        from += c.len_utf8();
    }
    let rest = text.get(from..).unwrap_or_default();
    let letters = rest.chars().take(WORD);
    let word: usize = letters
        .take_while(|c| c.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let word = rest.get(..word).unwrap_or_default();
    if is_one_of(word, &AND) { Gap::And } else { gap }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| {
        let letters = word.chars().flat_map(char::to_lowercase);
        letters.eq(one.chars())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_word_for_being_born_ties_a_date() {
        for (text, gap) in [
            ("Anna Virtanen 13", Some(Gap::Blank)),
            ("Anna Virtanen (13", Some(Gap::Blank)),
            ("Anna Virtanen, s. 13", Some(Gap::Blank)),
            ("Anna Virtanen, 13", Some(Gap::Comma)),
            ("Anna Virtanen; 13", Some(Gap::Semicolon)),
            ("Anna Virtanen admitted 13", None),
            ("13", None),
        ] {
            assert_eq!(before_date(text, text.len() - 2), gap, "{text}");
        }
    }

    #[test]
    fn what_parts_people_is_a_mark_or_a_word() {
        for (text, gap) in [
            ("13), Matti", Gap::Comma),
            ("13; Matti", Gap::Semicolon),
            ("13, and Matti", Gap::And),
            ("13 & Matti", Gap::And),
            ("13 Matti", Gap::Blank),
            ("13", Gap::Blank),
        ] {
            assert_eq!(behind_date(text, 2), gap, "{text}");
        }
    }
}
