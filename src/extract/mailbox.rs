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

/// RFC 5321: the local part has 64 octets, the address 254; twice that, for
/// decomposed spellings.
pub(super) const REACH: usize = 128;
const DOMAIN: usize = 510;
/// Beginnings of one address that are tried.
const READINGS: usize = 8;

/// Hands the span of every address around the `@` at `at` to `each`, the
/// shortest first.
pub(super) fn find(text: &str, at: usize, mut each: impl FnMut(Range<usize>)) {
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
