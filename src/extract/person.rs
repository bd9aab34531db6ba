//! People: two parts of a name and a date, in one record.
//!
//! In rows, every two name-like words of a row go with every date in it. In free
//! text the record is the line, if that holds a date and two capitalised words
//! that are no labels. If it holds fewer, the date belongs to the paragraph, and
//! to the page where that has no names either or no other date of its sort; then
//! only words that stand near each other make a pair. A line that has names and
//! a date of its own lends neither.
//!
//! Where a line is about several people and its punctuation tells whose each date is
//! (`tied.rs`), they do not swap them. Years of two digits count only where a row or a
//! paragraph has no other date: too much looks like that.
//!
//! The number of pairs in one record is bounded; capitalised words come first.

use std::ops::Range;

use super::anchor::{Anchor, before};
use super::code::Codes;
use super::names::Names;
use super::record;
use super::tied;
use crate::base::{Date, Kind, Layout, Piece, Readings, Regions, Runs, is_word};

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
    /// Those whose years have two digits.
    shorts: Vec<Dated>,
    spans: Vec<Range<usize>>,
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
            shorts: Vec::new(),
            spans: Vec::new(),
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
        let mut shorts = std::mem::take(&mut self.shorts);
        dates.clear();
        shorts.clear();
        self.dates(piece, regions, &mut dates, &mut shorts);
        retain_lonely(&mut shorts, &dates, piece);
        for dates in [&dates, &shorts] {
            match piece.layout {
                Layout::Rows => self.rows(piece, dates, each),
                Layout::Lines => self.lines(piece, dates, each),
            }
        }
        (self.dates, self.shorts) = (dates, shorts);
    }

    /// Every date in the piece, in order; those with two digits for a year apart.
    fn dates(
        &self,
        piece: &Piece<'_>,
        regions: &Regions,
        dates: &mut Vec<Dated>,
        shorts: &mut Vec<Dated>,
    ) {
        let text = piece.text;
        for anchor in self
            .codes
            .anchors()
            .and_runs(DATES)
            .within(text.as_bytes(), 0..text.len())
        {
            let Anchor::Digits(run) = anchor else {
                continue;
            };
            if is_glued(text, run.start) {
                continue;
            }
            if let Some(date) = self.date(piece, &run, regions) {
                dates.push(date);
            } else if run.len() <= 2 {
                let rest = text.get(run.start..).unwrap_or_default();
                let short = Date::short_at_start(rest);
                shorts.extend(short.map(|date| plain(run.start, date)));
            }
        }
    }

    /// The date that begins with the digits at `run`, or has its day there.
    #[inline]
    fn date(&self, piece: &Piece<'_>, run: &Range<usize>, regions: &Regions) -> Option<Dated> {
        let text = piece.text;
        let rest = text.get(run.start..).unwrap_or_default();
        if let Some(date) = Date::at_start(rest) {
            return Some(plain(run.start, date));
        }
        if let Some((span, date)) = self.codes.born(text, run, regions) {
            return Some(Dated {
                span,
                readings: [Some(date), None, None, None],
                is_coded: true,
            });
        }
        let (span, readings) = match run.len() {
            1 | 2 => Date::behind_month(text, run.start)?,
            8 if piece.layout == Layout::Rows && is_cell(text, run) => {
                (run.clone(), Date::in_cell(text.get(run.clone())?)?)
            }
            _ => return None,
        };
        Some(Dated {
            span,
            readings,
            is_coded: false,
        })
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
                let spans = here.iter().map(|date| &date.span);
                self.names.read_row(piece.text, row, spans);
                let words = 0..self.names.len();
                self.own_pairs(words, here);
                self.give(here, &piece.own, &mut self.limit.clone(), each);
            }
        }
    }

    fn lines(&mut self, piece: &Piece<'_>, dates: &[Dated], each: Each<'_>) {
        let text = piece.text;
        if record::is_page(piece) && !dates.is_empty() {
            self.unit(piece, 0..text.len(), dates, each);
            return;
        }
        let mut rest = dates;
        while let Some(first) = rest.first() {
            let unit = block(text, first.span.start);
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
        let mut spans = std::mem::take(&mut self.spans);
        spans.clear();
        spans.extend(dates.iter().map(|date| date.span.clone()));
        self.names.read_lines(piece.text, unit, &spans);
        self.spans = spans;
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
                self.line(piece, info.words, here, each);
            } else {
                weak.extend(here.iter().map(|date| (line, date)));
            }
        }
        self.widened(piece, &mut weak, is_page, each);
    }

    /// A line that has names and dates.
    fn line(&mut self, piece: &Piece<'_>, words: Range<usize>, dates: &[Dated], each: Each<'_>) {
        let mut allowance = self.limit;
        if !self.are_tied(piece.text, words.clone(), dates) {
            self.own_pairs(words, dates);
            self.give(dates, &piece.own, &mut allowance, each);
            return;
        }
        let mut from = 0;
        for one in dates.chunks(1) {
            let Some(span) = one.first().map(|date| date.span.clone()) else {
                continue;
            };
            let (own, _) = self.names.within(words.clone(), from..span.start);
            self.own_pairs(own, one);
            self.give(one, &piece.own, &mut allowance, each);
            from = span.end;
        }
    }

    /// Whether every one of `dates`, in one line, belongs to the names before it.
    fn are_tied(&self, text: &str, words: Range<usize>, dates: &[Dated]) -> bool {
        let [first, .., last] = dates else {
            return false;
        };
        let (mut from, mut inner, mut outer) = (0, tied::Gap::Blank, tied::Gap::And);
        let each_tied = dates.iter().all(|dated| {
            let (_, names) = self.names.within(words.clone(), from..dated.span.start);
            from = dated.span.end;
            let Some(gap) = tied::before_date(text, dated.span.start) else {
                return false;
            };
            inner = inner.max(gap);
            if dated.span != last.span {
                outer = outer.min(tied::behind_date(text, dated.span.end));
            }
            names >= 2 && dated.is_coded == first.is_coded && inner < outer
        });
        let (_, behind) = self.names.within(words, last.span.end..usize::MAX);
        each_tied && behind < 2
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

/// A date that no identity code tells, at `start`.
fn plain(start: usize, (length, readings): (usize, Readings)) -> Dated {
    Dated {
        span: start..start + length,
        readings,
        is_coded: false,
    }
}

/// Leaves those of `shorts` whose row, paragraph or page has none of `dates`.
fn retain_lonely(shorts: &mut Vec<Dated>, dates: &[Dated], piece: &Piece<'_>) {
    let (mut unit, mut is_lonely) = (0..0, false);
    shorts.retain(|short| {
        let at = short.span.start;
        if !unit.contains(&at) {
            unit = match piece.layout {
                Layout::Rows => record::row(piece, at).unwrap_or(at..at + 1),
                Layout::Lines if record::is_page(piece) => 0..piece.text.len(),
                Layout::Lines => block(piece.text, at),
            };
            let behind = dates.partition_point(|date| date.span.start < unit.start);
            let next = dates.get(behind);
            is_lonely = next.is_none_or(|date| date.span.start >= unit.end);
        }
        is_lonely
    });
}

/// The paragraph around `at`.
fn block(text: &str, at: usize) -> Range<usize> {
    let line = record::line(text, at);
    record::paragraph(text, line.clone(), text.len()).unwrap_or(line)
}

/// Whether the digits at `run` are all that stands in their cell.
fn is_cell(text: &str, run: &Range<usize>) -> bool {
    let byte = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).copied();
    let ends = |byte: Option<u8>| byte.is_none_or(|byte| byte == b'\n');
    ends(byte(run.start.checked_sub(1))) && ends(byte(Some(run.end)))
}

/// Whether the digits at `start` go on what stands before them.
fn is_glued(text: &str, start: usize) -> bool {
    let Some(c) = before(text, start) else {
        return false;
    };
    let further = before(text, start - c.len_utf8());
    let is_mark = matches!(c, '-' | '.' | '/');
    is_word(c) || (is_mark && further.is_some_and(|c| c.is_ascii_digit()))
}
