//! The words of a text that can be names, as they are written.

use std::ops::Range;

use crate::base::{is_apostrophe, is_dash, is_word};

/// Bytes of a word that can be a name.
const LONGEST: usize = 64;

/// A word as it is written.
pub(super) struct Word {
    pub(super) place: Range<usize>,
    /// How many came before it, in all texts since the restart.
    pub(super) number: u32,
    pub(super) is_capital: bool,
    /// A colon or an equals sign stands behind it, or it is what forms call a date
    /// of birth.
    pub(super) is_label: bool,
    /// A dash or an apostrophe stands in it.
    pub(super) is_joined: bool,
}

/// Cuts text into tokens and these into words. Owns the buffer.
#[derive(Default)]
pub(super) struct Tokens {
    /// The words of the text that was read last.
    pub(super) words: Vec<Word>,
    /// Words so far.
    count: u32,
    /// The first word since the last separator: what a colon makes a label.
    segment: usize,
    /// The first word of the token that was read last: what `=` makes a label.
    last: usize,
    /// The token that is being read.
    token: Token,
}

/// What stands between two separators.
#[derive(Default)]
struct Token {
    start: usize,
    /// Its first word, and how many words came before it.
    first: usize,
    count: u32,
    /// It holds an `@` or a `://`.
    is_address: bool,
}

/// What a byte is between words.
#[derive(Clone, Copy)]
enum Class {
    /// It ends a token.
    Separator,
    /// It does, unless `//` follows.
    Colon,
    At,
    /// Part of a word.
    Letter,
    Digit,
    /// The first byte of a character beyond ASCII.
    Beyond,
    Other,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "a constant: the compiler checks both"
        )]
        {
            classes[byte] = match byte as u8 {
                b','
                | b';'
                | b'|'
                | b'"'
                | b'<'
                | b'>'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'='
                // What rare exports put between cells, and forms between fields.
                | b'~'
                | b'^'
                | b'*'
                | b'#'
                | b'&'
                | b' '
                | b'\t'..=b'\r' => Class::Separator,
                b':' => Class::Colon,
                b'@' => Class::At,
                b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
                b'0'..=b'9' => Class::Digit,
                0x80.. => Class::Beyond,
                _ => Class::Other,
            };
        }
        byte += 1;
    }
    classes
}

fn class(byte: u8) -> Class {
    CLASSES
        .get(usize::from(byte))
        .copied()
        .unwrap_or(Class::Other)
}

impl Tokens {
    /// Counts words from 0 again.
    pub(super) fn restart(&mut self) {
        self.count = 0;
    }

    /// Reads the words of `text`, but for those of addresses.
    pub(super) fn read(&mut self, text: &str) {
        self.words.clear();
        self.segment = 0;
        self.last = 0;
        let bytes = text.as_bytes();
        let mut at = 0;
        self.begin_token(0);
        while let Some(byte) = bytes.get(at) {
            match class(*byte) {
                Class::Letter | Class::Digit => at = self.word(text, at),
                Class::Separator => {
                    self.separator(bytes, at, char::from(*byte));
                    at += 1;
                    self.begin_token(at);
                }
                Class::Colon => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    // `https://` is no label.
                    if rest.starts_with(b"://") {
                        self.token.is_address = true;
                    } else {
                        self.separator(bytes, at, ':');
                        self.begin_token(at + 1);
                    }
                    at += 1;
                }
                Class::At => {
                    self.token.is_address = true;
                    at += 1;
                }
                Class::Beyond => at = self.beyond(text, at),
                Class::Other => at += 1,
            }
        }
        self.end_token(bytes);
    }

    /// Reads the character beyond ASCII at `at`, and the word that it begins.
    fn beyond(&mut self, text: &str, at: usize) -> usize {
        let Some(c) = character(text, at) else {
            return text.len();
        };
        if is_word(c) {
            return self.word(text, at);
        }
        let next = at + c.len_utf8();
        if c.is_whitespace() {
            self.separator(text.as_bytes(), at, c);
            self.begin_token(next);
        }
        next
    }

    fn begin_token(&mut self, start: usize) {
        self.token = Token {
            start,
            first: self.words.len(),
            count: self.count,
            is_address: false,
        };
    }

    /// Forgets the words of the token if it is an address of mail or of the web.
    fn end_token(&mut self, bytes: &[u8]) {
        let token = &self.token;
        if self.words.len() > token.first {
            let text = bytes.get(token.start..).unwrap_or_default();
            if token.is_address || text.starts_with(b"www.") {
                self.words.truncate(token.first);
                self.count = token.count;
            }
        }
    }

    /// Ends the token before the separator `c` at `at`.
    fn separator(&mut self, bytes: &[u8], at: usize, c: char) {
        self.end_token(bytes.get(..at).unwrap_or_default());
        if at > self.token.start {
            self.last = self.token.first;
        }
        if c == '=' {
            for word in self.words.iter_mut().skip(self.last) {
                word.is_label = true;
            }
        }
        if c == ':' {
            for word in self.words.iter_mut().skip(self.segment) {
                word.is_label = true;
            }
        }
        if c != ' ' {
            self.segment = self.words.len();
        }
    }

    /// Reads the word that begins at `start`; where it ends.
    fn word(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let (mut at, mut has_digits, mut is_joined) = (start, false, false);
        while let Some(byte) = bytes.get(at) {
            match class(*byte) {
                Class::Letter => at += 1,
                Class::Digit => {
                    has_digits = true;
                    at += 1;
                }
                Class::Beyond if is_western(bytes, at) => at += 2,
                Class::Beyond | Class::Other => {
                    let Some(c) = character(text, at) else {
                        break;
                    };
                    let next = at + c.len_utf8();
                    if is_word(c) {
                        has_digits |= c.is_numeric();
                    } else {
                        let joins = (is_dash(c) || is_apostrophe(c))
                            && !has_digits
                            && character(text, next).is_some_and(char::is_alphabetic);
                        if !joins {
                            break;
                        }
                        is_joined = true;
                    }
                    at = next;
                }
                Class::Separator | Class::Colon | Class::At => break,
            }
        }
        let length = at - start;
        let word = text.get(start..at).unwrap_or_default();
        let mut letters = word.chars();
        let first = letters.next();
        let is_initial = letters.next().is_none();
        if !has_digits && !is_initial && length <= LONGEST {
            self.words.push(Word {
                place: start..at,
                number: self.count,
                is_capital: first.is_some_and(char::is_uppercase),
                is_label: is_usual_label(word),
                is_joined,
            });
            self.count += 1;
        }
        at
    }
}

/// Whether `word` labels a date of birth in forms that put no colon behind it.
fn is_usual_label(word: &str) -> bool {
    const LABELS: [&str; 12] = [
        "date",
        "birth",
        "born",
        "birthdate",
        "dob",
        "hetu",
        "synt",
        "syntynyt",
        "född",
        "født",
        "geb",
        "geboren",
    ];
    LABELS.iter().any(|label| word.eq_ignore_ascii_case(label))
}

/// Whether a letter of U+00C0 to U+00FF stands at `at`: all but the signs of
/// multiplication and division.
fn is_western(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&0xc3)
        && bytes
            .get(at + 1)
            .is_some_and(|byte| !matches!(byte, 0x97 | 0xb7))
}

fn character(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, one character at a time and token by token.
    fn slowly(text: &str) -> Vec<(&str, u32)> {
        let is_separator = |at: usize, c: char| {
            ",;|\"<>()[]{}=~^*#&".contains(c)
                || c.is_whitespace()
                || (c == ':' && !text[at..].starts_with("://"))
        };
        let borders = text.char_indices().filter(|(at, c)| is_separator(*at, *c));
        let mut words = Vec::new();
        let mut start = 0;
        for (end, c) in borders.chain([(text.len(), ' ')]) {
            let token = &text[start..end];
            start = (end + c.len_utf8()).min(text.len());
            if token.contains('@') || token.contains("://") || token.starts_with("www.") {
                continue;
            }
            let mut word = String::new();
            let mut rest = token.chars().peekable();
            let mut found = Vec::new();
            while let Some(c) = rest.next() {
                let has_digits = word.contains(char::is_numeric);
                let joins = (is_dash(c) || is_apostrophe(c))
                    && !word.is_empty()
                    && !has_digits
                    && rest.peek().is_some_and(|next| next.is_alphabetic());
                if is_word(c) || joins {
                    word.push(c);
                } else {
                    found.push(std::mem::take(&mut word));
                }
            }
            found.push(word);
            found.retain(|word| {
                word.chars().count() > 1
                    && !word.contains(char::is_numeric)
                    && word.len() <= LONGEST
            });
            words.extend(found);
        }
        let mut from = 0;
        let place = |word: &String| {
            let at = from + text[from..].find(word.as_str()).unwrap();
            from = at + word.len();
            &text[at..at + word.len()]
        };
        words.iter().map(place).zip(0..).collect()
    }

    fn quickly(text: &str) -> Vec<(&str, u32)> {
        let mut tokens = Tokens::default();
        tokens.read(text);
        let words = tokens.words.iter();
        words
            .map(|word| (&text[word.place.clone()], word.number))
            .collect()
    }

    #[test]
    fn words_are_labelled_by_the_colon_behind_their_segment() {
        let mut tokens = Tokens::default();
        let text = "Anna Niemi, given name: Maija https://example.fi/name phone:";
        tokens.read(text);
        let labels = tokens.words.iter().filter(|word| word.is_label);
        let labels: Vec<_> = labels.map(|word| &text[word.place.clone()]).collect();
        assert_eq!(labels, ["given", "name", "Maija", "phone"]);
    }

    proptest! {
        #[test]
        fn words_are_those_that_a_slow_reader_finds(
            text in "([a-zA-ZäÖ×é’ʼ٣ß0-9 .,:/@\"'=\u{a0}\u{2010}\u{301}-]|www\\.|://|\\PC){0,40}",
        ) {
            // Where a word comes twice, any place of it will do.
            let text_of = |words: Vec<(&str, u32)>| -> Vec<(String, u32)> {
                words.into_iter().map(|(word, number)| (word.to_owned(), number)).collect()
            };
            prop_assert_eq!(text_of(quickly(&text)), text_of(slowly(&text)));
        }
    }
}
