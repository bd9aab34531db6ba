//! JSON, JSON Lines and JSON texts one after the other.
//!
//! | in  | JSON (RFC 8259), also cut off, broken, or bare words within it      |
//! |-----|---------------------------------------------------------------------|
//! | out | a record per object; cells under the names of their members         |
//! | not | recursion, or a tree: a stack of at most 4,096 brackets             |
//!
//! A record is an object at the top, in an array or in nothing that makes sense,
//! an array in an array (tables are written so), and either under a key that
//! names a thing. Objects under other keys belong to the record around them.

use memchr::memchr3;

use super::builder::Builder;
use super::bytes::{at, from, skip_space, span};
use super::escape::Escapes;
use super::marks::Ends;
use super::members::{self, Keys, is_name, names_nothing};
use super::nest::Nest;
use super::{Parser, TOKEN};

/// Brackets inside each other that are told apart.
const DEPTH: usize = 4096;

/// Reads values.
pub(super) struct Json {
    pub(super) nest: Nest,
    stack: Vec<Bracket>,
    /// Brackets that are open beyond those on the stack.
    beyond: u64,
    /// A colon came last, apart from white space.
    pub(super) after_colon: bool,
    /// What the values to come stand under.
    pub(super) column: Option<u16>,
    /// The key that came last names a thing, not a property.
    thing: bool,
    /// That key, until it is known whether it belongs to a record of its own.
    data: Vec<u8>,
    /// A value is open that is longer than what is kept.
    long: Option<Token>,
    /// The last byte of the window before.
    before: u8,
    escapes: Escapes,
    /// Where tokens end, for most of them.
    pub(super) ends: Ends<6>,
    /// The columns of most keys.
    pub(super) keys: Keys,
}

#[derive(Clone, Copy)]
struct Bracket {
    kind: Kind,
    is_record: bool,
    /// What the bracket stands under.
    column: Option<u16>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Object,
    Array,
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    String,
    Bare,
}

/// Where a token ends: its text, and what is behind it.
#[derive(Clone, Copy)]
struct Found {
    end: usize,
    next: usize,
    has_escapes: bool,
}

impl Default for Json {
    fn default() -> Self {
        Self {
            nest: Nest::default(),
            stack: Vec::new(),
            beyond: 0,
            after_colon: false,
            column: None,
            thing: false,
            data: Vec::new(),
            long: None,
            before: 0,
            escapes: Escapes::default(),
            ends: members::ends(),
            keys: Keys::default(),
        }
    }
}

impl Json {
    /// Reads what stands at `place`; where to go on, `None` for "later".
    fn step(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        if let Some(token) = self.long {
            return Some(self.go_on(token, text, place, last, to));
        }
        match at(text, place) {
            b' ' | b'\n' | b'\t' => return Some(skip_space(text, place)),
            b'{' => {
                let previous = place.checked_sub(1).map_or(self.before, |p| at(text, p));
                self.open(Kind::Object, matches!(previous, b'\n' | 0), to);
            }
            b'[' => self.open(Kind::Array, false, to),
            b'}' => self.close(Kind::Object, to),
            b']' => self.close(Kind::Array, to),
            b':' => self.after_colon = true,
            b',' => {
                self.after_colon = false;
                if self.in_object() {
                    self.column = None;
                }
            }
            b'"' => return self.token(Token::String, text, place + 1, last, to),
            _ => return self.token(Token::Bare, text, place, last, to),
        }
        Some(place + 1)
    }

    /// Whether nothing but brackets and a colon says how to read what comes.
    pub(super) fn is_plain(&self) -> bool {
        self.long.is_none() && !self.thing && self.data.is_empty()
    }

    pub(super) fn in_object(&self) -> bool {
        self.stack.last().is_some_and(|b| b.kind == Kind::Object)
    }

    pub(super) fn open(&mut self, kind: Kind, begins_line: bool, to: &mut Builder<'_>) {
        // A line that was cut off must not draw the lines behind it into itself.
        let outermost = self.stack.first().map(|b| b.kind);
        if begins_line && outermost == Some(Kind::Object) && !self.after_colon {
            self.close_all(to);
        }
        if self.stack.len() >= DEPTH {
            self.beyond = self.beyond.saturating_add(1);
            return;
        }
        let is_record = match (kind, self.stack.last().map(|b| b.kind)) {
            (Kind::Object, Some(Kind::Object)) => !self.after_colon || self.thing,
            (Kind::Object, _) | (Kind::Array, Some(Kind::Array)) => true,
            (Kind::Array, Some(Kind::Object)) => self.after_colon && self.thing,
            (Kind::Array, _) => false,
        };
        if is_record {
            self.nest.open(to);
        }
        self.key_as_cell(to);
        self.stack.push(Bracket {
            kind,
            is_record,
            column: self.column,
        });
        if kind == Kind::Object {
            self.column = None;
        }
        self.after_colon = false;
    }

    pub(super) fn close(&mut self, kind: Kind, to: &mut Builder<'_>) {
        self.key_as_cell(to);
        self.after_colon = false;
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        // One bracket that nobody closed is forgiven; a stray one is passed over.
        let depth = self.stack.iter().rev().take(2).position(|b| b.kind == kind);
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.pop(to);
        }
    }

    fn pop(&mut self, to: &mut Builder<'_>) {
        let Some(bracket) = self.stack.pop() else {
            return;
        };
        if bracket.is_record {
            self.nest.close(to);
        }
        self.column = if self.in_object() {
            None
        } else {
            bracket.column
        };
    }

    fn close_all(&mut self, to: &mut Builder<'_>) {
        self.key_as_cell(to);
        self.nest.close_all(to);
        self.stack.clear();
        self.beyond = 0;
        self.column = None;
        self.after_colon = false;
    }

    /// Reads the token whose text begins at `start`.
    fn token(
        &mut self,
        token: Token,
        text: &[u8],
        start: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let key_may_follow = self.in_object() && !self.after_colon;
        let Some(found) = end_of(token, text, start, last, key_may_follow) else {
            if text.len() - start < TOKEN {
                return None;
            }
            self.key_as_cell(to);
            self.nest.begin_cell(self.column, to);
            self.long = Some(token);
            return Some(start);
        };
        let content = span(text, start..found.end);
        if key_may_follow {
            let behind = skip_space(text, found.next);
            if behind >= text.len() && !last && behind - start < TOKEN {
                return None;
            }
            if at(text, behind) == b':' {
                self.key(content.trim_ascii(), to);
                self.after_colon = true;
                return Some(behind + 1);
            }
        }
        self.key_as_cell(to);
        match token {
            Token::String if found.has_escapes => {
                self.nest.begin_cell(self.column, to);
                push_string(content, &mut self.nest, to);
                self.nest.end_cell(to);
            }
            Token::String => self.nest.cell(content, self.column, to),
            Token::Bare => {
                let word = content.trim_ascii();
                if !names_nothing(word) {
                    self.nest.cell(word, self.column, to);
                }
            }
        }
        self.after_colon = false;
        Some(found.next)
    }

    fn key(&mut self, key: &[u8], to: &mut Builder<'_>) {
        if !self.data.is_empty() {
            self.key_as_cell(to);
        }
        self.column = None;
        if is_name(key) {
            self.column = to.columns.number(key);
            self.thing = false;
            return;
        }
        let decoded = std::str::from_utf8(key).is_ok_and(|key| self.escapes.decode(key));
        let key = if decoded {
            self.escapes.text().as_bytes()
        } else {
            key
        };
        self.column = to.columns.number(key);
        self.thing = names_a_thing(key);
        self.data.extend_from_slice(key);
    }

    /// A key that may be more than a name is a cell, too.
    fn key_as_cell(&mut self, to: &mut Builder<'_>) {
        if !self.data.is_empty() {
            self.nest.cell(&self.data, None, to);
            self.data.clear();
        }
    }

    /// Adds more of a long value, from `start` on; where to go on.
    fn go_on(
        &mut self,
        token: Token,
        text: &[u8],
        start: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> usize {
        let found = end_of(token, text, start, last, false);
        let end = match &found {
            Some(found) => found.end,
            // A backslash waits for what it escapes.
            None => {
                text.len()
                    - from(text, start)
                        .iter()
                        .rev()
                        .take_while(|b| **b == b'\\')
                        .count()
                        % 2
            }
        };
        let content = span(text, start..end);
        match token {
            Token::String => push_string(content, &mut self.nest, to),
            Token::Bare => self.nest.push(content, to),
        }
        let Some(found) = found else {
            return end;
        };
        self.nest.end_cell(to);
        self.long = None;
        self.after_colon = false;
        found.next
    }
}

impl Parser for Json {
    fn feed(&mut self, text: &[u8], last: bool, to: &mut Builder<'_>) -> usize {
        let mut place = 0;
        self.ends.clear();
        while place < text.len() {
            if !to.wants_cells {
                place = self.members(text, place, to);
                if place >= text.len() {
                    break;
                }
            }
            match self.step(text, place, last, to) {
                // Only a backslash at the very end is left for later.
                Some(next) if next == place && self.long.is_some() && next + 1 == text.len() => {
                    break;
                }
                Some(next) => place = next,
                None => break,
            }
        }
        if last {
            if self.long.take().is_some() {
                self.nest.end_cell(to);
            }
            self.close_all(to);
        }
        self.before = place.checked_sub(1).map_or(self.before, |p| at(text, p));
        place
    }
}

/// The end of the token whose text begins at `start`, if it is known.
fn end_of(token: Token, text: &[u8], start: usize, last: bool, colon: bool) -> Option<Found> {
    match token {
        Token::String => end_of_string(text, start, last),
        Token::Bare => {
            let stop = |b: &u8| {
                matches!(*b, b'{' | b'}' | b'[' | b']' | b'"' | b',' | b'\n')
                    || (colon && *b == b':')
            };
            let length = from(text, start).iter().position(stop);
            let end = length.map(|n| start + n).or(last.then_some(text.len()))?;
            Some(Found {
                end,
                next: end,
                has_escapes: false,
            })
        }
    }
}

/// A string ends at its quote, or at a line feed, which no string may hold: so the
/// damage that a lost quote does ends with the line.
fn end_of_string(text: &[u8], start: usize, last: bool) -> Option<Found> {
    let mut place = start;
    let mut has_escapes = false;
    while let Some(found) = memchr3(b'"', b'\\', b'\n', from(text, place)).map(|n| place + n) {
        let byte = at(text, found);
        if byte != b'\\' {
            return Some(Found {
                end: found,
                next: found + usize::from(byte == b'"'),
                has_escapes,
            });
        }
        has_escapes = true;
        place = found + if at(text, found + 1) == b'\n' { 1 } else { 2 };
    }
    let end = text.len();
    last.then_some(Found {
        end,
        next: end,
        has_escapes,
    })
}

/// Adds the text of a string. `\u` is left to the pass over the whole piece.
pub(super) fn push_string(string: &[u8], nest: &mut Nest, to: &mut Builder<'_>) {
    let mut rest = string;
    while let Some(backslash) = memchr::memchr(b'\\', rest) {
        let (kept, plain): (usize, &[u8]) = match at(rest, backslash + 1) {
            b'n' | b'r' | b't' | b'b' | b'f' => (backslash, b" "),
            b'"' => (backslash, b"\""),
            b'\\' => (backslash, b"\\"),
            b'/' => (backslash, b"/"),
            _ => (backslash + 1, b""),
        };
        nest.push(span(rest, 0..kept), to);
        nest.push(plain, to);
        rest = from(rest, backslash + 1 + plain.len());
    }
    nest.push(rest, to);
}

/// Whether `key` is data, such as an address or an id, and no name of a property.
fn names_a_thing(key: &[u8]) -> bool {
    let digits = key.iter().filter(|b| b.is_ascii_digit()).count();
    let odd = |b: &u8| !(b.is_ascii_alphanumeric() || b"_-$ :".contains(b) || *b >= 0x80);
    digits * 2 > key.len() || (digits > 0 && key.len() >= 16) || key.iter().any(odd)
}

/// Whether `sample` is a script that gives JSON a name (`var users = [`, as the
/// archives of social networks do) or to a function (`callback({`).
pub(super) fn is_assigned(sample: &[u8]) -> bool {
    let name = |b: &u8| b.is_ascii_alphanumeric() || b"_$.[]\"' ".contains(b);
    let length = sample.iter().take(128).take_while(|b| name(b)).count();
    length > 0
        && matches!(at(sample, length), b'=' | b'(')
        && memchr::memrchr2(b'}', b']', sample)
            // The script ends or goes on behind the last bracket.
            .is_some_and(|end| is_plausible(span(sample, length + 1..end + 1)))
}

/// Whether `sample` reads like JSON up to its end, or for long enough.
pub(super) fn is_plausible(sample: &[u8]) -> bool {
    let mut place = skip_space(sample, 0);
    if !matches!(at(sample, place), b'{' | b'[') {
        return false;
    }
    let mut stack: Vec<u8> = Vec::new();
    let mut tokens = 0;
    let mut value_before = false;
    while place < sample.len() && tokens < 64 {
        let byte = at(sample, place);
        let fits = match byte {
            b'{' | b'[' => !value_before || stack.is_empty(),
            b'}' | b']' => stack.pop().is_some_and(|open| open + 2 == byte),
            b',' | b':' => value_before && !stack.is_empty(),
            _ => !value_before && !stack.is_empty(),
        };
        if !fits {
            return false;
        }
        let next = match byte {
            b'{' | b'[' => {
                stack.push(byte);
                place + 1
            }
            b'"' => match end_of_string(sample, place + 1, false) {
                Some(found) if found.next > found.end => found.next,
                // Cut off by the end of the sample, or by a line feed.
                cut => return cut.is_none(),
            },
            b'}' | b']' | b',' | b':' => place + 1,
            _ => {
                let word = from(sample, place).iter();
                let end = place
                    + word
                        .take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
                        .count();
                if end < sample.len() && !is_scalar(span(sample, place..end)) {
                    return false;
                }
                end
            }
        };
        value_before = !matches!(byte, b'{' | b'[' | b',' | b':');
        tokens += 1;
        place = skip_space(sample, next);
    }
    tokens > 1
}

fn is_scalar(word: &[u8]) -> bool {
    matches!(word, b"null" | b"true" | b"false")
        || std::str::from_utf8(word).is_ok_and(|w| w.parse::<f64>().is_ok_and(f64::is_finite))
}
