//! Regular expressions: an organisation's own kinds.
//!
//! | in  | text, and the expressions of all kinds that are wanted            |
//! |-----|-------------------------------------------------------------------|
//! | out | for each place and each kind the longest match there              |
//! | not | what begins or ends within a word; anything longer than a limit   |
//!
//! One pass for all kinds: a search for the next place at which any expression
//! matches, which skips what holds none of their literals, and from there one walk
//! of an automaton that knows all of them and says which end where. Both take time
//! in proportion to the text, whatever the expressions are (regex-automata); from
//! one place the walk goes no further than the longest match, and there is at most
//! one place in a word.

use std::ops::Range;

use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson;
use regex_automata::{Anchored, Input, MatchKind};

use super::anchor::{after, before};
use super::wanted::Found;
use crate::base::{Kind, Pattern, Shape, is_word};

/// Bytes of states that an automaton keeps; it makes states anew beyond it.
const CACHE: usize = 4 << 20;

/// Looks for what the expressions of some kinds match.
pub(super) struct Patterns {
    machine: Machine,
    work: Work,
}

struct Machine {
    kinds: Vec<(&'static Kind, &'static Pattern)>,
    /// Finds the next place.
    finder: Regex,
    /// Says what ends where.
    all: DFA,
    longest: usize,
}

/// What a search writes to.
struct Work {
    finder: meta::Cache,
    all: dfa::Cache,
    /// Where the longest match of each kind ends; 0 where there is none.
    ends: Vec<usize>,
}

impl Patterns {
    /// What looks for those of `kinds` that have an expression; `None` if none has.
    pub(super) fn of(kinds: &[&'static Kind]) -> Option<Self> {
        let machine = Machine::of(kinds)?;
        let work = machine.work();
        Some(Self { machine, work })
    }

    /// Bytes of a match, at most.
    pub(super) fn longest(&self) -> usize {
        self.machine.longest
    }

    /// Hands the canonical forms of what begins in `range` to `found`.
    pub(super) fn find(&mut self, text: &str, range: Range<usize>, found: Found<'_>) {
        self.machine.find(&mut self.work, text, range, found);
    }

    /// The same for kinds that have check digits, for now and then.
    pub(super) fn find_checked(&self, text: &str, range: Range<usize>, found: Found<'_>) {
        let mut work = self.machine.work();
        let found: Found<'_> = &mut |kind, variant, form, span| {
            if kind.definition().is_some_and(|own| own.check.is_some()) {
                found(kind, variant, form, span);
            }
        };
        self.machine.find(&mut work, text, range, found);
    }
}

impl Machine {
    fn of(kinds: &[&'static Kind]) -> Option<Self> {
        let of_pattern = |kind: &&'static Kind| match kind.shape {
            Shape::Pattern(pattern) => Some((*kind, pattern)),
            _ => None,
        };
        let kinds: Vec<_> = kinds.iter().filter_map(of_pattern).collect();
        let expressions: Vec<&str> = kinds
            .iter()
            .map(|(_, own)| own.expression.as_str())
            .collect();
        let longest = kinds.iter().map(|(_, own)| own.longest).max()?;
        // Each was made on its own, within limits, when its kind was. Were all of
        // them not to go together, their canaries would be missed, and the run failed.
        let finder = Regex::builder()
            .configure(
                Regex::config()
                    .nfa_size_limit(None)
                    .hybrid_cache_capacity(CACHE),
            )
            .build_many(&expressions)
            .ok()?;
        let all = DFA::builder()
            .configure(
                DFA::config()
                    .match_kind(MatchKind::All)
                    .cache_capacity(CACHE)
                    .skip_cache_capacity_check(true),
            )
            .thompson(thompson::Config::new().nfa_size_limit(None))
            .build_many(&expressions)
            .ok()?;
        Some(Self {
            kinds,
            finder,
            all,
            longest,
        })
    }

    fn work(&self) -> Work {
        Work {
            finder: self.finder.create_cache(),
            all: self.all.create_cache(),
            ends: vec![0; self.kinds.len()],
        }
    }

    fn find(&self, work: &mut Work, text: &str, range: Range<usize>, found: Found<'_>) {
        let end = range.end.min(text.len());
        let reach = end.saturating_add(self.longest).min(text.len());
        let mut at = range.start;
        while at < end {
            let input = Input::new(text).range(at..reach);
            let Some(place) = self.finder.search_with(&mut work.finder, &input) else {
                return;
            };
            let start = place.start();
            if start >= end {
                return;
            }
            if !is_within_word(text, start) {
                self.measure(work, text, start);
                self.give(work, text, start, found);
            }
            at = next_start(text, start);
        }
    }

    /// Finds where the matches that begin at `start` end.
    fn measure(&self, work: &mut Work, text: &str, start: usize) {
        work.ends.fill(0);
        let reach = start.saturating_add(self.longest).min(text.len());
        let input = Input::new(text).range(start..reach).anchored(Anchored::Yes);
        let Ok(mut state) = self.all.start_state_forward(&mut work.all, &input) else {
            return;
        };
        let bytes = text.as_bytes().get(start..reach).unwrap_or_default();
        // A match is known one byte behind its end.
        for (end, byte) in (start..).zip(bytes) {
            let Ok(next) = self.all.next_state(&mut work.all, state, *byte) else {
                return;
            };
            state = next;
            if state.is_match() {
                self.note(work, text, state, end);
            } else if state.is_dead() || state.is_quit() {
                return;
            }
        }
        if let Ok(state) = self.all.next_eoi_state(&mut work.all, state)
            && state.is_match()
        {
            self.note(work, text, state, reach);
        }
    }

    fn note(
        &self,
        work: &mut Work,
        text: &str,
        state: regex_automata::hybrid::LazyStateID,
        end: usize,
    ) {
        if is_within_word(text, end) {
            return;
        }
        for nth in 0..self.all.match_len(&work.all, state) {
            let kind = self.all.match_pattern(&work.all, state, nth).as_usize();
            if let Some(longest) = work.ends.get_mut(kind) {
                *longest = end;
            }
        }
    }

    fn give(&self, work: &Work, text: &str, start: usize, found: Found<'_>) {
        for ((kind, pattern), end) in self.kinds.iter().zip(&work.ends) {
            let Some(one) = text.get(start..*end).filter(|one| !one.is_empty()) else {
                continue;
            };
            // Unusable is no candidate, and no news.
            let _ = (pattern.form)(one, &mut |form, variant| {
                found(kind, variant, form, start..*end);
            });
        }
    }
}

/// Whether what stands before `at` and what stands at it are of one word.
fn is_within_word(text: &str, at: usize) -> bool {
    before(text, at).is_some_and(is_word) && after(text, at).is_some_and(is_word)
}

/// The first place behind `at` that is not within a word.
fn next_start(text: &str, at: usize) -> usize {
    let mut was_word = false;
    for (nth, c) in text.get(at..).unwrap_or_default().char_indices() {
        let is_word = is_word(c);
        if nth > 0 && !(was_word && is_word) {
            return at + nth;
        }
        was_word = is_word;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Definition, Family, Strength, Unusable, Variant};

    /// A kind whose canonical forms are the matches of `expression`.
    fn kind(name: &'static str, expression: &str, longest: usize) -> &'static Kind {
        let pattern: &'static Pattern = Box::leak(Box::new(Pattern {
            definition: Definition::new(name, expression),
            expression: expression.to_owned(),
            longest,
            is_one: Box::new(|_| true),
            form: Box::new(|text, emit| {
                emit(text, Variant::Exact);
                Ok(())
            }),
            sample: String::new(),
        }));
        Box::leak(Box::new(Kind {
            name,
            profile: 1,
            family: Family::Own,
            strength: Strength::Strong,
            canonical_form: "",
            check: "",
            source: "",
            example: "",
            headings: &[],
            shape: Shape::Pattern(pattern),
            space: None,
            rate: None,
            born: None,
            canonical: |_, _, _| Err(Unusable("not read")),
        }))
    }

    fn found(kinds: &[&'static Kind], text: &str, range: Range<usize>) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(mut patterns) = Patterns::of(kinds) {
            patterns.find(text, range, &mut |kind, _, form, _| {
                found.push(format!("{} {form}", kind.name));
            });
        }
        found
    }

    #[test]
    fn every_kind_finds_its_longest_match_at_a_place() {
        let kinds = [
            kind("a", "V-[0-9]{6}", 8),
            kind("b", "[A-Z]-[0-9]{1,8}", 10),
            kind("c", "V-1234|V-123456", 8),
        ];
        let text = "x V-123456, V-1234567 V-1234";
        assert_eq!(
            found(&kinds, text, 0..text.len()),
            [
                "a V-123456",
                "b V-123456",
                "c V-123456",
                "b V-1234567",
                "b V-1234",
                "c V-1234"
            ]
        );
        assert_eq!(found(&kinds, text, 3..12), [""; 0]);
        assert_eq!(found(&[], text, 0..text.len()), [""; 0]);
    }

    #[test]
    fn a_match_within_a_longer_word_is_none() {
        let kinds = [kind("a", "V-[0-9]{3}", 5), kind("b", "#[0-9]{3}", 4)];
        for text in ["xV-123", "äV-123", "V-1234", "V-123x", "V-123ä", "#1234"] {
            assert_eq!(found(&kinds, text, 0..text.len()), [""; 0], "{text}");
        }
        for text in ["_V-123_", "(V-123)", "ä V-123-4", "no.V-123."] {
            assert_eq!(found(&kinds, text, 0..text.len()), ["a V-123"], "{text}");
        }
        // A sign may stand behind a word.
        assert_eq!(found(&kinds, "no#123", 0..6), ["b #123"]);
    }

    #[test]
    fn matches_that_overlap_are_all_found() {
        let kinds = [kind("a", "[0-9]{2} [0-9]{2}", 5)];
        assert_eq!(found(&kinds, "11 22 33", 0..8), ["a 11 22", "a 22 33"]);
    }

    #[test]
    fn cutting_a_text_anywhere_finds_the_same() {
        let kinds = [kind("a", "V-[0-9]{2,4}", 6), kind("b", "[0-9 ]{3,7}", 7)];
        let text = "V-12 ä 34 567 V-1234 V-12 8 99999999 V-123";
        let all = found(&kinds, text, 0..text.len());
        assert!(all.len() > 6);
        for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let mut halves = found(&kinds, text, 0..cut);
            halves.extend(found(&kinds, text, cut..text.len()));
            assert_eq!(halves, all, "{cut}");
        }
    }
}
