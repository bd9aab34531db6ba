//! The words by which data classes are recognised, read from `data/classes.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::shape::Shape;
use crate::base::fold_name;

/// What is built in.
static BUILT_IN: LazyLock<Dictionary> = LazyLock::new(|| {
    // A test reads it without an error: nothing of it is left out.
    Dictionary::read(include_str!("../../../data/classes.tsv")).unwrap_or_default()
});

/// Classes that can be told apart.
const MOST: usize = 64;
/// Letters by which a word is looked up before anything else is compared.
const FIRST: usize = 4;
/// Parts of a heading that are looked at, and how many make a phrase.
const PARTS: usize = 12;
const PHRASE: usize = 4;

/// Some of the dictionary's classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::extract) struct ClassSet(u64);

impl ClassSet {
    pub(in crate::extract) const NONE: Self = Self(0);

    pub(in crate::extract) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(in crate::extract) fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(super) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(super) fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

/// Classes, and how they are recognised.
pub(super) struct Dictionary {
    names: Vec<&'static str>,
    /// Folded phrases, without blanks.
    headings: HashMap<String, ClassSet>,
    /// Bytes of the longest of them.
    longest: usize,
    /// Folded words, by their first letters.
    words: HashMap<[u8; FIRST], Vec<Word>>,
    /// One bit for each hash of the first letters of a word: most words are none.
    known: [u64; 64],
    shapes: [ClassSet; Shape::COUNT],
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            headings: HashMap::new(),
            longest: 0,
            words: HashMap::new(),
            known: [0; 64],
            shapes: [ClassSet::NONE; Shape::COUNT],
        }
    }
}

/// A word of text.
struct Word {
    folded: String,
    /// Whether it may have any ending.
    is_stem: bool,
    means: Meaning,
}

/// What a word of text says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Classes that it is enough for.
    pub(super) classes: ClassSet,
    /// Classes that it is half of what is needed for.
    pub(super) hints: ClassSet,
    /// Whether the date behind it is one of birth.
    pub(super) is_of_birth: bool,
    /// Which word it is, to tell two hints apart; 0 for what stands in no dictionary.
    pub(super) number: u16,
}

/// A line of the dictionary that says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) usize);

impl Dictionary {
    pub(super) fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads `text`; the number of the first line that cannot be read if there is one.
    pub(super) fn read(text: &'static str) -> Result<Self, Malformed> {
        let mut dictionary = Self::default();
        for (index, line) in text.lines().enumerate() {
            if !line.trim().is_empty() && !line.starts_with('#') {
                let added = dictionary.add(line);
                added.ok_or(Malformed(index + 1))?;
            }
        }
        Ok(dictionary)
    }

    fn add(&mut self, line: &'static str) -> Option<()> {
        let mut parts = line.split('\t');
        let (class, place, words) = (parts.next()?, parts.next()?, parts.next()?);
        let class = self.class(class)?;
        for word in words.split(',').map(str::trim) {
            match place {
                "heading" => self.add_heading(word, class)?,
                "shape" => {
                    let shape = self.shapes.get_mut(Shape::named(word)? as usize)?;
                    *shape = shape.and(class);
                }
                "word" | "hint" | "birth" => {
                    let mut means = Meaning::default();
                    match place {
                        "word" => means.classes = class,
                        "hint" => means.hints = class,
                        _ => means.is_of_birth = true,
                    }
                    self.add_word(word, means)?;
                }
                _ => return None,
            }
        }
        parts.next().is_none().then_some(())
    }

    /// The class called `name`; `-` is none.
    fn class(&mut self, name: &'static str) -> Option<ClassSet> {
        if name == "-" {
            return Some(ClassSet::NONE);
        }
        let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let known = self.names.iter().position(|known| *known == name);
        let number = known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        (is_name && !name.is_empty() && number < MOST).then(|| ClassSet(1 << number))
    }

    fn add_heading(&mut self, phrase: &str, class: ClassSet) -> Option<()> {
        let mut folded = String::new();
        fold_name(phrase, &mut folded);
        self.longest = self.longest.max(folded.len());
        let known = self.headings.entry(folded).or_default();
        *known = known.and(class);
        (!phrase.is_empty()).then_some(())
    }

    fn add_word(&mut self, word: &str, means: Meaning) -> Option<()> {
        let (word, is_stem) = word
            .strip_suffix('*')
            .map_or((word, false), |stem| (stem, true));
        let mut folded = String::new();
        fold_name(word, &mut folded);
        let first = first_of(&folded);
        // Stems are looked up by letters that all of their words have.
        if folded.is_empty() || is_stem && folded.len() < FIRST {
            return None;
        }
        if let Some(bits) = self.known.get_mut(bit_of(first).0) {
            *bits |= bit_of(first).1;
        }
        let number = self.words.values().map(Vec::len).sum::<usize>() + 1;
        self.words.entry(first).or_default().push(Word {
            folded,
            is_stem,
            means: Meaning {
                number: u16::try_from(number).ok()?,
                ..means
            },
        });
        Some(())
    }

    /// The names of `classes`.
    pub(super) fn names(&self, classes: ClassSet) -> impl Iterator<Item = &'static str> {
        let numbered = self.names.iter().enumerate();
        numbered
            .filter_map(move |(number, name)| classes.meets(ClassSet(1 << number)).then_some(*name))
    }

    /// The names of all classes.
    #[cfg(test)]
    pub(super) fn all(&self) -> &[&'static str] {
        &self.names
    }

    /// What texts of `shape` are.
    pub(super) fn of_shape(&self, shape: Shape) -> ClassSet {
        self.shapes.get(shape as usize).copied().unwrap_or_default()
    }

    /// Whether a word of the dictionary may begin as `word` does: false for most,
    /// before it costs anything to fold them.
    pub(super) fn may_know(&self, word: &str) -> bool {
        let mut first = first_of(word);
        first.make_ascii_lowercase();
        let (at, bit) = bit_of(first);
        // Another letter may be folded to one of these.
        !first.is_ascii() || self.known.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// What the folded word says.
    pub(super) fn of_word(&self, folded: &str) -> Meaning {
        let first = first_of(folded);
        let words = self.words.get(&first).map(Vec::as_slice);
        let mut means = Meaning::default();
        for word in words.unwrap_or_default() {
            if word.folded == folded || word.is_stem && folded.starts_with(&word.folded) {
                means.classes = means.classes.and(word.means.classes);
                means.hints = means.hints.and(word.means.hints);
                means.is_of_birth |= word.means.is_of_birth;
                means.number = word.means.number;
            }
        }
        means
    }

    /// What stands under `heading`: all that phrases in it say, from the left, the
    /// longest that fits first.
    pub(super) fn of_heading(&self, heading: &str, parts: &mut HeadingParts) -> ClassSet {
        parts.read(heading);
        let count = parts.ends.len();
        let mut found = ClassSet::NONE;
        let mut at = 0;
        while at < count {
            let most = PHRASE.min(count - at);
            let known = (1..=most).rev().find_map(|length| {
                let phrase = parts.phrase(at, length);
                let is_short = phrase.len() <= self.longest;
                let class = is_short.then(|| self.headings.get(phrase)).flatten();
                class.map(|class| (length, *class))
            });
            let (length, class) = known.unwrap_or((1, ClassSet::NONE));
            found = found.and(class);
            at += length;
        }
        found
    }
}

/// The words of a heading, folded. A buffer.
#[derive(Default)]
pub(super) struct HeadingParts {
    folded: String,
    ends: Vec<usize>,
}

impl HeadingParts {
    fn read(&mut self, heading: &str) {
        self.folded.clear();
        self.ends.clear();
        let mut start = None;
        let mut was_small = false;
        for (at, c) in heading.char_indices() {
            let is_part = c.is_alphabetic() || ('\u{300}'..'\u{370}').contains(&c);
            if let Some(begin) = start
                && (!is_part || was_small && c.is_uppercase())
            {
                self.add(heading.get(begin..at).unwrap_or_default());
                start = None;
            }
            if is_part && start.is_none() {
                start = Some(at);
            }
            was_small = c.is_lowercase();
        }
        if let Some(begin) = start {
            self.add(heading.get(begin..).unwrap_or_default());
        }
    }

    fn add(&mut self, part: &str) {
        if self.ends.len() < PARTS {
            fold_name(part, &mut self.folded);
            self.ends.push(self.folded.len());
        }
    }

    /// So many parts from the one numbered `at` on, as one.
    fn phrase(&self, at: usize, length: usize) -> &str {
        let end = |number: usize| self.ends.get(number).copied().unwrap_or_default();
        let start = at.checked_sub(1).map_or(0, end);
        let phrase = self.folded.get(start..end(at + length - 1));
        phrase.unwrap_or_default()
    }
}

/// The first letters of a word, and nothing behind it if it is shorter.
fn first_of(folded: &str) -> [u8; FIRST] {
    let mut first = [0; FIRST];
    for (to, byte) in first.iter_mut().zip(folded.bytes()) {
        *to = byte;
    }
    first
}

/// Where a word with these first letters stands among the known ones.
fn bit_of(first: [u8; FIRST]) -> (usize, u64) {
    let hash = u32::from_le_bytes(first).wrapping_mul(0x9e37_79b1) >> 20;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_heading(heading: &str) -> Vec<&'static str> {
        let dictionary = Dictionary::built_in();
        let classes = dictionary.of_heading(heading, &mut HeadingParts::default());
        dictionary.names(classes).collect()
    }

    #[test]
    fn every_line_of_the_dictionary_is_read() {
        let text = include_str!("../../../data/classes.tsv");
        assert_eq!(Dictionary::read(text).err(), None);
        for class in [
            "password",
            "password-hash",
            "date-of-birth",
            "health",
            "salary",
            "account-number",
            "session-notes",
            "location",
            "ip-address",
            "credentials",
        ] {
            assert!(Dictionary::built_in().all().contains(&class), "{class}");
        }
    }

    #[test]
    fn a_line_that_says_nothing_is_an_error() {
        for (text, line) in [
            ("x\theading", 1),
            ("# x\n\nx\tsomewhere\ty", 3),
            ("x\tshape\tround", 1),
            ("X y\theading\tz", 1),
            ("x\theading\ta,,b", 1),
            ("x\tword\tabc*", 1),
            ("x\theading\ta\tb", 1),
        ] {
            assert_eq!(
                Dictionary::read(text).err(),
                Some(Malformed(line)),
                "{text}"
            );
        }
    }

    #[test]
    fn headings_are_recognised_in_every_way_of_writing_them() {
        for (heading, classes) in [
            ("Password", &["password"][..]),
            ("user_password2", &["password"]),
            ("userPasswordHash", &["password-hash"]),
            ("password-hash", &["password-hash"]),
            ("SALASANA", &["password"]),
            ("lösenord", &["password"]),
            ("losenord", &["password"]),
            ("lo\u{308}senord", &["password"]),
            ("Date of birth", &["date-of-birth"]),
            ("dateOfBirth", &["date-of-birth"]),
            ("DOB", &["date-of-birth"]),
            ("syntymäaika", &["date-of-birth"]),
            ("last_login_ip", &["ip-address"]),
            ("geo.lat", &["location"]),
            ("Diagnoosikoodi", &["health"]),
            ("kuukausi_palkka", &["salary"]),
            ("ip_and_salary", &["salary", "ip-address"]),
            ("email_address", &[]),
            ("password_reset_at", &[]),
            ("shipping", &[]),
            ("relationship", &[]),
            ("", &[]),
        ] {
            assert_eq!(of_heading(heading), classes, "{heading}");
        }
    }
}
