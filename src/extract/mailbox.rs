//! Addresses around an `@`.
//!
//! The domain is looked for forwards, the local part backwards. A character that
//! belongs to the same class ends no address: `xanna@example.fi` is not
//! `anna@example.fi`, nor is `anna@example.fi.com`. Characters that may belong to
//! a local part and mostly do not (`=`, `&`, `/`, `'`, a leading `-`) leave it
//! open where the address begins: every reading is a candidate.

use std::ops::Range;

use super::anchor::{after, before};
use crate::base::is_word;
use crate::base::vector::{self, Class, WORD};

/// RFC 5321: the local part has 64 octets, the address 254; twice that, for
/// decomposed spellings.
pub(super) const REACH: usize = 128;
const DOMAIN: usize = 510;
/// Beginnings of one address that are tried.
const READINGS: usize = 8;

/// What an address is made of, nearly always.
const CLASSES: [Class; 7] = [
    Class::DIGITS,
    Class::range(b'A', b'Z'),
    Class::range(b'a', b'z'),
    Class::byte(b'.'),
    Class::byte(b'-'),
    Class::byte(b'_'),
    Class::byte(b'+'),
];

/// Hands the span of every address around the `@` at `at` to `each`, the
/// shortest first.
#[inline]
pub(super) fn find(text: &str, at: usize, mut each: impl FnMut(Range<usize>)) {
    if let Some(plain) = plain(text.as_bytes(), at) {
        each(plain);
    } else {
        find_any(text, at, each);
    }
}

/// The address around the `@` at `at`, if it has one reading and is of letters,
/// digits, dots, hyphens and signs between borders: nearly all of them.
#[inline]
fn plain(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let (head, tail) = bytes.split_at_checked(at)?;
    let local = plain_local(head.last_chunk()?)?;
    let tail = tail.get(1..)?;
    let domain = plain_domain(tail.first_chunk()?)?;
    let is_border = |byte: Option<&u8>| byte.is_none_or(|byte| is_border(*byte));
    let before = head.get(..at - local).and_then(<[u8]>::last);
    (is_border(before) && is_border(tail.get(domain))).then_some(at - local..at + 1 + domain)
}

/// The length of the local part that `block` ends with.
fn plain_local(block: &[u8; WORD]) -> Option<usize> {
    let [digits, upper, lower, dots, hyphens, lines, pluses] = vector::mark_block(block, &CLASSES);
    let plain = digits | upper | lower;
    let length = (!(plain | dots | hyphens | lines | pluses)).leading_zeros();
    // What fills the block may go on before it.
    let first = 1_u64
        .checked_shl(u64::BITS - length)
        .filter(|_| length > 0)?;
    let within = !(first - 1);
    let is_dotted = dots & within & !(plain >> 1) != 0;
    (plain & first != 0 && !is_dotted).then_some(length as usize)
}

/// The length of the domain that `block` begins with.
fn plain_domain(block: &[u8; WORD]) -> Option<usize> {
    let [digits, upper, lower, dots, hyphens, ..] = vector::mark_block(block, &CLASSES);
    let plain = digits | upper | lower;
    let length = (!(plain | dots | hyphens)).trailing_zeros();
    let behind = 1_u64.checked_shl(length)?;
    let within = behind - 1;
    let dots = dots & within;
    // The first character of the last label.
    let top = 1_u64.checked_shl(u64::BITS - dots.leading_zeros())?;
    let is_dotted = dots & !(plain << 1) != 0;
    let is_top = dots != 0 && (upper | lower) & top != 0;
    let is_domain = is_top && !is_dotted && plain & (behind >> 1) != 0;
    is_domain.then_some(length as usize)
}

/// Whether no address can go on at `byte`.
fn is_border(byte: u8) -> bool {
    let may_belong =
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'@');
    byte.is_ascii() && !may_belong && !is_open(char::from(byte))
}

/// Hands the span of every address around the `@` at `at` to `each`, the
/// shortest first, whatever it is made of.
fn find_any(text: &str, at: usize, mut each: impl FnMut(Range<usize>)) {
    let Some(end) = domain_end(text, at + 1) else {
        return;
    };
    let mut readings = 0;
    // The characters of a local part that have been passed, going backwards.
    let mut start = at;
    let mut next = None;
    loop {
        // Letters and digits: most of it.
        let head = text.as_bytes().get(..start).unwrap_or_default();
        let near = head.iter().rev().take(REACH.saturating_sub(at - start));
        let plain = near.take_while(|b| b.is_ascii_alphanumeric()).count();
        if plain > 0 {
            start -= plain;
            next = Some('a');
        }
        let c = before(text, start);
        let Some(c) = c.filter(|c| at - start < REACH && is_local(*c, next)) else {
            // An `@` before it makes it no address at all; too long a run is one
            // character class without a border.
            let border = c != Some('@') && at - start < REACH;
            if border && start < at {
                begin(text, start..at, end, &mut readings, &mut each);
            }
            return;
        };
        if is_open(c) && start < at {
            begin(text, start..at, end, &mut readings, &mut each);
        }
        start -= c.len_utf8();
        next = Some(c);
        if readings >= READINGS {
            return;
        }
    }
}

/// Hands on the address whose local part is `local`, and the one without what
/// stands before a local part rather than in it.
fn begin(
    text: &str,
    local: Range<usize>,
    end: usize,
    readings: &mut usize,
    each: &mut impl FnMut(Range<usize>),
) {
    let part = text.get(local.clone()).unwrap_or_default();
    // A reading never begins with an open character: the one behind it is better.
    let inner = part.trim_start_matches(['-', '_', '+', '.']);
    if part.starts_with(is_open) || inner.starts_with(is_open) || inner.is_empty() {
        return;
    }
    each(local.end - inner.len()..end);
    *readings += 1;
    let outer = part.trim_start_matches('.');
    if outer.len() > inner.len() {
        each(local.end - outer.len()..end);
        *readings += 1;
    }
}

/// Whether `c` can stand in a local part before `next`.
fn is_local(c: char, next: Option<char>) -> bool {
    match c {
        // Two dots in a row end a sentence, not an atom.
        '.' => next.is_some_and(|next| next != '.'),
        '-' | '_' | '+' => true,
        c => is_word(c) || is_open(c),
    }
}

/// Whether `c` may stand in a local part, and mostly stands before one.
fn is_open(c: char) -> bool {
    matches!(
        c,
        '!' | '#'
            | '$'
            | '%'
            | '&'
            | '\''
            | '*'
            | '/'
            | '='
            | '?'
            | '^'
            | '`'
            | '{'
            | '|'
            | '}'
            | '~'
    )
}

/// Where the domain that begins at `from` ends, if it can be one. Whether it is
/// one is for the kind to say.
fn domain_end(text: &str, from: usize) -> Option<usize> {
    let run = domain_run(text, from)?;
    if after(text, from + run.len()) == Some('@') {
        return None;
    }
    // Two dots in a row end a sentence.
    let dots = run.as_bytes().windows(2).position(|pair| pair == b"..");
    let run = run.get(..dots.unwrap_or(run.len())).unwrap_or(run);
    let mut domain = run.trim_end_matches(['.', '-']);
    // `anna@example.fi.2020`: no top-level domain begins with a digit.
    while let Some((rest, last)) = domain.rsplit_once('.')
        && last.starts_with(|c: char| c.is_ascii_digit())
    {
        domain = rest;
    }
    domain.contains('.').then_some(from + domain.len())
}

/// The letters, digits, hyphens and dots from `from` on, unless there are too
/// many of them for a domain.
fn domain_run(text: &str, from: usize) -> Option<&str> {
    let rest = text.as_bytes().get(from..)?;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let mut length = rest
        .iter()
        .take(DOMAIN)
        .take_while(|byte| is_plain(byte))
        .count();
    if rest.get(length).is_some_and(|byte| !byte.is_ascii()) {
        let belongs = |c: &char| is_word(*c) || matches!(c, '-' | '.');
        let run = text.get(from..)?.chars().take(DOMAIN).take_while(belongs);
        length = run.map(char::len_utf8).sum();
    }
    (length < DOMAIN).then(|| text.get(from..from + length))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        for (at, _) in text.match_indices('@') {
            find(text, at, |span| spans.push(&text[span]));
        }
        spans
    }

    #[test]
    fn what_belongs_to_a_longer_run_is_not_cut_out_of_it() {
        for text in [
            "xanna@example.fi",
            "anna@example.fix",
            "anna@example.fi.com",
            "anna@sub.example.fi",
            "x-anna@example.fi",
            "x.anna@example.fi",
            "äanna@example.fi",
            "anna@example.fiä",
            "anna@example.fi-x",
        ] {
            assert_eq!(found(text), [text]);
        }
        for text in [
            "anna@example.fi@x",
            "anna@example.fi-@x",
            "x@anna@example.fi@",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_stands_around_an_address_is_no_part_of_it() {
        for text in [
            "'anna@example.fi'",
            "<anna@example.fi>,",
            "(anna@example.fi).",
            "mailto:anna@example.fi?x",
            "anna@example.fi_old",
            "\"anna\"<anna@example.fi>",
            "see...anna@example.fi",
            "anna@example.fi...",
            "anna@example.fi:password",
            "anna@example.fi|x",
            "x;anna@example.fi;y",
            "“anna@example.fi”",
            "anna@example.fi--",
            "anna@example.fi.2020-10-13",
            "\u{a0}anna@example.fi\u{a0}",
        ] {
            assert_eq!(found(text), ["anna@example.fi"], "{text}");
        }
    }

    #[test]
    fn an_open_beginning_gives_every_reading() {
        let both = |long| vec!["anna@example.fi", long];
        for (text, long) in [
            ("email=anna@example.fi", "email=anna@example.fi"),
            ("-anna@example.fi", "-anna@example.fi"),
            (" _anna@example.fi_", "_anna@example.fi"),
            ("x|anna@example.fi", "x|anna@example.fi"),
            ("a/anna@example.fi", "a/anna@example.fi"),
        ] {
            assert_eq!(found(text), both(long), "{text}");
        }
        assert_eq!(
            found("'o'brien@example.fi'"),
            ["brien@example.fi", "o'brien@example.fi"]
        );
    }

    proptest! {
        #[test]
        fn the_short_way_finds_what_the_long_way_finds(
            text in "[aB0.@ _+=ä-]{0,12}@([a0.-]{0,6}|[aZ@.: _+~ä-]{0,8})[a .@,ö_]{0,3}",
            stretch in 0_usize..140,
            place in any::<proptest::sample::Index>(),
        ) {
            // The short way wants a block on each side.
            let around = " ".repeat(WORD);
            let mut text = format!("{around}{text}{around}");
            let place = (0..=place.index(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at));
            text.insert_str(place.unwrap(), &"a".repeat(stretch * (stretch % 4) / 3));
            for (at, _) in text.match_indices('@') {
                let mut spans = Vec::new();
                find_any(&text, at, |span| spans.push(span));
                if let Some(plain) = plain(text.as_bytes(), at) {
                    prop_assert_eq!(spans, [plain]);
                }
            }
        }
    }

    #[test]
    fn a_run_without_borders_is_no_address() {
        let long = "a".repeat(REACH + 1);
        assert_eq!(found(&format!("{long}@example.fi")), [""; 0]);
        assert_eq!(found(&format!("anna@{}.fi", "a.".repeat(DOMAIN))), [""; 0]);
        assert_eq!(
            found(&format!("{long}=anna@example.fi")),
            ["anna@example.fi"]
        );
        assert_eq!(found(&"@".repeat(1000)), [""; 0]);
    }
}
