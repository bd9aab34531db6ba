//! What stands around a group of digits.
//!
//! Nearly all of it is ASCII: a look into a table. Where another character stands
//! the slow functions decide, which know them all.

use std::ops::Range;

use super::super::anchor::{after, before};
use crate::base::{is_blank, is_dash, is_word};

/// Characters between two groups of digits: ` - `, `) `.
const SEPARATORS: usize = 3;

/// What stands behind a group of digits.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// Something that a number can end before.
    Border,
    /// A letter.
    Letter,
    /// The next group.
    Group { at: usize, may_end: bool },
}

/// What one byte is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    /// `x` and `e` of any case, which an extension begins with.
    Extension,
    Blank,
    /// `.` and `/`.
    Mark,
    Dash,
    Opening,
    Closing,
    Plus,
    /// Part of a character that is not ASCII.
    Foreign,
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "checked while this compiles")]
        #[expect(clippy::cast_possible_truncation, reason = "it is less than 256")]
        {
            classes[byte] = class_of(byte as u8);
        }
        byte += 1;
    }
    classes
};

const fn class_of(byte: u8) -> Class {
    match byte {
        b'0'..=b'9' => Class::Digit,
        b'x' | b'X' | b'e' | b'E' => Class::Extension,
        b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
        b' ' => Class::Blank,
        b'.' | b'/' => Class::Mark,
        b'-' => Class::Dash,
        b'(' => Class::Opening,
        b')' => Class::Closing,
        b'+' => Class::Plus,
        0x80.. => Class::Foreign,
        _ => Class::Other,
    }
}

/// The class of the byte at `at`; an end of the text is [`Class::Other`].
fn class(bytes: &[u8], at: usize) -> Class {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let class = CLASSES.get(usize::from(byte));
    class.copied().unwrap_or(Class::Other)
}

/// The class of the byte before `at`.
fn class_before(bytes: &[u8], at: usize) -> Class {
    at.checked_sub(1)
        .map_or(Class::Other, |at| class(bytes, at))
}

/// Whether it is worth looking at `run`, which has one of `lengths` if it is a
/// number without a `+` and the only group of it.
///
/// Most runs begin no number, and that must cost next to nothing: everything is
/// looked at before the only branch, because none of it can be guessed.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch for each would be mispredicted more often than it would save"
)]
pub(super) fn may_begin(bytes: &[u8], run: &Range<usize>, lengths: u32) -> bool {
    let before = class_before(bytes, run.start);
    let after = class(bytes, run.end);
    let is_signed = matches!(before, Class::Plus | Class::Opening | Class::Foreign);
    let is_glued = matches!(before, Class::Digit | Class::Letter | Class::Extension);
    let is_whole = matches!(after, Class::Other | Class::Plus);
    let digits = run.len().min(31) * usize::from(is_whole);
    // Bit 0 is of no length: it stands for those of all groups together.
    let lengths = lengths | u32::from(lengths != 0);
    let fits = lengths >> digits & 1 == 1;
    (fits | is_signed) & !is_glued & (after != Class::Letter)
}

/// Where the number whose digits begin at `start` begins, and whether with a `+`;
/// nothing if it is glued to what stands before it.
pub(super) fn beginning(text: &str, start: usize) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    match class_before(bytes, start) {
        Class::Digit | Class::Letter | Class::Extension => None,
        // The one before is a byte, so there is no underflow.
        Class::Mark | Class::Dash if class_before(bytes, start - 1) == Class::Digit => None,
        Class::Plus => match class_before(bytes, start - 1) {
            Class::Digit | Class::Letter | Class::Extension => None,
            Class::Foreign => any_beginning(text, start),
            _ => Some((start - 1, true)),
        },
        Class::Opening | Class::Foreign => any_beginning(text, start),
        _ => Some((start, false)),
    }
}

/// The same, whatever stands there.
fn any_beginning(text: &str, start: usize) -> Option<(usize, bool)> {
    let c = before(text, start);
    match c {
        Some('+' | '＋') => signed(text, start),
        Some('(') if matches!(before(text, start - 1), Some('+' | '＋')) => {
            signed(text, start - 1)
        }
        Some('(') => Some((start - 1, false)),
        Some(c) if is_word(c) => None,
        Some(c) if is_dash(c) || matches!(c, '.' | '/') => {
            let further = before(text, start - c.len_utf8());
            let is_glued = further.is_some_and(|c| c.is_ascii_digit());
            (!is_glued).then_some((start, false))
        }
        _ => Some((start, false)),
    }
}

/// The same for a `+` before `at`.
fn signed(text: &str, at: usize) -> Option<(usize, bool)> {
    let begin = at - before(text, at)?.len_utf8();
    let is_glued = before(text, begin).is_some_and(is_word);
    (!is_glued).then_some((begin, true))
}

/// What stands behind a group of digits that ends at `end`.
pub(super) fn behind(text: &str, end: usize) -> Behind {
    let bytes = text.as_bytes();
    // Nearly always there is nothing, or one character and the next group.
    let first = class(bytes, end);
    if first == Class::Other {
        return Behind::Border;
    }
    if matches!(first, Class::Blank | Class::Dash) && class(bytes, end + 1) == Class::Digit {
        return group(end + 1, usize::from(first == Class::Blank), 0);
    }
    let (mut blanks, mut marks) = (0, 0);
    for at in end..=end + SEPARATORS {
        match class(bytes, at) {
            Class::Blank => blanks += 1,
            Class::Mark => marks += 1,
            Class::Dash | Class::Opening | Class::Closing => {}
            Class::Digit => return group(at, blanks, marks),
            Class::Foreign => return any_behind(text, end),
            Class::Letter if at == end => return Behind::Letter,
            Class::Extension if at == end => return extension(bytes, end),
            _ => return Behind::Border,
        }
    }
    Behind::Border
}

/// The same, whatever stands there.
fn any_behind(text: &str, end: usize) -> Behind {
    if after(text, end).is_some_and(is_word) {
        return extension(text.as_bytes(), end);
    }
    let (mut at, mut blanks, mut marks) = (end, 0, 0);
    for _ in 0..=SEPARATORS {
        match after(text, at) {
            Some(c) if c.is_ascii_digit() => return group(at, blanks, marks),
            Some(c) if is_blank(c) => blanks += 1,
            Some('.' | '/') => marks += 1,
            Some(c) if is_dash(c) || matches!(c, '(' | ')') => {}
            _ => return Behind::Border,
        }
        at += after(text, at).map_or(0, char::len_utf8);
    }
    Behind::Border
}

/// Digits at `at`, with so much before them.
fn group(at: usize, blanks: usize, marks: usize) -> Behind {
    // `4567. 050` and `4567 /050` are two numbers.
    if marks > 0 && blanks > 0 {
        return Behind::Border;
    }
    let may_end = blanks > 0;
    Behind::Group { at, may_end }
}

/// A letter at `end`, which an extension may begin with: `x12`, `ext. 12`.
fn extension(bytes: &[u8], end: usize) -> Behind {
    let rest = bytes.get(end..).unwrap_or_default();
    let ([b'e' | b'E', b'x' | b'X', b't' | b'T', rest @ ..] | [b'x' | b'X', rest @ ..]) = rest
    else {
        return Behind::Letter;
    };
    let rest = if let [b'.' | b':', rest @ ..] = rest {
        rest
    } else {
        rest
    };
    match rest {
        [b'0'..=b'9', ..] | [b' ', b'0'..=b'9', ..] => Behind::Border,
        _ => Behind::Letter,
    }
}
