//! The name-like words of a record, folded.

use std::ops::Range;

use super::words::{Tokens, Word};
use crate::base::{fold_name, has_leftovers, name_parts};

/// Words of a cell that can be a sentence. Given names, particles and a family name
/// without a capital are fewer.
const PROSE: usize = 5;
/// Words of a line that is short: names in it count whatever their case.
const SHORT: usize = 12;

/// The words of one row, paragraph or page. Owns the buffers.
#[derive(Default)]
pub(super) struct Names {
    /// All folded parts, one behind the other, a space behind each.
    folded: String,
    parts: Vec<Part>,
    /// The words that are being read, before they are folded.
    tokens: Tokens,
    lines: Vec<Line>,
    /// Distinct folded parts in byte order: where they stand in `folded`.
    distinct: Vec<Range<usize>>,
    scratch: String,
    /// Parts with their first letters, to be ordered.
    order: Vec<(u64, usize)>,
    ranks: Vec<(u32, bool, u32)>,
}

/// Something that can be a part of a name.
#[derive(Clone)]
struct Part {
    /// Where it stands in the folded text.
    folded: Range<usize>,
    /// Its place among the distinct ones.
    rank: u32,
    /// The word that it is from, and where that begins in the piece.
    word: u32,
    at: usize,
    is_capital: bool,
}

/// A line of free text.
#[derive(Clone)]
pub(super) struct Line {
    /// Its words, as indices of parts.
    pub(super) words: Range<usize>,
    /// Its dates.
    pub(super) dates: Range<usize>,
    /// The paragraph that it is in.
    pub(super) paragraph: usize,
    /// Capitalised words that are no labels.
    names: usize,
    /// Whether others may use its words.
    lends: bool,
}

impl Line {
    /// Whether its dates go with its own words only.
    pub(super) fn has_names(&self) -> bool {
        self.names >= 2
    }
}

impl Names {
    /// How many parts there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The folded name of that rank, and a space.
    pub(super) fn name(&self, rank: u32) -> &str {
        let place = usize::try_from(rank)
            .ok()
            .and_then(|at| self.distinct.get(at));
        place
            .and_then(|place| self.folded.get(place.start..=place.end))
            .unwrap_or_default()
    }

    /// The parts among `words` whose word begins in `place`, and how many capitalised
    /// words these are of.
    pub(super) fn within(&self, words: Range<usize>, place: Range<usize>) -> (Range<usize>, usize) {
        let parts = self.parts.get(words.clone()).unwrap_or_default();
        let start = parts.partition_point(|part| part.at < place.start);
        let end = parts.partition_point(|part| part.at < place.end).max(start);
        let here = parts.get(start..end).unwrap_or_default();
        let words_here = here.chunk_by(|one, other| one.word == other.word);
        let is_capital = |word: &&[Part]| word.first().is_some_and(|part| part.is_capital);
        let capitals = words_here.filter(is_capital).count();
        (words.start + start..words.start + end, capitals)
    }

    /// Reads a row: every word counts but those of its dates, and in cells of prose
    /// those without a capital.
    pub(super) fn read_row<'a>(
        &mut self,
        text: &str,
        row: Range<usize>,
        dates: impl Iterator<Item = &'a Range<usize>>,
    ) {
        self.clear();
        let start = row.start;
        let row = text.get(row).unwrap_or_default();
        self.tokens.read(row);
        drop_dates(&mut self.tokens.words, start, dates);
        drop_prose(&mut self.tokens.words, row);
        self.fold(row, start);
        self.rank();
    }

    /// Reads the lines of `unit`. `dates` are where its dates stand, in order.
    pub(super) fn read_lines(&mut self, text: &str, unit: Range<usize>, dates: &[Range<usize>]) {
        self.clear();
        let (mut start, mut paragraph, mut date) = (unit.start, 0, 0);
        // The label that the paragraph began with, and the dates before it.
        let mut first: Option<(&str, usize)> = None;
        for line in text.get(unit).unwrap_or_default().split('\n') {
            let end = start + line.len();
            if line.trim().is_empty() {
                paragraph += 1;
                first = None;
            } else {
                // A list of records without blank lines: the next one begins with
                // the same label, and the date of this one was seen.
                if let Some(label) = label(line) {
                    match first {
                        Some((other, before)) if other == label && before < date => {
                            paragraph += 1;
                            first = Some((label, date));
                        }
                        None => first = Some((label, date)),
                        Some(_) => {}
                    }
                }
                let behind = dates.partition_point(|date| date.start <= end).max(date);
                let here = dates.get(date..behind).unwrap_or_default();
                self.read_line(line, start, here, (paragraph, date..behind));
                date = behind;
            }
            start = end + 1;
        }
        self.rank();
    }

    fn clear(&mut self) {
        self.folded.clear();
        self.parts.clear();
        self.lines.clear();
        self.distinct.clear();
        self.tokens.restart();
    }

    /// Reads `line`, which begins at `start`, and in which `spans` are dates.
    fn read_line(
        &mut self,
        line: &str,
        start: usize,
        spans: &[Range<usize>],
        (paragraph, dates): (usize, Range<usize>),
    ) {
        let first = self.parts.len();
        self.tokens.read(line);
        drop_dates(&mut self.tokens.words, start, spans.iter());
        let raw = &mut self.tokens.words;
        let count = |counts: fn(&Word) -> bool| raw.iter().filter(|word| counts(word)).count();
        let words = raw.len();
        let capitals = count(|word| word.is_capital);
        let names = count(|word| word.is_capital && !word.is_label);
        let plain = count(|word| !word.is_label);
        let has_own = capitals >= 2 || (capitals == 0 && words <= SHORT && plain >= 2);
        if words > SHORT {
            raw.retain(|word| word.is_capital);
        }
        self.fold(line, start);
        self.lines.push(Line {
            words: first..self.parts.len(),
            lends: dates.is_empty() || !has_own,
            dates,
            paragraph,
            names,
        });
    }

    /// Folds the words that were read from `text`, which begins at `start`, into
    /// parts.
    fn fold(&mut self, text: &str, start: usize) {
        let (folded, parts) = (&mut self.folded, &mut self.parts);
        for word in &self.tokens.words {
            let written = text.get(word.place.clone()).unwrap_or_default();
            let mut add = |folded: &mut String, from: usize| {
                parts.push(Part {
                    folded: from..folded.len(),
                    rank: 0,
                    word: word.number,
                    at: start + word.place.start,
                    is_capital: word.is_capital,
                });
                folded.push(' ');
            };
            if word.is_joined || has_leftovers(written) {
                // A double-barrelled name gives several.
                name_parts(written, &mut self.scratch, |part| {
                    let from = folded.len();
                    folded.push_str(part);
                    add(folded, from);
                });
                continue;
            }
            let from = folded.len();
            fold_name(written, folded);
            let part = folded.get(from..).unwrap_or_default();
            if part.chars().nth(1).is_some() {
                add(folded, from);
            } else {
                folded.truncate(from);
            }
        }
    }

    /// Gives equal parts one rank, in byte order.
    fn rank(&mut self) {
        let folded = self.folded.as_bytes();
        let name = |part: &Part| folded.get(part.folded.clone()).unwrap_or_default();
        self.order.clear();
        let parts = self.parts.iter().enumerate();
        self.order
            .extend(parts.map(|(at, part)| (first_letters(name(part)), at)));
        let at = |at: usize| self.parts.get(at).map(name);
        self.order.sort_unstable_by(|one, other| {
            let first = one.0.cmp(&other.0);
            first.then_with(|| at(one.1).cmp(&at(other.1)))
        });
        for (_, at) in &self.order {
            let Some(part) = self.parts.get_mut(*at) else {
                continue;
            };
            let last = self
                .distinct
                .last()
                .and_then(|last| folded.get(last.clone()));
            if last != Some(name(part)) {
                self.distinct.push(part.folded.clone());
            }
            part.rank = u32::try_from(self.distinct.len() - 1).unwrap_or(u32::MAX);
        }
    }

    /// Adds every pair of the parts in that range to `pairs`, which is empty, at most
    /// `most`; whether that left some out.
    pub(super) fn pairs(
        &mut self,
        words: Range<usize>,
        most: usize,
        pairs: &mut Vec<(u32, u32)>,
    ) -> bool {
        let parts = self.parts.get(words).unwrap_or_default();
        let ranks = &mut self.ranks;
        ranks.clear();
        ranks.extend(
            parts
                .iter()
                .map(|part| (part.rank, !part.is_capital, part.word)),
        );
        ranks.sort_unstable();
        // Somebody may be called Heikki Heikki.
        for same in ranks.chunk_by(|one, other| one.0 == other.0) {
            if let ([first, .., last], true) = (same, same.len() > 1)
                && first.2 != last.2
                && pairs.len() < most
            {
                pairs.push((first.0, first.0));
            }
        }
        ranks.dedup_by_key(|part| part.0);
        // n words make n * (n - 1) / 2 pairs.
        let fits = |n: usize| n * n.saturating_sub(1) / 2 + pairs.len() <= most;
        let is_cut = !fits(ranks.len());
        if is_cut {
            ranks.sort_by_key(|part| part.1);
            let fitting = (1..=ranks.len()).take_while(|n| fits(*n));
            ranks.truncate(fitting.last().unwrap_or(0));
        }
        for (at, one) in ranks.iter().enumerate() {
            let others = ranks.iter().skip(at + 1);
            pairs.extend(others.map(|other| (one.0.min(other.0), one.0.max(other.0))));
        }
        is_cut
    }

    /// Pairs of words at most `near` words apart in the lines that lend theirs, of
    /// one paragraph or of all, at most `most`; how many capitalised words these
    /// lines have that are no labels; and whether some pairs were left out.
    pub(super) fn near_pairs(
        &self,
        paragraph: Option<usize>,
        near: u32,
        most: usize,
    ) -> (Vec<(u32, u32)>, usize, bool) {
        let lenders = self
            .lines
            .iter()
            .filter(|line| line.lends && paragraph.is_none_or(|one| line.paragraph == one));
        let mut names = 0;
        let mut parts: Vec<&Part> = Vec::new();
        for line in lenders {
            names += line.names;
            parts.extend(self.parts.get(line.words.clone()).unwrap_or_default());
        }
        // So many that equal ones among them can be left out.
        let room = most.saturating_mul(8);
        let (pairs, is_whole) = near_pairs(&parts, near, room);
        if is_whole && pairs.len() <= most {
            return (pairs, names, false);
        }
        parts.retain(|part| part.is_capital);
        let (mut pairs, _) = near_pairs(&parts, near, room);
        pairs.truncate(most);
        (pairs, names, true)
    }
}

/// Every near pair once, and whether there was room for all.
fn near_pairs(parts: &[&Part], near: u32, room: usize) -> (Vec<(u32, u32)>, bool) {
    let mut pairs = Vec::new();
    for (at, one) in parts.iter().enumerate() {
        let following = parts.iter().skip(at + 1);
        for other in following.take_while(|other| other.word.abs_diff(one.word) <= near) {
            if other.word != one.word {
                pairs.push((one.rank.min(other.rank), one.rank.max(other.rank)));
            }
        }
        if pairs.len() > room {
            break;
        }
    }
    let is_whole = pairs.len() <= room;
    pairs.sort_unstable();
    pairs.dedup();
    (pairs, is_whole)
}

/// Leaves out the words without a capital of cells that hold sentences, in a row that
/// writes names with capitals; as in free text.
fn drop_prose(words: &mut Vec<Word>, row: &str) {
    let capitals = words.iter().filter(|word| word.is_capital).count();
    if capitals < 2 || words.len() - capitals < PROSE / 2 {
        return;
    }
    let same_cell = |one: &Word, other: &Word| {
        let between = row.as_bytes().get(one.place.end..other.place.start);
        between.is_some_and(|between| memchr::memchr(b'\n', between).is_none())
    };
    let mut keep = Vec::with_capacity(words.len());
    for cell in words.chunk_by(same_cell) {
        let capitals = cell.iter().filter(|word| word.is_capital).count();
        let is_prose = cell.len() >= PROSE && capitals * 2 < cell.len();
        keep.extend(cell.iter().map(|word| word.is_capital || !is_prose));
    }
    let mut keep = keep.into_iter();
    words.retain(|_| keep.next().unwrap_or(true));
}

/// Leaves out those of `words`, in a text that begins at `start`, that are names of
/// months in `dates`.
fn drop_dates<'a>(
    words: &mut Vec<Word>,
    start: usize,
    dates: impl Iterator<Item = &'a Range<usize>>,
) {
    let mut dates = dates.peekable();
    words.retain(|word| {
        let at = start + word.place.start;
        while dates.next_if(|date| date.end <= at).is_some() {}
        dates.peek().is_none_or(|date| at < date.start)
    });
}

/// What `line` calls its value: `name` in `- name: `, `name = ` and `name | `.
fn label(line: &str) -> Option<&str> {
    let (label, _) = line.split_once([':', '=', '|'])?;
    let label = label.trim().trim_start_matches("- ");
    let is_short = (1..=40).contains(&label.len());
    let is_word = label.chars().any(char::is_alphabetic) && !label.contains('@');
    (is_short && is_word).then_some(label)
}

/// The first eight bytes of `name` as a number that orders as they do.
fn first_letters(name: &[u8]) -> u64 {
    let mut letters = [0; 8];
    for (to, from) in letters.iter_mut().zip(name) {
        *to = *from;
    }
    u64::from_be_bytes(letters)
}
