//! Data classes by what stands in a text: words, and shapes of secrets and codes.
//!
//! One pass over the tokens of a record or of a page, only where somebody on a
//! list was found. What a token can be is told from the sorts of its bytes, so
//! that most are never looked at again.

use super::dictionary::{ClassSet, Dictionary};
use super::shape::{self, Icd, Shape};
use crate::base::fold_name;

/// Bytes of a word that are looked at: stems are shorter.
const LONGEST: usize = 48;
/// Bytes of a token that are looked at as words: what is longer is no sentence.
const WORDY: usize = 256;

// Sorts of bytes in tokens.
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const DOT: u8 = 4;
const COLON: u8 = 8;
const AT: u8 = 16;
/// What secrets begin with.
const SIGN: u8 = 32;
const OTHER: u8 = 64;

/// What each byte is; 0 ends a token.
static SORTS: [u8; 256] = sorts();

const fn sorts() -> [u8; 256] {
    let mut sorts = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(
            clippy::indexing_slicing,
            clippy::cast_possible_truncation,
            reason = "a constant: the compiler checks both"
        )]
        {
            sorts[byte] = match byte as u8 {
                b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => LETTER,
                b'0'..=b'9' => DIGIT,
                b'.' => DOT,
                b':' => COLON,
                b'@' => AT,
                b'$' | b'{' => SIGN,
                0..=b' '
                | 0x7f
                | b','
                | b';'
                | b'|'
                | b'"'
                | b'\''
                | b'<'
                | b'>'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'='
                | b'*'
                | b'#'
                | b'!'
                | b'?'
                | b'`' => 0,
                _ => OTHER,
            };
        }
        byte += 1;
    }
    sorts
}

fn sort(byte: u8) -> u8 {
    SORTS.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

/// What a line feed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// A line.
    Line,
    /// A cell of the one row that there is.
    Cell,
    /// A cell that stands under a heading.
    HeadedCell,
}

/// Reads texts. Owns the buffer.
#[derive(Default)]
pub(super) struct Reader {
    folded: String,
}

/// What is known of a text so far.
#[derive(Default)]
struct Known<'t> {
    classes: ClassSet,
    /// Classes of which there is a hint, and which word that was.
    hints: ClassSet,
    hint: u16,
    /// A code of an illness that may be something else.
    has_bare_code: bool,
    /// Tokens to come that can be a date of birth.
    birth: u8,
    /// The token before.
    last: &'t str,
    /// Tokens of the line, or of the row: the first one and how many there are.
    first: &'t str,
    count: usize,
    /// What ended the token before this one, and the last one.
    before: u8,
    sign: u8,
}

impl Reader {
    /// What `text` holds.
    pub(super) fn classes(&mut self, dictionary: &Dictionary, text: &str, ends: Ends) -> ClassSet {
        let mut known = Known::default();
        let bytes = text.as_bytes();
        let mut start = 0;
        let mut sorts = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let sort = sort(*byte);
            sorts |= sort;
            if sort != 0 {
                continue;
            }
            if at > start {
                let token = text.get(start..at).unwrap_or_default();
                self.token(dictionary, token, sorts, &mut known);
            }
            (start, sorts) = (at + 1, 0);
            known.sign = *byte;
            if *byte == b'\n' && ends == Ends::Line {
                known.end_line(dictionary);
            }
        }
        if let Some(token) = text.get(start..)
            && !token.is_empty()
        {
            self.token(dictionary, token, sorts, &mut known);
        }
        if ends != Ends::HeadedCell {
            known.end_line(dictionary);
        }
        let health = dictionary.of_shape(Shape::Icd);
        if known.has_bare_code && known.hints.and(known.classes).meets(health) {
            known.add(health);
        }
        known.classes
    }

    fn token<'t>(&mut self, to: &Dictionary, token: &'t str, sorts: u8, known: &mut Known<'t>) {
        if known.count == 0 {
            known.first = token;
        }
        known.before = known.sign;
        known.count += 1;
        known.birth = known.birth.saturating_sub(1);
        if sorts & DIGIT != 0 {
            figures(to, token, sorts, known);
        }
        if sorts & (SIGN | COLON | OTHER | AT) != 0 {
            signs(to, token, sorts, known);
        }
        if sorts & LETTER != 0 && sorts & AT == 0 && token.len() <= WORDY {
            self.words(to, token, sorts, known);
        }
        known.last = token;
    }

    /// Looks the words of a token up.
    fn words(&mut self, to: &Dictionary, token: &str, sorts: u8, known: &mut Known<'_>) {
        if sorts == LETTER {
            return self.word(to, token, token, known);
        }
        for word in token.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic()) {
            if !word.is_empty() {
                self.word(to, word, token, known);
            }
        }
    }

    fn word(&mut self, to: &Dictionary, word: &str, token: &str, known: &mut Known<'_>) {
        if !to.may_know(word) {
            return;
        }
        let end = word.floor_char_boundary(LONGEST);
        self.folded.clear();
        fold_name(word.get(..end).unwrap_or_default(), &mut self.folded);
        let means = to.of_word(&self.folded);
        if means.number == 0 {
            return;
        }
        // `s. 13.10.1952`, but `born in Turku 13.10.1952`.
        match self.folded.len() {
            _ if !means.is_of_birth => {}
            1 => known.birth = if token.ends_with('.') { 2 } else { 0 },
            _ => known.birth = 4,
        }
        // A label says nothing without its value.
        if token.ends_with(':') {
            return;
        }
        known.add(means.classes);
        if known.hint != means.number && known.hints.meets(means.hints) {
            known.add(means.hints);
        }
        known.hints = known.hints.and(means.hints);
        known.hint = means.number;
    }
}

/// Looks at a token with figures in it.
fn figures<'t>(to: &Dictionary, token: &'t str, sorts: u8, known: &mut Known<'t>) {
    let is = |shape: Shape, holds: bool| {
        if holds {
            to.of_shape(shape)
        } else {
            ClassSet::NONE
        }
    };
    let last = known.last;
    if sorts & LETTER == 0 && sorts & DOT != 0 {
        known.add(is(Shape::Ip, shape::is_ip(token)));
        let are_two = shape::is_degrees(last, 90.0) && shape::is_degrees(token, 180.0);
        known.add(is(Shape::Coordinates, are_two));
    }
    if sorts & LETTER != 0 {
        known.add(is(Shape::Token, shape::is_token(token)));
        known.add(is(Shape::AccessKey, shape::is_access_key(token)));
        let is_beside_user = last.contains('@') && shape::is_digest(token);
        known.add(is(Shape::Digest, is_beside_user));
        match shape::icd(token) {
            Some(Icd::Dotted) => known.add(to.of_shape(Shape::Icd)),
            Some(Icd::Bare) => known.has_bare_code = true,
            None => {}
        }
    }
    if sorts & AT != 0 {
        known.add(is(Shape::Digest, shape::is_digest(last)));
    }
    if known.birth > 0 && sorts & LETTER == 0 {
        known.add(is(Shape::BirthDate, shape::is_date(token)));
    }
}

/// Looks at a token with signs in it.
fn signs(to: &Dictionary, token: &str, sorts: u8, known: &mut Known<'_>) {
    if sorts & SIGN != 0 && shape::is_crypt(token) {
        known.add(to.of_shape(Shape::Crypt));
    }
    if sorts & DIGIT != 0 && shape::is_mac(token) {
        known.add(to.of_shape(Shape::Mac));
    }
    // `-----BEGIN RSA PRIVATE KEY-----`, and PGP's `PRIVATE KEY BLOCK-----`.
    if token.ends_with("-----") && matches!(known.last, "PRIVATE" | "KEY") {
        known.add(to.of_shape(Shape::PrivateKey));
    }
    if sorts & COLON == 0 {
        return;
    }
    if sorts & DIGIT != 0 {
        let address = token.split_once(':').map_or(token, |(address, _)| address);
        if shape::is_ip(address) || shape::is_ipv6(token) {
            known.add(to.of_shape(Shape::Ip));
        }
    }
    if let Some((scheme, rest)) = token.split_once("://") {
        let (authority, _) = rest.split_once('/').unwrap_or((rest, ""));
        let user = authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'));
        if !scheme.is_empty() && user.is_some_and(|(_, secret)| !secret.is_empty()) {
            known.add(to.of_shape(Shape::Link));
        }
    } else if sorts & AT != 0
        && let Some((user, secret)) = token.split_once(':')
        && is_mailbox(user)
    {
        known.add(secret_class(to, secret));
    }
}

/// What stands behind an address and a sign.
fn secret_class(to: &Dictionary, secret: &str) -> ClassSet {
    let first = secret.split(':').next().unwrap_or_default();
    if shape::is_crypt(secret) {
        to.of_shape(Shape::Crypt)
    } else if shape::is_digest(first) {
        to.of_shape(Shape::Digest)
    } else if is_secret(secret) {
        to.of_shape(Shape::Login)
    } else {
        ClassSet::NONE
    }
}

fn is_mailbox(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(user, domain)| !user.is_empty() && domain.contains('.'))
}

/// Whether `text` can be a password, and no port, path or telephone number.
fn is_secret(text: &str) -> bool {
    let are_figures = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.".contains(&b));
    (4..=64).contains(&text.len()) && !text.contains('/') && !(are_figures && text.len() >= 9)
}

impl Known<'_> {
    fn add(&mut self, classes: ClassSet) {
        self.classes = self.classes.and(classes);
    }

    /// A line or a row ends: of an address and a word with figures in it, the word
    /// is a password.
    fn end_line(&mut self, to: &Dictionary) {
        let secret = self.last;
        if self.count == 2
            && b",;|\t\n".contains(&self.before)
            && is_mailbox(self.first)
            && secret.bytes().any(|byte| byte.is_ascii_alphabetic())
            && secret.bytes().any(|byte| byte.is_ascii_digit())
            && !secret.contains('@')
        {
            self.add(secret_class(to, secret));
        }
        self.count = 0;
        self.birth = 0;
        self.last = "";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes(text: &str) -> Vec<&'static str> {
        let dictionary = Dictionary::built_in();
        let classes = Reader::default().classes(dictionary, text, Ends::Line);
        dictionary.names(classes).collect()
    }

    #[test]
    fn shapes_are_recognised_where_they_stand() {
        for (text, expected) in [
            ("anna@example.fi:Kissa123", &["password"][..]),
            ("anna@example.fi;Kissa123", &["password"]),
            (
                "anna@example.fi:d41d8cd98f00b204e9800998ecf8427e",
                &["password-hash"],
            ),
            (
                "anna@example.fi d41d8cd98f00b204e9800998ecf8427e",
                &["password-hash"],
            ),
            ("d41d8cd98f00b204e9800998ecf8427e", &[]),
            ("anna@example.fi Huone12", &[]),
            ("it's 13.10.1952", &[]),
            ("anna@example.fi:0401234567", &[]),
            ("anna@example.fi: kiitos", &[]),
            ("git@example.org:group/project", &[]),
            (
                "x $2y$10$QS2UZLyRNgQRgcVRY6bGagsdcbBq7lmAs4INPnAyVrrRCYyWnYLej",
                &["password-hash"],
            ),
            ("login from 192.0.2.14, then 2001:db8::17", &["ip-address"]),
            ("at 192.0.2.14:443", &["ip-address"]),
            ("version 10.2.3 at 12:30:45", &[]),
            ("60.185180, 26.275914", &["location"]),
            ("60.185180 and 26.275914", &[]),
            ("s. 13.10.1952", &["date-of-birth"]),
            ("born in Turku 13.10.1952", &["date-of-birth"]),
            ("tavattu 13.10.2020", &[]),
            ("-----BEGIN RSA PRIVATE KEY-----", &["credentials"]),
            ("-----BEGIN CERTIFICATE-----", &[]),
            ("https://anna:kissa@example.fi/x", &["credentials"]),
            ("https://example.fi:8080/@anna", &[]),
            ("F32.1", &["health"]),
            ("F32", &[]),
            ("F32, oireet", &["health"]),
        ] {
            assert_eq!(classes(text), expected, "{text}");
        }
    }

    #[test]
    fn one_word_says_enough_and_of_others_it_takes_two() {
        for (text, expected) in [
            ("Diagnoosin mukaan", &["health"][..]),
            ("Masennuslääkitys aloitettu", &["health"]),
            ("DIAGNOSIS unknown", &["health"]),
            ("Diagnosis:", &[]),
            ("patient", &[]),
            ("patient, patient", &[]),
            ("The patient had an appointment", &["health"]),
            ("Besöket på mottagningen", &["health"]),
            ("käynti sivulla", &[]),
            ("the visitor's disposition", &[]),
        ] {
            assert_eq!(classes(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "([-a-zA-Z0-9@. :$/]{0,30}|\\PC{0,20}|:|@|\\n){0,12}") {
            classes(&text);
        }
    }
}
