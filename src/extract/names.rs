//! The name-like words of a record, folded.

use std::ops::Range;

use crate::base::{is_apostrophe, is_dash, is_word, name_parts};

/// Words of a line that is short: names in it count whatever their case.
const SHORT: usize = 12;
/// Bytes of a word that can be a name.
const LONGEST: usize = 64;

/// The words of one row, paragraph or page. Owns the buffers.
#[derive(Default)]
pub(super) struct Names {
    /// All folded parts, one behind the other.
    folded: String,
    parts: Vec<Part>,
    /// The words that are being read, before they are folded.
    raw: Vec<Word>,
    lines: Vec<Line>,
    /// Distinct folded parts in byte order: where they stand in `folded`.
    distinct: Vec<Range<usize>>,
    scratch: String,
    /// Words so far.
    words: u32,
    /// The first word since the last separator: what a colon makes a label.
    segment: usize,
    /// The first word of the token that was read last: what `=` makes a label.
    token: usize,
}

/// A word as it is written.
struct Word {
    place: Range<usize>,
    number: u32,
    is_capital: bool,
    is_label: bool,
}

/// Something that can be a part of a name.
#[derive(Clone)]
struct Part {
    /// Where it stands in the folded text.
    folded: Range<usize>,
    /// Its place among the distinct ones.
    rank: u32,
    /// The word that it is from.
    word: u32,
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

    /// The folded name of that rank.
    pub(super) fn name(&self, rank: u32) -> &str {
        let place = usize::try_from(rank)
            .ok()
            .and_then(|at| self.distinct.get(at));
        place
            .and_then(|place| self.folded.get(place.clone()))
            .unwrap_or_default()
    }

    /// Reads a row: every word counts.
    pub(super) fn read_row(&mut self, text: &str, row: Range<usize>) {
        self.clear();
        let row = text.get(row).unwrap_or_default();
        self.read(row);
        self.fold(row);
        self.rank();
    }

    /// Reads the lines of `unit`. `dates` are where its dates begin, in order.
    pub(super) fn read_lines(&mut self, text: &str, unit: Range<usize>, dates: &[usize]) {
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
                let behind = dates.partition_point(|at| *at <= end);
                self.read_line(line, paragraph, date..behind.max(date));
                date = behind.max(date);
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
        self.words = 0;
    }

    fn read_line(&mut self, line: &str, paragraph: usize, dates: Range<usize>) {
        let first = self.parts.len();
        self.read(line);
        let count = |counts: fn(&Word) -> bool| self.raw.iter().filter(|word| counts(word)).count();
        let words = self.raw.len();
        let capitals = count(|word| word.is_capital);
        let names = count(|word| word.is_capital && !word.is_label);
        let plain = count(|word| !word.is_label);
        let has_own = capitals >= 2 || (capitals == 0 && words <= SHORT && plain >= 2);
        if words > SHORT {
            self.raw.retain(|word| word.is_capital);
        }
        self.fold(line);
        self.lines.push(Line {
            words: first..self.parts.len(),
            lends: dates.is_empty() || !has_own,
            dates,
            paragraph,
            names,
        });
    }

    /// Reads the words of `text`, but for those of addresses.
    fn read(&mut self, text: &str) {
        self.raw.clear();
        self.segment = 0;
        self.token = 0;
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let Some(c) = rest.chars().next()
        {
            let length = token(rest);
            if length == 0 {
                self.separator(c);
                at += c.len_utf8();
            } else {
                let token = rest.get(..length).unwrap_or_default();
                self.token = self.raw.len();
                if !is_address(token) {
                    self.read_token(token, at);
                }
                at += length;
            }
        }
    }

    fn separator(&mut self, c: char) {
        if c == '=' {
            for word in self.raw.iter_mut().skip(self.token) {
                word.is_label = true;
            }
        }
        if c == ':' {
            for word in self.raw.iter_mut().skip(self.segment) {
                word.is_label = true;
            }
        }
        if c != ' ' {
            self.segment = self.raw.len();
        }
    }

    /// Reads the words of `token`, what stands between two separators, at `begin`.
    fn read_token(&mut self, token: &str, begin: usize) {
        let mut start = None;
        let mut has_digits = false;
        let mut chars = token.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if is_word(c) {
                start.get_or_insert(at);
                has_digits |= c.is_numeric();
            } else if let Some(from) = start {
                let next = chars.peek().map(|(_, next)| *next);
                let joins = (is_dash(c) || is_apostrophe(c))
                    && !has_digits
                    && next.is_some_and(char::is_alphabetic);
                if !joins {
                    self.word(token, from..at, begin, has_digits);
                    (start, has_digits) = (None, false);
                }
            }
        }
        if let Some(from) = start {
            self.word(token, from..token.len(), begin, has_digits);
        }
    }

    fn word(&mut self, token: &str, place: Range<usize>, begin: usize, has_digits: bool) {
        let word = token.get(place.clone()).unwrap_or_default();
        let is_initial = word.chars().nth(1).is_none();
        if has_digits || is_initial || word.len() > LONGEST {
            return;
        }
        self.raw.push(Word {
            place: begin + place.start..begin + place.end,
            number: self.words,
            is_capital: word.starts_with(char::is_uppercase),
            is_label: is_usual_label(word),
        });
        self.words += 1;
    }

    /// Folds the words that were read from `text` into parts.
    fn fold(&mut self, text: &str) {
        let (folded, parts) = (&mut self.folded, &mut self.parts);
        for word in &self.raw {
            let written = text.get(word.place.clone()).unwrap_or_default();
            name_parts(written, &mut self.scratch, |part| {
                let from = folded.len();
                folded.push_str(part);
                parts.push(Part {
                    folded: from..folded.len(),
                    rank: 0,
                    word: word.number,
                    is_capital: word.is_capital,
                });
            });
        }
    }

    /// Gives equal parts one rank, in byte order.
    fn rank(&mut self) {
        let folded = &self.folded;
        let name = |part: &Part| folded.get(part.folded.clone()).unwrap_or_default();
        let mut order: Vec<usize> = (0..self.parts.len()).collect();
        order.sort_unstable_by_key(|at| self.parts.get(*at).map(name));
        for at in order {
            let Some(part) = self.parts.get_mut(at) else {
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

    /// Adds every pair of the parts in that range to `pairs`, at most `most`;
    /// whether that left some out.
    pub(super) fn pairs(
        &self,
        words: Range<usize>,
        most: usize,
        pairs: &mut Vec<(u32, u32)>,
    ) -> bool {
        let parts = self.parts.get(words).unwrap_or_default();
        let mut ranks: Vec<(u32, bool, u32)> = parts
            .iter()
            .map(|part| (part.rank, !part.is_capital, part.word))
            .collect();
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
        ranks.sort_by_key(|part| part.1);
        // n words make n * (n - 1) / 2 pairs.
        let fitting = (1..=ranks.len()).take_while(|n| n * (n - 1) / 2 + pairs.len() <= most);
        let words = fitting.last().unwrap_or(0);
        let is_cut = words < ranks.len();
        ranks.truncate(words);
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

/// What `line` calls its value: `name` in `- name: `, `name = ` and `name | `.
fn label(line: &str) -> Option<&str> {
    let (label, _) = line.split_once([':', '=', '|'])?;
    let label = label.trim().trim_start_matches("- ");
    let is_short = (1..=40).contains(&label.len());
    let is_word = label.chars().any(char::is_alphabetic) && !label.contains('@');
    (is_short && is_word).then_some(label)
}

/// The length of the token that `text` begins with; none if with a separator.
fn token(text: &str) -> usize {
    let mut chars = text.char_indices();
    let end = chars.find(|(at, c)| match c {
        ',' | ';' | '|' | '"' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '='
        // What rare exports put between cells, and forms between fields.
        | '~' | '^' | '*' | '#' | '&' => true,
        // `https://` is no label.
        ':' => !text.get(*at..).is_some_and(|rest| rest.starts_with("://")),
        c => c.is_whitespace(),
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// Whether `word` labels a date of birth in forms that put no colon behind it.
fn is_usual_label(word: &str) -> bool {
    const LABELS: [&str; 6] = ["date", "birth", "born", "birthdate", "dob", "hetu"];
    LABELS.iter().any(|label| word.eq_ignore_ascii_case(label))
}

/// Whether `token` is an address of mail or of the web.
fn is_address(token: &str) -> bool {
    token.contains('@') || token.contains("://") || token.starts_with("www.")
}
