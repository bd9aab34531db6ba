//! People: two parts of a name and a date, in one record.
//!
//! In rows, every two name-like words of a row go with every date in it. In free
//! text the record is the line, if that holds a date and two capitalised words
//! that are no labels. If it holds fewer, the date belongs to the paragraph, and
//! to the page where that has no names either or no other date of its sort; then
//! only words that stand near each other make a pair. A line that has names and
//! a date of its own lends neither.
//!
//! The number of pairs in one record is bounded; capitalised words come first.

use std::ops::Range;

use super::anchor::{Anchor, before};
use super::code::Codes;
use super::names::Names;
use super::record;
use crate::base::{Date, Kind, Layout, Piece, Readings, Regions, Runs, is_dash, is_word};

/// Pairs with dates that are tried in one record, unless told otherwise.
const LIMIT: usize = 4096;
/// Digits that a date begins with: a year, a year with month and day, a day.
const DATES: Runs = Runs::of(&[1, 2, 4, 8]);
/// Words between the two of a pair outside of the date's own line.
const NEAR: u32 = 8;

/// Takes a canonical form and where its date stands.
type Each<'a> = &'a mut dyn FnMut(&str, Range<usize>);

/// Looks for people. Owns the buffers.
pub(super) struct People {
    pub(super) kind: &'static Kind,
    codes: Codes,
    limit: usize,
    met: bool,
    dates: Vec<Dated>,
    names: Names,
    pairs: Vec<(u32, u32)>,
    form: String,
}

/// A date, and where it stands.
#[derive(Debug, Clone)]
struct Dated {
    span: Range<usize>,
    readings: Readings,
    /// Whether an identity code tells it.
    is_coded: bool,
}

impl People {
    pub(super) fn new(kind: &'static Kind, codes: Codes) -> Self {
        Self {
            kind,
            codes,
            limit: LIMIT,
            met: false,
            dates: Vec::new(),
            names: Names::default(),
            pairs: Vec::new(),
            form: String::new(),
        }
    }

    pub(super) fn set_limit(&mut self, pairs: usize) {
        self.limit = pairs;
    }

    /// Whether the limit was met since this was asked last.
    pub(super) fn limit_met(&mut self) -> bool {
        std::mem::take(&mut self.met)
    }

    /// Hands every pair of names with a date to `each`.
    pub(super) fn find(&mut self, piece: &Piece<'_>, regions: &Regions, each: Each<'_>) {
        let mut dates = std::mem::take(&mut self.dates);
        dates.clear();
        self.dates(piece.text, regions, &mut dates);
        match piece.layout {
            Layout::Rows => self.rows(piece, &dates, each),
            Layout::Lines => self.lines(piece, &dates, each),
        }
        self.dates = dates;
    }

    /// Every date in `text`, in order.
    fn dates(&self, text: &str, regions: &Regions, dates: &mut Vec<Dated>) {
        for anchor in self
            .codes
            .anchors()
            .and_runs(DATES)
            .within(text.as_bytes(), 0..text.len())
        {
            let Anchor::Digits(run) = anchor else {
                continue;
            };
            let start = run.start;
            if is_glued(text, start) {
                continue;
            }
            let rest = text.get(start..).unwrap_or_default();
            if let Some((length, readings)) = Date::at_start(rest) {
                dates.push(Dated {
                    span: start..start + length,
                    readings,
                    is_coded: false,
                });
            } else if let Some((span, date)) = self.codes.born(text, &run, regions) {
                dates.push(Dated {
                    span,
                    readings: [Some(date), None],
                    is_coded: true,
                });
            }
        }
    }

    fn rows(&mut self, piece: &Piece<'_>, dates: &[Dated], each: Each<'_>) {
        let mut rest = dates;
        while let Some(first) = rest.first() {
            let Some(row) = record::row(piece, first.span.start) else {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            let count = rest
                .partition_point(|date| date.span.start < row.end)
                .max(1);
            let (here, behind) = rest.split_at(count.min(rest.len()));
            rest = behind;
            if here.iter().any(|date| piece.own.contains(&date.span.start)) {
                self.names.read_row(piece.text, row);
                let words = 0..self.names.len();
                self.own_pairs(words, here);
                self.give(here, &piece.own, &mut self.limit.clone(), each);
            }
        }
    }

    fn lines(&mut self, piece: &Piece<'_>, dates: &[Dated], each: Each<'_>) {
        let text = piece.text;
        if record::is_page(piece) {
            self.unit(piece, 0..text.len(), dates, each);
            return;
        }
        let mut rest = dates;
        while let Some(first) = rest.first() {
            let line = record::line(text, first.span.start);
            let unit = record::paragraph(text, line.clone(), text.len()).unwrap_or(line);
            let count = rest
                .partition_point(|date| date.span.start < unit.end)
                .max(1);
            let (here, behind) = rest.split_at(count.min(rest.len()));
            rest = behind;
            self.unit(piece, unit, here, each);
        }
    }

    /// A paragraph, or a page: all people whose dates are in it.
    fn unit(&mut self, piece: &Piece<'_>, unit: Range<usize>, dates: &[Dated], each: Each<'_>) {
        if !dates
            .iter()
            .any(|date| piece.own.contains(&date.span.start))
        {
            return;
        }
        let is_page = record::is_page(piece);
        let starts: Vec<usize> = dates.iter().map(|date| date.span.start).collect();
        self.names.read_lines(piece.text, unit, &starts);
        let mut weak: Vec<(usize, &Dated)> = Vec::new();
        for line in 0..self.names.lines().len() {
            let Some(info) = self.names.lines().get(line).cloned() else {
                break;
            };
            let here = dates.get(info.dates.clone()).unwrap_or_default();
            if here.is_empty() {
                continue;
            }
            if info.has_names() {
                self.own_pairs(info.words, here);
                self.give(here, &piece.own, &mut self.limit.clone(), each);
            } else {
                weak.extend(here.iter().map(|date| (line, date)));
            }
        }
        self.widened(piece, &mut weak, is_page, each);
    }

    /// The dates whose lines have no names of their own.
    fn widened(
        &mut self,
        piece: &Piece<'_>,
        weak: &mut [(usize, &Dated)],
        is_page: bool,
        each: Each<'_>,
    ) {
        let is_only = |coded: bool| {
            let mut same = weak.iter().filter(|(_, date)| date.is_coded == coded);
            let first = same.next().map(|(_, date)| date.readings);
            same.all(|(_, date)| Some(date.readings) == first)
        };
        let has_codes = weak.iter().any(|(_, date)| date.is_coded);
        // Beside an identity code, a date is hardly the date of birth.
        let (only_plain, only_coded) = (!has_codes && is_only(false), is_only(true));
        // Identity codes are dates of birth for sure: they come first while the
        // allowance lasts.
        weak.sort_by_key(|(line, date)| (!date.is_coded, *line));
        let mut allowance = self.limit;
        let mut paragraph = (usize::MAX, Vec::new(), 0);
        let mut page: Option<Vec<(u32, u32)>> = None;
        for (line, date) in weak.iter() {
            if !piece.own.contains(&date.span.start) {
                continue;
            }
            let Some(info) = self.names.lines().get(*line).cloned() else {
                continue;
            };
            if paragraph.0 != info.paragraph {
                let (pairs, names) = self.near_pairs(Some(info.paragraph));
                paragraph = (info.paragraph, pairs, names);
            }
            let is_only = if date.is_coded {
                only_coded
            } else {
                only_plain
            };
            let date = std::slice::from_ref(*date);
            self.own_pairs(info.words, date);
            self.give(date, &piece.own, &mut self.limit.clone(), each);
            if allowance == 0 {
                self.met = true;
                continue;
            }
            let own = std::mem::take(&mut self.pairs);
            self.pairs.extend_from_slice(&paragraph.1);
            if is_page && (paragraph.2 < 2 || is_only) {
                let pairs = page.get_or_insert_with(|| self.near_pairs(None).0);
                self.pairs.extend_from_slice(pairs);
            }
            self.pairs.retain(|pair| own.binary_search(pair).is_err());
            self.give(date, &piece.own, &mut allowance, each);
        }
    }

    /// Puts every pair of the words in that range into the buffer.
    fn own_pairs(&mut self, words: Range<usize>, dates: &[Dated]) {
        let most = self.limit / dates.len().max(1);
        self.pairs.clear();
        self.met |= self.names.pairs(words, most, &mut self.pairs);
    }

    /// Pairs of near words in the lines that lend theirs, of one paragraph or of
    /// all, and how many names these have.
    fn near_pairs(&mut self, paragraph: Option<usize>) -> (Vec<(u32, u32)>, usize) {
        let (pairs, names, met) = self.names.near_pairs(paragraph, NEAR, self.limit);
        self.met |= met;
        (pairs, names)
    }

    /// Hands the pairs in the buffer with each of `dates` to `each`, as long as
    /// the allowance lasts.
    fn give(&mut self, dates: &[Dated], own: &Range<usize>, allowance: &mut usize, each: Each<'_>) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        let mut given: [Option<Date>; 16] = [None; 16];
        let mut count = 0;
        for dated in dates {
            for date in dated.readings.into_iter().flatten() {
                if given.contains(&Some(date)) {
                    continue;
                }
                if let Some(room) = given.get_mut(count % 16) {
                    *room = Some(date);
                    count += 1;
                }
                let affordable = self.pairs.len().min(*allowance);
                *allowance -= affordable;
                self.met |= affordable < self.pairs.len();
                if own.contains(&dated.span.start) {
                    self.spell(affordable, &date.to_string(), &dated.span, each);
                }
            }
        }
    }

    /// Hands the first `count` pairs in the buffer with `date` to `each`.
    fn spell(&mut self, count: usize, date: &str, span: &Range<usize>, each: Each<'_>) {
        let (mut begun, mut length) = (None, 0);
        for (low, high) in self.pairs.iter().take(count) {
            // The pairs are sorted: many begin alike.
            if begun != Some(*low) {
                self.form.clear();
                self.form.push_str(self.names.name(*low));
                (begun, length) = (Some(*low), self.form.len());
            }
            self.form.truncate(length);
            self.form.push_str(self.names.name(*high));
            self.form.push_str(date);
            each(&self.form, span.clone());
        }
    }
}

/// Whether the digits at `start` go on what stands before them.
fn is_glued(text: &str, start: usize) -> bool {
    let Some(c) = before(text, start) else {
        return false;
    };
    let is_mark = is_dash(c) || matches!(c, '.' | '/');
    let further = before(text, start - c.len_utf8());
    is_word(c) || (is_mark && further.is_some_and(|c| c.is_ascii_digit()))
}
