//! People: two parts of a name and a date of birth.
//!
//! No register publishes a rule: this one is the project's own. Any two parts of
//! a name, folded ([`fold_name`](crate::base::fold_name)), in byte order, and the
//! date of birth as in ISO 8601 make a canonical form, so that `VIRTANEN, Anna`
//! meets `Anna Maria Virtanen`. Initials are no parts. It has no check digit: a
//! match is as good as the chance that two people share it.
//!
//! On the list's side a name gives few pairs, those with a part of the family
//! name; on the leak's side every pair of words that stand in a record with a
//! date is tried, so the list decides what can be found. Behind the folded forms come
//! those of the name as travel documents spell it (`romanised.rs`), and of a family
//! name whose words may be written as one (`Delacruz`).

use std::borrow::Cow;

use super::romanised::romanised;
use crate::base::{
    Date, Emit, Family, Kind, Regions, Shape, Strength, Unusable, Variant, is_word, name_parts,
};

pub(super) static KIND: Kind = Kind {
    name: "person",
    profile: 1,
    family: Family::Composite,
    strength: Strength::Compound,
    canonical_form: "two folded name parts in byte order, then the ISO date of birth",
    check: "two name parts; a real date from 1880 on",
    source: "this project; Unicode NFKD for the folding",
    example: "anna virtanen 1952-10-13",
    headings: &[],
    shape: Shape::Person,
    space: None,
    rate: None,
    born: None,
    canonical,
};

/// Words that stand before a family name and are none by themselves.
const PARTICLES: &[&str] = &[
    "af", "av", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le",
    "ten", "ter", "van", "von", "vom", "zu", "zum", "zur",
];

/// Words, besides those, that are written as one with the family name behind them, or
/// apart.
const PREFIXES: &[&str] = &[
    "abu", "al", "ben", "bin", "el", "fitz", "ibn", "mac", "mc", "o", "san", "santa", "st",
];

/// Words between a name and a date of birth, folded.
const BORN: &[&str] = &[
    "am", "b", "birth", "born", "d", "date", "den", "dob", "el", "f", "fodd", "fodt", "geb",
    "geboren", "le", "n", "nacida", "nacido", "ne", "nee", "of", "on", "s", "sund", "sundinud",
    "synt", "syntynyt",
];

/// Bytes of a name that are read; more is no name.
const NAME: usize = 1024;

fn canonical(text: &str, _: &Regions, emit: Emit<'_>) -> Result<(), Unusable> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "()[].,;".contains(c));
    if !text.contains(|c: char| c.is_whitespace() || c == ',') {
        return Err(Unusable("not a name and a date of birth"));
    }
    let (name, dates) = dated(text).ok_or(Unusable("the text ends in no date of birth"))?;
    let name = without_born(name);
    let mut forms = Vec::new();
    for date in dates {
        forms.extend(all_pairs(name, &date.to_string()));
    }
    if forms.is_empty() {
        return Err(Unusable("fewer than two parts of a name"));
    }
    for form in forms {
        emit(&form, Variant::Exact);
    }
    Ok(())
}

/// What stands before the date at the end of `text`, and what that can mean.
fn dated(text: &str) -> Option<(&str, Vec<Date>)> {
    let text = without_time(text);
    let from = text.len().saturating_sub(DATE);
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let begins = c.is_alphanumeric() && !is_word(previous);
        previous = c;
        if begins
            && at >= from
            && let Some(dates) = text.get(at..).and_then(dates)
        {
            return Some((text.get(..at)?, dates));
        }
    }
    None
}

/// Bytes of the longest date or identity code, with blanks.
const DATE: usize = 48;

/// `text` without a time of day behind a blank or a `T`.
fn without_time(text: &str) -> &str {
    let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+' | '-');
    match text.rsplit_once([' ', 'T']) {
        Some((date, time)) if time.contains(':') && time.chars().all(is_time) => date,
        _ => text,
    }
}

/// What a date, or the date in a valid identity code, can mean.
fn dates(text: &str) -> Option<Vec<Date>> {
    let short = || {
        let (length, readings) = Date::short_at_start(text)?;
        (length == text.len()).then_some(readings)
    };
    if let Some(readings) = Date::readings(text).or_else(short) {
        return Some(readings.into_iter().flatten().collect());
    }
    let mut dates = Vec::new();
    for kind in super::ALL {
        let Some(born) = kind.born else { continue };
        // Unusable is no date, and no news.
        let _ = (kind.canonical)(text, &Regions::default(), &mut |code, variant| {
            if variant == Variant::Exact
                && let Some(date) = born(code)
                && !dates.contains(&date)
            {
                dates.push(date);
            }
        });
    }
    (!dates.is_empty()).then_some(dates)
}

/// `name` without the words for being born at its end, unless they are needed.
fn without_born(name: &str) -> &str {
    let mut rest = name;
    loop {
        let trimmed = rest.trim_end_matches(|c: char| !is_word(c));
        let start = trimmed
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_word(*c))
            .last();
        let Some((start, _)) = start else {
            return name;
        };
        let (before, word) = trimmed.split_at_checked(start).unwrap_or((trimmed, ""));
        let mut folded = String::new();
        crate::base::fold_name(word, &mut folded);
        if !BORN.contains(&folded.as_str()) || words(before).len() < 2 {
            return trimmed;
        }
        rest = before;
    }
}

/// The canonical forms of somebody whose given and family names are known: every
/// given name with every part of the family name.
///
/// `date` is the date of birth as in ISO 8601; if it is no date, there is none.
pub fn pairs(given: &str, family: &str, date: &str) -> Vec<String> {
    let (given, names) = (words(given), without_particles(words(family)));
    let joined = joined(family, &names);
    let mut forms = Forms::new(date);
    for way in WAYS {
        let family = parts(&names, way);
        for one in &parts(&given, way) {
            for other in &family {
                forms.add(one, other);
            }
        }
    }
    for joined in &joined {
        for one in &given {
            forms.add_words(one, joined);
        }
    }
    forms.finish()
}

/// The canonical forms of somebody whose whole name stands in one text.
///
/// Before a comma stands the family name. Without one, the family name is the
/// first or the last word, so every pair with a part of either is given.
/// `date` is as in [`pairs`].
pub fn pairs_of_name(name: &str, date: &str) -> Vec<String> {
    if let Some((family, given)) = name.split_once(',')
        && !words(given).is_empty()
    {
        return pairs(given, family, date);
    }
    let words = without_particles(words(name));
    let [first, .., last] = words.as_slice() else {
        return Vec::new();
    };
    let mut forms = Forms::new(date);
    for way in WAYS {
        for (at, word) in words.iter().enumerate() {
            for outer in [(0, first), (words.len() - 1, last)] {
                if outer.0 != at {
                    forms.add_words_in(outer.1, word, way);
                }
            }
        }
    }
    for joined in prefixed(name) {
        for word in &words {
            forms.add_apart(&joined, word);
        }
    }
    forms.finish()
}

/// Every canonical form that a list can hold for that name, whichever of its
/// columns it was made from. `date` is as in [`pairs`].
pub fn all_pairs(name: &str, date: &str) -> Vec<String> {
    let words = words(name);
    let mut forms = Forms::new(date);
    for way in WAYS {
        for (at, one) in words.iter().enumerate() {
            for other in words.iter().skip(at + 1) {
                forms.add_words_in(one, other, way);
            }
        }
    }
    let couples = words.iter().zip(words.iter().skip(1));
    let couples = couples.map(|(one, other)| format!("{one}{other}"));
    for joined in prefixed(name).into_iter().chain(couples) {
        for word in &words {
            forms.add_apart(&joined, word);
        }
    }
    forms.finish()
}

/// How a name is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As it stands, to be folded.
    Folded,
    /// As travel documents have it.
    Romanised,
}

const WAYS: [Way; 2] = [Way::Folded, Way::Romanised];

/// The family name written as one word: `Delacruz`, `VirtanenKorhonen`. `names` are
/// its words without particles.
fn joined(family: &str, names: &[&str]) -> Vec<String> {
    let mut joined = prefixed(family);
    if let [one, other] = names {
        joined.push(format!("{one}{other}"));
    }
    joined
}

/// Every word of `name` that has particles or prefixes before it, written as one
/// with these.
fn prefixed(name: &str) -> Vec<String> {
    let name = name.get(..NAME).unwrap_or(name);
    let mut joined = Vec::new();
    let mut prefix = String::new();
    for word in name.split(ends_word).filter(|word| !word.is_empty()) {
        let lower = word.to_lowercase();
        if PARTICLES.contains(&lower.as_str()) || PREFIXES.contains(&lower.as_str()) {
            prefix.push_str(word);
        } else if !prefix.is_empty() {
            joined.push(format!("{prefix}{word}"));
            prefix.clear();
        }
    }
    joined.truncate(PREFIXED);
    joined
}

/// Joined words of one name, at most.
const PREFIXED: usize = 4;

/// Distinct canonical forms, in the order in which they came up.
struct Forms {
    date: Option<Date>,
    forms: Vec<String>,
}

impl Forms {
    fn new(date: &str) -> Self {
        Self {
            date: Date::iso(date),
            forms: Vec::new(),
        }
    }

    fn add(&mut self, one: &str, other: &str) {
        let Some(date) = self.date else { return };
        let (low, high) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        let form = format!("{low} {high} {date}");
        if !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }

    fn add_words(&mut self, one: &str, other: &str) {
        for way in WAYS {
            self.add_words_in(one, other, way);
        }
    }

    fn add_words_in(&mut self, one: &str, other: &str, way: Way) {
        let others = parts(&[other], way);
        for one in parts(&[one], way) {
            for other in &others {
                self.add(&one, other);
            }
        }
    }

    /// The same, unless `other` is a word of `joined`.
    fn add_apart(&mut self, joined: &str, other: &str) {
        if !joined.contains(other) {
            self.add_words(joined, other);
        }
    }

    fn finish(self) -> Vec<String> {
        self.forms
    }
}

/// The words of a name that have parts, at most 32 of them.
fn words(name: &str) -> Vec<&str> {
    let name = name.get(..NAME).unwrap_or(name);
    name.split(ends_word)
        .filter(|word| !parts(&[word], Way::Folded).is_empty())
        .take(32)
        .collect()
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || ",.;_()\"".contains(c)
}

/// `words` without particles, unless there is nothing else.
fn without_particles(words: Vec<&str>) -> Vec<&str> {
    let is_particle = |word: &&str| PARTICLES.contains(&word.to_lowercase().as_str());
    if words.iter().all(is_particle) {
        return words;
    }
    words
        .into_iter()
        .filter(|word| !is_particle(word))
        .collect()
}

fn parts(words: &[&str], way: Way) -> Vec<String> {
    let (mut parts, mut folded) = (Vec::new(), String::new());
    for word in words {
        let spelled = match way {
            Way::Romanised if !word.is_ascii() => Cow::Owned(romanised(word)),
            _ => Cow::Borrowed(*word),
        };
        name_parts(&spelled, &mut folded, |part| parts.push(part.to_owned()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;

    const BORN: &str = "1952-10-13";

    fn read(text: &str) -> Result<Vec<String>, &'static str> {
        forms(&KIND, text, &[]).map(|forms| forms.into_iter().map(|form| form.0).collect())
    }

    #[test]
    fn spellings_of_a_person_meet() {
        for text in [
            "Anna Virtanen 1952-10-13",
            "VIRTANEN, Anna 13.10.1952",
            "Virtanen Anna, 13/10/1952",
            "virtanen anna,19521013",
            "Anna Virtanen 131052-308T",
            "Anna Virtanen s. 13.10.1952",
            "VIRTANEN, Anna (131052-308T)",
            "Anna Virtanen, born 13 October 1952",
            "Anna Virtanen born on October 13th, 1952",
            "Anna Virtanen f. 1952-10-13",
            "Anna Virtanen geb. 13.10.1952",
            "Anna Virtanen, * 13. 10. 1952",
            "Anna Virtanen, syntynyt 13. lokakuuta 1952",
            "Anna Virtanen född den 13 oktober 1952"
                .replace(" den", "")
                .as_str(),
            "Anna Virtanen 13.10.52",
            "Anna Virtanen 1952/10/13",
            "Anna Virtanen 13101952",
            "Anna Virtanen 1952-10-13T00:00:00Z",
            "Anna Virtanen 1952-10-13 00:00",
            "A. Anna Virtanen 1952-10-13",
        ] {
            let forms = read(text).unwrap();
            let (first, others) = forms.split_first().unwrap();
            assert_eq!(first, "anna virtanen 1952-10-13", "{text}");
            // `annavirtanen` needs another word.
            assert_eq!(others, [""; 0], "{text}");
        }
    }

    #[test]
    fn both_readings_of_an_open_date_are_given() {
        assert_eq!(
            read("Anna Virtanen 1/2/1952").unwrap(),
            ["anna virtanen 1952-02-01", "anna virtanen 1952-01-02"]
        );
    }

    #[test]
    fn what_lacks_a_name_or_a_date_is_refused() {
        for text in [
            "",
            "Anna",
            "Anna Virtanen",
            "Virtanen 1952-10-13",
            "A V 1952-10-13",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        for text in ["Anna Virtanen 29.2.1951", "Anna Virtanen 131052-308S"] {
            assert_eq!(read(text), Err("the text ends in no date of birth"));
        }
    }

    #[test]
    fn given_names_go_with_parts_of_the_family_name() {
        assert_eq!(
            read("Max Born 1882-12-11").unwrap(),
            ["born max 1882-12-11"]
        );
        assert_eq!(
            pairs("Anna Liisa", "Virtanen-Korhonen", BORN),
            [
                "anna virtanenkorhonen 1952-10-13",
                "anna virtanen 1952-10-13",
                "anna korhonen 1952-10-13",
                "liisa virtanenkorhonen 1952-10-13",
                "liisa virtanen 1952-10-13",
                "korhonen liisa 1952-10-13",
            ]
        );
        assert_eq!(
            pairs("Carl", "von Döbeln", BORN),
            [
                "carl dobeln 1952-10-13",
                "carl doebeln 1952-10-13",
                "carl vondobeln 1952-10-13",
                "carl vondoebeln 1952-10-13",
            ]
        );
        for (family, joined) in [
            ("de la Cruz", "delacruz"),
            ("O Brien", "obrien"),
            ("af Ursin", "afursin"),
            ("Mac Donald", "macdonald"),
            ("Garcia Lopez", "garcialopez"),
        ] {
            let forms = pairs("Zoe", family, BORN);
            assert!(forms.contains(&format!("{joined} zoe {BORN}")), "{forms:?}");
        }
        assert_eq!(pairs("Anna", "Von", BORN), ["anna von 1952-10-13"]);
        assert_eq!(pairs("Anna", "V.", BORN), [""; 0]);
        assert_eq!(pairs("Anna", "Virtanen", "13.10.1952"), [""; 0]);
    }

    #[test]
    fn the_family_name_stands_first_or_last_or_before_a_comma() {
        assert_eq!(
            pairs_of_name("Virtanen Korhonen, Anna", BORN),
            [
                "anna virtanen 1952-10-13",
                "anna korhonen 1952-10-13",
                "anna virtanenkorhonen 1952-10-13",
            ]
        );
        assert_eq!(
            pairs_of_name("Anna Virtanen", BORN),
            ["anna virtanen 1952-10-13"]
        );
        assert_eq!(
            pairs_of_name("Anna Maria Liisa Virtanen", BORN),
            [
                "anna virtanen 1952-10-13",
                "anna maria 1952-10-13",
                "maria virtanen 1952-10-13",
                "anna liisa 1952-10-13",
                "liisa virtanen 1952-10-13",
            ]
        );
        assert_eq!(
            pairs_of_name("Carl von Döbeln", BORN),
            [
                "carl dobeln 1952-10-13",
                "carl doebeln 1952-10-13",
                "carl vondobeln 1952-10-13",
                "carl vondoebeln 1952-10-13",
            ]
        );
        assert_eq!(pairs_of_name("Anna", BORN), [""; 0]);
    }

    #[test]
    fn names_beyond_ascii_are_listed_as_travel_documents_spell_them_too() {
        assert_eq!(
            pairs("Jörg", "Müller", BORN),
            ["jorg muller 1952-10-13", "joerg mueller 1952-10-13"]
        );
        assert_eq!(
            pairs("Андрей", "Щукин", BORN),
            ["андреи щукин 1952-10-13", "andrei shchukin 1952-10-13"]
        );
        assert_eq!(
            pairs("Γιώργος", "Παππάς", BORN)[1..],
            ["giorgos pappas 1952-10-13"]
        );
    }

    #[test]
    fn all_pairs_hold_whatever_a_list_can_hold() {
        for (given, family) in [
            ("Anna Maria", "Virtanen-Korhonen"),
            ("Carl", "von Döbeln"),
            ("María José", "de la Cruz Núñez"),
            ("Seán", "O Brien"),
        ] {
            for name in [format!("{given} {family}"), format!("{family}, {given}")] {
                let all = all_pairs(&name, BORN);
                for form in pairs(given, family, BORN)
                    .into_iter()
                    .chain(pairs_of_name(&name, BORN))
                {
                    assert!(all.contains(&form), "{form}");
                }
            }
        }
    }
}
