//! Addresses that are written so that programs overlook them.
//!
//! | in  | text, and where something stands for an `@`                         |
//! |-----|---------------------------------------------------------------------|
//! | out | the span of `anna (at) example (dot) fi`                            |
//! | not | words without brackets: `anna at example` is mostly something else  |
//!
//! A word in brackets stands for a sign; blanks may stand around it. What is found is
//! read by the kind, which knows the words, too, and has the last word.

use std::ops::Range;

use super::mailbox::REACH;

/// What stands for an `@`; the sign itself may be in brackets.
const ATS: [&str; 4] = ["at", "a", "ät", "@"];
const DOTS: [&str; 5] = ["dot", "piste", "punkt", "punto", "."];
/// Blanks that may stand on each side of a bracket.
const BLANKS: usize = 2;
/// Signs that may be hidden on each side.
const SIGNS: usize = 8;

/// The span of the address whose `@` is the word in brackets at `at`.
pub(super) fn bracketed(text: &str, at: usize) -> Option<Range<usize>> {
    let behind = word(text.as_bytes(), at, &ATS)?;
    around(text, at..behind)
}

/// The span of the address around the `@` at `at`, if something else is hidden in it.
pub(super) fn around_at(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1)?;
    if is_opening(bytes.get(before).copied()) {
        return bracketed(text, before);
    }
    around(text, at..at + 1)
}

/// The span of the address whose `@` stands at `sign`.
fn around(text: &str, sign: Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    // `point (a) of` ends here: most brackets that hold such a word hide nothing.
    let end = domain(bytes, sign.end)?;
    let start = local(bytes, sign.start)?;
    let is_cut = |at: usize| !text.is_char_boundary(at);
    (!is_cut(start) && !is_cut(end)).then_some(start..end)
}

/// Where the local part begins that ends, perhaps with blanks, at `end`.
fn local(bytes: &[u8], end: usize) -> Option<usize> {
    let mut start = part_before(bytes, end)?;
    for _ in 0..SIGNS {
        let Some(further) = sign_before(bytes, start).and_then(|sign| part_before(bytes, sign))
        else {
            break;
        };
        start = further;
    }
    let is_free = |byte: &u8| byte.is_ascii() && *byte != b'@';
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    (end - start <= REACH && before.is_none_or(is_free)).then_some(start)
}

/// Where the part of an address begins that ends, perhaps with blanks, at `end`.
fn part_before(bytes: &[u8], end: usize) -> Option<usize> {
    let head = bytes.get(..end)?;
    let blanks = head
        .iter()
        .rev()
        .take(BLANKS)
        .take_while(|byte| **byte == b' ')
        .count();
    let head = head.get(..end - blanks)?;
    let length = head
        .iter()
        .rev()
        .take(REACH)
        .take_while(|byte| is_part(**byte))
        .count();
    let part = head.get(head.len() - length..)?;
    // Signs before a word are no part of it.
    let outer = part
        .iter()
        .take_while(|byte| !byte.is_ascii_alphanumeric())
        .count();
    (outer < length).then_some(head.len() - length + outer)
}

/// Where the hidden dot begins that ends, perhaps with blanks, at `end`.
fn sign_before(bytes: &[u8], end: usize) -> Option<usize> {
    let head = bytes.get(..end)?;
    let blanks = head
        .iter()
        .rev()
        .take(BLANKS)
        .take_while(|byte| **byte == b' ')
        .count();
    let end = end - blanks;
    // The longest word, and its brackets.
    let start = (end.saturating_sub(9)..end)
        .rev()
        .find(|at| is_opening(bytes.get(*at).copied()))?;
    (word(bytes, start, &DOTS) == Some(end)).then_some(start)
}

/// Where the domain ends that begins, perhaps with blanks, at `start`; it has a dot.
fn domain(bytes: &[u8], start: usize) -> Option<usize> {
    let first = part_behind(bytes, start)?;
    let mut end = first;
    for _ in 0..SIGNS {
        let blanks = blanks_at(bytes, end);
        let Some(further) =
            word(bytes, end + blanks, &DOTS).and_then(|sign| part_behind(bytes, sign))
        else {
            break;
        };
        end = further;
    }
    let is_dotted = end > first || bytes.get(start..end)?.contains(&b'.');
    let is_free = |byte: &u8| byte.is_ascii() && *byte != b'@';
    (is_dotted && end - start <= 2 * REACH && bytes.get(end).is_none_or(is_free)).then_some(end)
}

/// Where the labels end that begin, perhaps with blanks, at `start`.
fn part_behind(bytes: &[u8], start: usize) -> Option<usize> {
    let start = start + blanks_at(bytes, start);
    let rest = bytes.get(start..)?;
    let is_label = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'.' | b'-');
    let length = rest.iter().take(REACH).take_while(is_label).count();
    let labels = rest.get(..length)?;
    let outer = labels
        .iter()
        .rev()
        .take_while(|byte| !byte.is_ascii_alphanumeric())
        .count();
    let is_first = labels.first().is_some_and(u8::is_ascii_alphanumeric);
    is_first.then_some(start + length - outer)
}

fn blanks_at(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .take(BLANKS)
        .take_while(|byte| **byte == b' ')
        .count()
}

/// Where the bracket closes that opens at `at`, if one of `words` stands in it.
fn word(bytes: &[u8], at: usize, words: &[&str]) -> Option<usize> {
    let rest = bytes.get(at + 1..)?;
    if !is_opening(bytes.get(at).copied()) {
        return None;
    }
    let blank = usize::from(rest.first() == Some(&b' '));
    let inside = rest.get(blank..)?;
    let found = words.iter().find(|word| {
        let start = inside.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
            && matches!(inside.get(word.len()), Some(b')' | b']' | b'}' | b' '))
    })?;
    let behind = inside.get(found.len()..)?;
    let closing = usize::from(behind.first() == Some(&b' '));
    let is_closed = matches!(behind.get(closing), Some(b')' | b']' | b'}'));
    is_closed.then_some(at + 1 + blank + found.len() + closing + 1)
}

fn is_opening(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'(' | b'[' | b'{'))
}

/// Whether an address that somebody hides has `byte` in its local part.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let at = |(at, sign): (usize, &str)| match sign {
            "@" => around_at(text, at),
            _ => bracketed(text, at),
        };
        let signs = text.match_indices(['(', '[', '{', '@']);
        signs.filter_map(at).map(|span| &text[span]).collect()
    }

    #[test]
    fn the_whole_of_a_hidden_address_is_found() {
        for text in [
            "anna(at)example.fi",
            "anna (at) example (dot) fi",
            "anna[at]example[dot]fi",
            "anna {AT} mail {DOT} example {dot} fi",
            "anna(a)example.fi",
            "anna(ät)example.fi",
            "anna(dot)virtanen(at)example(dot)fi",
            "anna.virtanen+x ( at ) example ( dot ) fi",
            "anna@example[dot]fi",
        ] {
            assert_eq!(found(text), [text]);
            let within = format!("Kirjoita: <{text}>, tai soita (ma-pe).");
            assert_eq!(found(&within), [text]);
        }
        // By its bracket, and by the sign in it.
        assert_eq!(found("anna(@)example.fi"), ["anna(@)example.fi"; 2]);
    }

    #[test]
    fn brackets_that_hide_nothing_are_left() {
        for text in [
            "f(a)",
            "point (a) of this",
            "(at)example.fi",
            "anna(b)example.fi",
            "anna(at)",
            "anna(at example.fi",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "([(\\[{ )\\]}@.aä-]|at|dot|\\PC){0,60}") {
            for at in 0..=text.len() {
                for span in [bracketed(&text, at), around_at(&text, at)].into_iter().flatten() {
                    prop_assert!(text.get(span).is_some());
                }
            }
        }
    }
}
