//! Names of streets, folded so that their spellings meet.
//!
//! Names are folded as those of people ([`fold_name`]), without the blanks between
//! their words: `Haupt-Straße`, `Haupt Str.` and `HAUPTSTRASSE` meet. Ends that
//! registers cut (`katu`, `gatan`, `Straße`, `Street`) are written out.

use std::ops::Range;

use super::address::{Notation, char_at, char_before};
use super::fold_name;
use super::spelling::is_word;

/// Words that the name of a street can have.
const WORDS: usize = 6;
/// Characters of a street that are looked at.
const LONGEST: usize = 96;

/// Words of English streets that are cut, and what for.
#[rustfmt::skip]
const ENGLISH: [(&str, &str); 33] = [
    ("st", "street"), ("rd", "road"), ("ave", "avenue"), ("av", "avenue"), ("dr", "drive"),
    ("blvd", "boulevard"), ("ln", "lane"), ("ct", "court"), ("pl", "place"), ("sq", "square"),
    ("ter", "terrace"), ("terr", "terrace"), ("hwy", "highway"), ("pkwy", "parkway"),
    ("cres", "crescent"), ("gdns", "gardens"), ("cl", "close"), ("pk", "park"),
    ("grv", "grove"), ("gr", "grove"), ("cir", "circle"), ("trl", "trail"), ("rte", "route"),
    ("mt", "mount"), ("n", "north"), ("s", "south"), ("e", "east"), ("w", "west"),
    ("ne", "northeast"), ("nw", "northwest"), ("se", "southeast"), ("sw", "southwest"),
    ("sth", "south"),
];
/// Words that a street's name ends with, but for a direction behind them.
#[rustfmt::skip]
const TYPES: [&str; 20] = [
    "street", "road", "avenue", "drive", "boulevard", "lane", "court", "place", "square",
    "terrace", "highway", "parkway", "crescent", "gardens", "close", "grove", "circle", "trail",
    "way", "mews",
];
const DIRECTIONS: [&str; 8] = [
    "north",
    "south",
    "east",
    "west",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
];
/// Words behind a street that say which part of the house is meant.
const UNITS: [&str; 9] = [
    "apt",
    "apartment",
    "unit",
    "suite",
    "ste",
    "flat",
    "floor",
    "fl",
    "room",
];
/// The words of a street, folded. Owns the buffer.
#[derive(Debug, Default)]
pub struct Street {
    folded: String,
    /// Where each word begins in the folded text, and where the last one ends.
    borders: [usize; WORDS + 1],
    count: usize,
    /// How many words a list takes for the name.
    named: usize,
}

impl Street {
    /// Reads the words that stand before the house number at `number`, in the cell
    /// before it where the number has its own.
    pub fn read_before(&mut self, text: &str, number: usize, notation: Notation) -> bool {
        let (words, count) = words_before(text, number);
        self.fold(text, words.get(..count).unwrap_or_default(), notation);
        self.named = self.count;
        self.has_name()
    }

    /// Reads the words that stand behind the house number that ends at `end`.
    pub fn read_behind(&mut self, text: &str, end: usize, notation: Notation) -> bool {
        let (words, count) = words_behind(text, end);
        self.fold(text, words.get(..count).unwrap_or_default(), notation);
        self.named = self.name_length();
        self.has_name()
    }

    /// The name as a list has it.
    pub fn name(&self) -> &str {
        self.head(self.named)
    }

    /// The first words, as many as can be: a city may follow.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        (1..=self.count).map(|count| self.head(count))
    }

    /// The last words, as many as can be: a sentence may stand before them.
    pub fn tails(&self) -> impl Iterator<Item = &str> {
        let starts = self.borders.iter().take(self.count);
        starts.map(|start| self.folded.get(*start..).unwrap_or_default())
    }

    fn head(&self, count: usize) -> &str {
        let end = self.borders.get(count).copied().unwrap_or_default();
        self.folded.get(..end).unwrap_or_default()
    }

    fn has_name(&self) -> bool {
        self.folded
            .chars()
            .filter(|c| c.is_alphabetic())
            .nth(1)
            .is_some()
    }

    fn fold(&mut self, text: &str, words: &[Range<usize>], notation: Notation) {
        self.folded.clear();
        self.count = words.len();
        for (at, place) in words.iter().enumerate() {
            let from = self.folded.len();
            let word = text.get(place.clone()).unwrap_or_default();
            fold_word(word, &mut self.folded);
            if notation.has_number_first() {
                self.unfold_english(from, at == 0);
            }
            if let Some(border) = self.borders.get_mut(at) {
                *border = from;
            }
        }
        if let Some(last) = words.last() {
            let word = text.get(last.clone()).unwrap_or_default();
            self.end_alike(word, notation);
        }
        if let Some(border) = self.borders.get_mut(self.count) {
            *border = self.folded.len();
        }
    }

    /// Writes out the word at `from`; a street's first word is a name (`St Johns`).
    fn unfold_english(&mut self, from: usize, is_first: bool) {
        let word = self.folded.get(from..).unwrap_or_default();
        let whole = ENGLISH.iter().find(|(cut, _)| *cut == word);
        if let Some((_, whole)) = whole.filter(|(_, whole)| !is_first || DIRECTIONS.contains(whole))
        {
            self.folded.truncate(from);
            self.folded.push_str(whole);
        } else if word.ends_with("str") {
            self.folded.push_str("eet");
        }
    }

    /// Gives the name's end, whose last word is written as `word`, the spelling that
    /// stands for all.
    fn end_alike(&mut self, word: &str, notation: Notation) {
        let last = self.borders.get(self.count.saturating_sub(1));
        let last = last.copied().unwrap_or_default();
        let own = self.folded.get(last..).unwrap_or_default();
        let (is_cut, is_own) = (word.ends_with('.'), self.count > 1);
        let cut = notation
            .abbreviated()
            .iter()
            .find(|(cut, _)| (is_cut && own.ends_with(cut)) || (is_own && own == *cut));
        let folded = &self.folded;
        let alike = notation.alike().iter();
        let ending = cut.or_else(|| alike.into_iter().find(|(one, _)| folded.ends_with(one)));
        if let Some((from, to)) = ending {
            self.folded.truncate(self.folded.len() - from.len());
            self.folded.push_str(to);
        }
    }

    /// How many words are the name, where it stands before a part of the house or a
    /// city: those up to a word that streets end with.
    fn name_length(&self) -> usize {
        let word = |at: usize| {
            let (start, end) = (self.borders.get(at)?, self.borders.get(at + 1)?);
            self.folded.get(*start..*end)
        };
        let is = |at, words: &[&str]| word(at).is_some_and(|word| words.contains(&word));
        let unit = (1..self.count).find(|at| is(*at, &UNITS));
        let most = unit.unwrap_or(self.count);
        let kind = (1..most).find(|at| is(*at, &TYPES));
        kind.map_or(most, |at| {
            let is_directed = at + 1 < most && is(at + 1, &DIRECTIONS);
            at + 1 + usize::from(is_directed)
        })
    }
}

/// Folds `word` behind what stands in `folded`; its digits count, too.
fn fold_word(word: &str, folded: &mut String) {
    if !word.bytes().any(|byte| byte.is_ascii_digit()) {
        fold_name(word, folded);
        return;
    }
    for (at, c) in word.char_indices() {
        if c.is_ascii_digit() {
            folded.push(c);
        } else {
            fold_name(word.get(at..at + c.len_utf8()).unwrap_or_default(), folded);
        }
    }
}

/// Whether `c` can stand in a word of a street.
fn is_street(c: char) -> bool {
    is_word(c) || matches!(c, '-' | '.' | '\'' | '’')
}

/// Whether `word` can be one of a street: it has a letter, or is an ordinal number.
fn is_street_word(word: &str) -> bool {
    word.contains(char::is_alphabetic)
        || word
            .strip_suffix('.')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The last words before `at`, in the order of the text, and how many.
fn words_before(text: &str, at: usize) -> ([Range<usize>; WORDS], usize) {
    let mut words: [Range<usize>; WORDS] = std::array::from_fn(|_| 0..0);
    let mut count = 0;
    let head = text.get(..at).unwrap_or_default();
    let mut end = match head.as_bytes() {
        // A cell of its own.
        [.., b'\n'] => at - 1,
        [.., b' ' | b'.'] => head.trim_end_matches(' ').len(),
        _ => return (words, 0),
    };
    while count < WORDS && at - end < LONGEST {
        let letters = text.get(..end).unwrap_or_default().chars().rev();
        let letters = letters.take(LONGEST).take_while(|c| is_street(*c));
        let start = end - letters.map(char::len_utf8).sum::<usize>();
        let word = text.get(start..end).unwrap_or_default();
        if !is_street_word(word) {
            break;
        }
        if let Some(room) = words.get_mut(count) {
            *room = start..end;
        }
        count += 1;
        if char_before(text, start) != Some(' ') {
            break;
        }
        end = start - 1;
    }
    if let Some(found) = words.get_mut(..count) {
        found.reverse();
    }
    (words, count)
}

/// The first words behind `at`, and how many.
fn words_behind(text: &str, at: usize) -> ([Range<usize>; WORDS], usize) {
    let mut words: [Range<usize>; WORDS] = std::array::from_fn(|_| 0..0);
    let mut count = 0;
    let rest = text.get(at..).unwrap_or_default();
    // `10, Downing Street`.
    let rest = rest.strip_prefix(',').unwrap_or(rest);
    let Some(rest) = rest.strip_prefix(' ') else {
        return (words, 0);
    };
    let mut start = text.len() - rest.len();
    while count < WORDS && start - at < LONGEST {
        let letters = text.get(start..).unwrap_or_default().chars();
        let letters = letters.take(LONGEST).take_while(|c| is_street(*c));
        let end = start + letters.map(char::len_utf8).sum::<usize>();
        if !is_street_word(text.get(start..end).unwrap_or_default()) {
            break;
        }
        if let Some(room) = words.get_mut(count) {
            *room = start..end;
        }
        count += 1;
        if char_at(text, end) != Some(' ') {
            break;
        }
        start = end + 1;
    }
    (words, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_read_in_whatever_way_its_end_is_written() {
        let read = |text: &str, notation| {
            let mut street = Street::default();
            let number = text.find(|c: char| c.is_ascii_digit()).unwrap();
            street.read_before(text, number, notation);
            street.name().to_owned()
        };
        for (text, notation, expected) in [
            ("Unioninkatu 5", Notation::FiveDigits, "unioninkatu"),
            ("Unionink. 5", Notation::FiveDigits, "unioninkatu"),
            ("Unionin k. 5", Notation::FiveDigits, "unioninkatu"),
            ("Kungsg. 5", Notation::FiveDigits, "kungsgatan"),
            ("Hauptstr. 5", Notation::FiveDigits, "hauptstrasse"),
            ("Hauptstr 5", Notation::FiveDigits, "hauptstrasse"),
            ("Haupt-Straße 5", Notation::FiveDigits, "hauptstrasse"),
            ("HAUPTSTRASSE 5", Notation::FiveDigits, "hauptstrasse"),
            ("Hauptstr.5", Notation::FiveDigits, "hauptstrasse"),
            ("Viru tn 5", Notation::FiveDigits, "virutanav"),
            ("Karl Johans gate 5", Notation::Norwegian, "karljohansgata"),
            ("Storg. 5", Notation::Norwegian, "storgata"),
            ("Storg. 5", Notation::Danish, "storgade"),
            ("Kerkstr. 5", Notation::Dutch, "kerkstraat"),
        ] {
            assert_eq!(read(text, notation), expected, "{text}");
        }
    }

    #[test]
    fn an_english_street_ends_with_its_type() {
        let read = |text: &str| {
            let mut street = Street::default();
            street.read_behind(text, text.find(' ').unwrap(), Notation::American);
            street.name().to_owned()
        };
        for (text, expected) in [
            ("350 Fifth Ave", "fifthavenue"),
            ("350 Fifth Avenue New York", "fifthavenue"),
            ("12 N Main St NW Apt 3", "northmainstreetnorthwest"),
            ("12 St Johns Rd", "stjohnsroad"),
            ("12 5th St.", "5thstreet"),
            ("12 Broadway, New York", "broadway"),
            ("12 Broadway Apt 5", "broadway"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
