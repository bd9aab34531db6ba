//! XML: leaf texts and attribute values, tied together by the records they are in.
//!
//! | in  | XML, however broken                                                 |
//! |-----|---------------------------------------------------------------------|
//! | out | a record per repeated element; cells under the names of elements    |
//! | not | a tree, or entities of its own: no declaration is ever expanded     |
//!
//! An element is a record if the first 64 KiB show it more than once among the
//! children of one parent, and with elements (or nothing but attributes) inside.
//! Without such elements the document is a page: lines of text.

use std::collections::{HashMap, HashSet};

use memchr::{memchr, memrchr};

use super::builder::Builder;
use super::bytes::{from, span};
use super::markup::{Markup, Scanner, Tag, attributes, is_data};
use super::nest::Nest;
use super::{Parser, TOKEN};

/// Elements inside each other that are told apart.
const DEPTH: usize = 4096;
/// How many elements an end tag may close: their own end tags are missing.
const FORGIVEN: usize = 16;

/// Reads elements.
pub(super) struct Xml {
    scanner: Scanner,
    nest: Nest,
    /// Paths of elements that are records.
    records: HashSet<u64>,
    stack: Vec<Element>,
    /// Elements that are open beyond those on the stack.
    beyond: u64,
    /// A text is open that is longer than what is kept, or a comment that ends
    /// with this.
    long: Option<&'static [u8]>,
}

#[derive(Clone, Copy)]
struct Element {
    path: u64,
    column: Option<u16>,
    is_record: bool,
}

impl Xml {
    /// Learns from the start of the text.
    pub(super) fn new(sample: &[u8]) -> Self {
        Self {
            scanner: Scanner::default(),
            nest: Nest::default(),
            records: repeated(span(sample, 0..sample.len().min(TOKEN))),
            stack: Vec::new(),
            beyond: 0,
            long: None,
        }
    }

    fn is_page(&self) -> bool {
        self.records.is_empty()
    }

    fn cell(&mut self, text: &[u8], column: Option<u16>, to: &mut Builder<'_>) {
        let text = text.trim_ascii();
        if text.is_empty() {
            return;
        }
        if self.is_page() {
            to.text(text);
            to.text(b"\n");
        } else {
            self.nest.begin_cell(column, to);
            self.nest.push(text, to);
            self.nest.end_cell(to);
        }
    }

    fn tag(&mut self, tag: &Tag<'_>, to: &mut Builder<'_>) {
        if tag.is_end {
            self.values(tag, to);
            return self.end(tag.name, to);
        }
        let path = below(self.stack.last().map_or(0, |e| e.path), tag.name);
        let is_record = self.records.contains(&path);
        let on_stack = self.stack.len() < DEPTH;
        if on_stack {
            if is_record {
                self.nest.open(to);
            }
            let column = self.number(local(tag.name), to);
            self.stack.push(Element {
                path,
                column,
                is_record,
            });
        } else {
            self.beyond = self.beyond.saturating_add(1);
        }
        self.values(tag, to);
        if tag.is_empty {
            if on_stack {
                self.pop(to);
            } else {
                self.beyond -= 1;
            }
        }
    }

    /// Adds the values of a tag's attributes, and names that are no names.
    fn values(&mut self, tag: &Tag<'_>, to: &mut Builder<'_>) {
        attributes(tag.attributes, &mut |name, value| {
            if value.is_empty() || is_data(name) {
                self.cell(name, None, to);
            }
            let column = self.number(local(name), to);
            self.cell(value, column, to);
        });
    }

    fn number(&self, name: &[u8], to: &mut Builder<'_>) -> Option<u16> {
        if self.is_page() {
            None
        } else {
            to.columns.number(name)
        }
    }

    fn end(&mut self, name: &[u8], to: &mut Builder<'_>) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let outer = self.stack.iter().rev().skip(1).map(|e| e.path).chain([0]);
        let mut open = self.stack.iter().rev().zip(outer).take(FORGIVEN);
        let depth = open.position(|(element, outer)| element.path == below(outer, name));
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.pop(to);
        }
    }

    fn pop(&mut self, to: &mut Builder<'_>) {
        if self.stack.pop().is_some_and(|element| element.is_record) {
            self.nest.close(to);
        }
    }

    fn column(&self) -> Option<u16> {
        self.stack.last().and_then(|element| element.column)
    }

    fn step(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        if let Some(end) = self.long {
            return self.go_on(end, text, place, last, to);
        }
        let rest = from(text, place);
        let length = memchr(b'<', rest);
        if length == Some(0) {
            return self.markup(text, place, last, to);
        }
        self.characters(text, place, length.map(|n| place + n), last, to)
    }

    /// Reads text up to `end`, where markup begins, if that is known.
    fn characters(
        &mut self,
        text: &[u8],
        place: usize,
        end: Option<usize>,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        if let Some(end) = end.or(last.then_some(text.len())) {
            self.cell(span(text, place..end), self.column(), to);
            return Some(end);
        }
        if text.len() - place < TOKEN {
            return None;
        }
        self.begin_long(b"<", to);
        Some(place)
    }

    fn markup(
        &mut self,
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        match self.scanner.at(text, place, last) {
            Markup::Tag(tag) => {
                self.tag(&tag, to);
                Some(tag.next)
            }
            Markup::Comment(content, next) | Markup::Declaration(content, next) => {
                self.cell(content, None, to);
                Some(next)
            }
            Markup::Characters(content, next) | Markup::Words(content, next) => {
                self.cell(content, self.column(), to);
                Some(next)
            }
            Markup::Long(end, start) => {
                self.begin_long(end, to);
                Some(start)
            }
            Markup::Text => {
                let next = memchr(b'<', from(text, place + 1)).map(|n| place + 1 + n);
                self.characters(text, place, next, last, to)
            }
            Markup::Unfinished => None,
        }
    }

    fn begin_long(&mut self, end: &'static [u8], to: &mut Builder<'_>) {
        self.long = Some(end);
        if !self.is_page() {
            self.nest.begin_cell(self.column(), to);
        }
    }

    /// Adds more of a long text, which ends with `end`.
    fn go_on(
        &mut self,
        end: &'static [u8],
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> Option<usize> {
        let rest = from(text, place);
        // A `<` that is text begins a long text, too: it does not end it.
        let skip = usize::from(end == b"<" && rest.first() == Some(&b'<'));
        let found = memchr::memmem::find(from(rest, skip), end).map(|n| n + skip);
        let hold = if last {
            0
        } else {
            rest.len().min(end.len() - 1)
        };
        let cut = super::bytes::boundary(rest, rest.len() - hold);
        let length = found.unwrap_or(cut);
        let content = span(rest, 0..length);
        if self.is_page() {
            to.text(content);
        } else {
            self.nest.push(content, to);
        }
        if found.is_none() && !last {
            return (length > 0).then_some(place + length);
        }
        self.long = None;
        if self.is_page() {
            to.text(b"\n");
        } else {
            self.nest.end_cell(to);
        }
        let behind = if end == b"<" || found.is_none() {
            0
        } else {
            end.len()
        };
        Some(place + length + behind)
    }
}

impl Parser for Xml {
    fn feed(&mut self, text: &[u8], last: bool, to: &mut Builder<'_>) -> usize {
        let mut place = 0;
        while place < text.len() {
            match self.step(text, place, last, to) {
                Some(next) => place = next,
                None => break,
            }
        }
        if last {
            if self.long.take().is_some() && !self.is_page() {
                self.nest.end_cell(to);
            }
            self.nest.close_all(to);
        }
        self.scanner.move_by(place);
        place
    }
}

/// The path of the element `name` below the path `outer` (FNV-1a).
fn below(outer: u64, name: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    name.iter().fold(step(outer, &b'/'), step)
}

/// A name without its namespace's prefix.
fn local(name: &[u8]) -> &[u8] {
    memrchr(b':', name).map_or(name, |colon| from(name, colon + 1))
}

/// The paths of elements that are records.
fn repeated(sample: &[u8]) -> HashSet<u64> {
    let mut scanner = Scanner::default();
    // For each open element: its path, and its own number.
    let mut stack: Vec<(u64, u64)> = Vec::new();
    let mut count = 0;
    let mut children: HashMap<(u64, u64), u32> = HashMap::new();
    let (mut several, mut full) = (HashSet::new(), HashSet::new());
    let mut place = 0;
    while let Some(length) = memchr(b'<', from(sample, place)) {
        place += length;
        match scanner.at(sample, place, true) {
            Markup::Tag(tag) => {
                place = tag.next;
                if tag.is_end {
                    stack.pop();
                    continue;
                }
                let (outer, parent) = stack.last().copied().unwrap_or((0, 0));
                let path = below(outer, tag.name);
                full.insert(outer);
                let seen = children.entry((parent, path)).or_default();
                *seen += 1;
                if *seen > 1 {
                    several.insert(path);
                }
                let mut values = 0;
                attributes(tag.attributes, &mut |_, _| values += 1);
                if tag.is_empty && values > 1 {
                    full.insert(path);
                }
                count += 1;
                if !tag.is_empty && stack.len() < DEPTH {
                    stack.push((path, count));
                }
            }
            Markup::Comment(_, next)
            | Markup::Characters(_, next)
            | Markup::Words(_, next)
            | Markup::Declaration(_, next) => {
                place = next;
            }
            Markup::Long(_, start) => place = start,
            Markup::Text | Markup::Unfinished => place += 1,
        }
    }
    several.intersection(&full).copied().collect()
}

/// Whether `sample` begins like XML: with a declaration, or with a start tag in
/// text that has end tags, too.
pub(super) fn is_plausible(sample: &[u8]) -> bool {
    if sample.starts_with(b"<?xml") {
        return true;
    }
    let mut scanner = Scanner::default();
    let mut place = 0;
    while let Some(length) = memchr(b'<', from(sample, place)) {
        if !span(sample, place..place + length).trim_ascii().is_empty() {
            return false;
        }
        place += length;
        match scanner.at(sample, place, true) {
            Markup::Comment(_, next) | Markup::Declaration(_, next) => place = next,
            Markup::Tag(tag) => {
                let has_end = memchr::memmem::find(sample, b"</").is_some();
                return !tag.is_end && (tag.is_empty || has_end);
            }
            _ => return false,
        }
    }
    false
}
