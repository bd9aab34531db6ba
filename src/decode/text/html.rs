//! Web pages: the text that a reader sees, line by line, and what hides in tags.
//!
//! | in  | HTML, however broken                                                |
//! |-----|---------------------------------------------------------------------|
//! | out | lines as a browser would break them; a table row is one line        |
//! | not | a tree, or styles: memory does not grow with the page               |
//!
//! Attribute values and comments follow the line in which they stand, as lines of
//! their own; scripts and styles are lines, too.

use memchr::{memchr, memmem};

use super::builder::Builder;
use super::bytes::{begins_with, from, span};
use super::markup::{Markup, Scanner, Tag, attributes, is_data};
use super::{Parser, TOKEN};

/// Bytes that wait for the end of their line.
const ASIDE: usize = 16 << 10;
/// A table row that is longer is a layout: its lines are lines.
const ROW: usize = 1 << 10;

/// Reads a page.
#[derive(Default)]
pub(super) struct Html {
    scanner: Scanner,
    /// Values that follow the line that is being written.
    aside: Vec<u8>,
    /// Bytes of the line that is being written.
    line: usize,
    /// The last byte of that line is white space.
    spaced: bool,
    /// A heading came last: what follows belongs to it.
    after_heading: bool,
    block: Block,
    /// What ends the script, style or long comment that is read.
    raw: Option<&'static [u8]>,
}

/// What the text stands in.
#[derive(Default, Clone, Copy, PartialEq)]
enum Block {
    #[default]
    Flow,
    Row,
    Preformatted,
}

impl Block {
    /// The same, when its tag was an `end`, over.
    fn unless(self, is_end: bool) -> Self {
        if is_end { Self::Flow } else { self }
    }
}

/// What a tag does to the line.
#[derive(Clone, Copy, PartialEq)]
enum Effect {
    /// Nothing: the word goes on.
    None,
    Space,
    /// Ends it, or a part of a table cell.
    Break,
    /// Ends it, and a paragraph before it.
    Paragraph,
    Heading,
    Row,
    Cell,
    Preformatted,
    /// Its content is no text up to this.
    Raw(&'static [u8]),
    /// No tag of HTML.
    Unknown,
}

impl Html {
    fn text(&mut self, text: &[u8], to: &mut Builder<'_>) {
        if self.block == Block::Preformatted {
            to.text(text);
            self.line = match memchr::memrchr(b'\n', text) {
                Some(line_feed) => text.len() - line_feed - 1,
                None => self.line + text.len(),
            };
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            self.words(span(rest, 0..length), to);
            rest = from(rest, length);
            if !rest.is_empty() {
                self.space(to);
                rest = rest.trim_ascii_start();
            }
        }
    }

    fn words(&mut self, words: &[u8], to: &mut Builder<'_>) {
        let words = if self.line == 0 {
            words.trim_ascii_start()
        } else {
            words
        };
        if let Some(last) = words.last() {
            to.text(words);
            self.line += words.len();
            self.spaced = last.is_ascii_whitespace();
        }
    }

    fn space(&mut self, to: &mut Builder<'_>) {
        if self.line > 0 && !self.spaced {
            to.text(b" ");
            self.line += 1;
            self.spaced = true;
        }
    }

    fn end_line(&mut self, to: &mut Builder<'_>) {
        if self.line > 0 {
            to.text(b"\n");
            self.line = 0;
            self.after_heading = false;
        }
        to.text(&self.aside);
        self.aside.clear();
    }

    fn aside(&mut self, text: &[u8], to: &mut Builder<'_>) {
        let text = text.trim_ascii();
        if text.is_empty() {
            return;
        }
        if self.aside.len() + text.len() > ASIDE {
            self.end_line(to);
        }
        let line_end = |b: &u8| if *b == b'\n' { b' ' } else { *b };
        self.aside.extend(text.iter().map(line_end));
        self.aside.push(b'\n');
    }

    fn tag(&mut self, tag: &Tag<'_>, to: &mut Builder<'_>) {
        let effect = effect(tag.name);
        if effect == Effect::Unknown {
            // Somebody's words in brackets, perhaps.
            self.space(to);
            return self.aside(tag.inner, to);
        }
        self.apply(effect, tag, to);
        let mut values = Vec::new();
        attributes(tag.attributes, &mut |name, value| {
            values.push(value);
            if is_data(name) {
                values.push(name);
            }
        });
        for value in values {
            self.aside(value, to);
        }
    }

    fn apply(&mut self, effect: Effect, tag: &Tag<'_>, to: &mut Builder<'_>) {
        match effect {
            Effect::None | Effect::Unknown => {}
            Effect::Space => self.space(to),
            Effect::Break | Effect::Paragraph | Effect::Heading
                if self.block == Block::Row && self.line < ROW =>
            {
                self.space(to);
            }
            Effect::Break => self.end_line(to),
            Effect::Paragraph | Effect::Heading => {
                let follows_heading = self.after_heading && effect == Effect::Paragraph;
                self.end_line(to);
                if !tag.is_end && !follows_heading {
                    to.text(b"\n");
                }
                self.after_heading = follows_heading || (effect == Effect::Heading && tag.is_end);
            }
            Effect::Row => {
                self.end_line(to);
                self.block = Block::Row.unless(tag.is_end);
            }
            Effect::Cell => {
                if !tag.is_end && self.line > 0 {
                    to.text(b"\t");
                    self.line += 1;
                    self.spaced = true;
                }
            }
            Effect::Preformatted => {
                self.end_line(to);
                self.block = Block::Preformatted.unless(tag.is_end);
            }
            Effect::Raw(end) => {
                self.end_line(to);
                self.raw = (!tag.is_end && !tag.is_empty).then_some(end);
            }
        }
    }

    /// Reads what is no markup: up to `end`, as lines.
    fn raw(
        &mut self,
        end: &'static [u8],
        text: &[u8],
        place: usize,
        last: bool,
        to: &mut Builder<'_>,
    ) -> usize {
        let rest = from(text, place);
        let found = if end.starts_with(b"<") {
            memchr::memchr_iter(b'<', rest).find(|at| begins_with(from(rest, *at), end))
        } else {
            memmem::find(rest, end)
        };
        // What ends it may be cut by the end of the window.
        let hold = if last {
            0
        } else {
            rest.len().min(end.len() - 1)
        };
        let cut = super::bytes::boundary(rest, rest.len() - hold);
        let length = found.unwrap_or(cut);
        to.text(span(rest, 0..length));
        if found.is_none() {
            return place + length;
        }
        to.text(b"\n");
        self.raw = None;
        place + length + if end.starts_with(b"<") { 0 } else { end.len() }
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
            Markup::Comment(content, next) if content.len() <= ASIDE => {
                self.aside(content, to);
                Some(next)
            }
            Markup::Comment(_, _) => Some(self.long(b"-->", place + 4, to)),
            Markup::Long(end, start) => Some(self.long(end, start, to)),
            Markup::Characters(content, next) => {
                self.text(content, to);
                Some(next)
            }
            Markup::Words(content, next) => {
                self.space(to);
                self.text(content, to);
                self.space(to);
                Some(next)
            }
            Markup::Declaration(content, next) => {
                self.aside(content, to);
                Some(next)
            }
            Markup::Text => {
                self.text(b"<", to);
                Some(place + 1)
            }
            Markup::Unfinished => None,
        }
    }

    fn long(&mut self, end: &'static [u8], start: usize, to: &mut Builder<'_>) -> usize {
        self.end_line(to);
        self.raw = Some(end);
        start
    }
}

impl Parser for Html {
    fn feed(&mut self, text: &[u8], last: bool, to: &mut Builder<'_>) -> usize {
        let mut place = 0;
        while place < text.len() {
            if let Some(end) = self.raw {
                place = self.raw(end, text, place, last, to);
                if self.raw.is_some() {
                    break;
                }
                continue;
            }
            let rest = from(text, place);
            let Some(length) = memchr(b'<', rest) else {
                // White space at the end waits for what it stands before.
                let words = if last { rest } else { rest.trim_ascii_end() };
                let words = if rest.len() - words.len() < TOKEN {
                    words
                } else {
                    rest
                };
                self.text(words, to);
                place += words.len();
                break;
            };
            self.text(span(rest, 0..length), to);
            place += length;
            match self.markup(text, place, last, to) {
                Some(next) => place = next,
                None => break,
            }
        }
        if last {
            self.end_line(to);
        }
        self.scanner.move_by(place);
        place
    }
}

/// What the tag called `name` does.
fn effect(name: &[u8]) -> Effect {
    let mut lower = [0; 12];
    let Some(to) = lower.get_mut(..name.len()) else {
        return Effect::Unknown;
    };
    to.copy_from_slice(name);
    to.make_ascii_lowercase();
    match &*to {
        b"a" | b"b" | b"i" | b"em" | b"strong" | b"span" | b"font" | b"u" | b"s" | b"small"
        | b"sub" | b"sup" | b"wbr" | b"mark" | b"code" | b"abbr" | b"tt" | b"big" | b"ins"
        | b"del" | b"cite" | b"q" | b"kbd" | b"var" | b"samp" | b"bdi" | b"bdo" | b"nobr"
        | b"strike" | b"acronym" | b"dfn" | b"time" | b"data" => Effect::None,
        b"img" | b"input" | b"button" | b"select" | b"label" | b"object" | b"embed" | b"iframe"
        | b"audio" | b"video" | b"source" | b"picture" | b"svg" | b"path" | b"canvas" | b"map"
        | b"area" | b"param" | b"col" | b"colgroup" | b"link" | b"meta" | b"base" | b"noscript"
        | b"template" | b"track" | b"g" | b"use" | b"ruby" | b"rt" | b"rp" | b"slot" | b"meter"
        | b"progress" | b"output" | b"applet" | b"basefont" | b"noframes" | b"datalist" => {
            Effect::Space
        }
        b"br" | b"div" | b"li" | b"dt" | b"dd" | b"title" | b"head" | b"body" | b"html"
        | b"form" | b"option" | b"optgroup" | b"caption" | b"thead" | b"tbody" | b"tfoot"
        | b"ul" | b"ol" | b"dl" | b"legend" | b"fieldset" | b"textarea" | b"center" | b"figure"
        | b"figcaption" | b"blockquote" | b"address" | b"main" | b"nav" | b"aside" | b"header"
        | b"footer" | b"details" | b"summary" | b"frame" | b"frameset" | b"menu" | b"dialog"
        | b"search" | b"hgroup" | b"dir" | b"menuitem" => Effect::Break,
        b"p" | b"hr" | b"article" | b"section" | b"table" => Effect::Paragraph,
        b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Effect::Heading,
        b"tr" => Effect::Row,
        b"td" | b"th" => Effect::Cell,
        b"pre" | b"listing" | b"xmp" | b"plaintext" => Effect::Preformatted,
        b"script" => Effect::Raw(b"</script"),
        b"style" => Effect::Raw(b"</style"),
        _ => Effect::Unknown,
    }
}

/// Whether HTML has a tag called `name`.
pub(super) fn has_tag(name: &[u8]) -> bool {
    effect(name) != Effect::Unknown
}
