//! Tags of HTML and XML.
//!
//! | in  | text, and the place of a `<` in it                                  |
//! |-----|---------------------------------------------------------------------|
//! | out | what stands there: a tag, a comment, or mere text                   |
//! | not | entities: the pass over the whole piece decodes references          |

use memchr::{memchr, memchr2, memmem};

use super::TOKEN;
use super::bytes::{at, begins_with, from, skip_space, span};

/// What begins with a `<`.
pub(super) enum Markup<'t> {
    /// A start or an end tag.
    Tag(Tag<'t>),
    /// `<!-- … -->`, with what is behind it.
    Comment(&'t [u8], usize),
    /// `<![CDATA[ … ]]>`.
    Characters(&'t [u8], usize),
    /// `<!DOCTYPE …>`, `<?xml …?>`.
    Declaration(&'t [u8], usize),
    /// `<anna@example.fi>`: brackets, but no tag between them.
    Words(&'t [u8], usize),
    /// A comment or CDATA begins, and ends far away: what it is, and its start.
    Long(&'static [u8], usize),
    /// A letter like any other.
    Text,
    /// That depends on what follows.
    Unfinished,
}

/// `<name attributes>`
pub(super) struct Tag<'t> {
    /// The name as it is written.
    pub(super) name: &'t [u8],
    /// What stands between the name and the end.
    pub(super) attributes: &'t [u8],
    /// Everything between the brackets.
    pub(super) inner: &'t [u8],
    /// Whether it is `</name>`.
    pub(super) is_end: bool,
    /// Whether it is `<name/>`.
    pub(super) is_empty: bool,
    /// What is behind it.
    pub(super) next: usize,
}

/// Finds `<`s that are markup.
///
/// A tag is at most 64 KiB long. Where none ends within that, the `<`s up to there
/// are text: a flood of them is searched once, not once for each.
#[derive(Default)]
pub(super) struct Scanner {
    /// Up to here, from the start of the window, no tag ends.
    text_until: usize,
}

impl Scanner {
    /// What stands at `place`, where there is a `<`.
    pub(super) fn at<'t>(&mut self, text: &'t [u8], place: usize, last: bool) -> Markup<'t> {
        if place < self.text_until {
            return Markup::Text;
        }
        let unfinished = !last && text.len() - place < TOKEN;
        let found = match at(text, place + 1) {
            b'!' if unfinished && text.len() - place < 9 => Markup::Unfinished,
            b'!' | b'?' => declaration(text, place, unfinished),
            b'/' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => tag(text, place, unfinished),
            0 if unfinished => Markup::Unfinished,
            _ => return Markup::Text,
        };
        if matches!(found, Markup::Text) {
            self.text_until = text.len().min(place + TOKEN);
        }
        found
    }

    /// The window moves on by `bytes`.
    pub(super) fn move_by(&mut self, bytes: usize) {
        self.text_until = self.text_until.saturating_sub(bytes);
    }
}

fn declaration(text: &[u8], place: usize, unfinished: bool) -> Markup<'_> {
    let rest = from(text, place);
    let (start, end): (usize, &'static [u8]) = if rest.starts_with(b"<!--") {
        (4, b"-->")
    } else if begins_with(rest, b"<![CDATA[") {
        (9, b"]]>")
    } else {
        let Some(length) = memchr2(b'>', b'<', from(rest, 1)).map(|n| n + 1) else {
            return if unfinished {
                Markup::Unfinished
            } else {
                Markup::Text
            };
        };
        let next = place + length + usize::from(at(rest, length) == b'>');
        return Markup::Declaration(span(rest, 2..length), next);
    };
    match memmem::find(from(rest, start), end) {
        Some(length) => {
            let content = span(rest, start..start + length);
            let next = place + start + length + end.len();
            if start == 4 {
                Markup::Comment(content, next)
            } else {
                Markup::Characters(content, next)
            }
        }
        None if unfinished => Markup::Unfinished,
        None => Markup::Long(end, place + start),
    }
}

fn tag(text: &[u8], place: usize, unfinished: bool) -> Markup<'_> {
    let window = span(text, place..text.len().min(place + TOKEN));
    let is_end = at(window, 1) == b'/';
    let start = 1 + usize::from(is_end);
    let letters = from(window, start).iter();
    let name =
        letters.take_while(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(b) || **b >= 0x80);
    let name_end = start + name.count();
    let Some(end) = end_of_tag(window, name_end) else {
        return if unfinished {
            Markup::Unfinished
        } else {
            Markup::Text
        };
    };
    let next = place + end + usize::from(at(window, end) == b'>');
    if !matches!(
        at(window, name_end),
        b' ' | b'\n' | b'\t' | b'/' | b'>' | b'<'
    ) {
        return Markup::Words(span(window, 1..end), next);
    }
    let is_empty = at(window, end - 1) == b'/' && end > name_end;
    Markup::Tag(Tag {
        name: span(window, start..name_end),
        attributes: span(window, name_end..end - usize::from(is_empty)),
        inner: span(window, 1..end),
        is_end,
        is_empty,
        next,
    })
}

/// The `>` that ends a tag, or the `<` before which it was cut off.
fn end_of_tag(text: &[u8], start: usize) -> Option<usize> {
    let mut place = start;
    loop {
        let length = from(text, place)
            .iter()
            .position(|b| b"<>\"'".contains(b))?;
        let found = place + length;
        let byte = at(text, found);
        if byte == b'<' || byte == b'>' {
            return Some(found);
        }
        // Only behind an equals sign does a quote hide what ends a tag.
        let before = span(text, place..found).trim_ascii_end();
        place = found + 1;
        if before.last() == Some(&b'=')
            && let Some(length) = memchr(byte, from(text, place))
        {
            place += length + 1;
        }
    }
}

/// Whether `name` may be more than the name of an attribute.
pub(super) fn is_data(name: &[u8]) -> bool {
    let usual = |b: &u8| b.is_ascii_alphabetic() || b"-_:.".contains(b);
    !name.iter().all(usual)
}

/// Hands each attribute's name and value to `each`.
pub(super) fn attributes<'t>(tag: &'t [u8], each: &mut dyn FnMut(&'t [u8], &'t [u8])) {
    let space = |b: &u8| b.is_ascii_whitespace();
    let mut place = skip_space(tag, 0);
    while place < tag.len() {
        let rest = from(tag, place);
        let name_end = rest
            .iter()
            .position(|b| *b == b'=' || space(b))
            .unwrap_or(rest.len());
        let equals = skip_space(rest, name_end);
        if at(rest, equals) != b'=' {
            each(span(rest, 0..name_end), b"");
            place += equals.max(1);
            continue;
        }
        let start = skip_space(rest, equals + 1);
        let quote = at(rest, start);
        let quoted = matches!(quote, b'"' | b'\'').then(|| memchr(quote, from(rest, start + 1)));
        let (value, next) = if let Some(Some(length)) = quoted {
            (start + 1..start + 1 + length, start + length + 2)
        } else {
            let end = from(rest, start)
                .iter()
                .position(space)
                .map_or(rest.len(), |n| start + n);
            (start..end, end)
        };
        each(span(rest, 0..name_end), span(rest, value));
        place = skip_space(tag, place + next.max(1));
    }
}
